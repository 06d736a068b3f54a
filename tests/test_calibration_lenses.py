"""Lenses, places and rolls of the bench: they move points as a camera does, and can be undone."""

from __future__ import annotations

import csv
import functools
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.camera import Camera
from calibration.cohort import cohort
from calibration.conditions import Condition
from calibration.lenses import (
    ACTION,
    IDEAL,
    PINHOLE,
    WEBCAM,
    WIDE,
    Filming,
    Lens,
    LensReading,
    film,
    filmings,
    intrinsics_of,
    put_at,
    read_lenses,
    resting_tilt_deg,
    summarise,
    write_rows,
)
from calibration.series import STILLS, plan_series
from calibration.stock import Stills, Stock
from rom.camera.straighten import Straightening
from rom.kinematics.angles import trunk_up_px
from rom.kinematics.geometry import UP, turn_deg
from rom.landmarks import LandmarkSeries, Side
from rom.movements import movement_named
from tests.figures import Camera as FigureCamera
from tests.figures import film as film_figure
from tests.figures import pose_figure
from tests.performances import angles_of, filmed, recommended_camera

LUNGE = "ankle_dorsiflexion_lunge"
CONDITION = Condition(
    kind="plain",
    offset_deg=0.0,
    height_m=1.2,
    roll_deg=1.5,
    body_frac=0.6,
    lens_deg=58.0,
    portrait=False,
)


@functools.cache
def seen(name: str = LUNGE, **camera: object) -> LandmarkSeries:
    """A whole person in a picture of 640 by 480, without noise."""
    figure = {"scale_px_m": 180.0, "width_px": 640, "height_px": 480, **camera}
    movement = movement_named(name)
    return filmed(
        name, Side.LEFT, camera=recommended_camera(movement, Side.LEFT, **figure), noise_px=0.0
    )


def with_points(series: LandmarkSeries, points_px: np.ndarray) -> LandmarkSeries:
    """The series with these (T, 33, 2) points and nothing else."""
    return replace(series, xy_px=points_px, face_px=None, hand_px=None)


def bench_camera(**changes: object) -> Camera:
    """One that looks along the floor from 3 m before the middle."""
    given = {"width_px": 640, "height_px": 480, "eye_m": (0.0, -3.0, 1.0), "target_m": (0, 0, 1)}
    return Camera(field_of_view_deg=CONDITION.vertical_field_deg, **{**given, **changes})  # type: ignore[arg-type]


def cloud() -> tuple[LandmarkSeries, np.ndarray]:
    """Points about a person and the series of them that the camera of the bench sees."""
    series = seen()
    spread_m = np.array([0.35, 0.4, 0.8])
    points_m = np.random.default_rng(3).uniform(-1.0, 1.0, (len(series) * 33, 3)) * spread_m
    points_m += [0.0, 0.0, 1.0]
    return with_points(series, bench_camera().project(points_m).reshape(-1, 33, 2)), points_m


def test_the_focal_length_is_that_of_the_camera_that_rendered() -> None:
    assert intrinsics_of(PINHOLE, CONDITION).fx_px == pytest.approx(bench_camera().focal_px)
    assert intrinsics_of(ACTION, CONDITION).view_deg[0] == pytest.approx(75.9, abs=0.1)


FEW = settings(max_examples=12, deadline=None)


@FEW
@given(roll_deg=st.floats(-20.0, 20.0))
def test_a_rolled_camera_of_the_bench_leans_the_other_way(roll_deg: float) -> None:
    series, points_m = cloud()
    rolled = bench_camera(roll_deg=roll_deg).project(points_m).reshape(-1, 33, 2)
    filmed_px = film(series, intrinsics_of(PINHOLE, CONDITION), -roll_deg).xy_px
    np.testing.assert_allclose(filmed_px, rolled, atol=1e-6)


@pytest.mark.parametrize("towards", [-1, 1])
def test_turned_is_what_a_camera_turned_away_sees(towards: int) -> None:
    series, points_m = cloud()
    focal_px = intrinsics_of(PINHOLE, CONDITION).fx_px
    moved = put_at(series, "turned", focal_px, towards)
    # Where the middle of the picture went tells how far the camera turned.
    middle = np.zeros_like(series.xy_px) + [320.0, 240.0]
    marked = with_points(series, np.concatenate([series.xy_px[:-1], middle[-1:]]))
    step_px = put_at(marked, "turned", focal_px, towards).xy_px[-1, 0, 0] - 320.0
    assert towards * step_px > 20.0
    pan = math.atan(step_px / focal_px)
    target_m = (-3.0 * math.sin(pan), -3.0 + 3.0 * math.cos(pan), 1.0)
    panned = bench_camera(target_m=target_m).project(points_m).reshape(-1, 33, 2)
    np.testing.assert_allclose(moved.xy_px, panned, atol=0.3)


@FEW
@given(k1=st.floats(-0.3, 0.15), roll_deg=st.floats(-12.0, 12.0), towards=st.sampled_from((-1, 1)))
def test_what_the_product_takes_back_is_what_was_there(
    k1: float, roll_deg: float, towards: int
) -> None:
    lens = intrinsics_of(Lens(name="any", k1=k1), CONDITION)
    placed = put_at(seen(), "third", lens.fx_px, towards)
    back = Straightening(intrinsics=lens, roll_deg=roll_deg).straight(film(placed, lens, roll_deg))
    apart = back.xy_px - placed.xy_px
    inside = np.isfinite(apart).all(axis=-1)
    assert inside.mean() > 0.8
    assert np.ptp(apart[inside], axis=0) == pytest.approx([0.0, 0.0], abs=0.05)
    assert back.world_m == pytest.approx(placed.world_m, abs=1e-9)


@pytest.mark.parametrize("name", [LUNGE, "shoulder_abduction"])
@pytest.mark.parametrize("towards", [-1, 1])
def test_nobody_is_moved_out_of_the_picture(name: str, towards: int) -> None:
    series = seen(name)
    outermost = {}
    for place in ("middle", "third", "edge"):
        x_px = put_at(series, place, 500.0, towards).xy_px[..., 0]
        assert x_px.min() > 0.0
        assert x_px.max() < 640.0
        outermost[place] = x_px.max() if towards > 0 else -x_px.min()
    assert outermost["middle"] < outermost["third"] <= outermost["edge"] + 1e-9
    trunk_px = np.median(put_at(series, "third", 500.0, towards).middle_px("shoulder")[:, 0])
    if name == LUNGE:
        assert trunk_px == pytest.approx(320.0 + towards * 640.0 / 6.0)


@FEW
@given(roll_deg=st.floats(-12.0, 12.0))
def test_the_resting_trunk_of_somebody_upright_tells_the_roll(roll_deg: float) -> None:
    series = seen(roll_deg=roll_deg)
    tilt_deg = resting_tilt_deg(series, movement_named(LUNGE), Side.LEFT)
    assert tilt_deg == pytest.approx(roll_deg, abs=0.01)
    upright = film(series, intrinsics_of(PINHOLE, CONDITION), -tilt_deg)
    assert turn_deg(UP, trunk_up_px(upright))[0] == pytest.approx(0.0, abs=0.01)


def stick_stills() -> Stills:
    """A series of the grid, done by a stick figure upright in a room that the camera rolls."""
    member = next(member for member in cohort() if member.split == "tune")
    plan = plan_series("plain", member, LUNGE)
    side, (width_px, height_px) = Side(plan.side), plan.condition.size_px
    truth_deg = np.linspace(0.0, 40.0, STILLS)
    camera: FigureCamera = recommended_camera(
        movement_named(LUNGE),
        side,
        roll_deg=-plan.condition.roll_deg,
        scale_px_m=0.3 * height_px,
        width_px=width_px,
        height_px=height_px,
    )
    motion = pose_figure(np.arange(STILLS, dtype=float), angles_of(LUNGE, side, truth_deg))
    series = film_figure(motion, camera)
    return Stills(
        plan=plan,
        command_deg=truth_deg,
        truth_deg=truth_deg,
        lean_deg=np.zeros(STILLS),
        xy_px=series.xy_px,
        visibility=series.visibility,
        world_m=series.world_m,
        face_px=None,
        hand_px=None,
        legs_exchanged=np.zeros(STILLS, np.bool_),
    )


def test_calibrating_takes_out_of_a_reading_what_the_camera_put_in() -> None:
    stills = stick_stills()
    bent = Filming(lens=ACTION, place="edge")
    leaning = Filming(roll_deg=6.0)
    wanted = (
        IDEAL,
        bent,
        *(replace(bent, calibrated=how) for how in ("lens", "rough_lens")),
        Filming(calibrated="roll"),
        leaning,
        *(replace(leaning, calibrated=how) for how in ("roll", "resting_trunk")),
    )
    readings = list(read_lenses(Stock({stills.key: stills}), "tune", wanted=wanted))
    assert [reading.filming for reading in readings] == list(wanted)
    raw_deg = {reading.filming: reading.raw_deg or math.nan for reading in readings}
    off_deg = {
        how: abs(raw_deg[replace(bent, calibrated=how)] - raw_deg[IDEAL])
        for how in ("no", "lens", "rough_lens")
    }
    assert off_deg["lens"] < 0.05
    assert off_deg["lens"] < off_deg["rough_lens"] < 0.3 * off_deg["no"]
    level_deg = raw_deg[Filming(calibrated="roll")]
    assert abs(raw_deg[leaning] - raw_deg[IDEAL]) > 2.0
    assert raw_deg[replace(leaning, calibrated="roll")] == pytest.approx(level_deg, abs=0.01)
    assert raw_deg[replace(leaning, calibrated="resting_trunk")] == pytest.approx(
        level_deg, abs=0.8
    )


def reading(member: str, value_deg: float | None, raw_deg: float, **changes: object) -> LensReading:
    given = {"movement": LUNGE, "filming": Filming(lens=WEBCAM), "truth_deg": 30.0, "warned": False}
    return LensReading(
        member=member,
        value_deg=value_deg,
        raw_deg=raw_deg,
        ideal_deg=31.0,
        **{**given, **changes},  # type: ignore[arg-type]
    )


def test_rows_count_refusals_apart_from_errors(tmp_path: Path) -> None:
    readings = [
        reading("a", 32.0, 32.0, warned=True),
        reading("a", 29.0, 29.0),
        reading("b", None, 40.0, warned=True),
        reading("b", 33.0, 33.0),
        reading("b", 30.0, 30.0, filming=Filming(lens=WIDE)),
    ]
    rows = summarise(readings)
    assert [(row.lens, row.sets, row.bodies) for row in rows] == [
        ("webcam", 4, 2),
        ("wide_phone", 1, 1),
    ]
    assert rows[0].mae_deg == pytest.approx((2 + 1 + 3) / 3)
    assert rows[0].bias_deg == pytest.approx((2 - 1 + 3) / 3)
    assert rows[0].all_mae_deg == pytest.approx((2 + 1 + 10 + 3) / 4)
    assert rows[0].moved_deg == pytest.approx((1 + 2 + 9 + 2) / 4)
    assert (rows[0].refused_frac, rows[0].warned_frac) == (0.25, 0.25)
    write_rows(tmp_path / "lenses.csv", rows)
    with (tmp_path / "lenses.csv").open(newline="", encoding="utf-8") as file:
        written = list(csv.DictReader(file))
    assert written[0]["bias_deg"] == "1.33"
    assert [path.name for path in tmp_path.iterdir()] == ["lenses.csv"]


def test_every_lens_and_roll_is_read_without_and_with_calibration() -> None:
    done: dict[Filming, set[str]] = {}
    for filming in filmings():
        done.setdefault(replace(filming, calibrated="no"), set()).add(filming.calibrated)
    assert next(iter(done)) == IDEAL
    for camera, hows in done.items():
        assert "no" in hows
        assert len(hows) > 1 or camera.lens is PINHOLE
