"""Bland–Altman drawing: the difference of two readings over their mean, with bias and limits."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from rom.clinical.agreement.bland_altman import Estimate, Limits
from rom.clinical.agreement.study import Agreement
from rom.clinical.wording import degrees
from rom.reports.svg import WIDTH, Axis, axis_over, line, rect, svg, text, tick_text

_HEIGHT = 330
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 68, 14, 46
_MOST_POINTS = 2000


def agreement_figure(agreement: Agreement, *, title: str, identifier: str) -> Markup | None:
    """Every pair as a circle, bias and limits as lines in the bands of their intervals.

    None without limits. Of very many pairs, an even choice is drawn, the extremes among them.
    """
    found = agreement.limits
    if found is None:
        return None
    points = _points(agreement)
    means = [mean for mean, _ in points]
    edges = [difference for _, difference in points]
    edges += [0.0, found.lower.low, found.upper.high]
    x_axis = axis_over(min(means), max(means), _LEFT, WIDTH - _RIGHT, ticks=6)
    y_axis = axis_over(min(edges), max(edges), _HEIGHT - _BOTTOM, _TOP, ticks=6)
    parts = [
        *_axes(x_axis, y_axis, agreement),
        *(_band(each, x_axis, y_axis) for each in (found.lower, found.bias, found.upper)),
        line(x_axis.start, y_axis.at(0.0), x_axis.end, y_axis.at(0.0), "no-difference"),
        *_limit_lines(found, x_axis, y_axis),
        *(_circle(x_axis.at(mean), y_axis.at(difference)) for mean, difference in points),
    ]
    return svg(
        parts, height=_HEIGHT, title=title, description=_description(agreement), id_=identifier
    )


def _points(agreement: Agreement) -> list[tuple[float, float]]:
    points = sorted((sum(pair.values_deg) / 2, pair.difference_deg) for pair in agreement.pairs)
    if len(points) <= _MOST_POINTS:
        return points
    by_difference = sorted(points, key=lambda point: point[1])
    step = -(-len(points) // _MOST_POINTS)
    return sorted({*points[::step], *by_difference[:5], *by_difference[-5:], points[-1]})


def _axes(x_axis: Axis, y_axis: Axis, agreement: Agreement) -> Iterator[Markup]:
    for tick in y_axis.ticks:
        y = y_axis.at(tick)
        yield line(x_axis.start, y, x_axis.end, y, "grid")
        yield text(x_axis.start - 6, y + 5, f"{tick_text(tick, y_axis.step)}°", anchor="end")
    for tick in x_axis.ticks:
        yield text(x_axis.at(tick), y_axis.start + 20, f"{tick_text(tick, x_axis.step)}°")
    yield text((x_axis.start + x_axis.end) / 2, y_axis.start + 39, "mean of both readings")
    what = "second − first" if agreement.instrument is None else "ours − instrument"
    middle = (y_axis.start + y_axis.end) / 2
    yield Markup(
        '<text x="13" y="{}" text-anchor="middle" transform="rotate(-90 13 {})">{}</text>'
    ).format(middle, middle, what)


def _band(estimate: Estimate, x_axis: Axis, y_axis: Axis) -> Markup:
    top, bottom = y_axis.at(estimate.high), y_axis.at(estimate.low)
    return rect(x_axis.start, top, x_axis.end - x_axis.start, bottom - top, "error-band")


def _limit_lines(found: Limits, x_axis: Axis, y_axis: Axis) -> Iterator[Markup]:
    """The three lines, named at their right ends; close names are moved apart."""
    named = [(found.upper, "limit"), (found.bias, "bias"), (found.lower, "limit")]
    places = _apart([y_axis.at(estimate.value) for estimate, _ in named], least=17.0)
    for (estimate, style), place in zip(named, places, strict=True):
        y = y_axis.at(estimate.value)
        yield line(x_axis.start, y, x_axis.end, y, style)
        words = degrees(estimate.value, decimals=1)
        sign = "+" if round(estimate.value, 1) > 0 else ""
        yield text(x_axis.end + 6, round(place + 5, 1), f"{sign}{words}", anchor="start")


def _apart(places: list[float], *, least: float) -> list[float]:
    """Three places from top to bottom, at least so far apart around the middle one."""
    upper, middle, lower = places
    return [min(upper, middle - least), middle, max(lower, middle + least)]


def _circle(x: float, y: float) -> Markup:
    return Markup('<circle cx="{}" cy="{}" r="4.5" class="pair"/>').format(x, y)


def _description(agreement: Agreement) -> str:
    found = agreement.limits
    assert found is not None
    return (
        f"{len(agreement.pairs)} pairs of {agreement.people} people. Bias "
        f"{degrees(found.bias.value, decimals=1)}, 95 % limits of agreement "
        f"{degrees(found.lower.value, decimals=1)} and {degrees(found.upper.value, decimals=1)}."
    )
