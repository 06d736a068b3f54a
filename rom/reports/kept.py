"""From what is kept of a person to what a report shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from rom.clinical.assessment import Assessment
from rom.clinical.comparison import Comparison
from rom.clinical.decisions import label_of, rules_of
from rom.clinical.massage.record import MassageRecord
from rom.clinical.massage.wording import spot_sentences, spot_title
from rom.clinical.wording import degrees
from rom.errors import UsageError
from rom.landmarks import Side
from rom.records import entities, history
from rom.records.entities import Person, Phase, SessionResult, SetRecord
from rom.records.history import history_of
from rom.records.sessions import named_sets, told_anew
from rom.records.wording import adherence_sentences, edit_words, retention_sentence
from rom.reports.content import Change, Course, SessionContent, ShownSet, Subject, WeeksContent


def session_content(person: Person, kept: entities.SessionContent) -> SessionContent:
    """One session as it is kept, with what was told on that day.

    Raises
    ------
    UsageError
        Nothing was measured in it.
    """
    day = kept.session.day
    if not kept.sets:
        raise UsageError(
            f"Expected a session with sets, but nothing was measured on {day.isoformat()}; choose"
            " another one"
        )
    subject = subject_of(person, day)
    by_id = {each.id: each for each in kept.sets}
    results = sorted(kept.results, key=lambda each: each.kind != "before_after")
    result = next((each for each in results if _complete(each, by_id)), None)
    comparison = None if result is None else _comparison(result, by_id, subject)
    compared = {} if result is None or comparison is None else _by_set(result, comparison)
    return SessionContent(
        subject=subject,
        day=day,
        sets=[
            _shown(each, kept.sets, compared.get(each.id, each.assessment)) for each in kept.sets
        ],
        comparison=comparison,
        massage=[line for massage in kept.massages for line in _massage_lines(massage)],
        remarks=kept.session.remarks,
    )


def weeks_content(
    kept: entities.PersonContent,
    *,
    today: date,
    movement: str | None = None,
    side: Side | None = None,
) -> WeeksContent:
    """All sessions of a person, by movement and side; what was checked most often comes first.

    Raises
    ------
    UsageError
        There are no sessions, or none of this movement and side.
    """
    whole = history_of(kept, today=today)
    found = [each for each in whole.courses if each.records]
    wanted = [
        each for each in found if movement in (None, each.movement) and side in (None, each.side)
    ]
    if not wanted:
        raise UsageError(_nothing_kept(kept.person, found, movement))
    wanted.sort(key=lambda each: len(each.records), reverse=True)
    last = max(each.records[-1].day for each in wanted)
    return WeeksContent(
        subject=subject_of(kept.person, last),
        courses=[_course(each, by_id={each.id: each for each in kept.sets}) for each in wanted],
        adherence=adherence_sentences(whole.adherence),
    )


def subject_of(person: Person, day: date) -> Subject:
    """Who a report is about, as old as on that day."""
    return Subject(name=person.pseudonym, age=person.age_on(day), sex=person.sex)


def _course(course: history.Course, by_id: Mapping[str, SetRecord]) -> Course:
    visits = [each for each in course.visits if each.first is not None]
    measured = [
        each.first.assessment for each in visits if each.first and each.first.assessment.measured
    ]
    return Course(
        weeks=course.weeks,
        after_deg=[_after_deg(each.result, by_id) for each in visits],
        changes=[_change(each.result) for each in visits],
        latest=measured[-1] if measured else None,
        next_steps=[label.wording for label in course.readiness.labels],
        held_back=course.readiness.sentences[len(course.readiness.labels) :],
        since_first=course.since_first.sentences if course.since_first else (),
        retained=[retention_sentence(each) for each in course.retention[-1:]],
    )


def _after_deg(result: SessionResult | None, by_id: Mapping[str, SetRecord]) -> float | None:
    post = None if result is None else by_id.get(result.set_ids.get("post", ""))
    if post is None or post.assessment.bound != "exact":
        return None
    return post.assessment.value_deg


def _change(result: SessionResult | None) -> Change | None:
    if result is None:
        return None
    return Change(
        change_deg=result.change_deg,
        limit_deg=result.limit_deg,
        pain_after=result.pain_after,
        of_arc=result.of_arc,
    )


def _nothing_kept(person: Person, found: Sequence[history.Course], movement: str | None) -> str:
    if not found:
        return f"Expected sessions of {person.pseudonym}, but none are kept; measure first"
    names = ", ".join(
        sorted({" ".join(filter(None, (each.movement, each.side))) for each in found})
    )
    return f"Expected sessions of {movement or 'this side'}, but there are only {names}; name one"


def _complete(result: SessionResult, by_id: Mapping[str, SetRecord]) -> bool:
    needed = ("pre1", "post") if result.kind == "before_after" else ("left", "right")
    return all(result.set_ids.get(role) in by_id for role in needed)


def _comparison(
    result: SessionResult, by_id: Mapping[str, SetRecord], subject: Subject
) -> Comparison:
    """What was told on that day; told anew where a set was changed by hand since."""
    sets = {role: by_id[set_id] for role, set_id in result.set_ids.items() if set_id in by_id}
    assessments = {role: each.assessment for role, each in sets.items()}
    found = told_anew(result, assessments, age=subject.age, sex=subject.sex)
    if any(each.edited for each in sets.values()):
        return found
    rules = {row["rule_id"]: row for row in rules_of("session")}
    row = rules.get(result.label_id)
    return replace(
        found,
        change_deg=result.change_deg,
        drift_deg=result.drift_deg,
        mdc95_deg=result.mdc95_deg,
        limit_deg=result.limit_deg,
        verdict=result.verdict,
        label=None if row is None else label_of(row),
        label_reason=result.label_reason,
        restricted_before=result.restricted_before,
        restricted_after=result.restricted_after,
    )


def _by_set(result: SessionResult, comparison: Comparison) -> dict[str, Assessment]:
    """The sets of a comparison as it has them, by their ids."""
    sets = named_sets(comparison)
    return {set_id: sets[role] for role, set_id in result.set_ids.items() if role in sets}


def _shown(each: SetRecord, sets: Sequence[SetRecord], assessment: Assessment) -> ShownSet:
    return ShownSet(
        name=_name(each, sets),
        assessment=assessment,
        recording=each.recording,
        notes=[*_notes(each)],
        set_id=each.id,
    )


def _name(each: SetRecord, sets: Sequence[SetRecord]) -> str:
    """The name that people read, as in a comparison."""
    twice = any(
        other.phase is Phase.PRE2 and (other.movement, other.side) == (each.movement, each.side)
        for other in sets
    )
    if each.phase is Phase.PRE1:
        return "before (1)" if twice else "before"
    if each.phase is Phase.PRE2:
        return "before (2)"
    if each.phase is Phase.POST:
        return "after"
    return each.side.value if each.side else "recording"


def _notes(each: SetRecord) -> Iterator[str]:
    for pain in each.pain:
        moment = pain.moment.replace("_", "-")
        mark = "" if pain.time_s is None else f", from {pain.time_s:.1f} s on"
        yield f"pain {pain.score:g} of 10 ({moment}{mark})"
    yield from _mark_notes(each)
    for reading in each.readings:
        where = "" if reading.repetition is None else f", repetition {reading.repetition + 1}"
        rater = f", {reading.rater}" if reading.rater else ""
        feel = f", end-feel: {reading.end_feel}" if reading.end_feel else ""
        yield f"{reading.instrument} {degrees(reading.value_deg)}{where}{rater}{feel}"
    for edit in each.edits:
        reason = f": {edit.reason}" if edit.reason else ""
        yield f"changed by hand, {edit_words(edit)}{reason}"
    if each.notes:
        yield each.notes


def _mark_notes(each: SetRecord) -> Iterator[str]:
    for mark in each.assessment.pain_marks:
        if mark.repetition is None:
            yield f"start of pain marked at {mark.time_s:.1f} s, on no way out"
            continue
        angle = "not seen" if mark.angle_deg is None else degrees(mark.angle_deg)
        yield f"start of pain marked in repetition {mark.repetition + 1}: {angle}"


def _massage_lines(massage: MassageRecord) -> Iterator[str]:
    for spot in massage.spots:
        yield f"{spot_title(spot.muscle, spot.side)}: {' '.join(spot_sentences(spot))}"
