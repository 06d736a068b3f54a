"""A report as a tagged PDF (PDF/UA-1), typeset by Typst with fonts that come with it.

The content goes to the template as data, so that no name can be taken for markup, and nothing is
read but these fonts and, for scripts that they lack, the fonts of the computer.
"""

from __future__ import annotations

import atexit
import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, Literal

import typst
from pymupdf_fonts import fontbuffers

from rom.reports.blocks import Document
from rom.reports.plain import document_value
from rom.reports.style import palette, standalone

Paper = Literal["a4", "letter"]
_PAPERS = {"a4": "a4", "letter": "us-letter"}
_FONTS = ("notos", "notosbo", "figo")
"""Noto Sans in two weights; FiraGO for Arabic, Hebrew, Thai, Georgian and Devanagari."""
_NOT_SHOWN = re.compile(r'the text `"(.*)"` could not be displayed')


@dataclass(frozen=True)
class MadePdf:
    """A PDF file; `unshown` is a sign that no font has and that shows as an empty box, else empty.

    With such a sign it is tagged all the same, but not to the letter of the standard.
    """

    content: bytes
    unshown: str = ""


def report_pdf(document: Document, *, paper: Paper = "a4") -> MadePdf:
    """The report as a PDF; fonts of the computer are asked only for signs that ours lack."""
    content = {
        **document_value(document, standalone),
        "paper": _PAPERS[paper],
        "palette": palette("print"),
        "name": document.name or "",
        "name_rtl": is_right_to_left(document.name or ""),
    }
    inputs = {"document": json.dumps(content, allow_nan=False)}
    unshown = ""
    for system_fonts in (False, True):
        try:
            return MadePdf(_compiled(inputs, system_fonts, ["ua-1"]))
        except typst.TypstError as error:
            found = _NOT_SHOWN.search(str(error))
            if found is None:
                raise
            unshown = found[1]
    return MadePdf(_compiled(inputs, True, []), unshown)


def is_right_to_left(text: str) -> bool:
    """Whether a text runs from right to left: by its first letter that has a direction.

    >>> is_right_to_left("(2) שלום Anna"), is_right_to_left("Anna שלום")
    (True, False)
    """
    strong = (unicodedata.bidirectional(each) for each in text)
    return next((each in ("R", "AL") for each in strong if each in ("L", "R", "AL")), False)


def _compiled(inputs: dict[str, str], system_fonts: bool, standards: list[Any]) -> bytes:
    compiler = typst.Compiler(
        _template(), font_paths=_fonts(system_fonts), sys_inputs=inputs, root=_fonts_folder()
    )
    made = compiler.compile(format="pdf", pdf_standards=standards)
    assert isinstance(made, bytes)
    return made


@cache
def _template() -> bytes:
    return resources.files("rom.reports").joinpath("templates", "report.typ").read_bytes()


@cache
def _fonts(system_fonts: bool) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=system_fonts,
        include_embedded_fonts=False,
        font_paths=[_fonts_folder()],
    )


@cache
def _fonts_folder() -> Path:
    """The fonts as files, which Typst reads; they go when the program ends."""
    folder = Path(mkdtemp(prefix="rom-fonts-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    for name in _FONTS:
        (folder / f"{name}.ttf").write_bytes(fontbuffers[name]())
    return folder
