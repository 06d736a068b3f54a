"""One clip: a set of repetitions acted, filmed, encoded, and its truth written beside it."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Literal

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.acting import ACTIONS, Action
from calibration.bodies import Body
from calibration.camera import Camera
from calibration.looks import Look
from calibration.motion import RepetitionSet, commanded_angle_deg, sway_deg
from calibration.posing import LETTER, TOWARDS_LEFT, PosedBody, Posture, Side, pose_body, stand
from calibration.render import Actor, Renderer, add_sensor_noise
from calibration.room import Box, Room, chair_back, stool
from calibration.truth import compute_truth, read_skeleton

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Bystander:
    """A second person: standing, or walking across at ``walk_m_s`` (positive: to picture right).

    ``place_m`` is x and y on the floor at the start; negative y is nearer to the camera.
    """

    person: str
    look: Look
    place_m: tuple[float, float]
    yaw_deg: float = 0.0
    walk_m_s: float = 0.0
    walk_from_s: float = 0.0


@dataclass(frozen=True, kw_only=True)
class ClipPlan:
    """Everything that decides a clip's pixels and truth.

    ``camera_yaw_deg`` counts from the front towards the person's left; ``lean_deg`` bends the
    spine away from the moving side in proportion to the angle reached.
    """

    name: str
    movement: str
    side: Side | Literal["alternating"] | None
    person: str
    look: Look
    room: Room
    repetitions: RepetitionSet
    camera_yaw_deg: float
    width_px: int = 480
    height_px: int = 640
    frame_rate_hz: int = 25
    distance_m: float = 3.1
    camera_height_m: float = 1.15
    field_of_view_deg: float = 46.0
    camera_roll_deg: float = 0.0
    place_m: tuple[float, float] = (0.0, 0.0)
    lean_deg: float = 0.0
    sway_amplitude_deg: float = 0.6
    noise_levels: float = 1.0
    crf: int = 24
    bystander: Bystander | None = None
    seed: int = 1
    notes: str = ""

    @property
    def acting_side(self) -> Side:
        return "right" if self.side == "right" else "left"


@dataclass(frozen=True, eq=False)
class FilmedClip:
    """A finished clip: where it lies, its digest, and truth (T,) in degrees by column."""

    plan: ClipPlan
    path: Path
    sha256: str
    time_s: FloatArray
    truth: dict[str, FloatArray] = field(repr=False)

    def peaks_deg(self, side: Side) -> list[float]:
        """True peak of every repetition towards this side."""
        values = self.truth[ACTIONS[self.plan.movement].truth_key(side)]
        peaks = []
        plan = self.plan.repetitions
        for (onset_s, offset_s), repetition in zip(plan.windows_s(), plan.repetitions, strict=True):
            inside = (self.time_s >= onset_s) & (self.time_s <= offset_s)
            towards_left = repetition.peak_deg * TOWARDS_LEFT[side] > 0.0
            if self.plan.side != "alternating" or towards_left:
                peaks.append(float(values[inside].max()))
        return peaks

    def start_deg(self, side: Side) -> float:
        """True angle while resting before the first repetition (median)."""
        values = self.truth[ACTIONS[self.plan.movement].truth_key(side)]
        resting = self.time_s < self.plan.repetitions.rest_before_s
        return float(np.median(values[resting]))


def film_clip(renderer: Renderer, bodies: dict[str, Body], plan: ClipPlan, out: Path) -> FilmedClip:
    """Render and encode ``NAME.mp4`` in ``out``, with ``NAME.csv`` holding the truth."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{plan.name}.mp4"
    time_s = frame_times_s(plan)
    camera, rows = camera_for(plan, bodies[plan.person]), []
    cast = _cast(renderer, bodies, plan)
    rng = np.random.default_rng(plan.seed)
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=Fraction(plan.frame_rate_hz))
        stream.width, stream.height, stream.pix_fmt = plan.width_px, plan.height_px, "yuv420p"
        stream.options = {"crf": str(plan.crf), "preset": "slow", "threads": "1"}
        for actors, truth in cast:
            image = add_sensor_noise(
                renderer.draw(camera, actors), sigma_levels=plan.noise_levels, rng=rng
            )
            rows.append(truth | _pixels(camera, actors[0][1]))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode(None))
    table = {key: np.array([row[key] for row in rows]) for key in rows[0]}
    _write_truth(path.with_suffix(".csv"), time_s, table)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return FilmedClip(plan, path, digest, time_s, table)


def frame_times_s(plan: ClipPlan) -> FloatArray:
    """Presentation time (T,) of every frame, seconds."""
    n_frames = round(plan.repetitions.duration_s * plan.frame_rate_hz)
    times: FloatArray = np.arange(n_frames) / plan.frame_rate_hz
    return times


def camera_for(plan: ClipPlan, body: Body) -> Camera:
    """Camera square to the room; a close-up aims at the part that moves."""
    action = ACTIONS[plan.movement]
    target = np.array([*plan.place_m, 0.58 * body.height_m])
    height_m = plan.camera_height_m
    if action.framing != "body":
        rest = action.posed(body, action.pose(0.0, plan.acting_side), plan.acting_side)
        rest = _placed(plan, rest)
        letter = LETTER[plan.acting_side]
        bone = {"head": "head", "foot": f"foot.{letter}", "hand": f"wrist.{letter}"}
        target = rest.head_of(bone[action.framing]) + np.array([0.0, 0.0, -0.06])
        height_m = target[2] + 0.08
    target_x = 0.0 if action.framing == "body" else float(target[0])
    near_y = float(target[1]) if action.framing != "body" else 0.0
    return Camera(
        width_px=plan.width_px,
        height_px=plan.height_px,
        eye_m=(target_x, near_y - plan.distance_m, height_m),
        target_m=(target_x, near_y, float(target[2])),
        field_of_view_deg=plan.field_of_view_deg,
        roll_deg=plan.camera_roll_deg,
    )


def _cast(
    renderer: Renderer, bodies: dict[str, Body], plan: ClipPlan
) -> Iterator[tuple[list[tuple[Actor, PosedBody]], dict[str, float]]]:
    """For every frame, the dressed and posed people (subject first) and the subject's truth."""
    body, action = bodies[plan.person], ACTIONS[plan.movement]
    time_s = frame_times_s(plan)
    postures = _postures(plan, action, body, time_s)
    subject = renderer.dress(body, plan.look)
    other = plan.bystander
    extra = renderer.dress(bodies[other.person], other.look) if other else None
    renderer.set_room(plan.room, _seat(plan, action, body))
    standing = read_skeleton(stand(pose_body(body, Posture())))
    for now_s, posture in zip(time_s, postures, strict=True):
        posed = _placed(plan, action.posed(body, posture, plan.acting_side))
        actors = [(subject, posed)]
        if other and extra:
            actors.append((extra, _pose_bystander(other, bodies[other.person], float(now_s))))
        yield actors, compute_truth(read_skeleton(posed), standing)


def _postures(plan: ClipPlan, action: Action, body: Body, time_s: FloatArray) -> list[Posture]:
    """The acted set: wanted truth turned into commands, plus sway and compensation."""
    side, rng = plan.acting_side, np.random.default_rng(plan.seed)

    def command(truth_deg: float) -> float:
        return action.command_for(body, side, truth_deg)

    wanted = plan.repetitions
    commands = replace(
        wanted,
        start_deg=command(wanted.start_deg),
        repetitions=tuple(
            replace(each, peak_deg=command(each.peak_deg)) for each in wanted.repetitions
        ),
    )
    angle_deg = commanded_angle_deg(commands, time_s)
    highest_deg = max(abs(each.peak_deg) for each in commands.repetitions)
    lean_deg = -TOWARDS_LEFT[side] * plan.lean_deg * np.clip(angle_deg / highest_deg, 0.0, 1.0)
    amplitude_deg = plan.sway_amplitude_deg
    sway = [sway_deg(time_s, amplitude_deg=amplitude_deg, rng=rng) for _ in range(5)]
    postures = []
    for frame, angle in enumerate(angle_deg):
        posture = action.pose(float(angle), side)
        still: Side = "right" if side == "left" else "left"
        idle_deg = posture.limbs(still).shoulder_abduction_deg + float(sway[0][frame])
        posture = posture.with_limbs(still, shoulder_abduction_deg=idle_deg)
        postures.append(
            replace(
                posture,
                trunk_lateral_deg=posture.trunk_lateral_deg
                + lean_deg[frame]
                + 0.6 * sway[1][frame],
                trunk_flexion_deg=posture.trunk_flexion_deg + 0.8 * sway[2][frame],
                neck_rotation_deg=posture.neck_rotation_deg + 1.5 * sway[3][frame],
                neck_flexion_deg=posture.neck_flexion_deg + sway[4][frame],
            )
        )
    return postures


def _placed(plan: ClipPlan, posed: PosedBody) -> PosedBody:
    """Turned so that the line of sight meets the body at the planned yaw, then put in place."""
    x, y = plan.place_m
    bearing_deg = float(np.degrees(np.arctan2(-x, plan.distance_m + y)))
    return posed.moved(yaw_deg=bearing_deg - plan.camera_yaw_deg, offset_m=np.array([x, y, 0.0]))


def _seat(plan: ClipPlan, action: Action, body: Body) -> tuple[Box, ...]:
    """A bench under a seated person, or the back of the chair behind a head."""
    if not action.seated:
        return ()
    posed = _placed(plan, action.posed(body, action.pose(0.0, plan.acting_side), plan.acting_side))
    root = posed.head_of("root")
    if action.framing != "head":
        return stool(float(root[2]) - 0.11, centre_m=(float(root[0]), float(root[1])))
    frontal = abs(plan.camera_yaw_deg) < 30.0
    return chair_back(float(root[2]), behind_m=float(root[1]) + 0.16) if frontal else ()


def _pose_bystander(other: Bystander, body: Body, time_s: float) -> PosedBody:
    walked_m = other.walk_m_s * max(0.0, time_s - other.walk_from_s)
    posture = Posture(neck_rotation_deg=6.0 * np.sin(0.5 * time_s))
    yaw_deg = other.yaw_deg
    if other.walk_m_s:
        posture = _stride(abs(walked_m) / (0.8 * body.height_m))
        yaw_deg = 90.0 if other.walk_m_s > 0.0 else -90.0
    place = np.array([other.place_m[0] + walked_m, other.place_m[1], 0.0])
    return stand(pose_body(body, posture)).moved(yaw_deg=yaw_deg, offset_m=place)


def _stride(cycles: float) -> Posture:
    """A simple walk: legs and arms in antiphase, the swinging knee bends."""
    posture = Posture()
    for side, shift in (("left", 0.0), ("right", 0.5)):
        phase = 2.0 * np.pi * (cycles + shift)
        posture = posture.with_limbs(
            side,  # type: ignore[arg-type]
            hip_flexion_deg=8.0 + 22.0 * float(np.sin(phase)),
            knee_flexion_deg=8.0 + 42.0 * max(0.0, float(np.cos(phase))),
            shoulder_flexion_deg=-18.0 * float(np.sin(phase)),
            ankle_dorsiflexion_deg=4.0,
        )
    return posture


def _pixels(camera: Camera, posed: PosedBody) -> dict[str, float]:
    """True joint centres in the picture, pixels."""
    centres = read_skeleton(posed).centres_m
    points = camera.project(np.stack(list(centres.values())))
    pixels = {f"{name}_x_px": float(xy[0]) for name, xy in zip(centres, points, strict=True)}
    return pixels | {f"{name}_y_px": float(xy[1]) for name, xy in zip(centres, points, strict=True)}


def _write_truth(path: Path, time_s: FloatArray, table: dict[str, FloatArray]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["time_s", *table])
        for frame, now_s in enumerate(time_s):
            writer.writerow(
                [f"{now_s:.4f}", *(f"{values[frame]:.3f}" for values in table.values())]
            )


def film_still(renderer: Renderer, bodies: dict[str, Body], plan: ClipPlan, out: Path) -> None:
    """The frame at the end of the first hold as ``NAME.jpg``, to look at before filming."""
    out.mkdir(parents=True, exist_ok=True)
    first = plan.repetitions.repetitions[0]
    at_s = plan.repetitions.rest_before_s + first.duration_s - first.return_s
    frames = _cast(renderer, bodies, plan)
    actors, truth = next(islice(frames, int(at_s * plan.frame_rate_hz), None))
    image = renderer.draw(camera_for(plan, bodies[plan.person]), actors)
    cv2.imwrite(str(out / f"{plan.name}.jpg"), image[..., ::-1])
    keys = [ACTIONS[plan.movement].truth_key(plan.acting_side), "trunk_line_lean_left_deg"]
    print(plan.name, {key: round(truth[key], 1) for key in keys}, flush=True)
