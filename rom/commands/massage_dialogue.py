"""The guided massage as a conversation: typed answers in, the machine's steps out."""

from __future__ import annotations

from collections.abc import Callable

from rom.clinical.massage.plan import MassagePlan
from rom.clinical.massage.record import Familiar
from rom.clinical.massage.session import (
    RATED,
    Ended,
    Event,
    Felt,
    Rated,
    Ready,
    Skipped,
    StepKind,
    Ticked,
    Told,
    advance,
    begin,
)
from rom.clinical.massage.wording import spot_sentences, spot_title, step_words
from rom.clinical.safety import symptoms
from rom.commands.dialogue import Dialogue
from rom.errors import UsageError
from rom.reports.plan_text import stop_words

_HELP = (
    "At any time you can type: skip to leave a spot, stop to end, or the word for what you feel. "
    "Ctrl-C ends it, too."
)
_PROMPTS = {
    StepKind.PAIN_BEFORE: "0 to 10:",
    StepKind.LEARN: "Enter when you have found it, or skip:",
    StepKind.PRESS: "0 to 10:",
    StepKind.FAMILIAR: "yes, no, or not tender:",
    StepKind.EASE: "0 to 10:",
    StepKind.STRENGTH_AFTER: "0 to 10:",
    StepKind.SYMPTOMS: "Enter for none, or the word:",
    StepKind.PAIN_NOW: "0 to 10:",
}
_FAMILIAR: dict[str, Familiar] = {
    "yes": "yes",
    "y": "yes",
    "no": "no",
    "n": "no",
    "not tender": "not_tender",
}


class MassageDialogue:
    """Drives one massage; `clock` gives seconds that only run forwards."""

    def __init__(self, dialogue: Dialogue, plan: MassagePlan, clock: Callable[[], float]) -> None:
        self._dialogue = dialogue
        self._clock = clock
        self.session = begin(plan, at_s=clock())

    def run(self, keep: Callable[[], None]) -> None:
        """Go through the plan; `keep` is called after every step."""
        self._dialogue.say(_HELP, stop_words(), "")
        while not self.session.ended:
            kind = self.session.kind
            self._dialogue.say(*step_words(self.session))
            if kind is StepKind.HOLD:
                self._hold()
            else:
                self._dialogue.ask(self._prompt(), self._answer)
            keep()
            self._dialogue.say("")
        self._dialogue.say(*step_words(self.session))
        self._sum_up()

    def interrupt(self) -> None:
        """Bring the time held so far up to date."""
        if not self.session.ended:
            self._advance(Ticked())

    def _prompt(self) -> str:
        kind = self.session.kind
        if kind is StepKind.PRESS and self.session.turn.bearable:
            return "0 to 10, or Enter to go on:"
        return _PROMPTS[kind]

    def _hold(self) -> None:
        """Run the timer until it is up, or something that was typed changes the step."""

        def remaining_s() -> float:
            self._advance(Ticked())
            if self.session.kind is not StepKind.HOLD:
                return 0.0
            return self.session.remaining_s(self._clock())

        while self.session.kind is StepKind.HOLD:
            self._dialogue.wait(remaining_s, self._answer)

    def _answer(self, text: str) -> None:
        self._advance(_event(self.session.kind, text))

    def _advance(self, event: Event) -> None:
        self.session = advance(self.session, event, at_s=self._clock())

    def _sum_up(self) -> None:
        for record in self.session.done:
            self._dialogue.say("")
            self._dialogue.item("", f"{spot_title(record.muscle, record.side)}:")
            for sentence in spot_sentences(record):
                self._dialogue.item("  ", sentence)


def _event(kind: StepKind, text: str) -> Event:
    """Read what was typed at a step.

    Raises
    ------
    UsageError
        It is nothing that the step takes.
    """
    for symptom, words in symptoms().items():
        if text in (symptom, words, words.removeprefix("a ")):
            return Felt(symptom)
    if text in ("stop", "quit", "end"):
        return Ended()
    if text == "skip":
        return Skipped()
    if kind is StepKind.FAMILIAR:
        return _familiar(text)
    if text in ("", "none", "no") and kind not in RATED:
        return Ready()
    if text == "" and kind is StepKind.PRESS:
        return Ready()
    if kind in RATED:
        return Rated(_rating(text))
    wanted = {StepKind.LEARN: "Enter", StepKind.SYMPTOMS: f"Enter or {', '.join(symptoms())}"}
    raise UsageError(f"Expected {wanted[kind]}, got {text!r}; answer again")


def _familiar(text: str) -> Event:
    answer = _FAMILIAR.get(text.replace("_", " ").replace("-", " "))
    if answer is None:
        raise UsageError(f"Expected yes, no or not tender, got {text!r}; answer again")
    return Told(answer)


def _rating(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"Expected a number from 0 to 10, got {text!r}; give it again") from None
