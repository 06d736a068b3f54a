"""Where an angle goes out and comes back: the excursions of a smooth curve."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Curve:
    """A smooth angle, evenly sampled, without NaN.

    Attributes
    ----------
    time_s, angle_deg
        Shape (N,).
    noise_deg
        Standard deviation of the noise left in it.
    """

    time_s: FloatArray
    angle_deg: FloatArray
    noise_deg: float


@dataclass(frozen=True)
class Excursion:
    """Sample numbers of one way out and back; `end` equals `top` where the curve ends there."""

    start: int
    top: int
    end: int


def find_excursions(
    curve_deg: FloatArray, *, min_height_deg: float, return_frac: float
) -> list[Excursion]:
    """Find every rise of at least `min_height_deg` together with the fall after it.

    Two tops are one excursion unless the curve between them comes down by `return_frac` of the
    lower top's height, so that a pause part-way or a sway at the end range does not split it.
    The first and the last sample may be a top: a curve that ends there was cut off.

    Parameters
    ----------
    curve_deg
        Shape (N,); smooth, no NaN.
    """
    from scipy.signal import find_peaks

    floor_deg = float(curve_deg.min()) - min_height_deg
    padded = np.concatenate(([floor_deg], curve_deg, [floor_deg]))
    tops = [int(top) - 1 for top in find_peaks(padded, prominence=min_height_deg)[0]]
    bottoms = _find_bottoms(curve_deg, tops)
    while len(tops) > 1:
        drops = [_drop_frac(curve_deg, tops, bottoms, i) for i in range(len(tops) - 1)]
        shallowest = int(np.argmin(drops))
        if drops[shallowest] >= return_frac:
            break
        left, right = tops[shallowest], tops[shallowest + 1]
        tops.remove(left if curve_deg[left] < curve_deg[right] else right)
        bottoms = _find_bottoms(curve_deg, tops)
    excursions = [
        Excursion(start, top, end)
        for start, top, end in zip(bottoms[:-1], tops, bottoms[1:], strict=True)
    ]
    return [e for e in excursions if curve_deg[e.top] - curve_deg[e.start] >= min_height_deg]


def _find_bottoms(curve_deg: FloatArray, tops: list[int]) -> list[int]:
    """Lowest sample before the first top, between neighbours, and after the last one."""
    bounds = [0, *tops, curve_deg.size - 1]
    return [a + int(np.argmin(curve_deg[a : b + 1])) for a, b in pairwise(bounds)]


def _drop_frac(curve_deg: FloatArray, tops: list[int], bottoms: list[int], i: int) -> float:
    """How far the curve comes down between tops i and i + 1, relative to the lower one."""
    lower_deg = min(curve_deg[tops[i]], curve_deg[tops[i + 1]])
    base_deg = min(curve_deg[bottoms[i : i + 3]])
    return float((lower_deg - curve_deg[bottoms[i + 1]]) / max(lower_deg - base_deg, 1e-9))


def find_neutral(
    curve: Curve, excursions: list[Excursion], *, min_height_deg: float
) -> float | None:
    """Return the resting angle between two opposite directions, None if there is only one.

    In a set that goes left and right in turn, a repetition to the left starts at rest, not at
    the far right. The rest is where the recording begins or ends still, but for a hold at the
    top; where it does neither, the anatomical 0. It must lie near 0 and in the middle half of the
    whole arc.

    Parameters
    ----------
    curve
        A smooth angle.
    excursions
        What `find_excursions` found in it; at least one.
    """
    curve_deg = curve.angle_deg
    lows = [curve_deg[e.start] for e in excursions] + [curve_deg[excursions[-1].end]]
    inner_deg = float(np.median(lows[1:-1] if len(lows) > 2 else lows))
    low_deg = min(inner_deg, float(np.median(lows)))
    arc_deg = float(np.median([curve_deg[e.top] for e in excursions])) - low_deg
    if low_deg > -0.5 * min_height_deg:
        return None
    window = max(2, round(0.5 / (curve.time_s[1] - curve.time_s[0])))
    ends = [curve_deg[:window], curve_deg[-window:]]
    still = [float(np.median(end)) for end in ends if np.ptp(end) < 0.1 * arc_deg]
    rests = [rest for rest in still if rest < low_deg + 0.75 * arc_deg] or [0.0]
    if any(rest < low_deg + 0.25 * arc_deg or abs(rest) > 0.3 * arc_deg for rest in rests):
        return None
    return float(np.mean(rests)) if max(rests) < low_deg + 0.75 * arc_deg else None
