"""How somebody likes the app to look, sound and keep: a small file beside the records.

Nothing in it is about a body. A file that cannot be read is as good as none.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from rom.outputs import Output, json_text, text_writer, write_together
from rom.records.engine import FILE_MODE, make_private
from rom.records.location import data_dir
from rom.ui.access import user

Who = Literal["me", "clients"]

LARGEST_BYTES = 100_000


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """What can be chosen in the settings.

    Attributes
    ----------
    who
        Whether the app is used for oneself or with clients; None until it was asked.
    voice
        Whether prompts are spoken.
    camera_id
        The browser's name for the camera; None for the one that it offers first.
    keep_clips
        Whether a clip is kept after it was measured.
    decimal_comma
        Whether tables are written with 12,5 in place of 12.5.
    own_errors
        Whether error figures of one's own are used where they hold.
    """

    who: Who | None = None
    large_text: bool = False
    reduced_motion: bool = False
    voice: bool = True
    camera_id: str | None = None
    keep_clips: bool = False
    decimal_comma: bool = False
    own_errors: bool = False


def preferences(owner: str | None = None) -> Preferences:
    """What somebody chose; of whoever is at the app where no owner is named."""
    path = _path(owner or user().id)
    try:
        content = json.loads(path.read_bytes()[:LARGEST_BYTES])
    except (OSError, ValueError, RecursionError):
        return Preferences()
    return _preferences_of(content)


def save_preferences(chosen: Preferences, owner: str | None = None) -> None:
    """Keep what somebody chose.

    Raises
    ------
    OutputError
        The folder of the records cannot be written.
    StorageFullError
        There is no room.
    """
    path = _path(owner or user().id)
    make_private(path, create=False)
    write_together([Output(path, text_writer(json_text(asdict(chosen))))], force=True)
    path.chmod(FILE_MODE)


def forget_preferences(owner: str | None) -> None:
    """Delete what somebody chose."""
    _path(owner).unlink(missing_ok=True)


def _path(owner: str | None) -> Path:
    name = "local" if owner is None else hashlib.sha256(owner.encode()).hexdigest()
    return data_dir() / f"preferences-{name}.json"


def _preferences_of(content: Any) -> Preferences:
    """Each value by itself, so that one of another version does not cost the others."""
    if not isinstance(content, dict):
        return Preferences()
    plain = Preferences()
    chosen = {
        each.name: content[each.name]
        for each in fields(Preferences)
        if each.name in content and _fits(each.name, getattr(plain, each.name), content[each.name])
    }
    return Preferences(**chosen)


def _fits(name: str, default: object, value: object) -> bool:
    if name == "who":
        return value in ("me", "clients", None)
    if name == "camera_id":
        return value is None or (isinstance(value, str) and len(value) <= 1000)
    return type(value) is type(default)
