"""How is this measured, how well, and from what sources?"""

from __future__ import annotations

import streamlit as st


def page() -> None:
    """Draw the page."""
    st.title("Help")
