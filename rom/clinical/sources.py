"""Full citations behind the short source names in the tables, and evidence marks in words."""

from __future__ import annotations

import re

from rom.clinical.tables import read_table, text_of

_EVIDENCE_WORDS = {
    "verified": "read in the source",
    "unverified-high": "known figure, source not re-opened, confidence high",
    "unverified-medium": "known figure, source not re-opened, confidence medium",
    "unverified-low": "known figure, source not re-opened, confidence low",
    "derived": "calculated from published figures",
    "heuristic": "our own choice, made from the published figures named",
}


def evidence_words(evidence: str) -> str:
    """An evidence mark in plain words.

    >>> evidence_words("derived")
    'calculated from published figures'
    """
    if evidence not in _EVIDENCE_WORDS:
        raise ValueError(f"expected one of {', '.join(_EVIDENCE_WORDS)}, got {evidence!r}")
    return _EVIDENCE_WORDS[evidence]


def citations_in(text: str) -> tuple[str, ...]:
    """Citations of the sources named in a table cell, in order of mention.

    A name without its year ("WALKER 165") counts when only one source begins with it.
    """
    citations = {text_of(row, "source_id"): text_of(row, "citation") for row in _sources()}
    found: dict[str, str] = {}
    for name in re.findall(r"\b[A-Z][A-Z0-9_]{3,}\b", text):
        matches = [source for source in citations if re.fullmatch(rf"{name}(\d{{4}})?", source)]
        if len(matches) == 1:
            found[matches[0]] = citations[matches[0]]
    return tuple(found.values())


def _sources() -> tuple[dict[str, str | None], ...]:
    return read_table("sources.csv")
