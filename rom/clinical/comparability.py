"""May two recordings be compared? What was filmed differently, in words for the user.

A camera turned, moved or mirrored between two recordings changes the reading although nothing
changed in the person. The limits are this project's own choice: a limb raised by 45° reads 44°
from 15° off its plane and 41° from 30°, so that views 15° apart can differ by 3°, under half of
the smallest change that is ever claimed for most movements.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from rom.clinical.assessment import Assessment, Provenance, ViewSummary
from rom.errors import UsageError
from rom.landmarks import Side

YAW_REMARK_DEG = 8.0
YAW_LIMIT_DEG = 15.0
HEIGHT_REMARK_RATIO = 1.2
HEIGHT_LIMIT_RATIO = 1.5


class Take(Protocol):
    """What has to be known of a recording to say whether another may be set against it."""

    @property
    def movement(self) -> str: ...
    @property
    def side(self) -> Side | None: ...
    @property
    def view(self) -> ViewSummary | None: ...
    @property
    def provenance(self) -> Provenance: ...


@dataclass(frozen=True)
class Difference:
    """One difference between two recordings; `refuses` when they may not be compared for it."""

    code: str
    sentence: str
    refuses: bool


def check_same_movement(*takes: Take) -> None:
    """Raise UsageError for sets of different movements: they are never one question."""
    names = dict.fromkeys(take.movement for take in takes)
    if len(names) > 1:
        raise UsageError(
            f"Expected sets of one movement, got {' and '.join(names)}; "
            "compare each movement with itself"
        )


def find_differences(a: Take, b: Take, *, opposite_sides: bool = False) -> tuple[Difference, ...]:
    """List what differs between two recordings of one movement beyond the limits.

    With `opposite_sides` the sides have to differ, and the direction in which the camera is
    turned does not count, because a person shows the other side by turning round.

    Raises
    ------
    UsageError
        For different movements.
    """
    check_same_movement(a, b)
    return (
        *_side_differences(a, b, opposite_sides=opposite_sides),
        *_analysis_differences(a, b),
        *_view_differences(a.view, b.view, either_direction=opposite_sides),
    )


def value_refusals(assessment: Assessment, name: str) -> Iterator[str]:
    """Say why no difference can be taken from a set: not measured, or only a bound."""
    if not assessment.measured:
        why = assessment.refusals[0].message
        yield f"{name} could not be measured: {why}"
    elif assessment.bound == "at_least":
        yield (
            f"{name} went further than the camera can read (at least "
            f"{assessment.value_deg:.0f}°), so a difference cannot be stated."
        )


def order_refusals(left: Assessment, right: Assessment) -> Iterator[str]:
    """Say so when left and right were exchanged."""
    if left.side is Side.RIGHT and right.side is Side.LEFT:
        yield "Left and right are exchanged; give the left side as left."


def _side_differences(a: Take, b: Take, *, opposite_sides: bool) -> Iterator[Difference]:
    sides = f"{a.side or 'no side'} and {b.side or 'no side'}"
    if opposite_sides:
        if a.side is None or b.side is None or a.side == b.side:
            yield Difference("side", f"Left and right are needed, these are {sides}.", True)
    elif a.side != b.side:
        yield Difference("side", f"They show different sides ({sides}).", True)


def _analysis_differences(a: Take, b: Take) -> Iterator[Difference]:
    if a.provenance.model_sha256 != b.provenance.model_sha256:
        yield Difference("model", "They were analysed with different pose models.", True)
    if a.provenance.correction != b.provenance.correction:
        yield Difference("correction", "They were analysed with different corrections.", True)


def _view_differences(
    a: ViewSummary | None, b: ViewSummary | None, *, either_direction: bool
) -> Iterator[Difference]:
    if a is None or b is None:
        yield Difference("view_unknown", "Whether they were filmed alike is not known.", False)
        return
    yield from _turn_difference(a, b, either_direction=either_direction)
    yield from _distance_difference(a, b)
    if a.mirrored != b.mirrored:
        yield Difference("mirrored", "One is a mirror image and the other is not.", True)
    if (a.width_px < a.height_px) != (b.width_px < b.height_px):
        yield Difference("format", "One is upright and the other is wide.", False)


def _turn_difference(
    a: ViewSummary, b: ViewSummary, *, either_direction: bool
) -> Iterator[Difference]:
    if a.yaw_deg is None or b.yaw_deg is None:
        yield Difference("view_unknown", "From where one was filmed is not known.", False)
        return
    turn_deg = abs(b.yaw_deg - a.yaw_deg)
    if either_direction:
        turn_deg = abs(abs(b.yaw_deg) - abs(a.yaw_deg))
    if turn_deg > YAW_REMARK_DEG:
        sentence = f"The view differs by {turn_deg:.0f}°; film both from the same place."
        yield Difference("view", sentence, turn_deg > YAW_LIMIT_DEG)


def _distance_difference(a: ViewSummary, b: ViewSummary) -> Iterator[Difference]:
    if not a.subject_height_frac or not b.subject_height_frac:
        yield Difference("distance_unknown", "From how far one was filmed is not known.", False)
        return
    ratio = a.subject_height_frac / b.subject_height_frac
    nearer, ratio = ("first", ratio) if ratio >= 1.0 else ("second", 1.0 / ratio)
    if ratio > HEIGHT_REMARK_RATIO:
        sentence = (
            f"The person fills {100 * (ratio - 1):.0f} % more of the picture in the {nearer} "
            "recording; keep the same distance."
        )
        yield Difference("distance", sentence, ratio > HEIGHT_LIMIT_RATIO)
