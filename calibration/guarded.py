"""Guarded sets: how surely the product finds signs, and how rarely it names one falsely.

What is guarded in time (stops, slowness, roughness, a sudden action) is composed from the stock;
what is guarded in space (a lean, a hike, a bent joint) is rendered anew. A severity of 1 is the
clinical threshold of the sign as a faultless reading would see it; 0 is an unguarded set.

``python -m calibration.guarded --out FOLDER`` writes ``calibration/results/signs.csv``; landmarks
that were rendered stay in the folder and are not rendered again.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from calibration.cohort import Split, cohort
from calibration.compose import ComposedSet, Recording, acting_sides, compose_set
from calibration.conditions import Kind
from calibration.guarded_posed import SEVERITIES, GuardedPlan, render_guarded
from calibration.guarded_time import TIMED_CODES, TIMED_MOVEMENTS, guarded_in_time
from calibration.intervals import cluster_share
from calibration.noise import MEASURED
from calibration.protocol import draw_sets
from calibration.stock import STOCK_FOLDER, Stills, Stock, read_stock
from rom.clinical.signs.compared import (
    completed,
    judge_less_smooth,
    judge_movement_pain,
    judge_slow,
)
from rom.clinical.signs.finding import Sign, find_signs
from rom.clinical.signs.index import protective_index
from rom.landmarks import Side
from rom.movements import MOVEMENTS
from rom.trace import Trace, trace_movement

RESULTS = Path(__file__).parent / "results" / "signs.csv"
SETS, SEED = 4, 20261122
REPORTED: Split = "report"
"""Limits are set on the people of the tune split; the table is of people whom they never saw."""
STOCK_KINDS: tuple[Kind, ...] = ("plain", "near", "off30")
FULL_PART = 0.9
"""Guarded sets go almost to the end of the range, where a compensation is as large as planned."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One sign in one set of one person."""

    split: Split
    how: str
    movement: str
    member: str
    code: str
    severity: int
    evaluated: bool
    present: bool


@dataclass(frozen=True, kw_only=True)
class SignRow:
    """A sign's share among the sets in which it could be judged, with its 95 % interval.

    `code` "any" is the whole family that is shown, "index" the composite with pain reported.
    """

    split: Split
    code: str
    movement: str
    how: str
    severity: int
    people: int
    sets: int
    evaluated: int
    present: int
    share: float | None
    low: float | None
    high: float | None


def drawn_from(stock: Stock, split: Split, series: int | None) -> Stock:
    """So many series of a split's people, drawn at random; all of them for None."""
    found = list(stock.choose(split=split, kinds=STOCK_KINDS))
    random.Random(1).shuffle(found)
    return Stock({each.key: each for each in found[:series]})


def unguarded_outcomes(
    stock: Stock, *, sets: int = SETS, split: Split = REPORTED
) -> Iterator[Outcome]:
    """Every sign of unguarded sets, each with another set of the same person at the same pace."""
    for stills, side, recording in _recordings(stock, sets, split):
        composed = compose_set(stills, side, recording, jitter=MEASURED)
        again = compose_set(stills, side, _another(recording), jitter=MEASURED)
        trace, other = _trace(stills, composed), _trace(stills, again)
        if trace.counted:
            yield from _outcomes("unguarded", stills, 0, _signs(trace, other), None)


def timed_outcomes(stock: Stock, *, sets: int = SETS, split: Split = REPORTED) -> Iterator[Outcome]:
    """Signs of time at every severity, each beside an unguarded set of the same person."""
    chosen = [
        stills
        for name in TIMED_MOVEMENTS
        for stills in stock.choose(split=split, movement=name, kinds=("plain",))
    ]
    narrowed = Stock({each.key: each for each in chosen})
    for stills, side, recording in _recordings(narrowed, sets, split):
        reference = _trace(stills, compose_set(stills, side, _another(recording), jitter=MEASURED))
        for code in TIMED_CODES:
            for severity in SEVERITIES:
                composed = guarded_in_time(stills, side, recording, code, severity)
                if composed is not None:
                    signs = _signs(_trace(stills, composed), reference)
                    yield from _outcomes("composed", stills, severity, signs, code)


def posed_outcomes(stills: Iterable[Stills], *, sets: int = SETS) -> Iterator[Outcome]:
    """The sign that each rendered series shows, in sets composed from it."""
    for each in stills:
        plan = each.plan
        if not isinstance(plan, GuardedPlan):
            raise ValueError(f"expected a guarded series, got {plan.key}")
        split = plan.member.split
        whole = _recordings(Stock({each.key: each}), sets, split, low=FULL_PART)
        for _, side, recording in whole:
            trace = _trace(each, compose_set(each, side, recording, jitter=MEASURED))
            signs = _signs(trace, None)
            yield from _outcomes("rendered", each, plan.severity, signs, plan.code)


def _recordings(
    stock: Stock, sets: int, split: Split, *, low: float = 0.5
) -> Iterator[tuple[Stills, Side, Recording]]:
    for stills in stock.choose(split=split, kinds=STOCK_KINDS):
        sides = acting_sides(stills)
        if isinstance(stills.plan, GuardedPlan):
            sides = (Side(stills.plan.side),)
        for side in sides:
            for recording in draw_sets(stills, side, sets, seed=SEED, low=low):
                yield stills, side, recording


def _another(recording: Recording) -> Recording:
    """Another set at the same pace, as far as the first: times, sway and noise drawn anew."""
    return replace(recording, seed=recording.seed ^ 0x5EED)


def _trace(stills: Stills, composed: ComposedSet) -> Trace:
    return trace_movement(composed.series, MOVEMENTS[stills.plan.movement], composed.side)


def _signs(trace: Trace, reference: Trace | None) -> tuple[Sign, ...]:
    signs = find_signs(trace)
    if reference is None:
        return signs
    slow = judge_slow(trace.repetitions, reference.repetitions)
    rough = judge_less_smooth(trace.repetitions, reference.repetitions)
    return completed(signs, slow, rough)


def _outcomes(
    how: str, stills: Stills, severity: int, signs: tuple[Sign, ...], only: str | None
) -> Iterator[Outcome]:
    plan = stills.plan

    def outcome(code: str, evaluated: bool, present: bool) -> Outcome:
        return Outcome(
            split=plan.member.split,
            how=how,
            movement=plan.movement,
            member=plan.member.name,
            code=code,
            severity=severity,
            evaluated=evaluated,
            present=present,
        )

    for sign in signs:
        if only is None or sign.code == only:
            yield outcome(sign.code, sign.evaluated, sign.present)
    if only is None:
        known = [sign for sign in signs if sign.evaluated]
        yield outcome("any", bool(known), any(sign.present for sign in known))
        index = protective_index(
            completed(signs, judge_movement_pain(5.0)), movement=plan.movement, measured=True
        )
        yield outcome("index", index.verdict != "not_evaluable", index.verdict == "several")


def tabulate(outcomes: Iterable[Outcome]) -> list[SignRow]:
    """One row a sign, movement and severity, and one over all movements."""
    groups: dict[tuple[Split, str, str, str, int], list[Outcome]] = {}
    for each in outcomes:
        for movement in (each.movement, "all"):
            key = each.split, each.code, movement, each.how, each.severity
            groups.setdefault(key, []).append(each)
    return [_row(*key, found) for key, found in sorted(groups.items())]


def _row(
    split: Split, code: str, movement: str, how: str, severity: int, found: list[Outcome]
) -> SignRow:
    judged = [each for each in found if each.evaluated]
    members = sorted({each.member for each in judged})
    present = [sum(each.present for each in judged if each.member == name) for name in members]
    tried = [sum(each.member == name for each in judged) for name in members]
    share = cluster_share(present, tried) if judged else None
    return SignRow(
        split=split,
        code=code,
        movement=movement,
        how=how,
        severity=severity,
        people=len(members),
        sets=len(found),
        evaluated=len(judged),
        present=sum(present),
        share=None if share is None else round(share.value, 4),
        low=None if share is None else round(share.low, 4),
        high=None if share is None else round(share.high, 4),
    )


def write_rows(path: Path, rows: Iterable[SignRow]) -> None:
    """Write the table; rows of other splits stay, and the file appears when it is complete."""
    fresh = [asdict(row) for row in rows]
    splits = {row["split"] for row in fresh}
    kept: list[dict[str, object]] = []
    if path.exists():
        with path.open(newline="") as file:
            kept = [{**row} for row in csv.DictReader(file) if row["split"] not in splits]
    partial = path.with_name("partial-" + path.name)
    with partial.open("w", newline="") as file:
        writer = csv.DictWriter(file, [each.name for each in fields(SignRow)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)
        writer.writerows(fresh)
    partial.replace(path)


def main() -> None:
    """Parse the arguments, render what is missing, and write the table."""
    parser = argparse.ArgumentParser(prog="python -m calibration.guarded", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for rendered landmarks")
    parser.add_argument("--stock", type=Path, default=STOCK_FOLDER, help="folder of the stock")
    parser.add_argument("--table", type=Path, default=RESULTS, help="where to write the table")
    parser.add_argument("--people", type=int, default=8, help="render so many people of the split")
    parser.add_argument("--series", type=int, metavar="N", help="unguarded: draw so many series")
    parser.add_argument("--sets", type=int, default=SETS, help="sets of every series and side")
    parser.add_argument("--split", choices=("tune", "report"), default=REPORTED)
    parser.add_argument("--only", nargs="*", default=(), metavar="CODE", help="render these signs")
    parser.add_argument("--rendered-only", action="store_true", help="leave the stock alone")
    arguments = parser.parse_args()
    people = [member for member in cohort() if member.split == arguments.split][: arguments.people]
    stills = render_guarded(arguments.out, people, only=tuple(arguments.only))
    outcomes = list(posed_outcomes(stills, sets=arguments.sets))
    if not arguments.rendered_only:
        stock = read_stock(arguments.stock, kinds=STOCK_KINDS)
        split, sets = arguments.split, arguments.sets
        drawn = drawn_from(stock, split, arguments.series)
        outcomes += unguarded_outcomes(drawn, sets=sets, split=split)
        outcomes += timed_outcomes(stock, sets=sets, split=split)
    write_rows(arguments.table, tabulate(outcomes))


if __name__ == "__main__":
    main()
