"""What may stand between a person and a good recording, most important first.

Every check looks at the last half second and names one thing to change, or nothing. `slack`
widens (above 1) or narrows its limits, so that a person who stands at a limit is not told one
thing and its opposite in turn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rom.kinematics.geometry import length_px
from rom.kinematics.orientation import Orientation
from rom.landmarks import BoolArray, FloatArray, Landmark, LandmarkSeries, Side, sided
from rom.live import prompts
from rom.live.frames import last_of
from rom.live.hands import raised_hands, shoulders_px
from rom.live.prompts import Prompt
from rom.live.reach import reached_px
from rom.live.reading import LiveSide, has_extra, sides_of
from rom.movements import Extra, Movement, View
from rom.quality.companions import thigh_shank_ratio
from rom.quality.limits import limits
from rom.quality.view import OBLIQUE_MIDDLE_DEG, rest_tilt_deg
from rom.quality.visibility import HIDDEN_BELOW, moving_segment_px, own_landmarks

LIMBS = ("shoulder", "hip", "knee", "ankle", "foot_index")
FRAMED: dict[str, tuple[str, ...]] = {
    "shoulder": ("nose", "shoulder", "elbow", "wrist", "hip"),
    "elbow": ("nose", "shoulder", "elbow", "wrist", "hip"),
    "wrist": ("elbow", "wrist"),
    "neck": ("nose", "ear", "shoulder"),
}
"""What has to be in the picture; for all other joints the whole body."""
WHOLE_BODY = ("nose", *LIMBS)
TURN_ROUND_DEG = 60.0
"""Beyond this "a little" is not the word."""
STILL_SHOULDERS = 0.08
"""Movement within a quarter of a second, in widths of the shoulders: about 10 cm/s."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Scene:
    """The last half second, and what is to be filmed.

    Attributes
    ----------
    recent
        Frames in which the person is seen; may be empty.
    seen
        Whether the person is in the picture now.
    people
        How many are.
    body
        How the person stands towards the camera.
    lit_level
        As `rom.video.exposure.lit_level` has it; None where it is not known.
    recorded_scale
        Pixels of the recorded clip for each pixel of the frames.
    """

    movement: Movement
    side: LiveSide
    recent: LandmarkSeries | None
    seen: bool
    people: int
    body: Orientation | None
    lit_level: float | None
    recorded_scale: float
    slack: float = 1.0

    @property
    def sides(self) -> tuple[Side | None, ...]:
        return sides_of(self.movement, self.side)


@dataclass(frozen=True, eq=False)
class _Seen:
    """A scene with somebody in it."""

    scene: Scene
    series: LandmarkSeries
    frame: LandmarkSeries
    body: Orientation

    @property
    def movement(self) -> Movement:
        return self.scene.movement

    @property
    def slack(self) -> float:
        return self.scene.slack

    @property
    def near_sides(self) -> tuple[Side, ...]:
        """The measured sides; of a movement without sides the one towards the camera."""
        return tuple(side or self.body.camera_side for side in self.scene.sides)


def find_prompt(scene: Scene) -> Prompt | None:
    """The most important thing to change; None where all is well."""
    dark = _is_dark(scene)
    if not scene.seen or scene.recent is None or scene.body is None:
        return prompts.NOBODY_DARK if dark else prompts.NOBODY
    if scene.people > 1:
        return prompts.ALONE
    seen = _Seen(scene, scene.recent, last_of(scene.recent), scene.body)
    for check in CHECKS:
        prompt = check(seen)
        if prompt is not None:
            return prompt
    return prompts.DARK if dark else None


def _is_dark(scene: Scene) -> bool:
    limit = limits()["picture_dark"].warning
    if scene.lit_level is None or limit is None:
        return False
    return scene.lit_level * scene.slack < limit


def framed_parts(movement: Movement, sides: tuple[Side, ...]) -> list[tuple[str, Side]]:
    """Joints that have to be in the picture, each with its side."""
    names = FRAMED.get(movement.joint, WHOLE_BODY)
    both = movement.view in (View.FRONT, View.FACE)
    shown = tuple(Side) if both and movement.joint != "wrist" else sides
    return [(name, side) for side in shown for name in names]


def framed_landmarks(movement: Movement, sides: tuple[Side, ...]) -> list[int]:
    """The same as landmarks."""
    return [_landmark(*part) for part in framed_parts(movement, sides)]


def _landmark(name: str, side: Side) -> int:
    return int(Landmark.NOSE) if name == "nose" else int(sided(name, side))


def _check_inside(seen: _Seen) -> Prompt | None:
    """Parts outside of the picture: too near, or too far to one side."""
    parts = framed_parts(seen.movement, seen.near_sides)
    landmarks = framed_landmarks(seen.movement, seen.near_sides)
    points = np.median(seen.series.xy_px[:, landmarks], axis=0)
    beyond = _beyond_edges(points, seen.frame, slack=seen.slack)
    out = beyond.any(axis=1)
    if not out.any():
        return None
    left, right, top, bottom = (bool(edge) for edge in np.atleast_1d(beyond.any(axis=0)))
    name = prompts.part_name(*parts[int(np.flatnonzero(out)[0])])
    if (left and right) or (top and bottom):
        return prompts.step_back(seen.movement)
    if top or bottom:
        return prompts.outside(seen.movement, name, "back a little")
    towards = _direction(seen.body, seen.movement, rightwards=left)
    return prompts.outside(seen.movement, name, towards)


def _beyond_edges(points: FloatArray, frame: LandmarkSeries, *, slack: float) -> BoolArray:
    """(N, 4) whether each point is beyond the left, right, top and bottom edge."""
    margin_px = (slack - 1.0) * 0.1 * frame.height_px
    x, y = points[:, 0], points[:, 1]
    return np.stack(
        [
            x < -margin_px,
            x > frame.width_px - 1 + margin_px,
            y < -margin_px,
            y > frame.height_px - 1 + margin_px,
        ],
        axis=1,
    )


def _direction(body: Orientation, movement: Movement, *, rightwards: bool) -> str:
    """Where the person has to go to move to the right or the left in the picture."""
    sign = 1 if rightwards else -1
    if movement.view in (View.SIDE, View.OBLIQUE_SIDE):
        return "forwards" if sign == body.forward else "backwards"
    return f"to your {'left' if sign == body.leftward else 'right'}"


def _check_turn(seen: _Seen) -> Prompt | None:
    """How the person is turned, against the view of the movement."""
    yaw_deg = seen.body.yaw_deg
    least_deg, most_deg, wanted_deg, side = _wanted_yaw_deg(seen)
    widened_deg = (seen.slack - 1.0) * (most_deg - least_deg)
    away_deg = (wanted_deg - yaw_deg + 180.0) % 360.0 - 180.0
    if np.isnan(yaw_deg) or least_deg - widened_deg <= -away_deg <= most_deg + widened_deg:
        return None
    if abs(away_deg) > TURN_ROUND_DEG:
        return prompts.turn_side_to_camera(side) if side else prompts.turn_to_camera()
    # Turning to the right brings the left side forwards, towards +90°.
    return prompts.turn_a_little(Side.RIGHT if away_deg > 0.0 else Side.LEFT)


def _wanted_yaw_deg(seen: _Seen) -> tuple[float, float, float, Side | None]:
    """Lowest and highest turn from the wanted one, the wanted one, and the near side."""
    off_deg = limits()["camera_off_plane"].warning or 20.0
    view, side = seen.movement.view, seen.near_sides[0]
    if view in (View.FRONT, View.FACE):
        return -off_deg, off_deg, 0.0, None
    towards = 1.0 if side is Side.LEFT else -1.0
    if view is View.SIDE:
        return -off_deg, off_deg, 90.0 * towards, side
    square_deg = OBLIQUE_MIDDLE_DEG - (limits()["leg_view_too_square"].warning or 10.0)
    low_deg, high_deg = (-off_deg, square_deg) if towards > 0.0 else (-square_deg, off_deg)
    return low_deg, high_deg, (90.0 - OBLIQUE_MIDDLE_DEG) * towards, side


def _check_size(seen: _Seen) -> Prompt | None:
    limit_px = limits()["subject_too_small"].warning or 40.0
    sizes_px = [
        np.median(moving_segment_px(seen.series, seen.movement, side)) * seen.scene.recorded_scale
        for side in seen.near_sides
    ]
    if min(sizes_px) * seen.slack < limit_px:
        return prompts.come_closer(seen.movement)
    return None


def _check_hidden(seen: _Seen) -> Prompt | None:
    names = [name for name in seen.movement.landmarks if not name.startswith("both:")]
    for side in seen.near_sides:
        own = own_landmarks(seen.movement, side)
        shown = np.median(seen.series.visibility[:, own], axis=0) * seen.slack >= HIDDEN_BELOW
        if not shown.all():
            name = names[int(np.flatnonzero(~shown)[0])]
            return prompts.hidden(prompts.part_name(name, side))
    return None


def _check_extra(seen: _Seen) -> Prompt | None:
    if all(has_extra(seen.frame, seen.movement, side) for side in seen.near_sides):
        return None
    return prompts.FACE if seen.movement.extra is Extra.FACE else prompts.HAND


def _check_arms(seen: _Seen) -> Prompt | None:
    return prompts.ARMS_DOWN if raised_hands(seen.frame) else None


def _check_seated(seen: _Seen) -> Prompt | None:
    if seen.movement.reading != "hip_rotation":
        return None
    everywhere = np.ones(len(seen.series), np.bool_)
    ratio = max(thigh_shank_ratio(seen.series, side, everywhere) for side in seen.near_sides)
    limit = limits()["not_seated"].warning or 0.75
    return prompts.SIT if ratio > limit * seen.slack else None


def _check_room(seen: _Seen) -> Prompt | None:
    """Room for the movement: above the head, and to the side that it goes to."""
    ends = np.concatenate(
        [reached_px(seen.frame, seen.movement, side, seen.body) for side in seen.near_sides]
    )
    if not len(ends):
        return None
    beyond = _beyond_edges(ends, seen.frame, slack=seen.slack).any(axis=0)
    left, right, top, bottom = (bool(edge) for edge in np.atleast_1d(beyond))
    if top or bottom:
        return prompts.room_above(seen.movement)
    if left and right:
        return prompts.step_back(seen.movement)
    if left or right:
        towards = _direction(seen.body, seen.movement, rightwards=bool(left))
        return prompts.room_beside(seen.movement, towards)
    return None


def _check_upright(seen: _Seen) -> Prompt | None:
    if seen.movement.view is View.FACE or seen.movement.joint in ("ankle", "wrist"):
        return None
    tilt_deg = rest_tilt_deg(seen.series, np.ones(len(seen.series), np.bool_))
    limit_deg = (limits()["camera_tilted"].warning or 8.0) * seen.slack
    return prompts.stay_upright(seen.movement) if tilt_deg > limit_deg else None


def _check_still(seen: _Seen) -> Prompt | None:
    series = seen.series
    if len(series) < 4:
        return prompts.keep_still(seen.movement)
    points = series.xy_px[:, framed_landmarks(seen.movement, seen.near_sides)]
    half = len(series) // 2
    moved_px = length_px(points[half:].mean(axis=0) - points[:half].mean(axis=0))
    limit_px = STILL_SHOULDERS * shoulders_px(seen.frame) * seen.slack
    return prompts.keep_still(seen.movement) if moved_px.max() > limit_px else None


CHECKS: tuple[Callable[[_Seen], Prompt | None], ...] = (
    _check_inside,
    _check_turn,
    _check_size,
    _check_extra,
    _check_hidden,
    _check_arms,
    _check_seated,
    _check_room,
    _check_upright,
    _check_still,
)
