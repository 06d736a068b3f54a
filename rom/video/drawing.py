"""Draw what was measured onto a frame: skeleton, angle, repetition, messages."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rom.landmarks import LANDMARK_COUNT, Landmark
from rom.video.lettering import BOLD, WHITE, Colour, Plate, draw_text, text_width_px, wrap_text

RgbImage = NDArray[np.uint8]
Point = tuple[float, float]

_SKELETON_COLOUR: Colour = (235, 235, 235)
_MEASURED_COLOUR: Colour = (255, 176, 0)
_REFERENCE_COLOUR: Colour = (90, 200, 250)
_EDGE_COLOUR: Colour = (30, 30, 30)

_TEXT_FRAC = 0.036
_SMALLEST_TEXT_PX = 11
_LINE_FRAC = 0.0045
_ARC_FRAC = 0.45
_REFERENCE_REACH = 1.3
_ARC_OPACITY_FRAC = 0.35
_MOST_DASHES = 80
_MESSAGES_FRAC = 0.4
_SUBPIXEL_BITS = 4

_MIDDLE = (
    (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER),
    (Landmark.LEFT_HIP, Landmark.RIGHT_HIP),
)
_LIMB_NAMES = (
    ("SHOULDER", "ELBOW"),
    ("ELBOW", "WRIST"),
    ("WRIST", "INDEX"),
    ("WRIST", "PINKY"),
    ("SHOULDER", "HIP"),
    ("HIP", "KNEE"),
    ("KNEE", "ANKLE"),
    ("ANKLE", "HEEL"),
    ("HEEL", "FOOT_INDEX"),
)
LIMBS = _MIDDLE + tuple(
    (Landmark[f"{side}_{start}"], Landmark[f"{side}_{end}"])
    for side in ("LEFT", "RIGHT")
    for start, end in _LIMB_NAMES
)
HEAD = (
    (Landmark.LEFT_EAR, Landmark.RIGHT_EAR),
    (Landmark.LEFT_EAR, Landmark.NOSE),
    (Landmark.RIGHT_EAR, Landmark.NOSE),
)
"""Drawn only where it is measured: lines across a face are unpleasant to look at."""


@dataclass(frozen=True)
class OverlayState:
    """What to say about one frame.

    Attributes
    ----------
    label
        Movement and side, in words.
    angle_deg
        Angle shown at the joint; None draws no arc.
    bound
        "exact", or "at_least" when the range is beyond what the reading is good for.
    vertex_px, reference_end_px, moving_end_px
        The joint and a point on each of the two arms. The reference arm is where the moving arm
        points at 0°: for the knee, the thigh carried on beyond the knee. None or NaN draws no arc.
    measured
        Landmarks of the measured limb; limbs between two of them are highlighted.
    repetition, repetition_total
        Repetition under way or last done, from 1 (0 before the first); None if the total is open.
    messages
        Sentences for the user, shown at the bottom.
    """

    label: str
    angle_deg: float | None = None
    bound: str = "exact"
    vertex_px: Point | None = None
    reference_end_px: Point | None = None
    moving_end_px: Point | None = None
    measured: tuple[Landmark, ...] = ()
    repetition: int = 0
    repetition_total: int | None = None
    messages: tuple[str, ...] = ()


def draw_overlay(rgb: RgbImage, *, xy_px: NDArray[np.float64], state: OverlayState) -> RgbImage:
    """Return a copy of the frame with the measurement drawn on it.

    Parameters
    ----------
    rgb
        (height, width, 3) the frame, left as it is.
    xy_px
        (33, 2) landmarks in pixels of this frame; NaN is not drawn.
    """
    if xy_px.shape != (LANDMARK_COUNT, 2):
        raise ValueError(f"xy_px: expected shape {(LANDMARK_COUNT, 2)}, got {xy_px.shape}")
    drawn = rgb.copy()
    short_side_px = min(rgb.shape[:2])
    line_px = max(1, round(short_side_px * _LINE_FRAC))
    text_px = max(_SMALLEST_TEXT_PX, round(short_side_px * _TEXT_FRAC))
    _draw_skeleton(drawn, xy_px, state.measured, line_px)
    _draw_angle(drawn, state, line_px, text_px)
    _draw_heading(drawn, state, text_px)
    _draw_messages(drawn, state.messages, text_px)
    return drawn


def repetition_text(repetition: int, total: int | None) -> str:
    """Return the repetition count in words, empty before the first.

    >>> repetition_text(2, 3)
    'repetition 2 of 3'
    """
    if repetition < 1:
        return ""
    return f"repetition {repetition}" + (f" of {total}" if total else "")


def angle_text(angle_deg: float, bound: str) -> str:
    """Return the angle as it is shown, in whole degrees.

    >>> angle_text(117.6, "exact"), angle_text(-4.2, "exact"), angle_text(60.0, "at_least")
    ('118°', '−4°', '≥ 60°')
    """
    if bound not in ("exact", "at_least"):
        raise ValueError(f"bound: expected 'exact' or 'at_least', got {bound!r}")
    whole_deg = round(angle_deg)
    sign = "−" if whole_deg < 0 else ""
    return f"{'≥ ' if bound == 'at_least' else ''}{sign}{abs(whole_deg)}°"


def sweep_deg(*, from_deg: float, to_deg: float, angle_deg: float) -> float:
    """Return the signed turn from one direction to the other that fits the angle best.

    Both ways round are possible; beyond 180° the longer one is meant.

    >>> sweep_deg(from_deg=90.0, to_deg=-95.0, angle_deg=185.0)
    -185.0
    """
    short_deg = (to_deg - from_deg + 180.0) % 360.0 - 180.0
    long_deg = short_deg - math.copysign(360.0, short_deg)
    return min((short_deg, long_deg), key=lambda turn_deg: abs(abs(turn_deg) - abs(angle_deg)))


def _draw_skeleton(
    rgb: RgbImage, xy_px: NDArray[np.float64], measured: tuple[Landmark, ...], line_px: int
) -> None:
    highlighted = [limb for limb in LIMBS + HEAD if set(limb) <= set(measured)]
    # The measured limb is drawn last, on top.
    for limb in [limb for limb in LIMBS if limb not in highlighted] + highlighted:
        ends = xy_px[list(limb)]
        if np.isfinite(ends).all():
            colour = _MEASURED_COLOUR if limb in highlighted else _SKELETON_COLOUR
            _polyline(rgb, ends, colour, line_px * (2 if limb in highlighted else 1))
    for landmark in measured:
        if np.isfinite(xy_px[landmark]).all():
            _dot(rgb, xy_px[landmark], _MEASURED_COLOUR, 2 * line_px)


def _draw_angle(rgb: RgbImage, state: OverlayState, line_px: int, text_px: int) -> None:
    points = (state.vertex_px, state.reference_end_px, state.moving_end_px)
    if state.angle_deg is None or any(point is None for point in points):
        return
    vertex, reference, moving = np.array(points, np.float64)
    if not np.isfinite([*vertex, *reference, *moving, state.angle_deg]).all():
        return
    reference_px, moving_px = np.linalg.norm([reference - vertex, moving - vertex], axis=1)
    if min(reference_px, moving_px) < 1.0:
        return
    radius_px = _ARC_FRAC * min(float(moving_px), float(np.hypot(*rgb.shape[:2])))
    from_deg, to_deg = (_direction_deg(end - vertex) for end in (reference, moving))
    turn_deg = sweep_deg(from_deg=from_deg, to_deg=to_deg, angle_deg=state.angle_deg)
    directions_rad = np.radians(np.linspace(from_deg, from_deg + turn_deg, 48))
    circle = np.column_stack([np.cos(directions_rad), np.sin(directions_rad)])
    arc = vertex + radius_px * circle
    _fill(rgb, np.vstack([vertex, arc]))
    reach = max(1.0, _REFERENCE_REACH * radius_px / reference_px)
    _dashed(rgb, vertex, vertex + reach * (reference - vertex), line_px)
    _polyline(rgb, np.array([vertex, moving]), _MEASURED_COLOUR, 2 * line_px)
    _polyline(rgb, arc, _MEASURED_COLOUR, line_px)
    _dot(rgb, vertex, WHITE, 2 * line_px)
    _draw_value(rgb, state, vertex, circle[len(circle) // 2], radius_px, round(text_px * 1.6))


def _draw_value(
    rgb: RgbImage,
    state: OverlayState,
    vertex: NDArray[np.float64],
    outward: NDArray[np.float64],
    radius_px: float,
    size_px: int,
) -> None:
    """Write the angle beyond the arc, inside the frame."""
    text = angle_text(state.angle_deg or 0.0, state.bound)
    width_px = text_width_px(text, size_px=size_px, weight=BOLD)
    # Far enough that the box clears the arc in whatever direction it lies.
    clearance_px = 0.5 * (abs(outward[0]) * width_px + abs(outward[1]) * size_px) + 0.35 * size_px
    x, y = vertex + (radius_px + clearance_px) * outward
    left_px = min(max(4, round(x - width_px / 2)), max(4, rgb.shape[1] - width_px - 4))
    top_px = min(max(2, round(y - 0.6 * size_px)), max(2, rgb.shape[0] - round(1.3 * size_px)))
    draw_text(rgb, text, left_px=left_px, top_px=top_px, size_px=size_px, weight=BOLD)


def _draw_heading(rgb: RgbImage, state: OverlayState, text_px: int) -> None:
    room_px = rgb.shape[1] - 2 * text_px
    lines = wrap_text(state.label, width_px=room_px, size_px=text_px)
    lines += wrap_text(
        repetition_text(state.repetition, state.repetition_total),
        width_px=room_px,
        size_px=text_px,
    )
    plate = Plate(lines, text_px)
    plate.draw(rgb, left_px=0, top_px=0, width_px=plate.width_px)


def _draw_messages(rgb: RgbImage, messages: tuple[str, ...], text_px: int) -> None:
    height_px, width_px = rgb.shape[:2]
    lines: list[str] = []
    for message in messages:
        lines += wrap_text(message, width_px=width_px - 2 * text_px, size_px=text_px)
    room = max(1, int(height_px * _MESSAGES_FRAC / (1.35 * text_px)))
    if len(lines) > room:
        lines = [*lines[: room - 1], f"{lines[room - 1]} …"]
    plate = Plate(lines, text_px)
    plate.draw(rgb, left_px=0, top_px=height_px - plate.height_px, width_px=width_px)


def _direction_deg(vector: NDArray[np.float64]) -> float:
    return math.degrees(math.atan2(vector[1], vector[0]))


def _subpixel(points: NDArray[np.float64]) -> NDArray[np.int32]:
    # OpenCV's fixed point overflows far outside the frame, where nothing is seen anyway.
    fixed: NDArray[np.int32] = np.rint(np.clip(points, -1e5, 1e5) * 2**_SUBPIXEL_BITS).astype(
        np.int32
    )
    return fixed


def _polyline(rgb: RgbImage, points: NDArray[np.float64], colour: Colour, line_px: int) -> None:
    fixed = [_subpixel(points)]
    for stroke, width_px in ((_EDGE_COLOUR, line_px + 2), (colour, line_px)):
        cv2.polylines(rgb, fixed, False, stroke, width_px, cv2.LINE_AA, _SUBPIXEL_BITS)


def _dashed(
    rgb: RgbImage, start: NDArray[np.float64], end: NDArray[np.float64], line_px: int
) -> None:
    dashes = max(1, round(float(np.linalg.norm(end - start)) / (4 * line_px)))
    dashes = min(dashes, _MOST_DASHES)
    for dash in range(0, dashes, 2):
        ends = start + np.array([[dash], [dash + 1]]) / dashes * (end - start)
        _polyline(rgb, ends, _REFERENCE_COLOUR, line_px)


def _dot(rgb: RgbImage, centre: NDArray[np.float64], colour: Colour, radius_px: int) -> None:
    x, y = (int(value) for value in _subpixel(centre))
    for fill, reach_px in ((_EDGE_COLOUR, radius_px + 1), (colour, radius_px)):
        reach = reach_px << _SUBPIXEL_BITS
        cv2.circle(rgb, (x, y), reach, fill, cv2.FILLED, cv2.LINE_AA, _SUBPIXEL_BITS)


def _fill(rgb: RgbImage, outline: NDArray[np.float64]) -> None:
    """Tint the sector between the arms."""
    height_px, width_px = rgb.shape[:2]
    corner = np.clip(np.floor(outline.min(axis=0)).astype(int), 0, (width_px, height_px))
    far = np.clip(np.ceil(outline.max(axis=0)).astype(int) + 1, 0, (width_px, height_px))
    if (far <= corner).any():
        return
    part = rgb[corner[1] : far[1], corner[0] : far[0]]
    tinted = part.copy()
    fixed = [_subpixel(outline - corner)]
    cv2.fillPoly(tinted, fixed, _MEASURED_COLOUR, cv2.LINE_AA, _SUBPIXEL_BITS)
    part[...] = cv2.addWeighted(tinted, _ARC_OPACITY_FRAC, part, 1.0 - _ARC_OPACITY_FRAC, 0.0)
