"""Everybody in the records: found by name, a page at a time, and added."""

from __future__ import annotations

from datetime import date

import streamlit as st

from rom.clinical.history_wording import day_words
from rom.clinical.norms import Sex
from rom.errors import RomError
from rom.records.entities import EARLIEST_BIRTH_YEAR, PersonSummary
from rom.records.names import MAX_NAME_CHARACTERS
from rom.ui import demo
from rom.ui.access import records
from rom.ui.desk.literal import literal

PAGE_SIZE = 20
SEXES: dict[Sex | None, str] = {None: "not told", "F": "female", "M": "male"}
DELETED = "people-deleted"
"""In the session's state: what to tell after somebody was deleted."""

_SHOWN = "people-page"
_LINES_STYLE = """<style>
[class*="st-key-open-"] button { justify-content: flex-start; text-align: left; }
[class*="st-key-open-"] button > div { justify-content: flex-start; }
[class*="st-key-open-"] button p { font-weight: 400 !important; }
</style>"""


def show_people() -> None:
    """Draw the list."""
    st.title("People")
    for words in st.session_state.pop(DELETED, []):
        st.info(words, icon=":material/info:")
    search = st.text_input(
        "Find by name", key="people-search", on_change=_from_the_start, placeholder="part of a name"
    )
    number = st.session_state.get(_SHOWN, 0)
    with records() as store:
        found = store.people_page(search, limit=PAGE_SIZE, offset=number * PAGE_SIZE)
    if not found.total:
        _show_nobody(search)
    st.html(_LINES_STYLE)
    for each in found.people:
        _show_line(each)
    _show_paging(number, found.total)
    _show_adding(open_at_once=not found.total and not search)
    if found.total:
        st.divider()
        if st.button("Agreement with instruments", icon=":material/straighten:"):
            st.query_params["view"] = "agreement"
            st.rerun()


def open_person(person_id: str) -> None:
    """Go to somebody's page; for a button's `on_click`."""
    st.query_params["person"] = person_id


def _show_nobody(search: str) -> None:
    if search:
        st.write("Nobody is called so. Try a shorter part of the name, or add somebody.")
    else:
        st.write("Nobody is here yet. Add the first person; a nickname or a number is enough.")
        demo.offer()


def _show_line(each: PersonSummary) -> None:
    st.button(
        f"**{literal(each.person.pseudonym)}**  \n{_summary(each)}",
        key=f"open-{each.person.id}",
        on_click=open_person,
        args=(each.person.id,),
        width="stretch",
    )


def _summary(each: PersonSummary) -> str:
    if each.last_day is None:
        return "no session yet"
    sessions = "1 session" if each.sessions == 1 else f"{each.sessions} sessions"
    return f"{sessions}, last on {day_words(each.last_day)}"


def _show_paging(number: int, total: int) -> None:
    pages = -(-total // PAGE_SIZE)
    if pages < 2:
        return
    back, words, forward = st.columns([1, 2, 1], vertical_alignment="center")
    back.button("Back", disabled=number == 0, on_click=_turn, args=(number - 1,), width="stretch")
    words.markdown(f"Page {number + 1} of {pages}, {total:,} people")
    forward.button(
        "On", disabled=number + 1 >= pages, on_click=_turn, args=(number + 1,), width="stretch"
    )


def _turn(number: int) -> None:
    st.session_state[_SHOWN] = number


def _from_the_start() -> None:
    st.session_state[_SHOWN] = 0


def _show_adding(*, open_at_once: bool) -> None:
    with st.expander("Add somebody", icon=":material/person_add:", expanded=open_at_once):
        with st.form("add-person", clear_on_submit=False, border=False):
            name = st.text_input("Name, nickname or number", max_chars=MAX_NAME_CHARACTERS)
            year, sex = person_fields(None, None)
            if not st.form_submit_button("Add", type="primary"):
                return
        try:
            with records() as store:
                added = store.add_person(name, birth_year=year, sex=sex)
        except RomError as error:
            st.error(literal(str(error)), icon=":material/info:")
            return
        open_person(added.id)
        st.rerun()


def person_fields(year: int | None, sex: Sex | None) -> tuple[int | None, Sex | None]:
    """Ask for what usual ranges depend on."""
    left, right = st.columns(2)
    chosen = left.number_input(
        "Year of birth",
        min_value=EARLIEST_BIRTH_YEAR,
        max_value=date.today().year,
        value=year,
        step=1,
        format="%d",
        help="For the usual range of the age; may be left out.",
    )
    sexes = list(SEXES)
    told = right.radio(
        "Sex", sexes, index=sexes.index(sex), format_func=SEXES.__getitem__, horizontal=True
    )
    return chosen, told
