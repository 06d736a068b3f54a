"""What could not be measured: the reason, what to do, and once more. Never a number."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import streamlit as st

from rom.clinical.assessment import Assessment
from rom.errors import UsageError
from rom.landmarks import Side
from rom.movements import MOVEMENTS
from rom.quality.issues import Issue
from rom.reports import phrases
from rom.reports.blocks import Notice
from rom.ui.drawings import drawing
from rom.ui.views.blocks import show_blocks, show_drawing, show_words

Retry = Callable[[], None]


def show_not_measured(assessment: Assessment, retry: Retry | None, *, key: str) -> None:
    """Draw why there is no number, how to film it, and a button where it can be done again."""
    show_words(phrases.NOT_MEASURED, "rom-lead")
    show_issues(assessment.refusals, "Not measured")
    movement = MOVEMENTS.get(assessment.movement)
    if movement is not None:
        name = assessment.side.value if assessment.side else "none"
        left, right = st.columns(2)
        with left:
            _show_picture(f"placement/{movement.name}/{name}", " ".join(movement.start.split()))
        with right:
            words = movement.instruction_for(assessment.side)
            _show_picture(f"movement/{movement.name}/{name}", words)
    show_retry(retry, key=key)


def show_retry(retry: Retry | None, *, key: str) -> None:
    """Draw the button to measure once more, where the page gives one."""
    if retry is not None:
        st.button("Measure again", type="primary", on_click=retry, key=f"{key}-again")


def show_issues(issues: Iterable[Issue], label: str) -> None:
    """Draw what to mind, each sentence once."""
    for message in dict.fromkeys(each.message for each in issues):
        show_blocks([Notice(label=label, words=message)])


def has_picture(movement: str, side: Side | None) -> bool:
    """Whether a movement and side can be drawn."""
    try:
        drawing(f"movement/{movement}/{side.value if side else 'none'}")
    except UsageError:
        return False
    return True


def _show_picture(name: str, words: str) -> None:
    try:
        show_drawing(drawing(name), words)
    except UsageError:
        show_words(words)
