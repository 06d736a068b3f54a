"""The least that such a program has to do: decode, and ask MediaPipe for the pose.

`python -m benchmarks.bare_loop VIDEO MODE PEOPLE MAX_SIDE_PX`
"""

from __future__ import annotations

import os
import sys

from rom.pose.model import ensure_model
from rom.pose.native import silenced_native_logs


def run(video: str, mode: str, people: int, max_side_px: int) -> int:
    """Estimate the poses of every frame; return the number of frames."""
    import av
    import mediapipe as mp
    from mediapipe.tasks.python import BaseOptions, vision

    # MediaPipe would report its use over the network; a proxy that leads nowhere keeps it here.
    os.putenv("https_proxy", "http://127.0.0.1:9")
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(ensure_model().path)),
        running_mode=vision.RunningMode[mode],
        num_poses=people,
    )
    frames = 0
    with silenced_native_logs():
        landmarker = vision.PoseLandmarker.create_from_options(options)
    with landmarker, av.open(video) as container:
        container.streams.video[0].thread_type = "AUTO"
        for frame in container.decode(video=0):
            scale = min(1.0, max_side_px / max(frame.width, frame.height))
            small = frame.reformat(
                width=round(frame.width * scale), height=round(frame.height * scale), format="rgb24"
            )
            image = mp.Image(image_format=mp.ImageFormat.SRGB, data=small.to_ndarray())
            if mode == "IMAGE":
                landmarker.detect(image)
            else:
                landmarker.detect_for_video(image, round(frame.time * 1000))
            frames += 1
    return frames


if __name__ == "__main__":
    print(run(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
