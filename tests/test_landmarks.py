"""The landmark series: what it refuses, what it masks, and what its mirror image is."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from rom.landmarks import (
    MIRRORED_FACE_ORDER,
    MIRRORED_ORDER,
    FacePoint,
    Landmark,
    LandmarkSeries,
    Side,
    sided,
)
from tests.figures import Camera
from tests.performances import filmed

FRAMES = 4


def series_of(**changes: object) -> LandmarkSeries:
    values: dict[str, object] = {
        "time_s": np.arange(FRAMES) / 30.0,
        "xy_px": np.zeros((FRAMES, 33, 2)),
        "world_m": np.zeros((FRAMES, 33, 3)),
        "visibility": np.ones((FRAMES, 33)),
        "width_px": 640,
        "height_px": 480,
    }
    return LandmarkSeries(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("xy_px", np.zeros((FRAMES, 33, 3))),
        ("xy_px", np.zeros((FRAMES + 1, 33, 2))),
        ("world_m", np.zeros((FRAMES, 33, 2))),
        ("visibility", np.zeros((FRAMES, 32))),
        ("people_count", np.zeros(FRAMES - 1, np.int64)),
        ("identity_sure", np.ones(FRAMES + 2, np.bool_)),
        ("face_px", np.zeros((FRAMES, 468, 3), np.float32)),
        ("hand_px", np.zeros((FRAMES, 21, 2), np.float32)),
    ],
)
def test_arrays_of_another_shape_are_refused_by_name(name: str, value: np.ndarray) -> None:
    with pytest.raises(ValueError, match=name):
        series_of(**{name: value})


@pytest.mark.parametrize("times", [[0.0, 0.1, 0.1, 0.2], [0.0, 0.2, 0.1, 0.3]])
def test_times_that_do_not_increase_are_refused(times: list[float]) -> None:
    with pytest.raises(ValueError, match="increasing"):
        series_of(time_s=np.array(times))


def test_no_frames_and_one_frame_are_series_without_a_frame_rate() -> None:
    none = series_of(
        time_s=np.zeros(0),
        xy_px=np.zeros((0, 33, 2)),
        world_m=np.zeros((0, 33, 3)),
        visibility=np.zeros((0, 33)),
    )
    assert len(none) == 0
    assert np.isnan(none.frame_rate_hz)
    assert none.seen.shape == (0,)
    assert none.mirrored().xy_px.shape == (0, 33, 2)


def test_frame_rate_is_that_of_the_times() -> None:
    assert series_of(time_s=np.arange(FRAMES) / 25.0).frame_rate_hz == pytest.approx(25.0)


def test_people_are_counted_from_what_was_seen_where_nobody_says() -> None:
    xy_px = np.zeros((FRAMES, 33, 2))
    xy_px[1] = np.nan
    series = series_of(xy_px=xy_px)
    assert series.people_count.tolist() == [1, 0, 1, 1]
    assert series.seen.tolist() == [True, False, True, True]


def test_masked_frames_count_as_not_seen_and_leave_the_others_alone() -> None:
    series = filmed("knee_flexion", Side.LEFT)
    keep = np.arange(len(series)) % 3 != 0
    masked = series.masked(keep)
    assert masked.seen.tolist() == keep.tolist()
    np.testing.assert_array_equal(masked.xy_px[keep], series.xy_px[keep])
    assert np.isnan(masked.world_m[~keep]).all()
    assert (masked.visibility[~keep] == 0.0).all()
    assert series.seen.all(), "the original must not change"


@pytest.mark.parametrize("order", [MIRRORED_ORDER, MIRRORED_FACE_ORDER])
def test_partners_are_partners_of_each_other(order: list[int]) -> None:
    assert [order[order[index]] for index in range(len(order))] == list(range(len(order)))


def test_the_partner_of_a_left_point_is_the_right_one_and_the_middle_is_its_own() -> None:
    for points, order in ((Landmark, MIRRORED_ORDER), (FacePoint, MIRRORED_FACE_ORDER)):
        for point in points:
            partner = points(order[point]).name
            if "LEFT" in point.name:
                assert partner == point.name.replace("LEFT", "RIGHT")
            elif "RIGHT" not in point.name:
                assert partner == point.name


def test_mirrored_twice_is_the_recording_itself() -> None:
    series = filmed("shoulder_abduction", Side.LEFT, noise_px=2.0)
    twice = series.mirrored().mirrored()
    for field in fields(series):
        before, after = getattr(series, field.name), getattr(twice, field.name)
        np.testing.assert_allclose(after, before, atol=1e-3, err_msg=field.name)


def test_a_mirror_image_shows_the_other_hand_on_the_other_side_of_the_picture() -> None:
    series = filmed("shoulder_abduction", Side.LEFT, noise_px=0.0)
    image = series.mirrored()
    left, right = series.side_px("wrist", Side.LEFT), image.side_px("wrist", Side.RIGHT)
    np.testing.assert_allclose(right[:, 0], series.width_px - left[:, 0])
    np.testing.assert_allclose(right[:, 1], left[:, 1])
    assert image.hand_px is not None and series.hand_px is not None
    np.testing.assert_allclose(
        image.hand_px[:, 1, :, 0], series.width_px - series.hand_px[:, 0, :, 0], rtol=1e-5
    )


def test_middle_and_sides_name_the_points_of_the_person() -> None:
    series = filmed("hip_abduction", Side.LEFT, camera=Camera(yaw_deg=0.0), noise_px=0.0)
    left, right = series.side_px("hip", Side.LEFT), series.side_px("hip", Side.RIGHT)
    assert (left[:, 0] > right[:, 0]).all(), "facing the camera, left is on the right"
    np.testing.assert_allclose(series.middle_px("hip"), 0.5 * (left + right))
    assert sided("mouth", Side.RIGHT) is Landmark.MOUTH_RIGHT
    assert sided("foot_index", Side.LEFT) is Landmark.LEFT_FOOT_INDEX
