"""The mark "pain starts here" on the angle over time: at which angle of which repetition it stands.

The angle is read by the same steps as the end of a movement whose mark was set by hand
(`end_range.reading_at`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rom.kinematics.clean_angle import clean_angle
from rom.kinematics.end_range import reading_at
from rom.kinematics.repetitions import Repetition, RepetitionSettings

FloatArray = NDArray[np.float64]

_SETTINGS = RepetitionSettings()


@dataclass(frozen=True, kw_only=True)
class PainMark:
    """When somebody said that it begins to hurt, and where the movement was then.

    Attributes
    ----------
    time_s
        In the recording.
    repetition
        0-based index of the repetition on whose way out it is the first mark; None for any other.
    angle_deg
        The angle then, as the value is read; None without a repetition or where it was not seen.
    """

    time_s: float
    repetition: int | None = None
    angle_deg: float | None = None


def place_marks(
    time_s: FloatArray,
    angle_deg: FloatArray,
    *,
    repetitions: Sequence[Repetition],
    marks_s: Iterable[float],
) -> tuple[PainMark, ...]:
    """Find the repetition and the angle of each mark, in order of time.

    Parameters
    ----------
    time_s, angle_deg
        Shape (T,); as for `find_repetitions`.
    marks_s
        Times of the marks in the recording.

    Returns
    -------
    tuple of PainMark
        One for each time. A mark before a repetition's onset, after its peak, or after another
        mark of it has neither repetition nor angle.

    Raises
    ------
    InputError
        If the arrays differ in length or the times do not increase.
    """
    ordered_s = sorted(marks_s)
    if not ordered_s:
        return ()
    clean = clean_angle(
        time_s, angle_deg, max_gap_s=_SETTINGS.max_gap_s, max_bridge_s=_SETTINGS.max_bridge_s
    )
    taken: set[int] = set()
    placed = []
    for mark_s in ordered_s:
        number = _on_the_way_out(mark_s, repetitions)
        if number is None or number in taken:
            placed.append(PainMark(time_s=mark_s))
            continue
        taken.add(number)
        read_deg = reading_at(clean.time_s, clean.seen_deg, mark_s)
        placed.append(PainMark(time_s=mark_s, repetition=number, angle_deg=read_deg))
    return tuple(placed)


def _on_the_way_out(mark_s: float, repetitions: Sequence[Repetition]) -> int | None:
    inside = (n for n, each in enumerate(repetitions) if each.onset_s <= mark_s <= each.peak_s)
    return next(inside, None)
