"""Names show as they were typed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from record_builders import ODD_NAMES

from rom.ui.desk.literal import literal


def unescaped(markdown: str) -> str:
    """What a reader of CommonMark makes of escaped text, without word joiners."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown).replace("\u2060", "")


@given(st.text().filter(lambda text: "\u2060" not in text and "\\" not in text))
def test_what_is_read_is_what_was_typed(text: str) -> None:
    assert unescaped(literal(text)) == " ".join(text.split())


@given(st.text())
def test_no_punctuation_stands_alone(text: str) -> None:
    assert not re.search(r"(?<!\\)[*_`\[\]$<>#~|]", re.sub(r"\\.", "", literal(text)))


@pytest.mark.parametrize("name", [*ODD_NAMES.values(), "**a** <script> :smile: $x$", ":red[b]"])
def test_no_shortcode_or_directive_is_left(name: str) -> None:
    shown = literal(name)
    assert unescaped(shown) == " ".join(name.split())
    assert not re.search(r":[\w+-]+:", shown.replace("\\", ""))
