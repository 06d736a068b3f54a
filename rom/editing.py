"""Repetitions of a measured set corrected by hand, and the set judged anew with them. Pure.

A hand says which repetitions there are; it never types a value. The angle over time and its zero
stay as they were measured, all else comes from the steps of `rom.assess` on the marks that stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from rom.assess import Person, assess_trace
from rom.clinical.agreement.switched_on import LocalErrors
from rom.clinical.assessment import Assessment
from rom.clinical.signs.finding import find_signs, unjudged_signs
from rom.errors import UsageError
from rom.kinematics.correction import NAME as CORRECTION
from rom.kinematics.marked import find_marked, marks_of, moved
from rom.kinematics.pain_marks import PainMark, place_marks
from rom.kinematics.repetitions import END_NOT_SEEN, Repetition
from rom.landmarks import LandmarkSeries
from rom.movements import SideKind, movement_named
from rom.quality.issues import Issue
from rom.quality.limits import warning
from rom.trace import Trace, trace_movement

EDITED_CODE = "edited_by_hand"
TAKEN_OUT = "taken out by hand"
"""Why a repetition does not count that somebody took out; it keeps its place and number."""

TAKEN_BACK = "taken back"
"""The reason that is kept with a correction that brings back what was before."""

Mark = Literal["onset_s", "peak_s", "offset_s"]

_OF_THE_RECORDING = frozenset(
    {"corrupt_frames", "recording_cut", "picture_dark", "several_people", "visibility_unknown"}
)
"""Issues that landmarks alone do not tell; a correction leaves them."""

_SAME_S, _SAME_DEG = 1e-3, 0.01


@dataclass(frozen=True)
class Change:
    """One repetition that is otherwise than it was; `number` counts from 0 in what stands now."""

    number: int
    kind: Literal["taken_out", "counted", "moved", "added"]

    @property
    def words(self) -> str:
        """As in "repetition 2 taken out"."""
        return f"repetition {self.number + 1} {_KIND_WORDS[self.kind]}"


_KIND_WORDS = {
    "taken_out": "taken out",
    "counted": "counted",
    "moved": "moved",
    "added": "added",
}


@dataclass(frozen=True)
class ChangedValue:
    """The value that one correction changed: where it stands, what it was, and what it is."""

    field: str
    before: bool | float | dict[str, float] | None
    after: bool | float | dict[str, float] | None
    inserted: int | None = None
    removed: int | None = None


@dataclass(frozen=True, eq=False)
class CorrectedSet:
    """A set with its repetitions as they stand, and all that they were before.

    Attributes
    ----------
    found
        The trace with the repetitions as the program found them.
    series
        The subject's landmarks, which the trace was read from.
    measured
        The result as it was handed in; its person, view and recording stay.
    repetitions
        In order of time; those taken out are among them.
    earlier
        What they were before each correction, the oldest first.
    """

    found: Trace
    series: LandmarkSeries
    measured: Assessment
    person: Person
    repetitions: tuple[Repetition, ...]
    earlier: tuple[tuple[Repetition, ...], ...] = ()
    local_errors: LocalErrors | None = None

    @property
    def changes(self) -> tuple[Change, ...]:
        """What differs from what was found, in order of time."""
        return tuple(_changes(self.found.repetitions, self.repetitions))

    @cached_property
    def assessment(self) -> Assessment:
        """The result of the repetitions as they stand."""
        trace = replace(self.found, repetitions=self.repetitions)
        measured = self.measured
        result = assess_trace(
            trace,
            self.series,
            person=self.person,
            provenance=replace(measured.provenance, sem_source=None, accuracy_source=None),
            mirrored=measured.view is not None and measured.view.mirrored,
            issues=_edited_issues(self.changes),
            local_errors=self.local_errors,
        )
        messages = {issue.message for issue in result.issues}
        kept = [
            issue
            for issue in measured.issues
            if issue.code in _OF_THE_RECORDING and issue.message not in messages
        ]
        result = replace(result, issues=(*kept, *result.issues), pain_marks=self._pain_marks(trace))
        if result.measured:
            return replace(result, signs=find_signs(trace))
        why = "The set could not be measured."
        return replace(result, signs=unjudged_signs(result.movement, why))

    def _pain_marks(self, trace: Trace) -> tuple[PainMark, ...]:
        """The marks that were given, on the repetitions as they stand."""
        return place_marks(
            trace.series.time_s,
            trace.angle_deg,
            repetitions=trace.repetitions,
            marks_s=[each.time_s for each in self.measured.pain_marks],
        )

    def take_out(self, number: int) -> CorrectedSet:
        """Let a repetition not count.

        Raises
        ------
        UsageError
            There is no such repetition, or it does not count.
        """
        repetition = self._numbered(number)
        if not repetition.counted:
            raise UsageError(
                f"Expected a repetition that counts, but {number + 1} does not"
                f" ({repetition.reason_not_counted}); choose another"
            )
        return self._with(number, replace(repetition, counted=False, reason_not_counted=TAKEN_OUT))

    def put_back(self, number: int) -> CorrectedSet:
        """Let a repetition count that was taken out or did not count.

        Raises
        ------
        UsageError
            There is no such repetition, it counts, or its end was not seen.
        """
        repetition = self._numbered(number)
        if repetition.counted:
            raise UsageError(
                f"Expected a repetition that does not count, but {number + 1} does; choose another"
            )
        before = self._before_it_was_taken_out(repetition)
        if END_NOT_SEEN in (repetition.reason_not_counted, before):
            raise UsageError(
                f"Expected a repetition whose end was seen, but that of {number + 1} was not; move"
                " its peak to where it was seen"
            )
        return self._with(number, replace(repetition, counted=True, reason_not_counted=None))

    def move(self, number: int, mark: Mark, to_s: float) -> CorrectedSet:
        """Set a mark of a repetition elsewhere; it counts from then on.

        Raises
        ------
        UsageError
            There is no such repetition, the mark would pass another, or nothing was seen there.
        """
        repetition = self._numbered(number)
        marks = replace(marks_of(repetition), **{mark: to_s})
        after_s, before_s = self._room_about(number)
        if not after_s - _SAME_S <= to_s <= before_s + _SAME_S:
            raise UsageError(
                f"Expected a time from {after_s:.1f} to {before_s:.1f} s, between the repetitions"
                f" beside it, got {to_s:.1f} s; choose another"
            )
        time_s, angle_deg = self.found.series.time_s, self.found.angle_deg
        return self._with(number, moved(repetition, time_s, angle_deg, marks=marks))

    def add(self, at_s: float) -> CorrectedSet:
        """Add the repetition about a time; one that did not count is put back.

        Raises
        ------
        UsageError
            A repetition counts there already, or there is none to be seen.
        """
        for number, each in enumerate(self.repetitions):
            if each.onset_s <= at_s <= each.offset_s:
                return self.put_back(number)
        place = sum(each.offset_s < at_s for each in self.repetitions)
        time_s = self.found.series.time_s
        added = find_marked(
            time_s,
            self.found.angle_deg,
            at_s=at_s,
            after_s=self.repetitions[place - 1].offset_s if place else float(time_s[0]),
            before_s=self._onset_of(place),
            min_amplitude_deg=self.found.movement.min_amplitude_deg,
            floor_deg=self._floor_deg(),
        )
        return self._with_all((*self.repetitions[:place], added, *self.repetitions[place:]))

    def undo(self) -> CorrectedSet:
        """Take the last correction back.

        Raises
        ------
        UsageError
            There is none.
        """
        if not self.earlier:
            raise UsageError("Expected a correction to take back, but there is none")
        return replace(self, repetitions=self.earlier[-1], earlier=self.earlier[:-1])

    def takes_back(self, before: CorrectedSet) -> bool:
        """Whether this is what another state of the set was before its last correction."""
        return bool(before.earlier) and self.repetitions == before.earlier[-1]

    def _numbered(self, number: int) -> Repetition:
        if not 0 <= number < len(self.repetitions):
            raise UsageError(
                f"Expected a repetition from 1 to {len(self.repetitions)}, got {number + 1};"
                " choose one of them"
            )
        return self.repetitions[number]

    def _before_it_was_taken_out(self, repetition: Repetition) -> str | None:
        """Why it did not count as it was found; None where it did, or was not found."""
        found = _found_as(repetition, self.found.repetitions)
        return found.reason_not_counted if found and _same_marks(found, repetition) else None

    def _room_about(self, number: int) -> tuple[float, float]:
        after_s = float(self.found.series.time_s[0])
        if number:
            after_s = self.repetitions[number - 1].offset_s
        return after_s, self._onset_of(number + 1)

    def _onset_of(self, number: int) -> float:
        """Where a repetition starts, or the recording ends."""
        if number < len(self.repetitions):
            return self.repetitions[number].onset_s
        return float(self.found.series.time_s[-1])

    def _floor_deg(self) -> float | None:
        """The resting angle, where a set goes both ways in turn."""
        starts_deg = [each.start_deg for each in self.repetitions]
        if self.found.movement.side_kind is not SideKind.DIRECTION:
            return None
        return float(np.median(starts_deg)) if starts_deg else 0.0

    def _with(self, number: int, repetition: Repetition) -> CorrectedSet:
        changed = list(self.repetitions)
        changed[number] = repetition
        return self._with_all(tuple(changed))

    def _with_all(self, repetitions: tuple[Repetition, ...]) -> CorrectedSet:
        earlier = (*self.earlier, self.repetitions)
        return replace(self, repetitions=repetitions, earlier=earlier)


def open_set(
    measured: Assessment,
    landmarks: LandmarkSeries | None,
    *,
    person: Person,
    local_errors: LocalErrors | None = None,
) -> CorrectedSet:
    """Trace a set again from its landmarks, so that its repetitions can be corrected.

    Raises
    ------
    UsageError
        Its landmarks were not kept, or another version of the program measured it.
    """
    if landmarks is None:
        raise UsageError(
            "Expected a set with its landmarks, but none were kept; measure the recording again to"
            " correct its repetitions"
        )
    trace = trace_movement(landmarks, movement_named(measured.movement), measured.side)
    if not _traced_alike(measured, trace):
        raise UsageError(
            "Expected a set that this version of the program measured, but it reads it otherwise;"
            " measure the recording again to correct its repetitions"
        )
    repetitions = measured.repetitions
    if not is_edited(measured):
        trace = replace(trace, repetitions=repetitions)
    return CorrectedSet(
        found=trace,
        series=landmarks,
        measured=measured,
        person=person,
        repetitions=repetitions,
        local_errors=local_errors,
    )


def is_edited(assessment: Assessment) -> bool:
    """Whether the repetitions are otherwise than they were found."""
    return any(issue.code == EDITED_CODE for issue in assessment.issues)


def changed_value(before: CorrectedSet, after: CorrectedSet) -> ChangedValue:
    """What the one correction between two states of a set changed.

    Raises
    ------
    ValueError
        There is none between them, or more than one.
    """
    was, now = before.repetitions, after.repetitions
    places = [n for n, (a, b) in enumerate(zip(was, now, strict=False)) if a != b]
    if abs(len(now) - len(was)) == 1:
        place = places[0] if places else min(len(was), len(now))
        field = f"assessment.repetitions[{place}]"
        if len(now) > len(was) and now[place + 1 :] == was[place:]:
            return ChangedValue(field, None, _marks_json(now[place]), inserted=place)
        if len(now) < len(was) and was[place + 1 :] == now[place:]:
            return ChangedValue(field, _marks_json(was[place]), None, removed=place)
    elif len(places) == 1:
        return _changed_field(places[0], was[places[0]], now[places[0]])
    raise ValueError("expected two states of a set with one correction between them")


def _changed_field(place: int, was: Repetition, now: Repetition) -> ChangedValue:
    marks: tuple[Mark, ...] = ("onset_s", "peak_s", "offset_s")
    for name in (*marks, "counted"):
        if getattr(was, name) != getattr(now, name):
            field = f"assessment.repetitions[{place}].{name}"
            return ChangedValue(field, getattr(was, name), getattr(now, name))
    raise ValueError("expected another mark, or another answer to whether it counts")


def _marks_json(repetition: Repetition) -> dict[str, float]:
    return {
        "onset_s": repetition.onset_s,
        "peak_s": repetition.peak_s,
        "offset_s": repetition.offset_s,
        "peak_deg": repetition.peak_deg,
    }


def _traced_alike(measured: Assessment, trace: Trace) -> bool:
    if measured.series is not None:
        kept_deg, read_deg = measured.series.angle_deg, trace.angle_deg
        return kept_deg.shape == read_deg.shape and np.allclose(
            kept_deg, read_deg, atol=_SAME_DEG, equal_nan=True
        )
    known = (measured.provenance.correction or "").partition("+")[0]
    if known != CORRECTION:
        return False
    return is_edited(measured) or (
        len(measured.repetitions) == len(trace.repetitions)
        and all(map(_same_marks, measured.repetitions, trace.repetitions))
    )


def _edited_issues(changes: tuple[Change, ...]) -> tuple[Issue, ...]:
    if not changes:
        return ()
    return (
        warning(
            EDITED_CODE,
            f"Edited by hand: {', '.join(each.words for each in changes)}. The value is computed"
            " from the repetitions as they stand now.",
            value=float(len(changes)),
            unit="repetitions",
        ),
    )


def _changes(found: tuple[Repetition, ...], now: tuple[Repetition, ...]) -> Iterator[Change]:
    for number, each in enumerate(now):
        before = _found_as(each, found)
        if before is None:
            yield Change(number, "added" if each.counted else "taken_out")
        elif before.counted and not each.counted:
            yield Change(number, "taken_out")
        elif not _same_marks(before, each):
            yield Change(number, "moved")
        elif each.counted and not before.counted:
            yield Change(number, "counted")


def same_repetition(repetition: Repetition, others: tuple[Repetition, ...]) -> int | None:
    """Which of others shares most time with a repetition; None where none does."""

    def shared_s(number: int) -> float:
        each = others[number]
        return min(each.offset_s, repetition.offset_s) - max(each.onset_s, repetition.onset_s)

    nearest = max(range(len(others)), key=shared_s, default=None)
    return nearest if nearest is not None and shared_s(nearest) > 0.0 else None


def _found_as(repetition: Repetition, found: tuple[Repetition, ...]) -> Repetition | None:
    number = same_repetition(repetition, found)
    return None if number is None else found[number]


def _same_marks(one: Repetition, other: Repetition) -> bool:
    return (
        abs(one.onset_s - other.onset_s) < _SAME_S
        and abs(one.peak_s - other.peak_s) < _SAME_S
        and abs(one.offset_s - other.offset_s) < _SAME_S
        and abs(one.peak_deg - other.peak_deg) < _SAME_DEG
    )
