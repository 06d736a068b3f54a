"""A dark picture is told from a picture of dark things, and a recording in it carries a warning."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from video_builders import write_clip

from rom.landmarks import Side
from rom.pipeline import AssessmentRequest, assess_recording
from rom.quality.limits import limits
from rom.video.exposure import lit_level
from rom.video.reading import open_video

SAMPLE = Path(__file__).parent.parent / "sample_videos" / "elbow_flexion_left.mp4"
WARNING = limits()["picture_dark"].warning or np.nan


def test_a_lit_corner_is_enough() -> None:
    picture = np.full((480, 640, 3), 20, np.uint8)
    assert lit_level(picture) < WARNING
    picture[:200, :200] = 200
    assert lit_level(picture) > WARNING


@pytest.mark.parametrize("size", [(480, 640), (1080, 1920), (37, 21)])
def test_grey_is_its_own_level_whatever_the_size(size: tuple[int, int]) -> None:
    assert lit_level(np.full((*size, 3), 77, np.uint8)) == pytest.approx(77.0)


def test_the_samples_are_lit() -> None:
    with open_video(SAMPLE) as reader:
        assert lit_level(next(iter(reader)).rgb) > WARNING


@pytest.mark.long
def test_the_same_recording_in_the_dark_carries_a_warning(tmp_path: Path) -> None:
    with open_video(SAMPLE) as reader:
        frames = list(reader)
    height_px, width_px = frames[0].rgb.shape[:2]
    dark = write_clip(
        tmp_path / "dark.mp4",
        times_s=[frame.time_s for frame in frames],
        size_px=(width_px, height_px),
        picture=lambda index, *_: (frames[index].rgb * 0.45).astype(np.uint8),
    )
    codes = {}
    for clip in (SAMPLE, dark):
        outcome = assess_recording(
            AssessmentRequest(video=clip, movement="elbow_flexion", side=Side.LEFT)
        )
        codes[clip] = {issue.code for issue in outcome.assessments[0].issues}
    assert "picture_dark" in codes[dark] and "picture_dark" not in codes[SAMPLE]
