"""What a traced movement itself says for or against a value. Pure."""

from __future__ import annotations

import numpy as np

from rom.clinical.agreement.switched_on import UsedFigures
from rom.clinical.error import (
    best_accuracy_deg,
    error_figures,
    read_too_poorly,
    set_value_deg,
)
from rom.kinematics.angles import trunk_bend_deg
from rom.landmarks import BoolArray
from rom.movements import Movement, SideKind
from rom.quality.companions import check_companions, check_place, in_place
from rom.quality.issues import Issue, any_blocking
from rom.quality.limits import blocking, check_limit, warning
from rom.quality.neck import check_shoulders
from rom.quality.set_checks import check_set
from rom.quality.start import check_start
from rom.quality.view import check_view, far_side, off_plane_deg
from rom.quality.visibility import check_visibility
from rom.trace import Trace, trace_movement

SMALLER_SIDE_FRAC = 0.35
"""A named side that moves less than this part of the other side is not the one that performs."""
AROUND_PEAK_S = 0.15


def check_trace(trace: Trace) -> list[Issue]:
    """All that the landmarks and the repetitions themselves say against a value."""
    movement, side, body = trace.movement, trace.side, trace.body
    issues = check_visibility(trace.series, movement, side or body.camera_side, trace.moving)
    series = trace.series.masked(trace.usable)
    if not trace.usable.any():
        if not any_blocking(issues):
            issues.append(blocking("nothing_to_read", _nothing_to_read(trace)))
        return issues
    issues += check_view(
        series, movement, side, body, moving=trace.moving & trace.usable, rest=trace.resting
    )
    issues += _check_near_side(trace)
    issues += check_limit(
        "left_right_swap",
        trace.exchanged_frac,
        f"Left and right leg were mistaken for each other in {trace.exchanged_frac:.0%} of the "
        "frames. Turn 20 to 30° towards the camera.",
    )
    if trace.counted:
        issues += check_companions(
            series,
            movement,
            side,
            body,
            measured_deg=trace.amplitude_deg,
            moving=trace.moving,
        )
        issues += check_place(series, movement, side, trace.moving)
        issues += check_shoulders(series, movement, trace.moving)
        issues += _check_lean(trace)
        issues += _check_posture(trace)
    uncounted = [repetition for repetition in trace.repetitions if not repetition.counted]
    issues += check_set(trace.counted, uncounted, trace.angle_deg, trace.series.time_s)
    issues += check_start(
        movement,
        side,
        trace.counted,
        angle_deg=np.where(in_place(trace.series, movement, trace.moving), trace.angle_deg, np.nan),
        time_s=trace.series.time_s,
        amplitude_deg=trace.amplitude_deg,
    )
    return issues + _check_plausible(trace)


def _nothing_to_read(trace: Trace) -> str:
    return (
        f"Nothing of the movement could be read: {trace.movement.title_for(trace.side)} needs "
        f"{', '.join(name.removeprefix('both:') for name in trace.movement.landmarks)} in view. "
        f"{trace.movement.start}"
    )


def _check_near_side(trace: Trace) -> list[Issue]:
    if not far_side(trace.movement, trace.side, trace.body):
        return []
    side = trace.side.value if trace.side else ""
    return [
        blocking(
            "far_side",
            f"Your {side} side is turned away from the camera, where it is covered by the other. "
            f"Turn round so that your {side} side faces the camera.",
        )
    ]


def _check_lean(trace: Trace) -> list[Issue]:
    if trace.movement.joint != "shoulder":
        return []
    bend = np.abs(trunk_bend_deg(trace.series))
    leans = [
        float(np.nanmax(bend[at]))
        for repetition in trace.counted
        if np.isfinite(bend[at := _around_peak(trace, repetition.peak_s)]).any()
    ]
    lean_deg = float(np.median(leans)) if leans else float("nan")
    return check_limit(
        "trunk_lean",
        lean_deg,
        f"Your trunk leans by {lean_deg:.0f}° while the arm moves, which could move the value by "
        "more than 5°. Keep your trunk upright, with your back against a wall if that helps.",
    )


def _around_peak(trace: Trace, peak_s: float) -> BoolArray:
    return np.asarray(np.abs(trace.series.time_s - peak_s) <= AROUND_PEAK_S)


def peak_novelty(trace: Trace) -> float:
    """How unlike all that the correction knows the posture at the peaks is; NaN when not known."""
    found = [
        float(np.nanmedian(novelty))
        for repetition in trace.counted
        if np.isfinite(novelty := trace.novelty[_around_peak(trace, repetition.peak_s)]).any()
    ]
    return float(np.median(found)) if found else float("nan")


def _check_posture(trace: Trace) -> list[Issue]:
    return check_limit(
        "posture_unusual",
        peak_novelty(trace),
        "The pose that was found is unlike all those this reading was tested on, so it may be "
        "misread. Move as described, wear clothes that lie close, switch on more light, take care "
        "that nothing covers you and nobody else is in the picture, and film again.",
    )


def check_accuracy(trace: Trace, errors: UsedFigures | None) -> list[Issue]:
    """Whether a value of this movement in this view is worth showing at all.

    Own figures can only speak against it: what is read poorly elsewhere is not shown here either.
    """
    if errors is None:
        return []
    movement = trace.movement.name
    yaw_deg = off_plane_deg(trace.movement, trace.body)
    known_deg = error_figures(movement, yaw_deg=yaw_deg).accuracy_deg
    title = trace.movement.title_for(trace.side).capitalize()
    if errors.accuracy_source is not None and errors.accuracy_deg > known_deg:
        known_deg = errors.accuracy_deg
        message = (
            f"{title} can only be read to ±{known_deg:.0f}° here, as your own pairs with an "
            "instrument show. Take the change between two recordings rather than the value itself."
        )
    else:
        message = _accuracy_message(trace.movement, title, known_deg)
    return _not_used(errors) + check_limit("accuracy_too_poor", known_deg, message)


def _accuracy_message(movement: Movement, title: str, known_deg: float) -> str:
    best_deg = best_accuracy_deg(movement.name)
    message = f"{title} can only be read to ±{known_deg:.0f}° in this view"
    if read_too_poorly(movement.name):
        return message + (
            ", and no other view is better, so it gets no number. See `rom movements` for what can "
            "be measured."
        )
    if best_deg < known_deg:
        return f"{message}, but to ±{best_deg:.0f}° in the recommended one. {movement.start}"
    return f"{message}. Take the change between two recordings rather than the value itself."


def _not_used(errors: UsedFigures) -> list[Issue]:
    return [
        warning(
            "local_error_not_used",
            f"Your own error figures were not used: {reason}. The usual ones stand instead.",
        )
        for reason in errors.reasons
    ]


def _check_plausible(trace: Trace) -> list[Issue]:
    if not trace.counted:
        return []
    value_deg = set_value_deg([repetition.peak_deg for repetition in trace.counted])
    low, high = trace.movement.plausible_deg
    if low <= value_deg <= high:
        return []
    return [
        blocking(
            "implausible",
            f"The reading of {value_deg:.0f}° is beyond what this joint can reach ({low:.0f} to "
            f"{high:.0f}°), so the pose was misread. {trace.movement.start}",
            value=round(value_deg, 1),
            unit="deg",
        )
    ]


def _other_side_trace(trace: Trace) -> Trace | None:
    if trace.side is None:
        return None
    return trace_movement(trace.series, trace.movement, trace.side.other)


def check_other_side(trace: Trace) -> list[Issue]:
    """Whether the other side performs instead: the wrong side named, or a mirrored recording."""
    other = _other_side_trace(trace)
    if other is None or not other.counted or trace.side is None:
        return []
    if len(trace.counted) and trace.amplitude_deg >= SMALLER_SIDE_FRAC * other.amplitude_deg:
        return []
    named, seen = trace.side.value, trace.side.other.value
    what = "direction" if trace.movement.side_kind is SideKind.DIRECTION else "side"
    return [
        blocking(
            "other_side",
            f"The movement was seen on the {seen} {what}, not on the {named}. Name the {seen} "
            "side, or add --mirrored if the recording is a mirror image (selfie).",
            value=round(other.amplitude_deg, 1),
            unit="deg",
        )
    ]


def no_repetitions(trace: Trace) -> Issue:
    """What is said when nothing counted: no attempts, or why theirs did not."""
    movement = trace.movement
    if trace.repetitions:
        reasons = sorted({r.reason_not_counted or "incomplete" for r in trace.repetitions})
        cause = f"none of the {len(trace.repetitions)} attempts counted ({'; '.join(reasons)})"
    else:
        cause = "no repetition was seen"
    return blocking(
        "no_repetitions",
        f"Expected repetitions of {movement.title_for(trace.side)}, but {cause}. "
        f"{movement.instruction_for(trace.side)}",
        value=0.0,
        unit="repetitions",
    )
