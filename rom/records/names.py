"""What people may be called: any script, no control characters, and nobody twice."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

from rom.errors import UsageError

MAX_NAME_CHARACTERS = 100
MAX_TEXT_CHARACTERS = 100_000

_UNSHOWN = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
_DIRECTION_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They can make a line read other than it is; right-to-left letters need none of them."""


def checked_name(name: str) -> str:
    """Return a name in its composed form (NFC), with single spaces.

    Raises
    ------
    UsageError
        It is empty, longer than 100 characters, or holds what cannot be shown in one line.

    >>> checked_name("  Anna   B. ")
    'Anna B.'
    """
    clean = re.sub(r"\s+", " ", unicodedata.normalize("NFC", name)).strip()
    if not clean:
        raise UsageError("Expected a name, got nothing; choose what this person is called here")
    if len(clean) > MAX_NAME_CHARACTERS:
        raise UsageError(
            f"Expected a name of up to {MAX_NAME_CHARACTERS} characters, got {len(clean)};"
            " choose a shorter one"
        )
    if not _shown(clean) or not any(unicodedata.category(each)[0] in "LNSP" for each in clean):
        raise UsageError(
            f"Expected a name of letters, digits and signs, got {ascii(clean)}; choose another"
        )
    return clean


def checked_text(text: str) -> str:
    """Return notes as they are.

    Raises
    ------
    UsageError
        They are longer than 100,000 characters, or hold what cannot be stored as text.
    """
    if len(text) > MAX_TEXT_CHARACTERS:
        raise UsageError(
            f"Expected notes of up to {MAX_TEXT_CHARACTERS:,} characters, got {len(text):,};"
            " shorten them"
        )
    if "\0" in text or any(unicodedata.category(each) == "Cs" for each in text):
        raise UsageError("Expected notes as text, got characters that are none; take them out")
    return text


def name_key(name: str) -> str:
    """What two names share if they could be taken for each other.

    >>> name_key("ANNA b.") == name_key("Anna  B.")
    True
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", folded)).strip()


def nearest_names(name: str, names: Iterable[str]) -> list[str]:
    """Up to three of the names that this one may stand for."""
    by_key = {name_key(each): each for each in names}
    return [by_key[key] for key in difflib.get_close_matches(name_key(name), by_key, n=3)]


def _shown(name: str) -> bool:
    categories = {unicodedata.category(each) for each in name}
    return not categories & _UNSHOWN and not _DIRECTION_OVERRIDES & set(name)
