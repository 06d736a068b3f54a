"""The clips of a check: awaited from the browser, measured, then deleted or kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from rom.pipeline import Outcome
from rom.protocol.events import Measured, MeasuredSet
from rom.protocol.machine import advance
from rom.protocol.session import CheckSession, FilmedTake
from rom.records.entities import new_id
from rom.ui.check.keeping import CheckKeeper
from rom.ui.check.marks import with_pain_marks
from rom.ui.check.measuring import Measurer
from rom.ui.check.resuming import CheckFolder
from rom.ui.stage.scenes import Clip

LOST_WORDS = "The recording was lost when the check was broken off."


class CheckClips:
    """Follows each clip of a check; not locked, called behind the conductor's lock.

    Parameters
    ----------
    keep_in
        Where clips are kept after they were measured; None where they are deleted.
    """

    def __init__(
        self, measurer: Measurer, folder: CheckFolder, keeper: CheckKeeper, *, keep_in: Path | None
    ) -> None:
        self._measurer = measurer
        self._folder = folder
        self._keeper = keeper
        self._keep_in = keep_in
        self._awaited: dict[str, str] = {}

    @property
    def done_frac(self) -> float | None:
        """How far the present clip is read, 0 to 1; None where that is not known."""
        return self._measurer.done_frac

    def follow(self, name: str, movement: str, start_byte: int, piece: bytes) -> None:
        """Read a recording while it is made."""
        self._measurer.follow(name, movement, start_byte, piece)

    def expect(self, name: str, take: str) -> None:
        """The recording of this name is the clip of a completed take, and is still to come."""
        self._awaited[name] = take

    def receive(self, clip: Clip, session: CheckSession) -> None:
        """Measure a clip that was awaited; delete any other."""
        take = self._awaited.pop(clip.name, None)
        if take is None:
            self._measurer.leave(clip.name)
            clip.path.unlink(missing_ok=True)
            return
        path = self._folder.take_clip(take, clip.path)
        self._measurer.measure(filmed_take(session, take).request, path, followed=clip.name)

    def lose(self, name: str) -> str | None:
        """A recording will not come; the id of the take that awaited it, if one did."""
        self._measurer.leave(name)
        return self._awaited.pop(name, None)

    def restore(self, pending: Iterable[FilmedTake]) -> tuple[str, ...]:
        """Measure clips that waited when the check was broken off; ids of takes without a clip."""
        gone = []
        for taken in pending:
            clip = self._folder.clip(taken.request.id)
            if clip is None:
                gone.append(taken.request.id)
            else:
                self._measurer.measure(taken.request, clip)
        return tuple(gone)

    def give_up(self) -> tuple[str, ...]:
        """Await no clip any more; the ids of the takes whose clip had not come."""
        takes = tuple(self._awaited.values())
        self._awaited.clear()
        return takes

    def remove(self, take: str) -> None:
        """Delete the clip of a take that was measured, or move it to where clips are kept."""
        clip = self._folder.clip(take)
        if clip is None:
            return
        if self._keep_in is None:
            clip.unlink(missing_ok=True)
            return
        self._keep_in.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{self._keeper.record.started_at:%Y-%m-%d %H%M} {take}{clip.suffix}"
        kept = clip.replace(self._keep_in / name)
        self._keeper.note_clip(kept)

    def close(self, after: Callable[[], None]) -> None:
        """Take no more clips; those that wait are still measured, and `after` is called then."""
        self._measurer.close(after)


def filmed_take(session: CheckSession, take: str) -> FilmedTake:
    """The filmed take of this id."""
    return next(each for each in session.filmed if each.request.id == take)


def measured_event(taken: FilmedTake, outcome: Outcome | None, reason: str) -> Measured:
    """What was read from a clip as the protocol takes it; without an outcome the reason."""
    assessments = with_pain_marks(outcome, taken.pain_marks) if outcome else ()
    sets = tuple(MeasuredSet(id=new_id(), assessment=each) for each in assessments)
    return Measured(taken.request.id, sets, reason)


def without_clips(session: CheckSession, takes: Iterable[str]) -> CheckSession:
    """The session once the clips of these takes are known to be lost."""
    for take in takes:
        session = advance(session, Measured(take, (), LOST_WORDS), at_s=session.last_s)
    return session
