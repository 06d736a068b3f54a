"""One assessment as all pages show it."""

from __future__ import annotations

import streamlit as st

from rom.clinical.assessment import Assessment
from rom.reports.phrases import (
    accuracy_words,
    change_error_words,
    repetitions_words,
    title_of,
    usual_range_words,
    value_words,
)


def show_result(assessment: Assessment) -> None:
    """Draw a result into the page."""
    st.markdown(f"#### {title_of(assessment)}")
    if not assessment.measured:
        st.text(assessment.refusals[0].message)
        return
    st.metric(repetitions_words(assessment), value_words(assessment))
    st.write(accuracy_words(assessment))
    st.write(change_error_words(assessment))
    st.write(usual_range_words(assessment.normal_range))
    for issue in assessment.issues:
        st.text(issue.message)
