"""Trends over sessions: false ones are rare, mirrored ones are mirrored, unchanged is shown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rom.clinical.error import MDC95_PER_SEM
from rom.clinical.trend import (
    Trend,
    between_day_sd_deg,
    pain_trend,
    plateau_trend,
    range_trend,
)

MDC_DEG = 12.0
SD_DEG = MDC_DEG / MDC95_PER_SEM
MIRRORED = {"rose": "fell", "fell": "rose", "unchanged": "unchanged", "open": "open"}
VALUES = st.lists(st.floats(20, 175), min_size=3, max_size=12)
SCORES = st.lists(st.floats(0, 10), max_size=12)


def trend_of(values_deg: list[float]) -> Trend:
    found = range_trend(values_deg, mdc95_deg=MDC_DEG)
    assert found is not None
    return found


@given(values_deg=VALUES)
def test_running_the_sessions_backwards_mirrors_the_trend(values_deg: list[float]) -> None:
    forward, back = trend_of(values_deg), trend_of(values_deg[::-1])
    assert forward.change == pytest.approx(-back.change)
    assert MIRRORED[forward.verdict] == back.verdict


@given(values_deg=VALUES, shift_deg=st.floats(-50, 50))
def test_where_the_range_lies_does_not_matter(values_deg: list[float], shift_deg: float) -> None:
    moved = trend_of([value + shift_deg for value in values_deg])
    assert moved.change == pytest.approx(trend_of(values_deg).change, abs=1e-9)


@given(values_deg=VALUES)
def test_no_session_counts_on_both_ends(values_deg: list[float]) -> None:
    found = trend_of(values_deg)
    assert 1 <= found.sessions <= 3
    assert 2 * found.sessions <= len(values_deg)
    assert found.limit == pytest.approx(MDC_DEG / np.sqrt(found.sessions))


@given(values_deg=VALUES)
def test_unchanged_is_never_said_of_a_change_beyond_the_limit(values_deg: list[float]) -> None:
    found = trend_of(values_deg)
    assert (found.verdict in ("rose", "fell")) is (abs(found.change) > found.limit)


@pytest.mark.parametrize("values_deg", [[], [120.0], [120.0, 150.0]])
def test_two_sessions_are_no_trend(values_deg: list[float]) -> None:
    assert range_trend(values_deg, mdc95_deg=MDC_DEG) is None
    assert pain_trend([value / 20 for value in values_deg]) is None


@pytest.mark.parametrize("count", [3, 4, 5, 6, 9])
def test_chance_alone_is_called_a_trend_in_one_of_twenty(count: int) -> None:
    """Nothing changed, days scatter as much as the MDC says: the 95 % of the MDC hold."""
    rng = np.random.default_rng(count)
    null = [trend_of(list(120 + SD_DEG * rng.standard_normal(count))) for _ in range(4000)]
    changed = sum(each.verdict in ("rose", "fell") for each in null) / len(null)
    assert changed < 0.065


@pytest.mark.parametrize("count", [4, 6, 9])
def test_a_true_change_as_large_as_the_limit_is_rarely_called_unchanged(count: int) -> None:
    """The 90 % interval lets an equivalence pass in 5 % of people who sit on its edge."""
    rng = np.random.default_rng(count)
    step_deg = trend_of([120.0] * count).limit * (np.arange(count) >= count // 2)
    found = [trend_of(list(step_deg + SD_DEG * rng.standard_normal(count))) for _ in range(4000)]
    assert sum(each.verdict == "unchanged" for each in found) / len(found) < 0.065


def test_steady_people_are_shown_to_be_unchanged() -> None:
    steady = [118.0, 119.0, 117.5, 118.5, 118.0, 119.0]
    assert trend_of(steady).verdict == "unchanged"
    assert trend_of([118.0, 131.0, 106.0, 128.0, 110.0, 121.0]).verdict == "open"


def test_a_person_scatters_between_the_usual_and_their_own() -> None:
    calm, wild = [120.0] * 8, [100.0, 140.0] * 4
    assert 0 < between_day_sd_deg(calm, mdc95_deg=MDC_DEG) < SD_DEG
    assert SD_DEG < between_day_sd_deg(wild, mdc95_deg=MDC_DEG) < 40.0
    assert between_day_sd_deg([], mdc95_deg=MDC_DEG) == pytest.approx(SD_DEG)


def test_a_plateau_needs_six_sessions() -> None:
    risen = [100.0, 102.0, 101.0, 130.0, 131.0, 130.0, 130.5, 131.0, 130.0]
    found = plateau_trend(risen, mdc95_deg=MDC_DEG)
    assert found is not None and found.verdict == "unchanged"
    assert trend_of(risen).verdict == "rose"
    assert plateau_trend(risen[:5], mdc95_deg=MDC_DEG) is None


@pytest.mark.parametrize(
    ("scores", "verdict"),
    [
        ([4, 4, 6], "open"),  # one rating against one: two points are common by chance
        ([4, 4, 7], "rose"),
        ([4, 4, 6, 6], "rose"),
        ([6, 6, 3, 3], "fell"),
        ([8, 8, 6, 6], "open"),  # two points, but not 30 %
        ([4, 5, 4, 5], "unchanged"),
        ([0, 0, 0, 0, 0, 0], "unchanged"),
    ],
)
def test_pain_over_sessions(scores: list[float], verdict: str) -> None:
    found = pain_trend(scores)
    assert found is not None and found.verdict == verdict


@given(scores=SCORES)
def test_pain_that_rose_falls_the_other_way_round_or_by_too_small_a_share(
    scores: list[float],
) -> None:
    forward, back = pain_trend(scores), pain_trend(scores[::-1])
    if forward is None or back is None:
        assert len(scores) < 3
    elif forward.verdict == "rose":
        assert back.verdict in ("fell", "open")
    elif forward.verdict == "unchanged":
        assert back.verdict == "unchanged"
