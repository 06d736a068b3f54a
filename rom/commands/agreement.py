"""`rom agreement`: our values against an instrument's, or two sets before against each other."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rom.clinical.agreement.learned import Learned, learn
from rom.clinical.agreement.pairs import BaselinePair, ReferencePair
from rom.clinical.agreement.pairs_table import read_pairs_table
from rom.clinical.agreement.study import (
    SCHEMA,
    Agreement,
    agreements_of_baselines,
    agreements_with_instruments,
)
from rom.commands.agreement_dialogue import add_pairs, add_readings
from rom.commands.arguments import STDOUT
from rom.commands.dialogue import terminal_width
from rom.errors import InputError
from rom.inputs import read_table_text
from rom.outputs import Output, check_outputs, check_suffix, json_text, text_writer, write_together
from rom.reports.agreement_page import agreement_page
from rom.reports.agreement_text import agreement_text, switched_on_text
from rom.terminal import print_error

_MOST_PROBLEMS = 50


@dataclass(frozen=True)
class _Pairs:
    references: tuple[ReferencePair, ...]
    baselines: tuple[BaselinePair, ...]

    def __len__(self) -> int:
        return len(self.references) + len(self.baselines)


def agreement(arguments: argparse.Namespace) -> int:
    """Show what pairs say; with --add, put more of them into their table first."""
    if arguments.switch_off:
        return _switch_off()
    files = _checked_outputs(arguments)
    if arguments.add:
        if arguments.pairs:
            add_pairs(arguments)
        else:
            from rom.keeping import records

            with records() as store:
                add_readings(arguments, store)
        return 0
    tables = arguments.pairs
    everything = _read_all(tables) if tables else _recorded(arguments.person, files)
    pairs = _chosen(arguments, everything)
    found = (
        *agreements_with_instruments(pairs.references),
        *agreements_of_baselines(pairs.baselines),
    )
    learned = learn(pairs.references, pairs.baselines)
    switched = _switch_on(learned) if arguments.switch_on else ""
    print(_write(arguments, found, learned), end="")
    if switched and arguments.json != STDOUT:
        print(f"\n{switched}")
    return 0


def _switch_on(learned: Learned) -> str:
    """Use figures from now on; return what to say."""
    from rom.keeping import records
    from rom.records.own_errors import switch_on

    with records() as store:
        found = switch_on(store, learned)
    return switched_on_text(found.summary, width=terminal_width())


def _switch_off() -> int:
    from rom.keeping import records
    from rom.records.own_errors import KEY, switch_off

    with records() as store:
        there = store.setting(KEY) is not None
        switch_off(store)
    was = "are switched off" if there else "were not switched on"
    print(f"Own error figures {was}. Values have the error figures of the program.")
    return 0


def _checked_outputs(arguments: argparse.Namespace) -> list[Path]:
    """Return every file to be written, checked before anything is read or asked."""
    paths: list[Path] = []
    if arguments.report is not None:
        check_suffix(arguments.report, "--report", ".html", ".htm")
        paths.append(arguments.report)
    if arguments.save is not None:
        check_suffix(arguments.save, "--save", ".json")
        paths.append(arguments.save)
    if arguments.json not in (None, STDOUT):
        paths.append(Path(arguments.json))
    check_outputs(paths, inputs=arguments.pairs, force=arguments.force)
    return paths


def _read_all(paths: Sequence[Path]) -> _Pairs:
    """Read all tables; every problem of all of them is told, one line each."""
    references: list[ReferencePair] = []
    baselines: list[BaselinePair] = []
    problems: list[str] = []
    for path in paths:
        table = read_pairs_table(read_table_text(path))
        references += table.references
        baselines += table.baselines
        problems += [f"{path}, {problem}" for problem in table.problems]
    if problems:
        _raise_problems(problems)
    return _Pairs(tuple(references), tuple(baselines))


def _recorded(name: str | None, files: Sequence[Path]) -> _Pairs:
    """All pairs that the records hold, of one person where named; `files` will tell of them."""
    from rom.keeping import records
    from rom.records.pairs import baseline_pairs, reference_pairs

    references: list[ReferencePair] = []
    baselines: list[BaselinePair] = []
    with records() as store:
        people = [each.person for each in store.people()] if name is None else [store.person(name)]
        for person in people:
            content = store.content(person.id, series=False)
            for path in files:
                store.note_copy("agreement", path, person.id)
            references += reference_pairs(content)
            baselines += baseline_pairs(content)
    return _Pairs(tuple(references), tuple(baselines))


def _raise_problems(problems: Sequence[str]) -> None:
    if len(problems) == 1:
        raise InputError(problems[0])
    for problem in problems[:_MOST_PROBLEMS]:
        print_error(problem)
    more = len(problems) - _MOST_PROBLEMS
    rest = f", of which {more} are not shown" if more > 0 else ""
    raise InputError(
        f"Expected tables of pairs, found {len(problems)} problems{rest}; correct them and try"
        " again"
    )


def _chosen(arguments: argparse.Namespace, pairs: _Pairs) -> _Pairs:
    """The pairs that the options leave; those out of the records are the person's already.

    Raises
    ------
    InputError
        None is left.
    """

    def wanted(pair: ReferencePair | BaselinePair) -> bool:
        person = arguments.person if arguments.pairs else None
        return arguments.movement in (None, pair.movement) and person in (None, pair.person)

    references = tuple(
        pair
        for pair in pairs.references
        if wanted(pair) and arguments.instrument in (None, pair.instrument)
    )
    found = _Pairs(references, tuple(pair for pair in pairs.baselines if wanted(pair)))
    if not found:
        there = f"none that fits among {len(pairs)}" if pairs else "none"
        raise InputError(f"Expected at least one pair, got {there}; name other tables or options")
    return found


def _write(arguments: argparse.Namespace, found: Sequence[Agreement], learned: Learned) -> str:
    """Write all files together; return what is left to print."""
    outputs = []
    content = ""
    if arguments.json is not None:
        content = json_text(
            {
                "schema": SCHEMA,
                "agreements": [each.to_json() for each in found],
                "own_figures": list(learned.sentences),
            }
        )
    if arguments.json not in (None, STDOUT):
        outputs.append(Output(Path(arguments.json), text_writer(content)))
    if arguments.save is not None:
        kept = learned.named(arguments.save.stem).to_json()
        outputs.append(Output(arguments.save, text_writer(json_text(kept))))
    if arguments.report is not None:
        names = [path.name for path in arguments.pairs] or ["Records"]
        page = agreement_page(found, own_figures=learned.sentences, files=names)
        outputs.append(Output(arguments.report, text_writer(page)))
    write_together(outputs, force=arguments.force)
    if arguments.json == STDOUT:
        return content
    text = agreement_text(found, own_figures=learned.sentences, width=terminal_width())
    written = "\n".join(f"Wrote {output.path}" for output in outputs)
    return "\n\n".join(part for part in (text, written) if part) + "\n"
