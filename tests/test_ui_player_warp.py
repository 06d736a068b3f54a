"""Two recordings on one clock: marks meet, nothing runs backwards, nothing is left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rom.kinematics.repetitions import Repetition
from rom.ui.player.warp import Timing, align, span_s

ONE = Repetition(
    counted=True,
    onset_s=0.0,
    peak_s=0.0,
    offset_s=0.0,
    start_deg=0.0,
    peak_deg=100.0,
    peak_velocity_deg_s=None,
    sparc=None,
    pauses=(),
    stroke_end_s=0.0,
    outward_frames=0,
    outward_missing_frac=0.0,
    pauses_evaluated=False,
)


@st.composite
def timings(draw: st.DrawFn) -> Timing:
    step_s = st.floats(0.1, 8.0)
    at_s, repetitions = draw(st.floats(0.0, 10.0)), []
    for _ in range(draw(st.integers(0, 5))):
        marks_s = [at_s]
        for _ in range(2):
            marks_s.append(marks_s[-1] + draw(step_s))
        onset_s, peak_s, offset_s = marks_s
        repetitions.append(replace(ONE, onset_s=onset_s, peak_s=peak_s, offset_s=offset_s))
        at_s = offset_s + draw(st.floats(0.0, 5.0))
    return Timing(duration_s=at_s + draw(st.floats(0.1, 10.0)), repetitions=repetitions)


@given(timings(), timings())
def test_matching_marks_come_at_one_moment(one: Timing, other: Timing) -> None:
    first, second = align([one, other])
    for a, b in zip(one.repetitions, other.repetitions, strict=False):
        for name in ("onset_s", "peak_s", "offset_s"):
            # One that starts at once where the other rests stands still meanwhile.
            assert any(
                first.time_at(clock_s) == pytest.approx(getattr(a, name), abs=1e-3)
                and second.time_at(clock_s) == pytest.approx(getattr(b, name), abs=1e-3)
                for clock_s in first.clock_s
            )


@given(timings(), timings())
def test_the_clock_never_takes_a_recording_back_and_shows_all_of_it(
    one: Timing, other: Timing
) -> None:
    warps = align([one, other])
    clock_s = np.linspace(*span_s(warps), 300)
    for warp, timing in zip(warps, (one, other), strict=True):
        time_s = np.array([warp.time_at(each) for each in clock_s])
        assert (np.diff(time_s) >= 0.0).all()
        assert time_s[0] == pytest.approx(0.0, abs=1e-5)
        assert time_s[-1] == pytest.approx(timing.duration_s, abs=1e-3)
        assert (np.diff(warp.clock_s) > 0.0).all()


@given(timings())
def test_a_recording_beside_itself_runs_as_it_was_filmed(one: Timing) -> None:
    first, second = align([one, one])
    assert first == second
    clock_s = np.linspace(*span_s([first]), 50)
    shift_s = first.time_at(clock_s[-1]) - clock_s[-1]
    for each in clock_s:
        assert first.time_at(each) == pytest.approx(each + shift_s, abs=1e-3)


@given(timings(), timings())
def test_the_order_of_the_recordings_does_not_matter(one: Timing, other: Timing) -> None:
    assert align([one, other]) == align([other, one])[::-1]


def test_a_recording_twice_as_slow_takes_two_thirds_of_the_pace() -> None:
    quick = Timing(
        duration_s=4.0, repetitions=[replace(ONE, onset_s=1.0, peak_s=2.0, offset_s=3.0)]
    )
    slow = Timing(duration_s=6.0, repetitions=[replace(ONE, onset_s=1.0, peak_s=3.0, offset_s=5.0)])
    first, second = align([quick, slow])
    peak_s = first.clock_at(2.0)
    assert peak_s == pytest.approx(2.5, abs=1e-4)  # 1 s alike, then the mean of 1 s and 2 s
    assert second.time_at(peak_s) == pytest.approx(3.0, abs=1e-4)
    assert second.time_at(first.clock_at(1.5)) == pytest.approx(2.0, abs=1e-4)


def test_one_recording_alone_has_a_clock_too() -> None:
    (warp,) = align([Timing(duration_s=7.0)])
    assert (warp.time_at(3.0), warp.time_at(-1.0), warp.time_at(9.0)) == (3.0, 0.0, 7.0)
