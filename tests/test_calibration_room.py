"""Clutter keeps clear of the person and repeats itself; a mirror reflects about its pane."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.clutter import scatter
from calibration.mirror import hang_mirror
from calibration.room import Room, build_room


@pytest.mark.parametrize("seed", range(20))
def test_clutter_keeps_clear_of_the_person_and_of_the_view(seed):
    boxes = scatter(Room(clutter_pieces=12, seed=seed))
    assert len(boxes) >= 12
    for box in boxes:
        low, high = np.array(box.low_m), np.array(box.high_m)
        assert (high > low).all()
        aside_m = max(low[0], -high[0])
        assert aside_m >= 0.7 or low[1] > 0.6


def test_clutter_follows_the_seed_and_leaves_the_furniture_alone():
    assert scatter(Room(clutter_pieces=5, seed=4)) == scatter(Room(clutter_pieces=5, seed=4))
    assert scatter(Room(clutter_pieces=5, seed=4)) != scatter(Room(clutter_pieces=5, seed=5))
    assert scatter(Room()) == []
    assert np.array_equal(build_room(Room()), build_room(Room(clutter_pieces=9)))


def test_reflection_is_its_own_inverse_and_keeps_the_pane():
    mirror = hang_mirror(Room())
    reflection = mirror.reflection()
    assert np.allclose(reflection @ reflection, np.eye(4))
    assert np.linalg.det(reflection) == pytest.approx(-1.0)
    for corner in mirror.corners():
        assert np.allclose(mirror.reflected(corner), corner)


def test_a_camera_in_front_sees_the_person_in_the_mirror_but_not_the_wall():
    mirror = hang_mirror(Room())
    planes = mirror.clip_planes(np.array([0.0, -3.1, 1.15]))
    assert (planes @ [0.0, 0.0, 1.2, 1.0] > 0.0).all()
    assert not (planes @ [0.0, 1.9, 1.2, 1.0] > 0.0).all()
    assert not (planes @ [2.4, 0.0, 1.2, 1.0] > 0.0).all()
