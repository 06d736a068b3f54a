"""What several movements say together, on the body."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from rom.clinical.assessment import Assessment
from rom.clinical.body import movement_sides
from rom.movements import MOVEMENTS
from rom.ui.drawings.body_map import body_map

KIND = "results/"
"""What the names of these drawings begin with."""

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


def results_name(assessments: Sequence[Assessment]) -> str:
    """The name under which `results_drawing` draws these sets."""
    marks = (f"{place}={kind}" for place, kind in colours_of(assessments).items())
    return KIND + ",".join(marks)


def results_drawing(name: str) -> Markup:
    """Draw the body with the places of a name of `results_name`."""
    marks = [mark.partition("=") for mark in name.removeprefix(KIND).split(",") if mark]
    coloured = {place: kind for place, _, kind in marks}
    return body_map(coloured=coloured, title="Results on the body")


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
