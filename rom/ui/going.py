"""From one page to another."""

from __future__ import annotations

from typing import Literal, NoReturn

import streamlit as st

PERSON_KEY = "person_id"
"""In the session's state: for whom the next page is opened."""
MODE_KEY = "mode"
"""In the session's state: which kind of check the check page begins with."""

GONE = "Whom this page was for is no longer in the records."
"""Shown where somebody was deleted in another window since."""

PageName = Literal["check", "progress", "people", "compare", "recordings", "settings", "help"]


def go_to(name: PageName, **query: str) -> NoReturn:
    """Leave the page that is being drawn for another one."""
    st.switch_page(st.Page(_nowhere, title=name, url_path=name), query_params=query)
    raise AssertionError("a page that was left is not drawn on")


def _nowhere() -> None:
    """Streamlit knows a page by its address; what it draws is said in `rom.ui.main`."""
