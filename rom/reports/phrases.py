"""Sentences that the terminal and the page share."""

from __future__ import annotations

from rom.clinical.assessment import Assessment
from rom.clinical.comparison import Comparison
from rom.clinical.error import ErrorFigures, error_figures
from rom.clinical.norms import NormalRange
from rom.clinical.sources import evidence_words
from rom.clinical.tables import read_table
from rom.clinical.wording import degrees, movement_title

CANNOT_TELL = (
    "It does not say why a movement is limited, or whether a joint, a muscle or caution limits it.",
    "One recording cannot show a change. Clothes, the camera's place and warming up change the "
    "value too.",
)

CANNOT_TELL_CHANGE = (
    "It does not say what caused a change. Warming up, practice and expectation can each do so.",
    "One day cannot show whether a change lasts. Repeating it on other days will tell.",
)

STANDING_TEXT = (
    "This is a wellness self-check. It does not diagnose, treat or monitor any disease or injury "
    "and is not a medical device. Camera angles can be off by about 10 degrees. Stop if pain gets "
    "worse. If you are unsure, ask a health professional."
)


def title_of(assessment: Assessment) -> str:
    """Movement and side in plain words, with a capital."""
    title = movement_title(assessment.movement, assessment.side)
    return title[:1].upper() + title[1:]


def comparison_title(comparison: Comparison) -> str:
    """The movement compared; left against right names no side."""
    if comparison.kind == "before_after":
        return title_of(comparison.post)
    title = movement_title(comparison.post.movement, None)
    return f"{title[:1].upper()}{title[1:]}: left and right"


def value_words(assessment: Assessment) -> str:
    """The value in whole degrees, as a bound where it is one; "not measured" without one."""
    if assessment.value_deg is None:
        return "not measured"
    prefix = "at least " if assessment.bound == "at_least" else ""
    return prefix + degrees(assessment.value_deg)


def repetitions_words(assessment: Assessment) -> str:
    """How many repetitions the value is the median of.

    One repetition is no median, so it is named as such.
    """
    count = len(assessment.counted)
    return "one repetition" if count == 1 else f"median of {count} repetitions"


def change_error_words(assessment: Assessment) -> str:
    """What the error means for change in one person."""
    if assessment.mdc95_deg is None:
        raise ValueError("expected a measured value")
    if assessment.bound == "at_least":
        return "No change is told from a lower bound."
    limit = degrees(assessment.mdc95_deg)
    return f"Up to {limit} between two sets of one day can be measurement error."


def accuracy_words(assessment: Assessment) -> str:
    """What the error means against the true angle."""
    if assessment.accuracy_deg is None:
        raise ValueError("expected a measured value")
    if assessment.bound == "at_least":
        return "A lower bound: the movement went further than the camera can read."
    return (
        f"The true angle is expected within ±{degrees(assessment.accuracy_deg)} of it (95\u00a0%)."
    )


def usual_range_words(normal: NormalRange | None) -> str:
    """Where the value lies in the usual range."""
    if normal is None:
        return "Our tables hold no usual range for this movement and age."
    if normal.position == "not_stated":
        return f"Not stated. {normal.reason}"
    place = {
        "below": "Below the usual range",
        "near_lower_end": "Near the lower end of the usual range",
        "within": "Within the usual range",
    }[normal.position]
    assert normal.lower_deg is not None and normal.mean_deg is not None
    return (
        f"{place} for this age: 95 of 100 people reach {degrees(normal.lower_deg)} or more, "
        f"the mean is {degrees(normal.mean_deg)}."
    )


def source_words(source: str, evidence: str) -> str:
    """A source with its evidence mark in words."""
    return f"{source} ({evidence_words(evidence)})"


def own_error_words(assessment: Assessment) -> tuple[str, ...]:
    """Where error figures of the user's own come from, with n and date; empty for the tables'."""
    made = assessment.provenance
    named = (("change", made.sem_source), ("accuracy", made.accuracy_source))
    return tuple(f"{figure}: {source}" for figure, source in named if source is not None)


def error_of(assessment: Assessment) -> ErrorFigures | None:
    """The error figures behind an assessment; None for a movement outside the tables."""
    known = {row["movement_id"] for row in read_table("measurement_error.csv")}
    if assessment.movement not in known:
        return None
    yaw_deg = assessment.view.yaw_deg if assessment.view else None
    return error_figures(assessment.movement, yaw_deg=yaw_deg)
