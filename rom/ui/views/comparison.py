"""Before and after, or left and right: the sentence, the figures, and what they can mean."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from rom.clinical.comparison import Comparison
from rom.clinical.decisions import attribution
from rom.clinical.wording import got_worse
from rom.reports import phrases
from rom.reports.blocks import Bullets
from rom.reports.drawn import comparison_drawing, pain_drawing
from rom.reports.person import comparison_caption
from rom.reports.text import named_sets
from rom.ui.views.again import Retry, show_issues, show_retry
from rom.ui.views.blocks import show_blocks, show_drawing, show_words
from rom.ui.views.method import show_method
from rom.ui.views.seen import Landmarks, Shown, show_picture, show_signs


def show_comparison(
    comparison: Comparison,
    *,
    person: str | None = None,
    picture: Shown | None = None,
    clips: dict[str, Path] | None = None,
    landmarks: Landmarks | None = None,
    retry: Retry | None = None,
    key: str = "comparison",
) -> None:
    """Draw what two or three sets say together.

    Parameters
    ----------
    person
        Who it is about, as they are called here.
    picture
        A still of the peak, or a short loop.
    clips
        Recordings in H.264 by the name of their set (before, before (1), before (2), after, left,
        right), to show the moments of the signs.
    landmarks
        Gives the landmarks of a set, to draw those moments where there is no recording.
    retry
        Called where it shall be measured again.
    """
    st.header(phrases.comparison_title(comparison))
    if person is not None:
        show_words(person, "rom-soft")
    first, *rest = comparison.sentences
    if got_worse(comparison):
        st.error(first)
    else:
        show_words(first, "rom-lead")
    if comparison.verdict == "not_comparable":
        _show_refused(comparison, rest, retry, key=key)
        return
    drawing = comparison_drawing(comparison)
    if drawing is not None:
        show_drawing(drawing, comparison_caption(comparison))
    pain = pain_drawing(comparison)
    if pain is not None:
        show_drawing(pain, phrases.PAIN_CAPTION)
    meant = _meaning(comparison)
    for sentence in rest:
        if sentence not in meant:
            show_words(sentence)
    show_picture(picture, f"The frame at the peak, {phrases.value_words(comparison.post)}.")
    _show_signs(comparison, clips or {}, landmarks, key=key)
    sets = [each for _, each in named_sets(comparison)]
    show_issues([issue for each in sets for issue in each.issues], "Note")
    _show_meaning(comparison, meant)
    show_method(sets, [comparison.normal_before, comparison.normal_after])
    show_retry(retry, key=key)
    show_words(phrases.STANDING_TEXT, "rom-soft")


def _show_refused(
    comparison: Comparison, reasons: list[str], retry: Retry | None, *, key: str
) -> None:
    """Why nothing is told, and what to do; no number."""
    for sentence in reasons:
        show_words(sentence)
    for name, each in named_sets(comparison):
        show_issues(each.refusals, f"Not measured, {name}")
    show_retry(retry, key=key)


def _show_signs(
    comparison: Comparison, clips: dict[str, Path], landmarks: Landmarks | None, *, key: str
) -> None:
    sets = [(name, each) for name, each in named_sets(comparison) if each.patterns]
    if not sets:
        return
    with st.expander("Seen in the way of moving, and when"):
        for name, each in sets:
            show_signs(
                each, name.capitalize(), clips.get(name), key=f"{key}-{name}", landmarks=landmarks
            )


def _meaning(comparison: Comparison) -> list[str]:
    """The sentences on what a change can mean: the label's wording and what else may change it."""
    label = comparison.label
    found = [] if label is None or got_worse(comparison) else [label.wording]
    if comparison.verdict in ("gain", "loss"):
        found.append(attribution())
    return found


def _show_meaning(comparison: Comparison, meant: list[str]) -> None:
    before_after = comparison.kind == "before_after"
    reason = comparison.label_reason if before_after else None
    shown = [each for each in meant if each in comparison.sentences]
    if shown or reason:
        with st.expander("What this can mean", expanded=True):
            for sentence in shown:
                show_words(sentence)
            if reason:
                show_words(reason, "rom-soft")
    with st.expander("What it cannot tell"):
        show_blocks([Bullets(items=phrases.CANNOT_TELL_CHANGE)])
    with st.expander("What to do next"):
        show_words(phrases.NEXT_TIME)
