"""Where the data are, and how the app looks and sounds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from rom.ui.access import user
from rom.ui.preferences import Preferences, Who, preferences, save_preferences
from rom.ui.screens.settings import camera, figures, keeping

_WHO: dict[Who, str] = {"me": "For me", "clients": "With clients"}
_PLAIN = "12.5°"
_COMMA = "12,5°"


def page() -> None:
    """Draw the page."""
    st.title("Settings")
    chosen = preferences()
    _account()
    _audience(chosen)
    _looks(chosen)
    _sound(chosen)
    camera.show(chosen)
    _recordings(chosen)
    figures.show()
    keeping.show()


def _account() -> None:
    who = user()
    if who.account is None:
        return
    left, right = st.columns([3, 1], vertical_alignment="center")
    left.text(f"You are logged in as {who.name}." if who.name else "You are logged in.")
    right.button("Log out", on_click=st.logout, width="stretch")


def _audience(chosen: Preferences) -> None:
    if user().role == "person":
        return
    st.subheader("Who it is for")
    st.radio(
        "This changes the order of the pages, nothing else",
        list(_WHO),
        index=list(_WHO).index(chosen.who or "me"),
        format_func=_WHO.__getitem__,
        horizontal=True,
        key="set_who",
        on_change=_save,
        args=["who"],
    )


def _looks(chosen: Preferences) -> None:
    st.subheader("Reading")
    _toggle("large_text", "Larger text", chosen)
    _toggle("reduced_motion", "No moving parts", chosen)
    st.radio(
        "Decimals in the table of the recordings",
        [False, True],
        index=int(chosen.decimal_comma),
        format_func=lambda comma: _COMMA if comma else _PLAIN,
        horizontal=True,
        key="set_decimal_comma",
        on_change=_save,
        args=["decimal_comma"],
    )
    st.markdown(
        "Everywhere else angles are told in whole degrees, and files to download have a point, as"
        " other programs expect it. Light or dark follows your system; the menu with three dots at"
        " the top right changes it for this app."
    )


def _sound(chosen: Preferences) -> None:
    st.subheader("Sound")
    _toggle("voice", "Speak the prompts", chosen)


def _recordings(chosen: Preferences) -> None:
    st.subheader("Clips of the guided check")
    _toggle("keep_clips", "Keep the clips after they are measured", chosen)
    st.markdown("Clips show you. Without this they are deleted as soon as they are measured.")


def _toggle(name: str, label: str, chosen: Preferences) -> None:
    st.toggle(label, value=getattr(chosen, name), key=f"set_{name}", on_change=_save, args=[name])


def _save(name: str) -> None:
    value: Any = st.session_state[f"set_{name}"]
    save_preferences(replace(preferences(), **{name: value}))
