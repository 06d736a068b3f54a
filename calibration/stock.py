"""The stock: landmarks of the rendered grid, packed small enough to be kept with the code.

Frames are never kept. Coordinates are rounded to an eighth of a pixel and world landmarks to two
millimetres, both far below the pose model's own noise. Whose, what and how of every series follows
from its key (`series.plan_series`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibration.acting import ACTIONS
from calibration.bodies import Body
from calibration.cohort import Split, cohort
from calibration.conditions import Kind
from calibration.posing import Posture, pose_body
from calibration.series import GRID_VERSION, SeriesPlan, cohort_bodies, plan_series
from calibration.truth import compute_truth, read_skeleton
from rom.landmarks import Side, sided

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

STOCK_FOLDER = Path(__file__).parent / "stock"
_STEP_PX, _STEP_M, _STEP_DEG, _STEP_LUMA = 0.125, 0.002, 0.01, 0.1
_NOTHING = np.iinfo(np.int16).min
_LEGS = ("knee", "ankle")
MISREAD_TRUNKS = 0.15
"""Landmarks of the trunk this many trunk lengths from its true joints, in the best quarter of a
shard's stills, are not the pose model's error but a fault of the renderer. With all nuisances, when
half of the stills are read on the bystander, the best quarter reaches 0.07."""


@dataclass(frozen=True, eq=False)
class Stills:
    """What was read from the S stills of one series, and what was true.

    Attributes
    ----------
    command_deg, truth_deg
        (S,) commanded and true angle of the series' own movement and side.
    lean_deg
        (S,) true lean of the trunk line from the vertical, to the person's left.
    xy_px, visibility, world_m
        (S, 33, 2), (S, 33), (S, 33, 3); NaN where nobody was found.
    face_px, hand_px
        (S, 20, 3), (S, 2, 21, 2), NaN where not found; None where not asked for.
    legs_exchanged
        (S,) whether the model named the left leg right.
    lit_level
        Median `rom.video.exposure.lit_level` of the pictures; NaN where it was not kept.
    """

    plan: SeriesPlan
    command_deg: FloatArray
    truth_deg: FloatArray
    lean_deg: FloatArray
    xy_px: FloatArray
    visibility: FloatArray
    world_m: FloatArray
    face_px: FloatArray | None
    hand_px: FloatArray | None
    legs_exchanged: BoolArray
    lit_level: float = float("nan")

    @property
    def key(self) -> str:
        return self.plan.key


@dataclass(frozen=True, eq=False)
class Stock:
    """All series read, by key."""

    series: dict[str, Stills]

    def choose(
        self,
        *,
        split: Split | None = None,
        movement: str | None = None,
        kinds: tuple[Kind, ...] | None = None,
    ) -> Iterator[Stills]:
        """Series of a split, movement and kinds, in the order of the grid."""
        for stills in self.series.values():
            plan = stills.plan
            if split is not None and plan.member.split != split:
                continue
            if movement is not None and plan.movement != movement:
                continue
            if kinds is None or plan.condition.kind in kinds:
                yield stills

    @cached_property
    def movements(self) -> tuple[str, ...]:
        present = {stills.plan.movement for stills in self.series.values()}
        return tuple(movement for movement in ACTIONS if movement in present)


@dataclass(frozen=True, kw_only=True)
class Names:
    """What the true figures of a shard are, in the order the grid wrote them."""

    truth: tuple[str, ...]
    centres: tuple[str, ...]


def names_of(body: Body) -> Names:
    """Names of a body's true angles and joint centres; every body has the same."""
    skeleton = read_skeleton(pose_body(body, Posture()))
    return Names(truth=tuple(compute_truth(skeleton, skeleton)), centres=tuple(skeleton.centres_m))


def pack_shards(shards: Path, folder: Path = STOCK_FOLDER, *, names: Names | None = None) -> None:
    """Pack rendered shards into one file a kind; the names are those of the rendered bodies."""
    names = names or names_of(next(iter(cohort_bodies().values())))
    folder.mkdir(parents=True, exist_ok=True)
    paths: dict[str, list[Path]] = {}
    for path in sorted(shards.glob("*.npz")):
        if not path.name.startswith("partial-"):
            paths.setdefault(path.stem.split("-")[0], []).append(path)
    for kind, members in paths.items():
        packed = [_pack(_read_shard(path, names), names) for path in members]
        joined = {key: np.concatenate([each[key] for each in packed]) for key in packed[0]}
        partial = folder / f"partial-{kind}.npz"
        np.savez_compressed(partial, **joined)
        partial.replace(folder / f"{kind}.npz")


def read_stock(folder: Path = STOCK_FOLDER, *, kinds: tuple[Kind, ...] | None = None) -> Stock:
    """Read the packed landmarks.

    Raises
    ------
    ValueError
        When they were rendered by another version of the grid.
    """
    series: dict[str, Stills] = {}
    members = {member.name: member for member in cohort()}
    for path in sorted(folder.glob("*.npz")):
        if kinds is not None and path.stem not in kinds:
            continue
        with np.load(path) as stored:
            data = {key: stored[key] for key in stored.files}
        if set(data["grid_version"]) != {GRID_VERSION}:
            raise ValueError(
                f"expected stills of grid version {GRID_VERSION} in {path.name}, got another: "
                "render them again"
            )
        for row, key in enumerate(data["key"]):
            movement, name, kind = str(key).split("-")
            plan = plan_series(kind, members[name], movement)  # type: ignore[arg-type]
            series[plan.key] = _unpack(plan, {each: data[each][row] for each in data})
    return Stock(series)


def _read_shard(path: Path, names: Names) -> dict[str, NDArray[Any]]:
    data = dict(np.load(path))
    check_reading(path.stem, data["landmarks"], data["centres_px"], names.centres)
    return data


def check_reading(
    name: str, landmarks: NDArray[Any], centres_px: NDArray[Any], centres: tuple[str, ...]
) -> None:
    """Hold the landmarks of a shard, (series, stills, 33, 3), against the true joint centres.

    A process that had rendered some fifty shards once went on with wrong pictures.

    Raises
    ------
    RuntimeError
        When the middle of the trunk was seen elsewhere even in the best quarter of the stills.
    """
    corners = [(joint, side) for joint in ("shoulder", "hip") for side in Side]
    true_px = centres_px[:, :, [centres.index(f"{joint}_{side.value}") for joint, side in corners]]
    read_px = landmarks[:, :, [sided(joint, side) for joint, side in corners], :2]
    trunk_px = np.linalg.norm(true_px[:, :, :2].mean(2) - true_px[:, :, 2:].mean(2), axis=-1)
    off_px = np.linalg.norm(read_px.mean(2) - true_px.mean(2), axis=-1)
    off_trunks = float(np.nanpercentile(off_px / trunk_px, 25))
    if not off_trunks <= MISREAD_TRUNKS:
        raise RuntimeError(
            f"expected landmarks on the rendered person in {name}, got them {off_trunks:.2f} trunk "
            "lengths off: run the same command again in a new process"
        )


def _pack(data: dict[str, NDArray[Any]], names: Names) -> dict[str, NDArray[Any]]:
    """Quantise one member's shard; arrays are (series, stills, …)."""
    members = {member.name: member for member in cohort()}
    plans = [
        plan_series(str(key).split("-")[2], members[str(key).split("-")[1]], str(key).split("-")[0])  # type: ignore[arg-type]
        for key in data["key"]
    ]
    truth = np.stack(
        [
            data["truth_deg"][row][
                :, names.truth.index(ACTIONS[plan.movement].truth_key(plan.side))
            ]
            for row, plan in enumerate(plans)
        ]
    )
    lean = data["truth_deg"][..., names.truth.index("trunk_line_lean_left_deg")]
    packed = {
        "key": data["key"],
        "grid_version": np.full(len(plans), data["grid_version"]),
        "command_deg": _quantise(data["command_deg"], _STEP_DEG),
        "truth_deg": _quantise(truth, _STEP_DEG),
        "lean_deg": _quantise(lean, _STEP_DEG),
        "xy_px": _quantise(data["landmarks"][..., :2], _STEP_PX),
        "visibility": np.nan_to_num(np.round(255.0 * data["landmarks"][..., 2])).astype(np.uint8),
        "world_m": _quantise(data["world_m"], _STEP_M),
        "face_px": _quantise(data["face_px"], _STEP_PX),
        "hand_px": _quantise(data["hand_px"], _STEP_PX),
        "legs_exchanged": _legs_exchanged(data["landmarks"][..., :2], data["centres_px"], names),
    }
    if "lit_level" in data:
        packed["lit_level"] = _quantise(data["lit_level"], _STEP_LUMA)
    return packed


def _unpack(plan: SeriesPlan, row: dict[str, NDArray[Any]]) -> Stills:
    face_px, hand_px = _restore(row["face_px"], _STEP_PX), _restore(row["hand_px"], _STEP_PX)
    framing = plan.action.framing
    return Stills(
        plan=plan,
        command_deg=_restore(row["command_deg"], _STEP_DEG),
        truth_deg=_restore(row["truth_deg"], _STEP_DEG),
        lean_deg=_restore(row["lean_deg"], _STEP_DEG),
        xy_px=_restore(row["xy_px"], _STEP_PX),
        visibility=row["visibility"] / 255.0,
        world_m=_restore(row["world_m"], _STEP_M),
        face_px=face_px if framing == "head" else None,
        hand_px=hand_px if framing == "hand" else None,
        legs_exchanged=row["legs_exchanged"].astype(np.bool_),
        lit_level=_lit_level(row),
    )


def _lit_level(row: dict[str, NDArray[Any]]) -> float:
    if "lit_level" not in row:
        return float("nan")
    return float(np.median(_restore(row["lit_level"], _STEP_LUMA)))


def _quantise(values: NDArray[Any], step: float) -> NDArray[np.int16]:
    steps = np.round(np.asarray(values, np.float64) / step)
    return np.where(
        np.isfinite(steps), np.clip(steps, _NOTHING + 1, -_NOTHING - 1), _NOTHING
    ).astype(np.int16)


def _restore(steps: NDArray[np.int16], step: float) -> FloatArray:
    values = steps.astype(np.float64) * step
    values[steps == _NOTHING] = np.nan
    return values


def _legs_exchanged(xy_px: NDArray[Any], centres_px: NDArray[Any], names: Names) -> BoolArray:
    """(series, stills) whether knees and ankles lie nearer to the other leg's true joints."""

    def distance(other: bool) -> FloatArray:
        total = np.zeros(xy_px.shape[:2])
        for joint in _LEGS:
            for side in Side:
                true_side = side.other if other else side
                true_px = centres_px[:, :, names.centres.index(f"{joint}_{true_side.value}")]
                total += np.linalg.norm(xy_px[:, :, sided(joint, side)] - true_px, axis=-1)
        return total

    with np.errstate(invalid="ignore"):
        return np.asarray(distance(True) < distance(False))
