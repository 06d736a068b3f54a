"""Sets as people do them: where they start, how far they go, how they vary, how they are filmed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from calibration.acting import Action
from calibration.compose import Recording, reachable_deg
from calibration.stock import Stills
from rom.landmarks import Side

REPETITION_SD_DEG = 3.0
"""How far a person's repetitions differ."""
SET_SD_DEG = 2.0
"""How far a person's sets differ when nothing changed."""
FRAME_RATES_HZ = (15.0, 24.0, 25.0, 30.0, 30.0, 60.0)
_ODDS_DEG = 2.5
"""Repetitions are cut off this many standard deviations beyond the set's own range."""

_RESTS_DEG = {"ankle_dorsiflexion": -20.0, "elbow_extension": -75.0, "knee_extension": -80.0}
"""Resting positions that are not the low end of what was rendered, in the movement's direction."""


@dataclass(frozen=True, kw_only=True)
class Range:
    """What a person can do in one series: the resting angle and the furthest wanted peak."""

    start_deg: float
    end_deg: float

    def peak_deg(self, part: float) -> float:
        """True peak at a part of the range, 0 at rest and 1 at the end."""
        return self.start_deg + part * (self.end_deg - self.start_deg)


def range_of(stills: Stills, side: Side) -> Range:
    """The range that sets of this series may use, with room for repetitions that go further."""
    low_deg, high_deg = reachable_deg(stills, side)
    start_deg = 0.0 if stills.plan.to_both_sides else low_deg + 1.0
    return Range(
        start_deg=max(low_deg, _RESTS_DEG.get(stills.plan.movement, start_deg)),
        end_deg=high_deg
        - _ODDS_DEG * REPETITION_SD_DEG * small_movement_factor(stills.plan.action),
    )


def small_movement_factor(action: Action) -> float:
    """Movements of less than 50 degrees vary less in degrees: 0.5 of the usual."""
    low_deg, high_deg = action.range_deg
    return 0.5 if max(abs(low_deg), abs(high_deg)) < 50.0 and low_deg >= -50.0 else 1.0


def draw_set(
    stills: Stills,
    target_deg: float,
    rng: np.random.Generator,
    *,
    repetitions: int = 3,
    start_deg: float | None = None,
) -> Recording:
    """A set about a target: its own level (SD 2°) and repetitions about that (SD 3°)."""
    side = Side(stills.plan.side)
    small = small_movement_factor(stills.plan.action)
    level_deg = target_deg + SET_SD_DEG * small * float(rng.normal())
    spread_deg = (
        REPETITION_SD_DEG * small * np.clip(rng.normal(size=repetitions), -_ODDS_DEG, _ODDS_DEG)
    )
    peaks_deg = np.minimum(level_deg + spread_deg, reachable_deg(stills, side)[1])
    rest_deg = range_of(stills, side).start_deg if start_deg is None else start_deg
    return Recording(
        peaks_deg=tuple(float(peak) for peak in peaks_deg),
        start_deg=rest_deg,
        frame_rate_hz=float(rng.choice(FRAME_RATES_HZ)),
        speed=float(rng.uniform(0.8, 1.5)),
        seed=int(rng.integers(1 << 31)),
    )


def draw_sets(
    stills: Stills, side: Side, count: int, *, seed: int, low: float = 0.5, high: float = 1.0
) -> list[Recording]:
    """Sets at different parts of the range, evenly spread, everything else drawn."""
    rng = np.random.default_rng([seed, stills.plan.seed % (1 << 31), list(Side).index(side)])
    span = range_of(stills, side)
    parts = low + (high - low) * (np.arange(count) + rng.random(count)) / count
    sets = [draw_set(stills, span.peak_deg(float(part)), rng) for part in parts]
    top_deg = reachable_deg(stills, side)[1]
    return [
        replace(each, peaks_deg=tuple(min(peak, top_deg) for peak in each.peaks_deg))
        for each in sets
    ]
