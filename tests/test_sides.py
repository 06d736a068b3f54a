"""Legs that the pose model exchanged are found and exchanged back, and no others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rom.landmarks import MIRRORED_ORDER, BoolArray, LandmarkSeries, Side
from rom.quality.sides import LEG, find_exchanged_frames, repair_legs
from tests.performances import assess, codes, filmed

LEG_MOVEMENTS = ["knee_flexion", "hip_flexion", "hip_extension", "hip_abduction", "knee_extension"]


def with_exchanged_legs(series: LandmarkSeries, frames: BoolArray) -> LandmarkSeries:
    partners = [MIRRORED_ORDER[index] for index in LEG]
    at = np.flatnonzero(frames)[:, None]
    xy_px, world_m = series.xy_px.copy(), series.world_m.copy()
    visibility = series.visibility.copy()
    xy_px[at, LEG] = series.xy_px[at, partners]
    world_m[at, LEG] = series.world_m[at, partners]
    visibility[at, LEG] = series.visibility[at, partners]
    return replace(series, xy_px=xy_px, world_m=world_m, visibility=visibility)


@pytest.mark.parametrize("name", LEG_MOVEMENTS)
@pytest.mark.parametrize("side", list(Side))
def test_clean_legs_are_left_alone(name: str, side: Side) -> None:
    series = filmed(name, side, noise_px=2.0)
    assert not find_exchanged_frames(series).any()
    repaired, share = repair_legs(series)
    assert share == 0.0
    assert repaired is series


@pytest.mark.parametrize("name", LEG_MOVEMENTS)
def test_legs_exchanged_while_apart_are_repaired(name: str) -> None:
    """Where the legs lie on each other an exchange changes nothing and may stay."""
    series = filmed(name, Side.LEFT, noise_px=1.0)
    apart = np.zeros(len(series), np.bool_)
    apart[70:82] = apart[100:103] = apart[170:171] = True
    broken = with_exchanged_legs(series, apart)
    repaired, share = repair_legs(broken)
    np.testing.assert_allclose(repaired.xy_px, series.xy_px, atol=12.0)
    assert share == pytest.approx(apart.mean(), abs=0.02)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.02, 0.2))
def test_any_minority_of_exchanged_frames_leaves_the_value_alone(seed: int, share: float) -> None:
    series = filmed("knee_flexion", Side.LEFT)
    whole, _ = assess(series, "knee_flexion", Side.LEFT)
    frames = np.random.default_rng(seed).random(len(series)) < share
    broken, trace = assess(with_exchanged_legs(series, frames), "knee_flexion", Side.LEFT)
    assert trace.exchanged_frac == pytest.approx(frames.mean(), abs=0.05)
    if broken.measured:
        assert whole.value_deg is not None and broken.value_deg is not None
        assert broken.value_deg == pytest.approx(whole.value_deg, abs=2.0)
    if frames.mean() > 0.05:
        assert "left_right_swap" in codes(broken)


def test_a_third_of_the_frames_exchanged_is_refused() -> None:
    series = filmed("knee_flexion", Side.LEFT)
    frames = np.random.default_rng(3).random(len(series)) < 0.33
    result, _ = assess(with_exchanged_legs(series, frames), "knee_flexion", Side.LEFT)
    assert not result.measured
    assert "left_right_swap" in codes(result)


def test_frames_without_the_person_do_not_break_the_repair() -> None:
    series = filmed("knee_flexion", Side.LEFT)
    frames = np.zeros(len(series), np.bool_)
    frames[75:85] = True
    seen = np.ones(len(series), np.bool_)
    seen[80:83] = seen[120:140] = False
    repaired, _ = repair_legs(with_exchanged_legs(series, frames).masked(seen))
    np.testing.assert_allclose(repaired.xy_px[seen], series.xy_px[seen], atol=12.0)
    assert np.isnan(repaired.xy_px[~seen]).all()


@pytest.mark.parametrize("count", [0, 1, 2])
def test_hardly_any_frames_are_left_alone(count: int) -> None:
    series = filmed("knee_flexion", Side.LEFT)
    few = series.masked(np.arange(len(series)) < count)
    assert not find_exchanged_frames(few).any()
