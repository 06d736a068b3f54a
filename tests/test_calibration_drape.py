"""Loose clothes stand off the body, lie on what faces upwards, and leave tight ones alone."""

from __future__ import annotations

import numpy as np
import pytest
from calibration_builders import WITHOUT_BODIES, WITHOUT_RENDERER

pytest.importorskip("moderngl", reason=WITHOUT_RENDERER)

from calibration.bodies import default_bodies_path, read_bodies
from calibration.drape import drape, slack_m
from calibration.looks import Look, cover_m
from calibration.render import vertex_normals

pytestmark = [
    pytest.mark.bench,
    pytest.mark.skipif(not default_bodies_path().exists(), reason=WITHOUT_BODIES),
]


@pytest.fixture(scope="module")
def body():
    return read_bodies()["anna"]


def test_tight_clothes_have_no_slack(body):
    assert not slack_m(body, Look()).any()


@pytest.mark.parametrize("looseness_m", [0.02, 0.06])
def test_slack_is_about_what_was_asked_for_and_only_on_clothes(body, looseness_m):
    look = Look(looseness_m=looseness_m)
    slack, cover = slack_m(body, look), cover_m(body, look)
    suit = np.unique(body.mesh.parts["suit"])
    worn = suit[(cover[suit, :2].max(axis=1) > 0.0) & (cover[suit, 2] < -0.02)]
    assert slack.min() >= 0.0
    assert 0.5 * looseness_m < np.median(slack[worn]) < 2.0 * looseness_m
    assert not slack[body.mesh.parts["skin"]].any()
    assert not slack[cover[:, 2] > 0.0].any()


def test_slack_grows_from_shoulder_to_hem(body):
    look = Look(looseness_m=0.04)
    slack, height_m = slack_m(body, look), body.vertices_m[:, 2]
    on_shirt = (slack > 0.0) & (cover_m(body, look)[:, 0] > 0.0)
    hem_m, collar_m = np.quantile(height_m[on_shirt], [0.15, 0.85])
    at_hem, at_collar = slack[on_shirt & (height_m < hem_m)], slack[height_m > collar_m]
    assert at_hem.mean() > 1.5 * at_collar[at_collar > 0.0].mean()


def test_cloth_lies_on_top_and_hangs_beneath(body):
    slack = slack_m(body, Look(looseness_m=0.05))
    normals = vertex_normals(body, body.vertices_m)
    moved_m = np.linalg.norm(drape(body.vertices_m, normals, slack) - body.vertices_m, axis=1)
    loose = slack > 0.01
    up, down = loose & (normals[:, 2] > 0.8), loose & (normals[:, 2] < -0.2)
    assert (moved_m[up] / slack[up]).max() < 0.4
    assert (moved_m[down] / slack[down]).min() > 0.99
