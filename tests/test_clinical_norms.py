"""Usual range: the evidence rule, the notes of the table, and what stays unsaid."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rom.clinical.norms import norm_uncertainty_deg, normal_range
from rom.clinical.sources import citations_in, evidence_words
from rom.clinical.tables import number_of, read_table, text_of
from rom.movements import MOVEMENTS

COMPARED = sorted(name for name, movement in MOVEMENTS.items() if movement.grade != "C")
GRADE_C = sorted(name for name, movement in MOVEMENTS.items() if movement.grade == "C")


@pytest.mark.parametrize(
    ("value_deg", "position"),
    [(165, "within"), (152, "within"), (151.9, "near_lower_end"), (143.7, "near_lower_end")]
    + [(143.5, "below"), (90, "below")],
)
def test_positions_of_shoulder_flexion_at_30(value_deg: float, position: str) -> None:
    """p5 152, accuracy 10: U = 8.39, so clearly below starts at 143.61."""
    found = normal_range("shoulder_flexion", 30, "M", value_deg, 10.0)
    assert found is not None
    assert (found.position, found.lower_deg, found.mean_deg) == (position, 152, 165)


def test_age_bands_meet_without_a_gap() -> None:
    bands = [normal_range("shoulder_flexion", age, None, 100.0, 10.0) for age in (18, 44.9, 45, 70)]
    assert [band.lower_deg for band in bands if band] == [152, 152, 144, 127]


@pytest.mark.parametrize("age", [0, 12, 17.9, 100, 130])
def test_no_range_outside_the_ages_of_the_table(age: float) -> None:
    assert normal_range("shoulder_flexion", age, "F", 150.0, 10.0) is None


def test_no_range_without_a_value_or_a_row() -> None:
    assert normal_range("shoulder_flexion", 30, "F", None, 10.0) is None
    assert normal_range("shoulder_flexion", 30, "F", float("nan"), 10.0) is None
    assert normal_range("big_toe_wiggle", 30, "F", 20.0, 10.0) is None


@pytest.mark.parametrize("movement", GRADE_C)
def test_grade_c_is_never_compared(movement: str) -> None:
    found = normal_range(movement, 30, "F", -40.0, 5.0)
    assert found is not None
    assert (found.position, found.lower_deg, found.mean_deg) == ("not_stated", None, None)


@pytest.mark.parametrize("movement", COMPARED)
def test_without_an_age_nothing_is_stated(movement: str) -> None:
    found = normal_range(movement, None, "F", -60.0, 5.0)
    assert found is not None
    assert (found.position, found.missing) == ("not_stated", ("age",))


def test_unknown_sex_says_only_what_holds_for_both() -> None:
    """Elbow flexion at 30: p5 133 for men and 137 for women, accuracy 8."""
    low, between, high = (
        normal_range("elbow_flexion", 30, None, value, 8.0) for value in (120.0, 135.0, 140.0)
    )
    assert low and between and high
    assert (low.position, high.position) == ("below", "within")
    assert (between.position, between.missing) == ("not_stated", ("sex",))
    assert low.lower_deg == 133


def test_a_lower_bound_is_never_low() -> None:
    low = normal_range("cervical_rotation", 30, None, 50.0, 9.0, bound="at_least")
    high = normal_range("cervical_rotation", 30, None, 58.0, 9.0, bound="at_least")
    assert low and high
    assert (low.position, high.position) == ("not_stated", "within")


@pytest.mark.parametrize(
    ("movement", "value_deg", "position"),
    [
        ("shoulder_abduction", 142.5, "within"),
        ("shoulder_abduction", 141.9, "near_lower_end"),
        ("shoulder_abduction", 133.0, "below"),
        ("knee_extension", -9.5, "near_lower_end"),
        ("knee_extension", -10.5, "below"),
        ("elbow_extension", -9.9, "near_lower_end"),
        ("elbow_extension", -10.1, "below"),
    ],
)
def test_smallest_deficit_that_is_told(movement: str, value_deg: float, position: str) -> None:
    """Even with a perfect reading; women's elbows are the row that p5 alone would tell at -5."""
    accuracy = 0.1 if movement != "shoulder_abduction" else 10.0
    found = normal_range(movement, 30, "F", value_deg, accuracy)
    assert found is not None
    assert found.position == position


def test_shoulder_abduction_below_is_always_20_from_the_mean() -> None:
    for age in (20, 50, 80):
        for value_deg in range(80, 180):
            found = normal_range("shoulder_abduction", age, None, value_deg, 0.01)
            if found and found.position == "below" and found.mean_deg:
                assert found.mean_deg - value_deg >= 20


@settings(deadline=None)
@given(
    movement=st.sampled_from(COMPARED),
    age=st.floats(18, 99.9),
    sex=st.sampled_from(["M", "F", None]),
    value_deg=st.floats(-40, 190),
    accuracy=st.floats(0, 20),
)
def test_below_only_beyond_the_error(movement, age, sex, value_deg, accuracy) -> None:  # type: ignore[no-untyped-def]
    found = normal_range(movement, age, sex, value_deg, accuracy)
    assert found is not None
    assert found.source and evidence_words(found.evidence)
    if found.position == "below":
        assert value_deg < found.lower_deg - norm_uncertainty_deg(accuracy)
    if found.position == "within":
        assert value_deg >= found.lower_deg


def test_p5_is_mean_minus_1645_sd() -> None:
    """The table's own rule; whole degrees, so within one."""
    for row in read_table("norm_defaults.csv"):
        expected = number_of(row, "ref_mean_deg") - 1.645 * number_of(row, "ref_sd_deg")
        assert number_of(row, "p5_deg") == pytest.approx(expected, abs=1.0), row


def test_every_deficit_rule_has_its_reason() -> None:
    for row in read_table("norm_defaults.csv"):
        given_columns = [row[name] for name in ("min_deficit_deg", "deficit_from")]
        assert all(given_columns) == any(given_columns) == bool(row["min_deficit_reason"])


def test_sources_are_cited_in_full() -> None:
    cited = citations_in("GILL2020 151.5 overall (verified); WALKER 165; Boone 184 not used")
    assert [citation.split(",")[0].split(" TK")[0] for citation in cited] == [
        "Gill",
        "Walker JM et al. Active mobility of the extremities in older subjects. Phys Ther "
        "1984;64:919-923",
    ]


def test_every_evidence_mark_has_words() -> None:
    tables = ("norm_defaults.csv", "measurement_error.csv", "error_floors.csv", "reliability.csv")
    for row in (row for name in tables for row in read_table(name)):
        assert evidence_words(text_of(row, "evidence_status"))
    with pytest.raises(ValueError, match="expected one of"):
        evidence_words("rumour")
