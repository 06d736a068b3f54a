"""The first script of the app: navigation and what all pages share."""

from __future__ import annotations

from functools import partial

import streamlit as st

from rom.ui import demo
from rom.ui.access import logged_in, user
from rom.ui.guarding import guarded
from rom.ui.menu import page_names
from rom.ui.preferences import Preferences, preferences
from rom.ui.screens import (
    check,
    compare,
    help,
    people,
    progress,
    recordings,
    settings,
    welcome,
)
from rom.ui.style.sheet import use_style

PAGES = {
    "check": (check.page, "Check"),
    "progress": (progress.page, "Progress"),
    "people": (people.page, "People"),
    "compare": (compare.page, "Compare"),
    "recordings": (recordings.page, "Recordings"),
    "settings": (settings.page, "Settings"),
    "help": (help.page, "Help"),
}


@guarded
def draw() -> None:
    """Draw what has to come first, or the page that is asked for."""
    chosen = preferences() if logged_in() else Preferences()
    use_style(large_text=chosen.large_text, reduced_motion=chosen.reduced_motion)
    if welcome.is_shown() or demo.is_shown():
        return
    who = user()
    names = page_names(who, chosen.who)
    pages = []
    for name in names:
        page, title = PAGES[name]
        pages.append(st.Page(guarded(page), title=title, url_path=name))
    # Streamlit takes its address from the page that opens first, so that one only leads on.
    start = st.Page(
        partial(st.switch_page, pages[0]), title="rom", default=True, visibility="hidden"
    )
    page_chosen = st.navigation([start, *pages], position="top")
    demo.show_banner()
    page_chosen.run()


st.set_page_config(page_title="rom", layout="wide")
draw()
