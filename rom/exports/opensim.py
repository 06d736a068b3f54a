"""Landmarks as TRC and angles as MOT, for OpenSim and the tools around it.

TRC holds one point per landmark and frame, in one of two spaces, both with Y up:

- `px`: the image plane in which angles are read. X to the right and Y up from the picture's lower
  left corner, Z towards the camera (0 but for the points of the face), in pixels. The point
  PICTURE_CORNER is the upper right corner, so that the size of the picture travels along.
- `world`: the pose model's metric estimate about the mid-hip, in millimetres. X to the right of the
  picture, Y up, Z towards the camera. Its depth is weak: no angle of ours is read from it.

MOT holds the measured angle in degrees, one column named after movement and side. It is a clinical
angle as a goniometer reads it, not a coordinate of a musculoskeletal model. Frames in which it was
not seen are left out, since a reader of OpenSim stops at the first NaN.

Both formats carry the frames' own times; the rates in the head of a TRC file are their median.
Formats: https://opensimconfluence.atlassian.net/wiki/spaces/OpenSim/pages/53089000 (TRC) and
/53090003 (MOT).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from rom.clinical.assessment import Assessment
from rom.landmarks import FacePoint, FloatArray, Landmark, LandmarkSeries, Side

PICTURE_CORNER = "PICTURE_CORNER"
MM_PER_M = 1000.0
_DECIMALS = {"px": 4, "mm": 3}

LANDMARK_NAMES = tuple(landmark.name for landmark in Landmark)
FACE_NAMES = tuple(f"FACE_{point.name}" for point in FacePoint)
HAND_NAMES = tuple(f"{side.name}_HAND_{index}" for side in Side for index in range(21))


def trc_px_text(series: LandmarkSeries, file_name: str) -> str:
    """Return the landmarks in the image plane as TRC."""
    points = {name: _flat(series.xy_px[:, i]) for i, name in enumerate(LANDMARK_NAMES)}
    if series.face_px is not None:
        face_px = series.face_px.astype(np.float64)
        points |= {name: face_px[:, i] for i, name in enumerate(FACE_NAMES)}
    if series.hand_px is not None:
        hands = series.hand_px.reshape(len(series), -1, 2).astype(np.float64)
        points |= {name: _flat(hands[:, i]) for i, name in enumerate(HAND_NAMES)}
    y_up = {
        name: np.stack([xyz[:, 0], series.height_px - xyz[:, 1], 0.0 - xyz[:, 2]], axis=1)
        for name, xyz in points.items()
    }
    corner = np.array([series.width_px, series.height_px, 0.0])
    y_up[PICTURE_CORNER] = np.tile(corner, (len(series), 1))
    return _trc_text(series.time_s, y_up, "px", file_name)


def trc_world_text(series: LandmarkSeries, file_name: str) -> str:
    """Return the metric estimate as TRC."""
    y_up = series.world_m * np.array([1.0, -1.0, -1.0]) * MM_PER_M
    points = {name: y_up[:, i] for i, name in enumerate(LANDMARK_NAMES)}
    return _trc_text(series.time_s, points, "mm", file_name)


def mot_text(assessment: Assessment) -> str | None:
    """Return the angle over time as MOT; None where there is none or it was never seen."""
    series = assessment.series
    if series is None or not np.isfinite(series.angle_deg).any():
        return None
    seen = np.isfinite(series.angle_deg)
    head = [
        angle_name(assessment),
        "version=1",
        f"nRows={int(seen.sum())}",
        "nColumns=2",
        "inDegrees=yes",
        "endheader",
        f"time\t{angle_name(assessment)}",
    ]
    pairs = zip(series.time_s[seen], series.angle_deg[seen], strict=True)
    return _lines([*head, *(f"{time_s:.6f}\t{angle_deg:.6f}" for time_s, angle_deg in pairs)])


def angle_name(assessment: Assessment) -> str:
    """The name of the column: the movement, with its side where it has one."""
    parts = (assessment.movement, assessment.side.value if assessment.side else "")
    return "_".join(part for part in parts if part)


def _flat(xy_px: FloatArray) -> FloatArray:
    return np.concatenate([xy_px, np.zeros((len(xy_px), 1))], axis=1)


def _trc_text(time_s: FloatArray, points: dict[str, FloatArray], unit: str, file_name: str) -> str:
    steps = np.diff(time_s)
    rate = f"{1.0 / np.median(steps):.3f}" if len(steps) else "0.000"
    frames = str(len(time_s))
    numbers = "\t".join(f"X{i}\tY{i}\tZ{i}" for i in range(1, len(points) + 1))
    head = [
        f"PathFileType\t4\t(X/Y/Z)\t{file_name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame"
        "\tOrigNumFrames",
        "\t".join([rate, rate, frames, str(len(points)), unit, rate, "1", frames]),
        "Frame#\tTime\t" + "\t\t\t".join(points) + "\t\t",
        f"\t\t{numbers}",
        "",
    ]
    table = np.concatenate(list(points.values()), axis=1)
    return _lines([*head, *_rows(time_s, table, _DECIMALS[unit])])


def _rows(time_s: FloatArray, table: FloatArray, decimals: int) -> Iterator[str]:
    for number, (time, row) in enumerate(zip(time_s, table, strict=True), start=1):
        cells = [f"{value:.{decimals}f}" if np.isfinite(value) else "NaN" for value in row]
        yield "\t".join([str(number), f"{time:.6f}", *cells])


def _lines(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n"
