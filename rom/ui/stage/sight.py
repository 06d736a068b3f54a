"""From the pictures of one camera to the landmarks of the person in front of it, one by one."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np

from rom.landmarks import (
    FACE_POINT_COUNT,
    LANDMARK_COUNT,
    LandmarkSeries,
)
from rom.pose.estimator import PersonPose, PoseEstimator
from rom.pose.model import PoseModel, ensure_model
from rom.pose.tracking import torso_size_px
from rom.video.exposure import lit_level
from rom.video.jpeg import decode_jpeg

MAX_PEOPLE = 2
"""The person and whoever else must be told of; a third would only cost time."""
LIT_EVERY_FRAMES = 15


@dataclass(frozen=True, eq=False)
class Glimpse:
    """What one picture shows: a series of one frame, and how brightly it is lit."""

    frame: LandmarkSeries
    lit_level: float


class Sight:
    """The pose networks of one connection. May be used by several threads, one at a time.

    Raises
    ------
    ModelError
        With the first picture: the pose model is not there or cannot be loaded.
    """

    def __init__(self, model: PoseModel | None = None) -> None:
        self._model = model
        self._lock = threading.Lock()
        self._estimator: PoseEstimator | None = None
        self._with_face = False
        self._followed: int | None = None
        self._frames = 0
        self._lit_level = float("nan")
        self._closed = False

    def warm(self, *, face: bool) -> None:
        """Load the networks before the first picture comes."""
        with self._lock:
            self._networks(face=face)

    def see(self, jpeg: bytes, time_s: float, *, face: bool) -> Glimpse:
        """Read one picture.

        Raises
        ------
        InputError
            It is no picture, or a damaged or too large one.
        """
        rgb = decode_jpeg(jpeg)
        with self._lock:
            people = self._networks(face=face).estimate(rgb, time_s)
            if self._frames % LIT_EVERY_FRAMES == 0:
                self._lit_level = lit_level(rgb)
            self._frames += 1
            subject = self._subject(people)
        height_px, width_px = rgb.shape[:2]
        frame = one_frame(
            subject,
            time_s=time_s,
            width_px=width_px,
            height_px=height_px,
            people=len(people),
            face=face,
        )
        return Glimpse(frame, self._lit_level)

    def close(self) -> None:
        """Let go of the networks; waits for a picture that is being read."""
        with self._lock:
            self._closed = True
            if self._estimator is not None:
                self._estimator.close()
                self._estimator = None

    def _networks(self, *, face: bool) -> PoseEstimator:
        if self._closed:
            raise RuntimeError("closed")
        if self._estimator is None or face != self._with_face:
            model = self._model or ensure_model(extras=face)
            loaded = PoseEstimator(model, max_people=MAX_PEOPLE, face=face)
            if self._estimator is not None:
                self._estimator.close()
            self._estimator, self._with_face, self._followed = loaded, face, None
        return self._estimator

    def _subject(self, people: list[PersonPose]) -> PersonPose | None:
        """The person who was followed so far, else the one nearest to the camera."""
        for person in people:
            if person.track_id == self._followed:
                return person
        nearest = max(people, key=torso_size_px, default=None)
        self._followed = nearest.track_id if nearest is not None else None
        return nearest


def one_frame(
    person: PersonPose | None,
    *,
    time_s: float,
    width_px: int,
    height_px: int,
    people: int,
    face: bool = False,
) -> LandmarkSeries:
    """A series of one frame; NaN where nobody is seen."""
    xy_px = np.full((1, LANDMARK_COUNT, 2), np.nan)
    world_m = np.full((1, LANDMARK_COUNT, 3), np.nan)
    visibility = np.zeros((1, LANDMARK_COUNT))
    face_px = np.full((1, FACE_POINT_COUNT, 3), np.nan, np.float32) if face else None
    if person is not None:
        xy_px[0], world_m[0], visibility[0] = person.xy_px, person.world_m, person.visibility
        if face_px is not None and person.face_px is not None:
            face_px[0] = person.face_px
    return LandmarkSeries(
        time_s=np.array([time_s]),
        xy_px=xy_px,
        world_m=world_m,
        visibility=visibility,
        width_px=width_px,
        height_px=height_px,
        people_count=np.array([people], np.int64),
        identity_sure=np.array([person is not None]),
        face_px=face_px,
    )
