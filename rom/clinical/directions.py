"""Left and right of the same clips, before and after: one change, that of both together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rom.clinical.arc import Opposite
from rom.clinical.assessment import Assessment
from rom.clinical.comparison import Comparison, compare
from rom.clinical.json_values import JsonValue
from rom.clinical.norms import Sex
from rom.clinical.wording import CANNOT_COMPARE, session_sign_sentences
from rom.landmarks import Side

TWO_LABELS = "The two directions fit different labels; compare one of them for its label."

_SETS = ("pre1", "pre2", "post")
_OF_ONE_DIRECTION = ("restricted", "signs", "protective_signs", "usual")


@dataclass(frozen=True, kw_only=True, eq=False)
class Directions:
    """The comparison of each direction; both tell the change of the whole arc, where there is one.

    Without an arc nothing is told, because a direction alone hangs on its zero.
    """

    left: Comparison
    right: Comparison

    @property
    def of_side(self) -> dict[Side, Comparison]:
        return {Side.LEFT: self.left, Side.RIGHT: self.right}

    @property
    def comparable(self) -> bool:
        return self.left.arcs is not None and not self.refusals

    @property
    def refusals(self) -> tuple[str, ...]:
        """Why nothing is told, a sentence each; empty otherwise."""
        if self.left.arcs is not None:
            return tuple(dict.fromkeys((*self.left.refusals, *self.right.refusals)))
        return tuple(
            f"To the {side}: {sentence}"
            for side, each in self.of_side.items()
            for sentence in each.refusals
        )

    @property
    def one_label(self) -> bool:
        """Whether both directions fit the same session label, or none."""
        return self.left.label == self.right.label

    @property
    def sentences(self) -> tuple[str, ...]:
        """The result in plain words, the most important first."""
        return (*self._sentences(),)

    def to_json(self, *, day: date | None = None) -> dict[str, JsonValue]:
        """The contract `rom.comparison/1`, where each set holds `left`, `right` and `arc_deg`.

        Change, drift, MDC and verdict are those of the arc.
        """
        left, right = self.left.to_json(day=day), self.right.to_json(day=day)
        sets = {name: _both(left[name], right[name]) for name in _SETS}
        content = left | sets | {"side": "both", "refusals": [*self.refusals]}
        content["text"] = " ".join(self.sentences)
        for name in _OF_ONE_DIRECTION:
            content[name] = {"left": left[name], "right": right[name]}
        if not self.one_label:
            content |= {"label": None, "label_reason": TWO_LABELS}
        if not self.comparable:
            nothing = dict.fromkeys(("change_deg", "drift_deg", "mdc95_deg", "limit_deg"))
            content |= nothing | {"verdict": "not_comparable"}
        return content

    def _sentences(self) -> Iterator[str]:
        if not self.comparable:
            yield CANNOT_COMPARE
            yield from self.refusals
            return
        signs = {side: session_sign_sentences(each) for side, each in self.of_side.items()}
        label = self.left.label
        left_out = {*signs[Side.LEFT]}
        if label is not None and not self.one_label:
            left_out.add(label.wording)
        yield from (each for each in self.left.sentences if each not in left_out)
        if not self.one_label:
            yield TWO_LABELS
        for side, found in signs.items():
            for sentence in found:
                yield f"To the {side}: {sentence[:1].lower()}{sentence[1:]}"


def compare_directions(
    sets: Mapping[str, Sequence[Assessment]],
    *,
    pain_before: float | None = None,
    pain_after: float | None = None,
    worse: bool | None = None,
    age: float | None = None,
    sex: Sex | None = None,
) -> Directions:
    """Compare clips that show left and right; `sets` are pre1, post and perhaps pre2.

    Raises
    ------
    UsageError
        For a pain score outside 0 to 10, or for sets of different movements.
    """
    both = {name: {each.side: each for each in found} for name, found in sets.items()}

    def one(side: Side) -> Comparison:
        found = {name: each[side] for name, each in both.items()}
        return compare(
            found["pre1"],
            found["post"],
            pre2=found.get("pre2"),
            pain_before=pain_before,
            pain_after=pain_after,
            worse=worse,
            other_side=both["pre1"][side.other],
            opposite=Opposite(**{name: each[side.other] for name, each in both.items()}),
            age=age,
            sex=sex,
        )

    return Directions(left=one(Side.LEFT), right=one(Side.RIGHT))


def _both(left: JsonValue, right: JsonValue) -> JsonValue:
    """One clip, as `rom assess --side both` has it."""
    if not isinstance(left, dict) or not isinstance(right, dict):
        return None
    values = left["value_deg"], right["value_deg"]
    known = [each for each in values if isinstance(each, (int, float))]
    return {"left": left, "right": right, "arc_deg": sum(known) if len(known) == 2 else None}
