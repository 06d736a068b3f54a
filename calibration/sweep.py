"""A grid of still poses, read by the pose model: the data the accuracy figures come from.

Movement x person x camera offset x angle.  One ``.npz`` shard a movement and person, so that an
interrupted run goes on where it stopped; ``merge_shards`` joins them.  Every row holds the full
truth of its pose, the true joint centres in the picture and the model's landmarks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.acting import ACTIONS, Action
from calibration.bodies import Body
from calibration.development import DEVELOPMENT_LOOKS, DEVELOPMENT_ROOMS
from calibration.motion import RepetitionSet
from calibration.pose_model import PoseModel, PoseReading
from calibration.posing import SIDES, Posture, Side, pose_body, stand
from calibration.render import Renderer, add_sensor_noise
from calibration.staging import ClipPlan, camera_for, place, seat
from calibration.truth import compute_truth, read_skeleton

FloatArray = NDArray[np.float64]

CAMERA_OFFSETS_DEG = (-30.0, -15.0, 0.0, 15.0, 30.0)
_CLOSE_UPS = {
    "head": {"distance_m": 0.95, "field_of_view_deg": 44.0},
    "hand": {"distance_m": 1.3, "field_of_view_deg": 42.0},
    "foot": {"distance_m": 1.3, "field_of_view_deg": 42.0},
}


@dataclass(frozen=True, kw_only=True)
class SweepPlan:
    """What to sweep; ``n_angles`` are spread evenly over each movement's range."""

    people: tuple[str, ...]
    movements: tuple[str, ...] = tuple(ACTIONS)
    offsets_deg: tuple[float, ...] = CAMERA_OFFSETS_DEG
    n_angles: int = 9
    picture_framings: tuple[str, ...] = ("head", "hand", "foot")
    """Movements so framed keep their pictures, for networks other than the pose model."""


def run_sweep(plan: SweepPlan, bodies: dict[str, Body], out: Path) -> None:
    """Render and read what has no shard yet, then merge everything into ``sweep.npz``."""
    shards = out / "sweep_shards"
    shards.mkdir(parents=True, exist_ok=True)
    renderer, model = Renderer(), PoseModel()
    for index, person in enumerate(plan.people):
        for movement in plan.movements:
            path = shards / f"{movement}-{person}.npz"
            if path.exists():
                continue
            rows = [
                row
                for series in _series(plan, movement, bodies[person], index)
                for row in _read_series(renderer, model, series, plan, out)
            ]
            _write_shard(path, rows)
            print(path.stem, len(rows), "stills", flush=True)
        merge_shards(out)


def merge_shards(out: Path) -> None:
    """Join all shards into ``sweep.npz`` (see the README for its arrays)."""
    paths = sorted((out / "sweep_shards").glob("*.npz"))
    loaded = [dict(np.load(path)) for path in paths]
    names = {"truth_names", "centre_names"}
    merged = {
        key: loaded[0][key] if key in names else np.concatenate([shard[key] for shard in loaded])
        for key in loaded[0]
    }
    partial = out / "partial-sweep.npz"
    np.savez_compressed(partial, **merged)
    partial.replace(out / "sweep.npz")


@dataclass(frozen=True, eq=False)
class _Series:
    """One person, movement and camera: the postures differ only in the commanded angle."""

    scene: ClipPlan
    body: Body
    camera_side: Side
    offset_deg: float
    postures: dict[float, Posture]

    @property
    def action(self) -> Action:
        return ACTIONS[self.scene.movement]


def _series(plan: SweepPlan, movement: str, body: Body, index: int) -> Iterator[_Series]:
    """All cameras of one person in one movement; sides alternate over people and cameras."""
    action = ACTIONS[movement]
    rng = np.random.default_rng([index, list(ACTIONS).index(movement)])
    to_both_sides = action.range_deg[0] == -action.range_deg[1]
    offsets_deg = plan.offsets_deg
    if action.framing == "head" and action.view_yaw_deg:
        offsets_deg = (*offsets_deg, -action.view_yaw_deg)  # people nod at their laptop, too
    for turn, offset_deg in enumerate(offsets_deg):
        camera_side = SIDES[(index + turn) % 2]
        side: Side = "left" if to_both_sides or not action.sided else camera_side
        scene = _scene(movement, body.person.name, camera_side, side, offset_deg, rng)
        postures = {
            float(command): _vary(action.pose(float(command), side), side, rng)
            for command in np.linspace(*action.range_deg, plan.n_angles)
        }
        yield _Series(scene, body, camera_side, offset_deg, postures)


def _scene(
    movement: str,
    person: str,
    camera_side: Side,
    side: Side,
    offset_deg: float,
    rng: np.random.Generator,
) -> ClipPlan:
    """Room, light and camera of one series; the offset counts towards the camera's side."""
    action = ACTIONS[movement]
    portrait = action.framing == "body" and not action.seated and rng.random() < 0.7
    width_px, height_px = (480, 640) if portrait else (640, 480)
    distance_m = float(rng.uniform(2.9, 3.5)) + (0.0 if portrait else 0.2)
    camera: dict[str, Any] = {"distance_m": distance_m, "field_of_view_deg": 46.0}
    camera |= _CLOSE_UPS.get(action.framing, {})
    towards = 1.0 if camera_side == "left" else -1.0
    room = DEVELOPMENT_ROOMS[int(rng.integers(len(DEVELOPMENT_ROOMS)))]
    return ClipPlan(
        name=f"{movement}-{person}",
        movement=movement,
        side=side,
        person=person,
        look=DEVELOPMENT_LOOKS[person],
        room=replace(room, lamp_azimuth_deg=float(rng.uniform(-50.0, 50.0))),
        repetitions=RepetitionSet(repetitions=()),
        camera_yaw_deg=towards * (action.view_yaw_deg + offset_deg),
        width_px=width_px,
        height_px=height_px,
        camera_height_m=float(rng.uniform(0.8, 1.4)),
        noise_levels=float(rng.uniform(1.0, 4.0)),
        **camera,
    )


def _vary(posture: Posture, side: Side, rng: np.random.Generator) -> Posture:
    """Small random differences in what the movement leaves free."""
    still: Side = "right" if side == "left" else "left"
    free = posture.limbs(still)
    posture = posture.with_limbs(
        still,
        shoulder_abduction_deg=free.shoulder_abduction_deg + float(rng.normal(0.0, 2.0)),
        elbow_flexion_deg=max(0.0, free.elbow_flexion_deg + float(rng.normal(0.0, 4.0))),
    )
    return replace(
        posture,
        trunk_lateral_deg=posture.trunk_lateral_deg + float(rng.normal(0.0, 1.0)),
        trunk_flexion_deg=posture.trunk_flexion_deg + float(rng.normal(0.0, 1.5)),
        neck_flexion_deg=posture.neck_flexion_deg + float(rng.normal(0.0, 1.5)),
        neck_rotation_deg=posture.neck_rotation_deg + float(rng.normal(0.0, 2.0)),
    )


def _read_series(
    renderer: Renderer, model: PoseModel, series: _Series, plan: SweepPlan, out: Path
) -> Iterator[dict[str, Any]]:
    """Render and read every posture of a series; one row each."""
    scene, body = series.scene, series.body
    renderer.set_room(scene.room, seat(scene, body))
    actor = renderer.dress(body, scene.look)
    camera = camera_for(scene, body)
    standing = read_skeleton(stand(pose_body(body, Posture())))
    rng = np.random.default_rng(plan.people.index(body.person.name))
    for command_deg, posture in series.postures.items():
        posed = place(scene, series.action.posed(body, posture, scene.acting_side))
        image = renderer.draw(camera, [(actor, posed)])
        image = add_sensor_noise(image, sigma_levels=scene.noise_levels, rng=rng)
        skeleton = read_skeleton(posed)
        truth = compute_truth(skeleton, standing)
        centres_m = np.stack(list(skeleton.centres_m.values()))
        yield _row(series, command_deg, model.estimate(image, series.action.framing)) | {
            "movement_truth_deg": truth[series.action.truth_key(scene.acting_side)],
            "truth_deg": np.array(list(truth.values())),
            "truth_names": list(truth),
            "centres_px": camera.project(centres_m),
            "centre_names": list(skeleton.centres_m),
            "picture": _write_picture(image, series, command_deg, plan, out),
        }


def _row(series: _Series, command_deg: float, reading: PoseReading) -> dict[str, Any]:
    scene = series.scene
    return {
        "movement": scene.movement,
        "person": scene.person,
        "side": scene.acting_side,
        "camera_side": series.camera_side,
        "camera_yaw_deg": scene.camera_yaw_deg,
        "camera_offset_deg": series.offset_deg,
        "camera_height_m": scene.camera_height_m,
        "camera_distance_m": scene.distance_m,
        "command_deg": command_deg,
        "width_px": scene.width_px,
        "height_px": scene.height_px,
        "found": reading.found,
        "landmarks": reading.landmarks,
        "world_m": reading.world_m,
        "face_px": reading.face_px,
        "hand_px": reading.hand_px,
    }


def _write_picture(
    image: NDArray[np.uint8], series: _Series, command_deg: float, plan: SweepPlan, out: Path
) -> str:
    """Keep the picture where another network will need it; its path under ``out``, or ''."""
    if series.action.framing not in plan.picture_framings:
        return ""
    name = f"{series.scene.name}_{series.offset_deg:+03.0f}_{command_deg:+06.1f}.jpg"
    path = out / "sweep_pictures" / name
    path.parent.mkdir(exist_ok=True)
    cv2.imwrite(str(path), image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])
    return str(path.relative_to(out))


def _write_shard(path: Path, rows: list[dict[str, Any]]) -> None:
    arrays = {key: np.array([row[key] for row in rows]) for key in rows[0]}
    arrays |= {key: np.array(rows[0][key]) for key in ("truth_names", "centre_names")}
    partial = path.with_name("partial-" + path.name)
    np.savez_compressed(partial, **arrays)
    partial.replace(path)
