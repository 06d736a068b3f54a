"""Before against after, and left against right: what changed by more than the measurement error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from rom.clinical.arc import Arcs, Opposite, arcs_of
from rom.clinical.assessment import Assessment
from rom.clinical.change import difference_deg, figures_of, mdc_deg, readings_of
from rom.clinical.comparability import (
    Difference,
    check_same_movement,
    find_differences,
    order_refusals,
    value_refusals,
)
from rom.clinical.decisions import ChangeClass, Label, SessionFacts, check_pain, decide
from rom.clinical.json_values import JsonValue, json_value
from rom.clinical.norms import NormalRange, Sex
from rom.clinical.pain_onset import OnsetChange, onset_change
from rom.clinical.restriction import (
    Restricted,
    restriction_after,
    restriction_of,
    side_limit_deg,
    usable_other_side,
    usual_range_of,
)
from rom.clinical.sets_together import (
    beside_other_side,
    both_sides,
    judged_against,
    with_pain,
)
from rom.clinical.signs.changes import SignChanges, sign_changes, signs_of
from rom.clinical.signs.index import ProtectiveIndex, protective_index, protective_indices
from rom.clinical.wording import ONE_DIRECTION_ONLY, comparison_sentences

SCHEMA = "rom.comparison/1"

Kind = Literal["before_after", "left_right"]
Verdict = Literal["gain", "loss", "no_measurable_change", "unstable_baseline", "not_comparable"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Comparison:
    """What two or three recordings say together.

    Attributes
    ----------
    kind
        "before_after", or "left_right" with the left side under `pre1`, the right under `post`.
    arcs
        Left and right together of each set, where both directions were filmed in one clip. Then
        `change_deg`, `drift_deg`, `mdc95_deg`, `limit_deg`, `verdict` and the label are about
        these, and the directions are description; None elsewhere.
    change_deg
        post − pre2, else post − pre1; right − left. None if not comparable.
    drift_deg
        pre2 − pre1; None without two measured, comparable sets before.
    mdc95_deg
        Smallest change that these sets can show; None if not comparable.
    limit_deg
        What `change_deg` has to exceed: the MDC, for sides at least 10 % of the larger one.
    label, label_reason
        The session label, or why there is none.
    refusals
        Why the recordings may not be compared, a sentence each; empty otherwise.
    remarks
        What differs between the recordings without forbidding the comparison.
    differences
        What was filmed or analysed differently, each with its code: side, model, correction, view,
        distance, mirrored, format, or not known.
    normal_before, normal_after
        Usual range for the first set and the last, for the age and sex of the comparison.
    restricted_before, restricted_after
        Whether the first set and the last are restricted; "unknown" for sides.
    """

    kind: Kind
    pre1: Assessment
    post: Assessment
    pre2: Assessment | None = None
    arcs: Arcs | None = None
    change_deg: float | None
    drift_deg: float | None = None
    mdc95_deg: float | None
    limit_deg: float | None
    verdict: Verdict
    label: Label | None = None
    label_reason: str | None
    refusals: tuple[str, ...]
    remarks: tuple[str, ...]
    differences: tuple[Difference, ...] = ()
    pain_before: float | None = None
    pain_after: float | None = None
    worse: bool | None = None
    normal_before: NormalRange | None = None
    normal_after: NormalRange | None = None
    restricted_before: Restricted = "unknown"
    restricted_after: Restricted = "unknown"

    @property
    def baseline(self) -> Assessment:
        """The set that the change is counted from."""
        return self.pre2 or self.pre1

    @property
    def drift_limit_deg(self) -> float | None:
        """Smallest difference between the two sets before that is no error; None without two."""
        first, second, _ = readings_of(self.pre1, self.pre2, self.post, self.arcs)
        return mdc_deg(first, second)

    @property
    def signs(self) -> SignChanges | None:
        """Signs that went and came; None for sides and where the sets may not be compared."""
        if self.kind == "left_right" or self.refusals:
            return None
        return sign_changes(signs_of(self.baseline.signs), signs_of(self.post.signs))

    @property
    def side_signs(self) -> SignChanges | None:
        """Signs of the left side only (`went`), of the right only (`came`), and of both."""
        if self.kind == "before_after" or self.refusals:
            return None
        return sign_changes(signs_of(self.pre1.signs), signs_of(self.post.signs))

    @property
    def pain_onset(self) -> OnsetChange | None:
        """The start of pain before and after; None for sides, or where nothing was marked."""
        if self.kind == "left_right" or self.refusals:
            return None
        stable = self.verdict != "unstable_baseline"
        found = onset_change(self.baseline, self.post, stable=stable)
        return found if found.before or found.after else None

    @property
    def protective(self) -> tuple[ProtectiveIndex, ProtectiveIndex] | None:
        """The composite of the protective signs before and after, scored alike; None for sides."""
        if self.kind == "left_right":
            return None
        measured = self.baseline.measured, self.post.measured
        return protective_indices(
            self.baseline.signs, self.post.signs, movement=self.post.movement, measured=measured
        )

    @property
    def protective_at_first(self) -> ProtectiveIndex:
        """The composite on the first set alone, as the weeks go by it."""
        first = self.pre1
        return protective_index(first.signs, movement=first.movement, measured=first.measured)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The result in plain words, the most important first."""
        return comparison_sentences(self)

    @property
    def text(self) -> str:
        return " ".join(self.sentences)

    def to_json(self, *, day: date | None = None) -> dict[str, JsonValue]:
        """The contract `rom.comparison/1` with the day of the session; no series in the sets.

        `arcs` is there only where there are some.
        """
        arcs = {} if self.arcs is None else {"arcs": self.arcs.to_json()}
        return {
            "schema": SCHEMA,
            "kind": self.kind,
            "day": day.isoformat() if day else None,
            "pre1": _without_series(self.pre1),
            "pre2": _without_series(self.pre2) if self.pre2 else None,
            "post": _without_series(self.post),
            "change_deg": json_value(self.change_deg),
            "drift_deg": json_value(self.drift_deg),
            "mdc95_deg": json_value(self.mdc95_deg),
            "limit_deg": json_value(self.limit_deg),
            "verdict": self.verdict,
            "label": {"id": self.label.id, "name": self.label.name} if self.label else None,
            "label_reason": self.label_reason,
            "refusals": json_value(self.refusals),
            "differences": json_value(self.differences),
            "pain": {"before": json_value(self.pain_before), "after": json_value(self.pain_after)},
            "pain_onset": json_value(self.pain_onset),
            "worse": self.worse,
            "restricted": {"before": self.restricted_before, "after": self.restricted_after},
            "signs": json_value(self.signs),
            "side_signs": _side_signs_json(self.side_signs),
            "protective_signs": self._protective_json(),
            "remarks": json_value(self.remarks),
            "usual": {
                "before": json_value(self.normal_before),
                "after": json_value(self.normal_after),
            },
            "text": self.text,
            **arcs,
        }

    def _protective_json(self) -> JsonValue:
        if self.protective is None:
            return None
        before, after = self.protective
        return {
            "first": json_value(self.protective_at_first),
            "before": json_value(before),
            "after": json_value(after),
        }


def compare(
    pre1: Assessment,
    post: Assessment,
    *,
    pre2: Assessment | None = None,
    pain_before: float | None = None,
    pain_after: float | None = None,
    worse: bool | None = None,
    stop_symptom: bool = False,
    other_side: Assessment | None = None,
    opposite: Opposite | None = None,
    age: float | None = None,
    sex: Sex | None = None,
) -> Comparison:
    """Compare a set after with one or two sets before.

    The change counts from the second set before, where there is one, so that warming up counts
    less. No change is claimed from a bound, nor when the two sets before differ beyond error.
    With the `opposite` direction of the same clips it is the change of the whole arc. Without an
    age the usual range is the one that the assessments carry.

    Raises
    ------
    UsageError
        For a pain score outside 0 to 10, or for sets of different movements.
    """
    check_pain(pain_before, pain_after)
    check_same_movement(*(each for each in (pre1, pre2, post, other_side) if each))
    arcs = arcs_of(pre1, post, pre2, opposite)
    refusals = (*_session_refusals(pre1, pre2 or pre1, post),)
    if arcs is not None and opposite is not None:
        refusals += (*_opposite_refusals(opposite.pre2 or opposite.pre1, opposite.post),)
    other = usable_other_side(other_side, pre1, post)
    pre1, pre2, post = _with_signs(pre1, pre2, post, other, pain_before, pain_after)
    figures = figures_of(pre1, pre2, post, arcs, comparable=not refusals)
    remarks = (*_remarks(pre1, pre2, post, figures.drift_deg),)
    if opposite is not None and arcs is None and not refusals:
        remarks += (ONE_DIRECTION_ONLY,)
    before, after = (usual_range_of(each, age=age, sex=sex) for each in (pre1, post))
    facts = SessionFacts(
        comparable=not refusals,
        unstable_baseline=figures.unstable,
        change=_change_class(figures.change_deg, figures.mdc95_deg),
        pain_before=pain_before,
        pain_after=pain_after,
        worse=worse,
        stop_symptom=stop_symptom,
        restricted_before=restriction_of(pre1, normal=before, other_side=other),
        restricted_after=restriction_after(post, normal=after, other_side=other),
    )
    decision = decide(facts)
    return Comparison(
        kind="before_after",
        pre1=pre1,
        pre2=pre2,
        post=post,
        arcs=arcs,
        change_deg=figures.change_deg,
        drift_deg=figures.drift_deg,
        mdc95_deg=figures.mdc95_deg,
        limit_deg=figures.mdc95_deg,
        verdict=_verdict(facts.change, unstable=figures.unstable),
        label=decision.label,
        label_reason=decision.reason,
        refusals=refusals,
        remarks=remarks,
        differences=find_differences(pre2 or pre1, post),
        pain_before=pain_before,
        pain_after=pain_after,
        worse=worse,
        normal_before=before,
        normal_after=after,
        restricted_before=facts.restricted_before.status,
        restricted_after=facts.restricted_after.status,
    )


def compare_sides(
    left: Assessment, right: Assessment, *, age: float | None = None, sex: Sex | None = None
) -> Comparison:
    """Compare the left side with the right, measured in one session and view.

    The difference is right − left, told when it exceeds the MDC and 10 % of the larger side.
    "gain" means that the right side moves further, "loss" that it moves less far.

    Raises
    ------
    UsageError
        For sets of different movements.
    """
    check_same_movement(left, right)
    differences = find_differences(left, right, opposite_sides=True)
    refusals = (
        *value_refusals(left, "The left side"),
        *value_refusals(right, "The right side"),
        *(each.sentence for each in differences if each.refuses),
        *order_refusals(left, right),
    )
    difference = None if refusals else difference_deg(left, right)
    limit = None if refusals else side_limit_deg(left, right)
    left, right = both_sides(left, right)
    return Comparison(
        kind="left_right",
        pre1=left,
        post=right,
        change_deg=difference,
        mdc95_deg=None if refusals else mdc_deg(left, right),
        limit_deg=limit,
        verdict=_verdict(_change_class(difference, limit), unstable=False),
        label_reason="Labels are given to before and after, not to left and right.",
        refusals=refusals,
        remarks=tuple(each.sentence for each in differences if not each.refuses),
        differences=differences,
        normal_before=usual_range_of(left, age=age, sex=sex),
        normal_after=usual_range_of(right, age=age, sex=sex),
    )


def _with_signs(
    pre1: Assessment,
    pre2: Assessment | None,
    post: Assessment,
    other: Assessment | None,
    pain_before: float | None,
    pain_after: float | None,
) -> tuple[Assessment, Assessment | None, Assessment]:
    """The sets with the signs that take another set, the other side, or the person's words."""

    def seen(one: Assessment, reference: Assessment, pain: float | None) -> Assessment:
        return with_pain(beside_other_side(judged_against(one, reference), other), pain)

    return (
        seen(pre1, post, pain_before),
        None if pre2 is None else seen(pre2, post, pain_before),
        seen(post, pre2 or pre1, pain_after),
    )


def _side_signs_json(changes: SignChanges | None) -> JsonValue:
    if changes is None:
        return None
    return {
        "left_only": [each.code for each in changes.went],
        "right_only": [each.code for each in changes.came],
        "both": [each.code for each in changes.stayed],
        "not_told": json_value(changes.not_told),
    }


def _without_series(assessment: Assessment) -> dict[str, JsonValue]:
    return replace(assessment, series=None).to_json()


def _session_refusals(pre1: Assessment, baseline: Assessment, post: Assessment) -> Iterator[str]:
    yield from value_refusals(baseline, "The set before")
    yield from value_refusals(post, "The set after")
    yield from (each.sentence for each in find_differences(baseline, post) if each.refuses)
    if pre1 is not baseline:
        for each in find_differences(pre1, baseline):
            if each.code == "side":
                yield f"The two sets before do not match. {each.sentence}"


def _opposite_refusals(before: Assessment | None, after: Assessment | None) -> Iterator[str]:
    """Why a change of the arc cannot be told from the other direction of the sets."""
    for each, name in ((before, "The set before"), (after, "The set after")):
        if each is not None:
            yield from value_refusals(each, f"{name} to the {each.side}")


def _remarks(
    pre1: Assessment, pre2: Assessment | None, post: Assessment, drift_deg: float | None
) -> Iterator[str]:
    for each in find_differences(pre2 or pre1, post):
        if not each.refuses:
            yield each.sentence
    if pre2 is None:
        return
    if drift_deg is None:
        yield "The two sets before could not be compared, so warming up cannot be told apart."


def _change_class(change_deg: float | None, limit_deg: float | None) -> ChangeClass | None:
    if change_deg is None or limit_deg is None:
        return None
    if abs(change_deg) <= limit_deg:
        return "none"
    return "gain" if change_deg > 0 else "loss"


def _verdict(change: ChangeClass | None, *, unstable: bool) -> Verdict:
    if change is None:
        return "not_comparable"
    if unstable:
        return "unstable_baseline"
    return "no_measurable_change" if change == "none" else change
