"""Week labels: exactly one for every history, the one that the rules say in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from clinical_builders import PROVENANCE, VIEW, measured, refused
from forbidden_words import forbidden_in
from history_builders import FIRST_DAY, record, sessions
from hypothesis import given, settings
from hypothesis import strategies as st

from rom.clinical.comparison import compare
from rom.clinical.history import SessionRecord, record_of, valid_sessions
from rom.clinical.tables import number_of, read_table, text_of
from rom.clinical.trend import TrendClass
from rom.clinical.weeks import WeekFacts, Weeks, decide_weeks, judge_weeks
from rom.errors import UsageError
from rom.landmarks import Side

TRENDS: tuple[TrendClass, ...] = ("rose", "fell", "unchanged", "open", "unknown")
RISEN = [100, 101, 100, 130, 131, 130, 131, 130, 131]
LOW, FALLING, HIGH, RISING = (
    [1.0] * 8,
    [7, 6, 6, 4, 3, 3, 2, 2],
    [5.0] * 8,
    [2, 2, 3, 4, 5, 6, 6, 7],
)
FLAT = [118, 119, 118, 117, 118, 119, 118, 118]
GAINING = [100, 101, 102, 115, 120, 128, 130, 132]

# The wording of the rules, once more and by hand, in order of priority.
RULES: dict[str, Callable[[WeekFacts], bool]] = {
    "L00": lambda f: f.sessions >= 3 and (f.range_trend == "fell" or f.pain_trend == "rose"),
    "L01": lambda f: (
        (f.range_trend, f.pain_trend) == ("rose", "fell")
        and f.valid_sessions >= 7
        and f.plateau
        and f.restricted
    ),
    "L02": lambda f: (
        f.valid_sessions >= 3
        and f.days >= 3
        and f.span_days >= 7
        and f.eased_together
        and f.range_trend == "rose"
    ),
    "L03": lambda f: (
        f.valid_sessions >= 4
        and f.span_days >= 21
        and f.pain_low
        and f.restricted
        and f.range_trend == "unchanged"
        and f.signs_absent
    ),
    "L04": lambda f: (
        f.valid_sessions >= 6
        and f.span_days >= 28
        and f.range_trend == f.pain_trend == "unchanged"
        and (f.pain_left or f.restricted)
    ),
    "L05": lambda f: True,
}


def all_facts() -> Iterator[WeekFacts]:
    """The full grid: every trend, every answer, and numbers on both sides of each limit."""
    counts = [(max(valid, n), valid) for valid in (0, 2, 3, 4, 5, 6, 7) for n in (valid, 3)]
    numbers = product(counts, (2, 3), (6, 7, 20, 21, 27, 28))
    answers = list(product((False, True), repeat=6))
    for ((count, valid), days, span), range_, pain in product(numbers, TRENDS, TRENDS):
        for plateau, restricted, eased, low, left, absent in answers:
            yield WeekFacts(
                sessions=count,
                valid_sessions=valid,
                days=days,
                span_days=span,
                range_trend=range_,
                pain_trend=pain,
                plateau=plateau,
                restricted=restricted,
                eased_together=eased,
                pain_low=low,
                pain_left=left,
                signs_absent=absent,
            )


def test_every_input_has_the_label_of_its_first_rule() -> None:
    seen = set()
    for each in all_facts():
        label = decide_weeks(each)
        assert label.id == next(name for name, rule in RULES.items() if rule(each)), each
        seen.add(label.id)
    assert seen == set(RULES)


def test_rules_are_those_of_the_table_in_its_order() -> None:
    rows = [row for row in read_table("decision_rules.csv") if row["scope"] == "weeks"]
    rows.sort(key=lambda row: number_of(row, "priority"))
    assert [text_of(row, "rule_id") for row in rows] == list(RULES)


@st.composite
def histories(draw: st.DrawFn) -> list[SessionRecord]:
    days = sorted(draw(st.lists(st.integers(0, 60), max_size=9)))
    return [
        record(
            day,
            draw(st.none() | st.floats(60, 170)),
            pain=draw(st.none() | st.integers(0, 10)),
            label_id=draw(st.sampled_from([None, *(f"D{number:02}" for number in range(17))])),
            restricted=draw(st.sampled_from(["clearly", "possibly", "no", "unknown"])),
            protective_signs=draw(st.sampled_from(["several", "none", "not_evaluable"])),
            view=draw(st.sampled_from([VIEW, None, replace(VIEW, yaw_deg=40.0)])),
        )
        for day in days
    ]


@settings(deadline=None)
@given(records=histories())
def test_every_history_has_one_label_and_says_it_first(records: list[SessionRecord]) -> None:
    weeks = judge_weeks(records)
    assert weeks.label.id == next(name for name, rule in RULES.items() if rule(weeks.facts))
    assert weeks.sentences[0] == weeks.label.wording
    text = " ".join(weeks.sentences)
    assert "nan" not in text and "None" not in text and "%" not in text
    assert not [*forbidden_in(text)]


@settings(deadline=None)
@given(records=histories())
def test_valid_sessions_can_be_set_against_the_latest(records: list[SessionRecord]) -> None:
    valid = valid_sessions(records)
    if valid and valid[-1].view:
        assert {each.view.yaw_deg for each in valid if each.view} == {valid[-1].view.yaw_deg}
    assert all(each.label_id not in ("D00", "D02") for each in valid)
    assert all(each.pre1_deg is not None for each in valid)


@pytest.mark.parametrize("value_deg", [None, 60.0, 118.0, 170.0])
@pytest.mark.parametrize("pain", [None, 0.0, 5.0, 10.0])
@pytest.mark.parametrize("label_id", [None, "D00", "D01", "D04", "D14"])
def test_one_session_never_says_more_than_that_it_is_early(
    value_deg: float | None, pain: float | None, label_id: str | None
) -> None:
    found = judge_weeks([record(0, value_deg, pain=pain, label_id=label_id)])
    assert found.label.name == "INCONCLUSIVE"
    assert "scenario" not in " ".join(found.sentences).lower()


def test_scenario_2_takes_four_sessions_over_three_weeks() -> None:
    for count, every_days in product(range(9), (0, 1, 3, 6, 7)):
        stiff = sessions(FLAT[:count], LOW[:count], every_days=every_days)
        name = judge_weeks(stiff).label.name
        if count < 4 or every_days * (count - 1) < 21:
            assert name != "SCENARIO_2_LIKELY", (count, every_days)
    assert judge_weeks(sessions(FLAT, LOW)).label.name == "SCENARIO_2_LIKELY"


def label_of(values_deg: list[Any], pains: list[Any], **changes: Any) -> str:
    return judge_weeks(sessions(values_deg, pains, **changes)).label.name


@pytest.mark.parametrize(
    ("values_deg", "pains", "changes", "name"),
    [
        (GAINING[::-1], HIGH, {}, "WORSENING"),
        (FLAT, RISING, {}, "WORSENING"),
        ([None] * 8, RISING, {}, "WORSENING"),
        (RISEN, [*FALLING, 2], {}, "BOTH_LIKELY"),
        (RISEN, [*FALLING, 2], {"restricted": "possibly"}, "INCONCLUSIVE"),
        (RISEN[:6], FALLING[:6], {}, "INCONCLUSIVE"),
        (GAINING, FALLING, {"label_id": "D05"}, "SCENARIO_1_LIKELY"),
        (GAINING, FALLING, {"label_id": "D12"}, "INCONCLUSIVE"),
        (GAINING, FALLING, {"label_id": "D05", "every_days": 0}, "INCONCLUSIVE"),
        (FLAT, LOW, {"restricted": "possibly"}, "INCONCLUSIVE"),
        (FLAT, HIGH, {}, "NO_RESPONSE"),
        (FLAT, HIGH, {"restricted": "no"}, "NO_RESPONSE"),
        (FLAT, HIGH, {"every_days": 4}, "NO_RESPONSE"),
        (FLAT, HIGH, {"every_days": 3}, "INCONCLUSIVE"),
        (FLAT, LOW, {"restricted": "no"}, "INCONCLUSIVE"),  # nothing is left to respond
        ([None] * 8, LOW, {}, "INCONCLUSIVE"),
        (FLAT, HIGH, {"label_id": "D02"}, "INCONCLUSIVE"),
        ([], [], {}, "INCONCLUSIVE"),
    ],
)
def test_labels_of_whole_histories(
    values_deg: list[Any], pains: list[Any], changes: dict[str, Any], name: str
) -> None:
    assert label_of(values_deg, pains, **changes) == name


def test_pain_that_halved_serves_as_low_pain() -> None:
    halved: list[float] = [8, 8, 8, 6, 5, 4, 4, 4]
    assert label_of(FLAT, halved, protective_signs="none") == "SCENARIO_2_LIKELY"
    assert label_of(FLAT, halved, protective_signs="not_evaluable") != "SCENARIO_2_LIKELY"
    assert label_of(FLAT, [7, *halved[1:]], protective_signs="none") != "SCENARIO_2_LIKELY"


@pytest.mark.parametrize(("others", "name"), [(2, "SCENARIO_1_LIKELY"), (3, "INCONCLUSIVE")])
def test_scenario_1_takes_two_thirds_of_the_sessions(others: int, name: str) -> None:
    records = sessions(GAINING[2:], FALLING[2:], label_id="D04")
    for number in range(others):
        records[number] = replace(records[number], label_id="D12")
    assert judge_weeks(records).label.name == name


@pytest.mark.parametrize(("several", "name"), [(2, "SCENARIO_2_LIKELY"), (3, "INCONCLUSIVE")])
def test_scenario_2_takes_two_thirds_of_the_sessions_without_signs(several: int, name: str) -> None:
    """Out of six that could be judged; two more could not."""
    signs = ["several"] * several + ["none"] * (3 - several) + ["not_evaluable"] * 2
    records = sessions(FLAT, [5.0, 5, 5, 5, 5, 1, 1, 1])
    for number, each in enumerate(signs):
        records[number] = replace(records[number], protective_signs=each)  # type: ignore[arg-type]
    assert judge_weeks(records).label.name == name


def test_counts_are_told_in_words() -> None:
    four = sessions(GAINING[::2], FALLING[::2], label_id="D04")
    four[1] = replace(four[1], label_id="D12")
    weeks = judge_weeks(four)
    assert weeks.label.id == "L02"
    assert "In 3 of 4 sessions you moved further and it hurt less" in " ".join(weeks.sentences)


def test_signs_that_could_not_be_judged_are_not_counted() -> None:
    records = sessions(FLAT[:5], [5, 5, 5, 5, 1], protective_signs="not_evaluable")
    for number, signs in enumerate(("several", "none", "none")):
        records[number] = replace(records[number], protective_signs=signs)  # type: ignore[arg-type]
    text = " ".join(judge_weeks(records).sentences)
    assert "Several protective signs came together in 1 of 4 sessions." in text
    text = " ".join(judge_weeks(records[1:]).sentences)
    assert "Several protective signs came together in none of 3 sessions." in text


@pytest.mark.parametrize(
    ("values_deg", "words"),
    [
        (GAINING[:6], "Before the massage you moved 20° further than at first: 101° in the first"),
        (GAINING[5::-1], "Before the massage you moved 20° less far than at first: 121° in the"),
        (FLAT, "Your range before the massage stayed the same: 118° in the first three sessions"),
        ([118, 131, 106, 128, 110, 121], "Your range before the massage: 118° in the first three"),
        (FLAT[:3], "in the first session, 118° in the last session; a difference of up to"),
    ],
)
def test_the_trend_is_told_in_degrees_with_its_limit(values_deg: list[float], words: str) -> None:
    weeks = judge_weeks(sessions(values_deg, HIGH[: len(values_deg)]))
    assert words in " ".join(weeks.sentences)
    assert "Your pain on this movement was 5 in the first" in weeks.sentences[-1]


def test_sessions_filmed_otherwise_are_left_out_and_named() -> None:
    records = sessions(FLAT, LOW)
    records[2] = replace(records[2], view=replace(VIEW, yaw_deg=40.0), pre1_deg=60.0)
    records[5] = replace(records[5], provenance=replace(PROVENANCE, model_sha256="cd" * 32))
    weeks = judge_weeks(records)
    assert (weeks.facts.sessions, weeks.facts.valid_sessions) == (8, 6)
    assert "In 2 of 8 sessions the range could not be used" in " ".join(weeks.sentences)


def test_the_latest_session_decides_what_it_may_be_set_against() -> None:
    other = replace(PROVENANCE, correction="curve-and-view/4")
    records = [*sessions(FLAT, LOW), record(70, 150.0, provenance=other)]
    assert judge_weeks(records).facts.valid_sessions == 1


def test_wide_sets_widen_the_limit_between_days() -> None:
    def limit_deg(weeks: Weeks) -> float:
        assert weeks.range_deg is not None
        return weeks.range_deg.limit

    calm, wide = (judge_weeks(sessions(FLAT, LOW, sem_deg=sem)) for sem in (1.0, 9.0))
    assert limit_deg(wide) > limit_deg(calm)


@pytest.mark.parametrize(
    ("records", "message"),
    [
        ([record(3), record(1)], "Expected days in order, got 2026-03-03 after 2026-03-05"),
        ([record(), record(movement="knee_flexion")], "Expected sets of one movement"),
        ([record(), record(side=Side.RIGHT)], "Expected sessions of one side"),
    ],
)
def test_histories_that_cannot_be_get_one_line(records: list[SessionRecord], message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        judge_weeks(records)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pain": 11.0}, "Expected pain from 0 to 10, got 11"),
        ({"pain": -0.5}, "Expected pain from 0 to 10"),
        ({"label_id": "D99"}, "Expected a session label from D00 to D16, got D99"),
    ],
)
def test_records_that_cannot_be_are_not_made(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        record(**changes)
    with pytest.raises(ValueError, match="error"):
        record(sem_deg=None)


def test_several_sessions_on_one_day_are_in_order() -> None:
    assert judge_weeks([record(1), record(1), record(2)]).facts.days == 2


def test_a_comparison_becomes_a_record_of_its_first_set() -> None:
    found = compare(
        measured(118), measured(150), pre2=measured(119), pain_before=6, pain_after=3, age=34
    )
    day = FIRST_DAY + timedelta(days=4)
    kept = record_of(found, day)
    assert found.label is not None
    assert (kept.pre1_deg, kept.pain, kept.label_id) == (118.0, 6, found.label.id)
    assert (kept.restricted, kept.day) == (found.restricted_before, day)
    unmeasured = record_of(compare(refused(), measured()), day)
    assert (unmeasured.pre1_deg, unmeasured.sem_deg, unmeasured.label_id) == (None, None, "D00")
    bound = record_of(compare(measured(150, bound="at_least"), measured()), day)
    assert bound.pre1_deg is None


def test_little_pain_rules_the_composite_out() -> None:
    """Its first sign is pain of 3 or more on the movement (PX_protective_index)."""
    open_signs = {"protective_signs": "not_evaluable"}
    assert record(pain=2.9, **open_signs).signs == "none"
    assert record(pain=3.0, **open_signs).signs == "not_evaluable"
    assert record(pain=None, **open_signs).signs == "not_evaluable"
