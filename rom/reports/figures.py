"""The figures of the reports; before and after differ in shape as well as in colour."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from rom.clinical.assessment import Series
from rom.clinical.wording import degrees
from rom.kinematics.repetitions import Repetition
from rom.reports.svg import WIDTH, Axis, axis_over, line, marker, rect, svg, text, tick_text

_TIME_HEIGHT = 270
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 14, 44
_ROW_HEIGHT = 62
_MAX_POINTS = 1200


@dataclass(frozen=True, kw_only=True)
class Dot:
    """One value on the scale: `style` is before, after, left or right."""

    name: str
    value_deg: float
    half_width_deg: float
    style: str
    at_least: bool = False


def angle_figure(
    series: Series, repetitions: Sequence[Repetition], *, title: str, identifier: str
) -> Markup:
    """Angle over time: line with gaps as gaps, repetitions shaded, peaks marked."""
    seen = np.isfinite(series.angle_deg)
    if not seen.any():
        return Markup("")
    angles_deg = np.concatenate([series.angle_deg[seen], [each.peak_deg for each in repetitions]])
    x_axis = axis_over(series.time_s[0], series.time_s[-1], _LEFT, WIDTH - _RIGHT, ticks=6)
    y_axis = axis_over(angles_deg.min(), angles_deg.max(), _TIME_HEIGHT - _BOTTOM, _TOP, ticks=5)
    counted = [each for each in repetitions if each.counted]
    peaks = ", ".join(degrees(each.peak_deg) for each in counted) or "none"
    description = (
        f"Angle in degrees over {series.time_s[-1] - series.time_s[0]:.0f} seconds. "
        f"Peaks of the counted repetitions: {peaks}. "
        f"Not seen in {100 * (1 - seen.mean()):.0f} % of the frames."
    )
    parts = [
        *shades(repetitions, x_axis, y_axis),
        *_time_axes(x_axis, y_axis),
        Markup('<path class="line" d="{}"/>').format(path_of(series, x_axis, y_axis)),
        *peak_marks(repetitions, x_axis, y_axis),
    ]
    return svg(parts, height=_TIME_HEIGHT, title=title, description=description, id_=identifier)


def scale_figure(
    dots: Sequence[Dot],
    *,
    title: str,
    identifier: str,
    usual_from_deg: float | None = None,
    usual_mean_deg: float | None = None,
    error_limit_deg: float | None = None,
    error_around_deg: float | None = None,
) -> Markup:
    """Values with their intervals on one scale.

    The usual range is hatched from its lower end, and the band of measurement error lies
    `error_limit_deg` to both sides of `error_around_deg`.
    """
    edges = [dot.value_deg + sign * dot.half_width_deg for dot in dots for sign in (-1, 1)]
    band = None
    if error_limit_deg is not None and error_around_deg is not None:
        band = (error_around_deg - error_limit_deg, error_around_deg + error_limit_deg)
        edges += band
    edges += [edge for edge in (usual_from_deg, usual_mean_deg) if edge is not None]
    axis = axis_over(min(edges), max(edges), 16, WIDTH - 16, ticks=6)
    bottom = 8 + _ROW_HEIGHT * len(dots)
    parts = [
        *_usual_band(axis, usual_from_deg, usual_mean_deg, bottom, identifier),
        *_error_band(axis, band, bottom),
        *_value_axis(axis, bottom),
        *(part for row, dot in enumerate(dots) for part in _dot(axis, dot, row)),
    ]
    description = _scale_description(dots, usual_from_deg, error_limit_deg)
    return svg(parts, height=bottom + 30, title=title, description=description, id_=identifier)


def _time_axes(x_axis: Axis, y_axis: Axis) -> Iterator[Markup]:
    for tick in y_axis.ticks:
        y = y_axis.at(tick)
        yield line(x_axis.start, y, x_axis.end, y, "grid")
        yield text(x_axis.start - 6, y + 5, f"{tick_text(tick, y_axis.step)}°", anchor="end")
    for tick in x_axis.ticks:
        yield text(x_axis.at(tick), y_axis.start + 20, tick_text(tick, x_axis.step))
    yield text((x_axis.start + x_axis.end) / 2, y_axis.start + 38, "seconds")


def shades(repetitions: Sequence[Repetition], x_axis: Axis, y_axis: Axis) -> Iterator[Markup]:
    """The repetitions as areas; those that do not count are outlined."""
    top, height = y_axis.end, y_axis.start - y_axis.end
    for each in repetitions:
        x = x_axis.at(each.onset_s)
        style = "repetition" if each.counted else "repetition uncounted"
        yield rect(x, top, x_axis.at(each.offset_s) - x, height, style)


def peak_marks(repetitions: Sequence[Repetition], x_axis: Axis, y_axis: Axis) -> Iterator[Markup]:
    """A circle at the peak of each repetition."""
    for each in repetitions:
        x, y = x_axis.at(each.peak_s), y_axis.at(each.peak_deg)
        style = "peak" if each.counted else "peak uncounted"
        yield Markup('<circle cx="{}" cy="{}" r="5" class="{}"/>').format(x, y, style)


def path_of(series: Series, x_axis: Axis, y_axis: Axis) -> str:
    """The commands of an SVG path through the angles, broken where they were not seen."""
    commands: list[str] = []
    pen_down = False
    for time_s, angle_deg in _thinned(series):
        if not math.isfinite(angle_deg):
            pen_down = False
            continue
        commands.append(f"{'L' if pen_down else 'M'}{x_axis.at(time_s)} {y_axis.at(angle_deg)}")
        pen_down = True
    return "".join(commands)


def _thinned(series: Series) -> Iterator[tuple[float, float]]:
    """Long recordings: lowest, highest and any gap of each bin survive, so no peak is lost."""
    bins = max(1, _MAX_POINTS // 3)
    if len(series.time_s) <= _MAX_POINTS:
        yield from zip(series.time_s.tolist(), series.angle_deg.tolist(), strict=True)
        return
    for part in np.array_split(np.arange(len(series.time_s)), bins):
        angles = series.angle_deg[part]
        kept = (
            {int(part[np.flatnonzero(~np.isfinite(angles))[0]])}
            if np.isnan(angles).any()
            else set()
        )
        if np.isfinite(angles).any():
            kept |= {int(part[np.nanargmin(angles)]), int(part[np.nanargmax(angles)])}
        for index in sorted(kept):
            yield float(series.time_s[index]), float(series.angle_deg[index])


def _value_axis(axis: Axis, bottom: float) -> Iterator[Markup]:
    for tick in axis.ticks:
        yield line(axis.at(tick), 8, axis.at(tick), bottom, "grid")
        yield text(axis.at(tick), bottom + 20, f"{tick_text(tick, axis.step)}°")


def _usual_band(
    axis: Axis, from_deg: float | None, mean_deg: float | None, bottom: float, id_: str
) -> Iterator[Markup]:
    if from_deg is None:
        return
    x = axis.at(from_deg)
    yield Markup(
        '<defs><pattern id="{id_}-hatch" width="7" height="7" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="7" class="hatch"/>'
        '</pattern></defs><rect x="{}" y="8" width="{}" height="{}" '
        'fill="url(#{id_}-hatch)"/>'
    ).format(x, round(axis.end - x, 1), bottom - 8, id_=id_)
    yield line(x, 8, x, bottom, "usual")
    if mean_deg is not None:
        yield line(axis.at(mean_deg), 8, axis.at(mean_deg), bottom, "usual mean")


def _error_band(axis: Axis, band: tuple[float, float] | None, bottom: float) -> Iterator[Markup]:
    if band is not None:
        x = axis.at(band[0])
        yield rect(x, 8, axis.at(band[1]) - x, bottom - 8, "error-band")


def _dot(axis: Axis, dot: Dot, row: int) -> Iterator[Markup]:
    y = 8 + _ROW_HEIGHT * row + 40
    x = axis.at(dot.value_deg)
    style = f"interval {dot.style}"
    if dot.at_least:
        yield line(x, y, axis.end, y, style)
        yield line(axis.end - 8, y - 6, axis.end, y, style)
        yield line(axis.end - 8, y + 6, axis.end, y, style)
    else:
        low = axis.at(dot.value_deg - dot.half_width_deg)
        high = axis.at(dot.value_deg + dot.half_width_deg)
        yield line(low, y, high, y, style)
        for end in (low, high):
            yield line(end, y - 6, end, y + 6, style)
    yield marker(x, y, dot.style, size=7 if dot.style in ("after", "right") else 8)
    yield _label(dot, x, y)


def _label(dot: Dot, x: float, y: float) -> Markup:
    words = _dot_words(dot)
    half = 4.6 * len(words)
    place = min(max(x, half + 4), WIDTH - half - 4)
    return text(round(place, 1), y - 16, words, style="label")


def _dot_words(dot: Dot) -> str:
    if dot.at_least:
        return f"{dot.name}: at least {degrees(dot.value_deg)}"
    return f"{dot.name}: {degrees(dot.value_deg)} ±{degrees(dot.half_width_deg)}"


def _scale_description(
    dots: Sequence[Dot], usual_from_deg: float | None, limit_deg: float | None
) -> str:
    parts = [f"{_dot_words(dot)}." for dot in dots]
    if limit_deg is not None:
        parts.append(f"Differences up to {degrees(limit_deg)} can be measurement error.")
    if usual_from_deg is not None:
        parts.append(f"The usual range begins at {degrees(usual_from_deg)}.")
    return " ".join(parts)
