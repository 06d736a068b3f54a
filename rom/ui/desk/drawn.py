"""Drawings of the reports on a page of the app."""

from __future__ import annotations

from markupsafe import Markup
from streamlit.components.v2 import component

# `st.html` takes every SVG out. What goes in here is made by our own drawings, which escape all.
_JS = """
export default function ({ parentElement, data }) {
  parentElement.querySelector("[data-drawing]").innerHTML = data.html;
}
"""
_drawing = component(
    "rom.desk_drawing", html="<div data-drawing></div>", js=_JS, isolate_styles=False
)


def show_drawing(drawing: Markup, caption: str = "", *, key: str) -> None:
    """Show a drawing with what its marks mean; the page's style gives it its colours."""
    words = Markup("<figcaption>{}</figcaption>").format(caption) if caption else ""
    html = Markup("<figure class='rom-figure'>{}{}</figure>").format(drawing, words)
    _drawing(key=key, data={"html": str(html)})
