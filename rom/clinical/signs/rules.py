"""By what signs are judged: the tables of protective signs and of compensations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rom.clinical.tables import Row, optional_number_of, read_table, text_of

Beyond = Literal["above", "at_least", "below"]


@dataclass(frozen=True, kw_only=True)
class RepeatRule:
    """Of how many repetitions a sign has to be seen in how many: 2 of 3, 3 of 4, 4 of 6."""

    seen: int
    of: int

    def needed(self, evaluated: int) -> int | None:
        """How many repetitions must show the sign; None where too few could be judged."""
        if evaluated < self.seen:
            return None
        return max(self.seen, math.ceil(self.seen / self.of * evaluated))


@dataclass(frozen=True, kw_only=True)
class SignRule:
    """One row of the table of protective signs.

    Attributes
    ----------
    clinical_threshold
        From where on a faultless reading would call it a sign.
    threshold
        It differs from the clinical one where the bench shows that the camera reads less.
    min_amplitude_deg, max_jitter_deg
        Strokes that are smaller or noisier are not evaluated; None where nothing is asked for.
    off_plane_deg
        Lowest and highest angle of the camera off the plane of the movement.
    repeat
        None where the sign is one figure of a whole set.
    repeat_words
        The repeat rule as it is shown: "2 of 3", "median of 3", "each set".
    not_scored
        Why the sign is never judged, in words for the user; None otherwise.
    """

    code: str
    clinical_threshold: float
    threshold: float
    unit: str
    beyond: Beyond
    min_amplitude_deg: float | None
    max_jitter_deg: float | None
    off_plane_deg: tuple[float, float]
    repeat: RepeatRule | None
    repeat_words: str
    source: str
    evidence: str
    not_scored: str | None

    @property
    def gate(self) -> str | None:
        """What a set has to be like for the sign to be judged; None where nothing is asked for."""
        parts = []
        if self.min_amplitude_deg is not None:
            parts.append(f"a movement of {self.min_amplitude_deg:.0f}° or more")
        if self.max_jitter_deg is not None:
            parts.append(f"an angle that jitters by {self.max_jitter_deg:.0f}° at most")
        return _joined([*parts, *_view_words(self.off_plane_deg)])


@dataclass(frozen=True, kw_only=True)
class CompensationRule:
    """One row of the table of compensations: what may move along during a movement, and how far.

    Attributes
    ----------
    measure
        Name in `rom.kinematics.compensations.MEASURES`.
    clinical_threshold
        From where on a faultless reading would call it a compensation.
    threshold
        Present above it, once `ordinary` was taken off the measure; it differs from the clinical
        one where the bench shows that the camera reads more or less than there is.
    ordinary
        What an unguarded movement shows.
    between_deg
        Angles of the movement between which it is judged; None for the whole way out.
    off_plane_deg
        Lowest and highest angle of the camera off the plane of the movement.
    not_scored
        Why the row is never judged, in words for the user; None otherwise.
    """

    movement: str
    code: str
    measure: str
    clinical_threshold: float
    threshold: float
    unit: str
    ordinary: float
    between_deg: tuple[float, float] | None
    off_plane_deg: tuple[float, float]
    repeat: RepeatRule
    source: str
    evidence: str
    not_scored: str | None

    @property
    def repeat_words(self) -> str:
        """The repeat rule as it is shown."""
        return f"{self.repeat.seen} of {self.repeat.of}"

    @property
    def gate(self) -> str | None:
        """What a set has to be like for the sign to be judged."""
        parts = ["landmarks that are seen clearly"]
        if self.between_deg is not None:
            parts.append("angles from {:.0f}° to {:.0f}°".format(*self.between_deg))
        return _joined([*parts, *_view_words(self.off_plane_deg)])


def is_beyond(value: float, threshold: float, beyond: Beyond) -> bool:
    """Whether a value lies on the side of a threshold that makes it a sign."""
    if beyond == "below":
        return value < threshold
    return value >= threshold if beyond == "at_least" else value > threshold


def reached_by(values: Sequence[float], count: int, beyond: Beyond) -> float:
    """The value that at least `count` repetitions reach, in the direction that makes a sign.

    >>> reached_by([3.0, 9.0, 7.0], 2, "above")
    7.0
    """
    return sorted(values, reverse=beyond != "below")[count - 1]


@cache
def sign_rules() -> dict[str, SignRule]:
    """All rows of the table of protective signs by code, those that are never judged too."""
    rows = read_table("protective.csv")
    return {text_of(row, "code"): _sign_rule(row) for row in rows}


@cache
def compensation_rules(movement: str) -> tuple[CompensationRule, ...]:
    """The rows of a movement, in the order of the table."""
    rows = read_table("compensations.csv")
    return tuple(
        _compensation_rule(row)
        for row in rows
        if row["movement_id"] == movement and (row["measure_function"] or row["not_scored"])
    )


def sign_words(movement: str) -> dict[str, str]:
    """What each sign of a movement is called, by its code; as in "seen before: stops on the way".

    >>> sign_words("shoulder_abduction")["trunk_lean"]
    'the trunk leans away'
    """
    rows = [
        *read_table("protective.csv"),
        *(row for row in read_table("compensations.csv") if row["movement_id"] == movement),
    ]
    return {text_of(row, "code"): row["words"] for row in rows if row["words"]}


def _sign_rule(row: Row) -> SignRule:
    repeat = row["repeat"]
    return SignRule(
        code=text_of(row, "code"),
        clinical_threshold=_threshold(row, "clinical_threshold"),
        threshold=_threshold(row),
        unit=row["unit"] or "",
        beyond=_beyond(row["beyond"] or "above"),
        min_amplitude_deg=optional_number_of(row, "min_amplitude_deg"),
        max_jitter_deg=optional_number_of(row, "max_jitter_deg"),
        off_plane_deg=_off_plane_deg(row),
        repeat=_repeat_rule(repeat) if repeat and repeat[0].isdigit() else None,
        repeat_words=repeat or "each set",
        source=text_of(row, "source"),
        evidence=text_of(row, "evidence"),
        not_scored=row["not_scored"],
    )


def _compensation_rule(row: Row) -> CompensationRule:
    low, high = (optional_number_of(row, name) for name in ("from_deg", "to_deg"))
    return CompensationRule(
        movement=text_of(row, "movement_id"),
        code=text_of(row, "code"),
        measure=row["measure_function"] or "",
        clinical_threshold=_threshold(row, "clinical_threshold"),
        threshold=_threshold(row),
        unit=row["unit"] or "",
        ordinary=optional_number_of(row, "ordinary") or 0.0,
        between_deg=None if low is None or high is None else (low, high),
        off_plane_deg=_off_plane_deg(row),
        repeat=_repeat_rule(row["repeat_rule"] or "2 of 3"),
        source=text_of(row, "source"),
        evidence=text_of(row, "evidence"),
        not_scored=row["not_scored"],
    )


def _threshold(row: Row, column: str = "threshold") -> float:
    """The threshold; NaN for a row that is never judged, or by the MDC of the two sets alone."""
    threshold = optional_number_of(row, column)
    return math.nan if threshold is None else threshold


def _off_plane_deg(row: Row) -> tuple[float, float]:
    highest_deg = optional_number_of(row, "off_plane_max_deg")
    return (
        optional_number_of(row, "off_plane_min_deg") or 0.0,
        math.inf if highest_deg is None else highest_deg,
    )


def _view_words(limits_deg: tuple[float, float]) -> list[str]:
    low_deg, high_deg = limits_deg
    parts = []
    if low_deg > 0.0:
        parts.append(f"a camera {low_deg:.0f}° or more off the plane of the movement")
    if math.isfinite(high_deg):
        parts.append(f"a camera at most {high_deg:.0f}° off the plane of the movement")
    return parts


def _joined(parts: Sequence[str]) -> str | None:
    return "; ".join(parts) or None


def _repeat_rule(text: str) -> RepeatRule:
    seen, of = text.split(" of ")
    return RepeatRule(seen=int(seen), of=int(of))


def _beyond(text: str) -> Beyond:
    if text in ("above", "at_least", "below"):
        return text  # type: ignore[return-value]
    raise ValueError(f"beyond: expected above, at_least or below, got {text!r}")
