"""The commands that guide: the safety questions, the massage plan, the massage itself."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rom.clinical.body import places_named
from rom.clinical.guidance import guidance_words
from rom.clinical.json_values import json_value
from rom.clinical.massage.plan import MassagePlan, plan_massage
from rom.clinical.massage.record import MassageRecord, rounds_done
from rom.clinical.massage.wording import spot_title
from rom.clinical.screen import Screen
from rom.clinical.screening import Clearance, clearance, first_groups
from rom.clinical.stretching import flare_advice, stretch_guidance
from rom.commands.arguments import STDOUT
from rom.commands.dialogue import Dialogue, InputEndedError, terminal_width
from rom.commands.json_files import read_record, read_screen
from rom.commands.massage_dialogue import MassageDialogue
from rom.commands.screen_dialogue import ask_screen
from rom.errors import InputError
from rom.landmarks import Side
from rom.outputs import Output, check_outputs, check_suffix, json_text, text_writer, write_together
from rom.reports.plan_text import (
    STOP_RULES,
    clearance_text,
    plan_text,
    questions_text,
    regions_text,
)
from rom.terminal import print_error

if TYPE_CHECKING:
    from rom.keeping import Keeper


@contextmanager
def _keeper(name: str | None, files: Sequence[Path]) -> Iterator[Keeper | None]:
    """The records of a person; the database is loaded only where somebody is named."""
    if name is None:
        yield None
        return
    from rom.keeping import keeper

    with keeper(name, None, files=files) as found:
        yield found


def screen(arguments: argparse.Namespace) -> int:
    """Ask the safety questions, or list them."""
    if arguments.list:
        print(questions_text(first_groups(), width=terminal_width()))
        return 0
    outputs = [arguments.out] if arguments.out else []
    _check_json_outputs(outputs, inputs=_given(arguments.earlier), force=arguments.force)
    earlier = read_screen(arguments.earlier) if arguments.earlier else None
    dialogue = Dialogue()
    with _keeper(arguments.person, outputs) as keeping:
        if earlier is None and keeping is not None:
            earlier = keeping.last_screen()
        answered = ask_screen(dialogue, earlier)
        dialogue.show(clearance_text(clearance(answered.answers), width=dialogue.width))
        if keeping is not None:
            keeping.keep_screen(answered)
            dialogue.say("", keeping.kept_words)
    if arguments.out:
        output = Output(arguments.out, text_writer(json_text(answered.to_json())))
        write_together([output], force=arguments.force)
        dialogue.say("", f"Wrote {arguments.out}")
    return 0


def plan(arguments: argparse.Namespace) -> int:
    """Print which muscles are worth trying, and how."""
    if arguments.regions:
        print(regions_text(width=terminal_width()))
        return 0
    paths = [] if arguments.json in (None, STDOUT) else [Path(arguments.json)]
    inputs = [*_given(arguments.screen), *arguments.earlier]
    check_outputs(paths, inputs=inputs, force=arguments.force)
    records = [read_record(path) for path in arguments.earlier]
    answered = read_screen(arguments.screen) if arguments.screen else None
    allowed = clearance(answered.answers) if answered else None
    planned = _plan(arguments, allowed, records)
    guidance = stretch_guidance(
        planned.movement,
        planned.side,
        arguments.readiness,
        weeks_label=arguments.weeks,
        flare=flare_advice(tuple(arguments.flare)),
        clearance=allowed,
    )
    content = json_text(
        planned.to_json()
        | {
            "stop_rules": json_value(STOP_RULES),
            "notices": json_value(allowed.notices if allowed else ()),
            "stretching": guidance.to_json(),
        }
    )
    write_together([Output(path, text_writer(content)) for path in paths], force=arguments.force)
    if arguments.json == STDOUT:
        print(content, end="")
        return 0
    print(plan_text(planned, guidance, clearance=allowed, width=terminal_width()))
    for path in paths:
        print(f"\nWrote {path}")
    return 0


def massage(arguments: argparse.Namespace) -> int:
    """Guide through the massage, and keep what was done."""
    outputs = [arguments.out] if arguments.out else []
    inputs = [*_given(arguments.screen), *arguments.earlier]
    _check_json_outputs(outputs, inputs=inputs, force=arguments.force)
    with _keeper(arguments.person, outputs) as keeping:
        return _massage(arguments, keeping)


def _massage(arguments: argparse.Namespace, keeping: Keeper | None) -> int:
    records = [read_record(path) for path in arguments.earlier]
    if keeping is not None:
        records = [*keeping.massages(), *records]
    first = _plan(arguments, None, records)  # what is wrong is said before any question
    dialogue = Dialogue()
    if not first.candidates:
        dialogue.say(guidance_words("no_muscle"))
        return 0
    earlier = _earlier_screen(arguments.screen, records)
    if earlier is None and keeping is not None:
        earlier = keeping.last_screen()
    answered = ask_screen(dialogue, earlier)
    allowed = clearance(answered.answers)
    if allowed.notices:
        dialogue.show(clearance_text(allowed, width=dialogue.width))
        dialogue.say("")
    planned = _plan(arguments, allowed, records)
    record = _Record(arguments.out, answered, keeping, force=arguments.force)
    if not planned.spots:
        _say_nothing_to_press(dialogue, planned, allowed)
        record.keep(_empty_record(planned, record.started_at, answered))
        for words in record.done:
            dialogue.say("", words)
        return 0
    return _guide(dialogue, planned, record)


class _Record:
    """Keeps the record of a massage in its file, and in somebody's, complete after every step."""

    def __init__(
        self, path: Path | None, answered: Screen, keeping: Keeper | None, *, force: bool
    ) -> None:
        self.path = path
        self.answered = answered
        self._keeping = keeping
        self.started_at = datetime.now().astimezone().isoformat(timespec="seconds")
        self._force = force
        self._kept: MassageRecord | None = None

    def keep(self, record: MassageRecord) -> None:
        """Write the record if it changed."""
        if record == self._kept:
            return
        if self._keeping is not None:
            if self._kept is None:
                self._keeping.keep_screen(self.answered)
            self._keeping.keep_massage(record)
        if self.path is not None:
            output = Output(self.path, text_writer(json_text(record.to_json())))
            write_together([output], force=self._force)
            self._force = True  # from now on the file is our own
        self._kept = record

    @property
    def done(self) -> list[str]:
        """Where the record is, in sentences; empty if it is nowhere."""
        found = [f"Wrote {self.path}"] if self.path else []
        return found + ([self._keeping.kept_words] if self._keeping else [])

    @property
    def where(self) -> str:
        """What became of the record, for the end of a sentence."""
        if self._kept is None or not self.done:
            return "nothing was written"
        if self.path is None:
            return "what was done so far is in the records"
        return f"what was done so far is in {self.path}"


def _guide(dialogue: Dialogue, planned: MassagePlan, record: _Record) -> int:
    guided = MassageDialogue(dialogue, planned, time.monotonic)

    def keep() -> None:
        if guided.session.pain_before is not None:
            record.keep(guided.session.record(record.started_at, screen=record.answered))

    try:
        guided.run(keep)
    except KeyboardInterrupt:
        guided.interrupt()
        keep()
        dialogue.show("")
        print_error(f"stopped; {record.where}")
        return 130
    except InputEndedError as error:
        guided.interrupt()
        keep()
        raise InputError(f"Expected an answer, but the input ended; {record.where}") from error
    for words in record.done or ["Not kept; --out FILE.json would keep it."]:
        dialogue.say("", words)
    return 0


def _say_nothing_to_press(dialogue: Dialogue, planned: MassagePlan, allowed: Clearance) -> None:
    if allowed.stopped is not None:
        return
    dialogue.say("There is no spot to press for this movement today.")
    told = {notice.message for notice in allowed.notices}
    for each in planned.left_out:
        if each.reason not in told:
            dialogue.item("  - ", f"{spot_title(each.muscle, each.side)}: {each.reason}")


def _empty_record(planned: MassagePlan, started_at: str, answered: Screen) -> MassageRecord:
    return MassageRecord(
        movement=planned.movement,
        side=planned.side,
        hurts=planned.hurts,
        started_at=started_at,
        pain_before=None,
        pain_after=None,
        spots=(),
        finished=False,
        stopped=None,
        screen=answered,
    )


def _plan(
    arguments: argparse.Namespace, allowed: Clearance | None, records: Sequence[MassageRecord]
) -> MassagePlan:
    return plan_massage(
        arguments.movement,
        Side(arguments.side) if arguments.side else None,
        hurts=places_named(arguments.hurts),
        also_limited=tuple(
            (name, Side(side) if side else None) for name, side in arguments.also_limited
        ),
        clearance=allowed,
        rounds_today=rounds_done(records, day=datetime.now().date().isoformat()),
        only=tuple(arguments.muscle),
        hold_s=arguments.seconds,
        spots=arguments.spots,
        rounds=arguments.rounds,
    )


def _earlier_screen(path: Path | None, records: Sequence[MassageRecord]) -> Screen | None:
    """The answers named, else the latest that an earlier massage holds."""
    if path is not None:
        return read_screen(path)
    screens = [record.screen for record in records if record.screen is not None]
    return max(screens, key=lambda each: each.answered_at, default=None)


def _check_json_outputs(paths: Sequence[Path], *, inputs: Sequence[Path], force: bool) -> None:
    for path in paths:
        check_suffix(path, "--out", ".json")
    check_outputs(paths, inputs=inputs, force=force)


def _given(path: Path | None) -> list[Path]:
    return [] if path is None else [path]
