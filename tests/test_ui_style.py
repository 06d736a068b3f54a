"""The colours of the app: those of the reports, readable by all, light and dark."""

from __future__ import annotations

import itertools
import re
import tomllib
from pathlib import Path

import pytest

from rom.reports.style import palette
from rom.ui.style.sheet import app_style

CONFIG = Path(__file__).resolve().parent.parent / ".streamlit" / "config.toml"
TEXT_CONTRAST, MARK_CONTRAST = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11, level AA
TEXTS = ("ink", "soft", "accent", "warning", "stop")
MARKS = ("before", "after", "usual", "pain", "edge")


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2, 0 to 1."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    bright, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_words_and_marks_can_be_read_on_every_ground(scheme: str) -> None:
    colours = palette(scheme)
    for name, ground in itertools.product(TEXTS, ("page", "card")):
        assert contrast(colours[name], colours[ground]) >= TEXT_CONTRAST, (name, ground)
    for name, ground in itertools.product(MARKS, ("page", "card")):
        assert contrast(colours[name], colours[ground]) >= MARK_CONTRAST, (name, ground)
    for kind in ("warning", "stop"):
        for name in (kind, "ink"):
            assert contrast(colours[name], colours[f"{kind}-page"]) >= TEXT_CONTRAST


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_streamlit_has_the_colours_of_the_reports(scheme: str) -> None:
    theme = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"][scheme]
    colours = palette(scheme)
    named = {
        "primaryColor": "accent",
        "backgroundColor": "page",
        "secondaryBackgroundColor": "card",
        "textColor": "ink",
        "linkColor": "accent",
        "borderColor": "rule",
        "blueColor": "before",
        "greenColor": "after",
        "yellowColor": "warning",
        "yellowBackgroundColor": "warning-page",
        "redColor": "stop",
        "redBackgroundColor": "stop-page",
        "grayColor": "soft",
    }
    assert {name: theme[name] for name in named} == {n: colours[c] for n, c in named.items()}
    assert {each for name, each in theme.items()} <= set(colours.values())


def test_every_variable_that_is_used_is_a_colour_of_the_palette() -> None:
    used = set(re.findall(r"var\(--([a-z-]+)\)", app_style()))
    assert used and used <= set(palette("light")) == set(palette("dark"))


def test_the_sheet_holds_no_colour_but_the_palettes() -> None:
    known = {each for scheme in ("light", "dark", "print") for each in palette(scheme).values()}
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", app_style())) <= known


def test_large_text_and_less_motion_can_be_asked_for() -> None:
    assert "font-size: 112.5%" in app_style()
    assert "font-size: 137.5%" in app_style(large_text=True)
    assert "@media (prefers-reduced-motion: reduce)" in app_style()
    assert "@media all" in app_style(reduced_motion=True)


@pytest.mark.parametrize(
    ("scheme", "written"),
    [("dark", "color-scheme: dark;"), ("light", "color-scheme: light;"), (None, "light dark;")],
)
def test_what_opens_above_the_page_follows_the_theme(scheme: str | None, written: str) -> None:
    assert written in app_style(scheme=scheme).splitlines()[0]
