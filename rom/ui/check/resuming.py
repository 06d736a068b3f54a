"""A check that was broken off: a small file for each person, for its owner's eyes only.

It is written after every answer and removed at the end. Where the records are encrypted nothing is
written, because it would lie beside them unencrypted.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rom.errors import InputError
from rom.outputs import Output, json_text, text_writer, write_together
from rom.protocol.constants import figure
from rom.protocol.session import CheckSession
from rom.protocol.stored import session_from_json, session_to_json
from rom.records.codec import from_plain, to_plain
from rom.records.engine import FILE_MODE, is_encrypted
from rom.records.location import data_dir, default_store
from rom.records.store import now
from rom.ui.check.keeping import CheckRecord

FOLDER = "checks"
LARGEST_BYTES = 20_000_000


@dataclass(frozen=True)
class BrokenOff:
    """A check as it was left, and since when."""

    session: CheckSession
    record: CheckRecord
    left_at: datetime

    @property
    def away_s(self) -> float:
        return max(0.0, (now() - self.left_at).total_seconds())

    @property
    def fresh(self) -> bool:
        """Whether it may still go on."""
        return self.away_s <= figure("resume_within_s")


class CheckFolder:
    """The file and the clips of a person's check.

    Clips stay here until they are measured, so that none is lost when the app ends.
    """

    def __init__(self, person_id: str) -> None:
        self._folder = data_dir() / FOLDER / person_id
        self._state = self._folder / "check.json"

    def save(self, session: CheckSession, record: CheckRecord) -> None:
        """Write where a check stands, in place of what was there."""
        if is_encrypted(default_store()):
            return
        content = {
            **session_to_json(session),
            "record": to_plain(record),
            "left_at": now().isoformat(),
        }
        self._make()
        write_together([Output(self._state, text_writer(json_text(content)))], force=True)
        self._state.chmod(FILE_MODE)

    def load(self) -> BrokenOff | None:
        """The check that was broken off; None where there is none that can be read."""
        try:
            content: Any = json.loads(self._state.read_bytes()[:LARGEST_BYTES])
            return BrokenOff(
                session=session_from_json(content),
                record=from_plain(CheckRecord, content["record"]),
                left_at=datetime.fromisoformat(content["left_at"]),
            )
        except (OSError, ValueError, KeyError, TypeError, InputError, RecursionError):
            return None

    def take_clip(self, name: str, path: Path) -> Path:
        """Move a clip here; the name holds no separator."""
        self._make()
        target = self._folder / f"{name}{path.suffix}"
        shutil.move(path, target)
        os.chmod(target, FILE_MODE)
        return target

    def clip(self, take: str) -> Path | None:
        """The clip of a take that is not measured yet."""
        found = sorted(self._folder.glob(f"{take}.*"))
        return found[-1] if found else None

    def clear(self) -> None:
        """Remove everything."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _make(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
