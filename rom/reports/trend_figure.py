"""The range over weeks with its errors, and the pain beneath it on the same scale of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from rom.clinical.history_wording import day_words
from rom.clinical.wording import degrees
from rom.reports.svg import WIDTH, Axis, axis_over, line, marker, rect, svg, text, tick_text

_LEFT, _RIGHT = 52, 14
_RANGE_TOP, _RANGE_BOTTOM = 14, 214
_PAIN_TOP, _PAIN_BOTTOM = 254, 316
_DAYS_OF_WEEK = 7
_LEAST_SPAN_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class Point:
    """One session: the first set before, the set after, and the pain before.

    `value_deg` is None where nothing was measured; `used` is False where it may not be set
    against the latest session.
    """

    day: date
    value_deg: float | None
    half_width_deg: float | None = None
    after_deg: float | None = None
    pain: float | None = None
    used: bool = True


def trend_figure(
    points: Sequence[Point],
    *,
    title: str,
    identifier: str,
    around_deg: float | None = None,
    limit_deg: float | None = None,
    usual_from_deg: float | None = None,
) -> Markup:
    """Values with their intervals over days; "" where no session has one.

    The band lies `limit_deg` to both sides of `around_deg`: what is common between days.
    """
    measured = [each for each in points if each.value_deg is not None]
    if not measured:
        return Markup("")
    band = None
    if around_deg is not None and limit_deg is not None:
        band = (around_deg - limit_deg, around_deg + limit_deg)
    x_axis = _day_axis(points)
    y_axis = _angle_axis(measured, band, usual_from_deg)
    with_pain = any(each.pain is not None for each in points)
    parts = [
        *_angle_grid(x_axis, y_axis),
        *_band(band, x_axis, y_axis),
        *_usual(usual_from_deg, x_axis, y_axis),
        *(part for each in points for part in _session(each, points[0].day, x_axis, y_axis)),
        *(_pain(points, x_axis) if with_pain else ()),
        *_day_ticks(points[0].day, x_axis, _PAIN_BOTTOM if with_pain else _RANGE_BOTTOM),
    ]
    return svg(
        parts,
        height=(_PAIN_BOTTOM if with_pain else _RANGE_BOTTOM) + 44,
        title=title,
        description=_description(points, band, usual_from_deg),
        id_=identifier,
    )


def _day_axis(points: Sequence[Point]) -> Axis:
    span = max((points[-1].day - points[0].day).days, _LEAST_SPAN_DAYS)
    margin = span * 0.03
    weeks = span / _DAYS_OF_WEEK
    step_weeks = next((step for step in (1, 2, 4, 8, 13, 26) if weeks / step <= 8), 52)
    return Axis(-margin, span + margin, _LEFT, WIDTH - _RIGHT, step_weeks * _DAYS_OF_WEEK)


def _angle_axis(
    measured: Sequence[Point], band: tuple[float, float] | None, usual_deg: float | None
) -> Axis:
    edges = [*(band or ()), *([usual_deg] if usual_deg is not None else [])]
    for each in measured:
        assert each.value_deg is not None
        half = each.half_width_deg or 0.0
        edges += [each.value_deg - half, each.value_deg + half]
        edges += [each.after_deg] if each.after_deg is not None else []
    return axis_over(min(edges), max(edges), _RANGE_BOTTOM, _RANGE_TOP, ticks=5)


def _angle_grid(x_axis: Axis, y_axis: Axis) -> Iterator[Markup]:
    for tick in y_axis.ticks:
        y = y_axis.at(tick)
        yield line(x_axis.start, y, x_axis.end, y, "grid")
        yield text(x_axis.start - 6, y + 5, f"{tick_text(tick, y_axis.step)}°", anchor="end")


def _band(band: tuple[float, float] | None, x_axis: Axis, y_axis: Axis) -> Iterator[Markup]:
    if band is not None:
        top = y_axis.at(band[1])
        yield rect(
            x_axis.start, top, x_axis.end - x_axis.start, y_axis.at(band[0]) - top, "error-band"
        )


def _usual(usual_deg: float | None, x_axis: Axis, y_axis: Axis) -> Iterator[Markup]:
    if usual_deg is not None:
        y = y_axis.at(usual_deg)
        yield line(x_axis.start, y, x_axis.end, y, "usual")


def _session(point: Point, first: date, x_axis: Axis, y_axis: Axis) -> Iterator[Markup]:
    x = x_axis.at((point.day - first).days)
    if point.value_deg is None:
        y = y_axis.start - 7
        yield line(x - 4, y - 4, x + 4, y + 4, "missing")
        yield line(x - 4, y + 4, x + 4, y - 4, "missing")
        return
    y = y_axis.at(point.value_deg)
    style = "before" if point.used else "unused"
    if point.half_width_deg is not None:
        low, high = (y_axis.at(point.value_deg + sign * point.half_width_deg) for sign in (-1, 1))
        yield line(x, low, x, high, f"interval thin {style}")
    if point.after_deg is not None:
        yield marker(x, y_axis.at(point.after_deg), "after", size=3.6)
    yield marker(x, y, style, size=5)


def _pain(points: Sequence[Point], x_axis: Axis) -> Iterator[Markup]:
    axis = Axis(0.0, 10.0, _PAIN_BOTTOM, _PAIN_TOP, 5.0)
    yield text(_LEFT, _PAIN_TOP - 10, "pain, 0 to 10", anchor="start", style="label small")
    for tick in axis.ticks:
        y = axis.at(tick)
        yield line(x_axis.start, y, x_axis.end, y, "grid")
        yield text(x_axis.start - 6, y + 5, tick_text(tick, axis.step), anchor="end")
    for each in points:
        if each.pain is not None:
            x = x_axis.at((each.day - points[0].day).days)
            yield line(x, axis.start, x, axis.at(each.pain), "pain")
            yield marker(x, axis.at(each.pain), "pain", size=3.6)


def _day_ticks(first: date, x_axis: Axis, bottom: float) -> Iterator[Markup]:
    days = 0.0
    while days <= x_axis.high:
        weeks = days / _DAYS_OF_WEEK
        yield line(x_axis.at(days), bottom, x_axis.at(days), bottom + 5, "grid")
        yield text(x_axis.at(days), bottom + 20, f"{weeks:g}")
        days += x_axis.step
    middle = (x_axis.start + x_axis.end) / 2
    yield text(middle, bottom + 38, f"weeks since {day_words(first)}")


def _description(
    points: Sequence[Point], band: tuple[float, float] | None, usual_deg: float | None
) -> str:
    measured = [each for each in points if each.value_deg is not None]
    parts = [
        f"{len(points)} sessions from {day_words(points[0].day)} to {day_words(points[-1].day)}."
    ]
    for name, each in (("First", measured[0]), ("Last", measured[-1])):
        assert each.value_deg is not None
        half = f" ±{degrees(each.half_width_deg)}" if each.half_width_deg is not None else ""
        parts.append(f"{name} value: {degrees(each.value_deg)}{half}.")
    lowest = min(each.value_deg for each in measured if each.value_deg is not None)
    highest = max(each.value_deg for each in measured if each.value_deg is not None)
    parts.append(f"Lowest {degrees(lowest)}, highest {degrees(highest)}.")
    if band is not None:
        parts.append(f"From {degrees(band[0])} to {degrees(band[1])} is common between days.")
    if usual_deg is not None:
        parts.append(f"The usual range begins at {degrees(usual_deg)}.")
    scores = [each.pain for each in points if each.pain is not None]
    if scores:
        parts.append(f"Pain was {scores[0]:g} of 10 at first and {scores[-1]:g} in the end.")
    return " ".join(parts)
