"""The grid of still poses that the bench's sets are composed from: the plan of every series.

One series is one person, movement, camera and manner; its stills differ in the commanded angle
alone. Everything about a series follows from its key (movement, member, kind) and `GRID_VERSION`,
so any row of any table can be made again. `grid` renders the plans; whatever works on landmarks
alone needs nothing but them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from calibration.acting import ACTIONS, Action, seated
from calibration.bodies import Body, read_bodies
from calibration.cohort import Member, cohort
from calibration.conditions import KINDS, Condition, Kind, draw_condition, shift_camera
from calibration.looks import Look
from calibration.motion import RepetitionSet
from calibration.posing import SIDES, PosedBody, Posture, Side
from calibration.room import Room
from calibration.staging import Bystander, ClipPlan, place
from calibration.style import Style, apply_style, draw_style, sway_style

FloatArray = NDArray[np.float64]

GRID_VERSION = 1
STILLS = 9
"""Stills of a series, evenly over the commanded range."""
_CLOSE_UP_M = {"head": 0.95, "hand": 1.3}
_NOD_M = 1.75
"""Heads in profile are filmed with the upper body: from 0.95 m nobody was found in 46 % of stills,
from 1.3 m in 26 %, from here in none."""
_USUAL_BODY_FRAC = 0.6
_KIND_NUMBER = {kind: number for number, kind in enumerate(KINDS["report"])}


@dataclass(frozen=True, kw_only=True)
class SeriesPlan:
    """A series before anything is drawn: who, what, seen how and done in which manner."""

    movement: str
    member: Member
    side: Side
    camera_side: Side
    condition: Condition
    style: Style
    seed: int

    @property
    def key(self) -> str:
        return f"{self.movement}-{self.member.name}-{self.condition.kind}"

    @cached_property
    def action(self) -> Action:
        action = ACTIONS[self.movement]
        return seated(action) if "seated" in self.condition.nuisances else action

    @property
    def to_both_sides(self) -> bool:
        low_deg, high_deg = self.action.range_deg
        return low_deg == -high_deg

    @property
    def commands_deg(self) -> FloatArray:
        return np.linspace(*self.action.range_deg, STILLS)

    def progress(self, command_deg: float) -> float:
        """0 at rest, 1 at the end of the range (either end of a movement to both sides)."""
        low_deg, high_deg = self.action.range_deg
        rest_deg = 0.0 if self.to_both_sides else low_deg
        return abs(command_deg - rest_deg) / (high_deg - rest_deg)

    def posture(self, command_deg: float, style: Style | None = None) -> Posture:
        """The whole body at a commanded angle, in the series' own or another moment's manner."""
        return apply_style(
            self.action.pose(command_deg, self.side),
            style or self.style,
            movement=self.movement,
            side=self.side,
            command_deg=command_deg,
            progress=self.progress(command_deg),
        )

    def pose(self, body: Body, posture: Posture) -> PosedBody:
        return place(self.scene, self.action.posed(body, posture, self.side))

    def styles(self) -> list[Style]:
        """One manner a still: unrelated ones to fit on, one that drifts a little to report on."""
        rng = np.random.default_rng([self.seed, 1])
        if self.member.split == "fit":
            return [draw_style(rng) for _ in range(STILLS)]
        return [sway_style(self.style, rng) for _ in range(STILLS)]

    @cached_property
    def scene(self) -> ClipPlan:
        """Room, light, camera and bystander, as a clip without repetitions."""
        condition, rng = self.condition, np.random.default_rng([self.seed, 2])
        towards = 1.0 if self.camera_side == "left" else -1.0
        low_light = "low_light" in condition.nuisances
        width_px, height_px = condition.size_px
        near_m = _CLOSE_UP_M.get(self.action.framing, 0.0)
        if self.action.framing == "head" and self.action.view_yaw_deg:
            near_m = _NOD_M
        close_up_m = near_m * _USUAL_BODY_FRAC / condition.body_frac
        return ClipPlan(
            name=self.key,
            movement=self.movement,
            seated="seated" in condition.nuisances,
            side=self.side,
            person=self.member.name,
            look=_look(self.member, condition),
            room=_room(condition, rng),
            repetitions=RepetitionSet(repetitions=()),
            camera_yaw_deg=towards * (self.action.view_yaw_deg + condition.offset_deg),
            camera_roll_deg=condition.roll_deg,
            camera_height_m=condition.height_m,
            distance_m=close_up_m or condition.distance_m(_body_height_m(self.member)),
            field_of_view_deg=44.0 if close_up_m else condition.vertical_field_deg,
            width_px=width_px,
            height_px=height_px,
            noise_levels=float(rng.uniform(9.0, 14.0) if low_light else rng.uniform(1.0, 4.0)),
            bystander=_bystander(self.member, condition, rng),
        )


def series_plans(kind: Kind, member: Member) -> Iterator[SeriesPlan]:
    """A member's series of one kind, one for every movement."""
    if kind not in KINDS[member.split]:
        return
    for number, movement in enumerate(ACTIONS):
        yield plan_series(kind, member, movement, number)


def plan_series(kind: Kind, member: Member, movement: str, number: int | None = None) -> SeriesPlan:
    """The series of a key. Sides and offsets alternate so that neither goes with sex or split."""
    number = list(ACTIONS).index(movement) if number is None else number
    base: Kind = "plain" if kind == "again" else kind
    seed_of = {
        each: [GRID_VERSION, member.index, number, _KIND_NUMBER[each]] for each in (base, kind)
    }
    rng = np.random.default_rng(seed_of[base])
    turn = member.index // 2 + number + _KIND_NUMBER[base]
    action = ACTIONS[movement]
    side: Side = SIDES[turn % 2]
    sign_turn = member.index // 4 + number // 2 + _KIND_NUMBER[base]
    if kind == "single":
        sign_turn = member.index * 5 + number
    condition = draw_condition(base, action, member.split, turn=sign_turn, rng=rng)
    plan = SeriesPlan(
        movement=movement,
        member=member,
        side="left" if action.range_deg[0] == -action.range_deg[1] or not action.sided else side,
        camera_side=side,
        condition=condition,
        style=draw_style(rng),
        seed=int(np.random.SeedSequence(seed_of[kind]).generate_state(1)[0]),
    )
    if kind == "again":
        plan = replace(plan, condition=shift_camera(condition, np.random.default_rng(plan.seed)))
    return plan


def _look(member: Member, condition: Condition) -> Look:
    """One loose outfit a member, as dressing somebody anew takes longer than a picture."""
    look = member.look
    if "loose_clothes" in condition.nuisances:
        rng = np.random.default_rng([GRID_VERSION, member.index, 99])
        look = replace(look, looseness_m=round(float(rng.uniform(0.02, 0.045)), 3))
    if "long_hair" in condition.nuisances:
        look = replace(look, hair_cut="long")
    return look


def _room(condition: Condition, rng: np.random.Generator) -> Room:
    wall, floor = rng.uniform(0.45, 0.9), rng.uniform(0.25, 0.7)
    tint = rng.normal(0.0, 0.05, 6)
    pieces = np.array(["sofa", "shelf", "picture", "window", "plant", "door", "lamp"])
    count = 5 if "clutter" in condition.nuisances else 2
    low_light = "low_light" in condition.nuisances
    return Room(
        wall=_tinted(wall, tint[:3]),
        floor=_tinted(floor, tint[3:]),
        rug=None if rng.random() < 0.5 else _tinted(rng.uniform(0.2, 0.6), tint[2:5]),
        arrangement=tuple(str(name) for name in rng.choice(pieces, count, replace=False)),
        lamp_azimuth_deg=float(rng.uniform(-50.0, 50.0)),
        lamp_elevation_deg=float(rng.uniform(35.0, 65.0)),
        lamp_strength=0.15 if low_light else float(rng.uniform(0.75, 1.1)),
        ambient_frac=0.15 if low_light else 1.0,
        warmth=float(rng.uniform(-0.04, 0.08)),
        clutter_pieces=12 if "clutter" in condition.nuisances else 0,
        mirror="mirror" in condition.nuisances,
        depth_m=float(rng.uniform(1.5, 2.4)),
        seed=int(rng.integers(1 << 30)),
    )


def _tinted(grey: float, tint: FloatArray) -> tuple[float, float, float]:
    red, green, blue = np.clip(grey + tint, 0.05, 0.95)
    return float(red), float(green), float(blue)


def _bystander(member: Member, condition: Condition, rng: np.random.Generator) -> Bystander | None:
    """Somebody of the same split who stands further back, beside the subject."""
    if "second_person" not in condition.nuisances:
        return None
    others = [each for each in cohort() if each.split == member.split and each is not member]
    other = others[member.index % len(others)]
    beside_m = float(rng.choice((-1.0, 1.0)) * rng.uniform(0.85, 1.2))
    return Bystander(
        person=other.name,
        look=other.look,
        place_m=(beside_m, float(rng.uniform(0.5, 1.0))),
        yaw_deg=float(rng.uniform(-60.0, 60.0)),
    )


@lru_cache
def cohort_bodies() -> dict[str, Body]:
    """The members' bodies by name."""
    return read_bodies(tuple(member.person for member in cohort()))


def _body_height_m(member: Member) -> float:
    return cohort_bodies()[member.name].height_m
