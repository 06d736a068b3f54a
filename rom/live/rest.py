"""How the person stands before moving: what zero, signs and the leaning of the trunk count from."""

from __future__ import annotations

from rom.kinematics.orientation import Orientation, estimate_orientation
from rom.landmarks import LandmarkSeries
from rom.live.frames import joined, median_frame, time_of

REST_S = 1.0
"""As `rom.kinematics` has it: the rest is the first second in which the person was seen."""


class Rest:
    """The resting pose, gathered over the first second and then kept."""

    def __init__(self) -> None:
        self._frames: list[LandmarkSeries] = []
        self._pose: LandmarkSeries | None = None
        self._body: Orientation | None = None
        self.settled = False

    def add(self, frame: LandmarkSeries) -> None:
        """Take one frame in which all that is needed was seen; later than a second: nothing."""
        if self.settled:
            return
        if self._frames and time_of(frame) - time_of(self._frames[0]) > REST_S:
            self.settled = True
            return
        self._frames.append(frame)
        series = joined(self._frames)
        self._pose, self._body = median_frame(series), estimate_orientation(series)

    @property
    def pose(self) -> LandmarkSeries | None:
        """The middle of the frames at rest, as one frame; None before the first."""
        return self._pose

    @property
    def body(self) -> Orientation | None:
        """How the person stands towards the camera; None before the first frame."""
        return self._body
