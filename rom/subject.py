"""Which of the people in view is the subject: the one who performs the named movement. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rom.landmarks import LandmarkSeries, Side
from rom.movements import Movement
from rom.quality.issues import Issue
from rom.quality.limits import blocking
from rom.trace import trace_movement

CLEARLY_MORE = 3.0
"""The subject moves at least this many times as much as anybody else."""
MIN_SEEN_FRAC = 0.05
"""Somebody seen in fewer frames, and for less than a second, is not a person of the recording."""

AFTER_END_S = 0.5
"""A hint this much after the last frame points at nothing."""


@dataclass(frozen=True, kw_only=True)
class SubjectHint:
    """A point on the subject, in pixels of the upright video, and when."""

    x_px: float
    y_px: float
    time_s: float


def performed_deg(
    series: LandmarkSeries, movements: Sequence[Movement], side: Side | None
) -> float:
    """Sum of the amplitudes of a person's repetitions of the movement that shows most of them."""
    sides = [side] if side is not None else list(Side)
    totals = [0.0]
    for movement in movements:
        for chosen in sides if movement.has_side else [None]:
            trace = trace_movement(series, movement, chosen)
            totals.append(trace.amplitude_deg * len(trace.counted))
    return max(totals)


def choose_subject(
    people: Sequence[LandmarkSeries],
    movements: Sequence[Movement],
    side: Side | None,
    hint: SubjectHint | None = None,
) -> LandmarkSeries | Issue:
    """Pick the person who is measured.

    Parameters
    ----------
    people
        Everybody in the recording; at least one.
    movements
        The named movement, or all that come into question.
    side
        None counts a movement of either side.
    hint
        Decides, when given.
    """
    if hint is not None:
        return _person_at(people, hint)
    present = [person for person in people if is_present(person)] or list(people[:1])
    if len(present) == 1:
        return present[0]
    amounts = np.array([performed_deg(person, movements, side) for person in present])
    order = np.argsort(-amounts)
    most, second = amounts[order[0]], amounts[order[1]]
    advice = "Say who is meant with --subject X,Y@SECONDS, or film alone."
    if most == 0.0:
        return blocking(
            "subject_unclear",
            f"{len(present)} people are in view and none of them clearly performs the movement. "
            f"{advice}",
            value=float(len(present)),
            unit="people",
        )
    if second * CLEARLY_MORE > most:
        return blocking(
            "subject_unclear",
            f"More than one of the {len(present)} people in view performs the movement. {advice}",
            value=float((amounts > 0.0).sum()),
            unit="people",
        )
    chosen = present[int(order[0])]
    if side is not None and _somebody_else_moves_more(chosen, present, movements, most):
        return blocking(
            "subject_unclear",
            f"Somebody performs the movement on the {side} side, but somebody else in view moves "
            f"further on the other one. {advice}",
            value=float(len(present)),
            unit="people",
        )
    return chosen


def _somebody_else_moves_more(
    chosen: LandmarkSeries,
    present: Sequence[LandmarkSeries],
    movements: Sequence[Movement],
    amount_deg: float,
) -> bool:
    """Whether another person outdoes the chosen one once the side is left open."""
    others = (person for person in present if person is not chosen)
    return any(performed_deg(person, movements, None) > amount_deg for person in others)


def is_present(person: LandmarkSeries) -> bool:
    """Whether somebody is seen for long enough to be a person of the recording."""
    seen = int(person.seen.sum())
    rate_hz = person.frame_rate_hz
    return seen >= MIN_SEEN_FRAC * len(person) or seen >= rate_hz


def _person_at(people: Sequence[LandmarkSeries], hint: SubjectHint) -> LandmarkSeries | Issue:
    """The person whose box holds the point; the smallest box where several do."""
    best: tuple[float, LandmarkSeries] | None = None
    length_s = float(people[0].time_s[-1])
    if hint.time_s > length_s + AFTER_END_S:
        return blocking(
            "subject_not_found",
            f"The recording ends after {length_s:.1f} s, but the point is given at "
            f"{hint.time_s:.1f} s. Give a time at which the person is in view.",
        )
    for person in people:
        frame = int(np.argmin(np.abs(person.time_s - hint.time_s)))
        xy_px = person.xy_px[frame]
        if not np.isfinite(xy_px).all():
            continue
        low, high = xy_px.min(axis=0), xy_px.max(axis=0)
        border = 0.15 * (high - low)
        point = np.array([hint.x_px, hint.y_px])
        if ((point >= low - border) & (point <= high + border)).all():
            area = float(np.prod(high - low))
            if best is None or area < best[0]:
                best = (area, person)
    if best is None:
        return blocking(
            "subject_not_found",
            f"Nobody was found at {hint.x_px:.0f},{hint.y_px:.0f} at {hint.time_s:.1f} s. Give a "
            "point on the person, in pixels of the video as it is shown, and a time at which the "
            "person is in view.",
        )
    return best[1]
