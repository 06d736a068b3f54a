"""What calibrating a camera buys: sets as other lenses, places in the picture and rolls show them.

The landmarks of the bench are those of an ideal pinhole. Here they are moved as a lens or a rolled
camera moves points, are taken back as the product does it, and are read. Two things stay as they
were: the pose model's own errors, which a bent or leaning picture could change, and the person's
perspective. Somebody who really steps aside is also seen from another side; for a camera that is
turned away instead, which leaves the view as it is, the place ``turned`` is exact.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Literal

import numpy as np

from calibration.cohort import Split
from calibration.compose import ComposedSet, acting_sides, compose_set
from calibration.conditions import Condition, Kind
from calibration.noise import MEASURED
from calibration.protocol import draw_sets
from calibration.score import assess_composed
from calibration.stock import Stills, Stock, read_stock
from rom.camera.intrinsics import Intrinsics
from rom.camera.straighten import Straightening
from rom.kinematics.angles import trunk_up_px
from rom.kinematics.geometry import UP, turn_deg, turned
from rom.landmarks import FloatArray, LandmarkSeries, Side
from rom.movements import MOVEMENTS, Movement
from rom.quality.issues import Severity
from rom.trace import trace_movement

Place = Literal["middle", "third", "edge", "turned"]
"""Trunk where it was filmed; at a third of the width; as far out as the person stays inside; there
by turning the camera away, with all that an ideal pinhole does to what is far from its axis."""
Calibrated = Literal["no", "lens", "rough_lens", "roll", "resting_trunk", "lens_and_roll"]
"""Nothing; `undistort` with the true figures, with wrong ones (`_rough`); `level` by the true roll,
by the tilt of the resting trunk; true lens and true roll."""

KINDS: tuple[Kind, ...] = ("plain", "near")
EDGE_MARGIN_FRAC = 0.03
ROLLS_DEG = (0.0, 3.0, 6.0, 10.0)
FOCAL_WRONG_FRAC, BEND_WRONG_FRAC = 0.01, 0.10
"""Both make the distortion look smaller than it is, so that they add up. A calibration is accepted
with a standard error of the focal length of half of this (`rom.camera.estimate`)."""
_ROLL_SEED = 7


@dataclass(frozen=True, kw_only=True)
class Lens:
    """A lens; `focal_frac` is its focal length in longer sides of the picture, None for that of
    the series' own camera."""

    name: str
    k1: float
    k2: float = 0.0
    focal_frac: float | None = None


PINHOLE = Lens(name="pinhole", k1=0.0)
MILD = Lens(name="webcam_mild", k1=-0.05)
WEBCAM = Lens(name="webcam", k1=-0.12)
WIDE = Lens(name="wide_phone", k1=-0.25)
ACTION = Lens(name="action", k1=-0.32, k2=0.126, focal_frac=1230.0 / 1920.0)
"""Figures of the first three are assumptions about the size of the effect; a webcam's k1 can also
be positive. `ACTION` is an action camera of 76° across, 1080p wide, as the authors of a data set
state it (github.com/ykotseruba/JAAD, issue 4)."""


@dataclass(frozen=True, kw_only=True)
class Filming:
    """How a set is seen, and what is done about it."""

    lens: Lens = PINHOLE
    place: Place = "middle"
    roll_deg: float = 0.0
    calibrated: Calibrated = "no"


IDEAL = Filming()


@dataclass(frozen=True, kw_only=True)
class LensReading:
    """One set in one filming.

    Attributes
    ----------
    value_deg
        What is handed out; None when refused.
    raw_deg, ideal_deg
        Value before refusal, here and as it was filmed; None where nothing could be read.
    """

    movement: str
    member: str
    filming: Filming
    truth_deg: float
    value_deg: float | None
    raw_deg: float | None
    ideal_deg: float | None
    warned: bool


@dataclass(frozen=True, kw_only=True)
class LensRow:
    """All sets of a movement in one filming; errors are NaN where there is no value.

    Attributes
    ----------
    mae_deg, bias_deg
        Of the values handed out.
    all_mae_deg
        Before refusal, so that filmings that are refused more often can be compared.
    moved_deg
        Mean absolute change of the value from what the ideal, level camera gives in the same set.
    refused_frac, warned_frac
        Shares of all sets; warned are those with a value and a warning, whatever about.
    """

    movement: str
    lens: str
    place: str
    roll_deg: float
    calibrated: str
    sets: int
    bodies: int
    mae_deg: float
    bias_deg: float
    all_mae_deg: float
    moved_deg: float
    refused_frac: float
    warned_frac: float


def chosen_movements() -> tuple[str, ...]:
    """Movements of grade A, and the lunge, the one that is read against the vertical itself."""
    return tuple(
        name
        for name, movement in MOVEMENTS.items()
        if movement.grade == "A" or name == "ankle_dorsiflexion_lunge"
    )


def filmings() -> tuple[Filming, ...]:
    """The ideal one first; then each lens in each place, and each roll."""
    places: tuple[Place, ...] = ("middle", "third", "edge")
    chosen = [Filming(place=place) for place in (*places, "turned")]
    for lens in (MILD, WEBCAM, WIDE, ACTION):
        at = (*places, "turned") if lens in (WIDE, ACTION) else places
        for place in at:
            chosen += [Filming(lens=lens, place=place, calibrated=how) for how in ("no", "lens")]
        chosen.append(Filming(lens=lens, place="edge", calibrated="rough_lens"))
    for roll_deg in ROLLS_DEG:
        hows: tuple[Calibrated, ...] = ("no", "roll", "resting_trunk")
        chosen += [Filming(roll_deg=roll_deg, calibrated=how) for how in hows]
        if roll_deg:
            chosen += [
                Filming(lens=WIDE, place="edge", roll_deg=roll_deg, calibrated=how)
                for how in ("no", "lens_and_roll")
            ]
    return tuple(dict.fromkeys(chosen))


def intrinsics_of(lens: Lens, condition: Condition) -> Intrinsics:
    """The lens on the camera of a series; its axis meets the middle of the picture."""
    width_px, height_px = condition.size_px
    own_frac = 0.5 / np.tan(np.radians(condition.lens_deg) / 2.0)
    focal_px = max(width_px, height_px) * float(lens.focal_frac or own_frac)
    return Intrinsics(
        width_px=width_px,
        height_px=height_px,
        fx_px=focal_px,
        fy_px=focal_px,
        cx_px=width_px / 2.0,
        cy_px=height_px / 2.0,
        k1=lens.k1,
        k2=lens.k2,
    )


def put_at(series: LandmarkSeries, place: Place, focal_px: float, towards: int) -> LandmarkSeries:
    """The person elsewhere in the picture; `towards` is -1 for its left and 1 for its right."""
    if place == "middle":
        return series
    step_px = _step_px(series, place, towards)
    if place != "turned":
        return _moved(series, lambda points: points + [step_px, 0.0])
    middle_px = np.array([series.width_px, series.height_px]) / 2.0
    start_px = _trunk_x_px(series) - middle_px[0]
    pan = np.arctan((start_px + step_px) / focal_px) - np.arctan(start_px / focal_px)

    def pan_px(points: FloatArray) -> FloatArray:
        x, y = np.moveaxis(points - middle_px, -1, 0)
        ahead_px = focal_px * np.cos(pan) - x * np.sin(pan)
        across_px = focal_px * np.sin(pan) + x * np.cos(pan)
        return np.stack([across_px, y], axis=-1) * (focal_px / ahead_px)[..., None] + middle_px

    return _moved(series, pan_px)


def film(series: LandmarkSeries, intrinsics: Intrinsics, roll_deg: float) -> LandmarkSeries:
    """Landmarks of an ideal, level camera as this one shows them.

    `roll_deg` is how far upright things lean clockwise in the picture.
    """
    axis_px = np.array([intrinsics.cx_px, intrinsics.cy_px])
    roll = np.array(roll_deg)
    world_m = series.world_m.copy()
    world_m[..., :2] = turned(world_m[..., :2], roll)
    filmed = _moved(
        series,
        lambda points: intrinsics.distorted_px(turned(points - axis_px, roll) + axis_px),
    )
    return replace(filmed, world_m=world_m)


def resting_tilt_deg(series: LandmarkSeries, movement: Movement, side: Side | None) -> float:
    """How far the trunk line leans clockwise in the picture before the set; 0 where not seen."""
    trace = trace_movement(series, movement, side)
    tilt_deg = turn_deg(UP, trunk_up_px(trace.series))[trace.resting]
    tilt_deg = tilt_deg[np.isfinite(tilt_deg)]
    return float(np.median(tilt_deg)) if len(tilt_deg) else 0.0


def read_lenses(
    stock: Stock, split: Split, *, sets: int = 1, wanted: tuple[Filming, ...] | None = None
) -> Iterator[LensReading]:
    """Readings of every filming for some sets of every series and side."""
    for movement in chosen_movements():
        for stills in stock.choose(split=split, movement=movement, kinds=KINDS):
            for side in acting_sides(stills):
                for recording in draw_sets(stills, side, sets, seed=_ROLL_SEED):
                    composed = compose_set(stills, side, recording, jitter=MEASURED)
                    truth_deg = float(np.median(recording.peaks_deg))
                    yield from _read_set(stills, composed, truth_deg, wanted or filmings())


def summarise(readings: Iterable[LensReading]) -> list[LensRow]:
    """A row for every movement and filming, in the order in which they come."""
    groups: dict[tuple[str, Filming], list[LensReading]] = {}
    for reading in readings:
        groups.setdefault((reading.movement, reading.filming), []).append(reading)
    return [_row(movement, filming, group) for (movement, filming), group in groups.items()]


def write_rows(path: Path, rows: Iterable[LensRow]) -> None:
    """Write one row a movement and filming; the file appears when it is complete."""
    partial = path.with_name("partial-" + path.name)
    with partial.open("w", newline="", encoding="utf-8") as file:
        names = [each.name for each in fields(LensRow)]
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({name: _cell(value) for name, value in asdict(row).items()})
    partial.replace(path)


def main(stock: Path, out_csv: Path, *, split: Split = "tune", sets: int = 1) -> None:
    """Read all filmings of a split of a stock of landmarks and write their table."""
    chosen = read_stock(stock, kinds=KINDS)
    write_rows(out_csv, summarise(read_lenses(chosen, split, sets=sets)))


def _read_set(
    stills: Stills, composed: ComposedSet, truth_deg: float, wanted: tuple[Filming, ...]
) -> Iterator[LensReading]:
    movement = MOVEMENTS[stills.plan.movement]
    ideal_deg = None
    for filming in (IDEAL, *(each for each in wanted if each != IDEAL)):
        series = _as_read(stills, composed, filming)
        assessment = assess_composed(replace(composed, series=series), movement)
        peaks_deg = [repetition.peak_deg for repetition in assessment.counted]
        raw_deg = float(np.median(peaks_deg)) if peaks_deg else None
        if filming == IDEAL:
            ideal_deg = raw_deg
        if filming in wanted:
            yield LensReading(
                movement=movement.name,
                member=stills.plan.member.name,
                filming=filming,
                truth_deg=truth_deg,
                value_deg=assessment.value_deg,
                raw_deg=raw_deg,
                ideal_deg=ideal_deg,
                warned=any(issue.severity is Severity.WARNING for issue in assessment.issues),
            )


def _as_read(stills: Stills, composed: ComposedSet, filming: Filming) -> LandmarkSeries:
    """The set's landmarks as filmed, after what is done about it."""
    condition, towards = stills.plan.condition, 1 if stills.plan.seed % 2 else -1
    intrinsics = intrinsics_of(filming.lens, condition)
    own = intrinsics_of(PINHOLE, condition)
    added_deg = filming.roll_deg * (1 if stills.plan.seed // 2 % 2 else -1)
    placed = put_at(composed.series, filming.place, own.fx_px, towards)
    filmed = film(placed, intrinsics, added_deg)
    # The renderer's roll turns the content anticlockwise.
    roll_deg = added_deg - condition.roll_deg
    match filming.calibrated:
        case "no":
            return filmed
        case "lens":
            straightening = Straightening(intrinsics=intrinsics)
        case "rough_lens":
            straightening = Straightening(intrinsics=_rough(intrinsics))
        case "roll":
            straightening = Straightening(intrinsics=own, roll_deg=roll_deg)
        case "resting_trunk":
            tilt_deg = resting_tilt_deg(filmed, MOVEMENTS[stills.plan.movement], composed.side)
            straightening = Straightening(intrinsics=own, roll_deg=tilt_deg)
        case "lens_and_roll":
            straightening = Straightening(intrinsics=intrinsics, roll_deg=roll_deg)
    return straightening.straight(filmed)


def _rough(intrinsics: Intrinsics) -> Intrinsics:
    """What a mediocre calibration gives."""
    longer, less = 1.0 + FOCAL_WRONG_FRAC, 1.0 - BEND_WRONG_FRAC
    return replace(
        intrinsics,
        fx_px=intrinsics.fx_px * longer,
        fy_px=intrinsics.fy_px * longer,
        k1=intrinsics.k1 * less,
        k2=intrinsics.k2 * less,
    )


def _trunk_x_px(series: LandmarkSeries) -> float:
    return float(np.nanmedian(series.middle_px("shoulder")[:, 0]))


def _step_px(series: LandmarkSeries, place: Place, towards: int) -> float:
    """How far to move the person; 0 where that would take part of the person out of the picture."""
    if not series.seen.any():
        return 0.0
    width_px = series.width_px
    size_px = np.array([width_px, series.height_px])
    points = series.xy_px[((series.xy_px >= 0.0) & (series.xy_px <= size_px)).all(axis=-1)]
    margin_px = EDGE_MARGIN_FRAC * width_px
    ends_px = points[:, 0].min() - margin_px, width_px - margin_px - points[:, 0].max()
    room_px = max(0.0, float(ends_px[0] if towards < 0 else ends_px[1]))
    if place != "third":
        return towards * room_px
    target_px = width_px * (0.5 + towards / 6.0)
    return towards * min(room_px, max(0.0, towards * (target_px - _trunk_x_px(series))))


def _moved(series: LandmarkSeries, move: Callable[[FloatArray], FloatArray]) -> LandmarkSeries:
    """Body, face and hands moved in the picture; depth of the face is kept."""
    face_px, hand_px = series.face_px, series.hand_px
    if face_px is not None:
        face_px = face_px.copy()
        face_px[..., :2] = move(face_px[..., :2].astype(np.float64))
    if hand_px is not None:
        hand_px = move(hand_px.astype(np.float64)).astype(np.float32)
    return replace(series, xy_px=move(series.xy_px), face_px=face_px, hand_px=hand_px)


def _row(movement: str, filming: Filming, readings: list[LensReading]) -> LensRow:
    def errors(values_deg: Iterable[tuple[float | None, float | None]]) -> FloatArray:
        return np.array([a - b for a, b in values_deg if a is not None and b is not None])

    handed_out = errors((each.value_deg, each.truth_deg) for each in readings)
    read = errors((each.raw_deg, each.truth_deg) for each in readings)
    moved = errors((each.raw_deg, each.ideal_deg) for each in readings)
    measured = [each for each in readings if each.value_deg is not None]
    return LensRow(
        movement=movement,
        lens=filming.lens.name,
        place=filming.place,
        roll_deg=filming.roll_deg,
        calibrated=filming.calibrated,
        sets=len(readings),
        bodies=len({each.member for each in readings}),
        mae_deg=_mean(np.abs(handed_out)),
        bias_deg=_mean(handed_out),
        all_mae_deg=_mean(np.abs(read)),
        moved_deg=_mean(np.abs(moved)),
        refused_frac=1.0 - len(measured) / len(readings),
        warned_frac=sum(each.warned for each in measured) / len(readings),
    )


def _mean(values: FloatArray) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _cell(value: object) -> object:
    if not isinstance(value, float):
        return value
    return f"{value:.2f}".rstrip("0").rstrip(".") if np.isfinite(value) else ""
