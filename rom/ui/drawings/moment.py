"""What somebody did at a moment, drawn from the landmarks of the recording: no picture is needed.

A loop moves by itself (SMIL, no script) and is shown only where one asks for it; without motion
the same moment is three stills beside one another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np
from markupsafe import Markup

from rom.landmarks import BoolArray, FloatArray, Landmark, LandmarkSeries, Side, sided
from rom.movements import Movement
from rom.ui.drawings.plane import picture, styled

RATE_HZ = 12.0
"""Poses a second: enough for a limb to move smoothly between them."""
SEEN_FROM = 0.5
"""Median visibility from which a limb is drawn; one that was guessed is not."""
BAR_HEIGHT, MARGIN, HEIGHT = 34.0, 16.0, 300.0
WIDEST, NARROWEST_LOOP, NARROWEST_STILL = 520.0, 400.0, 130.0

_ARM = ("shoulder", "elbow", "wrist", "index")
_LEG = ("hip", "knee", "ankle", "foot_index")
_MOVES = {
    "shoulder": "arm",
    "elbow": "arm",
    "wrist": "arm",
    "hip": "leg",
    "knee": "leg",
    "ankle": "leg",
    "neck": "head",
}
"""Which part a joint moves; of all others it is the trunk."""
_PLAIN = "fill:none;stroke:var(--soft);stroke-width:6;stroke-linecap:round;stroke-linejoin:round"
_MOVING = "fill:none;stroke:var(--accent);stroke-width:8;stroke-linecap:round;stroke-linejoin:round"
_WORDS = "fill:var(--soft);font-size:14px;font-family:inherit"

Path = FloatArray
"""(poses, points, 2) in the drawing."""


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A stretch of a recording, seconds; `at_s` is the moment within it, None for all of it."""

    from_s: float
    to_s: float
    at_s: float | None = None


def moment_loop(
    landmarks: LandmarkSeries, movement: Movement, side: Side | None, moment: Moment, *, title: str
) -> Markup | None:
    """The moment as a loop of a drawn person; None where nobody was seen in it."""
    drawn = _drawn(landmarks, movement, side, moment, narrowest=NARROWEST_LOOP)
    if drawn is None:
        return None
    length_s = moment.to_s - moment.from_s
    parts = [*_figure(drawn, range(drawn.poses), length_s)]
    parts += _bar(drawn.width, moment, length_s)
    return picture(
        parts,
        title=title,
        description=f"A drawing of your own movement, {_span_words(moment)}, over and over.",
        width=drawn.width,
        height=HEIGHT + BAR_HEIGHT,
    )


def moment_stills(
    landmarks: LandmarkSeries, movement: Movement, side: Side | None, moment: Moment, *, title: str
) -> Markup | None:
    """The beginning, the moment and the end beside one another; None where nobody was seen."""
    drawn = _drawn(landmarks, movement, side, moment, narrowest=NARROWEST_STILL)
    if drawn is None:
        return None
    at_s = 0.5 * (moment.from_s + moment.to_s) if moment.at_s is None else moment.at_s
    parts = []
    for number, time_s in enumerate((moment.from_s, at_s, moment.to_s)):
        pose = round((time_s - moment.from_s) * RATE_HZ)
        pose = min(max(pose, 0), drawn.poses - 1)
        one = Markup("").join(_figure(drawn, [pose], None))
        words = _text(drawn.width / 2, HEIGHT + 20, f"{time_s:.1f} s")
        place = Markup('<g transform="translate({} 0)">{}{}</g>')
        parts.append(place.format(round(number * drawn.width, 1), one, words))
    return picture(
        parts,
        title=title,
        description=f"Three drawings of your own movement, {_span_words(moment)}.",
        width=3 * drawn.width,
        height=HEIGHT + BAR_HEIGHT,
    )


@dataclass(frozen=True, eq=False)
class _Drawn:
    """The person in the drawing: lines by part, what moves, and the head.

    `head` are its centre, the nose, and the middle of the shoulders.
    """

    lines: Mapping[str, Path]
    head: Path | None
    head_radius: float
    moving: frozenset[str]
    width: float
    poses: int


def _drawn(
    landmarks: LandmarkSeries,
    movement: Movement,
    side: Side | None,
    moment: Moment,
    *,
    narrowest: float,
) -> _Drawn | None:
    count = max(2, round((moment.to_s - moment.from_s) * RATE_HZ) + 1)
    xy = _poses(landmarks, np.linspace(moment.from_s, moment.to_s, count))
    if xy is None:
        return None
    shown = _shown(landmarks)
    parts = {name: _leading(points, shown) for name, points in _parts().items()}
    lines = {name: xy[:, points] for name, points in parts.items() if len(points) > 1}
    head = None
    ears = xy[:, [Landmark.LEFT_EAR, Landmark.RIGHT_EAR, Landmark.NOSE]]
    shoulders = xy[:, [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]].mean(axis=1)
    if shown[Landmark.NOSE]:
        head = np.stack([ears[:, :2].mean(axis=1), ears[:, 2], shoulders], axis=1)
    if not lines:
        return None
    radius = 0.0
    if head is not None:
        radius = 0.5 * float(np.median(np.linalg.norm(head[:, 0] - head[:, 2], axis=1)))
    return _fitted(lines, head, radius, _moving(movement, side), narrowest)


def _parts() -> dict[str, list[int]]:
    trunk = [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, Landmark.RIGHT_HIP]
    parts = {"trunk": [*map(int, trunk), int(Landmark.LEFT_HIP), int(Landmark.LEFT_SHOULDER)]}
    for side in Side:
        parts[f"{side.value}_arm"] = [int(sided(name, side)) for name in _ARM]
        parts[f"{side.value}_leg"] = [int(sided(name, side)) for name in _LEG]
    return parts


def _moving(movement: Movement, side: Side | None) -> frozenset[str]:
    part = _MOVES.get(movement.joint, "trunk")
    if part in ("head", "trunk"):
        return frozenset({part})
    sides = [side] if side else list(Side)
    return frozenset(f"{each.value}_{part}" for each in sides)


def _poses(landmarks: LandmarkSeries, time_s: FloatArray) -> FloatArray | None:
    """(poses, 33, 2) pixels, smoothed a little; None where nobody was seen about these times."""
    seen = landmarks.seen & np.isfinite(landmarks.xy_px).all(axis=(1, 2))
    near = seen & (landmarks.time_s >= time_s[0] - 0.5) & (landmarks.time_s <= time_s[-1] + 0.5)
    if near.sum() < 2:
        return None
    seen_s, xy_px = landmarks.time_s[near], landmarks.xy_px[near]
    flat = xy_px.reshape(len(seen_s), -1)
    found = np.stack([np.interp(time_s, seen_s, column) for column in flat.T], axis=1)
    padded = np.pad(found, ((1, 1), (0, 0)), mode="edge")
    smooth = 0.25 * padded[:-2] + 0.5 * padded[1:-1] + 0.25 * padded[2:]
    shaped: FloatArray = smooth.reshape(len(time_s), -1, 2)
    return shaped


def _shown(landmarks: LandmarkSeries) -> BoolArray:
    """(33,) whether each point was seen in the picture for most of the recording."""
    seen = landmarks.seen
    visibility = np.median(landmarks.visibility[seen], axis=0)
    place = np.median(landmarks.xy_px[seen], axis=0)
    inside = (place >= 0.0) & (place <= [landmarks.width_px, landmarks.height_px])
    return np.asarray((visibility >= SEEN_FROM) & inside.all(axis=1))


def _leading(points: Sequence[int], shown: BoolArray) -> list[int]:
    """The points of a part from the trunk outwards, up to the first that was not seen."""
    return [*takewhile(lambda point: bool(shown[point]), points)]


def _fitted(
    lines: Mapping[str, Path],
    head: Path | None,
    radius: float,
    moving: frozenset[str],
    narrowest: float,
) -> _Drawn:
    """Everything moved and scaled into the drawing, as large as fits."""
    corners = [path.reshape(-1, 2) for path in lines.values()]
    if head is not None:
        corners += [head[:, 0] - radius, head[:, 0] + radius]
    points = np.concatenate(corners)
    low, high = points.min(axis=0), points.max(axis=0)
    size = np.maximum(high - low, 1.0)
    scale = float(min((WIDEST - 2 * MARGIN) / size[0], (HEIGHT - 2 * MARGIN) / size[1]))
    width = max(float(size[0]) * scale + 2 * MARGIN, narrowest)
    middle = np.array([width / 2, HEIGHT / 2])

    def placed(path: Path) -> Path:
        place: Path = (path - 0.5 * (low + high)) * scale + middle
        return place

    return _Drawn(
        lines={name: placed(path) for name, path in lines.items()},
        head=None if head is None else placed(head),
        head_radius=radius * scale,
        moving=moving,
        width=round(width, 1),
        poses=len(next(iter(lines.values()))),
    )


def _figure(drawn: _Drawn, poses: Sequence[int], length_s: float | None) -> Iterator[Markup]:
    """The person; what moves is drawn last and in the accent colour."""
    chosen = [*poses]
    for moving in (False, True):
        parts = [
            _line(path[chosen], length_s)
            for name, path in drawn.lines.items()
            if (name in drawn.moving) is moving
        ]
        if drawn.head is not None and ("head" in drawn.moving) is moving:
            parts += _head(drawn, chosen, length_s)
        yield styled(_MOVING if moving else _PLAIN, *parts)


def _head(drawn: _Drawn, chosen: Sequence[int], length_s: float | None) -> Iterator[Markup]:
    assert drawn.head is not None
    centre, nose = drawn.head[chosen, 0], drawn.head[chosen, 1]
    yield _circle(centre, drawn.head_radius, length_s)
    yield _line(np.stack([centre, nose], axis=1), length_s)
    neck = drawn.head[chosen, 2]
    yield _line(np.stack([0.5 * (centre + neck), neck], axis=1), length_s)


def _line(path: Path, length_s: float | None) -> Markup:
    steps = [" ".join(f"{x:.0f},{y:.0f}" for x, y in pose) for pose in path]
    moves = _animated("points", steps, length_s)
    return Markup('<polyline points="{}">{}</polyline>').format(steps[0], moves)


def _circle(centre: FloatArray, radius: float, length_s: float | None) -> Markup:
    xs, ys = ([f"{each:.0f}" for each in centre[:, axis]] for axis in (0, 1))
    moves = Markup("").join(
        _animated(name, steps, length_s) for name, steps in (("cx", xs), ("cy", ys))
    )
    return Markup('<circle cx="{}" cy="{}" r="{}">{}</circle>').format(
        xs[0], ys[0], round(radius, 1), moves
    )


def _animated(attribute: str, steps: Sequence[str], length_s: float | None) -> Markup:
    if length_s is None:
        return Markup("")
    return Markup(
        '<animate attributeName="{}" values="{}" dur="{}s" repeatCount="indefinite"/>'
    ).format(attribute, ";".join(steps), f"{length_s:.2f}")


def _bar(width: float, moment: Moment, length_s: float) -> Iterator[Markup]:
    """Where in the stretch the loop is, with a mark at the moment."""
    left, right, y = MARGIN, width - MARGIN, HEIGHT + 10
    yield Markup(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" style="stroke:var(--rule);stroke-width:3"/>'
    ).format(left, y, right, y)
    if moment.at_s is not None:
        x = left + (right - left) * (moment.at_s - moment.from_s) / length_s
        yield Markup(
            '<line x1="{x}" y1="{}" x2="{x}" y2="{}" style="stroke:var(--ink);stroke-width:3"/>'
        ).format(y - 8, y + 8, x=round(x, 1))
        yield _text(min(max(x, left + 22), right - 22), y + 22, f"{moment.at_s:.1f} s")
    ends = [f"{left:.0f}", f"{right:.0f}"]
    yield Markup('<circle cx="{}" cy="{}" r="6" style="fill:var(--accent)">{}</circle>').format(
        ends[0], y, _animated("cx", ends, length_s)
    )


def _text(x: float, y: float, words: str) -> Markup:
    return Markup('<text x="{}" y="{}" text-anchor="middle" style="{}">{}</text>').format(
        round(x, 1), round(y, 1), _WORDS, words
    )


def _span_words(moment: Moment) -> str:
    span = f"from {moment.from_s:.1f} to {moment.to_s:.1f} s of the recording"
    return span if moment.at_s is None else f"{span}, the moment is at {moment.at_s:.1f} s"
