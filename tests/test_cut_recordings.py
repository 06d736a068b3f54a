"""Recordings that begin or end in the middle of a repetition, as people press the button late."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rom.landmarks import LandmarkSeries, Side
from rom.quality.people import check_successors
from rom.recognition import Guess, recognise_movement
from tests.performances import PEAK_DEG, assess, filmed


def cut(series: LandmarkSeries, first: int, last: int | None = None) -> LandmarkSeries:
    """The frames from `first` to before `last`."""
    rows = slice(first, last)

    def part(values: np.ndarray | None) -> np.ndarray | None:
        return None if values is None else values[rows]

    return replace(
        series,
        time_s=series.time_s[rows] - series.time_s[rows][0],
        xy_px=series.xy_px[rows],
        world_m=series.world_m[rows],
        visibility=series.visibility[rows],
        people_count=series.people_count[rows],
        identity_sure=series.identity_sure[rows],
        face_px=part(series.face_px),
        hand_px=part(series.hand_px),
    )


@pytest.mark.parametrize(
    "name", ["cervical_lateral_flexion", "cervical_rotation", "trunk_lateral_flexion"]
)
@pytest.mark.parametrize("share", np.arange(0.02, 0.36, 0.04).round(2))
def test_a_set_in_turn_that_begins_too_late_never_gives_a_clean_wrong_value(
    name: str, share: float
) -> None:
    peaks = [PEAK_DEG[name], -PEAK_DEG[name]] * 3
    series = filmed(name, Side.LEFT, peaks_deg=peaks)
    late = cut(series, int(share * len(series)))
    for side in Side:
        result, _ = assess(late, name, side)
        whole, _ = assess(series, name, side)
        if result.measured and not result.issues:
            assert result.value_deg == pytest.approx(whole.value_deg, abs=5.0)


@pytest.mark.parametrize("name", ["shoulder_flexion", "hip_flexion", "shoulder_abduction"])
def test_a_set_that_begins_and_ends_bent_is_not_the_opposite_movement(name: str) -> None:
    series = filmed(name, Side.LEFT)
    top = int(np.argmax(series.time_s > 2.3))
    bent = cut(series, top, len(series) - top)
    opposite = {
        "shoulder_flexion": "shoulder_extension",
        "hip_flexion": "hip_extension",
        "shoulder_abduction": "hip_adduction",
    }[name]
    result, _ = assess(bent, opposite, Side.LEFT)
    assert not result.measured
    guess = recognise_movement(bent)
    assert not isinstance(guess, Guess) or guess.movement.name == name


def test_people_one_after_the_other_are_mentioned() -> None:
    series = filmed("knee_flexion", Side.LEFT)
    assert [issue.code for issue in check_successors(2, series)] == ["several_people"]
    assert not check_successors(1, series)
    together = replace(series, people_count=np.full(len(series), 2))
    assert not check_successors(2, together), "check_people says so already"
