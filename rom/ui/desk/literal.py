"""Names and notes as they were typed, where Streamlit would read them as Markdown."""

from __future__ import annotations

import re
from html import escape

import streamlit as st

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_SHORTCODE = re.compile(r":(?=[\w+-]+:)")
_NO_BREAK = "\u2060"


def literal(text: str) -> str:
    """Return Markdown that shows a text as it is, in one line.

    Every sign of punctuation is escaped. Emoji shortcodes are replaced after that, so an invisible
    word joiner stands in them.

    >>> literal("**a** $x$")
    '\\\\*\\\\*a\\\\*\\\\* \\\\$x\\\\$'
    """
    one_line = " ".join(text.split())
    return _PUNCTUATION.sub(r"\\\1", _SHORTCODE.sub(f":{_NO_BREAK}", one_line))


def show_name(name: str, *, level: int = 1) -> None:
    """Show a name as a heading."""
    st.html(f"<h{level} class='rom-name'>{escape(name)}</h{level}>")


def show_text(text: str) -> None:
    """Show what somebody wrote, with its line breaks."""
    lines = "<br>".join(escape(line) for line in text.splitlines())
    st.html(f"<p class='rom-typed'>{lines}</p>")
