"""One movement of one side through one recording: the angle over time and its repetitions.

Pure; what the value, the choice of the subject and the recognition of a movement all start from.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rom.kinematics.angles import compute_reading
from rom.kinematics.correction import correct_reading
from rom.kinematics.filtering import remove_outliers
from rom.kinematics.geometry import wrap_deg
from rom.kinematics.orientation import Orientation, estimate_orientation
from rom.kinematics.repetitions import Repetition, find_repetitions
from rom.landmarks import BoolArray, FloatArray, LandmarkSeries, Side
from rom.movements import Movement
from rom.quality.sides import repair_legs
from rom.quality.visibility import usable_frames

LEG_JOINTS = ("hip", "knee", "ankle")


@dataclass(frozen=True, eq=False)
class Trace:
    """An angle over time, positive in the named direction.

    Attributes
    ----------
    series
        The landmarks read, legs repaired.
    angle_deg
        (T,) corrected angle from the movement's zero; NaN where it could not be read.
    usable
        (T,) frames whose landmarks were seen, in the picture, and surely of the subject.
    repetitions
        Counted and not counted, in order of time.
    exchanged_frac
        Share of frames in which legs had to be exchanged back.
    rest_deg
        What was taken as zero for a movement that counts from the person's own resting position.
    """

    movement: Movement
    side: Side | None
    series: LandmarkSeries
    body: Orientation
    angle_deg: FloatArray
    usable: BoolArray
    repetitions: tuple[Repetition, ...]
    exchanged_frac: float
    rest_deg: float

    @property
    def counted(self) -> list[Repetition]:
        return [repetition for repetition in self.repetitions if repetition.counted]

    @property
    def amplitude_deg(self) -> float:
        """Median excursion of the counted repetitions; 0 without any."""
        if not self.counted:
            return 0.0
        return float(np.median([r.peak_deg - r.start_deg for r in self.counted]))

    @property
    def moving(self) -> BoolArray:
        """(T,) frames from the first onset to the last return; all frames without repetitions."""
        time_s = self.series.time_s
        if not self.repetitions:
            return np.ones(len(time_s), np.bool_)
        first, last = self.repetitions[0].onset_s, self.repetitions[-1].offset_s
        return np.asarray((time_s >= first) & (time_s <= last))

    @property
    def resting(self) -> BoolArray:
        """(T,) frames before the first onset, or the first second where there are none."""
        time_s = self.series.time_s
        before = time_s < (self.repetitions[0].onset_s if self.repetitions else 0.0)
        return np.asarray(before if before.sum() >= 5 else time_s <= time_s[0] + 1.0)


def compute_movement_angle(
    series: LandmarkSeries, movement: Movement, side: Side | None, body: Orientation
) -> FloatArray:
    """(T,) corrected angle, positive in the named direction, NaN where a landmark is missing.

    The cut of the full turn lies opposite the middle of what the joint can reach, so that an arm
    beyond the vertical reads 185° and not -175°.
    """
    reading = compute_reading(series, movement.reading, side or Side.LEFT, body)
    middle_deg = movement.sign * 0.5 * sum(movement.plausible_deg)
    continuous = wrap_deg(reading, lowest_deg=middle_deg - 180.0)
    return movement.sign * correct_reading(movement.reading, continuous)


def trace_movement(series: LandmarkSeries, movement: Movement, side: Side | None) -> Trace:
    """Read a movement's angle and find its repetitions."""
    exchanged_frac = 0.0
    if movement.joint in LEG_JOINTS:
        series, exchanged_frac = repair_legs(series)
    body = estimate_orientation(series)
    usable = usable_frames(series, movement, side or body.camera_side)
    angle_deg = compute_movement_angle(series, movement, side, body)
    angle_deg = np.where(usable, angle_deg, np.nan)
    angle_deg = remove_outliers(series.time_s, angle_deg)
    repetitions = find_repetitions(
        series.time_s, angle_deg, min_amplitude_deg=movement.min_amplitude_deg
    )
    rest_deg = 0.0
    if movement.zeroed and repetitions:
        rest_deg = float(np.median([repetition.start_deg for repetition in repetitions]))
        repetitions = tuple(_shifted(repetition, rest_deg) for repetition in repetitions)
    return Trace(
        movement=movement,
        side=side,
        series=series,
        body=body,
        angle_deg=angle_deg - rest_deg,
        usable=usable,
        repetitions=repetitions,
        exchanged_frac=exchanged_frac,
        rest_deg=rest_deg,
    )


def _shifted(repetition: Repetition, rest_deg: float) -> Repetition:
    return replace(
        repetition,
        start_deg=repetition.start_deg - rest_deg,
        peak_deg=repetition.peak_deg - rest_deg,
    )
