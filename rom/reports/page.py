"""A result as one HTML page: no script, nothing loaded from elsewhere, everything escaped."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from rom.clinical.assessment import Assessment
from rom.clinical.comparison import Comparison
from rom.clinical.directions import Directions
from rom.clinical.error import MDC95_FACTOR
from rom.clinical.norms import NormalRange
from rom.clinical.sources import evidence_words
from rom.clinical.wording import degrees
from rom.reports import phrases, sign_phrases
from rom.reports.drawn import comparison_drawing, set_drawing, sources_of
from rom.reports.figures import angle_figure
from rom.reports.text import named_arcs, named_sets


def assessment_page(assessment: Assessment, *, recording: str | None = None) -> str:
    """One recording's result as a page; `recording` is the name of its file."""
    return render(
        "assessment.html",
        title=phrases.title_of(assessment),
        recording=recording,
        part=_set_part(assessment, "recording", "set", alone=True),
        cannot_tell=phrases.CANNOT_TELL,
        sources=sources_of((assessment,), (assessment.normal_range,)),
    )


def comparison_page(
    comparison: Comparison, *, recordings: tuple[str, ...] = (), notes: tuple[str, ...] = ()
) -> str:
    """A comparison as a page.

    `recordings` names the files in the order pre1, pre2, post; `notes` are sentences that follow
    those of the comparison.
    """
    return _page(
        comparison,
        [*named_sets(comparison)],
        (*comparison.sentences, *notes),
        recordings=recordings,
        usual=_usual_ranges(comparison),
    )


def directions_page(directions: Directions, *, recordings: tuple[str, ...] = ()) -> str:
    """Left and right of the same clips, compared together, as a page."""
    both = directions.left, directions.right
    return _page(
        directions.left,
        [each for comparison in both for each in _with_side(comparison)],
        directions.sentences,
        recordings=recordings,
        usual=[each for comparison in both for each in _usual_with_side(comparison)],
    )


def _page(
    comparison: Comparison,
    sets: Sequence[tuple[str, Assessment]],
    sentences: Sequence[str],
    *,
    recordings: tuple[str, ...],
    usual: Sequence[dict[str, str]],
) -> str:
    parts = [
        _set_part(assessment, name, f"set{number}", alone=False)
        for number, (name, assessment) in enumerate(sets)
    ]
    assessments = tuple(assessment for _, assessment in sets)
    return render(
        "comparison.html",
        title=phrases.comparison_title(comparison),
        recordings=recordings,
        comparison=comparison,
        arcs=_arcs(comparison),
        headline=sentences[0],
        details=sentences[1:],
        figure=comparison_drawing(comparison),
        parts_shown=parts,
        usual=usual,
        cannot_tell=phrases.CANNOT_TELL_CHANGE,
        sources=sources_of(assessments, (comparison.normal_before, comparison.normal_after)),
    )


def render(template: str, **content: Any) -> str:
    """Fill a template of the package; `content` is escaped."""
    style = resources.files("rom.reports").joinpath("templates", "style.css")
    return (
        _environment()
        .get_template(template)
        .render(
            style=Markup(style.read_text(encoding="utf-8")),
            standing_text=phrases.STANDING_TEXT,
            **content,
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("rom.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["decimal"] = _decimal
    environment.filters["degrees"] = degrees
    return environment


def _decimal(value: float | None) -> str:
    """One decimal for tables; a dash for what was not evaluated."""
    return "–" if value is None else f"{value:.1f}".replace("-", "−")


def _set_part(assessment: Assessment, name: str, identifier: str, *, alone: bool) -> dict[str, Any]:
    """Everything that the page shows of one recording; `alone` where nothing is compared."""
    error = phrases.error_of(assessment)
    curve = None
    if assessment.series is not None:
        curve = angle_figure(
            assessment.series,
            assessment.repetitions,
            title=f"Angle over time, {name}",
            identifier=f"{identifier}-curve",
        )
    return {
        "name": name,
        "assessment": assessment,
        "value": phrases.value_words(assessment),
        "of": phrases.repetitions_words(assessment) if assessment.measured else "",
        "half_width_deg": MDC95_FACTOR * assessment.sem_deg if assessment.sem_deg else None,
        "change_error": phrases.change_error_words(assessment) if assessment.measured else "",
        "accuracy": phrases.accuracy_words(assessment) if assessment.measured else "",
        "error_source": phrases.source_words(error.source, error.evidence) if error else None,
        "own_errors": phrases.own_error_words(assessment),
        "usual": _usual(assessment.normal_range),
        "usual_words": phrases.usual_range_words(assessment.normal_range),
        "scale": set_drawing(assessment, identifier),
        "curve": curve,
        "signs": _signs(assessment, alone=alone),
    }


def _signs(assessment: Assessment, *, alone: bool) -> dict[str, Any] | None:
    """What was seen in the way of moving, what was not, and what could not be judged."""
    if not assessment.signs or not assessment.measured:
        return None
    return {
        "seen": [
            {
                "words": sign_phrases.pattern_words(each),
                "judged_by": sign_phrases.judged_by_words(each),
                "source": sign_phrases.pattern_source_words(each),
            }
            for each in assessment.patterns
        ],
        "nothing_seen": sign_phrases.NOTHING_SEEN,
        "meaning": sign_phrases.MEANING,
        "absent": sign_phrases.absent_words(assessment),
        "not_judged": sign_phrases.not_judged_words(assessment, alone=alone),
    }


def _usual(normal: NormalRange | None) -> dict[str, str] | None:
    """Words and source of a usual range that is stated."""
    if normal is None or normal.lower_deg is None:
        return None
    return {
        "words": phrases.usual_range_words(normal),
        "source": normal.source,
        "evidence": evidence_words(normal.evidence),
    }


def _arcs(comparison: Comparison) -> list[dict[str, Any]]:
    named = named_arcs(comparison.arcs) if comparison.arcs else ()
    return [
        {"name": name, "arc": arc, "half_width_deg": MDC95_FACTOR * arc.sem_deg}
        for name, arc in named
    ]


def _usual_with_side(comparison: Comparison) -> list[dict[str, str]]:
    side = comparison.post.side
    return [each | {"name": f"{each['name']}, to the {side}"} for each in _usual_ranges(comparison)]


def _with_side(comparison: Comparison) -> list[tuple[str, Assessment]]:
    return [(f"{name}, to the {each.side}", each) for name, each in named_sets(comparison)]


def _usual_ranges(comparison: Comparison) -> list[dict[str, str]]:
    """First set and last, or left and right, each with its place in the usual range."""
    sides = comparison.kind == "left_right"
    names = ("left", "right") if sides else ("before", "after")
    found = [_usual(normal) for normal in (comparison.normal_before, comparison.normal_after)]
    return [{"name": name, **usual} for name, usual in zip(names, found, strict=True) if usual]
