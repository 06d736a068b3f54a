"""The first script of the app: navigation and what all pages share."""

from __future__ import annotations

import streamlit as st

from rom.ui.screens import check, compare, help, people, progress, recordings, settings

PAGES = {
    "check": st.Page(check.page, title="Check", url_path="check", default=True),
    "progress": st.Page(progress.page, title="Progress", url_path="progress"),
    "people": st.Page(people.page, title="People", url_path="people"),
    "compare": st.Page(compare.page, title="Compare", url_path="compare"),
    "recordings": st.Page(recordings.page, title="Recordings", url_path="recordings"),
    "settings": st.Page(settings.page, title="Settings", url_path="settings"),
    "help": st.Page(help.page, title="Help", url_path="help"),
}

st.set_page_config(page_title="rom", layout="wide")
st.navigation(list(PAGES.values()), position="top").run()
