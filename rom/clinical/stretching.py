"""Stretching, strengthening and relaxation, as far as the readiness rules allow them.

The rules G01 to G03 of `decision_rules.csv` say when; the doses stand in `stretch_doses.csv`
(4 minutes a session and 10 a week, beyond which more brought nothing: Ingram 2025), the stretches
in `stretches.csv`. The order, massage first and stretching once pain has come down, is the
convention of the articles; no trial of it is known. Nothing here promises a longer muscle: in the
first weeks people mostly get used to the stretch (Weppler 2010).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rom.clinical.guidance import guidance_words
from rom.clinical.json_values import JsonValue, json_value
from rom.clinical.muscles import Candidate, muscles_worth_trying
from rom.clinical.screening import Clearance
from rom.clinical.tables import Row, number_of, read_table, text_of
from rom.errors import UsageError
from rom.landmarks import Side
from rom.movements import movement_named

FlareAdvice = Literal["none", "lighter", "pause", "stop"]

_FLARE_ORDER: tuple[FlareAdvice, ...] = ("none", "lighter", "pause", "stop")
_STRETCHES_SHOWN = 2
_WORSENING = "WORSENING"


@dataclass(frozen=True, kw_only=True)
class StretchDose:
    """How long, how often and how strong to stretch.

    Attributes
    ----------
    holds, hold_s
        Holds for each muscle and session, and the length of each.
    sessions_per_week
        So that a muscle gets around 10 minutes a week; 2.5 reads "2 or 3 days".
    discomfort_max
        0 to 10.
    """

    id: str
    holds: int
    hold_s: float
    sessions_per_week: float
    discomfort_max: float
    words: str
    source: str
    evidence: str


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """One stretch; `holds` of `hold_s` each, which a gentle place may shorten or multiply."""

    muscle: str
    side: Side | None
    title: str
    how: str
    holds: int
    hold_s: float
    avoid: str | None
    source: str
    evidence: str


@dataclass(frozen=True, kw_only=True)
class Strengthening:
    """One light exercise against resistance that does not move."""

    how: str
    dose: str
    source: str
    evidence: str


@dataclass(frozen=True, kw_only=True)
class FlareQuestion:
    """A question about how a stretch was followed; `advice` is what a yes means."""

    id: str
    words: str
    advice: FlareAdvice
    message: str
    source: str
    evidence: str


@dataclass(frozen=True, kw_only=True)
class Guidance:
    """What may be added to the massage now.

    Attributes
    ----------
    dose
        None while stretching is not suggested; then `stretches` is empty.
    sentences
        What is said about it, in words for the user.
    strengthening
        None while it is not suggested.
    flare_questions
        To be asked before the next stretch; empty without one.
    """

    readiness: str | None
    sentences: tuple[str, ...]
    dose: StretchDose | None
    stretches: tuple[Stretch, ...]
    strengthening: Strengthening | None
    flare_questions: tuple[FlareQuestion, ...]

    def to_json(self) -> JsonValue:
        return json_value(self)


def stretch_guidance(
    movement: str,
    side: Side | None,
    readiness: str | None,
    *,
    weeks_label: str | None = None,
    flare: FlareAdvice = "none",
    clearance: Clearance | None = None,
) -> Guidance:
    """Say what stretching and strengthening the readiness rules allow for a movement.

    Parameters
    ----------
    readiness
        Label of the furthest readiness rule that holds (G01 STRETCH_READY, G02 STRETCH_PARALLEL,
        G03 STRENGTH_READY, which includes what G01 allows); None while none does.
    weeks_label
        Label over weeks (L00 to L05); scenario 2 and both together take the long-held dose,
        and what gets worse is not stretched.
    flare
        Advice from the flare-up questions: "pause" and "stop" hold everything back, "lighter"
        goes back to the mild dose.
    clearance
        What the safety questions allow; a movement that may not be measured is not stretched.

    Raises
    ------
    UsageError
        Unknown movement or readiness, or a side that does not fit.
    """
    candidates = muscles_worth_trying(movement, side)
    _check_labels(readiness, weeks_label)
    refusal = clearance.measuring_refusal(movement, side) if clearance else None
    if refusal is not None:
        return _nothing(readiness, refusal)
    if weeks_label == _WORSENING:
        return _nothing(readiness, _words_of("weeks")[_WORSENING])
    if flare in ("pause", "stop"):
        return _nothing(readiness, _flare_message(flare))
    if readiness is None:
        words = guidance_words("stretch_not_yet"), guidance_words("stretch_parallel_offer")
        return _nothing(None, *words, guidance_words("relaxation"))
    return _allowed(movement, candidates, readiness, weeks_label, flare)


def flare_questions() -> tuple[FlareQuestion, ...]:
    """The questions to ask before the next stretch."""
    return tuple(_flare_question(row) for row in read_table("flare_questions.csv"))


def flare_advice(answered_yes: tuple[str, ...] | frozenset[str]) -> FlareAdvice:
    """The most careful advice of the questions answered with yes.

    Raises
    ------
    UsageError
        An unknown question.

    >>> flare_advice(("FL1", "FL2"))
    'pause'
    """
    known = {question.id: question.advice for question in flare_questions()}
    for name in answered_yes:
        if name not in known:
            raise UsageError(f"Expected one of {', '.join(known)}, got {name!r}; correct it")
    found = [known[name] for name in answered_yes]
    return max(found, key=_FLARE_ORDER.index, default="none")


def _allowed(
    movement: str,
    candidates: tuple[Candidate, ...],
    readiness: str,
    weeks_label: str | None,
    flare: FlareAdvice,
) -> Guidance:
    dose = _dose(readiness, weeks_label, flare)
    stretches = _stretches(candidates, dose)
    strengthening = _strengthening(movement) if readiness == "STRENGTH_READY" else None
    sentences = [_words_of("readiness")[readiness]]
    if flare == "lighter":
        sentences.append(_flare_message(flare))
    if (readiness, dose.id) != ("STRETCH_READY", "usual"):  # that rule says this dose itself
        sentences.append(dose.words)
    sentences += [guidance_words("stretch_when"), guidance_words("stretch_promise")]
    if strengthening is None:
        sentences.append(guidance_words("strength_not_yet"))
    sentences.append(guidance_words("relaxation"))
    return Guidance(
        readiness=readiness,
        sentences=tuple(sentences),
        dose=dose,
        stretches=stretches,
        strengthening=strengthening,
        flare_questions=flare_questions(),
    )


def _nothing(readiness: str | None, *sentences: str) -> Guidance:
    return Guidance(
        readiness=readiness,
        sentences=sentences,
        dose=None,
        stretches=(),
        strengthening=None,
        flare_questions=(),
    )


def _check_labels(readiness: str | None, weeks_label: str | None) -> None:
    for label, scope in ((readiness, "readiness"), (weeks_label, "weeks")):
        known = _words_of(scope)
        if label is not None and label not in known:
            raise UsageError(f"Expected one of {', '.join(known)}, got {label!r}; correct it")


def _words_of(scope: str) -> dict[str, str]:
    """Wording of the decision rules of a scope, by label."""
    rows = [row for row in read_table("decision_rules.csv") if row["scope"] == scope]
    return {text_of(row, "label"): text_of(row, "user_wording") for row in rows}


def _dose(readiness: str, weeks_label: str | None, flare: FlareAdvice) -> StretchDose:
    doses = {text_of(row, "dose_id"): row for row in read_table("stretch_doses.csv")}
    if readiness == "STRETCH_PARALLEL" or flare == "lighter":
        return _read_dose(doses["mild"])
    long_held = text_of(doses["long_held"], "weeks_label").split("|")
    return _read_dose(doses["long_held" if weeks_label in long_held else "usual"])


def _stretches(candidates: tuple[Candidate, ...], dose: StretchDose) -> tuple[Stretch, ...]:
    rows = {text_of(row, "muscle_id"): row for row in read_table("stretches.csv")}
    found: dict[tuple[str, Side | None], Stretch] = {}
    for candidate in candidates:
        row = rows.get(candidate.muscle.id)
        if row is None:
            continue
        for side in _stretch_sides(candidate, text_of(row, "how")):
            found.setdefault((text_of(row, "how"), side), _read_stretch(row, side, dose))
    muscles = list(dict.fromkeys(stretch.muscle for stretch in found.values()))
    return tuple(each for each in found.values() if each.muscle in muscles[:_STRETCHES_SHOWN])


def _stretch_sides(candidate: Candidate, how: str) -> tuple[Side | None, ...]:
    return candidate.sides if "{side}" in how else (None,)


def _strengthening(movement: str) -> Strengthening | None:
    joint = movement_named(movement).joint.split()[0]
    for row in read_table("strengthening.csv"):
        if row["joint"] == joint:
            return Strengthening(
                how=text_of(row, "how"),
                dose=guidance_words("strength_dose"),
                source=text_of(row, "source"),
                evidence=text_of(row, "evidence_status"),
            )
    return None


def _flare_message(advice: FlareAdvice) -> str:
    return next(each.message for each in flare_questions() if each.advice == advice)


def _flare_question(row: Row) -> FlareQuestion:
    return FlareQuestion(
        id=text_of(row, "question_id"),
        words=text_of(row, "question"),
        advice=next(each for each in _FLARE_ORDER if each == row["answer_yes"]),
        message=text_of(row, "message"),
        source=text_of(row, "source"),
        evidence=text_of(row, "evidence_status"),
    )


def _read_dose(row: Row) -> StretchDose:
    return StretchDose(
        id=text_of(row, "dose_id"),
        holds=int(number_of(row, "holds")),
        hold_s=number_of(row, "hold_s"),
        sessions_per_week=number_of(row, "sessions_per_week"),
        discomfort_max=number_of(row, "discomfort_max"),
        words=text_of(row, "words"),
        source=text_of(row, "source"),
        evidence=text_of(row, "evidence_status"),
    )


def _read_stretch(row: Row, side: Side | None, dose: StretchDose) -> Stretch:
    hold_s = min(dose.hold_s, number_of(row, "hold_max_s"))
    holds = round(dose.holds * dose.hold_s / hold_s)  # the same time in shorter holds
    side_words = side.value if side else ""
    return Stretch(
        muscle=text_of(row, "muscle_id"),
        side=side,
        title=text_of(row, "title"),
        how=text_of(row, "how").replace("{side}", side_words),
        holds=holds,
        hold_s=hold_s,
        avoid=row["avoid"],
        source=text_of(row, "source"),
        evidence=text_of(row, "evidence_status"),
    )
