"""Does the movement happen in the plane of the picture?"""

from __future__ import annotations

import numpy as np

from rom.kinematics.angles import trunk_up_px
from rom.kinematics.geometry import UP, turn_deg
from rom.kinematics.orientation import Orientation
from rom.landmarks import BoolArray, LandmarkSeries, Side
from rom.movements import Movement, SideKind, View
from rom.quality.issues import Issue
from rom.quality.limits import check_limit
from rom.quality.visibility import MOVING_SEGMENT, moving_segment_px

OBLIQUE_MIDDLE_DEG = 25.0
"""The best view for the legs lies this far off the pure side view, towards the front."""


def signed_off_plane_deg(movement: Movement, side: Side | None, body: Orientation) -> float:
    """Angle of the camera off the plane of the movement, NaN when not known.

    Positive towards the measured side in a view from the front, towards the front in a view from
    the side.
    """
    if movement.view in (View.FRONT, View.FACE):
        return body.off_front_view_deg(side or Side.LEFT)
    return body.off_side_view_deg()


def off_plane_deg(movement: Movement, body: Orientation) -> float:
    """How far the camera is off the plane of the movement, never negative; NaN when not known."""
    return abs(signed_off_plane_deg(movement, None, body))


def _beyond_best_view_deg(movement: Movement, body: Orientation) -> float:
    """How far the camera is off the plane, beyond where legs are best seen from."""
    off_deg = signed_off_plane_deg(movement, None, body)
    if movement.view is View.OBLIQUE_SIDE and off_deg > 0.0:
        return max(0.0, off_deg - OBLIQUE_MIDDLE_DEG)
    return abs(off_deg)


def projected_length_ratio(
    series: LandmarkSeries, movement: Movement, side: Side | None, where: BoolArray
) -> float:
    """Shortest against longest projected length of the moving segment, robustly.

    1 for a limb that stays in the plane of the picture; the cosine of its angle to that plane
    where it leaves it. NaN for trunk and neck and when nothing was seen.
    """
    if movement.reading not in MOVING_SEGMENT or movement.reading == "ankle_sagittal":
        return float("nan")
    length = moving_segment_px(series, movement, side)[where]
    length = length[np.isfinite(length)]
    if len(length) < 5:
        return float("nan")
    return float(np.percentile(length, 5) / np.percentile(length, 90))


def rest_tilt_deg(series: LandmarkSeries, rest: BoolArray) -> float:
    """Tilt of the resting trunk line in the picture, absolute; NaN when not seen at rest."""
    tilt = turn_deg(UP, trunk_up_px(series))[rest]
    tilt = tilt[np.isfinite(tilt)]
    return float(abs(np.median(tilt))) if len(tilt) else float("nan")


def _view_advice(movement: Movement, body: Orientation) -> str:
    if movement.view in (View.FRONT, View.FACE):
        return "Face the camera"
    if movement.view is View.OBLIQUE_SIDE:
        return "Turn until the camera sees you from the side, 20 to 30° towards the front"
    return "Turn side-on to the camera"


def check_view(
    series: LandmarkSeries,
    movement: Movement,
    side: Side | None,
    body: Orientation,
    *,
    moving: BoolArray,
    rest: BoolArray,
) -> list[Issue]:
    """Plane, near side, tilt. `moving` and `rest` are (T,) frames of the set and before it."""
    off_deg = off_plane_deg(movement, body)
    issues: list[Issue] = []
    issues += check_limit(
        "camera_off_plane",
        _beyond_best_view_deg(movement, body),
        f"The camera is about {off_deg:.0f}° off the plane of the movement. "
        f"{_view_advice(movement, body)} and film again.",
    )
    if movement.view is View.OBLIQUE_SIDE and not issues:
        issues += check_limit(
            "leg_view_too_square",
            off_deg,
            f"The camera sees you almost exactly from the side ({off_deg:.0f}° off it), where left "
            "and right legs are easily mistaken. Turn 20 to 30° towards the camera.",
        )
    ratio = projected_length_ratio(series, movement, side, moving)
    if not any(issue.code == "camera_off_plane" and issue.blocking for issue in issues):
        issues += check_limit(
            "limb_out_of_plane",
            ratio,
            f"The moving part looks {100 - 100 * ratio:.0f} % shorter at times, so it does not "
            "move in the plane of the picture. Keep the movement across the camera's view.",
        )
    tilt_deg = rest_tilt_deg(series, rest)
    if movement.view is not View.FACE:
        issues += check_limit(
            "camera_tilted",
            tilt_deg,
            f"Your trunk stands {tilt_deg:.0f}° off the upright in the picture before you start. "
            "Level the camera and stand upright.",
        )
    return issues


def far_side(movement: Movement, side: Side | None, body: Orientation) -> bool:
    """Whether the measured side is the one turned away from the camera."""
    if side is None or movement.side_kind is not SideKind.BODY:
        return False
    if movement.view not in (View.SIDE, View.OBLIQUE_SIDE):
        return False
    return body.camera_side is not side
