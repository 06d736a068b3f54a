"""Where the camera stands and what makes a recording hard: one draw for each series of stills.

A `kind` names a cell of the accuracy tables. Lenses are disjoint between the splits, and so are
all random numbers. Nuisances come one by one (kind ``single``) and all together (``rough``).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from calibration.acting import Action
from calibration.cohort import Split

Kind = Literal["plain", "near", "off30", "rough", "again", "far", "single"]

KINDS: dict[Split, tuple[Kind, ...]] = {
    "fit": ("plain", "near", "off30"),
    "tune": ("plain", "near", "off30", "rough", "again", "single", "far"),
    "report": ("plain", "near", "off30", "rough", "again", "single", "far"),
}
"""Recommended view; within 15°; 30° off; all nuisances; recommended view filmed again; one
nuisance; further off than 30°. In order of rendering, so that an interrupted run is of use."""

PICTURE_NUISANCES = (
    "loose_clothes",
    "clutter",
    "low_light",
    "motion_blur",
    "compression",
    "long_hair",
    "second_person",
    "mirror",
    "seated",
)
CAMERA_NUISANCES = ("height", "roll", "small", "large", "low_resolution", "high_resolution")
NUISANCES = PICTURE_NUISANCES + CAMERA_NUISANCES

LENSES_DEG: dict[Split, tuple[float, ...]] = {
    "fit": (40.0, 46.0, 54.0, 64.0),
    "tune": (43.0, 58.0),
    "report": (38.0, 49.0, 61.0),
}
"""Vertical field of view of the picture's longer side; phones and webcams lie in this range."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One recording's circumstances.

    Attributes
    ----------
    offset_deg
        Camera off the recommended view, positive further towards the moving side.
    height_m, roll_deg
        Of the camera; it is aimed at the middle of the body, so height also tilts it.
    body_frac
        Standing body height in parts of the picture's height.
    lens_deg
        Field of view along the longer side of the picture.
    nuisances
        Names out of `NUISANCES`.
    """

    kind: Kind
    offset_deg: float
    height_m: float
    roll_deg: float
    body_frac: float
    lens_deg: float
    portrait: bool
    nuisances: tuple[str, ...] = field(default=())

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the picture."""
        long_px, short_px = 640, 480
        if "low_resolution" in self.nuisances:
            long_px, short_px = 640, 360
        if "high_resolution" in self.nuisances:
            long_px, short_px = 1920, 1080
        return (short_px, long_px) if self.portrait else (long_px, short_px)

    @property
    def vertical_field_deg(self) -> float:
        width_px, height_px = self.size_px
        half = np.tan(np.radians(self.lens_deg) / 2.0) * height_px / max(width_px, height_px)
        return float(2.0 * np.degrees(np.arctan(half)))

    def distance_m(self, body_height_m: float) -> float:
        """Camera to body for the planned size in the picture."""
        half = np.tan(np.radians(self.vertical_field_deg) / 2.0)
        return float(0.5 * body_height_m / (half * self.body_frac))


def draw_condition(
    kind: Kind, action: Action, split: Split, *, turn: int, rng: np.random.Generator
) -> Condition:
    """Circumstances of a series; `turn` walks through signs and nuisances so that they balance."""
    towards = 1.0 if turn % 2 else -1.0
    condition = Condition(
        kind=kind,
        offset_deg=float(rng.uniform(-4.0, 4.0)),
        height_m=float(rng.uniform(0.9, 1.35)),
        roll_deg=float(rng.normal(0.0, 0.7)),
        body_frac=float(rng.uniform(0.50, 0.70)),
        lens_deg=float(rng.choice(LENSES_DEG[split])),
        portrait=bool(action.framing == "body" and not action.seated and rng.random() < 0.6),
    )
    if kind == "near":
        return replace(
            condition,
            offset_deg=float(towards * rng.uniform(4.0, 15.0)),
            height_m=float(rng.uniform(0.75, 1.5)),
            roll_deg=float(rng.normal(0.0, 1.5)),
        )
    if kind == "off30":
        return replace(condition, offset_deg=float(towards * rng.uniform(26.0, 34.0)))
    if kind == "far":
        return replace(
            condition,
            offset_deg=float(towards * rng.uniform(15.0, 60.0)),
            height_m=float(rng.uniform(0.6, 1.8)),
        )
    if kind == "rough":
        return _rough(condition, action, split, turn, rng)
    if kind == "single":
        return _with_nuisance(condition, nuisance_of(action, turn), rng)
    return condition


def shift_camera(condition: Condition, rng: np.random.Generator) -> Condition:
    """The same set-up built up again: camera and person stand almost where they stood."""
    return replace(
        condition,
        kind="again",
        offset_deg=condition.offset_deg + float(rng.normal(0.0, 2.0)),
        height_m=condition.height_m + float(rng.normal(0.0, 0.03)),
        roll_deg=condition.roll_deg + float(rng.normal(0.0, 0.5)),
        body_frac=condition.body_frac * float(1.0 + rng.normal(0.0, 0.02)),
    )


def nuisance_of(action: Action, turn: int) -> str:
    """The nuisance whose turn it is among those that this movement can have."""
    possible = [name for name in NUISANCES if _possible(name, action)]
    return possible[turn % len(possible)]


def _possible(nuisance: str, action: Action) -> bool:
    if nuisance == "seated":
        return action.movement.startswith(("shoulder", "elbow"))
    if nuisance in ("height", "small", "large"):
        return action.framing == "body"
    return True


def _with_nuisance(condition: Condition, nuisance: str, rng: np.random.Generator) -> Condition:
    low = bool(rng.random() < 0.5)
    changes: dict[str, dict[str, float]] = {
        "height": {"height_m": float(rng.uniform(0.6, 0.8) if low else rng.uniform(1.5, 1.8))},
        "roll": {"roll_deg": float(rng.uniform(4.0, 10.0) * (1.0 if low else -1.0))},
        "small": {"body_frac": float(rng.uniform(0.30, 0.42))},
        "large": {"body_frac": float(rng.uniform(0.76, 0.95))},
    }
    return replace(condition, nuisances=(nuisance,), **changes.get(nuisance, {}))  # type: ignore[arg-type]


def _rough(
    condition: Condition, action: Action, split: Split, turn: int, rng: np.random.Generator
) -> Condition:
    """All nuisances of the picture, and a camera a little high or low, rolled and off the view."""
    names = [name for name in PICTURE_NUISANCES if _possible(name, action) and name != "seated"]
    if _possible("seated", action) and turn // 2 % 2:
        names.append("seated")
    return replace(
        condition,
        offset_deg=float(rng.uniform(-12.0, 12.0)),
        height_m=float(rng.uniform(0.7, 1.6)),
        roll_deg=float(rng.normal(0.0, 2.0)),
        body_frac=float(rng.uniform(0.45, 0.75)),
        nuisances=tuple(names),
    )
