"""A calibrated camera in an assessment: what is measured, what is noted, where it is drawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from camera_builders import LENS
from hypothesis import given
from hypothesis import strategies as st

from rom.camera.storage import CONFIG_ENV, Camera, write_camera
from rom.landmarks import LandmarkSeries, Side
from rom.movements import movement_named
from rom.pipeline import (
    AssessmentRequest,
    Damage,
    Outcome,
    Poses,
    assess_poses,
    straightening_for,
)
from rom.pose.model import PoseModel
from rom.video.reading import VideoInfo
from tests.figures import Camera as FigureCamera
from tests.performances import filmed, recommended_camera

pytestmark = pytest.mark.usefixtures("curve_alone")

MODEL = PoseModel(name="full", path=Path("full.task"), sha256="0" * 64)
BARREL = replace(LENS, height_px=960, cy_px=470.0)
REQUEST = AssessmentRequest(
    video=Path("clip.mp4"), movement="ankle_dorsiflexion_lunge", side=Side.LEFT
)


@pytest.fixture
def barrel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a calibrated camera."""
    monkeypatch.setenv(CONFIG_ENV, str(tmp_path))
    camera = Camera(
        name="barrel",
        intrinsics=BARREL,
        rms_px=0.2,
        views=20,
        covered_frac=0.9,
        calibrated_on="2030-01-31",
    )
    write_camera(camera, force=False)
    return camera.name


def lunge(**camera: object) -> LandmarkSeries:
    """A movement that is read against the vertical, so that a rolled camera matters."""
    movement = movement_named(REQUEST.movement)
    view: FigureCamera = recommended_camera(movement, Side.LEFT, **camera)
    return filmed(movement.name, Side.LEFT, camera=view, noise_px=0.0)


def measured(series: LandmarkSeries, request: AssessmentRequest) -> Outcome:
    """Assess landmarks as those of a recording."""
    info = VideoInfo(
        path=request.video,
        width_px=series.width_px,
        height_px=series.height_px,
        coded_width_px=series.width_px,
        coded_height_px=series.height_px,
        rotation_deg=0,
        codec="h264",
        container="mp4",
        frame_rate_hz=20.0,
        duration_s=None,
        frame_count_estimate=None,
    )
    poses = Poses([series], info, len(series), 20.0, Damage(
        skipped_frames=0, smeared_frames=0, missing_s=0.0
    ))  # fmt: skip
    return assess_poses(request, poses, MODEL, straightening_for(request, info))


@given(roll_deg=st.floats(-12.0, 12.0), mirrored=st.booleans())
def test_a_rolled_camera_reads_as_a_level_one(roll_deg: float, mirrored: bool) -> None:
    true_deg = measured(lunge(), REQUEST).assessments[0].value_deg
    series = lunge(roll_deg=roll_deg)
    lean_deg = -roll_deg if mirrored else roll_deg  # as it looks in the recording
    request = replace(REQUEST, mirrored=mirrored, camera_tilt_deg=lean_deg)
    outcome = measured(series.mirrored() if mirrored else series, request)
    assert outcome.assessments[0].value_deg == pytest.approx(true_deg, abs=0.01)


def test_a_lens_is_taken_out_and_noted(barrel: str) -> None:
    ideal = lunge(middle_frac=(0.8, 0.5))
    bent = replace(ideal, xy_px=BARREL.distorted_px(ideal.xy_px))
    true, without = measured(ideal, REQUEST), measured(bent, REQUEST)
    outcome = measured(bent, replace(REQUEST, camera=barrel.upper(), camera_tilt_deg=0.0))
    (assessment,) = outcome.assessments
    assert assessment.value_deg == pytest.approx(true.assessments[0].value_deg, abs=0.05)
    assert without.assessments[0].value_deg != pytest.approx(assessment.value_deg, abs=0.3)
    plain = without.assessments[0].provenance.correction
    assert assessment.provenance.correction == f"{plain}+camera:barrel/2030-01-31"


def test_the_drawing_lies_on_what_was_filmed(barrel: str) -> None:
    series = lunge(roll_deg=6.0)
    outcome = measured(series, replace(REQUEST, camera=barrel, camera_tilt_deg=6.0))
    plain = measured(series, REQUEST)
    np.testing.assert_allclose(
        outcome.as_filmed().traces[0].series.xy_px, plain.traces[0].series.xy_px, atol=0.01
    )
    assert plain.as_filmed() is plain
