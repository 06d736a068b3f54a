from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rom.video.clock import CUT_GAP_S, FrameClock

STAMPS_S = st.one_of(st.none(), st.floats(-1e5, 1e5, allow_nan=False))


def stamp_all(stamps_s: list[float | None], rate_hz: float | None) -> list[float | None]:
    clock = FrameClock(rate_hz)
    return [clock.stamp(stamp_s) for stamp_s in stamps_s]


@given(st.lists(STAMPS_S, min_size=1), st.one_of(st.none(), st.floats(1.0, 240.0)))
def test_times_start_at_zero_and_increase_whatever_comes(
    stamps_s: list[float | None], rate_hz: float | None
) -> None:
    times_s = [time_s for time_s in stamp_all(stamps_s, rate_hz) if time_s is not None]
    assert times_s[0] == 0.0
    assert all(later > earlier for earlier, later in zip(times_s, times_s[1:], strict=False))


@given(st.lists(st.floats(1e-3, 50.0), max_size=50), st.floats(-100.0, 1e4))
def test_good_timestamps_are_kept(steps_s: list[float], start_s: float) -> None:
    stamps_s = start_s + np.cumsum([0.0, *steps_s])
    times_s = stamp_all(stamps_s.tolist(), 30.0)
    np.testing.assert_allclose(np.array(times_s, float), stamps_s - start_s, atol=1e-9)


def test_equal_and_earlier_timestamps_are_dropped() -> None:
    assert stamp_all([0.0, 0.1, 0.1, 0.05, 0.2], 30.0) == [0.0, 0.1, None, None, 0.2]


def test_missing_timestamps_follow_the_nominal_rate() -> None:
    assert stamp_all([None, None, None], 25.0) == pytest.approx([0.0, 0.04, 0.08])


def test_missing_timestamps_without_a_rate_are_dropped() -> None:
    assert stamp_all([0.0, None, 0.5], None) == [0.0, None, 0.5]


@pytest.mark.parametrize("restart_s", [0.0, -500.0, 90_000.0])
def test_a_clock_that_starts_again_leaves_a_gap(restart_s: float) -> None:
    stamps_s = [0.0, 2.0, 4.0, restart_s, restart_s + 0.04, restart_s + 0.08]
    expected_s = [0.0, 2.0, 4.0, 4.0 + CUT_GAP_S, 4.04 + CUT_GAP_S, 4.08 + CUT_GAP_S]
    assert stamp_all(stamps_s, 25.0) == pytest.approx(expected_s)


def test_one_wild_timestamp_costs_no_frames() -> None:
    times_s = stamp_all([0.0, 0.04, 9e9, 0.12, 0.16], 25.0)
    assert None not in times_s
    assert times_s[-1] is not None and times_s[-1] < 3.0
