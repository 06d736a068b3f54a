"""Error figures of your own: from an instrument's readings, and from a person's repeated sets.

Both are the table's figures (`rom.clinical.error`) updated by what was measured here, with the
inverse gamma distribution as the conjugate of a variance: the table's variance counts as many
degrees of freedom as stated below, the own one as many as were measured. So a few pairs move the
figures a little and many decide them.

They hold for the movement, the pose model, the correction and the views that the pairs were of,
and never undercut the smallest change that is published for real people.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np
from scipy import special

from rom.clinical.agreement.pairs import (
    BaselinePair,
    Conditions,
    Instrument,
    Paired,
    ReferencePair,
    instrument_words,
    people_of,
)
from rom.clinical.agreement.study import in_order
from rom.clinical.comparability import HEIGHT_REMARK_RATIO, YAW_REMARK_DEG
from rom.clinical.error import (
    MDC95_FACTOR,
    MDC95_PER_SEM,
    PRIOR_DEGREES_OF_FREEDOM,
    error_figures,
)
from rom.errors import InputError
from rom.landmarks import Side

PRIOR_PEOPLE = 8.0
"""Weight of the table's accuracy: it was measured on at most eight bodies in each view."""
FEWEST_PEOPLE = 10
"""Our own choice: with fewer people the table would still decide most of the figure."""
FEWEST_SESSIONS = 5
"""Of one person; simulated with people whose scatter differs by 35 %, five sessions and a weight
of four bring false changes of the fifth who scatter most from 12 to 10 %, twenty to 8 % and forty
to 5 %, at 5 % overall."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What figures of our own hold for.

    Attributes
    ----------
    yaw_deg
        Least and largest angle off the movement plane that was measured, without its sign.
    subject_height_frac
        Least and largest height of the person in the frame; None where unknown.
    """

    movement: str
    model_sha256: str
    correction: str | None
    yaw_deg: tuple[float, float]
    subject_height_frac: tuple[float, float] | None

    def reason_against(self, movement: str, conditions: Conditions) -> str | None:
        """Why the figures are not for a recording, in a sentence; None if they are."""
        if movement != self.movement:
            return f"they are of {self.movement}, not of {movement}"
        if conditions.model_sha256 != self.model_sha256:
            return "they were measured with another pose model"
        if conditions.correction != self.correction:
            return (
                f"they were measured with the correction {self.correction or 'none'}, not with"
                f" {conditions.correction or 'none'}"
            )
        return self._view_reason(conditions)

    def _view_reason(self, conditions: Conditions) -> str | None:
        low_deg, high_deg = self.yaw_deg
        if conditions.yaw_deg is None:
            return "from where this recording was filmed is not known"
        yaw_deg = abs(conditions.yaw_deg)
        if not low_deg - YAW_REMARK_DEG <= yaw_deg <= high_deg + YAW_REMARK_DEG:
            return (
                f"they were measured from {low_deg:.0f} to {high_deg:.0f}° off the plane of the"
                f" movement, this is {yaw_deg:.0f}° off it"
            )
        if self.subject_height_frac is None or conditions.subject_height_frac is None:
            return None
        nearest = self.subject_height_frac[1] * HEIGHT_REMARK_RATIO
        farthest = self.subject_height_frac[0] / HEIGHT_REMARK_RATIO
        if not farthest <= conditions.subject_height_frac <= nearest:
            return "they were measured from another distance"
        return None


@dataclass(frozen=True, kw_only=True)
class LocalAccuracy:
    """How far our values are from an instrument's, here.

    Attributes
    ----------
    rms_deg
        Root mean square difference, bias included, every person counting alike. The instrument's
        own error is part of it.
    bias_deg
        Ours minus the instrument's; shown, never taken out of a value.
    last_day
        Of the pairs.
    """

    scope: Scope
    instrument: Instrument
    people: int
    pairs: int
    rms_deg: float
    bias_deg: float
    last_day: date

    @property
    def source(self) -> str:
        return (
            f"{self.pairs} pairs of {self.people} people with"
            f" {instrument_words(self.instrument)}, up to {self.last_day.isoformat()}"
        )

    def accuracy_deg(self, known_deg: float, *, sem_deg: float) -> float:
        """95 % half-width against the true angle, the table's `known_deg` taken into account.

        The half-width of the predictive t distribution. Never below 1.96 · SEM: a value cannot be
        truer than it is repeatable.
        """
        prior = (known_deg / _t95(PRIOR_PEOPLE)) ** 2
        freedom = PRIOR_PEOPLE + self.people
        variance = (PRIOR_PEOPLE * prior + self.people * self.rms_deg**2) / freedom
        return max(_t95(freedom) * math.sqrt(variance), MDC95_FACTOR * sem_deg)


@dataclass(frozen=True, kw_only=True)
class PersonalError:
    """How far one person's sets differ when nothing changed between them.

    Attributes
    ----------
    sessions, freedom
        Pairs of sets before, and the degrees of freedom of their spread: one less for each side.
    sem_deg
        Spread of the differences / √2, around each side's own mean.
    drift_deg
        Mean of second minus first: warming up, which is no error.
    """

    scope: Scope
    person: str
    sessions: int
    freedom: int
    sem_deg: float
    drift_deg: float
    last_day: date

    @property
    def source(self) -> str:
        return (
            f"{self.sessions} pairs of sets before of {self.person}, up to"
            f" {self.last_day.isoformat()}"
        )

    def updated_sem_deg(self, set_sem_deg: float) -> float:
        """A set's standard error, as `rom.clinical.error.sem_deg` gives it, made the person's own.

        Never below the movement's smallest detectable change / 2.77.
        """
        prior, own = PRIOR_DEGREES_OF_FREEDOM, float(self.freedom)
        variance = (prior * set_sem_deg**2 + own * self.sem_deg**2) / (prior + own)
        figures = error_figures(self.scope.movement)
        return max(math.sqrt(variance), figures.mdc95_within_deg / MDC95_PER_SEM)


def local_accuracy(pairs: Iterable[ReferencePair]) -> LocalAccuracy:
    """Learn the accuracy from pairs of one movement with one instrument.

    Pairs whose model, correction or view is not that of the newest one, or not known, are left out.

    Raises
    ------
    InputError
        Not enough people, or several movements or instruments.
    """
    all_pairs = in_order(pairs)
    usable = _analysed_alike(all_pairs)
    _check_one("movement", {pair.movement for pair in all_pairs})
    _check_one("instrument", {pair.instrument for pair in all_pairs})
    people = people_of(usable)
    if len(people) < FEWEST_PEOPLE:
        raise InputError(
            f"Expected pairs of at least {FEWEST_PEOPLE} people with view, pose model and"
            f" correction as in the newest pair, got {len(people)}; measure more people, or do"
            " without own error figures"
        )
    squares, biases = [], []
    for person in people:
        own = [pair.difference_deg for pair in usable if pair.person == person]
        squares.append(float(np.mean(np.square(own))))
        biases.append(float(np.mean(own)))
    return LocalAccuracy(
        scope=_scope(usable),
        instrument=usable[0].instrument,
        people=len(people),
        pairs=len(usable),
        rms_deg=math.sqrt(float(np.mean(squares))),
        bias_deg=float(np.mean(biases)),
        last_day=usable[-1].day,
    )


def personal_error(pairs: Iterable[BaselinePair]) -> PersonalError:
    """Learn a person's own error from the pairs of one movement.

    Raises
    ------
    InputError
        Not enough sessions, or several movements or people.
    """
    all_pairs = in_order(pairs)
    usable = _analysed_alike(all_pairs)
    _check_one("movement", {pair.movement for pair in all_pairs})
    _check_one("person", {pair.person for pair in all_pairs})
    sides: dict[Side | None, list[float]] = {}
    for pair in usable:
        sides.setdefault(pair.side, []).append(pair.difference_deg)
    freedom = len(usable) - len(sides)
    if freedom < FEWEST_SESSIONS - 1:
        raise InputError(
            f"Expected at least {FEWEST_SESSIONS} sessions of one side with two sets before, filmed"
            f" and analysed as the newest, got {len(usable)}; measure on more days, or do without"
            " own error figures"
        )
    squares = sum(float(((np.array(each) - np.mean(each)) ** 2).sum()) for each in sides.values())
    return PersonalError(
        scope=_scope(usable),
        person=usable[0].person,
        sessions=len(usable),
        freedom=freedom,
        sem_deg=math.sqrt(squares / freedom / 2),
        drift_deg=float(np.mean([pair.difference_deg for pair in usable])),
        last_day=usable[-1].day,
    )


_P = TypeVar("_P", bound=Paired)


def _analysed_alike(pairs: Sequence[_P]) -> tuple[_P, ...]:
    """The pairs with known view that were analysed as the newest of them."""
    known = [pair for pair in pairs if pair.conditions and pair.conditions.yaw_deg is not None]
    if not known:
        return ()
    newest = known[-1].conditions
    assert newest is not None
    analysis = (newest.model_sha256, newest.correction)
    return tuple(
        pair
        for pair in known
        if pair.conditions
        and (pair.conditions.model_sha256, pair.conditions.correction) == analysis
    )


def _scope(pairs: Sequence[Paired]) -> Scope:
    found = [pair.conditions for pair in pairs if pair.conditions is not None]
    yaws = [abs(each.yaw_deg) for each in found if each.yaw_deg is not None]
    heights = [each.subject_height_frac for each in found if each.subject_height_frac is not None]
    return Scope(
        movement=pairs[0].movement,
        model_sha256=found[-1].model_sha256,
        correction=found[-1].correction,
        yaw_deg=(min(yaws), max(yaws)),
        subject_height_frac=(min(heights), max(heights)) if heights else None,
    )


def _check_one(what: str, found: set[str]) -> None:
    if len(found) > 1:
        raise InputError(
            f"Expected pairs of one {what}, got {', '.join(sorted(found))}; choose one"
        )


def _t95(freedom: float) -> float:
    return float(special.stdtrit(freedom, 0.975))
