"""From a traced movement to a value with its errors, or to the reason for none. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rom.checks import check_accuracy, check_other_side, check_trace, no_repetitions
from rom.clinical.agreement.pairs import Conditions
from rom.clinical.agreement.switched_on import LocalErrors, UsedFigures
from rom.clinical.assessment import Assessment, Provenance, Series, ViewSummary
from rom.clinical.error import (
    accuracy_deg,
    error_figures,
    mdc95_deg,
    sem_deg,
    set_value_deg,
)
from rom.clinical.norms import Bound, Sex, normal_range
from rom.landmarks import Landmark, LandmarkSeries, Side
from rom.movements import Movement
from rom.quality.issues import Issue, any_blocking
from rom.quality.people import check_identity, check_people
from rom.quality.set_checks import check_recording
from rom.quality.view import off_plane_deg
from rom.trace import Trace, trace_movement

GOOD_UP_TO_DEG: dict[str, float] = {"cervical_rotation": 55.0}
"""Beyond this the reading falls behind the movement, so that the value is only a lower bound."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """What usual ranges depend on; None where not told."""

    age: int | None = None
    sex: Sex | None = None


def assess_movement(
    series: LandmarkSeries,
    movement: Movement,
    side: Side | None,
    *,
    person: Person,
    provenance: Provenance,
    mirrored: bool = False,
    issues: tuple[Issue, ...] = (),
    local_errors: LocalErrors | None = None,
) -> tuple[Assessment, Trace]:
    """Assess one movement of one side.

    Parameters
    ----------
    series
        The subject's landmarks; already mirrored back when the recording was a mirror image.
    issues
        What was noticed before, for instance about the choice of the subject.
    local_errors
        Error figures of the user's own, used where they hold for this recording.
    """
    trace = trace_movement(series, movement, side)
    assessment = assess_trace(
        trace,
        series,
        person=person,
        provenance=provenance,
        mirrored=mirrored,
        issues=issues,
        local_errors=local_errors,
    )
    return assessment, trace


def assess_trace(
    trace: Trace,
    series: LandmarkSeries,
    *,
    person: Person,
    provenance: Provenance,
    mirrored: bool = False,
    issues: tuple[Issue, ...] = (),
    local_errors: LocalErrors | None = None,
) -> Assessment:
    """Assess what was traced in a series of landmarks; the rest as for `assess_movement`."""
    found = [*issues, *check_recording(series), *check_people(series), *check_identity(series)]
    found += check_trace(trace)
    if not trace.counted and not any_blocking(found):
        found.append(no_repetitions(trace))
    view = _view_summary(trace, mirrored)
    errors = _errors(trace, view, provenance, local_errors)
    found += check_accuracy(trace, errors)
    found += check_other_side(trace)
    return _assessment(trace, tuple(found), person, provenance, view, errors)


def _errors(
    trace: Trace, view: ViewSummary, provenance: Provenance, local_errors: LocalErrors | None
) -> UsedFigures | None:
    """The errors of the set's value, before anything is said against it; None without one."""
    if not trace.counted:
        return None
    movement = trace.movement.name
    peaks_deg = [repetition.peak_deg for repetition in trace.counted]
    yaw_deg = off_plane_deg(trace.movement, trace.body)
    sem = sem_deg(movement=movement, peaks_deg=peaks_deg, yaw_deg=yaw_deg)
    if local_errors is None:
        accuracy = accuracy_deg(movement, peaks_deg=peaks_deg, yaw_deg=yaw_deg)
        return UsedFigures(sem_deg=sem, accuracy_deg=accuracy)
    conditions = Conditions(
        yaw_deg=view.yaw_deg,
        subject_height_frac=view.subject_height_frac,
        model_sha256=provenance.model_sha256,
        correction=provenance.correction,
    )
    known_deg = error_figures(movement, yaw_deg=yaw_deg).accuracy_deg
    return local_errors.used(movement, conditions, sem_deg=sem, accuracy_deg=known_deg)


def _view_summary(trace: Trace, mirrored: bool) -> ViewSummary:
    series = trace.series
    head = series.point_px(Landmark.NOSE)[:, 1]
    feet = series.middle_px("ankle")[:, 1]
    height = np.abs(feet - head)[trace.usable]
    height_frac = float(np.nanmedian(height)) / series.height_px if len(height) else None
    yaw_deg = off_plane_deg(trace.movement, trace.body)
    return ViewSummary(
        yaw_deg=None if np.isnan(yaw_deg) else round(yaw_deg, 1),
        subject_height_frac=None if height_frac is None else round(height_frac, 3),
        mirrored=mirrored,
        width_px=series.width_px,
        height_px=series.height_px,
    )


def _assessment(
    trace: Trace,
    issues: tuple[Issue, ...],
    person: Person,
    provenance: Provenance,
    view: ViewSummary,
    errors: UsedFigures | None,
) -> Assessment:
    measured = not any_blocking(issues)
    movement = trace.movement.name
    value = sem = mdc = accuracy = usual = None
    bound: Bound | None = None
    if measured and errors is not None:
        value = set_value_deg([repetition.peak_deg for repetition in trace.counted])
        sem, accuracy = errors.sem_deg, errors.accuracy_deg
        mdc = mdc95_deg(sem)
        provenance = replace(
            provenance, sem_source=errors.sem_source, accuracy_source=errors.accuracy_source
        )
        bound = "at_least" if value > GOOD_UP_TO_DEG.get(movement, np.inf) else "exact"
        usual = normal_range(movement, person.age, person.sex, value, accuracy, bound=bound)
    return Assessment(
        movement=movement,
        side=trace.side,
        status="measured" if measured else "not_measured",
        value_deg=value,
        bound=bound,
        sem_deg=sem,
        mdc95_deg=mdc,
        accuracy_deg=accuracy,
        repetitions=trace.repetitions,
        issues=issues,
        normal_range=usual,
        provenance=provenance,
        series=Series(time_s=trace.series.time_s, angle_deg=trace.angle_deg),
        view=view,
    )


def refused(
    movement: Movement | None,
    side: Side | None,
    *,
    issues: tuple[Issue, ...],
    provenance: Provenance,
) -> Assessment:
    """An assessment that was refused before any angle was read; None is an unknown movement."""
    return Assessment(
        movement=movement.name if movement else "auto",
        side=side if movement is None or movement.has_side else None,
        status="not_measured",
        value_deg=None,
        bound=None,
        sem_deg=None,
        mdc95_deg=None,
        accuracy_deg=None,
        repetitions=(),
        issues=issues,
        normal_range=None,
        provenance=provenance,
    )
