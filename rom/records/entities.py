"""What a record is: a person, the sessions, the sets of each with all that was measured and told.

Plain values without a database; reports, exports and the app work on these. Every date and time
knows its distance from UTC, so that a late evening stays on its own day.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from rom.clinical.agreement.switched_on import LocalErrors
from rom.clinical.assessment import Assessment
from rom.clinical.comparison import Kind, Verdict
from rom.clinical.history import ProtectiveSigns
from rom.clinical.json_values import JsonValue
from rom.clinical.massage.record import MassageRecord
from rom.clinical.norms import Sex
from rom.clinical.restriction import Restricted
from rom.clinical.safety import check_rating
from rom.clinical.screen import Screen
from rom.errors import UsageError
from rom.landmarks import LandmarkSeries, Side
from rom.records.names import checked_name, checked_text

EARLIEST_BIRTH_YEAR = 1900

PainMoment = Literal["before", "warm_up", "during", "after"]
Instrument = Literal["goniometer", "inclinometer", "other"]


class Phase(StrEnum):
    """The place of a set in its session; `SINGLE` belongs to no before and after."""

    PRE1 = "pre1"
    PRE2 = "pre2"
    POST = "post"
    SINGLE = "single"


def new_id() -> str:
    """A fresh name for a person, a session or a set: 32 hexadecimal digits, told to nobody."""
    return uuid.uuid4().hex


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody whose sets are kept, under a name of their own choice.

    Attributes
    ----------
    pseudonym
        What the person is called here; unique in a store, whatever its case and spacing.
    birth_year, sex
        What usual ranges depend on; None where not told.

    Raises
    ------
    UsageError
        For a name that cannot be shown in one line, or a year of birth that cannot be one.
    """

    id: str
    pseudonym: str
    birth_year: int | None = None
    sex: Sex | None = None
    notes: str = ""
    created_at: datetime

    def __post_init__(self) -> None:
        _check_moment("created_at", self.created_at)
        object.__setattr__(self, "pseudonym", checked_name(self.pseudonym))
        object.__setattr__(self, "notes", checked_text(self.notes))
        year, latest = self.birth_year, self.created_at.year
        if year is not None and not EARLIEST_BIRTH_YEAR <= year <= latest:
            raise UsageError(
                f"Expected a year of birth from {EARLIEST_BIRTH_YEAR} to {latest}, got {year};"
                " correct it"
            )

    def age_on(self, day: date) -> int | None:
        """Years at the end of the day's year, so at most one too many; None if not known."""
        return None if self.birth_year is None else max(0, day.year - self.birth_year)


@dataclass(frozen=True, kw_only=True)
class PainScore:
    """Pain on the movement, 0 to 10, and when it was asked for.

    `time_s` is the time in the recording at which the person marked where pain starts; None
    for a score that was only told.

    Raises
    ------
    UsageError
        For a score outside 0 to 10.
    """

    moment: PainMoment
    score: float
    time_s: float | None = None

    def __post_init__(self) -> None:
        check_rating(self.score)


@dataclass(frozen=True, kw_only=True)
class ManualReading:
    """A value that somebody read from an instrument for the same set, to be held against ours.

    Attributes
    ----------
    repetition
        0-based index of the repetition it belongs to; None for the set as a whole.
    rater
        Who read it, by initials or a name of their choice; empty if not told.
    end_feel
        What the end of the movement felt like to the hand, in the rater's words.
    """

    id: str
    value_deg: float
    instrument: Instrument
    read_at: datetime
    rater: str = ""
    repetition: int | None = None
    end_feel: str = ""

    def __post_init__(self) -> None:
        _check_moment("read_at", self.read_at)
        if not math.isfinite(self.value_deg) or abs(self.value_deg) > 360.0:
            raise UsageError(
                f"Expected an angle in degrees, got {self.value_deg:g}; correct the reading"
            )
        for name in ("rater", "end_feel"):
            object.__setattr__(self, name, checked_text(getattr(self, name)))


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A value that was changed by hand: which one, what it was, and what it became.

    `field` names it within the set, as in "assessment.repetitions[2].counted".
    """

    field: str
    before: JsonValue
    after: JsonValue
    edited_at: datetime
    reason: str = ""

    def __post_init__(self) -> None:
        _check_moment("edited_at", self.edited_at)
        for name in ("field", "reason"):
            object.__setattr__(self, name, checked_text(getattr(self, name)))


@dataclass(frozen=True, kw_only=True, eq=False)
class SetRecord:
    """One set of repetitions of one movement and side.

    Attributes
    ----------
    recorded_at
        When it was filmed, as far as known; else when it was measured.
    assessment
        The whole result, with its angle over time and its provenance.
    landmarks
        What the angle was read from (`Trace.series`); None where it was not kept or not asked for.
    recording
        Name of the file, without its folder; None for a live set. No video is kept.
    original
        What was measured, where somebody changed it by hand since; else None.
    """

    id: str
    session_id: str
    recorded_at: datetime
    phase: Phase
    assessment: Assessment
    landmarks: LandmarkSeries | None = None
    pain: tuple[PainScore, ...] = ()
    readings: tuple[ManualReading, ...] = ()
    edits: tuple[Edit, ...] = ()
    recording: str | None = None
    notes: str = ""
    original: Assessment | None = None

    def __post_init__(self) -> None:
        _check_moment("recorded_at", self.recorded_at)
        object.__setattr__(self, "notes", checked_text(self.notes))
        if self.recording is not None:
            object.__setattr__(self, "recording", checked_text(self.recording))

    @property
    def movement(self) -> str:
        return self.assessment.movement

    @property
    def side(self) -> Side | None:
        return self.assessment.side

    @property
    def day(self) -> date:
        """The day where the person was."""
        return self.recorded_at.date()

    @property
    def edited(self) -> bool:
        """Whether somebody changed a value by hand."""
        return bool(self.edits)

    def pain_at(self, moment: PainMoment) -> float | None:
        """The last score of this moment; None if it was not asked for."""
        scores = [each.score for each in self.pain if each.moment == moment]
        return scores[-1] if scores else None

    def without_landmarks(self) -> SetRecord:
        """The same set, light enough to hold thousands."""
        return replace(self, landmarks=None)


@dataclass(frozen=True, kw_only=True)
class SessionResult:
    """What the sets of one movement said together, as it was told on that day.

    Attributes
    ----------
    side
        None for a movement without sides, and for left against right.
    set_ids
        The sets by their role, as in {"pre1": …, "post": …} or {"left": …, "right": …}. With
        {"pre1_opposite": …, "post_opposite": …} of the same clips, the change is that of both
        directions together.
    change_deg, drift_deg, mdc95_deg, limit_deg, verdict, label_id, label_reason
        As in `rom.clinical.comparison.Comparison`.
    flare_over_24_h
        Whether it hurt more than before for over 24 hours afterwards; None if not asked yet.
    text
        The sentences shown.
    """

    id: str
    session_id: str
    kind: Kind
    movement: str
    side: Side | None
    set_ids: dict[str, str]
    change_deg: float | None
    drift_deg: float | None
    mdc95_deg: float | None
    limit_deg: float | None
    verdict: Verdict
    label_id: str | None
    label_reason: str | None
    pain_before: float | None = None
    pain_after: float | None = None
    worse: bool | None = None
    restricted_before: Restricted = "unknown"
    restricted_after: Restricted = "unknown"
    protective_before: ProtectiveSigns = "not_evaluable"
    protective_after: ProtectiveSigns = "not_evaluable"
    flare_over_24_h: bool | None = None
    text: str = ""

    def __post_init__(self) -> None:
        for score in (self.pain_before, self.pain_after):
            if score is not None:
                check_rating(score)

    @property
    def of_arc(self) -> bool:
        """Whether the change is that of left and right together, and not of `side` alone."""
        return "post_opposite" in self.set_ids


@dataclass(frozen=True, kw_only=True)
class Session:
    """One visit or self-check; what it holds refers to it by its id.

    `remarks` say what was done otherwise than the protocol asks for, a sentence each.
    """

    id: str
    person_id: str
    started_at: datetime
    screen: Screen | None = None
    notes: str = ""
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_moment("started_at", self.started_at)
        object.__setattr__(self, "notes", checked_text(self.notes))
        object.__setattr__(self, "remarks", tuple(map(checked_text, self.remarks)))

    @property
    def day(self) -> date:
        """The day where the person was."""
        return self.started_at.date()


@dataclass(frozen=True, kw_only=True, eq=False)
class SessionContent:
    """A session with everything in it, in order of time."""

    session: Session
    sets: tuple[SetRecord, ...] = ()
    results: tuple[SessionResult, ...] = ()
    massages: tuple[MassageRecord, ...] = ()

    def __post_init__(self) -> None:
        _check_owner("session", self.session.id, [each.session_id for each in self.sets])
        _check_owner("session", self.session.id, [each.session_id for each in self.results])


@dataclass(frozen=True, kw_only=True, eq=False)
class PersonContent:
    """A person with everything that is kept about them, in order of time.

    `own_errors` are the own error figures that are switched on for the person, where the content
    was taken out of the store with them. They do not come back with it: what is switched on is
    changed by its user alone.
    """

    person: Person
    sessions: tuple[SessionContent, ...] = ()
    own_errors: LocalErrors | None = None

    def __post_init__(self) -> None:
        owners = [each.session.person_id for each in self.sessions]
        _check_owner("person", self.person.id, owners)

    @property
    def sets(self) -> tuple[SetRecord, ...]:
        """All sets of all sessions."""
        return tuple(each for content in self.sessions for each in content.sets)


@dataclass(frozen=True, kw_only=True)
class PersonSummary:
    """A line of the list of people."""

    person: Person
    sessions: int
    sets: int
    last_day: date | None


@dataclass(frozen=True, kw_only=True)
class PeoplePage:
    """A part of the list of people, and how many fit what was searched for in all."""

    people: tuple[PersonSummary, ...]
    total: int


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A choice that lasts, and when it was made."""

    key: str
    value: JsonValue
    changed_at: datetime


def _check_moment(name: str, moment: datetime) -> None:
    if moment.utcoffset() is None:
        raise ValueError(f"{name}: expected a time that knows its distance from UTC, got {moment}")


def _check_owner(kind: str, owner_id: str, found: Iterable[str]) -> None:
    for each in found:
        if each != owner_id:
            raise ValueError(f"expected the content of {kind} {owner_id}, got some of {each}")
