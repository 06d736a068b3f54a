"""What recordings say together, on the pages of the desk."""

from __future__ import annotations

import streamlit as st

from rom.clinical.comparison import Comparison
from rom.reports.drawn import comparison_drawing
from rom.reports.phrases import STANDING_TEXT, value_words
from rom.reports.text import named_sets
from rom.ui.desk.drawn import show_drawing


def show_comparison(comparison: Comparison) -> None:
    """The sentence first, then the sets on one scale, then what it does not tell."""
    first, *more = comparison.sentences
    st.subheader(first)
    for sentence in more:
        st.write(sentence)
    drawing = comparison_drawing(comparison)
    if drawing is not None:
        show_drawing(drawing, key="comparison-drawing")
    for name, each in named_sets(comparison):
        st.caption(f"{name.capitalize()}: {value_words(each)}")
    st.caption(STANDING_TEXT)
