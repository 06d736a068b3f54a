"""When stretching and strengthening come next: every condition counts, missing answers hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from forbidden_words import forbidden_in
from history_builders import FIRST_DAY, record, sessions

from rom.clinical.history import SessionRecord
from rom.clinical.history_wording import _OBSTACLES, obstacle_words
from rom.clinical.readiness import (
    LightEffort,
    Obstacle,
    Readiness,
    StretchSession,
    judge_readiness,
    stretch_ready_since,
)
from rom.clinical.tables import number_of, read_table, text_of
from rom.errors import UsageError
from rom.landmarks import Side

PAINS = [6.0, 5.0, 3.0, 3.0, 2.0]
CALM = LightEffort(pain=2.0, settled_within_24_h=True)


def ready_sessions(**changes: Any) -> list[SessionRecord]:
    """Pain came down and stayed down; stretching is open since the fifth session."""
    return sessions([118, 120, 121, 122, 124], PAINS, protective_signs="none", **changes)


def judge(records: list[SessionRecord], *, days_later: int = 0, **answers: Any) -> Readiness:
    last = records[-1].day if records else FIRST_DAY
    today = last + timedelta(days=days_later)
    return judge_readiness(records, today=today, **({"red_flag": False} | answers))


def names(found: Readiness) -> list[str]:
    return [label.name for label in found.labels]


def codes(obstacles: tuple[Obstacle, ...]) -> list[str]:
    return [each.code for each in obstacles]


def test_pain_down_and_staying_down_opens_stretching() -> None:
    found = judge(ready_sessions())
    assert names(found) == ["STRETCH_READY"]
    assert found.before_stretching == ()
    assert "long-held stretches" in found.sentences[0]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"pain": 3.1}, "pain_high"),
        ({"pain": None}, "pain_missing"),
        ({"label_id": "D01"}, "worse"),
        ({"flare_over_24_h": True}, "flare"),
        ({"flare_over_24_h": None}, "flare_missing"),
    ],
)
@pytest.mark.parametrize("number", [-1, -2, -3])
def test_one_of_the_last_three_sessions_holds_back(
    number: int, changes: dict[str, Any], code: str
) -> None:
    records = ready_sessions()
    records[number] = replace(records[number], **changes)
    found = judge(records)
    assert names(found) == []
    assert code in codes(found.before_stretching)
    assert next(each for each in found.before_stretching if each.code == code).sessions == 1


def test_earlier_sessions_do_not_hold_back() -> None:
    records = ready_sessions()
    records[1] = replace(records[1], label_id="D01", flare_over_24_h=True, pain=9.0)
    assert names(judge(records)) == ["STRETCH_READY"]


@pytest.mark.parametrize(
    ("first", "last", "ready"), [(6, 3, True), (5, 3, False), (2, 2, True), (2, 3, True)]
)
def test_pain_is_low_and_half_of_the_first(first: float, last: float, ready: bool) -> None:
    records = sessions([118] * 4, [first, last, last, last], protective_signs="none")
    assert ("STRETCH_READY" in names(judge(records))) is ready


@pytest.mark.parametrize(
    ("signs", "ready"),
    [
        (("none", "none", "several"), True),
        (("none", "several", "several"), False),
        (("none", "not_evaluable", "not_evaluable"), False),
    ],
)
def test_signs_are_absent_in_two_of_the_last_three(signs: tuple[str, ...], ready: bool) -> None:
    records = sessions([118] * 4, [6, 3, 3, 3])
    for number, each in enumerate(signs, start=1):
        records[number] = replace(records[number], protective_signs=each)  # type: ignore[arg-type]
    assert ("STRETCH_READY" in names(judge(records))) is ready


def test_three_sessions_on_three_days_come_first() -> None:
    assert codes(judge(ready_sessions()[:2]).before_stretching) == ["few_sessions"]
    assert codes(judge(ready_sessions(every_days=0)).before_stretching) == ["few_sessions"]
    assert codes(judge([]).before_stretching) == ["few_sessions"]


@pytest.mark.parametrize(("red_flag", "code"), [(True, "red_flag"), (None, "not_screened")])
def test_nothing_is_open_with_a_red_flag_or_unasked(red_flag: bool | None, code: str) -> None:
    found = judge(
        ready_sessions(),
        days_later=30,
        red_flag=red_flag,
        wants_to_stretch=True,
        effort=CALM,
    )
    assert names(found) == []
    assert code in codes(found.before_stretching) and code in codes(found.before_strengthening)


def test_who_does_not_want_to_wait_may_stretch_mildly() -> None:
    early = ready_sessions()[:2]
    assert names(judge(early, wants_to_stretch=True)) == ["STRETCH_PARALLEL"]
    assert names(judge(early)) == []
    assert judge(early).furthest is None
    early[-1] = replace(early[-1], label_id="D01")
    assert names(judge(early, wants_to_stretch=True)) == []
    assert names(judge(ready_sessions(), wants_to_stretch=True)) == ["STRETCH_READY"]


def test_ready_since_the_first_of_the_sessions_that_left_it_open() -> None:
    records = ready_sessions()
    assert stretch_ready_since(records) == records[-1].day
    later = [*records, record(35, pain=2.0, protective_signs="none")]
    assert stretch_ready_since(later) == records[-1].day
    assert stretch_ready_since(records[:3]) is None
    assert stretch_ready_since([*later, record(42, pain=6.0)]) is None


def calm_sessions() -> list[SessionRecord]:
    return [
        *ready_sessions(),
        *(record(day, 124, pain=1.0, protective_signs="none") for day in (35, 42)),
    ]


def test_a_week_of_stretching_and_a_calm_effort_open_strengthening() -> None:
    found = judge(calm_sessions(), effort=CALM)
    assert names(found) == ["STRETCH_READY", "STRENGTH_READY"]
    assert found.before_strengthening == ()
    assert found.furthest is not None and found.furthest.name == "STRENGTH_READY"


@pytest.mark.parametrize(("days", "open_"), [(6, False), (7, True)])
def test_stretching_is_open_for_a_week_before_strengthening(days: int, open_: bool) -> None:
    *ready, middle, last = calm_sessions()
    since = stretch_ready_since(ready)
    assert since is not None
    days_after = {3: middle, days: last}
    records = [replace(each, day=since + timedelta(days=n)) for n, each in days_after.items()]
    found = judge([*ready, *records], effort=CALM)
    assert ("STRENGTH_READY" in names(found)) is open_


@pytest.mark.parametrize("number", [-1, -2, -3])
def test_strengthening_asks_for_less_pain_than_stretching(number: int) -> None:
    records = calm_sessions()
    records[number] = replace(records[number], pain=2.1)
    found = judge(records, effort=CALM)
    assert names(found) == ["STRETCH_READY"]
    assert codes(found.before_strengthening) == ["pain_above_2"]


def stretched(*flares: bool | None, day: date = FIRST_DAY) -> list[StretchSession]:
    return [StretchSession(day + timedelta(days=n), flare) for n, flare in enumerate(flares)]


@pytest.mark.parametrize(
    ("flares", "open_"),
    [
        ((False, False, False), True),
        ((True, False, False, False), True),
        ((False, False), False),
        ((False, True, False), False),
        ((False, False, None), False),
    ],
)
def test_three_stretch_sessions_without_a_flare_serve_as_well(
    flares: tuple[bool | None, ...], open_: bool
) -> None:
    records = sessions([118, 119, 118], [2, 2, 2], every_days=2, flare_over_24_h=True)
    found = judge(records, stretches=stretched(*flares), effort=CALM)
    assert ("STRENGTH_READY" in names(found)) is open_


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"effort": None}, "effort_missing"),
        ({"effort": LightEffort(4.0, True)}, "effort_pain"),
        ({"effort": LightEffort(1.0, False)}, "effort_unsettled"),
        ({"effort": LightEffort(1.0, None)}, "effort_unsettled"),
        ({"stretches": stretched(False, True)}, "stretch_flare"),
        ({"stretches": stretched(False, None)}, "stretch_flare"),
    ],
)
def test_each_answer_can_hold_strengthening_back(answers: dict[str, Any], code: str) -> None:
    found = judge(calm_sessions(), **({"effort": CALM} | answers))
    assert names(found) == ["STRETCH_READY"]
    assert code in codes(found.before_strengthening)


def test_a_range_that_fell_or_is_not_known_holds_strengthening_back() -> None:
    records = calm_sessions()
    for value_deg, code in ((90.0, "range_fell"), (None, "range_missing")):
        changed = [replace(each, pre1_deg=None, sem_deg=None) for each in records]
        if value_deg is not None:
            changed = [*records[:-1], replace(records[-1], pre1_deg=value_deg)]
        found = judge(changed, effort=CALM)
        assert codes(found.before_strengthening) == [code]


def test_a_range_is_set_against_the_one_when_stretching_began() -> None:
    """What was gained before stretching and lost since counts as lost."""
    records = calm_sessions()
    values_deg = (80, 90, 100, 110, 124, 124, 90)
    gained_and_lost = [
        replace(each, pre1_deg=float(value))
        for each, value in zip(records, values_deg, strict=True)
    ]
    found = judge(gained_and_lost, effort=CALM)
    assert codes(found.before_strengthening) == ["range_fell"]


def test_rules_are_those_of_the_table_in_its_order() -> None:
    rows = [row for row in read_table("decision_rules.csv") if row["scope"] == "readiness"]
    rows.sort(key=lambda row: number_of(row, "priority"))
    assert [text_of(row, "rule_id") for row in rows] == ["G01", "G02", "G03"]


@pytest.mark.parametrize("code", sorted(_OBSTACLES))
def test_every_obstacle_has_its_sentence(code: str) -> None:
    words = obstacle_words(Obstacle(code, 2, 3))
    assert words.endswith(".") and "{" not in words
    if "{}" in _OBSTACLES[code]:
        assert "2 of the last 3 sessions" in words


def test_every_set_of_answers_has_an_outcome_with_words() -> None:
    """The full grid of answers: what is not open says what it waits for."""
    pains, flags = (None, 0.0, 3.0, 8.0), (None, False, True)
    for pain, flare, label_id, flag, wants, count in product(
        pains, flags, (None, "D01", "D14"), flags, (False, True), range(5)
    ):
        values: list[float | None] = [118.0] * count
        records = sessions(values, [pain] * count, flare_over_24_h=flare, label_id=label_id)
        found = judge(records, red_flag=flag, wants_to_stretch=wants, effort=CALM)
        assert ("STRETCH_READY" in names(found)) is (not found.before_stretching)
        assert ("STRENGTH_READY" in names(found)) is (not found.before_strengthening)
        assert found.sentences and not [*forbidden_in(" ".join(found.sentences))]
        if flag is not False:
            assert not found.labels


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: judge(ready_sessions(), days_later=-1), "Expected days in order"),
        (lambda: judge(ready_sessions()[::-1]), "Expected days in order"),
        (lambda: judge([record(), record(side=Side.RIGHT)]), "one side"),
        (lambda: judge([], stretches=stretched(False), days_later=-3), "days in order"),
        (lambda: LightEffort(11.0, True), "Expected pain from 0 to 10"),
    ],
)
def test_answers_that_cannot_be_get_one_line(call: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        call()
