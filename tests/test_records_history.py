"""A course over weeks: what is shown, what is claimed, and what is not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from clinical_builders import measured, refused
from forbidden_words import forbidden_in
from hypothesis import given
from hypothesis import strategies as st
from record_builders import (
    BEGIN,
    a_session,
    a_set,
    compared_session,
    full_content,
    massage,
    person,
)

from rom.clinical.between_days import mdc95_between_days_deg
from rom.commands.records_text import history_text
from rom.landmarks import Side
from rom.records.entities import PersonContent, Phase, SessionContent
from rom.records.history import History, history_of
from rom.records.history_json import history_json
from rom.records.wording import adherence_sentences, course_sentences, retention_sentence

TODAY = date(2026, 6, 1)
OWNER = person()


def history(*sessions: SessionContent, today: date = TODAY) -> History:
    return history_of(PersonContent(person=OWNER, sessions=sessions), today=today)


def weeks(*pairs: tuple[float, float], every_days: int = 7) -> list[SessionContent]:
    """One session a week with a value before and one after."""
    return [
        compared_session(OWNER.id, every_days * number, before, after)
        for number, (before, after) in enumerate(pairs)
    ]


def single(day: int, *values_deg: float, side: Side = Side.LEFT) -> SessionContent:
    session = a_session(OWNER.id, day)
    sets = tuple(
        a_set(
            session,
            assessment=measured(value, side=side),
            phase=Phase.SINGLE,
            landmarks=None,
            pain=(),
            recorded_at=session.started_at + timedelta(minutes=number),
        )
        for number, value in enumerate(values_deg)
    )
    return SessionContent(session=session, sets=sets)


# Courses


def test_nobody_has_a_course_without_sets() -> None:
    found = history(SessionContent(session=a_session(OWNER.id)))
    assert found.courses == () and found.profile == () and found.adherence.days == ()
    assert adherence_sentences(found.adherence) == ()


def test_a_course_holds_every_set_with_its_error_and_pain() -> None:
    (course,) = history(*weeks((120.0, 150.0), (122.0, 151.0))).courses
    assert (course.movement, course.side) == ("shoulder_abduction", Side.LEFT)
    values = [point.value_deg for point in course.points]
    assert values == [120.0, 150.0, 122.0, 151.0]
    for point, kept in zip(
        course.points, [each for v in course.visits for each in v.points], strict=True
    ):
        assert point is kept
        assert point.half_width_deg == pytest.approx(1.96 * measured(120.0).sem_deg, rel=0.05)
    assert [record.pre1_deg for record in course.records] == [120.0, 122.0]
    assert [record.pain for record in course.records] == [5.0, 5.0]
    assert [record.label_id for record in course.records] == ["D04", "D04"] or all(
        record.label_id for record in course.records
    )


def test_refused_sets_stay_without_a_value() -> None:
    session = a_session(OWNER.id)
    sets = (a_set(session, assessment=refused(), phase=Phase.SINGLE, landmarks=None),)
    (course,) = history(SessionContent(session=session, sets=sets)).courses
    (point,) = course.points
    assert point.value_deg is None and point.half_width_deg is None
    assert course.records[0].pre1_deg is None and course.since_first is None


def test_sets_that_were_never_recognised_make_no_course() -> None:
    session = a_session(OWNER.id)
    unknown = replace(refused(), movement="auto", side=None)
    sets = (a_set(session, assessment=unknown, landmarks=None),)
    assert history(SessionContent(session=session, sets=sets)).courses == ()


def test_sides_and_movements_are_courses_of_their_own_the_latest_first() -> None:
    sessions = [single(0, 120.0), single(7, 140.0, side=Side.RIGHT)]
    found = history(*sessions).courses
    assert [each.side for each in found] == [Side.RIGHT, Side.LEFT]


def test_of_several_sets_of_a_day_the_first_stands_for_it() -> None:
    (course,) = history(single(0, 118.0, 130.0, 140.0)).courses
    assert [record.pre1_deg for record in course.records] == [118.0]
    assert len(course.points) == 3


def test_a_set_after_alone_is_no_record_of_the_day() -> None:
    session = a_session(OWNER.id)
    sets = (a_set(session, phase=Phase.POST, landmarks=None),)
    (course,) = history(SessionContent(session=session, sets=sets)).courses
    assert course.records == () and len(course.points) == 1


# Between days


@given(st.floats(60.0, 150.0), st.floats(-60.0, 60.0))
def test_a_change_between_days_is_claimed_only_beyond_its_own_limit(
    first_deg: float, change_deg: float
) -> None:
    (course,) = history(single(0, first_deg), single(10, first_deg + change_deg)).courses
    found = course.since_first
    assert found is not None and found.change_deg == pytest.approx(change_deg)
    sems = [each.sem_deg for each in course.records if each.sem_deg is not None]
    limit_deg = mdc95_between_days_deg("shoulder_abduction", *sems)
    assert found.mdc95_deg == pytest.approx(limit_deg)
    assert (found.verdict == "gain") == (found.change_deg > limit_deg)
    assert (found.verdict == "loss") == (-found.change_deg > limit_deg)


def test_sets_of_one_day_are_not_compared_between_days() -> None:
    (course,) = history(single(0, 100.0), single(0, 140.0)).courses
    assert course.since_first is None


# Retention


def test_a_gain_that_is_still_there_is_kept() -> None:
    (course,) = history(*weeks((100.0, 140.0), (135.0, 140.0))).courses
    (found,) = course.retention
    assert (found.gain_deg, found.kept_deg, found.verdict) == (40.0, 35.0, "kept")
    words = retention_sentence(found)
    assert "40°" in words and "35°" in words and not [*forbidden_in(words)]


def test_what_is_within_the_error_between_days_is_not_said_to_be_kept() -> None:
    (course,) = history(*weeks((100.0, 140.0), (108.0, 112.0))).courses
    (found,) = course.retention
    assert found.verdict == "not_shown" and found.kept_deg == 8.0 < found.limit_deg
    assert "no difference" in retention_sentence(found)


def test_nothing_is_kept_where_nothing_was_gained() -> None:
    (course,) = history(*weeks((100.0, 103.0), (135.0, 140.0))).courses
    assert course.retention == ()


def test_recordings_that_cannot_be_compared_tell_nothing_of_retention() -> None:
    first, second = weeks((100.0, 140.0), (135.0, 140.0))
    moved = replace(
        second.sets[0].assessment,
        provenance=replace(second.sets[0].assessment.provenance, model_sha256="cd" * 32),
    )
    second = replace(second, sets=(replace(second.sets[0], assessment=moved), second.sets[1]))
    (course,) = history(first, second).courses
    assert course.retention == () and course.since_first is None


# Adherence


def test_adherence_counts_days_weeks_and_breaks() -> None:
    days = (0, 0, 2, 7, 28)  # BEGIN is a Monday
    sessions = [single(day, 120.0) for day in days]
    sessions[0] = replace(sessions[0], massages=(massage(),))
    found = history(*sessions, today=(BEGIN + timedelta(days=34)).date()).adherence
    assert (len(found.days), found.weeks, found.weeks_with_session) == (4, 5, 3)
    assert (found.longest_gap_days, found.days_since_last) == (21, 6)
    assert found.massages == 1 and found.held_s == pytest.approx(59.75308642)
    assert adherence_sentences(found) == (
        "There were sessions on 4 days, in 3 of 5 weeks.",
        "The longest break was 21 days; the last session was 6 days ago.",
        "1 massage, with 1 min of pressure in all.",
    )


@given(st.lists(st.integers(0, 300), min_size=1, max_size=12), st.integers(0, 40))
def test_adherence_stays_within_what_is_possible(days: list[int], later: int) -> None:
    today = (BEGIN + timedelta(days=max(days) + later)).date()
    found = history(*(single(day, 120.0) for day in days), today=today).adherence
    assert 1 <= found.weeks_with_session <= found.weeks
    assert found.weeks_with_session <= len(found.days) <= len(days)
    assert found.days_since_last == later


# Left and right


def test_left_and_right_are_set_side_by_side_in_the_latest_session_with_both() -> None:
    old, new, alone = (
        SessionContent(
            session=(session := a_session(OWNER.id, day)),
            sets=tuple(
                a_set(session, assessment=measured(value, side=side), phase=Phase.SINGLE)
                for side, value in values.items()
            ),
        )
        for day, values in (
            (0, {Side.LEFT: 100.0, Side.RIGHT: 150.0}),
            (7, {Side.RIGHT: 150.0, Side.LEFT: 120.0}),
            (14, {Side.LEFT: 150.0}),
        )
    )
    (pair,) = history(old, new, alone).profile
    assert pair.day == new.session.day and pair.comparison.change_deg == 30.0
    assert pair.comparison.verdict == "gain"  # the right side moves further


# Words and JSON


@pytest.mark.parametrize("width", [24, 64, 80, 120])
def test_a_history_reads_well_at_any_width(width: int) -> None:
    found = history(*weeks((100.0, 140.0), (135.0, 141.0), (136.0, 144.0)))
    text = history_text(found, found.courses, width=width)
    assert max(map(len, text.splitlines())) <= max(width, 64)
    assert not [*forbidden_in(text)]
    assert "\x1b" not in text and "2026-03-02" in text and "+40°" in text


def test_names_are_never_mark_up() -> None:
    owner = person(pseudonym="[red]:smile: <b>")
    found = history_of(PersonContent(person=owner, sessions=()), today=TODAY)
    assert "[red]:smile: <b>" in history_text(found, (), width=80)


def test_the_json_holds_every_figure_with_its_error() -> None:
    content = full_content()
    found = history_of(content, today=TODAY)
    text = json.dumps(history_json(found, found.courses), allow_nan=False)
    read = json.loads(text)
    assert read["schema"] == "rom.history/1" and read["person"]["name"] == "Ana"
    points = [each for c in read["courses"] for s in c["sessions"] for each in s["sets"]]
    assert len(points) == 5
    for point in points:
        assert (point["value_deg"] is None) == (point["half_width_deg"] is None)
    assert all(course_sentences(course) for course in found.courses)
