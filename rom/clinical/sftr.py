"""Ranges in SFTR notation, as therapists write them: "F: 118-0-( )".

A letter for the plane (sagittal, frontal, transverse, rotation), then three numbers: the end of
the motion away from the body, where the motion starts, and the end towards it. First stand
extension, abduction, rotation outwards and, for neck and trunk, the left; last flexion, adduction,
rotation inwards and the right. The middle is 0 unless neutral is not reached. GERHARDT1975 in
``sources.csv``; which motion stands where is ``sftr.csv``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rom.clinical.assessment import Assessment
from rom.clinical.tables import Row, read_table, text_of
from rom.landmarks import Side

SOURCE = "GERHARDT1975"
NOT_MEASURED = "( )"
"""Room to write by hand what was not measured."""

End = Literal["first", "last"]


@dataclass(frozen=True, kw_only=True)
class SftrPlace:
    """Where a motion stands: its joint, the plane with the position it is measured in, the end.

    `plane` is S, F, T or R, for rotations in flexion with its angle, as in "R(S90)".
    """

    joint: str
    plane: str
    end: End


@dataclass(frozen=True, kw_only=True)
class SftrLine:
    """The notation of one joint and plane; `side` is None for neck and trunk."""

    joint: str
    side: Side | None
    notation: str

    @property
    def words(self) -> str:
        """The line as it is written down."""
        side = f", {self.side.value}" if self.side else ""
        return f"{self.joint}{side}  {self.notation}"


def sftr_notation(
    plane: str, first: float | None, last: float | None, *, at_least: Iterable[End] = ()
) -> str:
    """The notation of one joint and plane.

    Parameters
    ----------
    first, last
        Ends of the motion in degrees from neutral, each positive in its own direction; negative
        where neutral was not reached; None where not measured.
    at_least
        The ends that are lower bounds.

    Raises
    ------
    ValueError
        For two ends that leave no motion between them.

    >>> sftr_notation("S", 15, 120), sftr_notation("S", -20, 130), sftr_notation("F", 118, None)
    ('S: 15-0-120', 'S: 0-20-130', 'F: 118-0-( )')
    """
    bounds = set(at_least)
    first_deg, last_deg = (None if end is None else round(end) for end in (first, last))
    if (first_deg or 0) + (last_deg or 0) < 0 and None not in (first_deg, last_deg):
        raise ValueError(f"expected a motion between the ends, got {first} and {last}")
    lacking_deg = max(-(first_deg or 0), -(last_deg or 0), 0)
    ends = [
        NOT_MEASURED if end is None else f"{'≥' if name in bounds else ''}{max(end, 0)}"
        for name, end in (("first", first_deg), ("last", last_deg))
    ]
    return f"{plane}: {ends[0]}-{lacking_deg}-{ends[1]}"


def sftr_place(movement: str, side: Side | None) -> SftrPlace | None:
    """Where a movement stands; None for one that the table does not hold."""
    row = next((row for row in read_table("sftr.csv") if row["movement_id"] == movement), None)
    if row is None:
        return None
    position = row["position"]
    plane = text_of(row, "plane")
    return SftrPlace(
        joint=text_of(row, "joint"),
        plane=f"{plane}({position})" if position else plane,
        end=_end(row, side),
    )


def sftr_lines(assessments: Iterable[Assessment]) -> tuple[SftrLine, ...]:
    """One line per joint, side and plane, in order of first mention.

    What was not measured leaves no line. Of two sets of one movement the later one counts.
    """
    joined: dict[tuple[str, Side | None, str], dict[End, Assessment]] = {}
    for each in assessments:
        place = sftr_place(each.movement, each.side)
        if place is None or not each.measured:
            continue
        side = None if _by_direction(each.movement) else each.side
        joined.setdefault((place.joint, side, place.plane), {})[place.end] = each
    return tuple(
        SftrLine(joint=joint, side=side, notation=_notation(plane, ends))
        for (joint, side, plane), ends in joined.items()
    )


def _notation(plane: str, ends: dict[End, Assessment]) -> str:
    first, last = ends.get("first"), ends.get("last")
    return sftr_notation(
        plane,
        first.value_deg if first else None,
        last.value_deg if last else None,
        at_least=[end for end, each in ends.items() if each.bound == "at_least"],
    )


def _end(row: Row, side: Side | None) -> End:
    end = text_of(row, "end")
    if end == "left_first":
        return "first" if side is Side.LEFT else "last"
    if end == "first":
        return "first"
    if end == "last":
        return "last"
    raise ValueError(f"end: expected first, last or left_first, got {end!r}")


def _by_direction(movement: str) -> bool:
    return any(
        row["movement_id"] == movement and row["end"] == "left_first"
        for row in read_table("sftr.csv")
    )
