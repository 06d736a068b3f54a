"""Standing sentences of the guidance, each with its source in `guidance.csv`."""

from __future__ import annotations

from functools import cache

from rom.clinical.tables import read_table, text_of


def guidance_words(key: str) -> str:
    """The sentence under a key of the table."""
    return _sentences()[key]


@cache
def _sentences() -> dict[str, str]:
    return {text_of(row, "key"): text_of(row, "words") for row in read_table("guidance.csv")}
