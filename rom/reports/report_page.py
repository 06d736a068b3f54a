"""A report as one HTML page: no script, nothing loaded from elsewhere, ready to print."""

from __future__ import annotations

import base64
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from rom.reports.blocks import Document
from rom.reports.pdf import Paper
from rom.reports.plain import type_name
from rom.reports.style import stylesheet

_PAPERS = {"a4": "A4", "letter": "letter"}


def report_page(document: Document, *, paper: Paper = "a4") -> str:
    """The report as the text of an HTML file."""
    style = resources.files("rom.reports").joinpath("templates", "report.css")
    return (
        _environment()
        .get_template("report.html")
        .render(
            document=document,
            paper=_PAPERS[paper],
            style=Markup(stylesheet()),
            report_style=Markup(style.read_text(encoding="utf-8")),
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("rom.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["type_name"] = type_name
    environment.filters["data_address"] = _data_address
    return environment


def _data_address(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode('ascii')}"
