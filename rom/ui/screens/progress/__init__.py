"""Is it getting better over weeks?"""

from __future__ import annotations

from datetime import date

import streamlit as st

from rom.clinical.wording import movement_title
from rom.records.entities import PersonContent
from rom.records.history import history_of
from rom.records.wording import adherence_sentences
from rom.reports.blocks import Bullets
from rom.reports.content import Course as ShownCourse
from rom.reports.content import WeeksContent
from rom.reports.drawn import trend_caption, trend_drawing
from rom.reports.kept import weeks_content
from rom.reports.phrases import CANNOT_TELL_WEEKS, STANDING_TEXT
from rom.ui import demo
from rom.ui.access import own_person, records
from rom.ui.going import go_to
from rom.ui.screens.progress.flare import ask_flare
from rom.ui.screens.progress.sessions import session_table
from rom.ui.screens.progress.taking import show_taking
from rom.ui.views.blocks import show_blocks, show_drawing, show_words

NOTHING_YET = (
    "There is nothing to show yet. Check one movement before and after the massage; from the second"
    " day on, this page shows how it goes on over the weeks."
)


def page() -> None:
    """Draw the page."""
    st.title("Progress")
    with records() as store:
        content = store.content(own_person().id, series=False)
    if not any(each.sets for each in content.sessions):
        show_words(NOTHING_YET, "rom-lead")
        if st.button("Start a check", type="primary"):
            go_to("check")
        demo.offer()
        return
    ask_flare(content)
    _show_weeks(content)


def _show_weeks(content: PersonContent) -> None:
    today = date.today()
    history = history_of(content, today=today)
    weeks = weeks_content(content, today=today)
    chosen = _chosen(weeks)
    sessions = chosen.weeks.sessions
    question = sessions[0].movement, sessions[0].side
    show_words(chosen.weeks.sentences[0], "rom-lead")
    drawing = trend_drawing(chosen, "progress-trend")
    if drawing is not None:
        show_drawing(drawing, trend_caption(chosen))
    since_first = " ".join(chosen.since_first)
    for sentence in (*chosen.weeks.sentences[1:], since_first, *chosen.retained):
        if sentence:
            show_words(sentence)
    if st.button("Check again", type="primary"):
        go_to("check")
    st.header("How regularly")
    show_words(" ".join(adherence_sentences(history.adherence)))
    if chosen.next_steps or chosen.held_back:
        st.header("What may come next")
        for sentence in chosen.next_steps:
            show_words(sentence)
        if chosen.held_back:
            show_blocks([Bullets(items=chosen.held_back)])
    course = next(each for each in history.courses if (each.movement, each.side) == question)
    with st.expander("All sessions of this movement"):
        show_blocks([session_table(course)])
    with st.expander("What this cannot tell"):
        show_blocks([Bullets(items=CANNOT_TELL_WEEKS)])
    st.header("Take it with you")
    show_taking(weeks, chosen)
    show_words(STANDING_TEXT, "rom-soft")


def _chosen(weeks: WeeksContent) -> ShownCourse:
    """The movement and side that is looked at; the one checked most often at first."""
    if len(weeks.courses) == 1:
        st.header(_title(weeks.courses[0]))
        return weeks.courses[0]
    number = st.selectbox(
        "Movement", range(len(weeks.courses)), format_func=lambda n: _title(weeks.courses[n])
    )
    return weeks.courses[number]


def _title(course: ShownCourse) -> str:
    first = course.weeks.sessions[0]
    title = movement_title(first.movement, first.side)
    return title[:1].upper() + title[1:]
