"""Who is who from frame to frame.

The pose model answers every frame anew and in no fixed order, and where people overlap it may put
one person's landmarks on another. A pose continues a track only when position, size and the
colours of the clothes agree; a frame in which two people could be exchanged counts for neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from rom.landmarks import (
    FACE_POINT_COUNT,
    HAND_POINT_COUNT,
    LANDMARK_COUNT,
    FloatArray,
    Landmark,
    LandmarkSeries,
)
from rom.pose.estimator import PersonPose

TORSO = [
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
]
MAX_STEP_TRUNKS = 0.5
"""Farthest that the middle of a trunk moves between two frames, in trunk lengths: a brisk bow at
15 frames/s stays below 0.3."""
MAX_SIZE_RATIO = 1.5
MAX_COLOUR_DISTANCE = 0.55
"""Hellinger distance of torso colours, 0 equal and 1 disjoint."""
REJOIN_TRUNKS = 0.8
"""How near to where a person was lost somebody must appear to be taken for the same person."""
EXCHANGE_MARGIN = 0.25
"""Two people whose costs are closer than this could be exchanged."""


def colour_distance(a: FloatArray, b: FloatArray) -> float:
    """Hellinger distance of two normalised histograms, 0 equal, 1 disjoint; 0 where unknown.

    Source: Hellinger 1909, doi:10.1515/crll.1909.136.210.
    """
    if not (np.any(a) and np.any(b)):
        return 0.0
    overlap = float(np.sqrt(np.clip(a, 0, None) * np.clip(b, 0, None)).sum())
    return float(np.sqrt(max(0.0, 1.0 - overlap)))


def torso_middle_px(pose: PersonPose) -> FloatArray:
    """(2,) middle of shoulders and hips."""
    middle: FloatArray = pose.xy_px[TORSO].mean(axis=0)
    return middle


def torso_size_px(pose: PersonPose) -> float:
    """Size that shrinks neither side-on nor bent: mean distance of the torso's corners."""
    corners = pose.xy_px[TORSO]
    across = np.linalg.norm(corners[0] - corners[1]) + np.linalg.norm(corners[2] - corners[3])
    along = np.linalg.norm(corners[0] - corners[2]) + np.linalg.norm(corners[1] - corners[3])
    return float(max(across, along) / 2.0) + 1e-6


@dataclass(eq=False)
class Track:
    """One person through the recording: the frames in which they were seen and their poses."""

    frames: list[int] = field(default_factory=list)
    poses: list[PersonPose] = field(default_factory=list)
    sure: list[bool] = field(default_factory=list)
    colour: FloatArray = field(default_factory=lambda: np.zeros(0))

    def add(self, frame: int, pose: PersonPose, *, sure: bool) -> None:
        self.frames.append(frame)
        self.poses.append(pose)
        self.sure.append(sure)
        if sure or not len(self.colour):
            known = np.asarray(pose.colour, np.float64)
            self.colour = known if not len(self.colour) else 0.95 * self.colour + 0.05 * known

    def cost(self, pose: PersonPose, frame: int) -> float:
        """Dissimilarity between the track's end and a pose; infinite when it cannot be the same."""
        last = self.poses[-1]
        size = torso_size_px(last)
        step = float(np.linalg.norm(torso_middle_px(pose) - torso_middle_px(last))) / size
        ratio = torso_size_px(pose) / size
        colour = colour_distance(self.colour, np.asarray(pose.colour, np.float64))
        allowed = min(MAX_STEP_TRUNKS * (frame - self.frames[-1]), REJOIN_TRUNKS)
        if (
            step > max(allowed, MAX_STEP_TRUNKS)
            or max(ratio, 1.0 / ratio) > MAX_SIZE_RATIO
            or colour > MAX_COLOUR_DISTANCE
        ):
            return float("inf")
        return step + abs(float(np.log(ratio))) + colour


class PersonTracker:
    """Links the poses of successive frames into tracks, one for each person."""

    def __init__(self) -> None:
        self.tracks: list[Track] = []
        self.time_s: list[float] = []
        self.people_count: list[int] = []

    def add(self, time_s: float, poses: Sequence[PersonPose]) -> None:
        """Take the poses of the next frame."""
        frame = len(self.time_s)
        self.time_s.append(time_s)
        self.people_count.append(len(poses))
        costs = np.array([[t.cost(pose, frame) for pose in poses] for t in self.tracks])
        costs = costs.reshape(len(self.tracks), len(poses))
        taken: set[int] = set()
        used: set[int] = set()
        for flat in np.argsort(costs, axis=None):
            row, column = divmod(int(flat), max(len(poses), 1))
            if not np.isfinite(costs[row, column]):
                break
            if row in used or column in taken:
                continue
            used.add(row)
            taken.add(column)
            sure = not self._exchangeable(costs, row, column, frame)
            self.tracks[row].add(frame, poses[column], sure=sure)
        for column, pose in enumerate(poses):
            if column not in taken:
                track = Track()
                track.add(frame, pose, sure=True)
                self.tracks.append(track)

    def _exchangeable(self, costs: FloatArray, row: int, column: int, frame: int) -> bool:
        """Whether another person's track or pose fits nearly as well."""
        limit = costs[row, column] + EXCHANGE_MARGIN
        other_poses = np.delete(costs[row], column)
        recent = [
            index
            for index, track in enumerate(self.tracks)
            if index != row and frame - track.frames[-1] <= 1 and len(track.frames) > 5
        ]
        return bool((other_poses < limit).any() or (costs[recent, column] < limit).any())

    def people(self) -> list[Track]:
        """The people of the recording, longest seen first, with broken tracks joined."""
        remaining = sorted(self.tracks, key=lambda track: track.frames[0])
        people: list[Track] = []
        for track in remaining:
            earlier = next((p for p in people if _same_person(p, track)), None)
            if earlier is None:
                people.append(track)
            else:
                earlier.frames += track.frames
                earlier.poses += track.poses
                earlier.sure += track.sure
        return sorted(people, key=lambda track: -len(track.frames))

    def series(self, track: Track, *, width_px: int, height_px: int) -> LandmarkSeries:
        """The landmarks of one person over the whole recording."""
        count = len(self.time_s)
        xy_px = np.full((count, LANDMARK_COUNT, 2), np.nan)
        world_m = np.full((count, LANDMARK_COUNT, 3), np.nan)
        visibility = np.zeros((count, LANDMARK_COUNT))
        sure = np.zeros(count, np.bool_)
        face_px = hand_px = None
        if any(pose.face_px is not None for pose in track.poses):
            face_px = np.full((count, FACE_POINT_COUNT, 3), np.nan, np.float32)
        if any(pose.hand_px is not None for pose in track.poses):
            hand_px = np.full((count, 2, HAND_POINT_COUNT, 2), np.nan, np.float32)
        for frame, pose, certain in zip(track.frames, track.poses, track.sure, strict=True):
            xy_px[frame], world_m[frame] = pose.xy_px, pose.world_m
            visibility[frame], sure[frame] = pose.visibility, certain
            if face_px is not None and pose.face_px is not None:
                face_px[frame] = pose.face_px
            if hand_px is not None and pose.hand_px is not None:
                hand_px[frame] = pose.hand_px
        return LandmarkSeries(
            time_s=np.array(self.time_s),
            xy_px=xy_px,
            world_m=world_m,
            visibility=visibility,
            width_px=width_px,
            height_px=height_px,
            people_count=np.array(self.people_count, np.int64),
            identity_sure=sure,
            face_px=face_px,
            hand_px=hand_px,
        )


def _same_person(earlier: Track, later: Track) -> bool:
    """Whether a track that begins after another has ended continues it."""
    if later.frames[0] <= earlier.frames[-1]:
        return False
    before, after = earlier.poses[-1], later.poses[0]
    size = torso_size_px(before)
    step = float(np.linalg.norm(torso_middle_px(after) - torso_middle_px(before))) / size
    ratio = torso_size_px(after) / size
    near = step < REJOIN_TRUNKS and max(ratio, 1.0 / ratio) < MAX_SIZE_RATIO
    return near and colour_distance(earlier.colour, later.colour) < MAX_COLOUR_DISTANCE
