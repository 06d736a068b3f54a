"""What a page shows when something goes wrong: a sentence, never a trace."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

from rom.errors import PassphraseError, RomError
from rom.ui import access

_Parameters = ParamSpec("_Parameters")

UNEXPECTED = (
    "Something went wrong on this page that should not. What was saved before is safe. Load the"
    " page again; if it stays so, the app's log says more."
)

_log = logging.getLogger(__name__)


def guarded(page: Callable[_Parameters, None]) -> Callable[_Parameters, None]:
    """Wrap what draws a page: its errors become a sentence, and the other pages stay usable."""

    @wraps(page)
    def drawn(*values: _Parameters.args, **named: _Parameters.kwargs) -> None:
        try:
            page(*values, **named)
        except Exception as error:
            show_error(error)

    return drawn


def show_error(error: Exception) -> bool:
    """Show what went wrong, where the page was going on; True as Streamlit's handlers return it."""
    if isinstance(error, RomError):
        st.error(str(error), icon=":material/info:")
        if isinstance(error, PassphraseError) and not access.login_needed():
            _ask_passphrase()
    else:
        _log.error("A page failed", exc_info=error)
        st.error(UNEXPECTED, icon=":material/info:")
    return True


def _ask_passphrase() -> None:
    with st.form("passphrase"):
        typed = st.text_input("Passphrase of the records", type="password")
        if st.form_submit_button("Open the records", type="primary") and typed:
            try:
                access.unlock(typed)
            except PassphraseError as error:
                st.error(str(error))
                return
            st.rerun()
