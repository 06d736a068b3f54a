"""How long a recording is, told from its packets: browsers write no duration."""

from __future__ import annotations

from pathlib import Path

from av.error import FFmpegError

from rom.errors import InputError
from rom.video.decoding import find_video_stream, open_container, open_file
from rom.video.paths import shown


def recording_length_s(path: Path) -> float:
    """Return the time between the first and the last picture; nothing is decoded.

    Raises
    ------
    InputError
        If it is no video, or holds no two pictures.
    """
    with open_file(path) as file, open_container(file, path) as container:
        stream = find_video_stream(container, path, strict=False)
        base_s = float(stream.time_base or 0)
        times_s = []
        try:
            for packet in container.demux(stream):
                if packet.size and packet.pts is not None:
                    times_s.append(packet.pts * base_s)
        except (FFmpegError, OSError):
            pass  # cut short: what came counts
    if len(times_s) < 2:
        raise InputError(
            f"Expected a video, but {shown(path)} holds less than two pictures; record again."
        )
    return max(times_s) - min(times_s)
