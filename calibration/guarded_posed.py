"""Sets guarded in space, rendered anew: a posture with one compensation of a known severity.

Its amount is so large that a faultless reading of the true joint centres sees the severity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from calibration.bodies import Body
from calibration.cohort import Member
from calibration.posing import TOWARDS_LEFT, Posture
from calibration.series import SeriesPlan, cohort_bodies, plan_series
from calibration.staging import camera_for
from calibration.stock import Stills
from calibration.style import Style
from calibration.truth import Skeleton, compute_truth, read_skeleton
from rom.clinical.signs.rules import CompensationRule, compensation_rules
from rom.kinematics.compensations import MEASURES, Observation
from rom.kinematics.geometry import length_px
from rom.kinematics.orientation import Orientation
from rom.landmarks import LANDMARK_COUNT, FloatArray, LandmarkSeries, Side, sided

SEVERITIES = (1, 2, 3)
_JOINTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")

Guard = Callable[[Posture, Style, str, float, float], tuple[Posture, Style]]
"""From posture, style, acting side, amount and progress to a guarded posture and style."""


def _style(**traits: float) -> Guard:
    def guard(
        posture: Posture, style: Style, side: str, amount: float, progress: float
    ) -> tuple[Posture, Style]:
        changes = {name: factor * amount for name, factor in traits.items()}
        return posture, replace(style, **changes)

    return guard


def _trunk(*, towards_side: float = 0.0, **rates: float) -> Guard:
    """The axial skeleton moves along; `towards_side` is side-bending to the side that moves."""

    def guard(
        posture: Posture, style: Style, side: str, amount: float, progress: float
    ) -> tuple[Posture, Style]:
        changes = {
            name: getattr(posture, name) + rate * amount * progress for name, rate in rates.items()
        }
        sideways_deg = towards_side * TOWARDS_LEFT[side] * amount * progress  # type: ignore[index]
        lateral_deg = posture.trunk_lateral_deg + sideways_deg
        return replace(posture, **{"trunk_lateral_deg": lateral_deg, **changes}), style

    return guard


def _sway(
    posture: Posture, style: Style, side: str, amount: float, progress: float
) -> tuple[Posture, Style]:
    """The hips go sideways over both feet, away from where the trunk bends."""
    sideways_deg = -TOWARDS_LEFT[side] * amount * progress  # type: ignore[index]
    for each in ("left", "right"):
        towards_deg = TOWARDS_LEFT[each] * sideways_deg  # type: ignore[index]
        limbs = posture.limbs(each)  # type: ignore[arg-type]
        swung_deg = limbs.hip_abduction_deg - towards_deg
        posture = posture.with_limbs(each, hip_abduction_deg=swung_deg)  # type: ignore[arg-type]
    return posture, style


def _knees(
    posture: Posture, style: Style, side: str, amount: float, progress: float
) -> tuple[Posture, Style]:
    bend_deg = amount * progress
    for each in ("left", "right"):
        limbs = posture.limbs(each)  # type: ignore[arg-type]
        posture = posture.with_limbs(
            each,  # type: ignore[arg-type]
            knee_flexion_deg=limbs.knee_flexion_deg + bend_deg,
            hip_flexion_deg=limbs.hip_flexion_deg + 0.5 * bend_deg,
            ankle_dorsiflexion_deg=0.5 * bend_deg,
        )
    return posture, style


def _elbow(
    posture: Posture, style: Style, side: str, amount: float, progress: float
) -> tuple[Posture, Style]:
    bend_deg = posture.limbs(side).elbow_flexion_deg + amount * progress  # type: ignore[arg-type]
    return posture.with_limbs(side, elbow_flexion_deg=bend_deg), style  # type: ignore[arg-type]


GUARDS: dict[tuple[str, str], Guard] = {
    ("shoulder_abduction", "trunk_lean"): _style(lean_deg=1.0),
    ("shoulder_abduction", "shoulder_hike"): _style(hike_deg=1.0),
    ("shoulder_abduction", "plane_drift"): _style(plane_deg=1.0),
    ("shoulder_abduction", "elbow_bend"): _elbow,
    ("shoulder_flexion", "trunk_lean"): _style(lean_deg=1.0),
    ("shoulder_flexion", "elbow_bend"): _elbow,
    ("shoulder_extension", "trunk_lean"): _style(lean_deg=1.0),
    ("elbow_flexion", "upper_arm_drift"): _style(plane_deg=1.0),
    ("hip_flexion", "trunk_lean"): _style(lean_deg=1.0),
    ("hip_abduction", "trunk_lean"): _style(lean_deg=1.0),
    ("hip_external_rotation", "trunk_lean"): _trunk(towards_side=-1.0),
    ("knee_flexion", "thigh_drift"): _style(thigh_deg=1.0),
    ("knee_flexion", "trunk_lean"): _style(lean_deg=1.0),
    ("knee_extension", "trunk_lean"): _trunk(trunk_flexion_deg=-1.0),
    ("trunk_flexion_with_hips", "knee_bend"): _knees,
    ("trunk_extension", "knee_bend"): _knees,
    ("trunk_lateral_flexion", "shoulder_width_loss"): _trunk(trunk_rotation_deg=1.0),
    ("trunk_lateral_flexion", "pelvis_shift"): _sway,
    ("cervical_flexion", "trunk_lean"): _trunk(trunk_flexion_deg=1.0),
    ("cervical_extension", "trunk_lean"): _trunk(trunk_flexion_deg=-1.0),
    ("cervical_lateral_flexion", "head_turn"): _trunk(neck_rotation_deg=1.0),
}
"""How each compensation of a movement is acted; the amount is in degrees of some bone."""

_HEAD_CODES = ("head_turn",)
_LARGEST_DEG = 90.0


@dataclass(frozen=True, kw_only=True)
class GuardedPlan(SeriesPlan):
    """A series in which one compensation goes with the movement."""

    code: str
    severity: int
    amount: float = 0.0
    fixed: Guard = field(repr=False)

    @property
    def key(self) -> str:
        return f"{self.movement}-{self.member.name}-{self.code}-{self.severity}"

    def posture(self, command_deg: float, style: Style | None = None) -> Posture:
        manner, progress = style or self.style, self.progress(command_deg)
        _, manner = self.fixed(Posture(), manner, self.side, self.amount, progress)
        posture = super().posture(command_deg, manner)
        return self.fixed(posture, manner, self.side, self.amount, progress)[0]

    @cached_property
    def rule(self) -> CompensationRule:
        rules = compensation_rules(self.movement)
        return next(rule for rule in rules if rule.code == self.code)

    def command_judged_deg(self) -> float:
        """Where the sign is largest: the end of the range, or the middle of where it is judged."""
        if self.rule.between_deg is not None:
            return float(np.mean(self.rule.between_deg))
        if self.code == "plane_drift":
            return float(np.mean(self.action.range_deg))
        return float(self.action.range_deg[1])

    def faultless(self, body: Body) -> float:
        """What a faultless reading of the joint centres measures, from rest to where it counts."""
        rest_deg = 0.0 if self.to_both_sides else self.action.range_deg[0]
        commands = [rest_deg] * 5 + [self.command_judged_deg()]
        skeletons = [
            read_skeleton(self.pose(body, self.posture(each, self.style))) for each in commands
        ]
        if self.code in _HEAD_CODES:
            return abs(self.amount)
        series = _true_series(self, body, skeletons)
        yaw_deg = self.scene.camera_yaw_deg
        orientation = Orientation(
            yaw_deg=yaw_deg,
            forward=-1 if yaw_deg > 0.0 else 1,
            leftward=1,
            forward_agreement=1.0,
            leftward_agreement=1.0,
        )
        resting = np.arange(len(commands)) < 5
        seen = Observation(series, Side(self.side), orientation, resting)
        return float(MEASURES[self.rule.measure].of(seen)[-1])


def guarded_plan(member: Member, movement: str, code: str, severity: int) -> GuardedPlan:
    """A person's series in the recommended view with a compensation of a severity.

    Raises
    ------
    ValueError
        When no amount up to 90 degrees shows the severity.
    """
    plain = plan_series("plain", member, movement)
    values = {each.name: getattr(plain, each.name) for each in fields(SeriesPlan)}
    plan = GuardedPlan(**values, code=code, severity=severity, fixed=GUARDS[movement, code])
    body = cohort_bodies()[member.name]
    wanted = severity * plan.rule.clinical_threshold + replace(plan, amount=0.0).faultless(body)
    amounts = np.linspace(0.0, _LARGEST_DEG, 10)
    shown = np.array([replace(plan, amount=float(each)).faultless(body) for each in amounts])
    if shown.max() < wanted:
        raise ValueError(f"{plan.key}: nothing up to {_LARGEST_DEG:.0f} degrees shows {wanted:.2f}")
    first = int(np.argmax(shown >= wanted))
    amount = np.interp(wanted, shown[first - 1 : first + 1], amounts[first - 1 : first + 1])
    return replace(plan, amount=float(amount))


def _true_series(plan: SeriesPlan, body: Body, skeletons: list[Skeleton]) -> LandmarkSeries:
    """Landmarks at the true joint centres, as the plan's camera sees them."""
    camera = camera_for(plan.scene, body)
    xy_px = np.full((len(skeletons), LANDMARK_COUNT, 2), np.nan)
    for frame, skeleton in enumerate(skeletons):
        for joint in _JOINTS:
            for side in Side:
                centre_m = skeleton.centres_m[f"{joint}_{side.value}"]
                xy_px[frame, sided(joint, side)] = camera.project(centre_m[None])[0]
    frames = len(skeletons)
    return LandmarkSeries(
        time_s=np.arange(frames, dtype=np.float64),
        xy_px=xy_px,
        world_m=np.full((frames, LANDMARK_COUNT, 3), np.nan),
        visibility=np.ones((frames, LANDMARK_COUNT)),
        width_px=camera.width_px,
        height_px=camera.height_px,
    )


def render_guarded(
    out: Path, people: Iterable[Member], *, only: tuple[str, ...] = ()
) -> Iterator[Stills]:
    """Landmarks of every guarded series, rendered where they are not in the folder yet."""
    studio: Any = None
    out.mkdir(parents=True, exist_ok=True)
    for member in people:
        for movement, code in GUARDS:
            for severity in SEVERITIES if not only or code in only else ():
                try:
                    plan = guarded_plan(member, movement, code, severity)
                except ValueError as beyond:
                    print(beyond, flush=True)
                    continue
                path = out / f"{plan.key}.npz"
                if not path.exists():
                    if studio is None:
                        from calibration.grid import Studio

                        studio = Studio()
                    _shoot(studio, plan, path)
                    print(plan.key, flush=True)
                yield _read(plan, path)


def _shoot(studio: Any, plan: GuardedPlan, path: Path) -> None:
    rows = list(studio.shoot(plan))
    arrays = {name: np.stack([row[name] for row in rows]).astype(np.float32) for name in rows[0]}
    partial = path.with_name("partial-" + path.name)
    np.savez_compressed(partial, amount=plan.amount, **arrays)
    partial.replace(path)


def _read(plan: GuardedPlan, path: Path) -> Stills:
    with np.load(path) as stored:
        data = {name: stored[name].astype(np.float64) for name in stored.files}
    if abs(float(data["amount"]) - plan.amount) > 1e-3:
        raise ValueError(f"{path.name}: expected another amount, render it again into a new folder")
    body = cohort_bodies()[plan.member.name]
    skeleton = read_skeleton(plan.pose(body, plan.posture(float(plan.commands_deg[0]))))
    truths = list(compute_truth(skeleton, skeleton))
    framing, columns = plan.action.framing, data["truth_deg"]
    return Stills(
        plan=plan,
        command_deg=data["command_deg"],
        truth_deg=columns[:, truths.index(plan.action.truth_key(plan.side))],
        lean_deg=columns[:, truths.index("trunk_line_lean_left_deg")],
        xy_px=data["landmarks"][..., :2],
        visibility=np.nan_to_num(data["landmarks"][..., 2]),
        world_m=data["world_m"],
        face_px=data["face_px"] if framing == "head" else None,
        hand_px=data["hand_px"] if framing == "hand" else None,
        legs_exchanged=_legs_exchanged(data, list(skeleton.centres_m)),
    )


def _legs_exchanged(data: dict[str, FloatArray], centres: list[str]) -> Any:
    """(S,) whether knees and ankles lie nearer to the other leg's true joints."""

    def distance_px(other: bool) -> FloatArray:
        return np.sum(
            [
                length_px(
                    data["landmarks"][:, sided(joint, side), :2]
                    - data["centres_px"][
                        :, centres.index(f"{joint}_{(side.other if other else side).value}")
                    ]
                )
                for joint in ("knee", "ankle")
                for side in Side
            ],
            axis=0,
        )

    return distance_px(True) < distance_px(False)
