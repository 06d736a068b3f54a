"""How somebody likes the app to look, sound and keep.

On one's own computer that is a small file beside the records, so that a store that cannot be opened
does not cost the large text; whoever logs in has it in the records. Nothing in it is about a body.
What cannot be read is as good as none.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

from rom.outputs import Output, json_text, text_writer, write_together
from rom.records.engine import FILE_MODE, make_private
from rom.records.location import data_dir
from rom.ui.access import User, records, user

Who = Literal["me", "clients"]

LARGEST_BYTES = 100_000
NAME = "preferences.json"
KEY = "app_preferences"


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
    """

    who: Who | None = None
    large_text: bool = False
    reduced_motion: bool = False
    voice: bool = True
    camera_id: str | None = None
    keep_clips: bool = False
    decimal_comma: bool = False


def preferences(of: User | None = None) -> Preferences:
    """What somebody chose; of whoever is at the app where nobody is named."""
    who = _real(of or user())
    if who.id is None:
        return _preferences_of(_read_file(_path()))
    with records(who) as store:
        kept = store.setting(KEY)
    return _preferences_of(kept.value if kept else None)


def save_preferences(chosen: Preferences, of: User | None = None) -> None:
    """Keep what somebody chose.

    Raises
    ------
    OutputError
        The folder of the records cannot be written.
    StorageFullError
        There is no room.
    StoreError
        The records of whoever logged in cannot be opened.
    """
    who = _real(of or user())
    if who.id is not None:
        with records(who) as store:
            store.save_setting(KEY, asdict(chosen))
        return
    path = _path()
    make_private(path, create=False)
    write_together([Output(path, text_writer(json_text(asdict(chosen))))], force=True)
    path.chmod(FILE_MODE)


def forget_preferences() -> None:
    """Delete what was chosen on this computer; what is in the records goes with them."""
    _path().unlink(missing_ok=True)


def _real(who: User) -> User:
    """Whoever looks at the demo has their own preferences there, too."""
    return replace(who, id=who.account, demo=False)


def _path() -> Path:
    return data_dir() / NAME


def _read_file(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes()[:LARGEST_BYTES])
    except (OSError, ValueError, RecursionError):
        return None


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
