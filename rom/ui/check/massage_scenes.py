"""The scenes of the guided massage; the words are those of the terminal."""

from __future__ import annotations

from rom.clinical.massage.session import RATED, MassageSession, StepKind
from rom.clinical.massage.wording import spot_title, step_words
from rom.clinical.safety import symptom_stop, symptoms
from rom.protocol.session import CheckSession
from rom.ui.check.words import GO_ON, SKIP, capital
from rom.ui.stage.scenes import Option, Scene

_LEAVE = Option(id=SKIP, label="Leave this spot")


def massage_scene(session: CheckSession) -> Scene:
    """The scene of the massage's present step."""
    pressing = session.massage
    assert pressing is not None
    kind = pressing.kind
    words = step_words(pressing)
    key = f"massage-{kind.value}-{len(pressing.done)}-{len(pressing.turns)}"
    title = _title(pressing)
    question = words[-1]
    if kind in RATED and kind is not StepKind.HOLD:
        go_on = kind is StepKind.PRESS and pressing.turn.bearable
        return Scene(
            id=f"{key}-{pressing.note or ''}"[:120],
            kind="rate",
            title=title,
            text=" ".join(words),
            spoken=words[-1],
            options=(
                *((Option(id=GO_ON, label="Go on as it is"),) if go_on else ()),
                *(() if not _at_spot(pressing) else (_LEAVE,)),
            ),
            picture=_picture(pressing),
            camera="small",
        )
    if kind is StepKind.HOLD:
        question = (
            f"Hold it steady for {pressing.turn.spot.hold_s:g} s and breathe on. Ease off if it"
            " gets too strong."
        )
        return Scene(
            id=key,
            kind="timer",
            title=title,
            text=question,
            spoken=question,
            beep="go",
            picture=_picture(pressing),
            ends_in_s=pressing.remaining_s(session.massage_s),
            options=(Option(id="too_strong", label="It gets too strong"), _LEAVE),
            camera="small",
        )
    if kind is StepKind.FAMILIAR:
        options: tuple[Option, ...] = (
            Option(id="yes", label="Yes, my familiar pain"),
            Option(id="no", label="Tender, but not that pain"),
            Option(id="not_tender", label="Not tender"),
        )
    elif kind is StepKind.SYMPTOMS:
        felt = (Option(id=f"felt:{name}", label=capital(each)) for name, each in _symptoms())
        options = (Option(id=GO_ON, label="None of these"), *felt)
    else:
        options = (Option(id=GO_ON, label="I have found it"), _LEAVE)
    return Scene(
        id=key,
        kind="choose" if kind in (StepKind.FAMILIAR, StepKind.SYMPTOMS) else "show",
        title=title if kind is not StepKind.SYMPTOMS else "Let go",
        text="\n".join(words[1:]) if kind is StepKind.LEARN else " ".join(words),
        spoken=f"{title}. {question}" if kind is StepKind.LEARN else question,
        options=options,
        picture=_picture(pressing),
        camera="small",
    )


def _at_spot(pressing: MassageSession) -> bool:
    return pressing.kind not in (StepKind.PAIN_BEFORE, StepKind.PAIN_NOW)


def _title(pressing: MassageSession) -> str:
    if not _at_spot(pressing) or not pressing.turns:
        return "How much does it hurt now?"
    return capital(spot_title(pressing.turn.spot.muscle, pressing.turn.spot.side))


def _picture(pressing: MassageSession) -> str | None:
    if not pressing.turns:
        return None
    spot = pressing.turn.spot
    return f"muscle/{spot.muscle}/{spot.side.value if spot.side else 'left'}"


def _symptoms() -> list[tuple[str, str]]:
    found = list(symptoms().items())
    return sorted(found, key=lambda each: symptom_stop(each[0]).ends)
