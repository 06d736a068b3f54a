"""Screens that ask: safety, where it hurts, how much."""

from __future__ import annotations

from dataclasses import replace

from rom.clinical.body import Place, regions
from rom.clinical.muscles import muscles_worth_trying
from rom.clinical.screening import ANYTHING_NEW
from rom.landmarks import Side
from rom.movements import movement_named
from rom.protocol.session import CheckSession
from rom.protocol.takes import profile_of
from rom.ui.check.words import AGAIN, GO_ON, NO, NONE, SKIP, YES, capital, take_title
from rom.ui.stage.scenes import Option, Scene

PAIN_SCALE = "0 is none, 10 the worst you can imagine."
BY_HAND = "Hold one hand out to the side: low is 0, high is 10."


def anything_new(session: CheckSession) -> Scene:
    """Whether anything is new since the last check."""
    return Scene(
        id="anything-new",
        kind="choose",
        title=ANYTHING_NEW,
        spoken=ANYTHING_NEW,
        options=(Option(id=NO, label="No"), Option(id=YES, label="Yes")),
        camera="none",
    )


def screen(session: CheckSession) -> Scene:
    """One group of the safety questions."""
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


def screen_places(session: CheckSession) -> Scene:
    """Where it is, that a safety question was answered with yes."""
    question = session.screening.detail
    assert question is not None
    options = [
        Option(id=place.name, label=capital(place.words))
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


def screen_agreed(session: CheckSession) -> Scene:
    """Whether somebody who knows has agreed."""
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


def notices(session: CheckSession) -> Scene:
    """What to keep in mind today."""
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


def hurts(session: CheckSession) -> Scene:
    """Where it is stiff or sore."""
    places = places_to_ask(session)
    options = [Option(id=NONE, label="Nowhere in particular")]
    options += [Option(id=each.name, label=capital(each.words)) for each in places]
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


def places_to_ask(session: CheckSession) -> tuple[Place, ...]:
    """The places from which the muscles of the movements can be told apart."""
    wanted: set[str] = set()
    for movement in movements_of(session):
        side = Side.LEFT if movement_named(movement).has_side else None
        for each in muscles_worth_trying(movement, side):
            wanted |= {*each.muscle.location_regions, *each.muscle.referral_regions}
    return tuple(
        Place(name, side)
        for name, region in regions().items()
        if name in wanted
        for side in (Side if region.sided else (None,))
    )


def movements_of(session: CheckSession) -> tuple[str, ...]:
    """The movements that a check is about."""
    plan = session.plan
    if plan.region is not None:
        return tuple(dict.fromkeys(each.movement for each in profile_of(plan.region)))
    return (plan.movement or "",)


def pain_now(session: CheckSession) -> Scene:
    """Pain at rest, before the first movement."""
    return rating("pain-now", "How much does it hurt now?", "at rest, before the first movement")


def pain_warm_up(session: CheckSession) -> Scene:
    """Pain in the warm-up."""
    words = take_title(session.take)
    key = f"pain-warm-up-{session.take.id}"
    return rating(key, "How much did the warm-up hurt?", words)


def pain_take(session: CheckSession) -> Scene:
    """Pain in the recorded repetitions."""
    taken = session.filmed[-1]
    again = () if session.stop else (Option(id=AGAIN, label="Film it again"),)
    scene = rating(f"pain-{taken.request.id}", "How much did it hurt?", take_title(taken.request))
    return replace(scene, options=(*again, *scene.options))


def worse(session: CheckSession) -> Scene:
    """Whether it feels worse after the massage."""
    question = "Does it feel worse than before the massage?"
    return Scene(
        id="worse",
        kind="choose",
        title=question,
        spoken=question,
        options=(Option(id=NO, label="No"), Option(id=YES, label="Yes, worse")),
        camera="small",
    )


def rating(key: str, question: str, about: str) -> Scene:
    """A question for a rating from 0 to 10."""
    return Scene(
        id=key,
        kind="rate",
        title=question,
        text=f"{capital(about)}. {PAIN_SCALE}",
        spoken=f"{question} From 0 to 10. {BY_HAND}",
        options=(Option(id=SKIP, label="I would rather not say"),),
        camera="small",
    )
