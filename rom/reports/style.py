"""Colours and the style of drawings, kept once in ``templates/style.css`` for page and PDF."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Literal

from markupsafe import Markup

Scheme = Literal["light", "dark", "print"]
_SCHEMES: tuple[Scheme, ...] = ("light", "dark", "print")
FONT = "Noto Sans"


@cache
def stylesheet() -> str:
    """The style of all pages."""
    style = resources.files("rom.reports").joinpath("templates", "style.css")
    return style.read_text(encoding="utf-8")


@cache
def palette(scheme: Scheme) -> dict[str, str]:
    """The colours of a scheme by their names."""
    blocks = re.findall(r":root \{(.*?)\}", stylesheet(), re.DOTALL)
    block = dict(zip(_SCHEMES, blocks, strict=True))[scheme]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+)", block))


def standalone(drawing: Markup) -> str:
    """A drawing that carries the print style in itself, for readers without a style sheet."""
    opening = '<svg xmlns="http://www.w3.org/2000/svg" class="figure"'
    start, _, rest = str(drawing).partition("</desc>")
    start = start.replace('<svg class="figure"', opening, 1)
    return f"{start}</desc><style>{_drawing_style()}</style>{rest}"


@cache
def drawing_rules() -> str:
    """The rules for the parts of a drawing; colours are variables."""
    return "\n".join(re.findall(r"^\.figure [^{]*\{[^}]*\}", stylesheet(), re.MULTILINE))


@cache
def _drawing_style() -> str:
    style = drawing_rules().replace("inherit", f'"{FONT}"')
    colours = palette("print")
    return re.sub(r"var\(--([a-z-]+)\)", lambda found: colours[found[1]], style)
