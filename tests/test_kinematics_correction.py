"""The correction as it is shipped: full where postures are known, gone where they are not."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from calibration.compose import compose_set
from calibration.protocol import draw_sets
from calibration.stock import Stills, read_stock
from rom.assess import Person, assess_movement
from rom.clinical.assessment import Assessment
from rom.kinematics.correction import (
    CUE_LIMIT,
    KNOWN_UP_TO,
    UNKNOWN_FROM,
    PostureModel,
    bells,
    posture_models,
)
from rom.landmarks import FloatArray, LandmarkSeries, Side, sided
from rom.movements import movement_named
from tests.performances import PROVENANCE

MODELS = sorted(posture_models())


def away_from(model: PostureModel, novelty: float) -> FloatArray:
    """(1, 2 + K) a posture that is so far from the nearest centre, straight outwards."""
    outermost = model.centres[np.argmax(np.linalg.norm(model.centres, axis=1))]
    outwards = outermost / np.linalg.norm(outermost)
    return ((outermost + novelty * outwards) * model.spread + model.mean)[None]


@pytest.mark.parametrize("name", MODELS)
def test_known_postures_count_in_full(name: str) -> None:
    model = posture_models()[name]
    columns = model.centres * model.spread + model.mean
    np.testing.assert_allclose(model.predict(columns).novelty, 0.0, atol=1e-3)
    full_deg = bells(model.centres, model.centres) @ model.weights_deg
    np.testing.assert_allclose(model.predict(columns).shift_deg, full_deg, atol=0.05)


@pytest.mark.parametrize("name", MODELS)
def test_postures_like_none_that_was_fitted_get_the_curve_alone(name: str) -> None:
    model = posture_models()[name]
    corners = np.where(np.arange(len(model.mean)) % 2, CUE_LIMIT, -CUE_LIMIT) + np.zeros((1, 1))
    strange = corners * model.spread + model.mean
    assert model.predict(strange).novelty > UNKNOWN_FROM
    assert model.predict(strange).shift_deg == 0.0


@pytest.mark.parametrize("name", MODELS)
def test_novelty_is_the_distance_from_the_nearest_posture(name: str) -> None:
    model = posture_models()[name]
    for novelty in (0.5, KNOWN_UP_TO, UNKNOWN_FROM):
        columns = away_from(model, novelty)
        if np.abs(model.standardise(columns)).max() < CUE_LIMIT:
            assert model.predict(columns).novelty == pytest.approx(novelty, abs=1e-3)


@cache
def abductions() -> tuple[Stills, ...]:
    stock = read_stock(kinds=("plain",))
    return tuple(stock.choose(split="tune", movement="shoulder_abduction"))


def assessed(series: LandmarkSeries, side: Side) -> Assessment:
    movement = movement_named("shoulder_abduction")
    result, _ = assess_movement(series, movement, side, person=Person(), provenance=PROVENANCE)
    return result


def composed(stills: Stills) -> tuple[LandmarkSeries, Side]:
    side = Side(stills.plan.side)
    (recording, *_) = draw_sets(stills, side, 1, seed=5)
    return compose_set(stills, side, recording).series, side


def unusual(result: Assessment) -> set[str]:
    return {issue.severity.value for issue in result.issues if issue.code == "posture_unusual"}


@pytest.mark.parametrize("row", range(8))
def test_people_it_was_not_fitted_on_are_usual(row: int) -> None:
    assert not unusual(assessed(*composed(abductions()[row])))


def test_a_pose_that_no_body_takes_is_refused_whatever_its_angle() -> None:
    series, side = composed(abductions()[0])
    usual = assessed(series, side)
    xy_px = series.xy_px.copy()
    across_px = xy_px[:, sided("hip", Side.LEFT)] - xy_px[:, sided("hip", Side.RIGHT)]
    for each, sign in ((Side.LEFT, 1.0), (Side.RIGHT, -1.0)):
        xy_px[:, sided("hip", each)] += 3.0 * sign * across_px
    wide = assessed(replace(series, xy_px=xy_px), side)
    assert usual.measured
    assert unusual(wide) == {"blocking"}
    assert not wide.measured
