"""The one stylesheet of the app, over the colours and drawing rules of the reports.

Streamlit sets `color-scheme` on the page by the theme that is in use, which the user may have
chosen against the system's. So every colour is a `light-dark()` pair and follows it wherever it is
used; only what opens above the page (dialogs, lists) lies outside and takes it from the root.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

import streamlit as st

from rom.reports.style import drawing_rules, palette

_PAGES = "Pages"
_PLAIN_SIZE, _LARGE_SIZE = "112.5%", "137.5%"
_STILL = """
*, ::before, ::after {
  animation-duration: 0.01ms !important; animation-iteration-count: 1 !important;
  transition-duration: 0.01ms !important; scroll-behavior: auto !important;
}
"""


def use_style(*, large_text: bool = False, reduced_motion: bool = False) -> None:
    """Dress the page that is being drawn; called once for each run, before the page.

    Parameters
    ----------
    large_text
        Sets everything about a fifth larger; the browser's own text size counts in any case.
    reduced_motion
        Stops all movement; what the system asks for counts in any case.
    """
    style = app_style(
        scheme=st.context.theme.type, large_text=large_text, reduced_motion=reduced_motion
    )
    st.html(f"<style>{style}</style>")


def use_full_width() -> None:
    """Give the page the width of the window instead of that of a column of text."""
    st.html("<style>.stMainBlockContainer { max-width: 84rem !important; }</style>")


def app_style(
    *, scheme: str | None = None, large_text: bool = False, reduced_motion: bool = False
) -> str:
    """The stylesheet; `scheme` is light or dark, None for the system's."""
    size = _LARGE_SIZE if large_text else _PLAIN_SIZE
    parts = [
        f":root {{ color-scheme: {scheme if scheme in ('light', 'dark') else 'light dark'}; }}",
        f"html {{ font-size: {size} !important; }}",
        _colours(),
        drawing_rules(),
        resources.files("rom.ui.style").joinpath("app.css").read_text(encoding="utf-8"),
    ]
    parts.append(f'[data-testid="stExpandSidebarButton"]::after {{ content: "{_PAGES}"; }}')
    motion = "all" if reduced_motion else "(prefers-reduced-motion: reduce)"
    parts.append(f"@media {motion} {{{_STILL}}}")
    return "\n".join(parts)


@cache
def _colours() -> str:
    """The palettes of the reports as variables; a browser without `light-dark()` gets light."""
    light, dark, paper = palette("light"), palette("dark"), palette("print")
    plain = "".join(f"--{name}: {colour};" for name, colour in light.items())
    pairs = "".join(f"--{name}: light-dark({light[name]}, {dark[name]});" for name in light)
    printed = "".join(f"--{name}: {colour};" for name, colour in paper.items())
    return (
        f":root {{{plain}}}\n"
        f"@supports (color: light-dark(red, red)) {{ :root {{{pairs}}} }}\n"
        f"@media print {{ :root {{{printed}}} }}"
    )
