"""Agreement of readings as one HTML page."""

from __future__ import annotations

from collections.abc import Sequence

from rom.clinical.agreement.study import Agreement
from rom.clinical.agreement.wording import (
    CANNOT_TELL_AGREEMENT,
    agreement_sentences,
    agreement_title,
    method_sentences,
)
from rom.reports.agreement_figure import agreement_figure
from rom.reports.agreement_text import agreement_citations, agreement_rows
from rom.reports.page import render


def agreement_page(
    agreements: Sequence[Agreement],
    *,
    own_figures: Sequence[str] = (),
    files: Sequence[str] = (),
) -> str:
    """All results with their drawings; `files` are the names of the tables read."""
    return render(
        "agreement.html",
        title="Agreement of readings",
        files=files,
        parts_shown=[
            {
                "title": agreement_title(agreement),
                "sentences": agreement_sentences(agreement),
                "methods": method_sentences(agreement),
                "rows": agreement_rows(agreement),
                "figure": agreement_figure(
                    agreement,
                    title=f"Difference over mean, {agreement_title(agreement)}",
                    identifier=f"agreement{number}",
                ),
            }
            for number, agreement in enumerate(agreements)
        ],
        own_figures=own_figures,
        cannot_tell=CANNOT_TELL_AGREEMENT,
        sources=agreement_citations(agreements),
    )
