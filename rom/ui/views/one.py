"""One movement, one side, one recording."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from rom.clinical.assessment import Assessment
from rom.reports import phrases
from rom.reports.blocks import BigValue, Bullets
from rom.reports.content import ShownSet
from rom.reports.drawn import curves_drawing, set_drawing
from rom.ui.views.again import Retry, show_issues, show_not_measured, show_retry
from rom.ui.views.blocks import show_blocks, show_drawing, show_words
from rom.ui.views.method import show_method
from rom.ui.views.seen import Landmarks, Shown, show_picture, show_signs


def show_assessment(
    assessment: Assessment,
    *,
    person: str | None = None,
    picture: Shown | None = None,
    clip: Path | None = None,
    landmarks: Landmarks | None = None,
    retry: Retry | None = None,
    key: str = "assessment",
) -> None:
    """Draw a result: value, error, usual range and signs, or why there is no number.

    Parameters
    ----------
    person
        Who it is about, as they are called here.
    picture
        The still of the peak, or a short loop.
    clip
        The whole recording in H.264, to show the moments of the signs.
    landmarks
        Gives the landmarks of the set, to draw those moments where there is no recording.
    retry
        Called where it shall be measured again.
    """
    st.header(phrases.title_of(assessment))
    if person is not None:
        show_words(person, "rom-soft")
    if not assessment.measured:
        show_not_measured(assessment, retry, key=key)
        return
    value = phrases.value_words(assessment)
    if assessment.bound == "exact" and assessment.accuracy_deg is not None:
        value += f" ±{assessment.accuracy_deg:.0f}°"
    show_blocks([BigValue(value=value, words=phrases.repetitions_words(assessment))])
    show_words(phrases.usual_range_words(assessment.normal_range))
    onset = phrases.onset_words(assessment)
    if onset:
        show_words(onset)
    drawing = set_drawing(assessment, key)
    if drawing is not None:
        show_drawing(drawing, phrases.SET_CAPTION)
    show_picture(picture, f"The frame at the peak, {phrases.value_words(assessment)}.")
    show_issues(assessment.issues, "Note")
    curve = curves_drawing([ShownSet(name="", assessment=assessment)], f"{key}-curve")
    if curve is not None:
        show_drawing(curve, phrases.CURVE_CAPTION)
    show_signs(assessment, "Seen", clip, key=key, landmarks=landmarks)
    with st.expander("What this cannot tell"):
        show_blocks([Bullets(items=phrases.CANNOT_TELL)])
        show_words(phrases.NEXT_TIME)
    show_method([assessment])
    show_retry(retry, key=key)
    show_words(phrases.STANDING_TEXT, "rom-soft")
