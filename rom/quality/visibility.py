"""Is what has to be seen in the picture, uncovered, and large enough?"""

from __future__ import annotations

import numpy as np

from rom.kinematics.geometry import length_px
from rom.kinematics.orientation import estimate_orientation, frame_yaw_deg
from rom.landmarks import BoolArray, FloatArray, Landmark, LandmarkSeries, Side, sided
from rom.movements import Extra, Movement
from rom.quality.issues import Issue
from rom.quality.limits import blocking, check_limit

HIDDEN_BELOW = 0.35
"""Visibility under which a landmark of the moving limb counts as guessed. It is no measure of
accuracy, so passing it proves nothing."""
MARGIN_FRAC = 0.01
"""A landmark this far beyond the edge, in frame widths, is surely not in the picture."""

MOVING_SEGMENT: dict[str, tuple[str, str]] = {
    "shoulder_sagittal": ("shoulder", "elbow"),
    "shoulder_frontal": ("shoulder", "elbow"),
    "elbow_sagittal": ("elbow", "wrist"),
    "wrist_sagittal": ("elbow", "wrist"),
    "hip_sagittal": ("hip", "knee"),
    "hip_frontal": ("hip", "knee"),
    "hip_rotation": ("knee", "ankle"),
    "knee_sagittal": ("knee", "ankle"),
    "ankle_sagittal": ("heel", "foot_index"),
    "shank_sagittal": ("knee", "ankle"),
}
"""The moving arm of each reading of a limb; trunk and neck are read from the trunk and the face."""


def own_landmarks(movement: Movement, side: Side | None) -> list[int]:
    """Landmarks of the measured limb, which must be seen uncovered."""
    chosen = side or Side.LEFT
    return [
        0 if name == "nose" else int(sided(name, chosen))
        for name in movement.landmarks
        if not name.startswith("both:")
    ]


def paired_landmarks(movement: Movement) -> list[int]:
    """Landmarks of both sides that carry a reference arm; the far one may be covered."""
    names = [name.removeprefix("both:") for name in movement.landmarks if name.startswith("both:")]
    return [int(sided(name, side)) for name in names for side in Side]


def inside_picture(series: LandmarkSeries, landmarks: list[int]) -> BoolArray:
    """(T,) whether all landmarks lie in the picture; False where the person was not seen."""
    xy_px = series.xy_px[:, landmarks]
    margin_px = MARGIN_FRAC * series.width_px
    size_px = np.array([series.width_px, series.height_px])
    with np.errstate(invalid="ignore"):
        inside = (xy_px >= -margin_px) & (xy_px <= size_px - 1 + margin_px)
    return np.asarray(inside.all(axis=(1, 2)))


def facing_as_usual(series: LandmarkSeries) -> BoolArray:
    """(T,) frames whose left and right agree with the recording as a whole.

    The model at times takes a front for a back: then left and right are exchanged all over the
    body, and its turn jumps by more than a right angle, which nobody does in a movement. Frames
    without a turn count as usual.
    """
    yaw = np.radians(frame_yaw_deg(series))
    usual = np.radians(estimate_orientation(series).yaw_deg)
    with np.errstate(invalid="ignore"):
        return np.asarray(~(np.cos(yaw - usual) < 0.0))


def usable_frames(series: LandmarkSeries, movement: Movement, side: Side | None) -> BoolArray:
    """(T,) frames in which the reading rests on landmarks that were really seen."""
    own = own_landmarks(movement, side)
    uncovered = (series.visibility[:, own] >= HIDDEN_BELOW).all(axis=1)
    needed = own + paired_landmarks(movement)
    seen = uncovered & inside_picture(series, needed)
    return np.asarray(series.identity_sure & seen & facing_as_usual(series))


def moving_segment_px(series: LandmarkSeries, movement: Movement, side: Side | None) -> FloatArray:
    """(T,) projected length of the moving arm."""
    if movement.reading in MOVING_SEGMENT:
        start, end = MOVING_SEGMENT[movement.reading]
        chosen = side or Side.LEFT
        return length_px(series.side_px(end, chosen) - series.side_px(start, chosen))
    if movement.reading.startswith("trunk"):
        return length_px(series.middle_px("shoulder") - series.middle_px("hip"))
    if movement.reading == "neck_sagittal":
        return length_px(series.point_px(Landmark.NOSE) - series.middle_px("ear"))
    return length_px(series.side_px("ear", Side.LEFT) - series.point_px(sided("eye", Side.RIGHT)))


def _share(bad: BoolArray) -> float:
    return float(bad.mean()) if len(bad) else float("nan")


def check_visibility(
    series: LandmarkSeries, movement: Movement, side: Side | None, where: BoolArray
) -> list[Issue]:
    """Hidden, cut off, too small. `where` (T,) are the frames that matter."""
    title = movement.title_for(side).split(",")[0]
    own = own_landmarks(movement, side)
    needed = own + paired_landmarks(movement)
    seen = series.seen & series.identity_sure & where
    if not seen.any():
        return []
    outside = _share(~inside_picture(series, needed)[seen])
    guessed = np.asarray((series.visibility[:, own] < HIDDEN_BELOW).any(axis=1))
    covered = _share(guessed[seen])
    size_px = float(np.nanpercentile(moving_segment_px(series, movement, side)[seen], 90))
    issues = check_limit(
        "out_of_picture",
        outside,
        f"Your {title} leaves the picture in {outside:.0%} of the frames. Step back or move the "
        "camera until all of the movement fits.",
    )
    if not issues:
        issues += check_limit(
            "landmarks_hidden",
            covered,
            f"Your {title} is hidden in {covered:.0%} of the frames. Turn so that the camera sees "
            "it, and take loose clothes or furniture out of the way.",
        )
    issues += check_limit(
        "subject_too_small",
        size_px,
        f"You are too small in the picture: the moving part is {size_px:.0f} pixels long. Come "
        "closer or film with a higher resolution.",
    )
    return issues + _check_extra(series, movement, side, seen)


def _check_extra(
    series: LandmarkSeries, movement: Movement, side: Side | None, seen: BoolArray
) -> list[Issue]:
    if movement.extra is Extra.FACE:
        found = series.face_px is not None and np.isfinite(series.face_px[seen]).any()
        if not found:
            message = "No face was found. Sit facing the camera at 0.8 to 1 m, face well lit."
            return [blocking("face_not_found", message)]
    if movement.extra is Extra.HAND:
        hand = 0 if side is Side.LEFT else 1
        found = series.hand_px is not None and np.isfinite(series.hand_px[seen, hand]).any()
        if not found:
            message = (
                "No hand was found, and the wrist cannot be read without its fingers. Let forearm "
                "and hand fill a third of the picture."
            )
            return [blocking("hand_not_found", message)]
    return []
