"""Performances: a plan acted frame by frame, and the truth of every frame."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calibration.acting import ACTIONS, Action
from calibration.bodies import Body
from calibration.camera import Camera
from calibration.motion import commanded_angle_deg, sway_deg
from calibration.posing import TOWARDS_LEFT, PosedBody, Posture, Side, pose_body, stand
from calibration.staging import ClipPlan, camera_for, place
from calibration.truth import compute_truth, read_skeleton

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Performance:
    """What truly happened: time (T,) in seconds, and by column angles (T,) in degrees and true
    joint centres (T,) in pixels.
    """

    plan: ClipPlan
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


def perform(plan: ClipPlan, body: Body) -> Iterator[PosedBody]:
    """The subject of every frame, posed and put in place."""
    action = ACTIONS[plan.movement]
    for posture in _postures(plan, action, body, frame_times_s(plan)):
        yield place(plan, action.posed(body, posture, plan.acting_side))


def measure(plan: ClipPlan, body: Body) -> Performance:
    """Truth of every frame, without rendering anything."""
    camera = camera_for(plan, body)
    standing = read_skeleton(stand(pose_body(body, Posture())))
    rows = [
        compute_truth(read_skeleton(posed), standing) | _pixels(camera, posed)
        for posed in perform(plan, body)
    ]
    table = {key: np.array([row[key] for row in rows]) for key in rows[0]}
    return Performance(plan, frame_times_s(plan), table)


def write_truth(performance: Performance, path: Path) -> None:
    """One row a frame: ``time_s``, all angles in degrees, all joint centres in pixels."""
    table = performance.truth
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["time_s", *table])
        for frame, now_s in enumerate(performance.time_s):
            values = (f"{column[frame]:.3f}" for column in table.values())
            writer.writerow([f"{now_s:.4f}", *values])


def frame_times_s(plan: ClipPlan) -> FloatArray:
    """Presentation time (T,) of every frame, seconds."""
    n_frames = round(plan.repetitions.duration_s * plan.frame_rate_hz)
    times: FloatArray = np.arange(n_frames) / plan.frame_rate_hz
    return times


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


def _pixels(camera: Camera, posed: PosedBody) -> dict[str, float]:
    """True joint centres in the picture, pixels."""
    centres = read_skeleton(posed).centres_m
    points = camera.project(np.stack(list(centres.values())))
    pixels = {f"{name}_x_px": float(xy[0]) for name, xy in zip(centres, points, strict=True)}
    return pixels | {f"{name}_y_px": float(xy[1]) for name, xy in zip(centres, points, strict=True)}
