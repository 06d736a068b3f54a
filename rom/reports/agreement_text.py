"""Agreement of readings as plain text for a terminal, and the rows that the page shows as well."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from rom.clinical.agreement.bland_altman import Estimate
from rom.clinical.agreement.study import Agreement
from rom.clinical.agreement.wording import (
    agreement_sentences,
    agreement_title,
    estimate_words,
    method_sentences,
)
from rom.clinical.sources import citations_in
from rom.clinical.wording import degrees

DEFAULT_WIDTH = 80
_LABEL_WIDTH = 20


def agreement_text(
    agreements: Sequence[Agreement],
    *,
    own_figures: Sequence[str] = (),
    width: int = DEFAULT_WIDTH,
) -> str:
    """All results, what own error figures could be made of them, and the sources."""
    blocks = [_block(agreement, width) for agreement in agreements]
    if own_figures:
        items = [_item(sentence, width) for sentence in own_figures]
        blocks.append("\n".join(["Own error figures", "", *items]))
    citations = agreement_citations(agreements)
    if citations:
        blocks.append("\n".join(["Sources", "", *(_item(each, width) for each in citations)]))
    return "\n\n".join(blocks)


def switched_on_text(summary: str, *, width: int = DEFAULT_WIDTH) -> str:
    """Which own error figures are used until they are switched off."""
    words = (
        f"{summary}. `rom assess` and `rom compare` use them with --person; `rom agreement"
        " --switch-off` brings the figures of the program back."
    )
    return textwrap.fill(words[:1].upper() + words[1:], width, break_on_hyphens=False)


def agreement_rows(agreement: Agreement) -> list[tuple[str, str]]:
    """Names and figures with units and intervals."""
    days = agreement.first_day.isoformat()
    if agreement.last_day != agreement.first_day:
        days += f" to {agreement.last_day.isoformat()}"
    people = "1 person" if agreement.people == 1 else f"{agreement.people} people"
    pairs = "1 pair" if len(agreement.pairs) == 1 else f"{len(agreement.pairs)} pairs"
    rows = [("pairs", f"{pairs} of {people}, {days}")]
    found = agreement.limits
    if found is None:
        return rows
    rows += [
        ("bias", f"{estimate_words(found.bias)}, {_direction(agreement)}"),
        ("upper limit", estimate_words(found.upper)),
        ("lower limit", estimate_words(found.lower)),
        ("SD of differences", degrees(found.sd_deg, decimals=1)),
        ("proportional bias", _slope_words(agreement.slope)),
    ]
    if found.within_sd_deg is not None:
        within = degrees(found.within_sd_deg, decimals=1)
        rows.insert(5, ("", f"of which within people {within}"))
    return rows + _reliability_rows(agreement)


def agreement_citations(agreements: Sequence[Agreement]) -> tuple[str, ...]:
    """Full citations of the methods used, once each."""
    named = [sentence for agreement in agreements for sentence in method_sentences(agreement)]
    return tuple(dict.fromkeys(each for sentence in named for each in citations_in(sentence)))


def _reliability_rows(agreement: Agreement) -> list[tuple[str, str]]:
    found, mdc_deg = agreement.reliability, agreement.mdc95_deg
    if found is None or mdc_deg is None:
        return [("ICC, SEM, MDC", agreement.reliability_reason or "Not stated.")]
    with_bias = degrees(found.sem_agreement_deg, decimals=1)
    without = degrees(found.sem_consistency_deg, decimals=1)
    return [
        ("ICC(A,1) = ICC(2,1)", f"{_ratio_words(found.agreement)}, agreement"),
        ("ICC(C,1) = ICC(3,1)", f"{_ratio_words(found.consistency)}, consistency"),
        ("SEM", f"{with_bias} with the bias, {without} without it"),
        ("MDC95", f"{degrees(mdc_deg, decimals=1)} between two readings, one of each kind"),
    ]


def _direction(agreement: Agreement) -> str:
    return "second − first" if agreement.instrument is None else "ours − instrument"


def _slope_words(slope: Estimate | None) -> str:
    if slope is None:
        return "not stated: all means are the same"
    value, low, high = (_hundredths(each) for each in (slope.value, slope.low, slope.high))
    sign = "+" if round(slope.value, 2) > 0 else ""
    return f"{sign}{value}° per degree ({low} to {high})"


def _ratio_words(estimate: Estimate) -> str:
    value, low, high = (_hundredths(each) for each in (estimate.value, estimate.low, estimate.high))
    return f"{value} ({low} to {high})"


def _hundredths(value: float) -> str:
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")


def _block(agreement: Agreement, width: int) -> str:
    lines = [*textwrap.wrap(agreement_title(agreement), width), ""]
    for name, words in agreement_rows(agreement):
        head = f"  {name:{_LABEL_WIDTH}}"
        indent = " " * len(head)
        lines += textwrap.wrap(words, width, initial_indent=head, subsequent_indent=indent)
    lines.append("")
    for sentence in (*agreement_sentences(agreement), *method_sentences(agreement)):
        lines += textwrap.wrap(sentence, width)
    return "\n".join(lines)


def _item(sentence: str, width: int) -> str:
    return textwrap.fill(sentence, width, initial_indent="  - ", subsequent_indent="    ")
