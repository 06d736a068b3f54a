"""The drawings of results, and the full citations behind them: the same on page and PDF."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from rom.clinical.arc import Arcs
from rom.clinical.assessment import Assessment
from rom.clinical.change import Reading
from rom.clinical.comparison import Comparison
from rom.clinical.error import MDC95_FACTOR
from rom.clinical.norms import NormalRange
from rom.clinical.sources import citations_in
from rom.landmarks import Side
from rom.reports import phrases
from rom.reports.content import Course, ShownSet
from rom.reports.curves_figure import Curve, curves_figure
from rom.reports.figures import Dot, scale_figure
from rom.reports.pain_figure import pain_figure
from rom.reports.profile_figure import Row, profile_figure
from rom.reports.profile_figure import Side as SideDot
from rom.reports.svg import WIDTH
from rom.reports.text import named_arcs, named_sets
from rom.reports.trend_figure import Point, trend_figure


def set_drawing(assessment: Assessment, identifier: str) -> Markup | None:
    """The value with its accuracy on the scale of the usual range; None without one of them."""
    normal = assessment.normal_range
    if assessment.value_deg is None or assessment.accuracy_deg is None or normal is None:
        return None
    if normal.lower_deg is None:
        return None
    dot = Dot(
        name="this recording",
        value_deg=assessment.value_deg,
        half_width_deg=assessment.accuracy_deg,
        style="after",
        at_least=assessment.bound == "at_least",
    )
    return scale_figure(
        [dot],
        title="The value against the usual range",
        identifier=f"{identifier}-scale",
        usual_from_deg=normal.lower_deg,
        usual_mean_deg=normal.mean_deg,
    )


def comparison_drawing(comparison: Comparison) -> Markup | None:
    """The sets with their intervals and the band of measurement error; None without a value."""
    if comparison.arcs is not None:
        return _arcs_drawing(comparison, comparison.arcs)
    readings = zip(named_sets(comparison), _styles(comparison), strict=True)
    dots = _dots((name, assessment, style) for (name, assessment), style in readings)
    if not dots:
        return None
    normal = comparison.normal_before or comparison.normal_after
    baseline = comparison.baseline.value_deg
    shown = comparison.limit_deg is not None and baseline is not None
    sides = comparison.kind == "left_right"
    return scale_figure(
        dots,
        title="Left and right" if sides else "Before and after",
        identifier="change-scale",
        usual_from_deg=normal.lower_deg if normal else None,
        usual_mean_deg=normal.mean_deg if normal else None,
        error_limit_deg=comparison.limit_deg if shown else None,
        error_around_deg=baseline if shown else None,
    )


def pain_drawing(comparison: Comparison) -> Markup | None:
    """Pain before and after; None unless both were told."""
    before, after = comparison.pain_before, comparison.pain_after
    if before is None or after is None:
        return None
    return pain_figure(before, after, title="Pain on the movement", identifier="pain")


def curves_drawing(
    sets: Sequence[ShownSet], identifier: str, *, width: int = WIDTH
) -> Markup | None:
    """The angle over time of the measured sets of one movement; None where none was kept.

    A single set needs no name.
    """
    curves = [
        Curve(
            name=each.name if len(sets) > 1 else "",
            series=series,
            repetitions=each.assessment.repetitions,
        )
        for each in sets
        if (series := each.assessment.series) is not None and each.assessment.measured
    ]
    if not any(each.seen for each in curves):
        return None
    return curves_figure(curves, title="Angle over time", identifier=identifier, width=width)


def profile_drawing(assessments: Iterable[Assessment], identifier: str) -> Markup | None:
    """Left and right of each movement that was measured; of two sets the first counts."""
    rows: dict[str, dict[Side | None, Assessment]] = {}
    for each in assessments:
        if each.measured:
            rows.setdefault(each.movement, {}).setdefault(each.side, each)
    if not rows:
        return None
    shown = [_row(movement, sides) for movement, sides in rows.items()]
    return profile_figure(shown, title="Range of each movement", identifier=identifier)


def trend_drawing(course: Course, identifier: str) -> Markup | None:
    """The first sets over weeks with their errors and the pain; None without a value."""
    weeks, after_deg = course.weeks, course.after_deg
    valid = set(map(id, weeks.valid))
    points = [
        Point(
            day=record.day,
            value_deg=record.pre1_deg,
            half_width_deg=None if record.sem_deg is None else MDC95_FACTOR * record.sem_deg,
            after_deg=after,
            pain=record.pain,
            used=id(record) in valid,
        )
        for record, after in zip(weeks.sessions, after_deg, strict=True)
    ]
    normal = course.latest.normal_range if course.latest else None
    drawing = trend_figure(
        points,
        title="Range and pain over the weeks",
        identifier=identifier,
        around_deg=weeks.range_deg.first if weeks.range_deg else None,
        limit_deg=weeks.range_deg.limit if weeks.range_deg else None,
        usual_from_deg=normal.lower_deg if normal else None,
    )
    return drawing or None


def trend_caption(course: Course) -> str:
    """What the marks of the trend mean, as far as they are drawn."""
    weeks, latest = course.weeks, course.latest
    with_after = any(each is not None for each in course.after_deg)
    with_usual = latest is not None and latest.normal_range is not None
    parts = ["Circles: before the massage, with the 95 % interval of repeated measurement."]
    if with_after:
        parts.append("Squares: right after it.")
    if len(weeks.valid) < sum(each.pre1_deg is not None for each in weeks.sessions):
        parts.append("Hollow: not used, because it was filmed or analysed otherwise.")
    if any(each.pre1_deg is None for each in weeks.sessions):
        parts.append("Crosses: not measured.")
    if weeks.range_deg is not None:
        parts.append("Shaded: differences from the first sessions that are common between days.")
    if with_usual:
        parts.append("Line: the usual range for this age begins.")
    return " ".join(parts)


def sources_of(
    assessments: Iterable[Assessment],
    ranges: Iterable[NormalRange | None] = (),
    *,
    others: Iterable[str] = (),
) -> tuple[str, ...]:
    """Full citations of every source named, once each."""
    shown = list(assessments)
    texts = [normal.source for normal in ranges if normal is not None]
    errors = [phrases.error_of(assessment) for assessment in shown]
    texts += [error.source for error in errors if error is not None]
    texts += [pattern.source for each in shown for pattern in each.patterns]
    texts += others
    return tuple(dict.fromkeys(citation for text in texts for citation in citations_in(text)))


def _arcs_drawing(comparison: Comparison, arcs: Arcs) -> Markup:
    """Left and right together; there is no usual range for both."""
    return scale_figure(
        _dots([(name, arc, name.split()[0]) for name, arc in named_arcs(arcs)]),
        title="Before and after, left and right together",
        identifier="change-scale",
        error_limit_deg=comparison.limit_deg,
        error_around_deg=None if comparison.limit_deg is None else arcs.baseline.value_deg,
    )


def _dots(readings: Iterable[tuple[str, Reading | None, str]]) -> list[Dot]:
    """Those that have a value, each with its name and style."""
    return [
        Dot(
            name=name,
            value_deg=each.value_deg,
            half_width_deg=MDC95_FACTOR * each.sem_deg,
            style=style,
            at_least=each.bound == "at_least",
        )
        for name, each, style in readings
        if each is not None and each.value_deg is not None and each.sem_deg is not None
    ]


def _styles(comparison: Comparison) -> tuple[str, ...]:
    if comparison.kind == "left_right":
        return "left", "right"
    return ("before", "after") if comparison.pre2 is None else ("before", "before", "after")


def _row(movement: str, sides: dict[Side | None, Assessment]) -> Row:
    lower = [each.normal_range.lower_deg for each in sides.values() if each.normal_range]
    known = [edge for edge in lower if edge is not None]
    return Row(
        name=phrases.movement_words(movement),
        sides=[
            _side_dot(side, sides[side]) for side in (Side.LEFT, Side.RIGHT, None) if side in sides
        ],
        usual_from_deg=known[0] if known else None,
    )


def _side_dot(side: Side | None, assessment: Assessment) -> SideDot:
    assert assessment.value_deg is not None and assessment.accuracy_deg is not None
    return SideDot(
        name=side.value if side else "",
        value_deg=assessment.value_deg,
        half_width_deg=assessment.accuracy_deg,
        style=side.value if side else "after",
        at_least=assessment.bound == "at_least",
    )
