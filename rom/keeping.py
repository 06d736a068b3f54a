"""What `--person NAME` does: keep what a command measured or asked in somebody's records.

What belongs to one day goes into one session, so that the questions, the sets and the massage of a
visit stand together whichever commands they came from.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from rom.clinical.comparison import Comparison
from rom.clinical.directions import Directions
from rom.clinical.json_values import JsonValue
from rom.clinical.massage.record import MassageRecord
from rom.clinical.screen import Screen
from rom.editing import ChangedValue, CorrectedSet, changed_value, same_repetition
from rom.errors import UsageError
from rom.records.entities import (
    Edit,
    ManualReading,
    PainScore,
    Person,
    Phase,
    Session,
    SessionContent,
    SetRecord,
    new_id,
)
from rom.records.own_errors import errors_of
from rom.records.sessions import named_sets, opposite_roles, result_of_comparison, told_anew
from rom.records.store import Store, now, open_store

if TYPE_CHECKING:
    from rom.clinical.agreement.switched_on import LocalErrors
    from rom.clinical.assessment import Assessment
    from rom.pipeline import Outcome

_PHASES = {"pre1": Phase.PRE1, "pre2": Phase.PRE2, "post": Phase.POST}


def ask_passphrase() -> str | None:
    """Ask at the terminal, if there is one."""
    if not sys.stdin.isatty():
        return None
    import getpass

    return getpass.getpass("Passphrase of the records: ") or None


@contextmanager
def records() -> Iterator[Store]:
    """The store of records, open."""
    with open_store(ask=ask_passphrase) as store:
        yield store


@contextmanager
def keeper(name: str, day: date | None, *, files: Sequence[Path] = ()) -> Iterator[Keeper]:
    """Somebody's records, open to keep in; `files` are what will be written of them.

    Raises
    ------
    UsageError
        Nobody is called so, or the day is not over yet.
    """
    if day is not None and day > date.today():
        raise UsageError(f"Expected a day up to today, got {day.isoformat()}; correct --day")
    with records() as store:
        person = store.person(name)
        for path in files:
            store.note_copy("result", path, person.id)
        yield Keeper(store, person, day)


@dataclass
class Keeper:
    """Keeps in the records of one person; `day` is None for today."""

    store: Store
    person: Person
    day: date | None = None
    _begun: Session | None = None

    @property
    def age(self) -> int | None:
        """Of the person on the day."""
        return self.person.age_on(self.day or date.today())

    @property
    def own_errors(self) -> LocalErrors | None:
        """The own error figures that are switched on for the person."""
        return errors_of(self.store, self.person)

    @property
    def kept_words(self) -> str:
        """What to say when it is done."""
        return f"Kept in the records of {self.person.pseudonym}."

    def keep_outcome(self, outcome: Outcome) -> None:
        """Keep what was measured in one recording, each side as a set."""
        session = self._session()
        sets = [
            self._set(session, outcome, assessment, Phase.SINGLE)
            for assessment in outcome.assessments
        ]
        self.store.save_session(SessionContent(session=session, sets=tuple(sets)))

    def keep_comparison(
        self, comparison: Comparison, outcomes: Mapping[str, Outcome], *, notes: str = ""
    ) -> SessionContent:
        """Keep the sets of a comparison, and what they said together; all of it or none.

        `notes` are written beside each of its sets. Returns what was kept.
        """
        session = self._session(comparison)
        assessments = named_sets(comparison)
        if "other_side" in outcomes:
            assessments["other_side"] = outcomes["other_side"].assessments[0]
        pains = {"post": comparison.pain_after, "pre1": comparison.pain_before}
        sets = {
            role: replace(
                self._set(
                    session, outcomes[role], each, _PHASES.get(role, Phase.SINGLE), pains.get(role)
                ),
                notes=notes,
            )
            for role, each in assessments.items()
        }
        ids = {role: each.id for role, each in sets.items()}
        result = result_of_comparison(comparison, session.id, ids)
        content = SessionContent(session=session, sets=tuple(sets.values()), results=(result,))
        self.store.save_session(content)
        return content

    def keep_directions(
        self, directions: Directions, outcomes: Mapping[str, Outcome]
    ) -> SessionContent:
        """Keep clips that show left and right, and what they said together of each direction."""
        session = self._session(directions.left)
        pains = {"post": directions.left.pain_after, "pre1": directions.left.pain_before}
        sets = {
            (side, role): self._set(session, outcomes[role], each, _PHASES[role], pains.get(role))
            for side, comparison in directions.of_side.items()
            for role, each in named_sets(comparison).items()
        }
        results = []
        for side, comparison in directions.of_side.items():
            ids = {role: each.id for (where, role), each in sets.items() if where is side}
            if comparison.arcs is not None:
                ids |= {
                    other: sets[side.other, role].id for role, other in opposite_roles(ids).items()
                }
            results.append(result_of_comparison(comparison, session.id, ids))
        content = SessionContent(session=session, sets=tuple(sets.values()), results=tuple(results))
        self.store.save_session(content)
        return content

    def note_flare(self, movement: str, side: str | None, flare: bool) -> None:
        """Keep whether the last session of a movement and side was followed by a flare-up.

        Raises
        ------
        UsageError
            There was none.
        """
        content = self.store.content(self.person.id, series=False)
        results = [
            result
            for session in content.sessions
            if session.session.day <= self._moment().date()
            for result in session.results
            if (result.kind, result.movement, result.side) == ("before_after", movement, side)
        ]
        if not results:
            raise UsageError(
                f"Expected an earlier session of {movement}, but there is none to which --flare"
                " could belong; leave it out"
            )
        self.store.note_flare(results[-1].id, flare)

    def keep_massage(self, massage: MassageRecord) -> None:
        """Keep a massage, or the same one as it goes on."""
        session = self._saved_session()
        self.store.save_massage(session.id, massage)

    def keep_screen(self, screen: Screen) -> None:
        """Keep the answers to the safety questions."""
        session = self._saved_session()
        self.store.save_screen(session.id, screen)

    def last_screen(self) -> Screen | None:
        """The latest answers that are kept."""
        sessions = self.store.content(self.person.id, series=False).sessions
        screens = [each.session.screen for each in sessions if each.session.screen]
        return screens[-1] if screens else None

    def massages(self) -> list[MassageRecord]:
        """All massages that are kept."""
        sessions = self.store.content(self.person.id, series=False).sessions
        return [massage for each in sessions for massage in each.massages]

    def _moment(self) -> datetime:
        if self.day is None or self.day == date.today():
            return now()
        return datetime.combine(self.day, time(12)).astimezone()

    def _saved_session(self) -> Session:
        if self._begun is None:
            session = self._session()
            self.store.save_session(SessionContent(session=session))
            self._begun = session
        return self._begun

    def _session(self, comparison: Comparison | None = None) -> Session:
        """The session of the day; a new one where its question has been answered already."""
        moment = self._moment()
        content = self.store.content(self.person.id, series=False)
        today = [each for each in content.sessions if each.session.day == moment.date()]
        if today and not (comparison and _answered(today[-1], comparison)):
            return today[-1].session
        return Session(id=new_id(), person_id=self.person.id, started_at=moment)

    def _set(
        self,
        session: Session,
        outcome: Outcome,
        assessment: Assessment,
        phase: Phase,
        pain: float | None = None,
    ) -> SetRecord:
        scores = () if pain is None else (PainScore(moment="during", score=pain),)
        return SetRecord(
            id=new_id(),
            session_id=session.id,
            recorded_at=self._moment(),
            phase=phase,
            assessment=assessment,
            landmarks=outcome.landmarks,
            pain=scores,
            recording=outcome.request.video.name.encode(errors="replace").decode(),
        )


def keep_correction(
    store: Store,
    kept: SetRecord,
    person: Person,
    before: CorrectedSet,
    after: CorrectedSet,
    *,
    reason: str = "",
) -> None:
    """Keep one correction by hand of a set, and what the sets of its session say since.

    One that leaves nothing changed brings back what was measured. Readings of an instrument stay
    with the repetition that they were read at.
    """
    changed = changed_value(before, after)
    for reading in store.set(kept.id).readings:
        _renumber(store, kept, reading, _renumbered(reading.repetition, changed))
    if not after.changes:
        store.undo_edits(kept.id)
        _tell_anew(store, kept, person)
        return
    edit = Edit(
        field=changed.field,
        before=_plain(changed.before),
        after=_plain(changed.after),
        edited_at=now(),
        reason=reason,
    )
    store.add_edit(kept.id, edit, after.assessment)
    _tell_anew(store, kept, person)


def keep_as_measured(store: Store, kept: SetRecord, person: Person) -> None:
    """Bring back what was measured in a set, without any correction by hand."""
    changed = store.set(kept.id)
    if changed.original is not None:
        now_there, measured = changed.assessment.repetitions, changed.original.repetitions
        for reading in changed.readings:
            if reading.repetition is not None:
                number = same_repetition(now_there[reading.repetition], measured)
                _renumber(store, kept, reading, number)
    store.undo_edits(kept.id)
    _tell_anew(store, kept, person)


def _renumber(store: Store, kept: SetRecord, reading: ManualReading, number: int | None) -> None:
    if number != reading.repetition:
        # First the new one: what is interrupted here is twice there, and not lost.
        store.add_reading(kept.id, replace(reading, id=new_id(), repetition=number))
        store.remove_reading(reading.id)


def _tell_anew(store: Store, kept: SetRecord, person: Person) -> None:
    content = store.content(person.id, series=False)
    (session,) = (each for each in content.sessions if each.session.id == kept.session_id)
    by_id = {each.id: each.assessment for each in session.sets}
    for result in session.results:
        if kept.id not in result.set_ids.values():
            continue
        sets = {role: by_id[set_id] for role, set_id in result.set_ids.items()}
        age = person.age_on(session.session.day)
        comparison = told_anew(result, sets, age=age, sex=person.sex)
        told = result_of_comparison(comparison, result.session_id, result.set_ids)
        store.save_result(replace(told, id=result.id, flare_over_24_h=result.flare_over_24_h))


def _renumbered(number: int | None, changed: ChangedValue) -> int | None:
    if number is None:
        return None
    if changed.inserted is not None and number >= changed.inserted:
        return number + 1
    if changed.removed is not None and number > changed.removed:
        return number - 1
    return number


def _plain(value: bool | float | dict[str, float] | None) -> JsonValue:
    return {**value} if isinstance(value, dict) else value


def _answered(session: SessionContent, comparison: Comparison) -> bool:
    asked = (comparison.kind, comparison.post.movement, comparison.post.side)
    return any((each.kind, each.movement, each.side) == asked for each in session.results)
