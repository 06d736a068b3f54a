"""How a value was measured, how well, and from what sources: one click away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from rom.clinical.assessment import Assessment
from rom.clinical.norms import NormalRange
from rom.reports import phrases
from rom.reports.blocks import Bullets
from rom.reports.drawn import sources_of
from rom.ui.views.blocks import show_blocks, show_words

TITLE = "How this was measured, how well, and from what sources"


def show_method(
    assessments: Sequence[Assessment], ranges: Sequence[NormalRange | None] = ()
) -> None:
    """Draw the explanation of some measured sets, closed at first."""
    with st.expander(TITLE):
        for sentence in dict.fromkeys(_sentences(assessments)):
            show_words(sentence)
        show_words(phrases.ERRORS_EXPLAINED, "rom-soft")
        if any(each.pain_marks for each in assessments):
            show_words(phrases.ONSET_EXPLAINED, "rom-soft")
        sources = sources_of(assessments, [*ranges, *(each.normal_range for each in assessments)])
        if sources:
            show_words("Sources")
            show_blocks([Bullets(items=sources, soft=True)])


def _sentences(assessments: Sequence[Assessment]) -> Iterator[str]:
    for each in assessments:
        if each.measured:
            yield f"{phrases.repetitions_words(each).capitalize()} of one recording."
            yield phrases.accuracy_words(each)
            yield phrases.change_error_words(each)
        yield from phrases.own_error_words(each)
        yield _provenance(each)


def _provenance(assessment: Assessment) -> str:
    made = assessment.provenance
    rate = "" if made.frame_rate_hz is None else f" at {made.frame_rate_hz:.0f} frames a second"
    corrected = "" if made.correction is None else f", correction {made.correction}"
    return (
        f"Read from {made.frames} frames{rate} with rom {made.rom_version}, pose model"
        f" {made.model}{corrected}."
    )
