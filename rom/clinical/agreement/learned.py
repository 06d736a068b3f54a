"""What own error figures can be made of pairs, and why others cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rom.clinical.agreement.local_error import (
    LocalAccuracy,
    PersonalError,
    local_accuracy,
    personal_error,
)
from rom.clinical.agreement.pairs import BaselinePair, ReferencePair
from rom.clinical.agreement.switched_on import LocalErrors
from rom.clinical.agreement.wording import accuracy_sentence, personal_sentence, titled
from rom.errors import InputError, UsageError

_K = TypeVar("_K", bound=tuple[str, str])
_P = TypeVar("_P")
_F = TypeVar("_F")


@dataclass(frozen=True, kw_only=True)
class Learned:
    """Figures that may be kept, and a sentence on each and on what is missing for others."""

    accuracy: tuple[LocalAccuracy, ...]
    personal: tuple[PersonalError, ...]
    sentences: tuple[str, ...]

    def named(self, name: str) -> LocalErrors:
        """The figures under a name, to be used by a command.

        Raises
        ------
        InputError
            There are none.
        UsageError
            They are of several people, or of several instruments for one movement.
        """
        self.check_usable()
        people = dict.fromkeys(each.person for each in self.personal)
        if len(people) > 1:
            raise UsageError(
                f"Expected the sets of one person for own error figures, got {len(people)} people;"
                " choose one with --person"
            )
        return LocalErrors(name=name, accuracy=self.accuracy, personal=self.personal)

    def check_usable(self) -> None:
        """Check that there are figures, of one instrument for each movement.

        Raises
        ------
        InputError
            There are none.
        UsageError
            They are of several instruments for one movement.
        """
        if not self.accuracy and not self.personal:
            raise InputError(
                "Expected pairs that own error figures can be made of, but these cannot:"
                f" {' '.join(self.sentences)}"
            )
        movements = [each.scope.movement for each in self.accuracy]
        for movement in movements:
            if movements.count(movement) > 1:
                raise UsageError(
                    f"Expected one instrument for {movement}, got several; choose one with"
                    " --instrument"
                )


def learn(references: Iterable[ReferencePair], baselines: Iterable[BaselinePair]) -> Learned:
    """Make all own figures that the pairs allow."""
    with_instruments = _grouped(references, lambda pair: (pair.movement, pair.instrument))
    of_people = _grouped(baselines, lambda pair: (pair.movement, pair.person))
    sentences: list[str] = []
    return Learned(
        accuracy=_made(with_instruments, local_accuracy, accuracy_sentence, sentences),
        personal=_made(of_people, personal_error, personal_sentence, sentences),
        sentences=tuple(sentences),
    )


def _grouped(pairs: Iterable[_P], key: Callable[[_P], _K]) -> dict[_K, list[_P]]:
    groups: dict[_K, list[_P]] = {}
    for pair in pairs:
        groups.setdefault(key(pair), []).append(pair)
    return groups


def _made(
    groups: Mapping[_K, list[_P]],
    make: Callable[[Sequence[_P]], _F],
    describe: Callable[[_F], str],
    sentences: list[str],
) -> tuple[_F, ...]:
    """The figures of every group that has enough; one sentence for each group is added."""
    made = []
    for key, pairs in groups.items():
        movement, other = key
        try:
            figures = make(pairs)
        except InputError as error:
            sentences.append(f"{titled(movement)} ({other}): {error}.")
            continue
        sentences.append(f"{titled(movement)} ({other}): {describe(figures)}")
        made.append(figures)
    return tuple(made)
