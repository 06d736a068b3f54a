"""One movement, one side, one recording: the value with its errors, or the reason for none."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Literal

from rom.clinical.json_values import JsonValue, json_value
from rom.clinical.norms import Bound, NormalRange
from rom.clinical.signs.judged import Sign
from rom.clinical.signs.patterns import (
    Pattern,
    PatternAbsent,
    PatternNotEvaluated,
    patterns_absent,
    patterns_not_evaluated,
    patterns_present,
)
from rom.kinematics.pain_marks import PainMark
from rom.kinematics.repetitions import Repetition
from rom.landmarks import FloatArray, Side
from rom.quality.issues import Issue, any_blocking

SCHEMA = "rom.assessment/1"

Status = Literal["measured", "not_measured"]


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """With what the recording was analysed.

    Attributes
    ----------
    correction
        Names the correction applied, if any.
    sem_source, accuracy_source
        Where an error figure of the user's own comes from, with n and date; None for the table's.
    """

    rom_version: str
    model: str
    model_sha256: str
    mediapipe_version: str
    correction: str | None
    frames: int
    frame_rate_hz: float | None
    sem_source: str | None = None
    accuracy_source: str | None = None

    def to_json(self, *, exact: bool = False) -> dict[str, JsonValue]:
        """All of it; the sources of own error figures only where there are any."""
        optional = ("sem_source", "accuracy_source")
        return {
            field.name: json_value(getattr(self, field.name), exact=exact)
            for field in fields(self)
            if field.name not in optional or getattr(self, field.name) is not None
        }


@dataclass(frozen=True, kw_only=True)
class ViewSummary:
    """How the recording was filmed, as far as it decides whether two may be compared.

    Attributes
    ----------
    yaw_deg
        Median angle between the image plane and the movement plane; None where unknown. Its sign
        tells the two directions apart where the estimate does.
    subject_height_frac
        Height of the person relative to the frame's; stands for the distance; None where unknown.
    mirrored
        Whether the recording was taken as a mirror image (and turned back).
    width_px, height_px
        Size of the analysed frames.
    """

    yaw_deg: float | None
    subject_height_frac: float | None
    mirrored: bool
    width_px: int
    height_px: int

    def __post_init__(self) -> None:
        for name in ("yaw_deg", "subject_height_frac"):
            value = getattr(self, name)
            if value is not None and not math.isfinite(value):
                object.__setattr__(self, name, None)


@dataclass(frozen=True, kw_only=True, eq=False)
class Series:
    """The angle over time, (T,) each; NaN in `angle_deg` where it was not seen."""

    time_s: FloatArray
    angle_deg: FloatArray

    def __post_init__(self) -> None:
        if self.time_s.shape != self.angle_deg.shape or self.time_s.ndim != 1:
            raise ValueError(
                f"expected two arrays of one length, got {self.time_s.shape} "
                f"and {self.angle_deg.shape}"
            )


@dataclass(frozen=True, kw_only=True, eq=False)
class Assessment:
    """The result of one recording.

    Attributes
    ----------
    side
        Side of the person, or direction moved to; None for movements without a side.
    value_deg
        Median of the counted repetitions' peaks; None if not measured.
    bound
        "at_least" when the person went further than the reading is good for.
    sem_deg, mdc95_deg
        For change within this person and session; None if not measured.
    accuracy_deg
        For comparison with other people, 95 % half-width; None if not measured.
    signs
        What was looked for in the way of moving: each present, absent or not judged.
    pain_marks
        When the person marked that it begins to hurt, in order of time.

    Raises
    ------
    ValueError
        For a measured result without its figures, or a refusal without a blocking issue.
    """

    movement: str
    side: Side | None
    status: Status
    value_deg: float | None
    bound: Bound | None
    sem_deg: float | None
    mdc95_deg: float | None
    accuracy_deg: float | None
    repetitions: tuple[Repetition, ...]
    issues: tuple[Issue, ...]
    normal_range: NormalRange | None
    provenance: Provenance
    signs: tuple[Sign, ...] = ()
    pain_marks: tuple[PainMark, ...] = ()
    series: Series | None = None
    view: ViewSummary | None = None

    def __post_init__(self) -> None:
        figures = (self.value_deg, self.sem_deg, self.mdc95_deg, self.accuracy_deg)
        if self.status == "measured":
            if any(figure is None or not math.isfinite(figure) for figure in figures):
                raise ValueError(f"measured: expected value, SEM, MDC and accuracy, got {figures}")
            if self.bound is None:
                raise ValueError("measured: expected a bound, exact or at_least")
            if any_blocking(self.issues):
                raise ValueError("measured: expected no blocking issue")
        elif self.status == "not_measured":
            if any(figure is not None for figure in (*figures, self.bound, self.normal_range)):
                raise ValueError(f"not measured: expected no figures, got {figures}")
            if not any_blocking(self.issues):
                raise ValueError("not measured: expected a blocking issue that says why")
        else:
            raise ValueError(f"status: expected measured or not_measured, got {self.status!r}")

        numbers = [each.repetition for each in self.pain_marks if each.repetition is not None]
        if not all(0 <= number < len(self.repetitions) for number in numbers):
            raise ValueError(f"pain_marks: expected repetitions of the set, got {numbers}")

    @property
    def measured(self) -> bool:
        return self.status == "measured"

    @property
    def counted(self) -> tuple[Repetition, ...]:
        """The repetitions whose peaks make the value."""
        return tuple(repetition for repetition in self.repetitions if repetition.counted)

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """The signs that are present."""
        return patterns_present(self.movement, self.signs)

    @property
    def patterns_absent(self) -> tuple[PatternAbsent, ...]:
        """The signs that were looked for and not seen."""
        return patterns_absent(self.movement, self.signs)

    @property
    def patterns_not_evaluated(self) -> tuple[PatternNotEvaluated, ...]:
        """The signs that could not be judged."""
        return patterns_not_evaluated(self.movement, self.signs)

    @property
    def refusals(self) -> tuple[Issue, ...]:
        """The blocking issues."""
        return tuple(issue for issue in self.issues if issue.blocking)

    def to_json(self, *, exact: bool = False) -> dict[str, JsonValue]:
        """The contract `rom.assessment/1`; what is optional only where there is any."""
        optional = ("series", "view", "pain_marks")
        return {"schema": SCHEMA} | {
            name: self.provenance.to_json(exact=exact)
            if name == "provenance"
            else json_value(getattr(self, name), exact=exact)
            for name in _ORDER
            if name not in optional or getattr(self, name) not in (None, ())
        }


_ORDER = (
    "movement",
    "side",
    "status",
    "value_deg",
    "bound",
    "sem_deg",
    "mdc95_deg",
    "accuracy_deg",
    "repetitions",
    "issues",
    "patterns",
    "patterns_not_evaluated",
    "normal_range",
    "provenance",
    "patterns_absent",
    "pain_marks",
    "view",
    "series",
)
