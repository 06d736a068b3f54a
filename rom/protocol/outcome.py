"""What a check says at its end: the comparison, and what has to be said beside it."""

from __future__ import annotations

from collections.abc import Iterator

from rom.clinical.arc import Opposite, both_directions
from rom.clinical.comparison import Comparison, compare
from rom.protocol.constants import figure
from rom.protocol.events import MeasuredSet
from rom.protocol.session import CheckSession, StepKind
from rom.protocol.target import other_side_of
from rom.records.entities import Phase


def compared_sets(session: CheckSession) -> dict[Phase, MeasuredSet]:
    """The measured sets of the target by their phases; empty before there is one."""
    if session.target is None:
        return {}
    movement, side = session.target.movement, session.target.side
    found = {
        phase: session.set_of(phase, movement, side)
        for phase in (Phase.PRE1, Phase.PRE2, Phase.POST)
    }
    return {phase: each for phase, each in found.items() if each is not None}


def opposite_sets(session: CheckSession) -> dict[Phase, MeasuredSet]:
    """The other direction of each of `compared_sets`, from the same clip, where there is one."""
    if session.target is None or not both_directions(session.target.movement):
        return {}
    found = {phase: session.beside(each) for phase, each in compared_sets(session).items()}
    return {phase: each for phase, each in found.items() if each is not None}


def comparison_of(session: CheckSession) -> Comparison | None:
    """Before against after; None unless the target was measured both times.

    What was asked after the last set counts, so it is known only once the pain was asked.
    """
    sets = compared_sets(session)
    if Phase.PRE1 not in sets or Phase.POST not in sets or session.kind is StepKind.WORSE:
        return None
    if not session.taken(Phase.POST)[-1].rated:
        return None
    before = session.pain_of(Phase.PRE2)
    first = sets[Phase.PRE1].assessment
    second = sets.get(Phase.PRE2)
    return compare(
        first,
        sets[Phase.POST].assessment,
        pre2=second.assessment if second else None,
        pain_before=session.pain_of(Phase.PRE1) if before is None else before,
        pain_after=session.pain_of(Phase.POST),
        worse=session.worse,
        stop_symptom=session.stop is not None,
        other_side=other_side_of(first, session.measured(Phase.PRE1)),
        opposite=_opposite(session),
        age=session.plan.age,
        sex=session.plan.sex,
    )


def _opposite(session: CheckSession) -> Opposite | None:
    assert session.target is not None
    if not both_directions(session.target.movement):
        return None
    found = {phase.value: each.assessment for phase, each in opposite_sets(session).items()}
    return Opposite(pre1=found.get("pre1"), pre2=found.get("pre2"), post=found.get("post"))


def remarks(session: CheckSession) -> tuple[str, ...]:
    """What was done otherwise than the protocol asks for, a sentence each."""
    return (*_remarks(session),)


def _remarks(session: CheckSession) -> Iterator[str]:
    compared = Phase.POST in compared_sets(session)
    if compared and session.plan.mode == "quick":
        yield (
            "This was the short check with one set before: it cannot tell a change from the "
            "massage apart from warming up."
        )
    if compared and session.plan.mode == "therapist":
        yield (
            "One set before and one after, without a warm-up: warming up by itself can add to "
            "the change."
        )
    if compared and session.plan.mode == "full" and Phase.PRE2 not in compared_sets(session):
        yield "The second set before is missing, so warming up cannot be told apart."
    rest_s = figure("rest_s")
    if session.rest_s is not None and session.rest_s < rest_s - 1.0:
        yield f"You rested for {session.rest_s:.0f} of {rest_s:.0f} s before the second set."
    late_s = _late_s(session)
    if late_s is not None:
        within_min = figure("post_within_s") / 60.0
        yield (
            f"The set after was filmed {late_s / 60.0:.0f} minutes after the massage; a change "
            f"fades, so {within_min:.0f} minutes are the limit."
        )
    if session.massage is not None and not _massaged_whole(session):
        yield "The massage was shorter than planned."
    for taken in session.filmed:
        if taken.request.warm_up and not taken.warmed_up:
            yield "You left out a warm-up, which by itself can lower the first set."
            return


def _late_s(session: CheckSession) -> float | None:
    """Seconds from the end of the massage to the set after, where those are too many."""
    posts = session.taken(Phase.POST)
    if not posts or session.massage_ended_s is None:
        return None
    after_s = posts[-1].filmed_s - session.massage_ended_s
    return after_s if after_s > figure("post_within_s") else None


def _massaged_whole(session: CheckSession) -> bool:
    done = session.massage
    assert done is not None
    return all(each.outcome in ("completed", "not_tender") for each in done.done) and not done.turns
