"""Composed sets: the landmarks of the stills, at the times at which the truth is as planned."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from calibration_builders import planned, stick_stills
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.compose import (
    Recording,
    acting_sides,
    compose_set,
    draw_course,
    interpolate,
    positions,
    reachable_deg,
)
from calibration.noise import Jitter
from calibration.series import STILLS
from calibration.stock import Stills
from rom.landmarks import MIRRORED_ORDER, FloatArray, LandmarkSeries, Side
from rom.quality.sides import LEG

SWAY_DEG = 0.3
PLACES = np.arange(float(STILLS))
PARTNERS = [MIRRORED_ORDER[index] for index in LEG]


def elbow() -> Stills:
    return stick_stills(planned("plain", "elbow_flexion"))


def between(stills: Stills, places: FloatArray) -> LandmarkSeries:
    return interpolate(stills, places, np.arange(len(places)) / 30.0)


def recording(*peaks_deg: float, **changes: object) -> Recording:
    given = {"peaks_deg": peaks_deg, "start_deg": 10.0, "seed": 4} | changes
    return Recording(**given)  # type: ignore[arg-type]


def exchanged(stills: Stills, *rows: int) -> Stills:
    """The same stills with the legs named the wrong way round in some."""
    marked = np.isin(np.arange(STILLS), rows)
    changed = {"xy_px": stills.xy_px, "world_m": stills.world_m, "visibility": stills.visibility}
    for name, values in changed.items():
        changed[name] = values.copy()
        changed[name][np.ix_(rows, LEG)] = values[np.ix_(rows, PARTNERS)]
    return replace(stills, legs_exchanged=marked, **changed)


def test_the_truth_is_the_planned_one() -> None:
    peaks_deg = (120.0, 90.0, 105.0)
    composed = compose_set(elbow(), Side.LEFT, recording(*peaks_deg))
    truth_deg = composed.truth_deg
    assert len(truth_deg) == len(composed.series)
    assert truth_deg[0] == pytest.approx(10.0, abs=SWAY_DEG)
    assert truth_deg[-1] == pytest.approx(10.0, abs=SWAY_DEG)
    moving = np.flatnonzero(np.diff((truth_deg > 40.0).astype(int)))
    found = [truth_deg[on:off].max() for on, off in moving.reshape(-1, 2)]
    assert found == pytest.approx(peaks_deg, abs=SWAY_DEG)
    assert composed.side is not None


def test_landmarks_at_a_still_are_those_of_the_still() -> None:
    for movement in ("elbow_flexion", "cervical_rotation", "wrist_flexion"):
        stills = stick_stills(planned("plain", movement))
        series = between(stills, PLACES)
        assert series.xy_px == pytest.approx(stills.xy_px)
        assert series.world_m == pytest.approx(stills.world_m)
        assert series.visibility == pytest.approx(stills.visibility)
        if stills.face_px is not None:
            assert series.face_px == pytest.approx(stills.face_px, abs=1e-3)
        if stills.hand_px is not None:
            assert series.hand_px == pytest.approx(stills.hand_px, abs=1e-3)


def test_landmarks_at_a_peak_are_those_of_the_still_with_that_truth() -> None:
    stills, still = elbow(), 5
    peak_deg = float(stills.truth_deg[still])
    composed = compose_set(stills, Side.LEFT, recording(peak_deg, peak_deg))
    held = composed.truth_deg >= peak_deg - SWAY_DEG
    assert held.sum() > 20
    apart_px = np.abs(composed.series.xy_px[held] - stills.xy_px[still])
    assert apart_px.max() < 0.5
    assert np.abs(composed.series.xy_px[~held] - stills.xy_px[still]).max() > 20.0


def test_between_stills_landmarks_go_along_the_arc_and_not_the_chord() -> None:
    stills = elbow()
    middle = positions(stills, Side.LEFT, np.array([stills.truth_deg[3:5].mean()]))
    true = stick_stills(stills.plan, shown_deg=np.full(STILLS, stills.truth_deg[3:5].mean())).xy_px[
        0
    ]
    chord_px = np.abs(0.5 * (stills.xy_px[3] + stills.xy_px[4]) - true).max()
    course_px = np.abs(between(stills, middle).xy_px[0] - true).max()
    assert course_px < 0.3 * chord_px


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=20))
def test_a_wanted_truth_is_found_wherever_it_lies(parts: list[float]) -> None:
    stills = elbow()
    low_deg, high_deg = reachable_deg(stills, Side.LEFT)
    wanted_deg = low_deg + np.array(parts) * (high_deg - low_deg)
    there = positions(stills, Side.LEFT, wanted_deg)
    assert np.interp(there, PLACES, stills.truth_deg) == pytest.approx(wanted_deg)


def test_either_direction_of_a_movement_to_both_sides_can_be_read() -> None:
    stills = stick_stills(planned("plain", "trunk_lateral_flexion"))
    stills = replace(stills, truth_deg=np.linspace(-40.0, 56.0, STILLS))
    assert acting_sides(stills) == (Side.LEFT, Side.RIGHT)
    assert reachable_deg(stills, Side.LEFT) == (-40.0, 56.0)
    assert reachable_deg(stills, Side.RIGHT) == (-56.0, 40.0)
    composed = compose_set(stills, Side.RIGHT, recording(30.0, start_deg=0.0))
    assert composed.side is Side.RIGHT
    assert composed.truth_deg.max() == pytest.approx(30.0, abs=SWAY_DEG)
    peak = int(composed.truth_deg.argmax())
    lean_px = composed.series.middle_px("shoulder") - composed.series.middle_px("hip")
    assert lean_px[peak, 0] < lean_px[0, 0]  # seen from the front, right is on the picture's left


def test_a_limb_is_read_on_its_own_side_and_a_bow_on_none() -> None:
    plan = planned("plain", "elbow_flexion")
    assert acting_sides(stick_stills(plan)) == (Side(plan.side),)
    bow = stick_stills(planned("plain", "trunk_flexion_with_hips"))
    assert compose_set(bow, Side.LEFT, recording(60.0)).side is None


@pytest.mark.parametrize(("peak_deg", "start_deg"), [(150.0, 10.0), (100.0, 0.0)])
def test_what_was_never_rendered_is_not_made_up(peak_deg: float, start_deg: float) -> None:
    with pytest.raises(ValueError, match="expected angles within 4 to 148° in elbow_flexion-tune"):
        compose_set(elbow(), Side.LEFT, recording(peak_deg, start_deg=start_deg))


def test_exchanged_legs_jump_and_never_blend() -> None:
    straight = stick_stills(planned("plain", "knee_flexion"))
    stills = exchanged(straight, 4)
    places = np.linspace(0.0, STILLS - 1.0, 33)
    found, expected = between(stills, places), between(straight, places)
    around = np.round(places) == 4
    assert around.sum() >= 3
    for name in ("xy_px", "world_m", "visibility"):
        seen, true = getattr(found, name), getattr(expected, name)
        assert seen[~around] == pytest.approx(true[~around])
        assert seen[np.ix_(around, LEG)] == pytest.approx(true[np.ix_(around, PARTNERS)])
    assert np.abs(found.xy_px[around] - expected.xy_px[around]).max() > 10.0


@pytest.mark.parametrize("missing", [0, 4, STILLS - 1])
def test_nobody_is_seen_around_a_still_in_which_nobody_was_found(missing: int) -> None:
    stills = elbow()
    xy_px = stills.xy_px.copy()
    xy_px[missing] = np.nan
    places = np.linspace(0.0, STILLS - 1.0, 81)
    series = between(replace(stills, xy_px=xy_px), places)
    lost = np.round(places) == missing
    assert np.isnan(series.xy_px[lost]).all()
    assert not series.visibility[lost].any()
    assert np.isfinite(series.xy_px[~lost]).all()
    assert (series.visibility[~lost] > 0.0).any()


def test_two_stills_make_no_course() -> None:
    stills = elbow()
    xy_px = stills.xy_px.copy()
    xy_px[2:] = np.nan
    assert np.isnan(between(replace(stills, xy_px=xy_px), PLACES).xy_px).all()


@given(
    rate_hz=st.sampled_from([15.0, 24.0, 30.0, 60.0]),
    speed=st.floats(0.7, 2.0),
    pause_s=st.sampled_from([0.0, 0.8]),
    seed=st.integers(0, 99),
)
@settings(max_examples=25, deadline=None)
def test_frames_follow_the_clock_and_angles_the_plan(rate_hz, speed, pause_s, seed) -> None:
    asked = recording(100.0, 80.0, frame_rate_hz=rate_hz, speed=speed, pause_s=pause_s, seed=seed)
    time_s, truth_deg = draw_course(asked, np.random.default_rng(seed))
    steps_s = np.diff(time_s)
    assert time_s[0] == 0.0
    assert (steps_s > 0.0).all()
    assert np.median(steps_s) == pytest.approx(1.0 / rate_hz, rel=0.02)
    assert truth_deg.max() <= 100.0 + SWAY_DEG
    assert truth_deg.max() == pytest.approx(100.0, abs=2.0 * SWAY_DEG)
    assert truth_deg.min() >= 10.0 - SWAY_DEG


def test_fast_sets_are_shorter_and_a_hesitation_makes_them_longer() -> None:
    def lasts_s(**changes: object) -> float:
        return float(draw_course(recording(90.0, **changes), np.random.default_rng(1))[0][-1])

    assert lasts_s(speed=2.0) < lasts_s() < lasts_s(pause_s=0.8)
    assert lasts_s(pause_s=0.8) - lasts_s() == pytest.approx(0.8, abs=0.1)


def test_the_same_seed_gives_the_same_recording_and_another_one_another() -> None:
    def compose(**changes: object) -> LandmarkSeries:
        jitter = Jitter(sigma_trunks=0.01, correlation_s=0.1)
        return compose_set(elbow(), Side.LEFT, recording(90.0, **changes), jitter=jitter).series

    assert np.array_equal(compose().xy_px, compose().xy_px)
    assert not np.array_equal(compose().xy_px[:50], compose(seed=5).xy_px[:50])


@pytest.mark.parametrize("movement", ["elbow_flexion", "cervical_rotation", "wrist_flexion"])
def test_noise_is_laid_on_every_point_in_lengths_of_the_trunk(movement: str) -> None:
    stills = stick_stills(planned("plain", movement))
    jitter = Jitter(sigma_trunks=0.02, correlation_s=0.05)
    asked = recording(*[60.0] * 6, start_deg=10.0)
    side = acting_sides(stills)[0]
    clean, noisy = (compose_set(stills, side, asked, jitter=each).series for each in (None, jitter))
    trunk = clean.middle_px("shoulder") - clean.middle_px("hip")
    trunk_px = float(np.median(np.linalg.norm(trunk, axis=1)))
    assert np.std(noisy.xy_px - clean.xy_px) == pytest.approx(0.02 * trunk_px, rel=0.05)
    assert np.array_equal(noisy.world_m, clean.world_m)
    if clean.face_px is not None and noisy.face_px is not None:
        face_px = (noisy.face_px - clean.face_px)[..., :2]
        assert 0.0 < np.std(face_px) < 0.5 * 0.02 * trunk_px
        assert np.array_equal(noisy.face_px[..., 2], clean.face_px[..., 2])
    if clean.hand_px is not None and noisy.hand_px is not None:
        assert 0.0 < np.nanstd(noisy.hand_px - clean.hand_px) < 0.5 * 0.02 * trunk_px


def test_where_nobody_is_seen_there_is_no_noise_either() -> None:
    stills = elbow()
    nobody = replace(stills, xy_px=np.full_like(stills.xy_px, np.nan))
    jitter = Jitter(sigma_trunks=0.02, correlation_s=0.05)
    composed = compose_set(nobody, Side.LEFT, recording(90.0), jitter=jitter)
    assert np.isnan(composed.series.xy_px).all()
