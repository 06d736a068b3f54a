"""Screens between the sets and at the end: measuring, the target, the rest, the end."""

from __future__ import annotations

from rom.clinical.massage.wording import dose_words, muscle_words, spot_title
from rom.clinical.muscles import muscle_named
from rom.clinical.wording import movement_title
from rom.protocol.constants import figure
from rom.protocol.session import CheckSession, StepKind
from rom.protocol.target import findings
from rom.ui.check.words import AGAIN, GO_ON, SKIP, capital, failure_words, finding_words, take_title
from rom.ui.drawings.results import results_name
from rom.ui.stage.scenes import Option, Scene


def measuring(session: CheckSession) -> Scene:
    """Waiting for what is read from the recordings."""
    count = len(session.pending)
    what = "the recording" if count < 2 else f"{count} recordings"
    return Scene(
        id=f"measuring-{session.phase.value}",
        kind="busy",
        title="Measuring",
        text=f"Reading {what}. You can lower your arms and breathe.",
        spoken="One moment, measuring.",
        camera="none",
    )


def not_measured(session: CheckSession) -> Scene:
    """What could not be measured, and whether it is filmed again."""
    failed = session.failures
    by_id = {each.request.id: each.request for each in session.filmed}
    words = " ".join(f"{take_title(by_id[each.take])}: {failure_words(each)}" for each in failed)
    return Scene(
        id=f"not-measured-{failed[0].take}",
        kind="choose",
        title="This could not be measured",
        text=words,
        spoken=words,
        beep="warn",
        options=(
            Option(id=AGAIN, label="Film it again", detail=take_title(by_id[failed[0].take])),
            Option(id=GO_ON, label="Go on without it"),
        ),
        camera="small",
    )


def target(session: CheckSession) -> Scene:
    """The results of the profile, and the choice of what the massage is for."""
    ranked = findings(session)
    options = tuple(
        Option(
            id=f"{each.movement}/{each.side.value if each.side else ''}",
            label=capital(movement_title(each.movement, each.side)),
            detail=finding_words(each),
        )
        for each in ranked
    )
    first = movement_title(ranked[0].movement, ranked[0].side)
    lead = (
        f"The most limited today: {first}."
        if ranked[0].restriction.counts
        else "None of your movements is limited. You may still choose one."
    )
    left = _left_out(session)
    return Scene(
        id="target",
        kind="choose",
        title="Which movement is the massage for?",
        text=f"{lead}\n{left}" if left else lead,
        spoken=f"{lead} Raise your right hand to take it, your left for the next one.",
        options=(*options, Option(id=SKIP, label="No massage today", detail="End with this.")),
        picture=results_name([each.assessment for each in ranked]),
        camera="small",
    )


def _left_out(session: CheckSession) -> str:
    titles = dict.fromkeys(
        movement_title(each.movement, side)
        for each in session.not_filmed
        for side in each.sides.each
    )
    return f"Not filmed: {'; '.join(titles)}." if titles else ""


def no_spot(session: CheckSession) -> Scene:
    """Nothing may be pressed, and why."""
    plan = session.spots
    reasons = " ".join(dict.fromkeys(each.reason for each in plan.left_out)) if plan else ""
    other = (Option(id=AGAIN, label="Choose another movement"),)
    return Scene(
        id="no-spot",
        kind="show",
        title="There is no spot to press for this today",
        text=reasons or "Our table lists no muscle for this movement.",
        spoken="There is no spot to press for this today.",
        options=(
            Option(id=GO_ON, label="Go on to the result"),
            *(other if session.plan.mode == "full" else ()),
        ),
        camera="none",
    )


def rest(session: CheckSession) -> Scene:
    """The rest, spent on learning the spot."""
    plan = session.spots
    assert plan is not None and plan.spots
    spot = plan.spots[0]
    names = ", then ".join(spot_title(each.muscle, each.side) for each in plan.spots)
    words = "\n".join(
        (
            capital(names),
            *muscle_words(muscle_named(spot.muscle)),
            f"{capital(dose_words(spot))}.",
        )
    )
    minutes = figure("rest_s") / 60.0
    return Scene(
        id="rest",
        kind="timer",
        title="Rest, and learn the spot",
        text=words,
        spoken=f"Rest for {minutes:.0f} minutes. Meanwhile, learn the spot. Do not press yet.",
        picture=f"muscle/{spot.muscle}/{spot.side.value if spot.side else 'left'}",
        ends_in_s=session.rest_left_s,
        options=(
            Option(id=GO_ON, label="Go on now", detail="A shorter rest is said in the result."),
        ),
        camera="none",
    )


def hands_on(session: CheckSession) -> Scene:
    """The therapist's turn."""
    return Scene(
        id="hands-on",
        kind="show",
        title="Now it is your hands' turn",
        text="Go on when you are done, and measure again soon after.",
        spoken="Now it is your hands' turn. Go on when you are done.",
        options=(Option(id=GO_ON, label="Measure again"), Option(id=SKIP, label="End here")),
        camera="small",
    )


def ended(session: CheckSession) -> Scene:
    """The last screen."""
    if session.stop is not None:
        title, words = "Stopped for today", session.stop.message
    elif session.kind is StepKind.ABANDONED:
        title, words = "Ended", "What was done is kept."
    else:
        title, words = "Done", "Your result comes now."
    return Scene(
        id=f"ended-{session.kind.value}",
        kind="ended",
        title=title,
        text=words,
        spoken=f"{title}. {words}",
        camera="none",
    )
