"""Sets through the product's own pipeline, compared with what was true: one row a set."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

import rom
from calibration.cohort import Split
from calibration.compose import ComposedSet, Recording, acting_sides, compose_set
from calibration.naive import largest_deg, naive_value_deg, sports2d_angle_deg
from calibration.noise import MEASURED
from calibration.protocol import draw_sets
from calibration.series import GRID_VERSION
from calibration.stock import Stills
from rom.assess import Person, assess_movement
from rom.checks import peak_novelty
from rom.clinical.assessment import Assessment, Provenance
from rom.kinematics.correction import NAME as CORRECTION
from rom.landmarks import LandmarkSeries, Side
from rom.movements import MOVEMENTS, Movement
from rom.quality.issues import Severity
from rom.quality.light import check_light
from rom.trace import Trace

PROVENANCE = Provenance(
    rom_version=rom.__version__,
    model="pose_landmarker_full",
    model_sha256="",
    mediapipe_version="",
    correction=CORRECTION,
    frames=0,
    frame_rate_hz=None,
)


@dataclass(frozen=True, kw_only=True)
class SetScore:
    """What was true and what was measured in one set; `value_deg` is None when refused.

    `raw_deg` is the value before refusal, so that gates can be judged by what they keep out; the
    naive figures are those of other tools on the same landmarks. `novelty` is that of the posture
    at the peaks, `lit_level` that of the pictures; None where not known.
    """

    movement: str
    side: str
    member: str
    split: Split
    kind: str
    nuisances: str
    offset_deg: float
    roll_deg: float
    height_m: float
    body_frac: float
    frame_rate_hz: float
    speed: float
    seed: int
    grid_version: int
    correction: str
    start_deg: float
    truth_deg: float
    value_deg: float | None
    raw_deg: float | None
    sem_deg: float | None
    accuracy_deg: float | None
    view_deg: float | None
    novelty: float | None
    lit_level: float | None
    bound: str
    repetitions: int
    warnings: str
    refusals: str
    naive_image_deg: float | None
    naive_world_deg: float | None
    sports2d_deg: float | None

    @property
    def error_deg(self) -> float:
        return float("nan") if self.value_deg is None else self.value_deg - self.truth_deg


def score_sets(
    series: Iterable[Stills], *, sets: int, seed: int, others: bool = False
) -> Iterator[SetScore]:
    """Score some sets of every series and side; `others` adds the naive readings."""
    for stills in series:
        for side in acting_sides(stills):
            for recording in draw_sets(stills, side, sets, seed=seed):
                yield score_set(stills, side, recording, others=others)


def assess_composed(
    composed: ComposedSet, movement: Movement, *, lit_level: float = float("nan")
) -> Assessment:
    """The product's own assessment of a composed set; `lit_level` is that of its pictures."""
    return assess_and_trace(composed, movement, lit_level=lit_level)[0]


def assess_and_trace(
    composed: ComposedSet, movement: Movement, *, lit_level: float = float("nan")
) -> tuple[Assessment, Trace]:
    """As `assess_composed`, with what the value was read from."""
    return assess_movement(
        composed.series,
        movement,
        composed.side,
        person=Person(),
        provenance=PROVENANCE,
        issues=tuple(check_light(lit_level)),
    )


def score_set(
    stills: Stills, side: Side, recording: Recording, *, others: bool = False
) -> SetScore:
    """Compose one set, assess it, and write down both."""
    composed = compose_set(stills, side, recording, jitter=MEASURED)
    movement = MOVEMENTS[stills.plan.movement]
    assessment, trace = assess_and_trace(composed, movement, lit_level=stills.lit_level)
    peaks_deg = [each.peak_deg for each in assessment.repetitions if each.counted]
    plan, condition = stills.plan, stills.plan.condition
    naive = _others(composed, movement) if others else (None, None, None)
    return SetScore(
        movement=movement.name,
        side=side.value,
        member=plan.member.name,
        split=plan.member.split,
        kind=condition.kind,
        nuisances=" ".join(condition.nuisances),
        offset_deg=round(condition.offset_deg, 1),
        roll_deg=round(condition.roll_deg, 1),
        height_m=round(condition.height_m, 2),
        body_frac=round(condition.body_frac, 2),
        frame_rate_hz=recording.frame_rate_hz,
        speed=round(recording.speed, 2),
        seed=recording.seed,
        grid_version=GRID_VERSION,
        correction=CORRECTION,
        start_deg=round(recording.start_deg, 2),
        truth_deg=round(true_value_deg(recording, movement), 2),
        value_deg=_rounded(assessment.value_deg),
        raw_deg=_rounded(float(np.median(peaks_deg)) if peaks_deg else None),
        sem_deg=_rounded(assessment.sem_deg),
        accuracy_deg=_rounded(assessment.accuracy_deg),
        view_deg=_rounded(assessment.view.yaw_deg if assessment.view else None),
        novelty=_rounded(peak_novelty(trace)),
        lit_level=_rounded(stills.lit_level),
        bound=assessment.bound or "",
        repetitions=len(peaks_deg),
        warnings=_codes(assessment, Severity.WARNING),
        refusals=_codes(assessment, Severity.BLOCKING),
        naive_image_deg=naive[0],
        naive_world_deg=naive[1],
        sports2d_deg=naive[2],
    )


def true_value_deg(recording: Recording, movement: Movement) -> float:
    """Median of the true peaks, from the person's own rest where the movement counts from it."""
    zero_deg = recording.start_deg if movement.zeroed else 0.0
    return float(np.median(recording.peaks_deg)) - zero_deg


def _others(
    composed: ComposedSet, movement: Movement
) -> tuple[float | None, float | None, float | None]:
    series, side = composed.series, composed.side
    return (
        _rounded(naive_value_deg(series, movement, side, "image")),
        _rounded(naive_value_deg(series, movement, side, "world")),
        _rounded(_sports2d_value_deg(series, movement, side)),
    )


def _sports2d_value_deg(series: LandmarkSeries, movement: Movement, side: Side | None) -> float:
    if movement.joint == "neck":
        return float("nan")  # its table has none
    return largest_deg(sports2d_angle_deg(series, movement, side))


def _codes(assessment: Assessment, severity: Severity) -> str:
    codes = [issue.code for issue in assessment.issues if issue.severity is severity]
    return " ".join(sorted(set(codes)))


def _rounded(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else round(float(value), 2)


def write_scores(path: Path, scores: Iterable[SetScore]) -> int:
    """Write one row a set; the file appears when it is complete. Returns the number of rows."""
    partial = path.with_name("partial-" + path.name)
    rows = 0
    with partial.open("w", newline="") as file:
        writer = csv.DictWriter(file, [each.name for each in fields(SetScore)], lineterminator="\n")
        writer.writeheader()
        for score in scores:
            writer.writerow(asdict(score))
            rows += 1
    partial.replace(path)
    return rows


def read_scores(path: Path) -> list[SetScore]:
    """Read what `write_scores` wrote."""
    numbers = {each.name for each in fields(SetScore) if "float" in str(each.type)}
    counts = {each.name for each in fields(SetScore) if str(each.type) == "int"}

    def value(name: str, text: str) -> object:
        if name in numbers:
            return float(text) if text else None
        return int(text) if name in counts else text

    with path.open(newline="") as file:
        return [
            SetScore(**{name: value(name, text) for name, text in row.items()})  # type: ignore[arg-type]
            for row in csv.DictReader(file)
        ]
