"""Days, weeks and readiness in sentences: counts of sessions, never a degree of certainty."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from rom.clinical.wording import against_limit, degrees

if TYPE_CHECKING:
    from rom.clinical.between_days import DayComparison
    from rom.clinical.readiness import Obstacle
    from rom.clinical.trend import Trend
    from rom.clinical.weeks import Weeks

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_NUMBERS = {1: "", 2: " two", 3: " three"}

_OBSTACLES = {
    "few_sessions": "This comes after at least three sessions on three days.",
    "pain_missing": "Your pain was not given in {} of the last {} sessions.",
    "pain_high": "The movement hurt more than 3 out of 10 in {} of the last {} sessions.",
    "pain_not_halved": "Pain has not come down to half of the first session yet in {} of the last "
    "{} sessions.",
    "worse": "{} of the last {} sessions seemed to make things worse.",
    "flare": "After {} of the last {} sessions it hurt more for over 24 hours.",
    "flare_missing": "How it felt in the 24 hours afterwards is not known for {} of the last {} "
    "sessions.",
    "signs": "Several protective signs together were present, or could not be judged, in {} of the "
    "last {} sessions.",
    "red_flag": "One of your answers to the first questions should be looked at by a professional "
    "before anything else.",
    "not_screened": "The questions about your health come first.",
    "stretched_little": "This comes after a week in which stretching was suggested, or after three "
    "stretch sessions without a flare-up.",
    "stretch_flare": "The last stretch session was followed by a flare-up, or how it felt "
    "afterwards is not known.",
    "pain_above_2": "The movement hurt more than 2 out of 10 in {} of the last {} sessions.",
    "effort_missing": "A light effort of 10 seconds comes first, to see how it feels.",
    "effort_pain": "The light effort hurt more than 3 out of 10.",
    "effort_unsettled": "The light effort has not settled within 24 hours, or it is not known yet.",
    "range_missing": "Your range has not been measured comparably since stretching began.",
    "range_fell": "Your range has become smaller since stretching began.",
}


def day_words(day: date, *, short: bool = False) -> str:
    """A day as people write it; `short` for tables.

    >>> day_words(date(2026, 9, 3)), day_words(date(2026, 9, 3), short=True)
    ('3 September 2026', '3 Sep 2026')
    """
    month = _MONTHS[day.month - 1]
    return f"{day.day} {month[:3] if short else month} {day.year}"


def day_sentences(found: DayComparison) -> tuple[str, ...]:
    """Today against an earlier day, the most important first."""
    earlier, later = day_words(found.earlier_day), day_words(found.later_day)
    if found.change_deg is None or found.mdc95_deg is None:
        head = f"The sets of {earlier} and {later} cannot be compared."
        return (head, *found.refusals)
    assert found.earlier.value_deg is not None and found.later.value_deg is not None
    size, limit = against_limit(found.change_deg, found.mdc95_deg)
    head = {
        "gain": f"You moved {size} further on {later} than on {earlier}.",
        "loss": f"You moved {size} less far on {later} than on {earlier}.",
    }.get(found.verdict, f"No measurable change between {earlier} and {later}.")
    figures = (
        f"It was {degrees(found.earlier.value_deg)} then and {degrees(found.later.value_deg)} now; "
        f"a difference of up to {limit} is common between days."
    )
    return (head, figures, *found.remarks)


def week_sentences(weeks: Weeks) -> tuple[str, ...]:
    """The week label, then the counts and means that it rests on."""
    return (weeks.label.wording, *_counts(weeks), *_range_words(weeks), *_pain_words(weeks))


def obstacle_words(obstacle: Obstacle) -> str:
    """What holds a next step back."""
    return _OBSTACLES[obstacle.code].format(obstacle.sessions, obstacle.of)


def _counts(weeks: Weeks) -> Iterator[str]:
    used, all_sessions = len(weeks.valid), len(weeks.sessions)
    if weeks.eased:
        yield (
            f"In {weeks.eased} of {_sessions(used)} you moved further and it hurt less right after "
            "the massage."
        )
    judged = [record.signs for record in weeks.valid if record.signs != "not_evaluable"]
    if judged:
        several = judged.count("several") or "none"
        yield f"Several protective signs came together in {several} of {_sessions(len(judged))}."
    if used < all_sessions:
        yield (
            f"In {all_sessions - used} of {_sessions(all_sessions)} the range could not be used: "
            "it was not measured reliably, or filmed or analysed otherwise than in the latest one."
        )


def _range_words(weeks: Weeks) -> Iterator[str]:
    trend = weeks.range_deg
    if trend is None:
        return
    size, limit = against_limit(trend.change, trend.limit)
    first, last = _ends(trend)
    head = {
        "rose": f"Before the massage you moved {size} further than at first:",
        "fell": f"Before the massage you moved {size} less far than at first:",
        "unchanged": "Your range before the massage stayed the same:",
    }.get(trend.verdict, "Your range before the massage:")
    yield (
        f"{head} {degrees(trend.first)} in the {first}, {degrees(trend.last)} in the {last}; a "
        f"difference of up to {limit} is common between days."
    )


def _pain_words(weeks: Weeks) -> Iterator[str]:
    trend = weeks.pain
    if trend is not None:
        first, last = _ends(trend)
        yield (
            f"Your pain on this movement was {round(trend.first, 1):g} in the {first} and "
            f"{round(trend.last, 1):g} in the {last}."
        )


def _ends(trend: Trend) -> tuple[str, str]:
    number, noun = _NUMBERS[trend.sessions], "session" if trend.sessions == 1 else "sessions"
    return f"first{number} {noun}", f"last{number} {noun}"


def _sessions(count: int) -> str:
    return f"{count} session" if count == 1 else f"{count} sessions"
