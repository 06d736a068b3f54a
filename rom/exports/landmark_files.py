"""Landmarks as files that can be assessed again with the same result (`rom.landmarks/1`).

An NPZ archive of NumPy: `time_s` (T,), `xy_px` (T, 33, 2), `world_m` (T, 33, 3), `visibility`
(T, 33), `people_count` (T,), `identity_sure` (T,), where there are any `face_px` (T, 20, 3) and
`hand_px` (T, 2, 21, 2), and `size_px` (width, height), all as `rom.landmarks.LandmarkSeries`
describes them; and `origin`, a JSON text that says what they were read from. NaN is not seen.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rom.clinical.assessment import Provenance
from rom.errors import InputError
from rom.landmarks import LandmarkSeries, Side
from rom.quality.issues import Issue
from rom.records.codec import from_plain, to_plain
from rom.records.entities import SetRecord

SCHEMA = "rom.landmarks/1"
MAX_BYTES = 1_000_000_000
"""Of the arrays: an hour at 60 frames a second."""

OF_THE_PICTURE = ("corrupt_frames", "recording_cut", "picture_dark")
"""Issues that only the video itself could show; they stay with its landmarks."""

_ARRAYS = ("time_s", "xy_px", "world_m", "visibility", "people_count", "identity_sure")
_OPTIONAL = ("face_px", "hand_px")


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What landmarks were read from.

    Attributes
    ----------
    movement, side
        What was measured; the movement is None where nothing says it.
    mirrored
        Whether the recording was a mirror image; the landmarks are turned back already.
    provenance
        Of the assessment; None where nothing says it. A camera or a tilt that was taken out of the
        landmarks stands in its `correction`.
    issues
        What the video itself showed against a value.
    """

    recording: str | None = None
    recorded_at: datetime | None = None
    movement: str | None = None
    side: Side | None = None
    mirrored: bool = False
    provenance: Provenance | None = None
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class LandmarkFile:
    """Landmarks with their origin."""

    landmarks: LandmarkSeries
    origin: Origin


def origin_of(record: SetRecord) -> Origin:
    """The origin of a set's landmarks."""
    assessment = record.assessment
    return Origin(
        recording=record.recording,
        recorded_at=record.recorded_at,
        movement=assessment.movement,
        side=assessment.side,
        mirrored=assessment.view is not None and assessment.view.mirrored,
        provenance=assessment.provenance,
        issues=tuple(issue for issue in assessment.issues if issue.code in OF_THE_PICTURE),
    )


def origin_text(origin: Origin) -> str:
    """Return an origin as JSON."""
    content = to_plain(origin)
    assert isinstance(content, dict)
    return json.dumps({"schema": SCHEMA} | content, allow_nan=False, indent=1) + "\n"


def origin_from_text(text: str) -> Origin:
    """Read what `origin_text` made.

    Raises
    ------
    ValueError
        For anything else.
    """
    content = json.loads(text)
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise ValueError(f"expected the origin of landmarks ({SCHEMA})")
    return from_plain(Origin, content)


def landmark_bytes(file: LandmarkFile) -> bytes:
    """Return landmarks as an NPZ archive, every number bit by bit."""
    series = file.landmarks
    arrays = {name: getattr(series, name) for name in (*_ARRAYS, *_OPTIONAL)}
    present = {name: array for name, array in arrays.items() if array is not None}
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        allow_pickle=False,
        origin=np.array(origin_text(file.origin)),
        size_px=np.array([series.width_px, series.height_px], np.int64),
        **present,
    )
    return buffer.getvalue()


def read_landmarks(path: Path) -> LandmarkFile:
    """Read what `landmark_bytes` made.

    Raises
    ------
    InputError
        The file cannot be read or holds something else.
    """
    try:
        _check_size(path)
        with np.load(path, allow_pickle=False) as stored:
            return _landmark_file({name: stored[name] for name in stored.files})
    except OSError as error:
        raise InputError(
            f"Expected a file to read, but {path} cannot be read"
            f" ({error.strerror or 'not an NPZ file'}); correct it"
        ) from error
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile, RecursionError, EOFError) as error:
        raise InputError(
            f"Expected landmarks that rom wrote ({SCHEMA}), but {path} holds something else;"
            " name another file"
        ) from error


def _landmark_file(arrays: Mapping[str, NDArray[Any]]) -> LandmarkFile:
    width_px, height_px = (int(size) for size in arrays["size_px"])
    series = LandmarkSeries(
        time_s=_floats(arrays["time_s"]),
        xy_px=_floats(arrays["xy_px"]),
        world_m=_floats(arrays["world_m"]),
        visibility=_floats(arrays["visibility"]),
        width_px=width_px,
        height_px=height_px,
        people_count=arrays["people_count"].astype(np.int64),
        identity_sure=arrays["identity_sure"].astype(np.bool_),
        **{name: arrays[name].astype(np.float32) for name in _OPTIONAL if name in arrays},
    )
    if min(width_px, height_px) < 1 or not np.isfinite(series.time_s).all():
        raise ValueError("expected a picture with a size and frames with their times")
    return LandmarkFile(landmarks=series, origin=origin_from_text(str(arrays["origin"])))


def _floats(array: NDArray[Any]) -> NDArray[np.float64]:
    return array.astype(np.float64)


def _check_size(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        size = sum(member.file_size for member in archive.infolist())
    if size > MAX_BYTES:
        raise InputError(
            f"Expected landmarks of up to {MAX_BYTES // 1_000_000} MB, but {path} holds"
            f" {size // 1_000_000} MB; split the recording"
        )
