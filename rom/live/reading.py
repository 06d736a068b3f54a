"""The angle of a movement while it happens, and the arc that shows it at the joint.

The same definition, zero, sign and correction as `rom.trace`, from one frame and the pose at rest.
What differs: legs are kept apart with what is known so far, single frames are steadied with those
before them alone, and the filter is causal. A live number is feedback, never a result.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from rom.kinematics.arms import compute_arms
from rom.kinematics.orientation import Orientation
from rom.landmarks import LandmarkSeries, Side
from rom.live.frames import joined, steadied, time_of, turned_about
from rom.live.legs import LegNaming
from rom.live.one_euro import OneEuro
from rom.live.rest import Rest
from rom.movements import Extra, Movement
from rom.quality.visibility import HIDDEN_BELOW, inside_picture, own_landmarks, paired_landmarks
from rom.trace import LEG_JOINTS, compute_native_reading, corrected_deg

LiveSide = Side | Literal["both"] | None
Point = tuple[float, float]

BEFORE_S = 10.0
"""The pose at rest stands this long before a frame: beyond the first second of any recording."""


@dataclass(frozen=True, kw_only=True)
class LiveArc:
    """From where the moving arm points at 0° to where it points, about the joint; pixels."""

    centre_px: Point
    start_px: Point
    end_px: Point


@dataclass(frozen=True, kw_only=True)
class SideReading:
    """One side in one frame; None where it could not be read.

    Attributes
    ----------
    angle_deg
        Filtered, positive in the named direction.
    unfiltered_deg
        The same of this frame alone.
    arc
        None too where the movement is not in the plane of the picture (turning the head).
    """

    side: Side | None
    angle_deg: float | None = None
    unfiltered_deg: float | None = None
    arc: LiveArc | None = None


@dataclass(frozen=True, kw_only=True)
class LiveReading:
    """What one frame says of a movement.

    Attributes
    ----------
    side, angle_deg, arc
        Of the side that is furthest on its way, where both are read.
    sides
        Every side that is read.
    """

    time_s: float
    sides: tuple[SideReading, ...]

    @property
    def foremost(self) -> SideReading:
        read = [each for each in self.sides if each.angle_deg is not None]
        return max(read, key=lambda each: each.angle_deg or 0.0) if read else self.sides[0]

    @property
    def side(self) -> Side | None:
        return self.foremost.side

    @property
    def angle_deg(self) -> float | None:
        return self.foremost.angle_deg

    @property
    def arc(self) -> LiveArc | None:
        return self.foremost.arc

    def of(self, side: Side | None) -> SideReading:
        """The reading of one side; an unread one where it is not among them."""
        return next((each for each in self.sides if each.side is side), SideReading(side=side))


def sides_of(movement: Movement, side: LiveSide) -> tuple[Side | None, ...]:
    """The sides that are read: one, both in turn, or the only one of a movement without."""
    if not movement.has_side:
        return (None,)
    return tuple(Side) if side == "both" or side is None else (Side(side),)


class LiveReader:
    """Reads one movement frame by frame. The first second that is read is taken as the rest.

    Parameters
    ----------
    side
        "both" reads left and right of a set that alternates.
    """

    def __init__(self, movement: Movement, side: LiveSide) -> None:
        if not movement.measurable:
            raise ValueError(f"movement: expected one that a camera measures, got {movement.name}")
        self._movement = movement
        self._sides = sides_of(movement, side)
        self._legs = LegNaming() if movement.joint in LEG_JOINTS else None
        self._recent: list[LandmarkSeries] = []
        self._filters = {each: OneEuro() for each in self._sides}
        self._rest = Rest()
        self._last: LiveReading | None = None

    @property
    def body(self) -> Orientation | None:
        """How the person stands towards the camera; None before anybody was seen."""
        return self._rest.body

    def forget_rest(self) -> None:
        """Take the next second as the rest: the person has settled anew."""
        self._rest = Rest()
        self._filters = {each: OneEuro() for each in self._sides}

    def read(self, frame: LandmarkSeries) -> LiveReading:
        """Read one frame; a frame that is not later than the last one repeats its reading."""
        now_s = time_of(frame)
        if self._last is not None and now_s <= self._last.time_s:
            return self._last
        self._last = LiveReading(time_s=now_s, sides=self._read_sides(frame))
        return self._last

    def _read_sides(self, frame: LandmarkSeries) -> tuple[SideReading, ...]:
        nothing = tuple(SideReading(side=side) for side in self._sides)
        if not frame.seen[0] or not frame.identity_sure[0]:
            self._recent.clear()
            return nothing
        steady = self._steadied(frame)
        if not self._rest.settled and all(self._usable(steady, side) for side in self._sides):
            self._rest.add(steady)
        pose, body = self._rest.pose, self._rest.body
        if pose is None or body is None or turned_about(frame, body.yaw_deg):
            return nothing
        before = replace(pose, time_s=frame.time_s - BEFORE_S)
        pair = joined([before, steady])
        return tuple(
            self._read(pair, body, side) if self._usable(steady, side) else SideReading(side=side)
            for side in self._sides
        )

    def _steadied(self, frame: LandmarkSeries) -> LandmarkSeries:
        """The frame averaged with those before it: every other one is read in a mirror."""
        if self._legs is not None:
            frame = self._legs.named(frame)
        body = self._rest.body
        if body is not None and turned_about(frame, body.yaw_deg):
            self._recent.clear()
            return frame
        self._recent = [*self._recent[-2:], frame]
        return steadied(self._recent)

    def _usable(self, frame: LandmarkSeries, side: Side | None) -> bool:
        if side is None and self._rest.body is not None:
            side = self._rest.body.camera_side
        return is_readable(frame, self._movement, side)

    def _read(self, pair: LandmarkSeries, body: Orientation, side: Side | None) -> SideReading:
        """One side of the pose at rest and the frame, both in one series."""
        movement = self._movement
        native_deg = compute_native_reading(pair, movement, side, body)
        if movement.zeroed:
            native_deg = native_deg - native_deg[0]
        angle_deg, _ = corrected_deg(pair, movement, side, body, native_deg)
        value_deg = float(angle_deg[1] - (angle_deg[0] if movement.zeroed else 0.0))
        low_deg, high_deg = movement.plausible_deg
        if not low_deg <= value_deg <= high_deg:
            return SideReading(side=side)
        return SideReading(
            side=side,
            angle_deg=self._filters[side].add(float(pair.time_s[1]), value_deg),
            unfiltered_deg=value_deg,
            arc=_arc(pair, movement, side),
        )


def is_readable(frame: LandmarkSeries, movement: Movement, side: Side | None) -> bool:
    """Whether one frame shows all that the movement is read from, uncovered and in the picture."""
    own = own_landmarks(movement, side)
    if not (frame.visibility[0, own] >= HIDDEN_BELOW).all():
        return False
    if not inside_picture(frame, own + paired_landmarks(movement))[0]:
        return False
    return has_extra(frame, movement, side)


def has_extra(frame: LandmarkSeries, movement: Movement, side: Side | None) -> bool:
    """Whether the face or the hand was found, where the movement is read from it."""
    if movement.extra is Extra.FACE:
        return frame.face_px is not None and bool(np.isfinite(frame.face_px[0]).all())
    if movement.extra is Extra.HAND:
        hand = 1 if side is Side.RIGHT else 0
        return frame.hand_px is not None and bool(np.isfinite(frame.hand_px[0, hand]).all())
    return True


def _arc(pair: LandmarkSeries, movement: Movement, side: Side | None) -> LiveArc | None:
    arms = compute_arms(pair, movement.reading, side)
    points = (arms.vertex_px[1], arms.reference_px[1], arms.moving_px[1])
    if not np.isfinite(points).all():
        return None
    centre, start, end = ((float(point[0]), float(point[1])) for point in points)
    return LiveArc(centre_px=centre, start_px=start, end_px=end)
