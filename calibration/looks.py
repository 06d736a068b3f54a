"""What people look like: colours, the painted face, and where clothes and hair cover the body."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.bodies import Body
from calibration.posing import LETTER, SIDES, Side

FloatArray = NDArray[np.float64]
Colour = tuple[float, float, float]

# The face map spans this part of head coordinates (see ``head_coordinates_m``), metres.
FACE_ORIGIN_M = np.array([-0.09, -0.15])
FACE_SIZE_M = np.array([0.18, 0.25])
_FACE_MAP_PX = (720, 1000)

SKIN_COLOURS: dict[str, Colour] = {
    "fair": (0.83, 0.62, 0.52),
    "light": (0.76, 0.54, 0.42),
    "olive": (0.64, 0.44, 0.32),
    "brown": (0.46, 0.29, 0.20),
    "dark": (0.30, 0.18, 0.13),
}
HAIR_COLOURS: dict[str, Colour] = {
    "black": (0.05, 0.045, 0.045),
    "brown": (0.20, 0.12, 0.08),
    "chestnut": (0.33, 0.18, 0.10),
    "blond": (0.58, 0.43, 0.25),
    "grey": (0.50, 0.49, 0.48),
}

# Height of the hairline above the eyes by distance behind them (metres of a standard head).
_HAIRLINE_BEHIND_M = (-0.02, 0.02, 0.045, 0.065, 0.085, 0.115, 0.16, 0.22)
_HAIRLINE_HEIGHT_M = {
    "short": (0.066, 0.062, 0.048, 0.020, 0.010, -0.040, -0.062, -0.066),
    "bob": (0.064, 0.054, 0.026, -0.040, -0.075, -0.085, -0.090, -0.092),
    "long": (0.064, 0.054, 0.026, -0.040, -0.075, -0.085, -0.090, -0.092),
    "thinning": (0.110, 0.100, 0.060, 0.026, 0.004, -0.030, -0.056, -0.062),
}
_HAIR_THICKNESS_M = {"short": 0.012, "bob": 0.020, "long": 0.020, "thinning": 0.007}


@dataclass(frozen=True, kw_only=True)
class Look:
    """Colours (sRGB, 0 to 1) and cuts; sleeve and leg lengths count 1 a segment, 2 whole limb."""

    skin: str = "light"
    hair: str = "brown"
    hair_cut: str = "short"
    beard_frac: float = 0.0
    shirt: Colour = (0.20, 0.36, 0.55)
    stripe: Colour = (0.85, 0.85, 0.82)
    stripe_m: float = 0.0
    trousers: Colour = (0.14, 0.15, 0.19)
    shoes: Colour = (0.80, 0.80, 0.78)
    iris: Colour = (0.25, 0.16, 0.10)
    sleeve_segments: float = 0.55
    leg_segments: float = 1.85
    looseness_m: float = 0.0
    """About how far shirt and trousers stand off the body; 0 is tight, 0.06 baggy."""


def linear(colour: Colour) -> tuple[float, ...]:
    """Colour from sRGB to linear light."""
    return tuple(float(channel) ** 2.2 for channel in colour)


def head_coordinates_m(body: Body) -> FloatArray:
    """Rest vertices (V, 3) relative to the middle of the eyes, scaled to a standard head."""
    left, right = body.head_of("eye.L"), body.head_of("eye.R")
    scale = 0.062 / np.linalg.norm(left - right)
    coordinates: FloatArray = (body.vertices_m - (left + right) / 2.0) * scale
    return coordinates


def cover_m(body: Body, look: Look) -> FloatArray:
    """Signed distance (V, 4) inside shirt, trousers, shoes and hair; metres, positive inside."""
    return np.stack(
        [_shirt_m(body, look), _trousers_m(body, look), _shoes_m(body), _hair_m(body, look)], axis=1
    )


def hair_thickness_m(body: Body, look: Look) -> FloatArray:
    """How far hair stands off the scalp (V,), thinning out towards the hairline."""
    fullness = np.clip(_hair_m(body, look) / 0.03, 0.0, 1.0)
    thickness: FloatArray = 0.003 + fullness * _HAIR_THICKNESS_M[look.hair_cut]
    return thickness


def paint_face(look: Look) -> NDArray[np.uint8]:
    """Brows, lids, lips and shading (H, W, 4): a factor on the skin colour and how much of it."""
    canvas = np.zeros((_FACE_MAP_PX[1], _FACE_MAP_PX[0], 4), np.float32)
    hair, skin = np.array(look_colour(look, "hair")), np.array(look_colour(look, "skin"))
    brow = np.clip(1.1 * hair / skin, 0.02, 0.75)
    cheek, lip = np.array([1.0, 0.82, 0.80]), np.array([0.82, 0.50, 0.50])
    if look.beard_frac:
        stubble = np.clip(hair / skin, 0.1, 0.7)
        _blob(canvas, (0.0, -0.088), (0.052, 0.034), stubble, look.beard_frac, blur_m=0.010)
        _blob(canvas, (0.0, -0.058), (0.026, 0.006), stubble, look.beard_frac, blur_m=0.004)
    for side in (-1.0, 1.0):
        eye_x = side * 0.031
        _blob(canvas, (eye_x, 0.002), (0.021, 0.014), 0.72 * cheek, 0.7, blur_m=0.008)
        _blob(canvas, (side * 0.043, -0.036), (0.016, 0.014), cheek, 0.7, blur_m=0.012)
        _stroke(canvas, _BROW_M * (side, 1.0), 0.0062, brow, 0.9, blur_m=0.0012)
        _stroke(canvas, _UPPER_LID_M * (side, 1.0), 0.0026, 0.18 * cheek, 0.9, blur_m=0.0006)
        _stroke(canvas, _LOWER_LID_M * (side, 1.0), 0.0014, 0.45 * cheek, 0.7, blur_m=0.0006)
        _blob(canvas, (side * 0.0095, -0.0445), (0.0048, 0.0026), 0.3 * cheek, 0.8, blur_m=0.001)
        _stroke(canvas, _NOSE_FOLD_M * (side, 1.0), 0.002, 0.78 * cheek, 0.6, blur_m=0.003)
    _blob(canvas, (0.0, -0.0705), (0.0255, 0.0085), lip, 0.85, blur_m=0.0015)
    _stroke(canvas, _MOUTH_M, 0.0016, 0.45 * lip, 0.9, blur_m=0.0006)
    return np.ascontiguousarray(np.clip(canvas * 255.0, 0, 255).astype(np.uint8))


def look_colour(look: Look, what: str) -> tuple[float, ...]:
    """Linear colour of skin or hair by name."""
    table = SKIN_COLOURS if what == "skin" else HAIR_COLOURS
    return linear(table[getattr(look, what)])


_BROW_M = np.array([(0.012, 0.022), (0.024, 0.028), (0.036, 0.029), (0.049, 0.022)])
_UPPER_LID_M = np.array(
    [(0.015, 0.001), (0.022, 0.0068), (0.031, 0.0085), (0.040, 0.0065), (0.047, 0.001)]
)
_LOWER_LID_M = np.array([(0.018, -0.003), (0.026, -0.0065), (0.035, -0.007), (0.045, -0.002)])
_NOSE_FOLD_M = np.array([(0.019, -0.040), (0.027, -0.052), (0.031, -0.064)])
_MOUTH_M = np.array(
    [(-0.025, -0.0700), (-0.010, -0.0712), (0.0, -0.0703), (0.010, -0.0712), (0.025, -0.0700)]
)


def _to_pixels(points_m: FloatArray) -> FloatArray:
    pixels: FloatArray = (points_m - FACE_ORIGIN_M) / FACE_SIZE_M * np.array(_FACE_MAP_PX)
    return pixels


def _stroke(
    canvas: NDArray[np.float32],
    points_m: FloatArray,
    width_m: float,
    colour: FloatArray,
    strength: float,
    *,
    blur_m: float,
) -> None:
    mask = np.zeros(canvas.shape[:2], np.float32)
    points = np.round(_to_pixels(points_m) * 16.0).astype(np.int32)
    width_px = max(1, round(width_m / FACE_SIZE_M[0] * _FACE_MAP_PX[0]))
    cv2.polylines(mask, [points], False, 1.0, width_px, cv2.LINE_AA, shift=4)
    _lay(canvas, mask, colour, strength, blur_m)


def _blob(
    canvas: NDArray[np.float32],
    centre_m: tuple[float, float],
    radii_m: tuple[float, float],
    colour: FloatArray,
    strength: float,
    *,
    blur_m: float,
) -> None:
    mask = np.zeros(canvas.shape[:2], np.float32)
    centre = np.round(_to_pixels(np.array(centre_m))).astype(int)
    radii = np.round(np.array(radii_m) / FACE_SIZE_M * np.array(_FACE_MAP_PX)).astype(int)
    cv2.ellipse(mask, centre.tolist(), radii.tolist(), 0, 0, 360, 1.0, -1, cv2.LINE_AA)
    _lay(canvas, mask, colour, strength, blur_m)


def _lay(
    canvas: NDArray[np.float32],
    mask: NDArray[np.float32],
    colour: FloatArray,
    strength: float,
    blur_m: float,
) -> None:
    """Paint over what is there, as one lays a glaze (``over`` compositing)."""
    blur_px = blur_m / FACE_SIZE_M[0] * _FACE_MAP_PX[0]
    alpha = strength * cv2.GaussianBlur(mask, (0, 0), max(blur_px, 0.5))[..., None]
    under = canvas[..., 3:] * (1.0 - alpha)
    total = alpha + under
    mixed = (np.asarray(colour, np.float32) * alpha + canvas[..., :3] * under) / (total + 1e-6)
    canvas[..., :3], canvas[..., 3:] = mixed, total


def _shirt_m(body: Body, look: Look) -> FloatArray:
    vertices = body.vertices_m
    scale = body.height_m / 1.7
    nape = body.head_of("neck01")
    beside = np.clip(np.abs(vertices[:, 0]) - 0.055 * scale, 0.0, None)
    neckline = nape[2] - 0.018 * scale + 0.62 * (vertices[:, 1] - nape[1] - 0.03) + 1.6 * beside
    neck = body.mesh.weight_of("neck02", "neck03", "head", "eye")
    collar_m = np.where(neck > 0.55, -0.02, neckline - vertices[:, 2])
    hem_m = vertices[:, 2] - (body.head_of("upperleg01.L")[2] - 0.005)
    inside = np.minimum(collar_m, hem_m)
    for side in SIDES:
        on_arm, along = along_arm(body, side)
        sleeve_m = (look.sleeve_segments - along) * 0.28 * scale
        inside = np.where(on_arm, np.minimum(sleeve_m, collar_m), inside)
    return inside


def _trousers_m(body: Body, look: Look) -> FloatArray:
    vertices = body.vertices_m
    waist_m = body.head_of("upperleg01.L")[2] + 0.05 - vertices[:, 2]
    inside = np.minimum(waist_m, (look.leg_segments - along_leg(body)) * 0.4)
    for side in SIDES:
        inside = np.where(along_arm(body, side)[0], -0.05, inside)
    return inside


def _shoes_m(body: Body) -> FloatArray:
    ankle_m = body.head_of("foot.L")[2] - 0.005
    foot = body.mesh.weight_of("foot", "toe")
    inside: FloatArray = np.where(foot > 0.3, ankle_m - body.vertices_m[:, 2], -0.05)
    return inside


def _hair_m(body: Body, look: Look) -> FloatArray:
    head = head_coordinates_m(body)
    line = np.interp(head[:, 1], _HAIRLINE_BEHIND_M, _HAIRLINE_HEIGHT_M[look.hair_cut])
    ear = (np.abs(head) - [0.078, 0.0, 0.0]) / [0.02, 1.0, 1.0]
    ear[:, 1] = (head[:, 1] - 0.088) / 0.026
    ear[:, 2] = (head[:, 2] + 0.012) / 0.036
    clear_of_ear_m = (np.linalg.norm(ear, axis=1) - 1.0) * 0.02
    inside = head[:, 2] - line
    if look.hair_cut != "bob":
        inside = np.minimum(inside, clear_of_ear_m)
    on_head = body.mesh.weight_of("head", "neck03")
    return np.where(on_head > 0.3, inside, -0.05)


def along_arm(body: Body, side: Side) -> tuple[NDArray[np.bool_], FloatArray]:
    """Which vertices belong to the arm, and where: 0 shoulder, 1 elbow, 2 wrist."""
    letter = LETTER[side]
    shoulder, elbow, wrist = (
        body.head_of(f"{bone}.{letter}") for bone in ("upperarm01", "lowerarm01", "wrist")
    )
    upper = _fraction_along(body.vertices_m, shoulder, elbow)
    lower = 1.0 + _fraction_along(body.vertices_m, elbow, wrist)
    bones = ("upperarm", "lowerarm", "wrist", "finger", "metacarpal")
    on_arm = body.mesh.weight_of(*bones, side=letter) > 0.25
    distal = body.mesh.weight_of(*bones[1:], side=letter) > 0.5
    return on_arm, np.where(distal, np.maximum(lower, 0.8), np.minimum(upper, 1.1))


def along_leg(body: Body) -> FloatArray:
    """Where on the leg each vertex lies by its height: 0 hip, 1 knee, 2 ankle."""
    heights = [body.head_of(f"{bone}.L")[2] for bone in ("foot", "lowerleg01", "upperleg01")]
    slope = np.interp(body.vertices_m[:, 2], heights, [2.0, 1.0, 0.0])
    below_m = heights[0] - body.vertices_m[:, 2]
    return np.where(below_m > 0.0, 2.0 + below_m / 0.4, slope)


def _fraction_along(points_m: FloatArray, start_m: FloatArray, end_m: FloatArray) -> FloatArray:
    axis = end_m - start_m
    fraction: FloatArray = (points_m - start_m) @ axis / (axis @ axis)
    return fraction
