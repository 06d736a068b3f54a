"""One strictly increasing clock out of the timestamps that a recording carries."""

from __future__ import annotations

LONGEST_STEP_S = 60.0
"""No recording of a movement has a minute between two frames: such a stamp is damaged."""

SMALLEST_RESTART_S = 1.0
"""A stamp this far in the past comes from a clock that started again, not from jitter."""

CUT_GAP_S = 1.0
"""Where the clock started again, so much is left empty: too long for anybody to fill the gap."""


class FrameClock:
    """Presentation times of successive frames, the first at 0.

    Parameters
    ----------
    frame_rate_hz
        Nominal rate, used only for frames without a timestamp; None if the file states none.
    """

    def __init__(self, frame_rate_hz: float | None) -> None:
        self._interval_s = 1.0 / frame_rate_hz if frame_rate_hz else 0.0
        self._offset_s = 0.0
        self._last_s: float | None = None

    def stamp(self, pts_s: float | None) -> float | None:
        """Return the time of the next frame, or None when the frame must be dropped.

        A frame is dropped when it is not later than the one before, or when it carries no
        timestamp and the file states no rate. A clock that starts again (joined recordings,
        damaged stamps) goes on `CUT_GAP_S` after the last frame.

        >>> clock = FrameClock(25.0)
        >>> [clock.stamp(pts_s) for pts_s in (7.0, 7.5, 7.5, None, 9.0)]
        [0.0, 0.5, None, 0.54, 2.0]
        """
        last_s = self._last_s
        if last_s is None:
            self._offset_s = -pts_s if pts_s is not None else 0.0
            self._last_s = 0.0
            return 0.0
        if pts_s is None:
            time_s = last_s + self._interval_s
        else:
            time_s = pts_s + self._offset_s
            if not -SMALLEST_RESTART_S < time_s - last_s <= LONGEST_STEP_S:
                time_s = last_s + CUT_GAP_S
                self._offset_s = time_s - pts_s
        if not time_s > last_s:
            return None
        self._last_s = time_s
        return time_s
