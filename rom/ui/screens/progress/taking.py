"""The report for the person, as a page and as a PDF."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from rom.reports.content import Course, WeeksContent
from rom.reports.person import weeks_for_person
from rom.ui.desk.papers import page_bytes, pdf_bytes


def show_taking(weeks: WeeksContent, chosen: Course) -> None:
    """Draw the buttons for the report of the movement that is looked at."""
    document = weeks_for_person(replace(weeks, courses=[chosen]))
    with st.container(horizontal=True):
        st.download_button(
            "Report (PDF)", partial(pdf_bytes, document), file_name="progress.pdf",
            mime="application/pdf", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            "Report (web page)", partial(page_bytes, document), file_name="progress.html",
            mime="text/html", on_click="ignore",
        )  # fmt: skip
