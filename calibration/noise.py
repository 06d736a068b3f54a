"""Frame-to-frame noise of the landmarks: how much it is, and more of the same kind.

Measured as what is left of a fully rendered set's landmarks after the course through the stills
of the same person and camera has been taken off; drawn as a first-order autoregression, for the
errors of neighbouring frames are alike.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.signal import lfilter

from rom.landmarks import FloatArray, Landmark, LandmarkSeries, Side, sided

SLOW_S = 0.5
"""What changes more slowly than this is not noise of a frame."""
SEEN_FRAC = 0.7
"""Points that are seen in fewer frames are left out."""
_VISIBLE = 0.5
_MEMORIES_S = np.geomspace(0.005, 0.6, 14)
_JOINTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
_BODY_PARTS: dict[str, list[int]] = {
    "limbs": [int(sided(name, side)) for name in _JOINTS for side in Side],
    "head": list(range(Landmark.NOSE, Landmark.LEFT_SHOULDER)),
}
PARTS = (*_BODY_PARTS, "face", "hands")


@dataclass(frozen=True, kw_only=True)
class Jitter:
    """Noise of each landmark.

    Attributes
    ----------
    sigma_trunks
        Standard deviation of either coordinate, in lengths of the trunk line.
    correlation_s
        Time after which noise resembles itself by 1/e.
    """

    sigma_trunks: float
    correlation_s: float


MEASURED = Jitter(sigma_trunks=0.0055, correlation_s=0.12)
"""With this noise the angles of composed sets scatter about their course like those of filmed sets
(`results/verify.csv`, fast). The landmarks scatter more (`results/noise.csv`), but mostly alike,
which turns no limb."""


def draw_jitter_px(
    jitter: Jitter,
    frames: int,
    points: int,
    rate_hz: float,
    trunk_px: float,
    rng: np.random.Generator,
) -> FloatArray:
    """(T, P, 2) noise in pixels; stationary from the first frame on."""
    memory = float(np.exp(-1.0 / (rate_hz * jitter.correlation_s)))
    fresh = rng.normal(0.0, np.sqrt(1.0 - memory**2), (frames, points, 2))
    fresh[0] /= np.sqrt(1.0 - memory**2)
    course: FloatArray = lfilter([1.0], [1.0, -memory], fresh, axis=0)
    return course * (jitter.sigma_trunks * trunk_px)


@dataclass(frozen=True, kw_only=True)
class NoiseRow:
    """Noise of one part of the body in one filmed set, in lengths of the trunk line.

    Attributes
    ----------
    key
        Name of the set.
    points
        How many of the part's points were seen.
    sigma_trunks, correlation_s
        The `Jitter` of what changes within half a second.
    typical_sigma_trunks
        The same size from the middle half of the noise, which single lost frames do not reach.
    slow_trunks
        Standard deviation of what changes more slowly: the pose between stills, and sway.
    offset_trunks
        Root mean square over the points of what does not change at all.
    """

    key: str
    part: str
    points: int
    frame_rate_hz: float
    sigma_trunks: float
    correlation_s: float
    typical_sigma_trunks: float
    slow_trunks: float
    offset_trunks: float


def measure_left_over(
    series: LandmarkSeries, course: LandmarkSeries, part: str, *, key: str
) -> NoiseRow | None:
    """Noise of a part's points about their course; None where no point of it was seen."""
    points_px, course_px = part_px(series, part), part_px(course, part)
    trunk = course.middle_px("shoulder") - course.middle_px("hip")
    trunk_px = float(np.nanmedian(np.linalg.norm(trunk, axis=-1)))
    if points_px is None or course_px is None or points_px.shape[1] == 0:
        return None
    left_over_px = points_px - course_px
    seen = np.isfinite(left_over_px).all(axis=2).mean(axis=0) > SEEN_FRAC
    if not seen.any() or not np.isfinite(trunk_px):
        return None
    left_over = left_over_px[:, seen].reshape(len(series), -1) / trunk_px
    slow, fast = split_course(left_over, series.frame_rate_hz)
    jitter = measure_jitter(fast, series.frame_rate_hz)
    spread = np.nanpercentile(fast, 75, axis=0) - np.nanpercentile(fast, 25, axis=0)
    kept_frac = jitter.sigma_trunks / float(np.sqrt(np.nanmean(fast**2)))
    return NoiseRow(
        key=key,
        part=part,
        points=int(seen.sum()),
        frame_rate_hz=round(series.frame_rate_hz, 1),
        sigma_trunks=round(jitter.sigma_trunks, 5),
        correlation_s=round(jitter.correlation_s, 3),
        typical_sigma_trunks=round(kept_frac * float(np.sqrt(np.mean((spread / 1.349) ** 2))), 5),
        slow_trunks=round(float(np.sqrt(np.nanmean(np.nanvar(slow, axis=0)))), 5),
        offset_trunks=round(float(np.sqrt(np.mean(np.nanmean(slow, axis=0) ** 2))), 5),
    )


def part_px(series: LandmarkSeries, part: str) -> FloatArray | None:
    """(T, P, 2) positions of a part's points, NaN in frames where they were not surely seen."""
    if part == "face":
        return None if series.face_px is None else np.asarray(series.face_px[..., :2], float)
    if part == "hands":
        hand_px = series.hand_px
        return None if hand_px is None else np.asarray(hand_px, float).reshape(len(series), 42, 2)
    indices = _BODY_PARTS[part]
    visible = np.nanmedian(series.visibility[:, indices], axis=0) > _VISIBLE
    points_px: FloatArray = np.where(visible[:, None], series.xy_px[:, indices], np.nan)
    return points_px


def split_course(values: FloatArray, rate_hz: float) -> tuple[FloatArray, FloatArray]:
    """Slow part (running median over half a second) and the rest of channels (T, C)."""
    half = max(1, round(0.5 * SLOW_S * rate_hz))
    padded = np.pad(values, ((half, half), (0, 0)), mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1, axis=0)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "All-NaN slice")
        median = np.median if np.isfinite(values).all() else np.nanmedian  # ten times faster
        slow: FloatArray = median(windows, axis=-1)
    return slow, values - slow


def measure_jitter(fast: FloatArray, rate_hz: float) -> Jitter:
    """The noise whose fast part, as `split_course` leaves it, is like these channels (T, C).

    The running median takes some of the noise along, and more of it the longer its memory; how
    much is known from noise that was drawn.
    """
    resemblance, kept_frac = _filtered_noise(round(rate_hz, 1))
    found = _resemblance(fast)
    memory_s = float(np.interp(found, resemblance, _MEMORIES_S))
    kept = float(np.interp(memory_s, _MEMORIES_S, kept_frac))
    return Jitter(
        sigma_trunks=float(np.sqrt(np.nanmean(fast**2))) / kept,
        correlation_s=memory_s,
    )


@lru_cache
def _filtered_noise(rate_hz: float) -> tuple[FloatArray, FloatArray]:
    """For noise of each memory: resemblance of neighbours and share of the size after filtering."""
    resemblance, kept_frac = [], []
    for memory_s in _MEMORIES_S:
        rng = np.random.default_rng(0)
        jitter = Jitter(sigma_trunks=1.0, correlation_s=float(memory_s))
        drawn = draw_jitter_px(jitter, 1500, 20, rate_hz, 1.0, rng).reshape(1500, -1)
        _, fast = split_course(drawn, rate_hz)
        resemblance.append(_resemblance(fast))
        kept_frac.append(float(np.sqrt(np.mean(fast**2))))
    return np.maximum.accumulate(resemblance), np.array(kept_frac)


def _resemblance(fast: FloatArray) -> float:
    """Correlation of neighbouring frames over all channels."""
    return float(np.nanmean(fast[1:] * fast[:-1]) / np.nanmean(fast**2))
