"""The safety questions of a check, group by group, until an answer stops everything."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rom.clinical.body import places_named
from rom.clinical.screen import Answer
from rom.clinical.screening import (
    Clearance,
    Group,
    Question,
    clearance,
    first_groups,
    later_groups,
    merged,
    questions,
)
from rom.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class Screening:
    """Where the safety questions stand.

    Attributes
    ----------
    earlier
        The answers of an earlier visit; None at a first one.
    anything_new
        Whether anything is new since then; None before it was asked.
    asked
        The groups that were answered.
    given
        The answers of this visit.
    details
        Questions answered with yes that still need a place, or whether a clinician agreed.
    """

    earlier: tuple[Answer, ...] | None = None
    anything_new: bool | None = None
    asked: tuple[str, ...] = ()
    given: tuple[Answer, ...] = ()
    details: tuple[str, ...] = ()

    @property
    def first_visit(self) -> bool:
        return self.earlier is None

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups still to be asked, the present one first."""
        if self.earlier is None:
            found = first_groups()
        elif self.anything_new is None:
            return ()
        else:
            found = later_groups(self.earlier, anything_new=self.anything_new)
        return tuple(group for group in found if group.id not in self.asked)

    @property
    def detail(self) -> Question | None:
        """The question whose details are asked now."""
        return questions()[self.details[0]] if self.details else None

    @property
    def asks_place(self) -> bool:
        """Whether the detail asked now is a place; else it is whether a clinician agreed."""
        question = self.detail
        return question is not None and question.asks_places and not self._named(question)

    @property
    def stopped_at_once(self) -> bool:
        """Whether an answer ends the asking."""
        return any(answer.yes and questions()[answer.id].ends_screen for answer in self.given)

    @property
    def over(self) -> bool:
        """Whether nothing is left to ask."""
        if self.earlier is not None and self.anything_new is None:
            return False
        return self.stopped_at_once or not (self.groups or self.details)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers of this visit over those of earlier ones."""
        return merged(self.earlier or (), self.given)

    @property
    def clearance(self) -> Clearance:
        """What the answers allow; only once all is asked."""
        return clearance(self.answers)

    def tell_new(self, anything_new: bool) -> Screening:
        """Take the answer to whether anything is new."""
        return replace(self, anything_new=anything_new)

    def choose(self, names: tuple[str, ...]) -> Screening:
        """Take the questions of the present group that are answered with yes.

        Raises
        ------
        UsageError
            A question that is not of the group.
        """
        group = self.groups[0]
        ids = [question.id for question in group.questions]
        for name in names:
            if name not in ids:
                raise UsageError(f"Expected questions of {', '.join(ids)}, got {name!r}; choose")
        given = tuple(Answer(id=name, yes=name in names) for name in ids)
        details = tuple(
            question.id
            for question in group.questions
            if question.id in names and (question.asks_places or question.asks_agreed)
        )
        return replace(
            self, asked=(*self.asked, group.id), given=(*self.given, *given), details=details
        )

    def name_places(self, names: tuple[str, ...]) -> Screening:
        """Take the places that the present question is about; none stands for everywhere."""
        question = self._wanted()
        changed = self._changed(replace(self._answer(question), places=places_named(list(names))))
        return changed if question.asks_agreed else changed._next_detail()

    def tell_agreed(self, agreed: bool) -> Screening:
        """Take whether a clinician agreed."""
        changed = self._changed(replace(self._answer(self._wanted()), agreed=agreed))
        return changed._next_detail()

    def _wanted(self) -> Question:
        question = self.detail
        if question is None:
            raise UsageError("Expected no details of an answer; answer the questions first")
        return question

    def _named(self, question: Question) -> bool:
        return bool(self._answer(question).places)

    def _answer(self, question: Question) -> Answer:
        return next(each for each in self.given if each.id == question.id)

    def _changed(self, answer: Answer) -> Screening:
        given = tuple(answer if each.id == answer.id else each for each in self.given)
        return replace(self, given=given)

    def _next_detail(self) -> Screening:
        return replace(self, details=self.details[1:])
