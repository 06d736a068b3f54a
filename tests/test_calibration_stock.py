"""The stock gives back what the grid wrote, within what was rounded off, and nothing stale."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from calibration_builders import planned, stick_body

from calibration.conditions import Kind
from calibration.series import GRID_VERSION, STILLS, SeriesPlan
from calibration.stock import Stills, Stock, names_of, pack_shards, read_stock
from rom.landmarks import (
    FACE_POINT_COUNT,
    HAND_POINT_COUNT,
    LANDMARK_COUNT,
    MIRRORED_ORDER,
    Side,
    sided,
)
from rom.quality.sides import LEG

NAMES = names_of(stick_body())
MOVEMENTS = ("elbow_flexion", "knee_flexion", "cervical_rotation", "wrist_flexion")
Shard = dict[str, np.ndarray[Any, Any]]


def plans(kind: Kind = "plain", member: int = 0) -> list[SeriesPlan]:
    return [planned(kind, movement, member) for movement in MOVEMENTS]


def shard(kind: Kind = "plain", member: int = 0) -> Shard:
    """What the grid writes for one person: legs as they are, everything else at random."""
    chosen = plans(kind, member)
    rng = np.random.default_rng(member)
    many = (len(chosen), STILLS)

    def within(low: float, high: float, *shape: int) -> np.ndarray[Any, Any]:
        return rng.uniform(low, high, (*many, *shape)).astype(np.float32)

    centres_px = within(0.0, 1920.0, len(NAMES.centres), 2)
    landmarks = np.concatenate(
        [within(-200.0, 2100.0, LANDMARK_COUNT, 2), within(0.0, 1.0, LANDMARK_COUNT, 1)], axis=-1
    )
    for joint in ("shoulder", "hip", "knee", "ankle"):
        for side in Side:
            true_px = centres_px[:, :, NAMES.centres.index(f"{joint}_{side}")]
            landmarks[:, :, sided(joint, side), :2] = true_px + 1.0
    return {
        "key": np.array([plan.key for plan in chosen]),
        "grid_version": np.array(GRID_VERSION),
        "command_deg": np.stack([plan.commands_deg for plan in chosen]).astype(np.float32),
        "truth_deg": within(-90.0, 180.0, len(NAMES.truth)),
        "centres_px": centres_px,
        "landmarks": landmarks,
        "world_m": within(-1.2, 1.2, LANDMARK_COUNT, 3),
        "face_px": within(0.0, 1920.0, FACE_POINT_COUNT, 3),
        "hand_px": within(0.0, 1920.0, 2, HAND_POINT_COUNT, 2),
    }


def packed(folder: Path, *shards: tuple[str, Shard]) -> Stock:
    written = folder / "shards"
    written.mkdir()
    for name, data in shards:
        np.savez_compressed(written / f"{name}.npz", **data)  # type: ignore[arg-type]
    pack_shards(written, folder / "stock", names=NAMES)
    return read_stock(folder / "stock")


def own(stock: Stock, movement: str) -> Stills:
    (found,) = stock.choose(movement=movement)
    return found


def test_landmarks_come_back_within_what_is_rounded_off(tmp_path: Path) -> None:
    data = shard()
    stock = packed(tmp_path, ("plain-tune01", data))
    for row, plan in enumerate(plans()):
        stills = own(stock, plan.movement)
        assert stills.plan == plan
        assert stills.xy_px == pytest.approx(data["landmarks"][row, ..., :2], abs=0.0626)
        assert stills.visibility == pytest.approx(data["landmarks"][row, ..., 2], abs=0.002)
        assert stills.world_m == pytest.approx(data["world_m"][row], abs=0.00101)
        assert stills.command_deg == pytest.approx(plan.commands_deg, abs=0.0051)


def test_the_truth_kept_is_that_of_the_movement_and_side(tmp_path: Path) -> None:
    data = shard()
    data["truth_deg"][...] = np.arange(len(NAMES.truth))
    stock = packed(tmp_path, ("plain-tune01", data))
    for plan in plans():
        stills = own(stock, plan.movement)
        name = plan.action.truth_key(plan.side)
        assert plan.movement in name
        assert stills.truth_deg == pytest.approx(NAMES.truth.index(name), abs=0.0051)
        assert stills.lean_deg == pytest.approx(NAMES.truth.index("trunk_line_lean_left_deg"))


def test_faces_and_hands_are_kept_where_a_movement_is_read_from_them(tmp_path: Path) -> None:
    data = shard()
    stock = packed(tmp_path, ("plain-tune01", data))
    framed = {plan.movement: plan.action.framing for plan in plans()}
    assert set(framed.values()) == {"body", "head", "hand"}
    for row, (movement, framing) in enumerate(framed.items()):
        stills = own(stock, movement)
        assert (stills.face_px is not None) == (framing == "head")
        assert (stills.hand_px is not None) == (framing == "hand")
        if stills.face_px is not None:
            assert stills.face_px == pytest.approx(data["face_px"][row], abs=0.0626)
        if stills.hand_px is not None:
            assert stills.hand_px == pytest.approx(data["hand_px"][row], abs=0.0626)


def test_who_was_not_found_stays_so_and_who_is_far_outside_stays_outside(tmp_path: Path) -> None:
    data = shard()
    for name in ("landmarks", "world_m", "face_px", "hand_px"):
        data[name][:, 3] = np.nan
    data["landmarks"][:, 5, 0, :2] = [9000.0, -9000.0]
    stills = own(packed(tmp_path, ("plain-tune01", data)), "elbow_flexion")
    assert np.isnan(stills.xy_px[3]).all()
    assert np.isnan(stills.world_m[3]).all()
    assert not stills.visibility[3].any()
    assert np.isfinite(np.delete(stills.xy_px, 3, axis=0)).all()
    assert stills.xy_px[5, 0, 0] > 4000.0
    assert stills.xy_px[5, 0, 1] < -4000.0


def test_legs_named_the_wrong_way_round_are_marked(tmp_path: Path) -> None:
    data = shard()
    partners = [MIRRORED_ORDER[index] for index in LEG]
    exchanged = np.zeros((len(MOVEMENTS), STILLS), np.bool_)
    exchanged[1, [2, 6]] = True
    rows, stills = np.nonzero(exchanged)
    landmarks = data["landmarks"]
    for row, still in zip(rows, stills, strict=True):
        landmarks[row, still, LEG] = landmarks[row, still, partners]
    stock = packed(tmp_path, ("plain-tune01", data))
    found = np.stack([own(stock, movement).legs_exchanged for movement in MOVEMENTS])
    assert np.array_equal(found, exchanged)


def test_stills_of_another_grid_are_refused_with_what_to_do(tmp_path: Path) -> None:
    data = shard() | {"grid_version": np.array(GRID_VERSION + 1)}
    with pytest.raises(ValueError, match=rf"expected .* {GRID_VERSION} in plain.npz.*again"):
        packed(tmp_path, ("plain-tune01", data))


def test_one_file_a_kind_holds_everybody_and_unfinished_shards_are_left_out(tmp_path: Path) -> None:
    stock = packed(
        tmp_path,
        ("plain-tune01", shard()),
        ("plain-tune02", shard(member=1)),
        ("near-tune01", shard("near")),
        ("partial-near-tune02", shard("near", 1)),
    )
    assert sorted(path.name for path in (tmp_path / "stock").iterdir()) == ["near.npz", "plain.npz"]
    assert len(stock.series) == 3 * len(MOVEMENTS)
    assert all(key == stills.key for key, stills in stock.series.items())
    assert set(stock.movements) == set(MOVEMENTS)
    near = read_stock(tmp_path / "stock", kinds=("near",))
    assert {stills.plan.condition.kind for stills in near.series.values()} == {"near"}


def test_series_are_chosen_by_split_movement_and_kind(tmp_path: Path) -> None:
    stock = packed(tmp_path, ("plain-tune01", shard()), ("near-tune01", shard("near")))
    assert list(stock.choose(split="report")) == []
    assert len(list(stock.choose(split="tune"))) == len(stock.series)
    found = [stills.key for stills in stock.choose(movement="knee_flexion", kinds=("near",))]
    assert found == ["knee_flexion-tune01-near"]


def test_how_well_pictures_were_lit_is_kept_where_it_is_known(tmp_path: Path) -> None:
    lit = shard("rough") | {
        "lit_level": np.linspace(60.0, 90.0, len(MOVEMENTS))[:, None] + np.arange(STILLS)
    }
    stock = packed(tmp_path, ("plain-tune01", shard()), ("rough-tune01", lit))
    for row, plan in enumerate(plans("rough")):
        expected = 60.0 + 10.0 * row + STILLS // 2
        assert stock.series[plan.key].lit_level == pytest.approx(expected, abs=0.06)
    assert all(np.isnan(stock.series[plan.key].lit_level) for plan in plans())


def test_landmarks_beside_the_rendered_person_are_refused(tmp_path: Path) -> None:
    data = shard()
    away_px = np.linalg.norm(data["centres_px"], axis=-1).max()
    data["landmarks"][..., :2] += 2.0 * away_px
    with pytest.raises(RuntimeError, match="expected landmarks on the rendered person in plain"):
        packed(tmp_path, ("plain-tune01", data))


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert read_stock(tmp_path).series == {}


def test_the_grid_and_the_stock_name_true_figures_alike() -> None:
    """Every body has the same names, so that those of the stick figure do as well."""
    for plan in (planned("plain", movement) for movement in MOVEMENTS):
        assert plan.action.truth_key(plan.side) in NAMES.truth
    assert len(set(NAMES.truth)) == len(NAMES.truth)
    assert {f"{joint}_{side}" for joint in ("knee", "ankle") for side in Side} <= set(NAMES.centres)
