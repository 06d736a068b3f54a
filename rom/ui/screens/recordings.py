"""What do all these files say, and which failed?"""

from __future__ import annotations

import streamlit as st


def page() -> None:
    """Draw the page."""
    st.title("Recordings")
