"""The safety questions before the first movement, and what the answers stop.

Questions, scope and wording stand in `redflags.csv`, after the consensus on foam rolling
(Bartsch 2021) and the framework for red flags (Finucane 2020). Such questions tell little about
what a person has, so every sentence asks to have something looked at and none names a suspicion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from rom.clinical.body import movement_areas, movement_sides, regions
from rom.clinical.screen import Answer
from rom.clinical.tables import Row, number_of, read_table, text_of
from rom.errors import UsageError
from rom.landmarks import Side
from rom.movements import movement_named

ANYTHING_NEW = "Is anything new since last time, such as an illness, an injury or surgery?"

_ANY = "any"
_NAMED = "named"
_RED_FLAGS = ("EMERGENCY", "STOP_SEE_CLINICIAN")
_FIRST = frozenset({"every_visit", "anything_new", "first_visit"})  # asked at a first visit


@dataclass(frozen=True, kw_only=True)
class Question:
    """One safety question.

    Attributes
    ----------
    group
        Name of the group that it is asked in.
    words
        What is asked, to be answered with yes or no.
    level
        Code of the table; `message` is what the person is told after a yes.
    asked
        When: at every visit, at the first and whenever something is new, …
    areas
        Areas of the body that a yes concerns; "any" is everywhere, "named" where the person says.
    measuring, massage
        Codes of the table for what a yes does to them.
    source, evidence
        To be shown with the question.
    """

    id: str
    group: str
    words: str
    level: str
    asked: str
    areas: frozenset[str]
    measuring: str
    massage: str
    message: str
    source: str
    evidence: str

    @property
    def asks_places(self) -> bool:
        """Whether a yes needs the places that it concerns."""
        return _NAMED in self.areas

    @property
    def asks_agreed(self) -> bool:
        """Whether a yes needs to know if a clinician agreed, to massage or to moving."""
        return self.massage == "blocked_until_agreed" or self.measuring == "blocked_unless_cleared"

    @property
    def ends_screen(self) -> bool:
        """Whether a yes stops everything at once."""
        return self.level == "EMERGENCY"


@dataclass(frozen=True)
class Group:
    """Questions that are asked on one screen, "none of these" first."""

    id: str
    heading: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Notice:
    """What a yes means for the person."""

    question: str
    level: str
    message: str


@dataclass(frozen=True)
class Clearance:
    """What the answers allow.

    Attributes
    ----------
    yes
        The questions answered with yes, with their answers.
    """

    yes: tuple[tuple[Question, Answer], ...]

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What to tell, the most serious first; the same sentence once."""
        levels = [row["level"] for row in read_table("screen_levels.csv")]
        told: dict[str, Notice] = {}
        for question, answer in sorted(self.yes, key=lambda each: levels.index(each[0].level)):
            if not _settled(question, answer):
                notice = Notice(question.id, question.level, question.message)
                told.setdefault(question.message, notice)
        return tuple(told.values())

    @property
    def stopped(self) -> str | None:
        """Why nothing at all may go on today; None when something may."""
        stops = (
            question.message
            for question, _ in self.yes
            if question.measuring == "blocked" and _ANY in question.areas
        )
        return next(stops, None)

    @property
    def red_flag(self) -> bool:
        """Whether anything was answered that a professional should look at first."""
        return any(question.level in _RED_FLAGS for question, _ in self.yes)

    @property
    def support_needed(self) -> bool:
        """Whether standing movements are done only beside a fixed support."""
        return any(question.measuring == "with_support" for question, _ in self.yes)

    def measuring_refusal(self, movement: str, side: Side | None) -> str | None:
        """Why this movement may not be measured; None when it may."""
        known = movement_named(movement)
        areas, sides = movement_areas(known), movement_sides(known, side)
        for question, answer in self.yes:
            blocks = question.measuring == "blocked" or (
                question.measuring == "blocked_unless_cleared" and answer.agreed is not True
            )
            if blocks and _concerns(question, answer, areas, (), sides):
                if question.measuring == "blocked":
                    return question.message
                return "Measure this again once your surgeon has agreed to active movement."
        return None

    def massage_refusal(
        self, areas: frozenset[str], regions_pressed: tuple[str, ...], sides: tuple[Side, ...]
    ) -> str | None:
        """Why a spot in these areas and regions may not be pressed; None when it may."""
        for question, answer in self.yes:
            blocks = question.massage == "blocked" or (
                question.massage == "blocked_until_agreed" and answer.agreed is not True
            )
            if blocks and _concerns(question, answer, areas, regions_pressed, sides):
                return question.message
        return None


def first_groups() -> tuple[Group, ...]:
    """All questions of a first visit."""
    return _groups(lambda question: question.asked in _FIRST)


def later_groups(earlier: Iterable[Answer], *, anything_new: bool) -> tuple[Group, ...]:
    """The questions of a later visit.

    What is urgent and how the last session was followed are asked every time, and what was
    answered with yes is asked again. The rest is asked only if something is new.
    """
    were_yes = {answer.id for answer in earlier if answer.yes}
    every_time = {"every_visit", "later_visits"}

    def ask(question: Question) -> bool:
        if question.asked in every_time:
            return True
        return question.asked in _FIRST and (anything_new or question.id in were_yes)

    return _groups(ask)


def merged(earlier: Iterable[Answer], answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """Earlier answers with the new ones over them; what only held for one visit is dropped."""
    kept = {answer.id: answer for answer in earlier if _question(answer.id).asked in _FIRST}
    kept |= {answer.id: answer for answer in answers}
    return tuple(kept[each.id] for each in questions().values() if each.id in kept)


def clearance(answers: Iterable[Answer]) -> Clearance:
    """What the answers allow.

    Raises
    ------
    UsageError
        An unknown question, or questions of a first visit that were not answered, unless an
        answer stops everything anyway.
    """
    given = {answer.id: answer for answer in answers}
    for unknown in given.keys() - questions().keys():
        raise UsageError(f"Expected answers to our safety questions, got {unknown!r}; ask again")
    found = Clearance(
        tuple(
            (question, given[question.id])
            for question in questions().values()
            if question.id in given and given[question.id].yes
        )
    )
    missing = sum(each.asked in _FIRST and each.id not in given for each in questions().values())
    if missing and found.stopped is None:
        raise UsageError(
            f"Expected an answer to every safety question, {missing} are missing; ask them again"
        )
    return found


def _question(name: str) -> Question:
    if name not in questions():
        raise UsageError(f"Expected answers to our safety questions, got {name!r}; ask again")
    return questions()[name]


@cache
def questions() -> dict[str, Question]:
    """All questions by id, in order of asking."""
    rows = sorted(read_table("redflags.csv"), key=lambda row: _order(row["group"]))
    return {text_of(row, "id"): _read_question(row) for row in rows}


def _groups(ask: Callable[[Question], bool]) -> tuple[Group, ...]:
    groups = (
        Group(
            text_of(row, "group"),
            text_of(row, "heading"),
            tuple(
                each for each in questions().values() if each.group == row["group"] and ask(each)
            ),
        )
        for row in read_table("screen_groups.csv")
    )
    return tuple(group for group in groups if group.questions)


def _settled(question: Question, answer: Answer) -> bool:
    """Whether the person has done what the notice asks for."""
    return question.asks_agreed and question.massage != "blocked" and answer.agreed is True


def _concerns(
    question: Question,
    answer: Answer,
    areas: frozenset[str],
    region_names: tuple[str, ...],
    sides: tuple[Side, ...],
) -> bool:
    """Whether a yes concerns these places; a place that was not named concerns all."""
    if _ANY in question.areas or question.areas & areas:
        return True
    if not question.asks_places:
        return False
    if not answer.places:
        return True
    return any(
        place.on(sides) and (place.region in region_names or regions()[place.region].areas & areas)
        for place in answer.places
    )


def _order(group: str | None) -> float:
    rows = {row["group"]: number_of(row, "order") for row in read_table("screen_groups.csv")}
    return rows.get(group, float("inf"))


def _level_message(level: str) -> str:
    rows = {text_of(row, "level"): row for row in read_table("screen_levels.csv")}
    return text_of(rows[level], "message")


def _read_question(row: Row) -> Question:
    level = text_of(row, "level")
    return Question(
        id=text_of(row, "id"),
        group=text_of(row, "group"),
        words=text_of(row, "question"),
        level=level,
        asked=text_of(row, "asked"),
        areas=frozenset(text_of(row, "areas").split(";")),
        measuring=text_of(row, "measuring"),
        massage=text_of(row, "massage"),
        message=row["message"] or _level_message(level),
        source=text_of(row, "source_id"),
        evidence=text_of(row, "evidence_status"),
    )
