"""Several movements of one person: which is the most limited, on the body and side by side."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from rom.clinical.assessment import Assessment
from rom.clinical.wording import degrees
from rom.reports import phrases
from rom.reports.blocks import Bullets, Column, Heading, Notice, Table
from rom.reports.drawn import profile_drawing
from rom.reports.numbers import DASH
from rom.reports.person import MOST_SIDES, side_sentences
from rom.ui.drawings.results import most_limited_first, results_drawing, results_name
from rom.ui.views.again import Retry
from rom.ui.views.blocks import show_blocks, show_drawing, show_words
from rom.ui.views.method import show_method
from rom.ui.views.seen import Landmarks, show_signs


def show_profile(
    assessments: Sequence[Assessment],
    *,
    landmarks: Landmarks | None = None,
    retry: Retry | None = None,
    key: str = "profile",
) -> None:
    """Draw what several movements say together, the most limited first.

    Parameters
    ----------
    landmarks
        Gives the landmarks of a set, to draw the moments of its signs.
    retry
        Called where it shall be measured again.
    """
    if not assessments:
        show_words("Nothing has been measured yet.")
        return
    ordered = most_limited_first(assessments)
    measured = [each for each in ordered if each.measured]
    words = phrases.profile_headline(ordered) if measured else "Nothing could be measured."
    show_words(words, "rom-lead")
    show_drawing(results_drawing(results_name(ordered)))
    drawing = profile_drawing(measured, key)
    if drawing is not None:
        show_drawing(drawing, phrases.PROFILE_CAPTION)
        show_blocks([_table(measured)])
    differences = [*side_sentences(measured)]
    if differences:
        show_blocks([Heading(words="Left and right"), Bullets(items=differences[:MOST_SIDES])])
    for each in measured:
        onset = phrases.onset_words(each)
        if onset:
            show_words(f"{phrases.title_of(each)}: {onset[:1].lower()}{onset[1:]}")
    for each in ordered:
        if not each.measured:
            reasons = " ".join(dict.fromkeys(issue.message for issue in each.refusals))
            label = f"Not measured, {phrases.title_of(each)}"
            show_blocks([Notice(label=label, words=reasons)])
    _show_signs(measured, landmarks, key=key)
    if retry is not None:
        st.button("Measure again", on_click=retry, key=f"{key}-again")
    if measured:
        show_method(measured)


def _show_signs(measured: Sequence[Assessment], landmarks: Landmarks | None, *, key: str) -> None:
    found = [each for each in measured if each.patterns]
    if found:
        with st.expander("Seen in the way of moving, and when"):
            for number, each in enumerate(found):
                show_signs(
                    each, phrases.title_of(each), None, key=f"{key}-{number}", landmarks=landmarks
                )


def _table(measured: Sequence[Assessment]) -> Table:
    rows = []
    for each in measured:
        normal = each.normal_range
        low = None if normal is None else normal.lower_deg
        rows.append(
            [
                phrases.title_of(each),
                _value(each),
                DASH if low is None else degrees(low, decimals=1),
            ]
        )
    columns = [
        Column(words="Movement", align="left"),
        Column(words="Value, 95 % accuracy"),
        Column(words="usual from"),
    ]
    return Table(caption="All movements", hidden_caption=True, columns=columns, rows=rows)


def _value(assessment: Assessment) -> str:
    assert assessment.value_deg is not None and assessment.accuracy_deg is not None
    value = degrees(assessment.value_deg, decimals=1)
    if assessment.bound == "at_least":
        return f"at least {value}"
    return f"{value} ±{degrees(assessment.accuracy_deg, decimals=1)}"
