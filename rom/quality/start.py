"""Does the set begin where the person rests?

Bending and straightening, left and right, differ in this alone: a movement's return is the
opposite movement, so a set of the one read as the other shows repetitions too, between its own.
"""

from __future__ import annotations

import numpy as np

from rom.kinematics.repetitions import Repetition
from rom.landmarks import FloatArray, Side
from rom.movements import Movement, SideKind
from rom.quality.issues import Issue
from rom.quality.limits import blocking, warning

END_S = 0.7
"""How long the person rests at least at the beginning or the end of a recording."""
STILL_FRAC = 0.15
"""Somebody whose angle drifts by less than this part of the excursion is at rest."""
LEVELS_APART_FRAC = 0.3
"""Rests at the beginning and at the end that differ by more leave the zero open."""
BEYOND_NEUTRAL_FRAC = 0.3
"""A movement that hardly passes its neutral position is the return of the opposite one."""
STARTS_ELSEWHERE = (
    "elbow_extension",
    "knee_extension",
    "ankle_dorsiflexion",
    "ankle_plantarflexion",
)
"""Movements that begin far on the other side of neutral."""
ALL_THE_WAY_FRAC = 0.75
"""A set that starts this far from the rest is the whole movement the other way; one that starts
nearer goes from one end of the arc to the other, as when the first half was not recorded."""
AWAY_FRAC = 0.5
"""Repetitions that start this part of their excursion away from the rest go the other way."""


def resting_levels_deg(
    time_s: FloatArray, angle_deg: FloatArray, *, amplitude_deg: float
) -> list[float]:
    """Angles at rest at the beginning and at the end; without those where the person moves."""
    seen = np.isfinite(angle_deg)
    if not seen.any():
        return []
    time_s, angle_deg = time_s[seen], angle_deg[seen]
    levels_deg = []
    for end in (time_s <= time_s[0] + END_S, time_s >= time_s[-1] - END_S):
        thirds = [np.median(part) for part in np.array_split(angle_deg[end], 3) if len(part)]
        if max(thirds) - min(thirds) <= STILL_FRAC * amplitude_deg:
            levels_deg.append(float(np.median(angle_deg[end])))
    return levels_deg


def check_start(
    movement: Movement,
    side: Side | None,
    counted: list[Repetition],
    *,
    angle_deg: FloatArray,
    time_s: FloatArray,
    amplitude_deg: float,
) -> list[Issue]:
    """Refuse a set that goes from the end of the opposite movement back to the rest."""
    if not counted:
        return []
    returning = _check_beyond_neutral(movement, side, counted, amplitude_deg)
    if returning:
        return returning
    levels_deg = resting_levels_deg(time_s, angle_deg, amplitude_deg=amplitude_deg)
    if not levels_deg:
        return _no_rest(movement)
    apart_deg = max(levels_deg) - min(levels_deg)
    if movement.zeroed and apart_deg > LEVELS_APART_FRAC * amplitude_deg:
        return _unknown_zero(
            f"You rest {apart_deg:.0f}° apart at the beginning and at the end", apart_deg
        )
    start_deg = float(np.median([repetition.start_deg for repetition in counted]))
    away_deg = min(abs(start_deg - level_deg) for level_deg in levels_deg)
    if movement.zeroed and LEVELS_APART_FRAC <= away_deg / amplitude_deg < ALL_THE_WAY_FRAC:
        return _unknown_zero(f"The repetitions start {away_deg:.0f}° away from the rest", away_deg)
    if away_deg < AWAY_FRAC * amplitude_deg:
        return []
    if movement.side_kind is SideKind.DIRECTION and side is not None:
        code, other = "other_side", side.other.value
        advice = f"Name the {other} side, or add --mirrored if it is a mirror image (selfie)."
    else:
        code, other = "other_movement", "opposite direction"
        advice = f"{movement.start} {movement.instruction_for(side)}"
    message = (
        f"The repetitions start {away_deg:.0f}° away from where you rest, so the movement goes to "
        f"the {other}. {advice}"
    )
    return [blocking(code, message, value=round(away_deg, 1), unit="deg")]


def _check_beyond_neutral(
    movement: Movement, side: Side | None, counted: list[Repetition], amplitude_deg: float
) -> list[Issue]:
    """Refuse repetitions that end about where the joint is straight: they come back from a bend."""
    peak_deg = float(np.median([repetition.peak_deg for repetition in counted]))
    if movement.zeroed or movement.name in STARTS_ELSEWHERE:
        return []
    if peak_deg >= BEYOND_NEUTRAL_FRAC * amplitude_deg:
        return []
    message = (
        f"The movement ends at {peak_deg:.0f}°, near neutral, so it is the way back from the "
        f"opposite movement. {movement.start} {movement.instruction_for(side)}"
    )
    return [blocking("other_movement", message, value=round(peak_deg, 1), unit="deg")]


def _unknown_zero(what: str, away_deg: float) -> list[Issue]:
    message = (
        f"{what} of the recording, so the zero of this movement is not known. Start recording "
        "before you move, and stop after you have come back to rest."
    )
    return [blocking("rest_not_seen", message, value=round(away_deg, 1), unit="deg")]


def _no_rest(movement: Movement) -> list[Issue]:
    """Say so when the zero rests on the repetitions alone."""
    if not movement.zeroed:
        return []
    message = (
        "You are not seen at rest before the first or after the last repetition, so the zero is "
        "less sure. Stand or sit still for a second before and after the set."
    )
    return [warning("rest_not_seen", message)]
