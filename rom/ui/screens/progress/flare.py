"""Did it hurt more than before for over a day? Asked once, the day after at the earliest."""

from __future__ import annotations

from datetime import datetime, timedelta

import streamlit as st

from rom.clinical.history_wording import day_words
from rom.clinical.stretching import flare_questions
from rom.clinical.wording import movement_title
from rom.records.entities import PersonContent, Session, SessionResult
from rom.records.store import now
from rom.ui.access import records
from rom.ui.views.blocks import show_words

AFTER = timedelta(hours=24)
_QUESTION_ID = "FL2"
_ANSWERED = "progress_flare"


def ask_flare(content: PersonContent) -> None:
    """Draw the question where it is open, and what to do after a yes."""
    if st.session_state.pop(_ANSWERED, False):
        advice = next(each for each in flare_questions() if each.id == _QUESTION_ID)
        st.warning(advice.message)
    found = open_question(content, now())
    if found is None:
        return
    session, result = found
    with st.container(border=True):
        day, title = day_words(session.day), movement_title(result.movement, result.side)
        show_words(f"After {day} ({title}): did it hurt more than before for over 24 hours?")
        with st.container(horizontal=True):
            no = st.button("No", key="flare-no")
            yes = st.button("Yes", key="flare-yes")
    if yes or no:
        with records() as store:
            store.note_flare(result.id, yes)
        st.session_state[_ANSWERED] = yes
        st.rerun()


def open_question(content: PersonContent, at: datetime) -> tuple[Session, SessionResult] | None:
    """The latest comparison of before and after that was not asked about, a day old or more."""
    found = [
        (each.session, result)
        for each in content.sessions
        for result in each.results
        if result.kind == "before_after" and each.session.started_at + AFTER <= at
    ]
    if not found:
        return None
    session, result = max(found, key=lambda each: each[0].started_at)
    return None if result.flare_over_24_h is not None else (session, result)
