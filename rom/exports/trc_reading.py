"""Landmarks out of TRC files, as `rom.exports.opensim` writes them.

TRC carries no visibility: a point that is there counts as seen.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from rom.errors import InputError
from rom.exports.opensim import (
    FACE_NAMES,
    HAND_NAMES,
    LANDMARK_NAMES,
    MM_PER_M,
    PICTURE_CORNER,
)
from rom.landmarks import FloatArray, LandmarkSeries

PX_SUFFIX = ".px.trc"
WORLD_SUFFIX = ".world.trc"
MAX_BYTES = 500_000_000

_HEAD_LINES = 5


def read_trc_pair(px_path: Path) -> LandmarkSeries:
    """Read landmarks of the image plane, and the metric estimate beside them where there is one.

    Raises
    ------
    InputError
        A file cannot be read, is no TRC file, or does not hold our landmarks in pixels.
    """
    time_s, points = read_points(px_path, "px")
    _check_names(px_path, points, (*LANDMARK_NAMES, PICTURE_CORNER))
    width_px, height_px = (_size(px_path, points[PICTURE_CORNER][:, axis]) for axis in (0, 1))

    def pixels(names: tuple[str, ...]) -> FloatArray:
        xyz = np.stack([points[name] for name in names], axis=1)
        return np.stack([xyz[..., 0], height_px - xyz[..., 1], 0.0 - xyz[..., 2]], axis=-1)

    xy_px = pixels(LANDMARK_NAMES)[..., :2]
    seen = np.asarray(np.isfinite(xy_px).all(axis=2))
    face_px = pixels(FACE_NAMES) if set(FACE_NAMES) <= set(points) else None
    hand_px = pixels(HAND_NAMES)[..., :2] if set(HAND_NAMES) <= set(points) else None
    return LandmarkSeries(
        time_s=time_s,
        xy_px=xy_px,
        world_m=_world_m(px_path, time_s),
        visibility=seen.astype(np.float64),
        width_px=width_px,
        height_px=height_px,
        face_px=None if face_px is None else face_px.astype(np.float32),
        hand_px=None
        if hand_px is None
        else hand_px.reshape(len(time_s), 2, -1, 2).astype(np.float32),
    )


def read_points(path: Path, unit: str) -> tuple[FloatArray, dict[str, FloatArray]]:
    """Read (T,) times in seconds and (T, 3) paths by their names.

    Raises
    ------
    InputError
        The file cannot be read, is no TRC file, or is in another unit.
    """
    lines = _read_lines(path)
    head = [line.split("\t") for line in lines[:_HEAD_LINES]]
    if len(head) < _HEAD_LINES or head[0][0] != "PathFileType" or len(head[2]) < 5:
        raise InputError(
            f"Expected a TRC file, but {path} does not begin like one; name another file"
        )
    if head[2][4].strip() != unit:
        raise InputError(
            f"Expected coordinates in {unit}, but {path} holds {head[2][4].strip()[:20]!r}; name a"
            " file that `rom export --format opensim` wrote"
        )
    names = [name for name in head[3][2:] if name.strip()]
    table = np.array(
        [
            _row(path, number, line, 2 + 3 * len(names))
            for number, line in enumerate(lines, start=1)
            if number > _HEAD_LINES and line.strip()
        ]
    ).reshape(-1, 2 + 3 * len(names))
    time_s = table[:, 1]
    if len(time_s) == 0 or not (np.diff(time_s) > 0).all() or not np.isfinite(time_s).all():
        raise InputError(f"Expected frames in order of time in {path}; name another file")
    return time_s, {name: table[:, 2 + 3 * i : 5 + 3 * i] for i, name in enumerate(names)}


def _read_lines(path: Path) -> list[str]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"Expected a TRC file of up to 500 MB, got {path}; split it")
        return path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise InputError(
            f"Expected a file to read, but {path} cannot be read ({error.strerror}); correct it"
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(f"Expected a TRC file, but {path} is no text; name another") from error


def _row(path: Path, number: int, line: str, columns: int) -> list[float]:
    cells = line.split("\t")
    cells += [""] * (columns - len(cells))  # some programs cut blank cells off the end
    try:
        values = [float(cell) if cell.strip() else math.nan for cell in cells]
    except ValueError:
        values = []
    if len(values) != columns and any(cell.strip() for cell in cells[columns:]) or not values:
        raise InputError(
            f"Expected {columns} numbers in line {number} of {path}, got something else; export it"
            " again"
        )
    return values[:columns]


def _check_names(path: Path, points: dict[str, FloatArray], names: tuple[str, ...]) -> None:
    missing = [name for name in names if name not in points]
    if missing:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        raise InputError(
            f"Expected the landmarks of rom in {path}, but {', '.join(missing[:3])}{more} is"
            " missing; name a file that `rom export --format opensim` wrote"
        )


def _size(path: Path, values_px: FloatArray) -> int:
    if not np.isfinite(values_px).all() or not 1 <= values_px[0] <= 20_000:
        raise InputError(
            f"Expected the picture's size as {PICTURE_CORNER} in {path}, got something else;"
            " export it again"
        )
    return int(round(float(values_px[0])))


def _world_m(px_path: Path, time_s: FloatArray) -> FloatArray:
    path = px_path.with_name(px_path.name.removesuffix(PX_SUFFIX) + WORLD_SUFFIX)
    if not path.is_file():
        return np.full((len(time_s), len(LANDMARK_NAMES), 3), np.nan)
    other_s, points = read_points(path, "mm")
    _check_names(path, points, LANDMARK_NAMES)
    if len(other_s) != len(time_s):
        raise InputError(
            f"Expected as many frames in {path} as in {px_path.name}, got {len(other_s)} and"
            f" {len(time_s)}; export both again"
        )
    mm = np.stack([points[name] for name in LANDMARK_NAMES], axis=1)
    world_m: FloatArray = mm * np.array([1.0, -1.0, -1.0]) / MM_PER_M
    return world_m
