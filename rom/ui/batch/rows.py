"""The tables of a batch: what is known of each recording, a line each. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rom.clinical.assessment import Assessment
from rom.clinical.wording import degrees
from rom.landmarks import LandmarkSeries, Side
from rom.movements import MOVEMENTS, measurable_movements
from rom.reports.numbers import decimal, plus_minus
from rom.reports.phrases import movement_words
from rom.ui.batch.measured import Asked, ChosenSide
from rom.ui.batch.naming import AUTO
from rom.ui.batch.recordings import Recording
from rom.ui.jobs import JobState

FIND_OUT = "find out"
NO_SIDE = "–"
SIDES: dict[str, ChosenSide] = {
    FIND_OUT: None,
    NO_SIDE: None,
    "left": Side.LEFT,
    "right": Side.RIGHT,
    "both": "both",
}
STATES = {
    JobState.QUEUED: "waits",
    JobState.RUNNING: "is measured",
    JobState.DONE: "done",
    JobState.FAILED: "no number",
    JobState.CANCELLED: "stopped",
}


@dataclass(frozen=True)
class ResultRow:
    """One measured side of one recording, with the landmarks that it was read from."""

    recording: Recording
    assessment: Assessment
    landmarks: LandmarkSeries | None = None


def movement_choices() -> dict[str, str]:
    """What can be chosen for a recording: the words and the movement's name."""
    return {FIND_OUT: AUTO} | {
        movement_words(movement.name): movement.name for movement in measurable_movements()
    }


def asked_row(recording: Recording) -> dict[str, object]:
    """What is asked of a recording, as the table to correct it shows it."""
    asked = recording.asked
    movement = FIND_OUT if asked.movement == AUTO else movement_words(asked.movement)
    side = next(words for words, side in SIDES.items() if side == asked.side)
    if asked.movement != AUTO and not MOVEMENTS[asked.movement].has_side:
        side = NO_SIDE
    return {
        "File": recording.name,
        "Movement": movement,
        "Side": side,
        "How we know": _how_known(recording),
        "Length (s)": recording.duration_s,
    }


def asked_of_row(row: dict[str, object]) -> Asked:
    """What a corrected line of the table asks; a side falls away where there is none."""
    movement = movement_choices().get(str(row["Movement"]), AUTO)
    side = SIDES.get(str(row["Side"]))
    if movement != AUTO and not MOVEMENTS[movement].has_side:
        side = None
    return Asked(movement=movement, side=side)


def progress_row(recording: Recording) -> dict[str, object]:
    """How far a recording is."""
    job = recording.job
    if job is None:
        return {"File": recording.name, "State": "not begun", "Progress": 0.0}
    return {
        "File": recording.name,
        "State": STATES[job.state],
        "Progress": job.progress if job.progress is not None else 0.0,
    }


def result_rows(recordings: Iterable[Recording]) -> Iterator[ResultRow]:
    """Every side that was measured, in the order of the recordings."""
    for recording in recordings:
        measured = recording.measured
        if measured is not None and measured.mistaken is None:
            for assessment in measured.outcome.assessments:
                if assessment.measured:
                    yield ResultRow(recording, assessment, measured.outcome.landmarks)


def result_cells(row: ResultRow, *, comma: bool = False) -> dict[str, object]:
    """A result as a line of the table: one decimal, after a comma where wanted, with its error."""
    assessment = row.assessment
    bound = "≥ " if assessment.bound == "at_least" else ""
    recognised = row.recording.asked.recognised
    return {
        "File": row.recording.name,
        "Movement": movement_words(assessment.movement) + (" (recognised)" if recognised else ""),
        "Side": assessment.side.value if assessment.side else NO_SIDE,
        "Range (°)": _marked(f"{bound}{decimal(assessment.value_deg)}", comma),
        "Error (°)": _marked(plus_minus(assessment.accuracy_deg), comma),
        "Repetitions": len(assessment.counted),
        "Usual range": _usual(assessment),
        "Quality": _quality(assessment),
    }


def failures(recordings: Iterable[Recording]) -> list[tuple[str, str]]:
    """Names and reasons of what gave no number, a side of a clip of both included."""
    found = []
    for recording in recordings:
        if recording.going_on:
            continue
        if (reason := recording.failure) is not None:
            found.append((recording.name, reason))
        elif (measured := recording.measured) is not None:
            found += [
                (f"{recording.name}, {each.side.value if each.side else ''}", _reason(each))
                for each in measured.outcome.assessments
                if not each.measured
            ]
    return found


def _reason(assessment: Assessment) -> str:
    return assessment.refusals[0].message


def _how_known(recording: Recording) -> str:
    if recording.asked.recognised:
        return "will be recognised"
    return "guess from the file name" if recording.guessed else "chosen by you"


def _marked(figure: str, comma: bool) -> str:
    return figure.replace(".", ",") if comma else figure


def _usual(assessment: Assessment) -> str:
    normal = assessment.normal_range
    if normal is None or normal.lower_deg is None:
        return "–"
    return f"from {degrees(normal.lower_deg)}, {normal.position.replace('_', ' ')}"


def _quality(assessment: Assessment) -> str:
    """How many things travel with the number; their words stand with the result."""
    count = len(assessment.issues)
    if count == 0:
        return "all checks passed"
    return "1 note" if count == 1 else f"{count} notes"
