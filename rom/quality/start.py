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
from rom.quality.limits import blocking

END_S = 0.7
"""How long the person rests at least at the beginning or the end of a recording."""
STILL_FRAC = 0.15
"""Somebody whose angle drifts by less than this part of the excursion is at rest."""
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
    levels_deg = resting_levels_deg(time_s, angle_deg, amplitude_deg=amplitude_deg)
    if not counted or not levels_deg:
        return []
    start_deg = float(np.median([repetition.start_deg for repetition in counted]))
    away_deg = min(abs(start_deg - level_deg) for level_deg in levels_deg)
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
