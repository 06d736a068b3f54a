"""Blocks as plain values, for templates that know nothing of Python."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

from markupsafe import Markup

from rom.reports.blocks import Document, Figure

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def document_value(document: Document, drawing: Callable[[Markup], str]) -> dict[str, Any]:
    """A document as dictionaries and lists; each block carries its `type`.

    `drawing` prepares the SVG of a figure for the form that asks.
    """
    return {
        field.name: _value(getattr(document, field.name), drawing) for field in fields(document)
    }


def type_name(block: object) -> str:
    """The name of a block's kind.

    >>> type_name(Figure(drawing=Markup("")))
    'figure'
    """
    return _CAPITAL.sub("_", type(block).__name__).lower()


def _value(value: Any, drawing: Callable[[Markup], str]) -> Any:
    if isinstance(value, Figure):
        return {
            "type": "figure",
            "svg": drawing(value.drawing),
            "alternative": value.alternative,
            "caption": value.caption,
            "width_frac": value.width_frac,
        }
    if isinstance(value, bytes):
        return list(value)
    if isinstance(value, (list, tuple)):
        return [_value(each, drawing) for each in value]
    if is_dataclass(value):
        content = {
            field.name: _value(getattr(value, field.name), drawing) for field in fields(value)
        }
        return {"type": type_name(value), **content}
    return value
