"""The angle over time of the sets of one session, side by side on one scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from rom.clinical.assessment import Series
from rom.clinical.wording import degrees
from rom.kinematics.repetitions import Repetition
from rom.reports.figures import path_of, peak_marks, shades
from rom.reports.svg import WIDTH, Axis, axis_over, line, svg, text, tick_text

_HEIGHT = 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 6, 10, 44
_NAME_HEIGHT = 20
_GAP = 14
_TICK_WIDTH = 34


@dataclass(frozen=True, kw_only=True, eq=False)
class Curve:
    """One set's angle over time, under the name that people read."""

    name: str
    series: Series
    repetitions: Sequence[Repetition]

    @property
    def seen(self) -> bool:
        """Whether there is an angle at all."""
        return bool(np.isfinite(self.series.angle_deg).any())


def curves_figure(
    curves: Sequence[Curve], *, title: str, identifier: str, width: int = WIDTH
) -> Markup:
    """A panel per set with the repetitions shaded and their peaks marked; "" if nothing was seen.

    All panels share the scale of angles, and a second is as wide in each.
    """
    shown = [each for each in curves if each.seen]
    if not shown:
        return Markup("")
    y_axis = _angle_axis(shown)
    parts = list(_grid(y_axis, width))
    for curve, x_axis in zip(shown, _time_axes(shown, width), strict=True):
        parts += _panel(curve, x_axis, y_axis)
    middle = (_LEFT + width - _RIGHT) / 2
    parts.append(text(middle, y_axis.start + 38, "seconds"))
    words = " ".join(_words(each) for each in shown)
    return svg(parts, height=_HEIGHT, title=title, description=words, id_=identifier, width=width)


def _angle_axis(curves: Sequence[Curve]) -> Axis:
    angles_deg = np.concatenate(
        [each.series.angle_deg[np.isfinite(each.series.angle_deg)] for each in curves]
        + [[repetition.peak_deg for repetition in each.repetitions] for each in curves]
    )
    low, high = float(angles_deg.min()), float(angles_deg.max())
    top = _TOP + (_NAME_HEIGHT if any(each.name for each in curves) else 0)
    return axis_over(low, high, _HEIGHT - _BOTTOM, top, ticks=4)


def _time_axes(curves: Sequence[Curve], width: int) -> Iterator[Axis]:
    spans_s = [float(each.series.time_s[-1] - each.series.time_s[0]) or 1.0 for each in curves]
    room = width - _RIGHT - _LEFT - _GAP * (len(curves) - 1)
    start = float(_LEFT)
    for curve, span_s in zip(curves, spans_s, strict=True):
        length = room * span_s / sum(spans_s)
        first_s = float(curve.series.time_s[0])
        yield Axis(first_s, first_s + span_s, start, start + length, _step_s(sum(spans_s), room))
        start += length + _GAP


def _step_s(sum_s: float, room: float) -> float:
    """Seconds between two ticks, so that their numbers stand apart."""
    wanted = _TICK_WIDTH * sum_s / room
    return next((step for step in (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0) if step >= wanted), 120.0)


def _grid(y_axis: Axis, width: int) -> Iterator[Markup]:
    for tick in y_axis.ticks:
        y = y_axis.at(tick)
        yield line(_LEFT, y, width - _RIGHT, y, "grid")
        yield text(_LEFT - 6, y + 5, f"{tick_text(tick, y_axis.step)}°", anchor="end")


def _panel(curve: Curve, x_axis: Axis, y_axis: Axis) -> Iterator[Markup]:
    yield text(x_axis.start, y_axis.end - 12, curve.name, anchor="start", style="label")
    yield from shades(curve.repetitions, x_axis, y_axis)
    yield Markup('<path class="line" d="{}"/>').format(path_of(curve.series, x_axis, y_axis))
    yield from peak_marks(curve.repetitions, x_axis, y_axis)
    first = np.ceil(x_axis.low / x_axis.step) * x_axis.step
    for tick in np.arange(first, x_axis.high + 1e-6, x_axis.step):
        x = x_axis.at(float(tick))
        if x_axis.start + 4 <= x <= x_axis.end - 4 or tick == first:
            yield text(x, y_axis.start + 20, tick_text(float(tick), x_axis.step))


def _words(curve: Curve) -> str:
    peaks = ", ".join(degrees(each.peak_deg) for each in curve.repetitions if each.counted)
    span_s = curve.series.time_s[-1] - curve.series.time_s[0]
    hidden = 100 * (1 - np.isfinite(curve.series.angle_deg).mean())
    name = f"{curve.name}: " if curve.name else ""
    return (
        f"{name}{span_s:.0f} seconds; peaks of the counted repetitions: {peaks or 'none'}; "
        f"not seen in {hidden:.0f} % of the frames."
    )
