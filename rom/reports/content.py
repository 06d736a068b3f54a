"""What a report is asked to show: who, which sets and comparisons, or which weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from rom.clinical.assessment import Assessment
from rom.clinical.comparison import Comparison
from rom.clinical.norms import Sex
from rom.clinical.weeks import Weeks

Audience = Literal["person", "therapist"]


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Who the report is about; everything may be left out.

    `name` is what the person is called here.
    """

    name: str | None = None
    age: int | None = None
    sex: Sex | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class ShownSet:
    """One set with its name in the report.

    Attributes
    ----------
    recording
        Name of the file, without its folder; None for a live set.
    still
        The frame at the peak with the angle drawn, as JPEG; None unless pictures were asked for.
    notes
        What was written beside it: pain, values of an instrument, edits.
    set_id
        Its name in the records; None where it is not kept.
    """

    name: str
    assessment: Assessment
    recording: str | None = None
    still: bytes | None = None
    notes: Sequence[str] = ()
    set_id: str | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class SessionContent:
    """One session: sets, and what was compared.

    Attributes
    ----------
    sets
        All sets, in order; those of `comparison` are among them.
    comparison
        Before and after, or left and right; None where nothing was compared.
    massage
        What was pressed, a line each.
    remarks
        What was done otherwise than planned, a sentence each.
    """

    subject: Subject = field(default_factory=Subject)
    day: date | None = None
    sets: Sequence[ShownSet]
    comparison: Comparison | None = None
    massage: Sequence[str] = ()
    remarks: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Change:
    """Change within a session, what it had to exceed, and the pain after it.

    `of_arc` is that of left and right together.
    """

    change_deg: float | None
    limit_deg: float | None
    pain_after: float | None
    of_arc: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Course:
    """The weeks of one movement and side.

    Attributes
    ----------
    after_deg
        The value right after the massage of each session of `weeks`; None where there is none.
    changes
        The change within each session; None where nothing was compared.
    latest
        The latest first set that was measured, for its usual range and the way it was filmed.
    next_steps, held_back
        Which next steps are open, and what the next one waits for.
    since_first, retained
        The first day against the latest, and what was left of the last gain.
    """

    weeks: Weeks
    after_deg: Sequence[float | None]
    changes: Sequence[Change | None]
    latest: Assessment | None = None
    next_steps: Sequence[str] = ()
    held_back: Sequence[str] = ()
    since_first: Sequence[str] = ()
    retained: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class WeeksContent:
    """One person's weeks; the first course is the one that the person's page is about.

    `adherence` says how regularly there was a session, of whatever movement.
    """

    subject: Subject = field(default_factory=Subject)
    courses: Sequence[Course]
    adherence: Sequence[str] = ()
