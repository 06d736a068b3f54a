"""Long hair leaves the face free, stays outside the body and hangs down when the head tilts."""

from __future__ import annotations

import numpy as np
import pytest
from calibration_builders import WITHOUT_BODIES, WITHOUT_RENDERER

pytest.importorskip("moderngl", reason=WITHOUT_RENDERER)

from calibration.bodies import default_bodies_path, read_bodies
from calibration.hair import grow_long_hair
from calibration.posing import Posture, pose_body
from calibration.render import vertex_normals

pytestmark = [
    pytest.mark.bench,
    pytest.mark.skipif(not default_bodies_path().exists(), reason=WITHOUT_BODIES),
]


@pytest.fixture(scope="module")
def body():
    return read_bodies()["anna"]


def _hang(body, posture):
    posed = pose_body(body, posture)
    vertices = posed.skin()
    return grow_long_hair(body).hang(posed, vertices, vertex_normals(body, vertices))


def test_hair_covers_the_ears_and_leaves_the_face_free(body):
    strands = _hang(body, Posture())
    eyes = (body.head_of("eye.L") + body.head_of("eye.R")) / 2.0
    at_face = np.abs(strands[:, 2] - eyes[2]) < 0.10
    before = strands[at_face, 1] < eyes[1] + 0.03
    assert np.abs(strands[at_face][before, 0]).min(initial=1.0) > 0.06
    assert np.abs(strands[at_face, 0]).max() > 0.085
    assert eyes[2] - strands[:, 2].min() == pytest.approx(0.30, abs=0.04)


@pytest.mark.parametrize("tilt_deg", [-35.0, 35.0])
def test_tips_hang_below_a_tilted_head(body, tilt_deg):
    straight = _hang(body, Posture())
    tilted = _hang(body, Posture(neck_lateral_deg=tilt_deg))
    hair = grow_long_hair(body)
    tips, ears = hair.hanging_frac == 1.0, hair.hanging_frac == 0.0
    assert not ears[tips].any()
    assert np.linalg.norm(tilted[ears] - straight[ears], axis=1).max() > 0.05
    run_m = np.linalg.norm(np.diff(tilted.reshape(36, 49, 3)[:, :, :2], axis=0), axis=2)
    fall_m = -np.diff(tilted.reshape(36, 49, 3)[:, :, 2], axis=0)
    assert np.median(fall_m[-15:]) > 2.0 * np.median(run_m[-15:])
