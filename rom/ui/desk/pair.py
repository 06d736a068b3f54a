"""Recordings that are set against each other: measured, checked by hand, kept."""

from __future__ import annotations

import random
import secrets
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import IO, Literal

from rom.assess import Person
from rom.clinical.agreement.switched_on import LocalErrors
from rom.clinical.assessment import Assessment
from rom.clinical.comparison import Comparison, Kind, compare, compare_sides
from rom.clinical.norms import Sex
from rom.editing import TAKEN_BACK, CorrectedSet, open_set
from rom.errors import InputError, UsageError
from rom.keeping import Keeper, keep_correction
from rom.landmarks import Side
from rom.overlay import draw_outcome
from rom.pipeline import AssessmentRequest, Outcome, assess_recording
from rom.records import entities
from rom.records.entities import SessionContent, SetRecord
from rom.records.store import Store
from rom.ui.uploads import put_aside, shown_name, temporary_folder
from rom.video.reading import open_video

Role = Literal["pre1", "pre2", "post", "left", "right"]


@dataclass(frozen=True)
class Recording:
    """A recording that was taken in, and what its file was called."""

    path: Path
    name: str


BLIND_NOTE = "Repetitions were checked with before and after hidden."
_MEASURING_FRAC = 0.7
"""Of the time for one recording; drawing it for the browser takes the rest."""

_NAMES: dict[Role, str] = {
    "pre1": "before",
    "pre2": "before (2)",
    "post": "after",
    "left": "left",
    "right": "right",
}


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is to be measured in the recordings.

    Attributes
    ----------
    movement
        Its name, or "auto".
    side
        Of the person; None to have it recognised, or where left is set against right.
    person
        In whose records the result is kept; None for nobody's.
    hidden
        Whether nobody is told which recording is which until they were checked.
    """

    kind: Kind
    movement: str
    side: Side | None = None
    person: entities.Person | None = None
    mirrored: bool = False
    age: int | None = None
    sex: Sex | None = None
    pain_before: float | None = None
    pain_after: float | None = None
    hidden: bool = False
    local_errors: LocalErrors | None = None


@dataclass(eq=False)
class Pair:
    """Recordings that were measured, as they stand after corrections by hand.

    The videos are drawn ones, among the app's temporary files; they are deleted when the pair is
    let go of, and at the latest when the app ends.
    """

    question: Question
    outcomes: Mapping[Role, Outcome]
    videos: Mapping[Role, Path]
    hidden: bool = False
    order: tuple[Role, ...] = ()
    kept: SessionContent | None = None
    kept_for: entities.Person | None = None
    sets: dict[Role, CorrectedSet] = field(default_factory=dict)
    why_not: dict[Role, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.close = weakref.finalize(self, _delete, [*self.videos.values()])
        self.hidden = self.question.hidden
        shown = self.shown_roles
        self.order = (*random.SystemRandom().sample(shown, len(shown)),) if self.hidden else shown
        person = Person(age=self.question.age, sex=self.question.sex)
        for role, outcome in self.outcomes.items():
            try:
                self.sets[role] = open_set(
                    outcome.assessments[0],
                    outcome.landmarks,
                    person=person,
                    local_errors=self.question.local_errors,
                )
            except UsageError as error:
                self.why_not[role] = str(error)

    @property
    def shown_roles(self) -> tuple[Role, ...]:
        """The two that stand side by side: the set that a change counts from, and the last."""
        if self.question.kind == "left_right":
            return ("left", "right")
        return ("pre2" if "pre2" in self.outcomes else "pre1", "post")

    @property
    def checked_blind(self) -> bool:
        """Whether the repetitions were checked before anybody was told which recording is which."""
        return self.question.hidden and not self.hidden

    def label(self, role: Role) -> str:
        """What a recording is called; a letter while the labels are hidden."""
        if self.hidden:
            return "AB"[self.order.index(role)] if role in self.order else "another one"
        return _NAMES[role]

    def assessment(self, role: Role) -> Assessment:
        """The result of a recording as it stands."""
        corrected = self.sets.get(role)
        if corrected is None or not corrected.changes:
            return self.outcomes[role].assessments[0]
        return corrected.assessment

    @property
    def comparison(self) -> Comparison:
        """What the recordings say together as they stand."""
        return self._compared({role: self.assessment(role) for role in self.outcomes})

    def correct(self, role: Role, corrected: CorrectedSet, store: Store | None) -> None:
        """Take a correction by hand; it is kept at once where the pair is.

        Raises
        ------
        StoreError
            It cannot be kept; then it is not taken.
        """
        before = self.sets[role]
        if self.kept is not None and self.kept_for is not None and store is not None:
            reason = TAKEN_BACK if corrected.takes_back(before) else ""
            kept = self._kept_set(role)
            keep_correction(store, kept, self.kept_for, before, corrected, reason=reason)
        self.sets[role] = corrected

    def keep(self, store: Store, person: entities.Person) -> None:
        """Keep the pair in somebody's records, and every correction after what was measured."""
        notes = BLIND_NOTE if self.checked_blind else ""
        measured = {role: outcome.assessments[0] for role, outcome in self.outcomes.items()}
        comparison = self._compared(measured)
        self.kept = Keeper(store, person).keep_comparison(
            comparison, {str(role): each for role, each in self.outcomes.items()}, notes=notes
        )
        self.kept_for = person
        for role, corrected in self.sets.items():
            states = [
                replace(corrected, repetitions=each)
                for each in (*corrected.earlier, corrected.repetitions)
            ]
            for before, after in zip(states, states[1:], strict=False):
                kept = self._kept_set(role)
                keep_correction(store, kept, person, before, after, reason=notes)

    def _kept_set(self, role: Role) -> SetRecord:
        assert self.kept is not None
        (result,) = self.kept.results
        return next(each for each in self.kept.sets if each.id == result.set_ids[role])

    def _compared(self, sets: Mapping[Role, Assessment]) -> Comparison:
        asked = self.question
        if asked.kind == "left_right":
            return compare_sides(sets["left"], sets["right"], age=asked.age, sex=asked.sex)
        return compare(
            sets["pre1"],
            sets["post"],
            pre2=sets.get("pre2"),
            pain_before=asked.pain_before,
            pain_after=asked.pain_after,
            age=asked.age,
            sex=asked.sex,
        )


def measure_pair(
    question: Question,
    recordings: Mapping[Role, Recording],
    report: Callable[[float | None], None],
    cancelled: Callable[[], bool],
) -> Pair:
    """Measure recordings and draw each for the browser.

    Without a movement it is recognised in the first one, and asked of the others.
    """
    outcomes: dict[Role, Outcome] = {}
    videos: dict[Role, Path] = {}
    try:
        for number, (role, recording) in enumerate(recordings.items()):
            part = partial(_report_part, report, number, len(recordings))
            request = _request(question, role, recording.path, [*outcomes.values()])
            outcome = assess_recording(request, progress=partial(part, 0.0, _MEASURING_FRAC))
            videos[role] = temporary_folder() / f"{secrets.token_hex(12)}.mp4"
            draw_outcome(
                outcome.as_filmed(),
                videos[role],
                force=True,
                progress=partial(part, _MEASURING_FRAC, 1.0 - _MEASURING_FRAC),
                words=False,
            )
            # From here on only its name is of use: that of the file is our own.
            named = replace(outcome.request, video=Path(recording.name))
            outcomes[role] = replace(outcome, request=named)
    except BaseException:
        _delete([*videos.values()])
        raise
    return Pair(question=question, outcomes=outcomes, videos=videos)


def take_in(uploads: Mapping[Role, IO[bytes]]) -> dict[Role, Recording]:
    """Write uploads where only this user can read them, and check that each can be read.

    Raises
    ------
    InputError
        One is no video; then nothing is left of any.
    OutputError
        They cannot be written.
    """
    taken: dict[Role, Recording] = {}
    try:
        for role, upload in uploads.items():
            upload.seek(0)
            name = shown_name(upload.name)
            taken[role] = Recording(put_aside(upload.name, upload), name)
            _check(taken[role])
    except BaseException:
        let_go(taken)
        raise
    return taken


def let_go(recordings: Mapping[Role, Recording]) -> None:
    """Delete what was taken in."""
    _delete([each.path for each in recordings.values()])


def _check(recording: Recording) -> None:
    try:
        open_video(recording.path).close()
    except InputError as error:
        # Whoever sent it knows it by its own name.
        words = str(error).replace(str(recording.path), recording.name)
        raise InputError(words) from error


def _delete(paths: Sequence[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _report_part(
    report: Callable[[float | None], None],
    number: int,
    count: int,
    from_frac: float,
    of_frac: float,
    done: float | None,
) -> None:
    report(None if done is None else (number + from_frac + of_frac * done) / count)


def _request(
    question: Question, role: Role, path: Path, earlier: Sequence[Outcome]
) -> AssessmentRequest:
    movement, side = question.movement, question.side
    if role in ("left", "right"):
        side = Side(role)
    if movement == "auto" and earlier:
        first = earlier[0].assessments[0]
        movement = first.movement
        side = side or first.side
    return AssessmentRequest(
        video=path,
        movement=movement,
        side=side,
        mirrored=question.mirrored,
        age=question.age,
        sex=question.sex,
        local_errors=question.local_errors,
    )
