"""Who, and what happened since last time?"""

from __future__ import annotations

import streamlit as st


def page() -> None:
    """Draw the page."""
    st.title("People")
