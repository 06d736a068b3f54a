"""Own error figures that stay switched on: used for every value until they are switched off.

They are one of the choices of an owner. A person's own figures are kept with the person's id, and
hold for nobody else.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from rom.clinical.agreement.learned import Learned
from rom.clinical.agreement.local_error import LocalAccuracy, PersonalError
from rom.clinical.agreement.switched_on import LocalErrors, local_errors_from_json
from rom.clinical.agreement.wording import accuracy_sentence, personal_sentence, titled
from rom.clinical.json_values import JsonValue
from rom.errors import InputError
from rom.records.entities import Person, PersonContent
from rom.records.names import name_key

if TYPE_CHECKING:
    from rom.records.store import Store

KEY = "own_error_figures"
SCHEMA = "rom.switched_on/1"


@dataclass(frozen=True, kw_only=True)
class SwitchedOn:
    """Own figures, and the day since which they are used.

    Attributes
    ----------
    personal
        Figures of one person each, with the person's id.
    """

    day: date
    accuracy: tuple[LocalAccuracy, ...] = ()
    personal: tuple[tuple[str, PersonalError], ...] = ()

    @property
    def movements(self) -> tuple[str, ...]:
        """The movements that there are figures for, each once."""
        return LocalErrors(
            name=self.name, accuracy=self.accuracy, personal=self._personal
        ).movements

    @property
    def name(self) -> str:
        """What is shown beside a value as the source of its error."""
        return f"switched on {self.day.isoformat()}"

    @property
    def summary(self) -> str:
        """One line for a list of settings."""
        counts = [f"{each.pairs} pairs of {each.people} people" for each in self.accuracy]
        counts += [f"{each.sessions} sessions of {each.person}" for each in self._personal]
        return (
            f"own error figures switched on {self.day.isoformat()} for"
            f" {'; '.join(map(titled, self.movements))} ({'; '.join(counts)})"
        )

    @property
    def sentences(self) -> tuple[str, ...]:
        """Every figure with its n and date, beside the one that it stands for."""
        return (
            *(
                f"{titled(each.scope.movement)}: {accuracy_sentence(each)}"
                for each in self.accuracy
            ),
            *(
                f"{titled(each.scope.movement)}: {personal_sentence(each)}"
                for each in self._personal
            ),
        )

    def errors_of(self, person: Person) -> LocalErrors | None:
        """The figures that hold for one person; None if there are none."""
        own = tuple(
            replace(figures, person=person.pseudonym)
            for person_id, figures in self.personal
            if person_id == person.id
        )
        if not self.accuracy and not own:
            return None
        return LocalErrors(name=self.name, accuracy=self.accuracy, personal=own)

    def without(self, person_ids: Collection[str]) -> SwitchedOn | None:
        """The figures without those of some people; None if nothing is left.

        The accuracy stays: it is of ten people or more, and tells of none of them.
        """
        rest = tuple(each for each in self.personal if each[0] not in person_ids)
        return replace(self, personal=rest) if rest or self.accuracy else None

    def to_json(self) -> dict[str, JsonValue]:
        figures = LocalErrors(name=self.name, accuracy=self.accuracy, personal=self._personal)
        return {
            "schema": SCHEMA,
            "day": self.day.isoformat(),
            "figures": figures.to_json(),
            "person_ids": [person_id for person_id, _ in self.personal],
        }

    @property
    def _personal(self) -> tuple[PersonalError, ...]:
        return tuple(figures for _, figures in self.personal)


def switched_on_from_json(content: Any) -> SwitchedOn:
    """Read what `SwitchedOn.to_json` wrote.

    Raises
    ------
    InputError
        It is something else, or damaged.
    """
    try:
        if content["schema"] != SCHEMA:
            raise ValueError
        figures = local_errors_from_json(content["figures"])
        return SwitchedOn(
            day=date.fromisoformat(content["day"]),
            accuracy=figures.accuracy,
            personal=tuple(zip(map(str, content["person_ids"]), figures.personal, strict=True)),
        )
    except (InputError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            "Expected the own error figures that were switched on, got something else; switch them"
            " off with `rom agreement --switch-off`, and on again"
        ) from error


def switch_on(store: Store, learned: Learned) -> SwitchedOn:
    """Use own error figures from now on, in place of those that were switched on before.

    A person's own figures are used only if the person's records are kept.

    Raises
    ------
    InputError
        There are none, or only some of people who are not known.
    UsageError
        They are of several instruments for one movement.
    """
    learned.check_usable()
    ids = {name_key(each.person.pseudonym): each.person.id for each in store.people()}
    named = [(ids.get(name_key(each.person)), each) for each in learned.personal]
    known = tuple((person_id, each) for person_id, each in named if person_id is not None)
    if not known and not learned.accuracy:
        raise InputError(
            "Expected sets of somebody whose records are kept, got those of others; `rom people"
            " add NAME` adds somebody"
        )
    found = SwitchedOn(day=date.today(), accuracy=learned.accuracy, personal=known)
    content = found.to_json()
    store.save_setting(KEY, content)
    return switched_on_from_json(content)  # with as many digits as are kept


def switch_off(store: Store) -> None:
    """Use the figures that come with the program again."""
    store.remove_setting(KEY)


def switched_on(store: Store) -> SwitchedOn | None:
    """The own error figures that are used now; None if none are.

    Raises
    ------
    InputError
        They are damaged.
    """
    found = store.setting(KEY)
    return None if found is None else switched_on_from_json(found.value)


def errors_of(store: Store, person: Person) -> LocalErrors | None:
    """The own error figures that are used for a person; None if none are."""
    found = switched_on(store)
    return None if found is None else found.errors_of(person)


def everything_of(store: Store, person_id: str, *, landmarks: bool = False) -> PersonContent:
    """All that is kept about a person, to be taken out of the store: own error figures too.

    Raises
    ------
    StoreError
        The person is not in the store.
    """
    content = store.content(person_id, landmarks=landmarks)
    return replace(content, own_errors=errors_of(store, content.person))
