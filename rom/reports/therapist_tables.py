"""The tables of the report for the therapist: sets, repetitions, signs, method, program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rom.clinical.assessment import Assessment
from rom.clinical.signs.patterns import Pattern
from rom.clinical.signs.rules import sign_words
from rom.clinical.sources import evidence_words
from rom.clinical.wording import degrees
from rom.kinematics.repetitions import Repetition
from rom.movements import MOVEMENTS
from rom.reports import phrases
from rom.reports.blocks import Block, Bullets, Column, Fact, Heading, Paragraph, Table
from rom.reports.content import ShownSet
from rom.reports.numbers import DASH, decimal, half_width_deg, plus_minus

_UNITS = {"deg": "°", "s": "s"}


def sets_table(sets: Sequence[ShownSet]) -> Table:
    """A row per set: the value with both its errors, and where the usual range begins."""
    return Table(
        caption="Sets",
        columns=[
            Column(words="Set", align="left", width=2.0),
            Column(words="value\u00a0°"),
            Column(words="95 %\u00a0°"),
            Column(words="SEM\u00a0°"),
            Column(words="MDC95\u00a0°"),
            Column(words="accuracy\u00a0°"),
            Column(words="counted"),
            Column(words="usual from\u00a0°"),
            Column(words="place in it", align="left", width=1.3),
        ],
        rows=[_set_row(each, named=_one_movement(sets)) for each in sets],
        notes=[phrases.ERRORS_EXPLAINED],
        weak=[number for number, each in enumerate(sets) if not each.assessment.measured],
    )


def _one_movement(sets: Sequence[ShownSet]) -> bool:
    return len({(each.assessment.movement, each.assessment.side) for each in sets}) == 1


def _set_row(shown: ShownSet, *, named: bool) -> list[str]:
    assessment = shown.assessment
    name = shown.name if named else phrases.set_title(shown.name, assessment)
    if not assessment.measured:
        return [f"{name}: not measured", *[DASH] * 8]
    normal = assessment.normal_range
    bound = "≥ " if assessment.bound == "at_least" else ""
    return [
        name,
        bound + decimal(assessment.value_deg),
        plus_minus(half_width_deg(assessment)),
        decimal(assessment.sem_deg),
        decimal(assessment.mdc95_deg),
        plus_minus(assessment.accuracy_deg),
        f"{len(assessment.counted)} of {len(assessment.repetitions)}",
        decimal(normal.lower_deg) if normal else DASH,
        phrases.PLACES[normal.position] if normal else DASH,
    ]


def repetitions_table(sets: Sequence[ShownSet]) -> Table | None:
    """A row per repetition; None without any."""
    rows: list[list[str]] = []
    weak: list[int] = []
    notes: list[str] = []
    named = _one_movement(sets)
    for shown in sets:
        title = phrases.set_title(shown.name, shown.assessment)
        for number, each in enumerate(shown.assessment.repetitions, start=1):
            if not each.counted:
                weak.append(len(rows))
                notes.append(
                    f"{shown.name}, {number}: not counted. {each.reason_not_counted or ''}"
                )
            rows.append(_repetition_row(shown.name if named else title, number, each))
    if not rows:
        return None
    return Table(
        caption="Repetitions",
        hidden_caption=True,
        columns=[
            Column(words="Set", align="left", width=3.2),
            *(
                Column(words=words)
                for words in (
                    "no.",
                    "at s",
                    "start\u00a0°",
                    "peak\u00a0°",
                    "speed\u00a0°/s",
                    "SPARC",
                    "pauses",
                )
            ),
        ],
        rows=rows,
        notes=[*(note.strip() for note in notes), phrases.SPEED_EXPLAINED],
        weak=weak,
    )


def _repetition_row(name: str, number: int, each: Repetition) -> list[str]:
    return [
        name,
        str(number) if each.counted else f"({number})",
        decimal(each.peak_s),
        decimal(each.start_deg),
        decimal(each.peak_deg),
        decimal(each.peak_velocity_deg_s),
        decimal(each.sparc),
        str(len(each.pauses)) if each.pauses_evaluated else DASH,
    ]


def signs_blocks(sets: Sequence[ShownSet]) -> Iterator[Block]:
    """The signs that are present with what they were judged by, then those not judged."""
    yield Heading(words="Signs in the movement")
    present = [(each, pattern) for each in sets for pattern in each.assessment.patterns]
    if present:
        yield _signs_table(present)
    elif any(each.assessment.measured for each in sets):
        yield Paragraph(words="No sign was present.")
    else:
        yield Paragraph(words="Without a measurement no sign is judged.")
    reasons = dict.fromkeys(
        f"{_sign_name(each.assessment, sign.code)}: {sign.reason}"
        for each in sets
        if each.assessment.measured
        for sign in each.assessment.patterns_not_evaluated
    )
    if reasons:
        yield Heading(words="Not judged", level=3)
        yield Bullets(items=[*reasons], soft=True)


def _signs_table(present: Sequence[tuple[ShownSet, Pattern]]) -> Table:
    return Table(
        caption="Signs that are present",
        hidden_caption=True,
        columns=[
            Column(words="Sign", align="left", width=1.6),
            Column(words="set", align="left"),
            Column(words="value"),
            Column(words="from"),
            Column(words="repetitions", width=1.1),
            Column(words="source", align="left", width=3.0),
        ],
        rows=[_sign_row(shown, pattern) for shown, pattern in present],
    )


def _sign_row(shown: ShownSet, pattern: Pattern) -> list[str]:
    unit = _UNITS.get(pattern.unit, f" {pattern.unit}")
    unit = f" {unit}" if unit == "s" else unit
    numbers = ", ".join(str(index + 1) for index in pattern.repetitions)
    return [
        _sign_name(shown.assessment, pattern.code),
        shown.name,
        f"{pattern.value:.3g}{unit}".replace("-", "−"),
        f"{pattern.threshold:.3g}{unit}".replace("-", "−"),
        numbers or DASH,
        f"{pattern.source} ({evidence_words(pattern.evidence)})",
    ]


def _sign_name(assessment: Assessment, code: str) -> str:
    words = sign_words(assessment.movement).get(code, code.replace("_", " "))
    return f"{words[:1].upper()}{words[1:]}"


def method_facts(sets: Sequence[ShownSet]) -> Iterator[Fact]:
    """What was asked for, where zero is, and how each set was filmed."""
    movement = MOVEMENTS.get(sets[0].assessment.movement)
    if movement is not None:
        yield Fact(
            term="Movement",
            words=f"{movement.joint.capitalize()} {movement.motion}, active, {movement.position}",
            soft=f"{movement.zero[:1].upper()}{movement.zero[1:]}.",
        )
        yield Fact(term="Camera asked for", words=f"{movement.view.value}, grade {movement.grade}")
    for each in sets:
        yield Fact(
            term=f"Filmed, {each.name}",
            words=_filmed(each.assessment),
            soft=each.recording or "",
        )
    normal = next(
        (each.assessment.normal_range for each in sets if each.assessment.normal_range), None
    )
    if normal is not None:
        yield Fact(
            term="Usual range",
            words=phrases.usual_range_figures(normal),
            soft=phrases.source_words(normal.source, normal.evidence),
        )
    error = next((found for each in sets if (found := phrases.error_of(each.assessment))), None)
    if error is not None:
        yield Fact(
            term="Error figures",
            words=f"accuracy ±{degrees(error.accuracy_deg)} (95 %), MDC95 within a session at "
            f"least {degrees(error.mdc95_within_deg, decimals=1)}",
            soft=phrases.source_words(error.source, error.evidence),
        )


def _filmed(assessment: Assessment) -> str:
    made, view = assessment.provenance, assessment.view
    parts = [f"{made.frames} frames"]
    if made.frame_rate_hz is not None:
        parts.append(f"{decimal(made.frame_rate_hz)} per second")
    if view is not None:
        parts.append(f"{view.width_px} × {view.height_px} pixels")
        if view.yaw_deg is not None:
            parts.append(f"{degrees(abs(view.yaw_deg))} off the plane of the movement")
        if view.subject_height_frac is not None:
            parts.append(f"person {100 * view.subject_height_frac:.0f} % of the picture's height")
        if view.mirrored:
            parts.append("mirror image")
    return ", ".join(parts)


def program_facts(sets: Sequence[ShownSet]) -> Iterator[Fact]:
    """With what the sets were analysed, each kind once."""
    for made in dict.fromkeys(
        (
            each.assessment.provenance.rom_version,
            each.assessment.provenance.mediapipe_version,
            each.assessment.provenance.model,
            each.assessment.provenance.model_sha256,
            each.assessment.provenance.correction,
        )
        for each in sets
    ):
        version, mediapipe, model, digest, correction = made
        yield Fact(term="Program", words=f"rom {version}, MediaPipe {mediapipe}")
        yield Fact(term="Pose model", words=model, soft=f"SHA-256 {digest}")
        yield Fact(term="Correction", words=correction or "none")
