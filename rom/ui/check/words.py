"""What the screens of a check say: a scene for every step, in words for the person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rom.clinical.body import Place, regions
from rom.clinical.massage.wording import dose_words, muscle_words, spot_title
from rom.clinical.muscles import muscle_named, muscles_worth_trying
from rom.clinical.safety import symptoms
from rom.clinical.screening import ANYTHING_NEW
from rom.clinical.wording import degrees, movement_title
from rom.landmarks import Side
from rom.movements import movement_named
from rom.protocol.constants import figure
from rom.protocol.session import SCREENING, CheckSession, StepKind, TakeResult
from rom.protocol.takes import TakeRequest, profile_of
from rom.protocol.target import Finding, findings
from rom.records.entities import Phase
from rom.ui.check.massage_words import massage_scene
from rom.ui.drawings.results import results_name
from rom.ui.stage.scenes import Option, Scene, Standing

NONE = "none"
YES, NO = "yes", "no"
GO_ON, AGAIN, SKIP, DONE = "go_on", "again", "skip", "done"

STANDING: tuple[Standing, ...] = ("pause", "end")
STANDING_AGAIN: tuple[Standing, ...] = ("pause", "repeat", "end")

PAIN_SCALE = "0 is none, 10 the worst you can imagine."
BY_HAND = "Hold one hand out to the side: low is 0, high is 10."
HANDS = "Right hand up: take the marked answer. Left hand up: the next one. Arms crossed: pause."

REGION_WORDS = {
    "neck": "Neck",
    "shoulder": "Shoulder",
    "hip": "Hip",
    "knee_ankle": "Knee and ankle",
    "trunk": "Trunk",
}
_LEAVE_OUT = {
    StepKind.WARM_UP: "Go on without a warm-up",
    StepKind.TAKE: "Leave this movement out",
    StepKind.REST: "End the rest",
    StepKind.MASSAGE: "End the massage",
}
RESTRICTED_WORDS = {
    "clearly": "below the usual range, or clearly less than the other side",
    "possibly": "near the lower end of the usual range",
    "no": "within the usual range, or like the other side",
    "unknown": "nothing to compare it with",
}


def scene_of(session: CheckSession, *, measured_frac: float | None = None) -> Scene:
    """The scene of a step without camera work; its id names the step alone."""
    scene = massage_scene(session) if session.kind is StepKind.MASSAGE else None
    if scene is None:
        scene = _SCENES[session.kind](session)
    if session.kind is StepKind.MEASURING:
        scene = replace(scene, ring_frac=measured_frac)
    repeat = session.kind is StepKind.PAIN_TAKE and session.stop is None
    standing = () if session.ended else STANDING_AGAIN if repeat else STANDING
    return replace(scene, step=step_words(session), standing=standing)


def pause_scene(session: CheckSession) -> Scene:
    """What is offered in a break."""
    options = [Option(id="resume", label="Go on")]
    if (left_out := _LEAVE_OUT.get(session.kind)) is not None:
        options.append(Option(id=SKIP, label=left_out))
    options.append(Option(id="unwell", label="I do not feel well"))
    options.append(Option(id="end", label="End the check", detail="What is done is kept."))
    return Scene(
        id="paused",
        kind="choose",
        title="Paused",
        text=f"Take your time. {HANDS}",
        spoken="Paused. Raise your right hand to go on.",
        options=tuple(options),
        step=step_words(session),
        standing=("resume", "end"),
        camera="small",
    )


def unwell_scene(session: CheckSession) -> Scene:
    """Which symptom it is."""
    options = [Option(id=f"felt:{name}", label=_capital(each)) for name, each in _symptoms()]
    return Scene(
        id="unwell",
        kind="choose",
        title="What do you feel?",
        text="Sit down if you can.",
        spoken="What do you feel? Sit down if you can.",
        options=(*options, Option(id="resume", label="None of these, go on")),
        step=step_words(session),
        standing=("resume", "end"),
        camera="small",
    )


def resumed_scene(session: CheckSession) -> Scene:
    """The first screen of a check that was broken off."""
    return replace(
        pause_scene(session),
        id="back",
        title="You were in the middle of a check",
        text="Everything up to here is kept. Go on where you were, or end it.",
        spoken="You were in the middle of a check. Go on where you were, or end it.",
    )


def last_measuring_scene(session: CheckSession, measured_frac: float | None) -> Scene:
    """What is shown at the end while something that was filmed is still being read."""
    return replace(
        _measuring(session),
        id="measuring-last",
        title="Keeping what was filmed",
        text="One moment: the last recording is being read.",
        spoken="One moment.",
        ring_frac=measured_frac,
        standing=(),
    )


def take_title(request: TakeRequest) -> str:
    """The movement of a clip, with its sides."""
    known = movement_named(request.movement)
    sides = request.sides.each
    if len(sides) == 2:
        return _capital(f"{known.title_for(None)}, left and right")
    return _capital(known.title_for(sides[0]))


def step_words(session: CheckSession) -> str:
    """Where in the check this is, as "3 of 9, profile"."""
    parts = _PARTS[session.plan.mode]
    part = _part(session)
    if part not in parts:
        return ""
    words = f"{parts.index(part) + 1} of {len(parts)}, {part}"
    if part == "profile" and session.taken(Phase.PRE1) + session.taken(Phase.PRE2) + (
        *session.takes,
    ):
        wanted = len(session.takes) + len(session.taken(Phase.PRE1))
        number = min(len(session.taken(Phase.PRE1)) + 1, wanted)
        return f"{words}: movement {number} of {wanted}"
    return words


def finding_words(found: Finding) -> str:
    """A value of the profile with its error, and where it stands."""
    known = found.assessment
    assert known.value_deg is not None and known.accuracy_deg is not None
    least = "at least " if known.bound == "at_least" else ""
    value = f"{least}{degrees(known.value_deg)} ±{degrees(known.accuracy_deg)}"
    return f"{value}, {RESTRICTED_WORDS[found.restriction.status]}"


def failure_words(failed: TakeResult) -> str:
    """Why a clip has no value."""
    refusals = [
        each.assessment.refusals[0].message for each in failed.sets if not each.assessment.measured
    ]
    return " ".join(dict.fromkeys(refusals)) or failed.reason


def places_to_ask(session: CheckSession) -> tuple[Place, ...]:
    """The places from which the muscles of the movements can be told apart."""
    wanted: set[str] = set()
    for movement in _movements(session):
        side = Side.LEFT if movement_named(movement).has_side else None
        for each in muscles_worth_trying(movement, side):
            wanted |= {*each.muscle.location_regions, *each.muscle.referral_regions}
    return tuple(
        Place(name, side)
        for name, region in regions().items()
        if name in wanted
        for side in (Side if region.sided else (None,))
    )


def _movements(session: CheckSession) -> tuple[str, ...]:
    plan = session.plan
    if plan.region is not None:
        return tuple(dict.fromkeys(each.movement for each in profile_of(plan.region)))
    return (plan.movement or "",)


# Safety questions and what is asked first


def _anything_new(session: CheckSession) -> Scene:
    return Scene(
        id="anything-new",
        kind="choose",
        title=ANYTHING_NEW,
        spoken=ANYTHING_NEW,
        options=(Option(id=NO, label="No"), Option(id=YES, label="Yes")),
        camera="none",
    )


def _screen(session: CheckSession) -> Scene:
    group = session.screening.groups[0]
    options = [Option(id=NONE, label="None of these")]
    options += [Option(id=each.id, label=each.words) for each in group.questions]
    return Scene(
        id=f"screen-{group.id}",
        kind="choose",
        title=group.heading,
        text="The answers decide what is left out today. They stay on this computer.",
        spoken=group.heading,
        options=tuple(options),
        multiple=True,
        camera="none",
    )


def _screen_places(session: CheckSession) -> Scene:
    question = session.screening.detail
    assert question is not None
    options = [
        Option(id=place.name, label=_capital(place.words))
        for name, region in regions().items()
        for place in (Place(name, side) for side in (Side if region.sided else (None,)))
    ]
    return Scene(
        id=f"places-{question.id}",
        kind="choose",
        title="Where is it?",
        text=question.words,
        spoken="Where is it? Choose one or several places.",
        options=(Option(id=NONE, label="Everywhere, or I cannot say"), *options),
        multiple=True,
        camera="none",
    )


def _screen_agreed(session: CheckSession) -> Scene:
    question = session.screening.detail
    assert question is not None
    asked = (
        "Has your surgeon agreed to active movement there?"
        if question.measuring == "blocked_unless_cleared"
        else "Has a doctor or physiotherapist agreed to self-massage?"
    )
    return Scene(
        id=f"agreed-{question.id}",
        kind="choose",
        title=asked,
        text=question.words,
        spoken=asked,
        options=(Option(id=YES, label="Yes"), Option(id=NO, label="No")),
        camera="none",
    )


def _notices(session: CheckSession) -> Scene:
    words = " ".join(each.message for each in session.screening.clearance.notices)
    return Scene(
        id="notices",
        kind="show",
        title="Please keep this in mind",
        text=words,
        spoken=words,
        options=(Option(id=GO_ON, label="Go on"),),
        camera="none",
    )


def _hurts(session: CheckSession) -> Scene:
    places = places_to_ask(session)
    options = [Option(id=NONE, label="Nowhere in particular")]
    options += [Option(id=each.name, label=_capital(each.words)) for each in places]
    return Scene(
        id="hurts",
        kind="choose",
        title="Where is it stiff or sore?",
        text="Choose one or several places. It decides which muscles come first.",
        spoken="Where is it stiff or sore? Choose one or several places.",
        options=tuple(options),
        multiple=True,
        picture="body/front",
        camera="none",
    )


def _pain_now(session: CheckSession) -> Scene:
    return _rating("pain-now", "How much does it hurt now?", "at rest, before the first movement")


# Camera work


def _pain_warm_up(session: CheckSession) -> Scene:
    words = take_title(session.take)
    key = f"pain-warm-up-{session.take.id}"
    return _rating(key, "How much did the warm-up hurt?", words)


def _pain_take(session: CheckSession) -> Scene:
    taken = session.filmed[-1]
    again = () if session.stop else (Option(id=AGAIN, label="Film it again"),)
    scene = _rating(f"pain-{taken.request.id}", "How much did it hurt?", take_title(taken.request))
    return replace(scene, options=(*again, *scene.options))


def _rating(key: str, question: str, about: str) -> Scene:
    return Scene(
        id=key,
        kind="rate",
        title=question,
        text=f"{_capital(about)}. {PAIN_SCALE}",
        spoken=f"{question} From 0 to 10. {BY_HAND}",
        options=(Option(id=SKIP, label="I would rather not say"),),
        camera="small",
    )


def _worse(session: CheckSession) -> Scene:
    question = "Does it feel worse than before the massage?"
    return Scene(
        id="worse",
        kind="choose",
        title=question,
        spoken=question,
        options=(Option(id=NO, label="No"), Option(id=YES, label="Yes, worse")),
        camera="small",
    )


def _measuring(session: CheckSession) -> Scene:
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


def _not_measured(session: CheckSession) -> Scene:
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


# Between the sets


def _target(session: CheckSession) -> Scene:
    ranked = findings(session)
    options = tuple(
        Option(
            id=f"{each.movement}/{each.side.value if each.side else ''}",
            label=_capital(movement_title(each.movement, each.side)),
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


def _no_spot(session: CheckSession) -> Scene:
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


def _rest(session: CheckSession) -> Scene:
    plan = session.spots
    assert plan is not None and plan.spots
    spot = plan.spots[0]
    names = ", then ".join(spot_title(each.muscle, each.side) for each in plan.spots)
    words = "\n".join(
        (
            _capital(names),
            *muscle_words(muscle_named(spot.muscle)),
            f"{_capital(dose_words(spot))}.",
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


def _hands_on(session: CheckSession) -> Scene:
    return Scene(
        id="hands-on",
        kind="show",
        title="Now it is your hands' turn",
        text="Go on when you are done, and measure again soon after.",
        spoken="Now it is your hands' turn. Go on when you are done.",
        options=(Option(id=GO_ON, label="Measure again"), Option(id=SKIP, label="End here")),
        camera="small",
    )


def _ended(session: CheckSession) -> Scene:
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


def _symptoms() -> list[tuple[str, str]]:
    return list(symptoms().items())


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


_PARTS = {
    "full": (
        "safety questions",
        "where it hurts",
        "profile",
        "your question",
        "rest",
        "measure again",
        "massage",
        "measure after",
    ),
    "quick": ("safety questions", "where it hurts", "measure", "massage", "measure after"),
    "therapist": ("measure", "your hands", "measure after"),
}


def _part(session: CheckSession) -> str:
    kind, full = session.kind, session.plan.mode == "full"
    if kind in SCREENING or kind is StepKind.NOTICES:
        return "safety questions"
    if kind in (StepKind.HURTS, StepKind.PAIN_NOW):
        return "where it hurts" if session.plan.mode != "therapist" else "measure"
    named = {
        StepKind.TARGET: "your question",
        StepKind.NO_SPOT: "your question" if full else "massage",
        StepKind.REST: "rest",
        StepKind.MASSAGE: "massage",
        StepKind.HANDS_ON: "your hands",
        StepKind.RESULT: "",
        StepKind.STOPPED: "",
        StepKind.ABANDONED: "",
    }
    if kind in named:
        return named[kind]
    first = "profile" if full else "measure"
    return {Phase.PRE1: first, Phase.PRE2: "measure again", Phase.POST: "measure after"}[
        session.phase
    ]


_SCENES: dict[StepKind, Callable[[CheckSession], Scene]] = {
    StepKind.ANYTHING_NEW: _anything_new,
    StepKind.SCREEN: _screen,
    StepKind.SCREEN_PLACES: _screen_places,
    StepKind.SCREEN_AGREED: _screen_agreed,
    StepKind.NOTICES: _notices,
    StepKind.HURTS: _hurts,
    StepKind.PAIN_NOW: _pain_now,
    StepKind.PAIN_WARM_UP: _pain_warm_up,
    StepKind.PAIN_TAKE: _pain_take,
    StepKind.WORSE: _worse,
    StepKind.MEASURING: _measuring,
    StepKind.NOT_MEASURED: _not_measured,
    StepKind.TARGET: _target,
    StepKind.NO_SPOT: _no_spot,
    StepKind.REST: _rest,
    StepKind.HANDS_ON: _hands_on,
    StepKind.RESULT: _ended,
    StepKind.STOPPED: _ended,
    StepKind.ABANDONED: _ended,
}
