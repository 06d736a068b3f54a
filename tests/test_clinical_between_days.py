"""Today against an earlier day: a larger limit than within one, mirrored when days swap."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from clinical_builders import PROVENANCE, VIEW, measured, refused
from hypothesis import given, settings
from hypothesis import strategies as st

from rom.clinical.assessment import Assessment
from rom.clinical.between_days import DayComparison, compare_days, mdc95_between_days_deg
from rom.clinical.history_wording import day_words
from rom.clinical.tables import number_of, read_table
from rom.errors import UsageError
from rom.landmarks import Side
from rom.movements import MOVEMENTS

MAY, JUNE = date(2026, 5, 3), date(2026, 6, 14)
VALUE_DEG = st.floats(20, 175)
MIRRORED = {"gain": "loss", "loss": "gain", "no_measurable_change": "no_measurable_change"}


def over_weeks(earlier: Assessment, later: Assessment) -> DayComparison:
    return compare_days(earlier, later, earlier_day=MAY, later_day=JUNE)


@pytest.mark.parametrize("movement", MOVEMENTS)
def test_every_movement_has_a_limit_between_days_above_that_within_one(movement: str) -> None:
    rows = [row for row in read_table("norm_defaults.csv") if row["movement_id"] == movement]
    within_deg = max(number_of(row, "mdc95_within_session_prior") for row in rows)
    assert mdc95_between_days_deg(movement) > within_deg


def test_the_limit_is_not_below_what_was_published_between_days() -> None:
    """MDC of one movement, active, by inclinometer or phone, from one session to another."""
    compared = 0
    for row in read_table("reliability.csv"):
        design, movement = row["design"] or "", row["movement_id"]
        between = "between sessions" in design or design == "test-retest"
        if between and movement in MOVEMENTS and row["quantity"] == "AROM":
            assert row["mdc_level"] is not None and row["mdc_level"].startswith("90")
            published_deg = 1.19 * number_of(row, "mdc_deg")
            assert mdc95_between_days_deg(movement) >= published_deg
            compared += 1
    assert compared >= 3


@given(sem_deg=st.floats(0, 20))
def test_sets_that_scatter_more_than_usual_need_a_larger_change(sem_deg: float) -> None:
    prior_deg = mdc95_between_days_deg("shoulder_abduction")
    limit_deg = mdc95_between_days_deg("shoulder_abduction", sem_deg, sem_deg)
    assert limit_deg == pytest.approx(max(prior_deg, 1.96 * 2**0.5 * sem_deg))


@settings(deadline=None)
@given(first=VALUE_DEG, second=VALUE_DEG)
def test_swapping_the_days_mirrors_the_verdict(first: float, second: float) -> None:
    forward = over_weeks(measured(first), measured(second))
    back = over_weeks(measured(second), measured(first))
    assert forward.change_deg == -back.change_deg  # type: ignore[operator]
    assert forward.mdc95_deg == back.mdc95_deg
    assert MIRRORED[forward.verdict] == back.verdict
    assert forward.mdc95_deg is not None and forward.change_deg is not None
    beyond = abs(forward.change_deg) > forward.mdc95_deg
    assert (forward.verdict != "no_measurable_change") is beyond


def test_a_change_is_told_with_its_days_and_limit() -> None:
    limit_deg = mdc95_between_days_deg("shoulder_abduction", measured().sem_deg)  # type: ignore[arg-type]
    found = over_weeks(measured(118), measured(120 + limit_deg))
    assert found.verdict == "gain"
    assert found.sentences[0].endswith("further on 14 June 2026 than on 3 May 2026.")
    assert "is common between days" in found.sentences[1]
    same = over_weeks(measured(118), measured(116 + limit_deg))
    assert same.sentences[0] == "No measurable change between 3 May 2026 and 14 June 2026."


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (refused(), "The set of the later day could not be measured"),
        (measured(150, bound="at_least"), "further than the camera can read"),
        (measured(150, side=Side.RIGHT), "different sides"),
        (measured(150, view=replace(VIEW, yaw_deg=30.0)), "The view differs by 26°"),
        (measured(150, view=replace(VIEW, subject_height_frac=0.4)), "keep the same distance"),
        (measured(150, view=replace(VIEW, mirrored=True)), "mirror image"),
        (measured(150, provenance=replace(PROVENANCE, correction="v9")), "different corrections"),
        (measured(150, provenance=replace(PROVENANCE, model_sha256="ef")), "different pose models"),
    ],
)
def test_days_that_may_not_be_compared_say_why(later: Assessment, words: str) -> None:
    found = over_weeks(measured(118), later)
    assert (found.verdict, found.change_deg, found.mdc95_deg) == ("not_comparable", None, None)
    assert found.sentences[0].endswith("cannot be compared.")
    assert words in " ".join(found.sentences)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"later_day": MAY}, "Expected a day after 2026-05-03, got 2026-05-03"),
        ({"later_day": date(2026, 5, 1)}, "got 2026-05-01"),
        ({"later": measured(movement="knee_flexion")}, "Expected sets of one movement"),
    ],
)
def test_days_that_cannot_be_get_one_line(changes: dict[str, Any], message: str) -> None:
    content = {"earlier": measured(), "later": measured(), "earlier_day": MAY, "later_day": JUNE}
    with pytest.raises(UsageError, match=message):
        compare_days(**(content | changes))


def test_a_movement_without_a_table_row_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="norm_defaults"):
        mdc95_between_days_deg("jumping")


def test_days_are_written_out() -> None:
    assert day_words(date(2026, 12, 1)) == "1 December 2026"
