"""Tables to read: plain HTML, which screen readers and printers know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st


def show_table(rows: Sequence[Mapping[str, str]], *, caption: str) -> None:
    """Draw rows under the names of their columns; every cell is shown as it is."""
    st.html(table_html(rows, caption=caption))


def table_html(rows: Sequence[Mapping[str, str]], *, caption: str) -> str:
    """The markup of a table; a wide one scrolls by itself, by keyboard too."""
    names = list(rows[0]) if rows else []
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(row[name])}</td>" for name in names) + "</tr>"
        for row in rows
    )
    label = escape(caption, quote=True)
    return (
        f'<div class="rom-scroll" tabindex="0" role="region" aria-label="{label}">'
        f'<table class="rom-table rom-words" aria-label="{label}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
