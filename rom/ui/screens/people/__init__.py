"""Who, and what happened since last time?"""

from __future__ import annotations

import streamlit as st

from rom.errors import StoreError, UsageError
from rom.records.entities import Person
from rom.ui.access import records
from rom.ui.going import GONE
from rom.ui.screens.people.agreement import show_agreement
from rom.ui.screens.people.listing import DELETED, show_people
from rom.ui.screens.people.person import show_person

PERSON, VIEW = "person", "view"
"""In the address: who is looked at, by an id that says nothing; and what else than the list."""


def page() -> None:
    """Draw the page."""
    person = _person()
    if st.query_params.get(VIEW) == "agreement":
        show_agreement(person)
    elif person is not None:
        show_person(person)
    else:
        show_people()


def _person() -> Person | None:
    named = st.query_params.get(PERSON)
    if not named:
        return None
    try:
        with records() as store:
            return store.person(named)
    except (StoreError, UsageError):
        # Somebody who was deleted since, or another user's.
        st.query_params.clear()
        st.session_state.setdefault(DELETED, [GONE])
        return None
