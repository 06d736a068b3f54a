"""What is told of somebody: changed, written down, or deleted with everything."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from rom.errors import RomError
from rom.records.deletion import Deletion, delete_person
from rom.records.entities import Person, PersonContent
from rom.records.names import MAX_NAME_CHARACTERS
from rom.ui.access import records
from rom.ui.desk.literal import literal
from rom.ui.going import PERSON_KEY
from rom.ui.screens.people.listing import DELETED, person_fields


def show_details(content: PersonContent) -> None:
    """Draw what can be changed of somebody."""
    _show_change(content.person)
    st.divider()
    _show_deleting(content)


def _show_change(person: Person) -> None:
    with st.form("change-person", border=False):
        name = st.text_input(
            "Name, nickname or number", person.pseudonym, max_chars=MAX_NAME_CHARACTERS
        )
        year, sex = person_fields(person.birth_year, person.sex)
        notes = st.text_area("Notes", person.notes)
        if not st.form_submit_button("Save"):
            return
    try:
        changed = replace(person, pseudonym=name, birth_year=year, sex=sex, notes=notes)
        with records() as store:
            store.change_person(changed)
    except RomError as error:
        st.error(literal(str(error)), icon=":material/info:")
        return
    st.rerun()


def _show_deleting(content: PersonContent) -> None:
    person = content.person
    st.subheader("Delete this person")
    st.write(
        f"This deletes {_amount(len(content.sessions), 'session')} and"
        f" {_amount(len(content.sets), 'set')} with all values, landmarks, answers and notes. It"
        " cannot be brought back. Files that were exported are not touched; they are named"
        " afterwards."
    )
    with st.form("delete-person", border=False):
        typed = st.text_input("Type the name to confirm", autocomplete="off")
        if not st.form_submit_button("Delete everything of this person"):
            return
    if typed.strip() != person.pseudonym:
        st.error("That is not the name. Nothing was deleted.")
        return
    with records() as store:
        deleted = delete_person(store, person.id)
    st.session_state[DELETED] = [*_deleted_words(deleted)]
    if st.session_state.get(PERSON_KEY) == person.id:
        del st.session_state[PERSON_KEY]
    st.query_params.clear()
    st.rerun()


def _deleted_words(deleted: Deletion) -> list[str]:
    words = [
        f"Deleted, with {_amount(deleted.sessions, 'session')} and {_amount(deleted.sets, 'set')}."
    ]
    for path in deleted.elsewhere:
        words.append(f"Still in a file, which is yours to delete: {literal(str(path))}")
    for path in deleted.perhaps:
        words.append(f"Perhaps still in a file that cannot be read here: {literal(str(path))}")
    return words


def _amount(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
