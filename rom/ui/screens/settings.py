"""Where the data are, and how the app looks and sounds."""

from __future__ import annotations

import streamlit as st


def page() -> None:
    """Draw the page."""
    st.title("Settings")
