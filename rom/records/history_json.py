"""A history as JSON, the contract `rom.history/1`: every figure with its error, no arrays."""

from __future__ import annotations

from collections.abc import Sequence

from rom.clinical.between_days import DayComparison
from rom.clinical.json_values import JsonValue, json_value
from rom.records.entities import SessionResult
from rom.records.history import Course, History, SidePair
from rom.records.visits import Visit
from rom.records.wording import adherence_sentences, course_sentences

SCHEMA = "rom.history/1"


def history_json(history: History, courses: Sequence[Course]) -> dict[str, JsonValue]:
    """The courses asked for, left against right, and how regularly there was a session."""
    person = history.content.person
    adherence = history.adherence
    return {
        "schema": SCHEMA,
        "person": {
            "id": person.id,
            "name": person.pseudonym,
            "birth_year": person.birth_year,
            "sex": person.sex,
        },
        "courses": [_course(each) for each in courses],
        "sides": [_pair(each) for each in history.profile],
        "adherence": {
            "days": [day.isoformat() for day in adherence.days],
            "weeks": adherence.weeks,
            "weeks_with_session": adherence.weeks_with_session,
            "longest_gap_days": adherence.longest_gap_days,
            "days_since_last": adherence.days_since_last,
            "massages": adherence.massages,
            "held_s": json_value(adherence.held_s),
            "text": " ".join(adherence_sentences(adherence)),
        },
    }


def _course(course: Course) -> JsonValue:
    weeks = course.weeks
    return {
        "movement": course.movement,
        "side": json_value(course.side),
        "sessions": [_visit(visit) for visit in course.visits],
        "weeks": {
            "label": {"id": weeks.label.id, "name": weeks.label.name},
            "range_trend": weeks.facts.range_trend,
            "pain_trend": weeks.facts.pain_trend,
        },
        "readiness": [label.name for label in course.readiness.labels],
        "since_first": _days(course.since_first) if course.since_first else None,
        "retention": [
            {
                "day": each.day.isoformat(),
                "next_day": each.next_day.isoformat(),
                "gain_deg": json_value(each.gain_deg),
                "kept_deg": json_value(each.kept_deg),
                "limit_deg": json_value(each.limit_deg),
                "verdict": each.verdict,
            }
            for each in course.retention
        ],
        "text": " ".join(course_sentences(course)),
    }


def _days(found: DayComparison) -> JsonValue:
    return {
        "earlier": found.earlier_day.isoformat(),
        "later": found.later_day.isoformat(),
        "change_deg": json_value(found.change_deg),
        "mdc95_deg": json_value(found.mdc95_deg),
        "verdict": found.verdict,
    }


def _visit(visit: Visit) -> JsonValue:
    return {
        "day": visit.day.isoformat(),
        "sets": [
            {
                "id": point.set_id,
                "recorded_at": point.recorded_at.isoformat(),
                "phase": point.phase.value,
                "value_deg": json_value(point.value_deg),
                "half_width_deg": json_value(point.half_width_deg),
                "bound": point.bound,
                "pain": json_value(point.pain),
                "pain_onset": json_value(point.pain_onset),
                "signs": list(point.signs),
                "edited": point.edited,
            }
            for point in visit.points
        ],
        "result": _result(visit.result) if visit.result else None,
        "remarks": list(visit.remarks),
    }


def _result(result: SessionResult) -> JsonValue:
    return {
        "verdict": result.verdict,
        "label_id": result.label_id,
        "change_deg": json_value(result.change_deg),
        "drift_deg": json_value(result.drift_deg),
        "limit_deg": json_value(result.limit_deg),
        "pain_before": json_value(result.pain_before),
        "pain_after": json_value(result.pain_after),
        "flare_over_24_h": result.flare_over_24_h,
        "of_arc": result.of_arc,
    }


def _pair(pair: SidePair) -> JsonValue:
    found = pair.comparison
    return {
        "movement": pair.movement,
        "day": pair.day.isoformat(),
        "left_deg": json_value(found.pre1.value_deg),
        "right_deg": json_value(found.post.value_deg),
        "difference_deg": json_value(found.change_deg),
        "limit_deg": json_value(found.limit_deg),
        "verdict": found.verdict,
    }
