"""What the quality gates measure in every series of stills, kept beside the scores of its sets."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calibration.compose import interpolate
from calibration.stock import Stills
from rom.kinematics.orientation import estimate_orientation
from rom.landmarks import LandmarkSeries, Side
from rom.movements import MOVEMENTS, View
from rom.quality.view import projected_length_ratio, rest_tilt_deg, signed_off_plane_deg
from rom.quality.visibility import HIDDEN_BELOW, inside_picture, moving_segment_px, own_landmarks

_STILL_INTERVAL_S = 0.2


@dataclass(frozen=True, kw_only=True)
class SeriesFacts:
    """What the gates measure in the stills of one series; blank where it does not apply.

    Attributes
    ----------
    found_frac, hidden_frac, outside_frac, exchanged_frac
        Shares of the stills: somebody found; a landmark of the limb guessed; a needed landmark
        out of the picture; legs named the wrong way round (known from the truth).
    off_plane_deg
        Estimated angle of the camera off the plane of the movement, signed as in
        `rom.quality.view`.
    segment_px, length_ratio, tilt_deg
        Length of the moving segment; its shortest against its longest; tilt of the resting trunk.
    """

    movement: str
    member: str
    split: str
    kind: str
    offset_deg: float
    stills: int
    found_frac: float
    hidden_frac: float | None
    outside_frac: float | None
    exchanged_frac: float
    off_plane_deg: float | None
    segment_px: float | None
    length_ratio: float | None
    tilt_deg: float | None


FactsOf = Mapping[tuple[str, str, str], SeriesFacts]
"""Facts by movement, member and kind."""


def describe_series(stills: Stills) -> SeriesFacts:
    """What the gates measure in a series, its stills taken for the frames of a slow recording."""
    plan, count = stills.plan, len(stills.truth_deg)
    movement, side = MOVEMENTS[plan.movement], Side(plan.side)
    series = interpolate(
        stills,
        np.arange(count, dtype=np.float64),
        (np.arange(count) * _STILL_INTERVAL_S).astype(np.float64),
    )
    seen, everywhere = series.seen, np.ones(count, np.bool_)
    at_rest = stills.command_deg == min(stills.command_deg, key=lambda deg: _from_rest(stills, deg))
    body = estimate_orientation(series)
    length_px = moving_segment_px(series, movement, side)
    return SeriesFacts(
        movement=plan.movement,
        member=plan.member.name,
        split=plan.member.split,
        kind=plan.condition.kind,
        offset_deg=round(plan.condition.offset_deg, 1),
        stills=count,
        found_frac=round(float(seen.mean()), 3),
        hidden_frac=_share(_guessed(series, stills), seen),
        outside_frac=_share(~inside_picture(series, own_landmarks(movement, side)), seen),
        exchanged_frac=round(float(stills.legs_exchanged.mean()), 3),
        off_plane_deg=_finite(signed_off_plane_deg(movement, side, body)),
        segment_px=_finite(np.nanpercentile(length_px, 90) if seen.any() else np.nan),
        length_ratio=_finite(projected_length_ratio(series, movement, side, everywhere), 3),
        tilt_deg=None if movement.view is View.FACE else _finite(rest_tilt_deg(series, at_rest)),
    )


def _from_rest(stills: Stills, command_deg: float) -> float:
    rest_deg = 0.0 if stills.plan.to_both_sides else float(stills.command_deg[0])
    return abs(command_deg - rest_deg)


def _guessed(series: LandmarkSeries, stills: Stills) -> NDArray[np.bool_]:
    own = own_landmarks(MOVEMENTS[stills.plan.movement], Side(stills.plan.side))
    return np.asarray((series.visibility[:, own] < HIDDEN_BELOW).any(axis=1))


def _share(happened: NDArray[np.bool_], seen: NDArray[np.bool_]) -> float | None:
    return round(float(happened[seen].mean()), 3) if seen.any() else None


def _finite(value: float, digits: int = 1) -> float | None:
    return round(float(value), digits) if np.isfinite(value) else None


def write_facts(path: Path, facts: Iterable[SeriesFacts]) -> None:
    """Write one row a series; the file appears when it is complete."""
    partial = path.with_name("partial-" + path.name)
    with partial.open("w", newline="", encoding="utf-8") as file:
        names = [each.name for each in fields(SeriesFacts)]
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(each) for each in facts)
    partial.replace(path)


def read_facts(path: Path) -> list[SeriesFacts]:
    """Read what `write_facts` wrote."""
    texts = ("movement", "member", "split", "kind")

    def value(name: str, text: str) -> object:
        if name in texts:
            return text
        if name == "stills":
            return int(text)
        return float(text) if text else None

    with path.open(newline="", encoding="utf-8") as file:
        return [
            SeriesFacts(**{name: value(name, text) for name, text in row.items()})  # type: ignore[arg-type]
            for row in csv.DictReader(file)
        ]


def by_key(facts: Iterable[SeriesFacts]) -> FactsOf:
    """Facts by movement, member and kind."""
    return {(each.movement, each.member, each.kind): each for each in facts}
