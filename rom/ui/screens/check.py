"""Which movement is limited, and did the massage change it?"""

from __future__ import annotations

import streamlit as st


def page() -> None:
    """Draw the page."""
    st.title("Check")
