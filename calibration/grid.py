"""Render the grid: pictures of every planned still, and what the pose model reads in them.

Rendering goes member by member into shards and goes on where it was interrupted; `stock` packs the
shards into the file that is kept. What there is to render is planned in `series`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.camera import Camera
from calibration.cohort import Member, cohort
from calibration.conditions import KINDS, Kind
from calibration.degrade import add_motion_blur, compress
from calibration.looks import Look
from calibration.pose_model import PoseModel
from calibration.posing import PosedBody, Posture, pose_body, stand
from calibration.render import Actor, Renderer, add_sensor_noise
from calibration.series import GRID_VERSION, SeriesPlan, cohort_bodies, series_plans
from calibration.series import STILLS as STILLS
from calibration.series import plan_series as plan_series
from calibration.staging import camera_for, pose_bystander, seat
from calibration.stock import check_reading, names_of
from calibration.style import Style
from calibration.truth import compute_truth, read_skeleton
from rom.video.exposure import lit_level

Image = NDArray[np.uint8]

BLUR_DEG = 2.5
"""Turn during one exposure with motion blur: 75 degrees a second for a thirtieth of a second."""
LENS_BLUR_PX = 0.5


class Studio:
    """Renderer and pose model, with dressed actors kept while they are of use."""

    def __init__(self) -> None:
        self.renderer, self.model = Renderer(samples=0), PoseModel()
        self._actors: dict[tuple[str, Look], Actor] = {}

    def shoot(self, plan: SeriesPlan) -> Iterator[dict[str, Any]]:
        """Render and read every still of a series; one row each."""
        body, scene = cohort_bodies()[plan.member.name], plan.scene
        camera = camera_for(scene, body)
        standing = read_skeleton(stand(pose_body(body, Posture())))
        images = self.pictures(plan, camera)
        for command_deg, style, image in zip(plan.commands_deg, plan.styles(), images, strict=True):
            skeleton = read_skeleton(plan.pose(body, plan.posture(float(command_deg), style)))
            truth = compute_truth(skeleton, standing)
            reading = self.model.estimate(image, plan.action.framing)
            yield {
                "command_deg": command_deg,
                "truth_deg": np.array(list(truth.values())),
                "centres_px": camera.project(np.stack(list(skeleton.centres_m.values()))),
                "landmarks": reading.landmarks,
                "world_m": reading.world_m,
                "face_px": reading.face_px,
                "hand_px": reading.hand_px,
                "lit_level": lit_level(image),
            }

    def pictures(self, plan: SeriesPlan, camera: Camera) -> list[Image]:
        """The stills of a series as a camera would deliver them."""
        rng = np.random.default_rng([plan.seed, 3])
        self.renderer.set_room(plan.scene.room, seat(plan.scene, cohort_bodies()[plan.member.name]))
        images = []
        for command_deg, style in zip(plan.commands_deg, plan.styles(), strict=True):
            image = self.picture(plan, camera, float(command_deg), style)
            image = cv2.GaussianBlur(image, (0, 0), LENS_BLUR_PX)
            images.append(add_sensor_noise(image, sigma_levels=plan.scene.noise_levels, rng=rng))
        if "compression" in plan.condition.nuisances:
            images = compress(images, crf=int(rng.integers(32, 37)))
        return images

    def picture(self, plan: SeriesPlan, camera: Camera, command_deg: float, style: Style) -> Image:
        """One exposure; with motion blur the mean of two moments of it."""
        blurred = "motion_blur" in plan.condition.nuisances
        low_deg, high_deg = plan.action.range_deg
        moments = []
        for turn in (-0.4, 0.4) if blurred else (0.0,):
            at_deg = float(np.clip(command_deg + turn * BLUR_DEG, low_deg, high_deg))
            posed = plan.pose(cohort_bodies()[plan.member.name], plan.posture(at_deg, style))
            moments.append(self.renderer.draw(camera, self._cast(plan, posed)))
        return add_motion_blur(moments) if blurred else moments[0]

    def _cast(self, plan: SeriesPlan, posed: PosedBody) -> list[tuple[Actor, PosedBody]]:
        cast = [(self._dressed(plan.member.name, plan.scene.look), posed)]
        other = plan.scene.bystander
        if other is not None:
            actor = self._dressed(other.person, other.look)
            cast.append((actor, pose_bystander(other, cohort_bodies()[other.person], 0.0)))
        return cast

    def _dressed(self, name: str, look: Look) -> Actor:
        if (name, look) not in self._actors:
            if len(self._actors) > 8:
                self._actors.clear()
            self._actors[name, look] = self.renderer.dress(cohort_bodies()[name], look)
        return self._actors[name, look]


def render_grid(
    out: Path, *, kinds: tuple[Kind, ...] = KINDS["report"], part: int = 0, parts: int = 1
) -> None:
    """Render every shard that is missing; `part` of `parts` lets several processes share it."""
    studio: Studio | None = None
    shards = out / "shards"
    shards.mkdir(parents=True, exist_ok=True)
    jobs = [
        (kind, member) for kind in kinds for member in _interleaved() if kind in KINDS[member.split]
    ]
    for index, (kind, member) in enumerate(jobs):
        path = shards / f"{kind}-{member.name}.npz"
        if index % parts != part or path.exists():
            continue
        studio = studio or Studio()
        write_shard(path, studio, list(series_plans(kind, member)))
        done = sum(1 for _ in shards.glob("[!p]*.npz")) + sum(1 for _ in shards.glob("plain-*.npz"))
        print(f"{done} of {len(jobs)} shards: {path.stem}", flush=True)


def _interleaved() -> list[Member]:
    """All members so that an interrupted run holds some of every split."""
    return sorted(cohort(), key=lambda member: (int(member.name[-2:]) / _size(member), member.name))


def _size(member: Member) -> int:
    from calibration.cohort import SPLIT_SIZES

    return SPLIT_SIZES[member.split]


def write_shard(path: Path, studio: Studio, plans: list[SeriesPlan]) -> None:
    """Shoot series and keep their rows; arrays are (series, stills, …).

    Raises
    ------
    RuntimeError
        The landmarks are nowhere near the rendered person. Nothing is written.
    """
    columns: dict[str, list[Any]] = {}
    for plan in plans:
        rows = list(studio.shoot(plan))
        for key in rows[0]:
            stacked = np.stack([row[key] for row in rows]).astype(np.float32)
            columns.setdefault(key, []).append(stacked)
    arrays = {key: np.stack(values) for key, values in columns.items()}
    names = names_of(next(iter(cohort_bodies().values())))
    check_reading(path.stem, arrays["landmarks"], arrays["centres_px"], names.centres)
    arrays["key"] = np.array([plan.key for plan in plans])
    arrays["grid_version"] = np.array(GRID_VERSION)
    partial = path.with_name("partial-" + path.name)
    np.savez_compressed(partial, **arrays)
    partial.replace(path)
