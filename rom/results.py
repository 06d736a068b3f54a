"""A result in the forms that a command can be asked for: JSON, text, page, drawn video."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rom.outputs import Output
from rom.terminal import StepProgress

if TYPE_CHECKING:
    from rom.clinical.comparison import Comparison
    from rom.clinical.directions import Directions
    from rom.pipeline import Outcome


@dataclass(frozen=True)
class Result:
    """Makes each form only when it is asked for."""

    content: Callable[[], object]
    text: Callable[[], str]
    page: Callable[[], str]


def outcome_result(outcome: Outcome, *, with_series: bool = False) -> Result:
    """One recording: a single assessment, or left and right."""
    return Result(
        content=lambda: outcome.to_json(series=with_series),
        text=lambda: _outcome_text(outcome),
        page=lambda: _outcome_page(outcome),
    )


def comparison_result(
    comparison: Comparison, recordings: tuple[str, ...], *, day: date | None = None
) -> Result:
    """Two or three recordings of a day; `recordings` are the names of their files, in order."""
    from rom.reports.page import comparison_page
    from rom.reports.text import comparison_text

    return Result(
        content=lambda: comparison.to_json(day=day),
        text=lambda: comparison_text(comparison),
        page=lambda: comparison_page(comparison, recordings=recordings),
    )


def directions_result(
    directions: Directions, recordings: tuple[str, ...], *, day: date | None = None
) -> Result:
    """Recordings that show left and right, compared by both together."""
    from rom.reports.page import directions_page
    from rom.reports.text import directions_text

    return Result(
        content=lambda: directions.to_json(day=day),
        text=lambda: directions_text(directions),
        page=lambda: directions_page(directions, recordings=recordings),
    )


def overlay_output(outcome: Outcome, path: Path, show: StepProgress) -> Output:
    """The recording with the measured angle drawn in."""
    from rom.overlay import draw_outcome

    def draw(temporary: Path) -> None:
        draw_outcome(
            outcome,
            temporary,
            force=True,  # the temporary file is there already
            progress=lambda done: show(f"Drawing {path.name}", done),
        )

    return Output(path, draw)


def _outcome_text(outcome: Outcome) -> str:
    from rom.reports.text import assessment_text

    alone = not outcome.both_sides
    parts = [assessment_text(assessment, alone=alone) for assessment in outcome.assessments]
    return "\n\n".join([*parts, *_arc_sentences(outcome)])


def _arc_sentences(outcome: Outcome) -> tuple[str, ...]:
    """The full arc with its 95 % interval of repeated measurement, where there is one."""
    from rom.clinical.arc import arc_of

    arc = arc_of(*outcome.assessments) if outcome.both_sides else None
    if arc is None:
        return ()
    value = f"{arc.value_deg:.0f}° ±{1.96 * arc.sem_deg:.0f}° (95 %)"
    if arc.bound == "at_least":
        value = f"at least {arc.value_deg:.0f}°"
    return (f"Full arc, left and right together: {value}.",)


def _outcome_page(outcome: Outcome) -> str:
    from rom.reports.page import assessment_page, comparison_page

    recording = outcome.request.video.name
    if not outcome.both_sides:
        return assessment_page(outcome.assessments[0], recording=recording)
    from rom.clinical.comparison import compare_sides

    left, right = outcome.assessments
    sides = compare_sides(left, right, age=outcome.request.age, sex=outcome.request.sex)
    return comparison_page(sides, recordings=(recording,), notes=_arc_sentences(outcome))
