"""Session labels: exactly one outcome for every input, the same as the rules say in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product

import pytest

from rom.clinical.decisions import (
    ChangeClass,
    Label,
    SessionFacts,
    attribution,
    check_pain,
    decide,
    pain_fell,
)
from rom.clinical.restriction import Restricted, Restriction
from rom.clinical.tables import number_of, read_table, text_of
from rom.errors import UsageError

PAIN = (0.0, 1.0, 2.0, 2.9, 3.0, 4.0, 5.0, 6.0, 7.0, 10.0)
ANSWERS = (0.0, 2.9, 3.0, 5.0, 10.0)
CHANGES: tuple[ChangeClass, ...] = ("gain", "loss", "none")
STATUSES: tuple[Restricted, ...] = ("clearly", "possibly", "no", "unknown")
NAMED = ("age", "sex", "a measured first set")


def gain(f: SessionFacts) -> bool:
    return f.change == "gain"


def no_gain(f: SessionFacts) -> bool:
    return f.change == "none"


def hurts(f: SessionFacts) -> bool:
    return f.pain_before is not None and f.pain_before >= 3


def down(f: SessionFacts) -> bool:
    assert f.pain_before is not None and f.pain_after is not None
    fall = f.pain_before - f.pain_after
    return fall >= 2 and fall >= 0.3 * f.pain_before


def rose(f: SessionFacts) -> float:
    assert f.pain_before is not None and f.pain_after is not None
    return f.pain_after - f.pain_before


def restricted(f: SessionFacts) -> bool:
    return f.restricted_before.status in ("clearly", "possibly")


def still(f: SessionFacts) -> bool:
    return f.restricted_after.status in ("clearly", "possibly")


def open_after(f: SessionFacts) -> bool:
    return f.restricted_after.status == "unknown"


def no_reference(f: SessionFacts) -> bool:
    return f.restricted_before.status == "unknown"


# The wording of the rules, once more and by hand, in order of priority.
RULES: dict[str, Callable[[SessionFacts], bool]] = {
    "D01": lambda f: f.stop_symptom or rose(f) >= 3 or (rose(f) >= 2 and f.worse is True),
    "D00": lambda f: not f.comparable,
    "D02": lambda f: f.unstable_baseline,
    "D03": lambda f: f.change == "loss",
    "D04": lambda f: (
        gain(f) and hurts(f) and down(f) and restricted(f) and f.restricted_after.status == "no"
    ),
    "D05": lambda f: gain(f) and hurts(f) and down(f) and restricted(f) and still(f),
    "D06": lambda f: gain(f) and hurts(f) and down(f) and (not restricted(f) or open_after(f)),
    "D07": lambda f: gain(f) and hurts(f) and not down(f),
    "D08": lambda f: gain(f) and not hurts(f) and restricted(f),
    "D09": lambda f: gain(f) and not hurts(f) and not restricted(f),
    "D10": lambda f: no_gain(f) and hurts(f) and down(f) and restricted(f),
    "D11": lambda f: no_gain(f) and hurts(f) and down(f) and not restricted(f),
    "D12": lambda f: no_gain(f) and hurts(f) and not down(f) and restricted(f),
    "D13": lambda f: no_gain(f) and hurts(f) and not down(f) and not restricted(f),
    "D14": lambda f: no_gain(f) and not hurts(f) and restricted(f),
    "D15": lambda f: no_gain(f) and not hurts(f) and f.restricted_before.status == "no",
    "D16": lambda f: no_gain(f) and not hurts(f) and no_reference(f),
}


def facts(**changes: object) -> SessionFacts:
    content: dict[str, object] = {
        "comparable": True,
        "unstable_baseline": False,
        "change": "gain",
        "pain_before": 6.0,
        "pain_after": 3.0,
        "worse": None,
        "restricted_before": Restriction("clearly"),
        "restricted_after": Restriction("no"),
    }
    return SessionFacts(**(content | changes))  # type: ignore[arg-type]


OUTCOMES: tuple[tuple[bool, bool, str | None], ...] = (
    (False, False, None),
    (False, True, None),
    *((True, unstable, change) for unstable in (False, True) for change in CHANGES),
)
KNOWN = tuple(Restriction(status) for status in STATUSES)
# What a set without age or sex, or a first set that was not measured, leaves open.
OPEN = tuple(Restriction("unknown", missing) for missing in (("age",), ("sex",), ("pre1", "age")))


def inputs(
    pains: Sequence[float | None], restrictions: Sequence[Restriction]
) -> Iterator[SessionFacts]:
    """Every input there is, with these answers to pain and to whether the range is restricted."""
    for (comparable, unstable, change), before, after, worse, stop, first, last in product(
        OUTCOMES, pains, pains, (None, False, True), (False, True), restrictions, restrictions
    ):
        yield SessionFacts(
            comparable=comparable,
            unstable_baseline=unstable,
            change=change,  # type: ignore[arg-type]
            pain_before=before,
            pain_after=after,
            worse=worse,
            stop_symptom=stop,
            restricted_before=first,
            restricted_after=last,
        )


def complete_inputs() -> Iterator[SessionFacts]:
    return inputs(PAIN, KNOWN)


def test_every_complete_input_has_the_label_of_its_first_rule() -> None:
    seen = set()
    for each in complete_inputs():
        decision = decide(each)
        assert decision.label is not None, each
        assert decision.reason is None
        assert decision.label.id == next(name for name, rule in RULES.items() if rule(each)), each
        seen.add(decision.label.id)
    assert seen == set(RULES)


def test_every_input_with_answers_missing_has_a_label_or_names_them() -> None:
    for each in inputs((None, 1.0, 4.0, 7.0), (*KNOWN, *OPEN)):
        decision = decide(each)
        assert (decision.label is None) is (decision.reason is not None), each
        if decision.reason is not None:
            named = decision.reason.removesuffix(".").split("missing: ")[1].split(", ")
            assert named and set(named) <= {*NAMED, "pain before", "pain after"}, each
            for name in ("pain before", "pain after"):
                asked = getattr(each, name.replace(" ", "_"))
                assert (name in named) is (asked is None), each


def test_no_missing_answer_could_have_led_to_another_label() -> None:
    """Apart from what only the answer itself tells: worse pain (D01) and no age (D16)."""
    for each in inputs((None, 1.0, 4.0, 7.0), (*KNOWN, *OPEN)):
        label = decide(each).label
        if label is None or label.id in ("D01", "D16"):
            continue
        found = {completed.id for completed in completed_labels(each)} - {"D01"}
        assert found == {label.id}, each


def completed_labels(given: SessionFacts) -> Iterator[Label]:
    """Labels of all inputs that answer what was not answered."""
    before = [given.pain_before] if given.pain_before is not None else ANSWERS
    after = [given.pain_after] if given.pain_after is not None else ANSWERS
    first = KNOWN if given.restricted_before.missing else [given.restricted_before]
    last = KNOWN if given.restricted_after.missing else [given.restricted_after]
    for pain_before, pain_after, one, two in product(before, after, first, last):
        decision = decide(
            replace(
                given,
                pain_before=pain_before,
                pain_after=pain_after,
                restricted_before=one,
                restricted_after=two,
            )
        )
        assert decision.label is not None
        yield decision.label


@pytest.mark.parametrize("comparable", [True, False])
def test_pain_that_rose_speaks_before_a_poor_video(comparable: bool) -> None:
    for each in complete_inputs():
        label = decide(each).label
        if each.comparable is comparable and rose(each) >= 3:
            assert label is not None and label.name == "WORSE_PAIN", each


def test_one_session_never_says_scenario_2() -> None:
    rows = [row for row in read_table("decision_rules.csv") if row["scope"] == "session"]
    for row in rows:
        assert "scenario 2" not in text_of(row, "user_wording").lower()
        assert "SCENARIO" not in text_of(row, "label")


def test_rules_after_the_safety_rules_exclude_each_other() -> None:
    """Their order does not matter: exactly one of D04 to D16 holds."""
    safety = ("D01", "D00", "D02", "D03")
    later = {name: rule for name, rule in RULES.items() if name not in safety}
    for each in complete_inputs():
        if not any(RULES[name](each) for name in safety):
            assert sum(rule(each) for rule in later.values()) == 1, each


def test_rules_are_those_of_the_table_in_its_order() -> None:
    rows = [row for row in read_table("decision_rules.csv") if row["scope"] == "session"]
    rows.sort(key=lambda row: number_of(row, "priority"))
    assert [text_of(row, "rule_id") for row in rows] == list(RULES)


@pytest.mark.parametrize("name", ["pain_before", "pain_after"])
def test_missing_pain_means_no_label(name: str) -> None:
    decision = decide(facts(**{name: None}))
    assert decision.label is None
    assert decision.reason == f"What this fits is not said; missing: {name.replace('_', ' ')}."


@pytest.mark.parametrize(
    ("changes", "label"),
    [
        ({"comparable": False, "change": None}, "D00"),
        ({"unstable_baseline": True}, "D02"),
        ({"change": "loss"}, "D03"),
        ({"stop_symptom": True}, "D01"),
    ],
)
def test_safety_rules_on_range_need_no_pain(changes: dict[str, object], label: str) -> None:
    decision = decide(facts(pain_before=None, pain_after=None, **changes))
    assert decision.label is not None and decision.label.id == label


@pytest.mark.parametrize("change", ["gain", "none"])
@pytest.mark.parametrize("missing", ["age", "sex"])
def test_missing_age_or_sex_means_no_label_where_the_rule_asks(change: str, missing: str) -> None:
    unknown = Restriction("unknown", (missing,))
    found = facts(change=change, restricted_before=unknown, restricted_after=unknown)
    decision = decide(found)
    assert decision.label is None
    assert decision.reason == f"What this fits is not said; missing: {missing}."


def test_rules_that_do_not_ask_for_a_reference_need_no_age() -> None:
    unknown = Restriction("unknown", ("age",))
    by_rule = {
        "D07": facts(pain_after=6.0, restricted_before=unknown),
        "D16": facts(change="none", pain_before=1.0, pain_after=1.0, restricted_before=unknown),
    }
    for rule_id, found in by_rule.items():
        label = decide(found).label
        assert label is not None and label.id == rule_id


def test_what_cannot_be_judged_afterwards_gets_the_label_that_says_least() -> None:
    decision = decide(facts(restricted_after=Restriction("unknown")))
    assert decision.label is not None and decision.label.id == "D06"


@pytest.mark.parametrize(
    "changes", [{"comparable": False}, {"change": None}, {"comparable": True, "change": None}]
)
def test_a_change_belongs_to_sets_that_may_be_compared(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="comparable"):
        facts(**changes)


@pytest.mark.parametrize(
    ("before", "after", "fell"),
    [(6, 4, True), (6, 5, False), (7, 5, False), (6.6, 4.6, True), (3, 1, True), (2, 0, True)],
)
def test_pain_falls_by_two_points_and_thirty_percent(
    before: float, after: float, fell: bool
) -> None:
    assert pain_fell(before, after) is fell


@pytest.mark.parametrize("score", [-1.0, 10.5, float("nan")])
def test_pain_outside_the_scale_is_wrong_usage(score: float) -> None:
    with pytest.raises(UsageError, match="Expected pain from 0 to 10, got"):
        check_pain(3.0, score)
    with pytest.raises(UsageError, match="Expected pain from 0 to 10, got"):
        facts(pain_after=score)


def test_attribution_is_that_of_the_table() -> None:
    assert attribution().startswith("A change right after massage can also come from warming up")
