"""Pictures that a browser sends, and the length of what it recorded."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rom.errors import InputError
from rom.samples import demo_videos
from rom.video.encoding import jpeg_bytes
from rom.video.jpeg import MAX_SIDE_PX, decode_jpeg, jpeg_size_px
from rom.video.length import recording_length_s
from rom.video.reading import open_video

SIDES = st.integers(1, 300)


def claimed(data: bytes, width_px: int, height_px: int) -> bytes:
    """The JPEG with another size in its header."""
    real = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR).shape
    before = real[0].to_bytes(2) + real[1].to_bytes(2)
    after = height_px.to_bytes(2) + width_px.to_bytes(2)
    assert data.count(before) == 1
    return data.replace(before, after)


@given(SIDES, SIDES)
@settings(max_examples=30, deadline=None)
def test_the_size_is_read_without_decoding(width_px: int, height_px: int) -> None:
    data = jpeg_bytes(np.full((height_px, width_px, 3), 90, np.uint8))
    assert jpeg_size_px(data) == (width_px, height_px)


def test_colours_keep_their_places() -> None:
    red = np.zeros((48, 64, 3), np.uint8)
    red[..., 0] = 250
    mean = decode_jpeg(jpeg_bytes(red)).mean(axis=(0, 1))
    assert mean[0] > 230 and mean[1:].max() < 20


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n" + bytes(64)])
def test_what_is_no_jpeg_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="JPEG"):
        decode_jpeg(data)


@given(st.binary(max_size=200))
def test_no_bytes_crash_it(data: bytes) -> None:
    with pytest.raises(InputError):
        decode_jpeg(b"\xff\xd8\xff" + data)


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_decoded() -> None:
    data = claimed(jpeg_bytes(np.full((33, 47, 3), 90, np.uint8)), 65500, 65500)
    with pytest.raises(InputError, match=f"at most {MAX_SIDE_PX} pixels"):
        decode_jpeg(data)


def test_the_length_is_that_of_the_frames() -> None:
    video = demo_videos()[0]
    with open_video(video) as reader:
        last_s = max(frame.time_s for frame in reader)
    assert recording_length_s(video) == pytest.approx(last_s, abs=0.02)


def test_what_is_no_video_has_no_length(tmp_path: Path) -> None:
    path = tmp_path / "clip.webm"
    path.write_bytes(b"not a video")
    with pytest.raises(InputError):
        recording_length_s(path)
