"""Own error figures as they are kept, switched on, and used in place of the table's."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from rom.clinical.agreement.local_error import LocalAccuracy, PersonalError, Scope
from rom.clinical.agreement.pairs import INSTRUMENTS, Conditions, check_person
from rom.clinical.error import MDC95_FACTOR
from rom.clinical.json_values import JsonValue, json_value
from rom.errors import InputError, UsageError

SCHEMA = "rom.local_error/1"

_F = TypeVar("_F", LocalAccuracy, PersonalError)


@dataclass(frozen=True, kw_only=True)
class UsedFigures:
    """The error of one value.

    Attributes
    ----------
    sem_source, accuracy_source
        Where a figure of your own comes from, with n and date; None for the table's.
    reasons
        Why own figures of this movement were not used, a clause each.
    """

    sem_deg: float
    accuracy_deg: float
    sem_source: str | None = None
    accuracy_source: str | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LocalErrors:
    """A named collection of own figures: of movements against an instrument, and of one person."""

    name: str
    accuracy: tuple[LocalAccuracy, ...] = ()
    personal: tuple[PersonalError, ...] = ()

    @property
    def movements(self) -> tuple[str, ...]:
        """The movements that there are figures for, each once."""
        scopes = [each.scope for each in self.accuracy] + [each.scope for each in self.personal]
        return tuple(dict.fromkeys(scope.movement for scope in scopes))

    def check_movement(self, movement: str) -> None:
        """Raise UsageError where there are no figures for a movement at all."""
        if movement not in self.movements:
            raise UsageError(
                f"Expected own error figures for {movement}, but {self.name} holds those of"
                f" {', '.join(self.movements)}; leave --local-error out, or name others"
            )

    def used(
        self,
        movement: str,
        conditions: Conditions,
        *,
        sem_deg: float,
        accuracy_deg: float,
    ) -> UsedFigures:
        """Replace the table's figures of a value where own ones hold for its recording.

        `sem_deg` is the set's, `accuracy_deg` the table's for the view.
        """
        accuracy, accuracy_reasons = _fitting(self.accuracy, movement, conditions)
        personal, personal_reasons = _fitting(self.personal, movement, conditions)
        sem = sem_deg if personal is None else personal.updated_sem_deg(sem_deg)
        half_width = max(accuracy_deg, MDC95_FACTOR * sem)
        if accuracy is not None:
            half_width = accuracy.accuracy_deg(accuracy_deg, sem_deg=sem)
        return UsedFigures(
            sem_deg=sem,
            accuracy_deg=half_width,
            sem_source=self._source(personal),
            accuracy_source=self._source(accuracy),
            reasons=(*accuracy_reasons, *personal_reasons),
        )

    def _source(self, figures: LocalAccuracy | PersonalError | None) -> str | None:
        return None if figures is None else f"own error figures {self.name}: {figures.source}"

    def to_json(self) -> dict[str, JsonValue]:
        return {
            "schema": SCHEMA,
            "name": self.name,
            "accuracy": [_figures_json(each) for each in self.accuracy],
            "personal": [_figures_json(each) for each in self.personal],
        }


def local_errors_from_json(content: object) -> LocalErrors:
    """Read what `LocalErrors.to_json` wrote.

    Raises
    ------
    InputError
        It is something else, or damaged.
    """
    try:
        if not isinstance(content, dict) or content["schema"] != SCHEMA:
            raise ValueError
        return LocalErrors(
            name=check_person(str(content["name"])),
            accuracy=tuple(_accuracy(each) for each in content["accuracy"]),
            personal=tuple(_personal(each) for each in content["personal"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError, UsageError) as error:
        raise InputError(
            "Expected own error figures as `rom agreement --save` writes them, got something"
            " else; make them again"
        ) from error


def _fitting(
    figures: Iterable[_F], movement: str, conditions: Conditions
) -> tuple[_F | None, tuple[str, ...]]:
    """The newest figures that hold for a recording, else why those of its movement do not."""
    of_movement = [each for each in figures if each.scope.movement == movement]
    reasons = []
    for each in sorted(of_movement, key=lambda found: found.last_day, reverse=True):
        reason = each.scope.reason_against(movement, conditions)
        if reason is None:
            return each, ()
        reasons.append(reason)
    return None, tuple(dict.fromkeys(reasons))


def _figures_json(figures: LocalAccuracy | PersonalError) -> JsonValue:
    found = json_value({**vars(figures), "last_day": figures.last_day.isoformat()})
    assert isinstance(found, dict)
    return found


def _accuracy(content: dict[str, Any]) -> LocalAccuracy:
    if content["instrument"] not in INSTRUMENTS:
        raise ValueError
    return LocalAccuracy(
        scope=_scope(content["scope"]),
        instrument=content["instrument"],
        people=_count(content["people"]),
        pairs=_count(content["pairs"]),
        rms_deg=_number(content["rms_deg"], at_least=0.0),
        bias_deg=_number(content["bias_deg"]),
        last_day=date.fromisoformat(content["last_day"]),
    )


def _personal(content: dict[str, Any]) -> PersonalError:
    return PersonalError(
        scope=_scope(content["scope"]),
        person=check_person(str(content["person"])),
        sessions=_count(content["sessions"]),
        freedom=_count(content["freedom"]),
        sem_deg=_number(content["sem_deg"], at_least=0.0),
        drift_deg=_number(content["drift_deg"]),
        last_day=date.fromisoformat(content["last_day"]),
    )


def _scope(content: dict[str, Any]) -> Scope:
    correction, height = content["correction"], content["subject_height_frac"]
    return Scope(
        movement=str(content["movement"]),
        model_sha256=str(content["model_sha256"]),
        correction=None if correction is None else str(correction),
        yaw_deg=_span(content["yaw_deg"]),
        subject_height_frac=None if height is None else _span(height),
    )


def _span(content: list[object]) -> tuple[float, float]:
    low, high = (_number(each) for each in content)
    return low, high


def _number(value: object, *, at_least: float = -math.inf) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError
    if not math.isfinite(value) or value < at_least:
        raise ValueError
    return float(value)


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError
    return value
