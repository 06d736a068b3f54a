"""Begin a check, go on with one that was broken off, or end that one for good."""

from __future__ import annotations

from pathlib import Path

from rom.protocol import events
from rom.protocol.machine import advance, begin
from rom.protocol.session import CheckPlan
from rom.records.entities import Person
from rom.ui.access import User
from rom.ui.check.conductor import CheckConductor
from rom.ui.check.keeping import CheckKeeper, new_record
from rom.ui.check.resuming import BrokenOff, CheckFolder
from rom.ui.check.running import claimed, is_running


def begin_check(
    user: User, person: Person, plan: CheckPlan, *, keep_clips: Path | None = None
) -> CheckConductor:
    """A new check; one that was broken off before is ended and kept as far as it went.

    Raises
    ------
    UsageError
        Another check of the person is under way.
    """
    with claimed(person.id):
        finish_check(user, person)
        session = begin(plan, at_s=0.0)
        return CheckConductor(user, session, new_record(person), keep_clips=keep_clips)


def broken_off_check(person: Person) -> BrokenOff | None:
    """The check that a person may go on with; None where there is none, or it is under way."""
    if is_running(person.id):
        return None
    found = CheckFolder(person.id).load()
    return found if found is not None and found.fresh and not found.session.ended else None


def resume_check(user: User, found: BrokenOff, *, keep_clips: Path | None = None) -> CheckConductor:
    """Go on with a check that was broken off.

    Raises
    ------
    UsageError
        It goes on in another window.
    """
    session = advance(found.session, events.Paused(), at_s=found.session.last_s)
    away_s = max(found.away_s, 0.001)
    with claimed(found.record.person_id):
        conductor = CheckConductor(
            user, session, found.record, away_s=away_s, keep_clips=keep_clips
        )
        conductor.restore()
        return conductor


def finish_check(user: User, person: Person) -> None:
    """End a check that was broken off for good: what was measured is kept, its clips are not."""
    folder = CheckFolder(person.id)
    found = folder.load()
    if found is not None:
        session = found.session
        if not session.ended:
            session = advance(session, events.Ended(), at_s=session.last_s)
        keeper = CheckKeeper(user, found.record)
        for taken in session.filmed:
            result = session.result_of(taken.request.id)
            if result is not None:
                keeper.keep_sets(taken, result.sets, None)
        keeper.keep_massage(session)
        keeper.keep_result(session)
        keeper.keep_remarks(session)
    folder.clear()
