"""What a check leaves in the records: one session, with every set saved when it ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from rom.clinical.agreement.switched_on import LocalErrors
from rom.clinical.body import places_named
from rom.clinical.massage.record import rounds_done
from rom.clinical.norms import Sex
from rom.clinical.screen import Answer, Screen
from rom.landmarks import LandmarkSeries, Side
from rom.pipeline import Outcome
from rom.protocol.events import MeasuredSet
from rom.protocol.outcome import compared_sets, comparison_of, opposite_sets, remarks
from rom.protocol.session import CheckPlan, CheckSession, FilmedTake, Mode, Pressed
from rom.records.entities import (
    PainScore,
    Person,
    Session,
    SessionContent,
    SetRecord,
    new_id,
)
from rom.records.own_errors import errors_of
from rom.records.sessions import opposite_roles, result_of_comparison
from rom.records.store import now
from rom.ui.access import User, records


@dataclass(frozen=True, kw_only=True)
class CheckRecord:
    """Where in the records a check is kept.

    Attributes
    ----------
    saved_sets
        Ids of the sets that are in the records.
    screened, compared
        Whether the answers and the result are.
    remarks
        What is in the records of what was done otherwise than planned.
    """

    session_id: str
    person_id: str
    started_at: datetime
    saved_sets: tuple[str, ...] = ()
    screened: bool = False
    compared: bool = False
    remarks: tuple[str, ...] = ()
    massage_at: datetime | None = None


class CheckKeeper:
    """Keeps a check in the records of one person; every method is one transaction."""

    def __init__(self, user: User, record: CheckRecord) -> None:
        self._user = user
        self.record = record

    def keep_screen(self, session: CheckSession) -> None:
        """Keep the answers to the safety questions, once they are all given."""
        given = session.screening.given
        if self.record.screened or not given or not session.screening.over:
            return
        answered = now().isoformat(timespec="seconds")
        screen = Screen(answers=session.screening.answers, answered_at=answered)
        with records(self._user) as store:
            store.save_session(SessionContent(session=replace(self._session, screen=screen)))
        self.record = replace(self.record, screened=True)

    def keep_sets(
        self, taken: FilmedTake, sets: Iterable[MeasuredSet], outcome: Outcome | None
    ) -> None:
        """Keep the sets of one clip with the pain that was told, all of it or none."""
        found = [each for each in sets if each.id not in self.record.saved_sets]
        if not found:
            return
        landmarks = outcome.landmarks if outcome else None
        kept = [self._set(taken, each, landmarks) for each in found]
        with records(self._user) as store:
            store.save_session(SessionContent(session=self._session, sets=tuple(kept)))
        saved = (*self.record.saved_sets, *(each.id for each in found))
        self.record = replace(self.record, saved_sets=saved)

    def keep_massage(self, session: CheckSession) -> None:
        """Keep the massage as far as it went."""
        if session.massage is None or not (session.massage.done or session.massage.ended):
            return
        if self.record.massage_at is None:
            self.record = replace(self.record, massage_at=now())
        assert self.record.massage_at is not None
        began = self.record.massage_at.isoformat()
        with records(self._user) as store:
            store.save_session(SessionContent(session=self._session))
            store.save_massage(self.record.session_id, session.massage.record(began))

    def keep_result(self, session: CheckSession) -> None:
        """Keep what the sets before and after said together."""
        comparison = comparison_of(session)
        if self.record.compared or comparison is None:
            return
        ids = {phase.value: each.id for phase, each in compared_sets(session).items()}
        if comparison.arcs is not None:
            roles = opposite_roles(ids)
            ids |= {roles[phase.value]: each.id for phase, each in opposite_sets(session).items()}
        if not set(ids.values()) <= set(self.record.saved_sets):
            return
        with records(self._user) as store:
            store.save_result(result_of_comparison(comparison, self.record.session_id, ids))
        self.record = replace(self.record, compared=True)

    def keep_remarks(self, session: CheckSession) -> None:
        """Keep what was done otherwise than planned, once the check has ended."""
        said = remarks(session)
        if not session.ended or not self.record.saved_sets or said == self.record.remarks:
            return
        with records(self._user) as store:
            store.save_remarks(self.record.session_id, said)
        self.record = replace(self.record, remarks=said)

    def note_clip(self, path: Path) -> None:
        """Have a clip that was kept named when the person is deleted."""
        with records(self._user) as store:
            store.note_copy("recording", path, self.record.person_id)

    def own_errors(self) -> LocalErrors | None:
        """The own error figures that are switched on for the person."""
        with records(self._user) as store:
            return errors_of(store, store.person(self.record.person_id))

    @property
    def _session(self) -> Session:
        return Session(
            id=self.record.session_id,
            person_id=self.record.person_id,
            started_at=self.record.started_at,
        )

    def _set(
        self, taken: FilmedTake, found: MeasuredSet, landmarks: LandmarkSeries | None
    ) -> SetRecord:
        scores = []
        if taken.pain_warm_up is not None:
            scores.append(PainScore(moment="warm_up", score=taken.pain_warm_up))
        if taken.pain is not None:
            scores.append(PainScore(moment="during", score=taken.pain))
        return SetRecord(
            id=found.id,
            session_id=self.record.session_id,
            recorded_at=now(),
            phase=taken.request.phase,
            assessment=found.assessment,
            landmarks=landmarks,
            pain=tuple(scores),
        )


def new_record(person: Person) -> CheckRecord:
    """A new session of a person."""
    return CheckRecord(session_id=new_id(), person_id=person.id, started_at=now())


def plan_for(
    user: User,
    person: Person,
    *,
    mode: Mode,
    region: str | None = None,
    movement: str | None = None,
    side: str | None = None,
    hurts: Iterable[str] = (),
) -> CheckPlan:
    """What a check of a person is to be, with what is known of earlier visits.

    `hurts` are names of places; without any it is asked in the check.
    """
    with records(user) as store:
        sessions = store.content(person.id, series=False).sessions
    screens = [each.session.screen for each in sessions if each.session.screen]
    today = date.today().isoformat()
    rounds = rounds_done((each for kept in sessions for each in kept.massages), day=today)
    places = places_named(sorted(hurts))
    return CheckPlan(
        mode=mode,
        region=region,
        movement=movement,
        side=Side(side) if side else None,
        age=person.age_on(date.today()),
        sex=person.sex,
        earlier=_answers(screens[-1]) if screens else None,
        pressed_today=tuple(
            Pressed(muscle=muscle, side=where, rounds=count)
            for (muscle, where), count in rounds.items()
        ),
        hurts=places or None,
    )


def tell_about(user: User, person: Person, *, birth_year: int | None, sex: Sex | None) -> Person:
    """Keep the year of birth and the sex of a person, as usual ranges depend on them."""
    changed = replace(person, birth_year=birth_year, sex=sex)
    if changed != person:
        with records(user) as store:
            store.change_person(changed)
    return changed


def _answers(screen: Screen) -> tuple[Answer, ...] | None:
    return screen.answers or None
