"""Who is who from frame to frame, whatever the order in which the model names people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rom.landmarks import LandmarkSeries, Side
from rom.movements import movement_named
from rom.pose.estimator import PersonPose
from rom.pose.tracking import PersonTracker, colour_distance
from rom.subject import choose_subject
from tests.figures import Camera, film, frame_times, pose_figure
from tests.performances import PEAK_DEG, assess, codes, filmed, seen_deg

pytestmark = pytest.mark.usefixtures("curve_alone")

RED, BLUE = 2, 15
KNEE = movement_named("knee_flexion")
HERE = Camera(yaw_deg=65.0, middle_frac=(0.3, 0.5))
THERE = replace(HERE, middle_frac=(0.75, 0.5))


def colour_of(hue: int) -> np.ndarray:
    histogram = np.full(24, 0.01, np.float32)
    histogram[hue] = 1.0
    return histogram / histogram.sum()


def pose_at(series: LandmarkSeries, frame: int, hue: int) -> PersonPose:
    return PersonPose(
        xy_px=series.xy_px[frame],
        world_m=series.world_m[frame],
        visibility=series.visibility[frame],
        face_px=None,
        hand_px=None,
        colour=colour_of(hue),
    )


def tracked(
    people: list[tuple[LandmarkSeries, int]], *, order_seed: int | None = 0
) -> tuple[PersonTracker, list[LandmarkSeries]]:
    """Feed everybody seen in each frame, in a random order, and give back the people found."""
    random = np.random.default_rng(order_seed)
    tracker = PersonTracker()
    for frame, time_s in enumerate(people[0][0].time_s):
        poses = [pose_at(one, frame, hue) for one, hue in people if one.seen[frame]]
        if order_seed is not None:
            random.shuffle(poses)  # type: ignore[arg-type]
        tracker.add(float(time_s), poses)
    found = [tracker.series(t, width_px=1280, height_px=960) for t in tracker.people()]
    return tracker, found


def performer(camera: Camera = HERE) -> LandmarkSeries:
    return filmed("knee_flexion", Side.LEFT, camera=camera)


def standing(camera: Camera = THERE, seed: int = 1) -> LandmarkSeries:
    return film(pose_figure(performer().time_s, {}), camera, noise_px=1.0, seed=seed)


def walking_past(speed_px_s: float = 260.0, start_s: float = 1.0) -> LandmarkSeries:
    """Somebody of the same size who crosses the whole picture, over the performer."""
    walker = standing(replace(HERE, yaw_deg=90.0, middle_frac=(0.0, 0.5)), seed=2)
    xy_px = walker.xy_px.copy()
    xy_px[..., 0] += (1500.0 - speed_px_s * (walker.time_s - start_s))[:, None]
    middle = xy_px[..., 0].mean(axis=1)
    return replace(walker, xy_px=xy_px).masked((middle > 0.0) & (middle < 1280.0))


def test_one_person_is_one_track_without_doubt() -> None:
    series = performer()
    _, found = tracked([(series, RED)])
    assert len(found) == 1
    np.testing.assert_array_equal(found[0].xy_px, series.xy_px)
    assert found[0].identity_sure.all()
    assert found[0].people_count.tolist() == [1] * len(series)


def test_two_people_side_by_side_stay_two_whatever_the_order_in_each_frame() -> None:
    subject, other = performer(), standing()
    _, found = tracked([(subject, RED), (other, BLUE)])
    assert len(found) == 2
    for one in found:
        assert one.identity_sure.all()
        whose = subject if one.xy_px[0, 0, 0] < 640 else other
        np.testing.assert_array_equal(one.xy_px, whose.xy_px)
    assert (found[0].people_count == 2).all()


@pytest.mark.parametrize("hue", [BLUE, RED])
def test_somebody_who_walks_past_does_not_change_the_value(hue: int) -> None:
    """In clothes of another colour the crossing is followed; in the same, it is not trusted."""
    _, found = tracked([(performer(), RED), (walking_past(), hue)])
    chosen = choose_subject(found, [KNEE], Side.LEFT)
    assert isinstance(chosen, LandmarkSeries)
    result, _ = assess(chosen, "knee_flexion", Side.LEFT)
    if result.measured:
        expected = seen_deg("knee_flexion", Side.LEFT, PEAK_DEG["knee_flexion"], HERE)
        assert result.value_deg == pytest.approx(expected, abs=1.5)
    if hue == BLUE:
        assert result.measured
        assert len(result.counted) >= 2
    assert "several_people" in codes(result)


def test_frames_in_which_two_could_be_exchanged_count_for_neither() -> None:
    """The same clothes, the same size, the same place: nobody can tell who is who."""
    one, other = performer(), standing(replace(HERE, middle_frac=(0.31, 0.5)))
    _, found = tracked([(one, RED), (other, RED)])
    assert not any(series.identity_sure[10:].mean() > 0.1 for series in found[:2])
    chosen = choose_subject(found, [KNEE], Side.LEFT)
    if isinstance(chosen, LandmarkSeries):
        result, _ = assess(chosen, "knee_flexion", Side.LEFT)
        assert not result.measured


def test_different_clothes_tell_people_apart_in_the_same_place() -> None:
    one, other = performer(), standing(replace(HERE, middle_frac=(0.34, 0.5)))
    _, found = tracked([(one, RED), (other, BLUE)])
    assert len(found) == 2
    for series in found:
        whose = one if np.allclose(series.xy_px[0], one.xy_px[0]) else other
        np.testing.assert_array_equal(series.xy_px, whose.xy_px)


def test_a_person_lost_for_a_moment_is_the_same_person_again() -> None:
    series = performer()
    seen = np.ones(len(series), np.bool_)
    seen[60:75] = False
    _, found = tracked([(series.masked(seen), RED)])
    assert len(found) == 1
    assert found[0].seen.tolist() == seen.tolist()
    np.testing.assert_array_equal(found[0].xy_px[75:], series.xy_px[75:])


@pytest.mark.parametrize(("steps_trunks", "people"), [(0.65, 1), (1.2, 2)])
def test_a_lost_person_may_come_back_near_by_but_not_anywhere(
    steps_trunks: float, people: int
) -> None:
    series = performer()
    trunk_px = HERE.scale_px_m * 0.5
    xy_px = series.xy_px.copy()
    xy_px[75:, :, 0] += steps_trunks * trunk_px
    seen = np.ones(len(series), np.bool_)
    seen[60:75] = False
    _, found = tracked([(replace(series, xy_px=xy_px).masked(seen), RED)])
    assert len(found) == people


def test_somebody_else_in_the_same_place_is_somebody_else() -> None:
    """One leaves, and another in other clothes takes their place."""
    series = performer()
    first, second = np.arange(len(series)) < 80, np.arange(len(series)) > 110
    tracker, found = tracked([(series.masked(first), RED), (series.masked(second), BLUE)])
    assert len(found) == 2
    assert found[0].seen.sum() + found[1].seen.sum() == first.sum() + second.sum()
    assert not (found[0].seen & found[1].seen).any()


def test_somebody_who_appears_far_away_is_not_the_one_who_was_lost() -> None:
    here, there = performer(), standing()
    gone, come = np.arange(len(here)) < 100, np.arange(len(here)) >= 100
    _, found = tracked([(here.masked(gone), RED), (there.masked(come), RED)])
    assert len(found) == 2


def test_an_empty_recording_has_nobody() -> None:
    tracker = PersonTracker()
    for time_s in frame_times(1.0, 20.0):
        tracker.add(float(time_s), [])
    assert tracker.people() == []
    assert PersonTracker().people() == []


def test_colours_are_compared_from_equal_to_nothing_in_common() -> None:
    assert colour_distance(colour_of(RED), colour_of(RED)) == pytest.approx(0.0, abs=1e-3)
    assert colour_distance(colour_of(RED), colour_of(BLUE)) > 0.6
    assert colour_distance(np.zeros(24), colour_of(RED)) == 0.0, "unknown is not different"
