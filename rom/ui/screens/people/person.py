"""One person: what was measured, how it went on, and what can be done now."""

from __future__ import annotations

from datetime import date

import streamlit as st

from rom.clinical.wording import movement_title
from rom.errors import UsageError
from rom.records.entities import Person, PersonContent
from rom.records.history import History, history_of
from rom.records.wording import adherence_sentences, course_sentences
from rom.reports.drawn import profile_drawing, trend_caption, trend_drawing
from rom.reports.kept import weeks_content
from rom.reports.phrases import PROFILE_CAPTION, movement_words
from rom.ui.access import records
from rom.ui.desk.literal import show_name, show_text
from rom.ui.going import MODE_KEY, PERSON_KEY, go_to
from rom.ui.screens.people.details import show_details
from rom.ui.screens.people.listing import SEXES
from rom.ui.screens.people.sessions import show_sessions
from rom.ui.screens.people.taking import show_taking
from rom.ui.views.blocks import show_drawing


def show_person(person: Person) -> None:
    """Draw somebody's page."""
    if st.button("All people", icon=":material/arrow_back:", type="tertiary"):
        st.query_params.clear()
        st.rerun()
    show_name(person.pseudonym)
    st.caption(_about(person))
    if person.notes:
        show_text(person.notes)
    _show_starts(person)
    with records() as store:
        content = store.content(person.id, series=False)
    names = ["Sessions", "Over time", "Left and right", "Reports and data", "Details"]
    sessions, weeks, sides, papers, details = st.tabs(names)
    with sessions:
        show_sessions(content)
    with weeks:
        _show_weeks(content)
    with sides:
        _show_sides(history_of(content, today=date.today()))
    with papers:
        show_taking(content)
    with details:
        show_details(content)


def _about(person: Person) -> str:
    told = []
    if person.birth_year is not None:
        told.append(f"born in {person.birth_year}")
    if person.sex is not None:
        told.append(SEXES[person.sex])
    return ", ".join(told) or "year of birth and sex not told, so no usual range is shown"


def _show_starts(person: Person) -> None:
    check, quick, compare = st.columns(3)
    if check.button("New session", type="primary", width="stretch"):
        _start(person, None)
    if quick.button("Three-minute check", width="stretch"):
        _start(person, "three_minutes")
    if compare.button("Compare videos", width="stretch"):
        st.session_state[PERSON_KEY] = person.id
        go_to("compare")


def _start(person: Person, mode: str | None) -> None:
    st.session_state[PERSON_KEY] = person.id
    st.session_state[MODE_KEY] = mode
    go_to("check")


def _show_weeks(content: PersonContent) -> None:
    try:
        weeks = weeks_content(content, today=date.today())
    except UsageError:
        st.write("There is no session yet. After the first two, how it goes on is drawn here.")
        return
    history = history_of(content, today=date.today())
    st.write(" ".join(adherence_sentences(history.adherence)))
    by_question = {(each.movement, each.side): each for each in history.courses}
    for number, course in enumerate(weeks.courses):
        records_shown = course.weeks.sessions
        question = records_shown[0].movement, records_shown[0].side
        title = movement_title(*question)
        st.subheader(title[:1].upper() + title[1:])
        drawing = trend_drawing(course, f"trend{number}")
        if drawing is not None:
            show_drawing(drawing, trend_caption(course))
        if question in by_question:
            for sentence in course_sentences(by_question[question]):
                st.write(sentence)


def _show_sides(history: History) -> None:
    if not history.profile:
        st.write("Measure a movement on both sides in one session to see left beside right.")
        return
    assessments = [
        each for pair in history.profile for each in (pair.comparison.pre1, pair.comparison.post)
    ]
    drawing = profile_drawing(assessments, "profile")
    if drawing is not None:
        show_drawing(drawing, PROFILE_CAPTION)
    for pair in history.profile:
        st.markdown(f"**{movement_words(pair.movement)}**")
        for sentence in pair.comparison.sentences:
            st.write(sentence)
