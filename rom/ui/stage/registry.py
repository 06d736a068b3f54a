"""The stages that are up: found by a token that nobody can guess, gone when nobody comes back."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path

from rom.errors import UsageError
from rom.records.location import data_dir
from rom.ui.stage.clips import ClipFolder, remove_leftovers
from rom.ui.stage.running import Drawing, RunningStage
from rom.ui.stage.scenes import Conductor

MAX_STAGES = 32
TOKEN_BYTES = 32
RELOAD_S = 60.0
"""So long a stage waits for a page that was closed or loaded again."""
IDLE_S = 1800.0
"""So long it waits while the page is open, but shows something else."""
CLIPS_NAME = "clips"

IsLive = Callable[[str], bool]


class Stages:
    """The stages of one running app.

    Parameters
    ----------
    is_live
        Whether a page with this Streamlit session is open.
    root
        Where the clips are kept until they are measured; None for the folder of the records.
    """

    def __init__(
        self,
        *,
        is_live: IsLive,
        root: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._is_live = is_live
        self._root = root
        self.clock = clock
        self._folder: ClipFolder | None = None
        self._stages: dict[str, RunningStage] = {}
        self._seen_s: dict[str, float] = {}
        self._lock = threading.RLock()

    def register(
        self,
        conductor: Conductor,
        *,
        owner: str | None = None,
        session: str | None = None,
        drawing: Drawing | None = None,
    ) -> str:
        """Put a conductor behind a stage and return the stage's token.

        Raises
        ------
        UsageError
            Too many stages are up.
        """
        self.sweep()
        with self._lock:
            if len(self._stages) >= MAX_STAGES:
                raise UsageError(
                    f"Expected at most {MAX_STAGES} checks at a time, and as many are under way;"
                    " try again in a few minutes"
                )
            token = secrets.token_urlsafe(TOKEN_BYTES)
            self._stages[token] = RunningStage(
                conductor,
                folder=self._clips().new_folder(),
                owner=owner,
                session=session,
                drawing=drawing,
            )
            self._seen_s[token] = self.clock()
            return token

    def tidy(self) -> None:
        """Remove clips that an app which crashed has left."""
        remove_leftovers(self._clips_root())

    def find(self, token: str) -> RunningStage | None:
        """The stage of a token; None once it is gone."""
        with self._lock:
            return self._stages.get(token)

    def adopt(self, token: str, *, owner: str | None, session: str | None) -> RunningStage | None:
        """Give a stage to the page of its user that was loaded again; None where it is not theirs.

        A page that is still open keeps its stage, also against a copy of itself.
        """
        with self._lock:
            stage = self._stages.get(token)
            if stage is None or stage.owner != owner:
                return None
            if stage.session != session:
                if stage.session is not None and self._is_live(stage.session):
                    return None
                stage.session = session
                self._seen_s[token] = self.clock()
            return stage

    def touch(self, token: str) -> None:
        """A browser is connected to the stage."""
        with self._lock:
            if token in self._stages:
                self._seen_s[token] = self.clock()

    def evict(self, token: str) -> None:
        """End a stage, if it is not gone yet."""
        with self._lock:
            stage = self._stages.pop(token, None)
            self._seen_s.pop(token, None)
        if stage is not None:
            stage.close()

    def sweep(self) -> None:
        """End the stages that nobody comes back to."""
        with self._lock:
            now_s = self.clock()
            gone = [token for token in self._stages if self._is_gone(token, now_s)]
        for token in gone:
            self.evict(token)

    def close(self) -> None:
        """End all stages and remove what is left of their clips."""
        for token in list(self._stages):
            self.evict(token)
        with self._lock:
            if self._folder is not None:
                self._folder.close()
                self._folder = None

    def _is_gone(self, token: str, now_s: float) -> bool:
        session = self._stages[token].session
        live = session is None or self._is_live(session)
        return now_s - self._seen_s[token] > (IDLE_S if live else RELOAD_S)

    def _clips(self) -> ClipFolder:
        if self._folder is None:
            self._folder = ClipFolder(self._clips_root())
        return self._folder

    def _clips_root(self) -> Path:
        return self._root or data_dir() / CLIPS_NAME
