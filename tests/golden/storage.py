"""Landmarks of sample clips, small enough to keep, and what was assessed from them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rom.clinical.assessment import Assessment
from rom.landmarks import LandmarkSeries, Side
from tests.performances import assess

FOLDER = Path(__file__).parent
CLIPS: dict[str, tuple[str, tuple[Side, ...]]] = {
    "shoulder_abduction_left_pre1": ("shoulder_abduction", (Side.LEFT, Side.RIGHT)),
    "shoulder_abduction_left_post": ("shoulder_abduction", (Side.LEFT,)),
    "knee_flexion_left": ("knee_flexion", (Side.LEFT, Side.RIGHT)),
    "cervical_lateral_flexion": ("cervical_lateral_flexion", (Side.LEFT, Side.RIGHT)),
}
"""Stored clips: their movement, and the sides to assess; the wrong side has to be refused."""

PIXEL_STEPS = 8
METRE_STEPS = 500
UNSEEN = np.iinfo(np.int16).min


def _packed(values: NDArray[np.floating], steps: int) -> NDArray[np.int16]:
    """Whole steps as differences between frames, which compress well; unseen is a number apart."""
    seen = np.isfinite(values)
    whole = np.where(seen, np.round(np.nan_to_num(values) * steps), UNSEEN).astype(np.int16)
    return np.diff(whole, axis=0, prepend=np.zeros_like(whole[:1]))


def _unpacked(packed: NDArray[np.int16], steps: int) -> NDArray[np.float64]:
    whole = np.cumsum(packed, axis=0, dtype=np.int16)
    return np.where(whole == UNSEEN, np.nan, whole / steps)


def write_landmarks(path: Path, series: LandmarkSeries) -> None:
    """Store a series in about 60 kB: an eighth of a pixel, two millimetres, a percent."""
    face = {} if series.face_px is None else {"face": _packed(series.face_px, PIXEL_STEPS)}
    np.savez_compressed(
        path,
        time_us=np.round(series.time_s * 1e6).astype(np.int64),
        xy=_packed(series.xy_px, PIXEL_STEPS),
        world=_packed(series.world_m, METRE_STEPS),
        visibility=_packed(series.visibility, 100),
        size_px=np.array([series.width_px, series.height_px]),
        people_count=series.people_count.astype(np.uint8),
        identity_sure=series.identity_sure,
        **face,
    )


def read_landmarks(path: Path) -> LandmarkSeries:
    """Read what `write_landmarks` stored.

    Raises
    ------
    FileNotFoundError
        The file is missing: it belongs to the repository.
    """
    with np.load(path) as stored:
        width_px, height_px = (int(size) for size in stored["size_px"])
        face = stored.get("face")
        return LandmarkSeries(
            time_s=stored["time_us"] / 1e6,
            xy_px=_unpacked(stored["xy"], PIXEL_STEPS),
            world_m=_unpacked(stored["world"], METRE_STEPS),
            visibility=np.nan_to_num(_unpacked(stored["visibility"], 100)),
            width_px=width_px,
            height_px=height_px,
            people_count=stored["people_count"].astype(np.int64),
            identity_sure=stored["identity_sure"],
            face_px=None if face is None else _unpacked(face, PIXEL_STEPS).astype(np.float32),
        )


def landmarks_path(clip: str) -> Path:
    return FOLDER / f"{clip}.npz"


def summary(assessment: Assessment) -> dict[str, object]:
    """What a reader wants to see change, or not, in readable numbers."""

    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, 1)

    return {
        "status": assessment.status,
        "value_deg": rounded(assessment.value_deg),
        "bound": assessment.bound,
        "sem_deg": rounded(assessment.sem_deg),
        "repetitions": [
            {
                "counted": repetition.counted,
                "onset_s": round(repetition.onset_s, 1),
                "peak_s": round(repetition.peak_s, 1),
                "start_deg": round(repetition.start_deg, 1),
                "peak_deg": round(repetition.peak_deg, 1),
            }
            for repetition in assessment.repetitions
        ],
        "issues": [f"{issue.severity.value}: {issue.code}" for issue in assessment.issues],
    }


def assess_stored(clip: str) -> dict[str, dict[str, object]]:
    """Summaries by side of a stored clip."""
    movement, sides = CLIPS[clip]
    series = read_landmarks(landmarks_path(clip))
    return {side.value: summary(assess(series, movement, side)[0]) for side in sides}


def expected_path(clip: str) -> Path:
    return FOLDER / f"{clip}.json"


def read_expected(clip: str) -> dict[str, dict[str, object]]:
    expected: dict[str, dict[str, object]] = json.loads(expected_path(clip).read_text("utf-8"))
    return expected


def write_expected(clip: str) -> None:
    text = json.dumps(assess_stored(clip), indent=2)
    expected_path(clip).write_text(text + "\n", "utf-8")
