"""One movement of one side through one recording: the angle over time and its repetitions.

Pure; what the value, the choice of the subject and the recognition of a movement all start from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rom.kinematics.angles import compute_reading
from rom.kinematics.correction import compute_posture_shift, correct_reading
from rom.kinematics.filtering import remove_outliers
from rom.kinematics.geometry import wrap_deg
from rom.kinematics.orientation import Orientation, estimate_orientation
from rom.kinematics.repetitions import Repetition, find_repetitions
from rom.kinematics.steadying import average_mirrored
from rom.landmarks import BoolArray, FloatArray, LandmarkSeries, Side
from rom.movements import Movement
from rom.quality.sides import repair_legs
from rom.quality.view import signed_off_plane_deg
from rom.quality.visibility import facing_as_usual, usable_frames

LEG_JOINTS = ("hip", "knee", "ankle")
NEUTRAL_READING_DEG = {"neck_sagittal": -90.0}
"""About what a zeroed reading is at rest where that is not 0: the face looks ahead."""


@dataclass(frozen=True, eq=False)
class Trace:
    """An angle over time, positive in the named direction.

    Attributes
    ----------
    series
        The landmarks read, legs repaired and neighbouring frames averaged.
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
    novelty
        (T,) how far the posture is from all that the correction knows
        (`rom.kinematics.correction.PostureShift.novelty`); NaN where it is not known.
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
    novelty: FloatArray

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
        """(T,) frames from the first onset to the last return; all frames without repetitions.

        Where some count, those that do not are left out at both ends: sitting down before a set
        and standing up after it look like repetitions cut short.
        """
        time_s = self.series.time_s
        span = self.counted or self.repetitions
        if not span:
            return np.ones(len(time_s), np.bool_)
        first, last = span[0].onset_s, span[-1].offset_s
        return np.asarray((time_s >= first) & (time_s <= last))

    @property
    def resting(self) -> BoolArray:
        """(T,) frames before the first onset, or the first second where there are none."""
        time_s = self.series.time_s
        before = time_s < (self.repetitions[0].onset_s if self.repetitions else 0.0)
        return np.asarray(before if before.sum() >= 5 else time_s <= time_s[0] + 1.0)


def compute_native_reading(
    series: LandmarkSeries, movement: Movement, side: Side | None, body: Orientation
) -> FloatArray:
    """(T,) uncorrected angle in the reading's own direction, NaN where a landmark is missing.

    The cut of the full turn lies opposite the middle of what the joint can reach, so that an arm
    beyond the vertical reads 185° and not -175°.
    """
    reading = compute_reading(series, movement.reading, side or Side.LEFT, body)
    if movement.zeroed:
        middle_deg = NEUTRAL_READING_DEG.get(movement.reading, 0.0)
    else:
        middle_deg = movement.sign * 0.5 * sum(movement.plausible_deg)
    return wrap_deg(reading, lowest_deg=middle_deg - 180.0)


def trace_movement(series: LandmarkSeries, movement: Movement, side: Side | None) -> Trace:
    """Read a movement's angle and find its repetitions."""
    exchanged_frac = 0.0
    if movement.joint in LEG_JOINTS:
        series, exchanged_frac = repair_legs(series)
    series = average_mirrored(series, facing_as_usual(series))
    body = estimate_orientation(series)
    usable = usable_frames(series, movement, side or body.camera_side)
    reading_deg = compute_native_reading(series, movement, side, body)
    reading_deg = np.where(usable, reading_deg, np.nan)
    rest_deg = _resting_deg(series.time_s, reading_deg, movement) if movement.zeroed else 0.0
    angle_deg, novelty = corrected_deg(series, movement, side, body, reading_deg - rest_deg)
    if movement.zeroed:
        angle_deg -= movement.sign * _resting_deg(
            series.time_s, movement.sign * angle_deg, movement
        )
    return Trace(
        movement=movement,
        side=side,
        series=series,
        body=body,
        angle_deg=remove_outliers(series.time_s, angle_deg),
        usable=usable,
        repetitions=_repetitions(series.time_s, angle_deg, movement),
        exchanged_frac=exchanged_frac,
        rest_deg=rest_deg,
        novelty=np.where(np.isfinite(reading_deg), novelty, np.nan),
    )


def corrected_deg(
    series: LandmarkSeries,
    movement: Movement,
    side: Side | None,
    body: Orientation,
    reading_deg: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """(T,) corrected angle, positive in the named direction, and (T,) novelty of the posture."""
    off_deg = signed_off_plane_deg(movement, side, body)
    corrected = correct_reading(movement.name, reading_deg, off_deg=off_deg)
    posture = compute_posture_shift(
        series, movement.name, movement.joint, side, body, reading_deg, off_deg=off_deg
    )
    return movement.sign * (corrected + posture.shift_deg), posture.novelty


def _resting_deg(time_s: FloatArray, reading_deg: FloatArray, movement: Movement) -> float:
    """The person's own zero: where the repetitions start, or the first second without any."""
    repetitions = _repetitions(time_s, movement.sign * reading_deg, movement)
    if repetitions:
        starts_deg = [repetition.start_deg for repetition in repetitions]
        return movement.sign * float(np.median(starts_deg))
    first = reading_deg[time_s <= time_s[0] + 1.0] if len(time_s) else reading_deg
    return float(np.nanmedian(first)) if np.isfinite(first).any() else 0.0


def _repetitions(
    time_s: FloatArray, angle_deg: FloatArray, movement: Movement
) -> tuple[Repetition, ...]:
    return find_repetitions(time_s, angle_deg, min_amplitude_deg=movement.min_amplitude_deg)
