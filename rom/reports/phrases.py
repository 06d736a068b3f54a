"""Sentences that the terminal, the page and the reports share."""

from __future__ import annotations

from collections.abc import Sequence

from rom.clinical.assessment import Assessment
from rom.clinical.comparison import Comparison
from rom.clinical.error import ErrorFigures, error_figures
from rom.clinical.norms import NormalRange
from rom.clinical.pain_onset import pain_onset_of
from rom.clinical.signs.rules import sign_words
from rom.clinical.sources import evidence_words
from rom.clinical.tables import read_table
from rom.clinical.trend import Trend
from rom.clinical.wording import degrees, movement_title
from rom.quality.issues import Issue

CANNOT_TELL = (
    "It does not say why a movement is limited, or whether a joint, a muscle or caution limits it.",
    "One recording cannot show a change. Clothes, the camera's place and warming up change the "
    "value too.",
)

CANNOT_TELL_CHANGE = (
    "It does not say what caused a change. Warming up, practice and expectation can each do so.",
    "One day cannot show whether a change lasts. Repeating it on other days will tell.",
)

CANNOT_TELL_WEEKS = (
    "It does not say what caused a change, or whether it would have come without the massage.",
    "Single sessions go up and down; what counts is the last three against the first three.",
)

NEXT_TIME = (
    "For a fair comparison, film the next time from the same place and side, in the same light and "
    "clothes, and at about the same time of day."
)

NOT_MEASURED = "This recording could not be measured."
PLACES = {
    "below": "below",
    "near_lower_end": "near lower end",
    "within": "within",
    "not_stated": "not stated",
}
"""Where a value lies in the usual range, for a cell of a table."""

CHECKS_PASSED = "Quality: every check of the recordings was passed."

SET_CAPTION = (
    "Square: this recording, with the span in which the true angle lies. Hatched: the usual range; "
    "dashed: its mean."
)
CURVE_CAPTION = (
    "Angle over time. Shaded: the repetitions that count. Circles: their peaks. A break in the "
    "line is where the joint was not seen."
)
PAIN_CAPTION = "Your pain on this movement, from 0 (none) to 10 (the worst you can think of)."
ONSET_EXPLAINED = (
    "The start of pain is the angle at which the other hand came up, on the way out. The pain "
    "itself begins a moment earlier."
)
PROFILE_CAPTION = (
    "Circle: left, square: right, each with the span in which the true angle lies. From the "
    "upright stroke on: the usual range for this age."
)

ERRORS_EXPLAINED = (
    "Value: median of the counted repetitions' peaks. 95 %, SEM and MDC95 are for change in this "
    "person within a session; accuracy is the 95 % half-width against the true angle, for "
    "comparison with others."
)
SPEED_EXPLAINED = (
    "Speed: 98th percentile of the outward stroke. SPARC: spectral arc length of its speed, closer "
    "to 0 is smoother. Pauses: stops of 0.3 s or more on the way out."
)
SESSIONS_EXPLAINED = (
    "Before: first set before the massage. Change and its MDC95 are within the session. Pain on "
    "the movement, before and after, 0 to 10. Lighter rows are not used for the trend."
)
ARC_EXPLAINED = "* Of left and right together, because one direction alone hangs on its zero."
SFTR_EXPLAINED = (
    "Plane, then away from the body or to the left, start, towards the body or to the right, in "
    "degrees (GERHARDT1975). ( ): not measured. Active range; "
)
LATEST_SET = "the latest set of each movement."
LATEST_FIRST_SET = "the first set of the latest day, before the massage."

STANDING_TEXT = (
    "This is a wellness self-check. It does not diagnose, treat or monitor any disease or injury "
    "and is not a medical device. Camera angles can be off by about 10 degrees. Stop if pain gets "
    "worse. If you are unsure, ask a health professional."
)


def title_of(assessment: Assessment) -> str:
    """Movement and side in plain words, with a capital."""
    title = movement_title(assessment.movement, assessment.side)
    return title[:1].upper() + title[1:]


def movement_words(movement: str) -> str:
    """A movement in plain words without a side, with a capital."""
    title = movement_title(movement, None)
    return title[:1].upper() + title[1:]


def comparison_title(comparison: Comparison) -> str:
    """The movement compared; both directions together, and left against right, name no side."""
    if comparison.arcs is not None:
        return f"{movement_words(comparison.post.movement)}: left and right together"
    if comparison.kind == "before_after":
        return title_of(comparison.post)
    return f"{movement_words(comparison.post.movement)}: left and right"


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


def onset_words(assessment: Assessment) -> str:
    """Where pain began in a set by the person's marks, with its error; empty without a mark."""
    onset = pain_onset_of(assessment)
    if onset is None:
        return ""
    half_width_deg = max(onset.half_width_deg, assessment.accuracy_deg or 0.0)
    noun = "repetition" if onset.counted == 1 else "repetitions"
    return (
        f"Where you marked it, pain began at {degrees(onset.angle_deg)} ±{degrees(half_width_deg)} "
        f"(in {onset.repetitions} of {onset.counted} {noun})."
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


def usual_range_figures(normal: NormalRange) -> str:
    """The figures of a usual range, whatever the value."""
    if normal.lower_deg is None or normal.mean_deg is None:
        return usual_range_words(normal)
    return (
        f"At this age 95 of 100 people reach {degrees(normal.lower_deg)} or more, the mean is "
        f"{degrees(normal.mean_deg)}."
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


def seen_signs(assessment: Assessment) -> tuple[str, ...]:
    """The signs of a set in plain words, each with how often it was seen."""
    names, counted = sign_words(assessment.movement), len(assessment.counted)
    noun = "repetition" if counted == 1 else "repetitions"
    return tuple(
        f"{names.get(each.code, each.code)} "
        f"(in {min(len(set(each.repetitions)), counted)} of {counted} {noun})"
        for each in assessment.patterns
    )


def profile_headline(assessments: Sequence[Assessment]) -> str:
    """What several movements say together, the most limited first."""
    below = [each for each in assessments if _position(each) == "below"]
    near = [each for each in assessments if _position(each) == "near_lower_end"]
    if below:
        return f"Below the usual range for your age: {_titles(below)}."
    if near:
        return f"Near the lower end of the usual range for your age: {_titles(near)}."
    if any(_position(each) == "within" for each in assessments):
        return "What could be compared lies within the usual range for your age."
    return "This is how far you moved."


def set_title(name: str, assessment: Assessment) -> str:
    """A set's movement and side, with its name where that says more."""
    title = title_of(assessment)
    side = assessment.side.value if assessment.side else ""
    return title if name in ("", side, "recording") else f"{title}, {name}"


def issue_figures(issue: Issue) -> str:
    """What was found and the limit, with their unit; empty for an issue without a figure."""
    if issue.value is None or issue.limit is None:
        return ""
    unit = {"deg": "°", None: ""}.get(issue.unit, f" {issue.unit}")
    return f"Found {issue.value:.3g}{unit}, limit {issue.limit:.3g}{unit}.".replace("-", "−")


def trend_explained(trend: Trend) -> str:
    """What the ends of a trend are and by what they are judged."""
    count = {1: "session", 2: "two sessions"}.get(trend.sessions, f"{trend.sessions} sessions")
    return (
        f"Mean of the first {count} against the last; the limit is the MDC95 between days divided "
        "by the root of that number."
    )


def more_notes_words(count: int) -> str:
    """That there are more notes than a page for the person shows."""
    noun = "note is" if count == 1 else "notes are"
    return f"{count} more {noun} in the report for the therapist."


def _position(assessment: Assessment) -> str | None:
    return assessment.normal_range.position if assessment.normal_range else None


def _titles(assessments: Sequence[Assessment]) -> str:
    return "; ".join(movement_title(each.movement, each.side) for each in assessments)
