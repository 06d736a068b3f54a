"""What is shown before anything else: the login, and the one question of the first start."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from rom.ui.access import logged_in, login_needed, user
from rom.ui.preferences import Who, preferences, save_preferences
from rom.ui.screens.settings.keeping import say_deleted

PRIVATE = (
    "Everything is measured on this computer. No picture, no number and no name is sent anywhere."
)
FOR_ME = "Measure your own movements before and after self-massage, and follow them over weeks."
WITH_CLIENTS = "Keep several people, compare recordings side by side, and write reports."


def is_shown() -> bool:
    """Draw what has to come first; False where there is nothing of that."""
    if not logged_in():
        _login()
        return True
    if user().role == "therapist" and preferences().who is None:
        _first_start()
        return True
    return False


def _login() -> None:
    st.title("rom")
    st.write("Range of motion from one ordinary camera. Log in to see your measurements.")
    providers = [name for name, value in st.secrets["auth"].items() if hasattr(value, "keys")]
    if not providers:
        st.button("Log in", type="primary", on_click=st.login)
    for name in providers:
        st.button(f"Log in with {name.capitalize()}", on_click=st.login, args=[name])


def _first_start() -> None:
    say_deleted()
    st.title("Who is this for?")
    left, right = st.columns(2)
    with left.container(border=True, height="stretch"):
        st.subheader("For me")
        st.write(FOR_ME)
        if st.button("Use it for me", type="primary", width="stretch"):
            _choose("me")
    with right.container(border=True, height="stretch"):
        st.subheader("With clients")
        st.write(WITH_CLIENTS)
        if st.button("Use it with clients", type="primary", width="stretch"):
            _choose("clients")
    st.markdown("This changes the order of the pages, and can be changed in the settings.")
    if not login_needed():
        st.markdown(PRIVATE)


def _choose(who: Who) -> None:
    save_preferences(replace(preferences(), who=who))
    st.rerun()
