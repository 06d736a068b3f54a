"""Filming: a performance rendered and encoded as a clip or shown as a single picture."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np

from calibration.bodies import Body
from calibration.performance import frame_times_s, perform
from calibration.posing import PosedBody
from calibration.render import Actor, Image, Renderer, add_sensor_noise
from calibration.staging import ClipPlan, camera_for, pose_bystander, seat


def film_clip(renderer: Renderer, bodies: dict[str, Body], plan: ClipPlan, path: Path) -> None:
    """Render a plan and encode it as H.264 in MP4."""
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=Fraction(plan.frame_rate_hz))
        stream.width, stream.height, stream.pix_fmt = plan.width_px, plan.height_px, "yuv420p"
        stream.options = {"crf": str(plan.crf), "preset": "slow", "threads": "1"}
        for image in _film(renderer, bodies, plan):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode(None))


def film_still(renderer: Renderer, bodies: dict[str, Body], plan: ClipPlan, path: Path) -> None:
    """The frame at the end of the first hold, to look at before filming everything."""
    first = plan.repetitions.repetitions[0]
    at_s = plan.repetitions.rest_before_s + first.duration_s - first.return_s
    cast = islice(_cast(renderer, bodies, plan), int(at_s * plan.frame_rate_hz), None)
    image = renderer.draw(camera_for(plan, bodies[plan.person]), next(cast))
    cv2.imwrite(str(path), image[..., ::-1])


def _film(renderer: Renderer, bodies: dict[str, Body], plan: ClipPlan) -> Iterator[Image]:
    camera, rng = camera_for(plan, bodies[plan.person]), np.random.default_rng(plan.seed)
    for actors in _cast(renderer, bodies, plan):
        image = renderer.draw(camera, actors)
        yield add_sensor_noise(image, sigma_levels=plan.noise_levels, rng=rng)


def _cast(
    renderer: Renderer, bodies: dict[str, Body], plan: ClipPlan
) -> Iterator[list[tuple[Actor, PosedBody]]]:
    """For every frame, the dressed and posed people, the subject first."""
    body, other = bodies[plan.person], plan.bystander
    subject = renderer.dress(body, plan.look)
    extra = renderer.dress(bodies[other.person], other.look) if other else None
    renderer.set_room(plan.room, seat(plan, body))
    for now_s, posed in zip(frame_times_s(plan), perform(plan, body), strict=True):
        actors = [(subject, posed)]
        if other and extra:
            actors.append((extra, pose_bystander(other, bodies[other.person], float(now_s))))
        yield actors
