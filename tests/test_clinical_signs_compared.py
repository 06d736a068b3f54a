"""Signs against a second set or what was reported, and the composite of them."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rom.clinical.signs.compared import (
    completed,
    judge_asymmetry,
    judge_beside,
    judge_less_smooth,
    judge_movement_pain,
    judge_pain_onset,
    judge_slow,
)
from rom.clinical.signs.finding import Sign, judge_hesitation
from rom.clinical.signs.index import INDEX_CODES, protective_index, protective_indices
from rom.clinical.signs.judged import not_evaluated
from rom.clinical.signs.rules import compensation_rules, sign_rules
from rom.errors import UsageError
from rom.kinematics.repetitions import Pause, Repetition

MOVEMENT = "shoulder_abduction"


def repetition(
    *,
    reach_deg: float = 140.0,
    speed_deg_s: float | None = 130.0,
    sparc: float | None = -1.45,
    stroke_s: float = 1.6,
    pause_s: float = 0.0,
    counted: bool = True,
) -> Repetition:
    return Repetition(
        counted=counted,
        onset_s=1.0,
        peak_s=1.0 + stroke_s + 0.3,
        offset_s=4.5,
        start_deg=5.0,
        peak_deg=5.0 + reach_deg,
        peak_velocity_deg_s=speed_deg_s,
        sparc=sparc,
        pauses=(Pause(1.5, 1.5 + pause_s),) if pause_s else (),
        stroke_end_s=1.0 + stroke_s,
        outward_frames=48,
        outward_missing_frac=0.0,
        pauses_evaluated=True,
        reason_not_counted=None if counted else "cut off",
    )


USUAL = (repetition(),) * 3


# Stops


def test_stops_in_two_of_three() -> None:
    sign = judge_hesitation((repetition(pause_s=0.6), repetition(), repetition(pause_s=0.4)))
    assert sign.present and sign.value == pytest.approx(0.4)
    assert sign.repetitions_with == (0, 2) and sign.repetitions_evaluated == (0, 1, 2)


def test_a_stop_in_one_of_three_is_none() -> None:
    sign = judge_hesitation((repetition(pause_s=0.9), repetition(), repetition()))
    assert not sign.present and sign.value == 0.0 and sign.repetitions_with == (0,)


def test_numbers_count_all_repetitions_of_the_set() -> None:
    """A repetition that does not count keeps its number and is not judged."""
    halting = repetition(pause_s=0.6)
    sign = judge_hesitation((replace(halting, counted=False), halting, halting))
    assert sign.repetitions_evaluated == sign.repetitions_with == (1, 2)


# Speed and smoothness


@settings(deadline=None)
@given(factor=st.floats(0.1, 2.0))
def test_slow_below_three_quarters(factor: float) -> None:
    sign = judge_slow((repetition(speed_deg_s=130.0 * factor),) * 3, USUAL)
    assert sign.value == pytest.approx(factor)
    assert sign.present == (sign.value is not None and sign.value < 0.75)


@settings(deadline=None)
@given(factor=st.floats(0.05, 20.0))
def test_never_are_both_of_two_sets_slow(factor: float) -> None:
    other = (repetition(speed_deg_s=130.0 * factor),) * 3
    assert not (judge_slow(USUAL, other).present and judge_slow(other, USUAL).present)


def test_small_movements_are_not_compared_for_speed() -> None:
    small = (repetition(reach_deg=40.0, speed_deg_s=20.0),) * 3
    assert "60°" in (judge_slow(small, USUAL).reason or "")
    assert judge_slow(USUAL, small).reason


@settings(deadline=None)
@given(reach_deg=st.floats(5.0, 59.0))
def test_small_movements_are_not_compared_for_smoothness(reach_deg: float) -> None:
    small = (repetition(reach_deg=reach_deg, sparc=-3.0),) * 3
    assert "60°" in (judge_less_smooth(small, small).reason or "")
    assert judge_less_smooth(USUAL, small).reason and judge_less_smooth(small, USUAL).reason


def test_less_smooth_by_half() -> None:
    rough = tuple(repetition(sparc=value) for value in (-2.4, -2.0, -1.5))
    sign = judge_less_smooth(rough, USUAL)
    assert sign.present and sign.value == pytest.approx(0.55)
    assert sign.repetitions_with == (0, 1)
    assert not judge_less_smooth(USUAL, rough).present


@pytest.mark.parametrize(
    "other",
    [
        (repetition(reach_deg=100.0, sparc=-3.0),) * 3,
        (repetition(stroke_s=2.4, sparc=-3.0),) * 3,
        (repetition(sparc=-3.0),) * 2,
        (repetition(sparc=None),) * 3,
        (),
    ],
    ids=["less far", "longer", "two only", "not seen", "none"],
)
def test_strokes_that_are_not_alike_are_not_compared(other: tuple[Repetition, ...]) -> None:
    for sign in (judge_less_smooth(other, USUAL), judge_less_smooth(USUAL, other)):
        assert not sign.evaluated and sign.reason and not sign.present


# The other side, and what was reported


def compensation(value: float | None, *, present: bool = False, early: bool = False) -> Sign:
    rule = next(rule for rule in compensation_rules(MOVEMENT) if rule.code == "shoulder_hike")
    if value is None:
        return not_evaluated(rule, "It was not seen.")
    base = not_evaluated(rule, "x")
    return replace(base, value=value, reason=None, present=present, early=early)


def test_a_hike_that_both_sides_show_is_how_somebody_moves() -> None:
    hiked, alike = compensation(0.20, present=True, early=True), compensation(0.16, present=True)
    beside = judge_beside(hiked, alike)
    assert beside.value == pytest.approx(0.04) and not beside.present and not beside.early
    assert judge_beside(hiked, compensation(0.01)).present
    unknown = judge_beside(hiked, compensation(None))
    assert not unknown.evaluated and unknown.reason == "It was not seen."
    with pytest.raises(ValueError, match="same sign twice"):
        judge_beside(hiked, judge_slow(USUAL, USUAL))


@pytest.mark.parametrize(
    ("value", "other", "mdc", "present"),
    [(120, 150, 11, True), (140, 150, 11, False), (120, 130, 5, False), (150, 120, 11, False)],
)
def test_asymmetry_beyond_noise_and_a_tenth(
    value: float, other: float, mdc: float, present: bool
) -> None:
    assert judge_asymmetry(value, other, mdc).present == present


def test_sides_that_were_not_both_measured_are_not_compared() -> None:
    assert judge_asymmetry(None, 120.0, 10.0).reason
    assert judge_pain_onset(90.0, None, 10.0).reason


@pytest.mark.parametrize(("pain", "present"), [(0, False), (2, False), (3, True), (10, True)])
def test_pain_is_what_was_reported(pain: int, present: bool) -> None:
    sign = judge_movement_pain(pain)
    assert sign.value == pain and sign.present == present
    assert judge_movement_pain(None).reason


@pytest.mark.parametrize("pain", [-1, 11])
def test_pain_off_the_scale_is_refused(pain: int) -> None:
    with pytest.raises(UsageError, match=f"0 to 10, got {pain}"):
        judge_movement_pain(pain)


def test_pain_that_starts_later_afterwards() -> None:
    assert judge_pain_onset(80.0, 120.0, 12.0).present
    assert not judge_pain_onset(80.0, 85.0, 12.0).present


# The composite


def state_of(code: str, state: bool | None) -> Sign:
    """A sign that is present, absent or not evaluated."""
    rules = {rule.code: rule for rule in compensation_rules(MOVEMENT)}
    sign = not_evaluated(rules.get(code) or sign_rules()[code], "It was not seen.")
    if state is None:
        return sign
    return replace(sign, value=1.0, reason=None, present=state, early=state)


def test_a_judged_sign_takes_the_place_of_its_like() -> None:
    slow = judge_slow((repetition(speed_deg_s=50.0),) * 3, USUAL)
    pain = judge_movement_pain(5)
    signs = completed((state_of("slow", None), state_of("bracing", False)), slow, pain)
    assert [sign.code for sign in signs] == ["slow", "bracing", "movement_pain"]
    assert signs[0].present


STATES = (None, False, True)
COUNTING = ("slow", "hesitation", "less_smooth", "trunk_lean", "asymmetry", "bracing")


def all_sets() -> list[tuple[list[Sign], bool | None]]:
    """Every combination of signs that are present, absent or unknown, with and without pain."""
    found = []
    for states in itertools.product(STATES, repeat=len(COUNTING)):
        signs = [state_of(code, state) for code, state in zip(COUNTING, states, strict=True)]
        for pain in STATES:
            found.append(([*signs, state_of("movement_pain", pain)], pain))
    return found


def test_composite_over_all_combinations() -> None:
    for signs, pain in all_sets():
        index = protective_index(signs, movement=MOVEMENT, measured=True)
        state = {sign.code: (sign.evaluated, sign.present) for sign in signs}
        rough = [state["hesitation"], state["less_smooth"]]
        single = [state[code] for code in ("slow", "trunk_lean", "asymmetry", "bracing")]
        groups = [*single, (any(e for e, _ in rough), any(p for _, p in rough))]
        evaluated = sum(known for known, _ in groups)
        present = sum(seen for _, seen in groups)
        assert (len(index.evaluated), len(index.present)) == (evaluated, present)
        if pain is None or evaluated < 2:
            assert index.verdict == "not_evaluable" and index.reason
        else:
            assert index.verdict == ("several" if pain and present >= 2 else "none")
            assert index.reason is None
        assert set(index.present) <= set(index.evaluated) <= set(INDEX_CODES)


def test_compensation_at_the_last_reach_does_not_count() -> None:
    late = replace(state_of("trunk_lean", True), early=False)
    signs = [late, state_of("slow", True), state_of("movement_pain", True)]
    assert protective_index(signs, movement=MOVEMENT, measured=True).verdict == "none"


def test_two_compensations_are_one_sign() -> None:
    signs = [state_of(code, True) for code in ("trunk_lean", "elbow_bend", "movement_pain")]
    signs.append(state_of("slow", False))
    assert protective_index(signs, movement=MOVEMENT, measured=True).verdict == "none"


def test_a_set_that_was_not_measured_has_no_composite() -> None:
    signs = [state_of(code, True) for code in (*COUNTING, "movement_pain")]
    index = protective_index(signs, movement=MOVEMENT, measured=False)
    assert index.verdict == "not_evaluable" and index.reason


def test_before_and_after_are_scored_by_the_same_signs() -> None:
    before = [state_of(code, True) for code in ("slow", "bracing", "movement_pain")]
    after = [state_of("slow", False), state_of("bracing", None), state_of("movement_pain", False)]
    for index in protective_indices(before, after, movement=MOVEMENT):
        assert index.evaluated == ("slow",) and index.verdict == "not_evaluable"
    after[1] = state_of("bracing", False)
    first, second = protective_indices(before, after, movement=MOVEMENT)
    assert (first.verdict, second.verdict) == ("several", "none")
