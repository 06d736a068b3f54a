"""What a person does with the arms to answer from three metres."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from rom.landmarks import Side
from rom.ui.drawings.figure import FrontPose
from rom.ui.drawings.limbs import MOVING, front_figure, limb
from rom.ui.drawings.plane import Frame, picture, styled

FRAME = Frame(centre=complex(0.0, 140.0), span=200.0, height=200.0)
_SCALE = "fill:none;stroke:var(--soft);stroke-width:2;stroke-linecap:round"
_LOW, _HIGH = 92.0, 178.0

GESTURES: dict[str, tuple[str, str]] = {
    "raise_right": ("Raise your right hand", "The right arm is held up beside the head."),
    "raise_left": ("Raise your left hand", "The left arm is held up beside the head."),
    "cross": ("Cross your arms", "Both forearms are crossed in front of the chest."),
    "height": (
        "Hold one hand out to the side, as high as it hurts",
        "At the hip is 0, over the head is 10; the other arm hangs.",
    ),
}


def gesture_drawing(gesture: str) -> Markup:
    """Draw a gesture; the person faces the viewer."""
    pose, arms = _POSES[gesture]()
    skeleton = pose.skeleton()
    parts = [*front_figure(FRAME, skeleton, 0.0, "")]
    for side in arms:
        arm = f"{side.value}_arm"
        parts.append(limb(FRAME, arm, skeleton.chains[arm], MOVING))
    if gesture == "height":
        parts += _scale()
    title, description = GESTURES[gesture]
    return picture(
        parts, title=title, description=description, width=FRAME.width,
        height=FRAME.height,
    )  # fmt: skip


def _raised(side: Side) -> tuple[FrontPose, tuple[Side, ...]]:
    return FrontPose(arms={side: 158.0}, elbows={side: 10.0}), (side,)


def _crossed() -> tuple[FrontPose, tuple[Side, ...]]:
    both = {Side.LEFT: 8.0, Side.RIGHT: 8.0}
    return FrontPose(arms=both, elbows=dict.fromkeys(both, -140.0)), (Side.LEFT, Side.RIGHT)


def _held_out() -> tuple[FrontPose, tuple[Side, ...]]:
    return FrontPose(arms={Side.LEFT: 96.0}, elbows={Side.LEFT: 0.0}), (Side.LEFT,)


_POSES: dict[str, Callable[[], tuple[FrontPose, tuple[Side, ...]]]] = {
    "raise_right": lambda: _raised(Side.RIGHT),
    "raise_left": lambda: _raised(Side.LEFT),
    "cross": _crossed,
    "height": _held_out,
}


def _scale() -> list[Markup]:
    """The heights from 0 to 10 beside the person, on the side of the hand."""
    x = 78.0
    ticks = [
        FRAME.path([complex(x - 3.0, level), complex(x + 3.0, level)])
        for level in (_LOW + (_HIGH - _LOW) * step / 5 for step in range(6))
    ]
    line = FRAME.path([complex(x, _LOW), complex(x, _HIGH)])
    words = [
        FRAME.text(complex(x + 6.0, level - 4.0), text, anchor="start")
        for level, text in ((_LOW, "0"), ((_LOW + _HIGH) / 2, "5"), (_HIGH, "10"))
    ]
    return [styled(_SCALE, line, *ticks), *words]
