"""Error figures of one's own, in place of those that come with the app."""

from __future__ import annotations

import streamlit as st

from rom.clinical.agreement.learned import learn
from rom.errors import RomError
from rom.records.own_errors import switch_off, switch_on, switched_on
from rom.records.pairs import baseline_pairs, reference_pairs
from rom.records.store import Store
from rom.ui.access import records, user

ABOUT = (
    "Values of a goniometer beside ours, and two sets before the massage, tell how well your own"
    " camera and place measure. Where there are enough of them, they can stand in for the figures"
    " on the help page; every value then names them as its source."
)


def show() -> None:
    """Draw the switch."""
    if user().role == "person":
        return
    st.subheader("Your own error figures")
    st.markdown(ABOUT)
    with records() as store:
        found = switched_on(store)
        on = st.toggle("Use your own figures", value=found is not None, key="set_own_errors")
        if on == (found is not None):
            for sentence in found.sentences if found else ():
                st.text(sentence)
            return
        if not on:
            switch_off(store)
            st.rerun()
        _switch_on(store)


def _switch_on(store: Store) -> None:
    contents = [store.content(each.person.id, series=False) for each in store.people()]
    references = [pair for content in contents for pair in reference_pairs(content)]
    baselines = [pair for content in contents for pair in baseline_pairs(content)]
    try:
        switch_on(store, learn(references, baselines))
    except RomError as error:
        st.warning(str(error), icon=":material/info:")
        return
    st.rerun()
