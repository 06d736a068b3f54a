"""Brings the records and the file of a check up to date, as far as the check went."""

from __future__ import annotations

from rom.errors import RomError
from rom.pipeline import Outcome
from rom.protocol.session import CheckSession, StepKind
from rom.ui.check.keeping import CheckKeeper, CheckRecord
from rom.ui.check.resuming import CheckFolder


class CheckSaver:
    """Saves one check; not locked, called behind the conductor's lock."""

    def __init__(self, keeper: CheckKeeper, folder: CheckFolder) -> None:
        self._keeper = keeper
        self._folder = folder
        self._outcomes: dict[str, Outcome] = {}
        self._trouble = ""

    @property
    def record(self) -> CheckRecord:
        """Where in the records the check is kept."""
        return self._keeper.record

    @property
    def trouble(self) -> str:
        """Why something could not be kept at last; empty where all could."""
        return self._trouble

    def hold(self, take: str, outcome: Outcome) -> None:
        """Have what was read from a clip at hand until its sets are saved."""
        self._outcomes[take] = outcome

    def save(self, session: CheckSession) -> None:
        """Save what is new; what could not be is tried again the next time."""
        try:
            self._keeper.keep_screen(session)
            self._keep_sets(session)
            self._keeper.keep_massage(session)
            self._keeper.keep_result(session)
            self._keeper.keep_remarks(session)
            if session.ended and not session.pending:
                self._folder.clear()
            else:
                self._folder.save(session, self.record)
            self._trouble = ""
        except RomError as error:
            self._trouble = str(error)
        except OSError as error:
            self._trouble = f"Expected to write where this check stands, but: {error.strerror}."

    def _keep_sets(self, session: CheckSession) -> None:
        """Save every set that is measured, once its pain was asked."""
        for taken in session.filmed:
            result = session.result_of(taken.request.id)
            asked_now = session.kind is StepKind.PAIN_TAKE and taken is session.filmed[-1]
            if result is None or asked_now:
                continue
            outcome = self._outcomes.get(taken.request.id)
            self._keeper.keep_sets(taken, result.sets, outcome)
            self._outcomes.pop(taken.request.id, None)
