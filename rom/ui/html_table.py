"""Tables to read: plain HTML, which screen readers and printers know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

_STYLE = """
<style>
.rom-table { border-collapse: collapse; width: 100%; font-size: 0.95rem; }
.rom-table th, .rom-table td {
  text-align: start; vertical-align: top; padding: 0.45rem 1rem 0.45rem 0;
  border-bottom: 1px solid var(--rule);
}
.rom-table th { font-weight: 600; }
.rom-table-box { overflow-x: auto; }
</style>
"""


def show_table(rows: Sequence[Mapping[str, str]], *, caption: str) -> None:
    """Draw rows under the names of their columns; every cell is shown as it is."""
    st.html(_STYLE + table_html(rows, caption=caption))


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
        f'<div class="rom-table-box" tabindex="0" role="region" aria-label="{label}">'
        f'<table class="rom-table" aria-label="{label}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
