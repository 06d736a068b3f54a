"""Recordings of stick figures, frame by frame, as a camera would deliver them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from rom.landmarks import LandmarkSeries


def frames_of(series: LandmarkSeries) -> Iterator[LandmarkSeries]:
    """Every frame of a recording as a series of its own."""
    for row in range(len(series)):
        at = slice(row, row + 1)
        yield LandmarkSeries(
            time_s=series.time_s[at],
            xy_px=series.xy_px[at],
            world_m=series.world_m[at],
            visibility=series.visibility[at],
            width_px=series.width_px,
            height_px=series.height_px,
            people_count=series.people_count[at],
            identity_sure=series.identity_sure[at],
            face_px=None if series.face_px is None else series.face_px[at],
            hand_px=None if series.hand_px is None else series.hand_px[at],
        )


def nobody(frame: LandmarkSeries) -> LandmarkSeries:
    """The same moment with nobody in the picture."""
    empty = frame.masked(np.zeros(1, np.bool_))
    return replace(empty, people_count=np.zeros(1, np.int64), face_px=None, hand_px=None)


def with_people(frame: LandmarkSeries, count: int) -> LandmarkSeries:
    """The same moment with more people in the picture."""
    return replace(frame, people_count=np.array([count]))


def at_time(frame: LandmarkSeries, time_s: float) -> LandmarkSeries:
    """The same picture at another time."""
    return replace(frame, time_s=np.array([time_s]))
