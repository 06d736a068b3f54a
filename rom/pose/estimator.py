"""Landmarks of every visible person, picture by picture.

The two networks are run with LiteRT and chained here, not by MediaPipe's own pipeline: several
people cost one search now and then instead of one in every picture, nothing is smoothed (smoothing
lags and lowers the peak), no usage is reported to anyone, and no graphics libraries are needed. On
a single picture the results agree with MediaPipe's within a pixel, on average.

Every other picture is shown to the networks in a mirror. They err otherwise there, and the mean of
neighbouring frames (`rom.kinematics.steadying`) errs less than either, at no cost.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, replace
from itertools import count
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from rom.errors import ModelError
from rom.landmarks import Landmark
from rom.pose.appearance import torso_colour
from rom.pose.body import Body, BodyNetwork
from rom.pose.detector import PersonDetector
from rom.pose.face import FaceNetwork
from rom.pose.hands import HandNetwork
from rom.pose.litert import litert_version
from rom.pose.model import BUNDLE_MEMBERS, PoseModel
from rom.pose.region import FloatArray, Image, Region

DETECTION_SCORE = 0.5
BODY_SCORE = 0.5
# A newcomer is seen after this at the latest; a search costs two thirds of one body.
SEARCH_INTERVAL_S = 0.2
# After a longer gap the last position says nothing about the next one.
LONGEST_GAP_S = 0.5
# Two regions about one body: centres this near (of the smaller side), sides this alike.
_SAME_CENTER_FRAC = 0.12
_SAME_SIZE_RATIO = 1.6
# Two poses on one body: torso and knees this near, as a fraction of the torso's length.
_SAME_BODY_FRAC = 0.35
_BODY_POINTS = [
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
    Landmark.LEFT_KNEE,
    Landmark.RIGHT_KNEE,
]


@dataclass(frozen=True, eq=False)
class PersonPose:
    """One person in one picture.

    Attributes
    ----------
    xy_px
        (33, 2) image position, x right and y down.
    world_m
        (33, 3) the model's metric estimate about the mid-hip; its depth is weak.
    visibility
        (33,) the model's own figure, 0 to 1; not a probability.
    face_px
        (20, 3) face points (`FacePoint`), depth on the same scale; None if not asked for or no
        face is seen.
    hand_px
        (2, 21, 2) left and right hand of the person, NaN where not found; None if not asked for.
    colour
        (24,) histogram of the torso's colour, sum 1; zeros where the torso is outside the picture.
    track_id
        The same number while the person is followed without a break. A hint, never a proof of
        identity: it can move to another person when one hides the other.
    score
        0 to 1, how surely this is a person.
    """

    xy_px: FloatArray
    world_m: FloatArray
    visibility: FloatArray
    face_px: FloatArray | None
    hand_px: FloatArray | None
    colour: NDArray[np.float32]
    track_id: int = 0
    score: float = 1.0


@dataclass(frozen=True, eq=False)
class _Track:
    """A person being followed: where to look next and what was seen last (None: a newcomer)."""

    track_id: int
    region: Region
    body: Body | None = None


class PoseEstimator:
    """Estimates the poses of all people in the pictures of one recording, in order of time.

    Parameters
    ----------
    max_people
        How many are followed at once; the surest come first.
    face, hands
        Whether to place face and hand points too.

    Raises
    ------
    ModelError
        The bundle cannot be loaded, or the face or hand network is not there.
    """

    def __init__(
        self, model: PoseModel, *, max_people: int = 3, face: bool = False, hands: bool = False
    ) -> None:
        if max_people < 1:
            raise ValueError(f"max_people: expected at least 1, got {max_people}")
        detector, landmarks = _read_bundle(model)
        self._detector = PersonDetector(detector, minimum_score=DETECTION_SCORE)
        self._body = BodyNetwork(landmarks)
        self._face = FaceNetwork(model.face_path) if face else None
        self._hands = HandNetwork(model.hand_path) if hands else None
        self._max_people = max_people
        self.reset()

    def reset(self) -> None:
        """Forget everyone: the next picture belongs to another recording."""
        self._tracks: list[_Track] = []
        self._track_ids = count()
        self._last_time_s = -np.inf
        self._last_search_s = -np.inf
        self._mirrored = False

    def close(self) -> None:
        """Forget everyone and free what the networks hold."""
        self.reset()
        self.__dict__.update(_detector=None, _body=None, _face=None, _hands=None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def estimate(self, rgb: Image, time_s: float) -> list[PersonPose]:
        """Return the people in a picture, those followed longest first.

        Parameters
        ----------
        rgb
            (H, W, 3) unsigned bytes.
        time_s
            Its presentation time. Going back in time, or forward by more than half a second,
            starts afresh.
        """
        if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8:
            raise ValueError(f"rgb: expected (H, W, 3) uint8, got {rgb.shape} {rgb.dtype}")
        if not 0.0 < time_s - self._last_time_s <= LONGEST_GAP_S:
            self._tracks, self._mirrored = [], False
        self._last_time_s = time_s
        followed = self._follow(rgb, self._tracks)
        lost = len(followed) < len(self._tracks) or not followed
        if lost or not 0.0 <= time_s - self._last_search_s < SEARCH_INTERVAL_S:
            followed = self._follow_newcomers(rgb, followed)
            self._last_search_s = time_s
        self._tracks = followed
        people = [self._person(rgb, track) for track in followed]
        self._mirrored = not self._mirrored
        return people

    def _follow(self, rgb: Image, tracks: list[_Track]) -> list[_Track]:
        """Return the tracks in which a body is still seen, at most one for each body."""
        read: list[tuple[float, _Track]] = []
        for track in tracks:
            body = self._body.read(rgb, replace(track.region, mirrored=self._mirrored))
            if body.score >= BODY_SCORE and body.next_region.usable:
                moved = _Track(track.track_id, body.next_region, body)
                read.append((_jump_frac(track.body, body), moved))
        kept: list[_Track] = []
        # Where two tracks meet on one body, it is the one's who was there already.
        for _, track in sorted(read, key=lambda pair: pair[0]):
            if not any(_same_body(track.body, other.body) for other in kept):
                kept.append(track)
        return sorted(kept, key=lambda track: track.track_id)

    def _follow_newcomers(self, rgb: Image, followed: list[_Track]) -> list[_Track]:
        room = self._max_people - len(followed)
        if room <= 0:
            return followed
        newcomers = [
            _Track(next(self._track_ids), detection.region)
            for detection in self._detector.detect(rgb)
            if detection.region.usable
            and not any(_same_region(detection.region, track.region) for track in followed)
        ]
        found = self._follow(rgb, newcomers[: room + 1])
        others = [
            track
            for track in found
            if not any(_same_body(track.body, old.body) for old in followed)
        ]
        return followed + others[:room]

    def _person(self, rgb: Image, track: _Track) -> PersonPose:
        body, mirrored = track.body, self._mirrored
        assert body is not None
        return PersonPose(
            xy_px=body.xy_px,
            world_m=body.world_m,
            visibility=body.visibility,
            face_px=self._face.read(rgb, body.xy_px, mirrored=mirrored) if self._face else None,
            hand_px=self._hands.read(rgb, body.xy_px, mirrored=mirrored) if self._hands else None,
            colour=torso_colour(rgb, body.xy_px),
            track_id=track.track_id,
            score=body.score,
        )


def mediapipe_version() -> str:
    """What computes the landmarks: the networks' MediaPipe release and the runtime's version."""
    return f"0.10.21 networks, LiteRT {litert_version()}"


def _read_bundle(model: PoseModel) -> tuple[bytes, bytes]:
    try:
        with zipfile.ZipFile(model.path) as bundle:
            detector, landmarks = (bundle.read(name) for name in BUNDLE_MEMBERS)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise ModelError(
            f"Expected a pose landmarker bundle in {model.path}, but it cannot be read"
            f" ({type(error).__name__}); run `rom doctor`, or name another with --model"
        ) from error
    return detector, landmarks


def _torso_length_px(body: Body) -> float:
    """Length from mid-shoulder to mid-hip, or shoulder width where that is foreshortened."""
    shoulders, hips = body.xy_px[_BODY_POINTS[:2]], body.xy_px[_BODY_POINTS[2:4]]
    length = np.hypot(*(shoulders.mean(axis=0) - hips.mean(axis=0)))
    return float(max(length, np.hypot(*(shoulders[0] - shoulders[1])), 1.0))


def _distance_frac(first: Body, second: Body) -> float:
    """Mean distance of two bodies' torso and knees, as a fraction of the longer torso."""
    gaps = np.linalg.norm(first.xy_px[_BODY_POINTS] - second.xy_px[_BODY_POINTS], axis=1)
    return float(gaps.mean() / max(_torso_length_px(first), _torso_length_px(second)))


def _same_body(first: Body | None, second: Body | None) -> bool:
    return first is not None and second is not None and _distance_frac(first, second) < (
        _SAME_BODY_FRAC
    )  # fmt: skip


def _jump_frac(before: Body | None, now: Body) -> float:
    """How far a followed body moved since the last picture; a newcomer's counts as 1 - score."""
    return _distance_frac(before, now) if before is not None else 1.0 - now.score


def _same_region(first: Region, second: Region) -> bool:
    distance_px = float(np.hypot(*(first.center_px - second.center_px)))
    small_px, large_px = sorted((first.size_px, second.size_px))
    return distance_px < _SAME_CENTER_FRAC * small_px and large_px < _SAME_SIZE_RATIO * small_px
