"""Make the golden files again, to be looked at with `git diff` before they are committed.

python -m tests.golden              what is assessed from the stored landmarks (seconds)
python -m tests.golden --landmarks  also the landmarks, from sample_videos/ (minutes, pose model)
"""

from __future__ import annotations

import argparse
from pathlib import Path

from rom.landmarks import LandmarkSeries
from rom.movements import Extra, movement_named
from rom.pipeline import estimate_poses
from rom.pose.model import ensure_model
from rom.subject import choose_subject
from rom.video.reading import open_video
from tests.golden.storage import CLIPS, landmarks_path, write_expected, write_landmarks

SAMPLES = Path(__file__).parents[2] / "sample_videos"


def store_landmarks(clip: str) -> None:
    """Estimate the poses of a sample clip and keep those of the one who performs."""
    name, sides = CLIPS[clip]
    movement = movement_named(name)
    model = ensure_model(extras=movement.extra is not Extra.NONE)
    with open_video(SAMPLES / f"{clip}.mp4") as reader:
        poses = estimate_poses(reader, model, movement)
    subject = choose_subject(poses.people, [movement], sides[0])
    if not isinstance(subject, LandmarkSeries):
        raise SystemExit(f"{clip}: {subject.message}")
    write_landmarks(landmarks_path(clip), subject)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description=__doc__)
    parser.add_argument("--landmarks", action="store_true", help="estimate the poses again too")
    arguments = parser.parse_args()
    for clip in CLIPS:
        if arguments.landmarks:
            store_landmarks(clip)
        write_expected(clip)


if __name__ == "__main__":
    main()
