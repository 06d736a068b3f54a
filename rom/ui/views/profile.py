"""Several movements of one person: which is the most limited, on the body and side by side."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from rom.clinical.assessment import Assessment
from rom.clinical.body import movement_sides
from rom.clinical.wording import degrees
from rom.movements import MOVEMENTS
from rom.reports import phrases
from rom.reports.blocks import Bullets, Column, Heading, Notice, Table
from rom.reports.drawn import profile_drawing
from rom.reports.numbers import DASH
from rom.reports.person import MOST_SIDES, side_sentences
from rom.ui.drawings import body_map
from rom.ui.views.again import Retry
from rom.ui.views.blocks import show_blocks, show_drawing, show_words
from rom.ui.views.method import show_method
from rom.ui.views.seen import Landmarks, show_signs

_SHOWN_AT: dict[str, tuple[str, ...]] = {
    "neck": ("neck_front", "neck_back"),
    "shoulder": ("shoulder_front", "shoulder_outer", "shoulder_back"),
    "elbow": ("elbow_front", "elbow_outer"),
    "wrist": ("palm", "hand_back"),
    "hip": ("hip_front", "hip_outer", "buttock"),
    "knee": ("knee_front", "knee_back"),
    "ankle": ("ankle_front", "heel"),
    "trunk": ("low_back", "waist"),
    "trunk and hips": ("low_back", "waist"),
}
_ORDER = ("below", "near_lower_end", "within", "not_stated", "not_measured")


def show_profile(
    assessments: Sequence[Assessment],
    *,
    landmarks: Landmarks | None = None,
    retry: Retry | None = None,
    key: str = "profile",
) -> None:
    """Draw what several movements say together, the most limited first.

    Parameters
    ----------
    landmarks
        Gives the landmarks of a set, to draw the moments of its signs.
    retry
        Called where it shall be measured again.
    """
    if not assessments:
        show_words("Nothing has been measured yet.")
        return
    ordered = most_limited_first(assessments)
    measured = [each for each in ordered if each.measured]
    words = phrases.profile_headline(ordered) if measured else "Nothing could be measured."
    show_words(words, "rom-lead")
    show_drawing(body_map(coloured=colours_of(ordered), title="Results on the body"))
    drawing = profile_drawing(measured, key)
    if drawing is not None:
        show_drawing(drawing, phrases.PROFILE_CAPTION)
        show_blocks([_table(measured)])
    differences = [*side_sentences(measured)]
    if differences:
        show_blocks([Heading(words="Left and right"), Bullets(items=differences[:MOST_SIDES])])
    for each in measured:
        onset = phrases.onset_words(each)
        if onset:
            show_words(f"{phrases.title_of(each)}: {onset[:1].lower()}{onset[1:]}")
    for each in ordered:
        if not each.measured:
            reasons = " ".join(dict.fromkeys(issue.message for issue in each.refusals))
            label = f"Not measured, {phrases.title_of(each)}"
            show_blocks([Notice(label=label, words=reasons)])
    _show_signs(measured, landmarks, key=key)
    if retry is not None:
        st.button("Measure again", on_click=retry, key=f"{key}-again")
    if measured:
        show_method(measured)


def _show_signs(measured: Sequence[Assessment], landmarks: Landmarks | None, *, key: str) -> None:
    found = [each for each in measured if each.patterns]
    if found:
        with st.expander("Seen in the way of moving, and when"):
            for number, each in enumerate(found):
                show_signs(
                    each, phrases.title_of(each), None, key=f"{key}-{number}", landmarks=landmarks
                )


def most_limited_first(assessments: Sequence[Assessment]) -> list[Assessment]:
    """In order of the usual range, and within it of how far the value lies under it."""
    return sorted(assessments, key=lambda each: (_ORDER.index(_kind(each)), -_missing_deg(each)))


def colours_of(assessments: Sequence[Assessment]) -> dict[str, str]:
    """Kind of mark by place; of several movements of a joint the most limited counts."""
    found: dict[str, str] = {}
    for each in most_limited_first(assessments):
        movement = MOVEMENTS.get(each.movement)
        if movement is None:
            continue
        for side in movement_sides(movement, each.side):
            for region in _SHOWN_AT.get(movement.joint, ()):
                found.setdefault(f"{side.value}_{region}", _kind(each))
    return found


def _kind(assessment: Assessment) -> str:
    if not assessment.measured:
        return "not_measured"
    return assessment.normal_range.position if assessment.normal_range else "not_stated"


def _missing_deg(assessment: Assessment) -> float:
    """How far the value lies under the end of the usual range; negative within it."""
    normal = assessment.normal_range
    if assessment.value_deg is None or normal is None or normal.lower_deg is None:
        return 0.0
    return normal.lower_deg - assessment.value_deg


def _table(measured: Sequence[Assessment]) -> Table:
    rows = []
    for each in measured:
        normal = each.normal_range
        low = None if normal is None else normal.lower_deg
        rows.append(
            [
                phrases.title_of(each),
                _value(each),
                DASH if low is None else degrees(low, decimals=1),
            ]
        )
    columns = [
        Column(words="Movement", align="left"),
        Column(words="Value, 95 % accuracy"),
        Column(words="usual from"),
    ]
    return Table(caption="All movements", hidden_caption=True, columns=columns, rows=rows)


def _value(assessment: Assessment) -> str:
    assert assessment.value_deg is not None and assessment.accuracy_deg is not None
    value = degrees(assessment.value_deg, decimals=1)
    if assessment.bound == "at_least":
        return f"at least {value}"
    return f"{value} ±{degrees(assessment.accuracy_deg, decimals=1)}"
