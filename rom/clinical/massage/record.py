"""What was done in a guided self-massage, as it is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_args

from rom.clinical.body import Place, place_named
from rom.clinical.json_values import JsonValue, json_value
from rom.clinical.massage.plan import SpotKey
from rom.clinical.muscles import muscle_named
from rom.clinical.safety import check_rating
from rom.clinical.screen import Screen, screen_from_json
from rom.errors import InputError, RomError
from rom.landmarks import Side
from rom.movements import movement_named

SCHEMA = "rom.massage/1"

Familiar = Literal["yes", "no", "not_tender"]
"""The answer to "is this your familiar pain?"."""

ReportedAs = Literal["active", "latent"]
"""What the articles call such a spot: active if the pain is familiar, latent if only tender."""

Outcome = Literal["completed", "not_tender", "skipped", "stopped", "unfinished"]

_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True)
class SpotRecord:
    """One round on one spot.

    Attributes
    ----------
    side
        None for both sides together.
    started_s
        Since the massage began.
    planned_s, held_s
        Steady pressure as planned and as held.
    strength_before, strength_after
        Discomfort under pressure, 0 to 10, when the timer started and at its end; None where it
        was not asked any more.
    familiar, reported_as
        As the person says, never as the program finds.
    reason
        The symptom or rule that ended it; None for the other outcomes.
    """

    muscle: str
    side: Side | None
    round: int
    started_s: float
    planned_s: float
    held_s: float
    strength_before: float | None
    strength_after: float | None
    familiar: Familiar | None
    outcome: Outcome
    reason: str | None

    @property
    def reported_as(self) -> ReportedAs | None:
        if self.familiar == "yes":
            return "active"
        return "latent" if self.familiar == "no" else None


@dataclass(frozen=True, kw_only=True)
class MassageRecord:
    """A massage from its first question on; complete at every moment.

    Attributes
    ----------
    started_at
        Date and time as in ISO 8601.
    pain_before, pain_after
        Pain without pressure, 0 to 10, at the beginning and the last time it was asked.
    finished
        Whether the plan was carried through.
    stopped
        Symptom or rule that ended the massage; None if nothing did.
    screen
        The answers to the safety questions; None where they are kept elsewhere.
    """

    movement: str
    side: Side | None
    hurts: tuple[Place, ...]
    started_at: str
    pain_before: float | None
    pain_after: float | None
    spots: tuple[SpotRecord, ...]
    finished: bool
    stopped: str | None
    screen: Screen | None = None

    def to_json(self) -> dict[str, JsonValue]:
        """The contract `rom.massage/1`."""
        return {
            "schema": SCHEMA,
            "movement": self.movement,
            "side": json_value(self.side),
            "hurts": [place.name for place in self.hurts],
            "started_at": self.started_at,
            "pain_before": json_value(self.pain_before),
            "pain_after": json_value(self.pain_after),
            "spots": [_spot_json(spot) for spot in self.spots],
            "finished": self.finished,
            "stopped": self.stopped,
            "screen": self.screen.to_json() if self.screen else None,
        }


def rounds_done(records: Iterable[MassageRecord], *, day: str) -> dict[SpotKey, int]:
    """How often each spot was pressed on a day, given as 2030-01-31."""
    done: Counter[SpotKey] = Counter()
    for record in records:
        if record.started_at[:10] == day:
            done.update((spot.muscle, spot.side) for spot in record.spots if spot.held_s > 0)
    return dict(done)


def record_from_json(content: object) -> MassageRecord:
    """Read what `MassageRecord.to_json` made.

    Raises
    ------
    InputError
        Anything else.
    """
    try:
        if not isinstance(content, dict) or content["schema"] != SCHEMA:
            raise ValueError
        return _record(content)
    except (KeyError, TypeError, ValueError, RomError) as error:
        raise InputError(
            f"Expected the record of a massage ({SCHEMA}), got something else; name a file that"
            " `rom massage --out` wrote"
        ) from error


def _record(content: dict[str, Any]) -> MassageRecord:
    return MassageRecord(
        movement=movement_named(_checked(content["movement"], str)).name,
        side=_side(content["side"]),
        hurts=tuple(place_named(name) for name in _checked(content["hurts"], list)),
        started_at=_checked(content["started_at"], str),
        pain_before=_rating(content["pain_before"]),
        pain_after=_rating(content["pain_after"]),
        spots=tuple(_spot(each) for each in _checked(content["spots"], list)),
        finished=_checked(content["finished"], bool),
        stopped=_optional(content["stopped"], str),
        screen=None if content["screen"] is None else screen_from_json(content["screen"]),
    )


def _spot(content: dict[str, Any]) -> SpotRecord:
    return SpotRecord(
        muscle=muscle_named(_checked(content["muscle"], str)).id,
        side=_side(content["side"]),
        round=_checked(content["round"], int),
        started_s=_seconds(content["started_s"]),
        planned_s=_seconds(content["planned_s"]),
        held_s=_seconds(content["held_s"]),
        strength_before=_rating(content["strength_before"]),
        strength_after=_rating(content["strength_after"]),
        familiar=_one_of(content["familiar"], get_args(Familiar)),
        outcome=_one_of(content["outcome"], get_args(Outcome)) or "unfinished",
        reason=_optional(content["reason"], str),
    )


def _spot_json(spot: SpotRecord) -> dict[str, JsonValue]:
    content = json_value(spot)
    assert isinstance(content, dict)
    return content | {"reported_as": spot.reported_as}


def _side(value: object) -> Side | None:
    return None if value is None else Side(_checked(value, str))


def _rating(value: object) -> float | None:
    return None if value is None else check_rating(_number(value))


def _seconds(value: object) -> float:
    number = _number(value)
    if number < 0:
        raise ValueError
    return number


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError
    return float(value)


def _optional(value: object, kind: type[_T]) -> _T | None:
    return None if value is None else _checked(value, kind)


def _one_of(value: object, allowed: tuple[_T, ...]) -> _T | None:
    found = [each for each in allowed if each == value]
    if value is not None and not found:
        raise ValueError
    return found[0] if found else None


def _checked(value: object, kind: type[_T]) -> _T:
    if not isinstance(value, kind):
        raise TypeError
    return value
