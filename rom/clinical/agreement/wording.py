"""What pairs show, in sentences: plain words, and every figure with its unit and error."""

from __future__ import annotations

from collections.abc import Iterator

from rom.clinical.agreement.bland_altman import Estimate
from rom.clinical.agreement.local_error import LocalAccuracy, PersonalError
from rom.clinical.agreement.pairs import instrument_words
from rom.clinical.agreement.study import Agreement
from rom.clinical.error import error_figures, mdc95_deg, usual_sem_deg
from rom.clinical.wording import degrees, movement_title

CANNOT_TELL_AGREEMENT = (
    "It does not say which of the two readings is nearer to the truth: an instrument read by hand "
    "has an error of its own, which is part of every figure here.",
    "A reading that is taken after looking at the other agrees too well. Read the instrument "
    "before you look at our value.",
    "Pairs of few people, or of people who are much alike, say little about others. See the "
    "intervals.",
)


def agreement_title(agreement: Agreement) -> str:
    """The movement, and what was held against what."""
    against = "second set before against the first"
    if agreement.instrument is not None:
        against = f"ours against {instrument_words(agreement.instrument)}"
    return f"{titled(agreement.movement)}: {against}"


def titled(movement: str) -> str:
    """A movement in plain words, as a sentence begins."""
    title = movement_title(movement, None)
    return title[:1].upper() + title[1:]


def agreement_sentences(agreement: Agreement) -> tuple[str, ...]:
    """What the limits mean, the most important first."""
    return (*_sentences(agreement),)


def method_sentences(agreement: Agreement) -> tuple[str, ...]:
    """How the figures were made, with the names of their sources."""
    found = agreement.limits
    if found is None:
        return ()
    if found.method == "exact":
        how = "exact, for one pair of each person (CARKEET2015)"
    else:
        how = "for several pairs of a person, with the variance between and within people (ZOU2013)"
    sentences = [f"Limits of agreement: BLANDALTMAN1999. Intervals at 95 %: of the limits {how}."]
    if found.left_out:
        sentences.append(
            f"{found.left_out} of {len(agreement.pairs)} pairs were left out: too few people have "
            "a second one, so the first of each counts."
        )
    if agreement.reliability is not None:
        sentences.append(
            "ICC: SHROUT1979, intervals MCGRAW1996. SEM: DEVET2006, as if both readings erred "
            "alike; MDC = 2.77 · SEM without the bias."
        )
    return tuple(sentences)


def estimate_words(estimate: Estimate, *, signed: bool = True) -> str:
    """A figure in degrees with its interval, one decimal each."""
    value = _signed(estimate.value) if signed else degrees(estimate.value, decimals=1)
    low, high = (degrees(each, decimals=1) for each in (estimate.low, estimate.high))
    return f"{value} ({low} to {high})"


def accuracy_sentence(figures: LocalAccuracy) -> str:
    """What own figures against an instrument would show, with n and date, beside the table's."""
    movement, yaw_deg = figures.scope.movement, figures.scope.yaw_deg[1]
    known = error_figures(movement, yaw_deg=yaw_deg)
    sem = usual_sem_deg(movement, yaw_deg=yaw_deg)
    own = degrees(figures.accuracy_deg(known.accuracy_deg, sem_deg=sem))
    return (
        f"accuracy ±{own} (95 %) from {figures.source}, instead of ±{degrees(known.accuracy_deg)} "
        f"({known.source}). {_scope_words(figures.scope.yaw_deg)}"
    )


def personal_sentence(figures: PersonalError) -> str:
    """What a person's own figures would show, with n and date, beside the table's."""
    movement, yaw_deg = figures.scope.movement, figures.scope.yaw_deg[1]
    usual = usual_sem_deg(movement, yaw_deg=yaw_deg)
    own = figures.updated_sem_deg(usual)
    known = error_figures(movement, yaw_deg=yaw_deg)
    return (
        f"a change is told beyond {degrees(mdc95_deg(own), decimals=1)} (standard error of a set "
        f"{degrees(own, decimals=1)}) from {figures.source}, instead of "
        f"{degrees(mdc95_deg(usual), decimals=1)} ({known.source}). "
        f"{_scope_words(figures.scope.yaw_deg)}"
    )


def _sentences(agreement: Agreement) -> Iterator[str]:
    found = agreement.limits
    if found is None:
        yield agreement.reason or ""
        return
    yield from _bias_sentence(agreement, found.bias)
    lower, upper = _signed(found.lower.value, 0), _signed(found.upper.value, 0)
    yield (
        f"The difference of 95 of 100 new pairs is expected between {lower} and {upper}, as far as "
        f"{found.people} people can show it: the outer ends of these limits' intervals are "
        f"{_signed(found.lower.low, 0)} and {_signed(found.upper.high, 0)}."
    )
    if agreement.slope_told and agreement.slope is not None:
        way = "grows" if agreement.slope.value > 0 else "falls"
        yield (
            f"The difference {way} by {degrees(abs(10 * agreement.slope.value), decimals=1)} for "
            "every 10° of movement, so one pair of limits does not fit all angles."
        )


def _bias_sentence(agreement: Agreement, bias: Estimate) -> Iterator[str]:
    size = degrees(abs(bias.value), decimals=1)
    if agreement.instrument is None:
        moved = "further" if bias.value > 0 else "less far"
        first = f"On average the second set goes {size} {moved} than the first"
    else:
        read = "more" if bias.value > 0 else "less"
        the = {"goniometer": "the goniometer", "inclinometer": "the inclinometer"}
        other = the.get(agreement.instrument, "the other instrument")
        first = f"On average we read {size} {read} than {other}"
    if bias.low <= 0.0 <= bias.high:
        yield f"{first}, which can be chance."
    else:
        yield f"{first}, more than chance explains. It is not taken out of any value."


def _signed(value_deg: float, decimals: int = 1) -> str:
    words = degrees(value_deg, decimals=decimals)
    return f"+{words}" if round(value_deg, decimals) > 0 else words


def _scope_words(yaw_deg: tuple[float, float]) -> str:
    low, high = (degrees(each) for each in yaw_deg)
    off = high if low == high else f"{low} to {high}"
    return f"For recordings about {off} off the plane of the movement, analysed as these were."
