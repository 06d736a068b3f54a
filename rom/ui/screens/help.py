"""How is this measured, how well, and from what sources?"""

from __future__ import annotations

import streamlit as st

from rom.clinical.error import best_accuracy_deg, read_too_poorly
from rom.clinical.safety import pain_limits
from rom.clinical.sources import evidence_words
from rom.clinical.tables import number_of, optional_number_of, read_table, text_of
from rom.clinical.wording import degrees
from rom.movements import MOVEMENTS, Movement
from rom.reports.phrases import CANNOT_TELL, STANDING_TEXT, movement_words
from rom.ui import demo
from rom.ui.html_table import show_table

HOW = (
    "A pose model finds 33 points of the body in every picture. From these the angle of the joint"
    " is read, repetition by repetition, and corrected for what a camera gets wrong.",
    "The value of a set is the median of its repetitions, never the best one.",
    "Every value has an error. A change is told only where it is larger than the measurement error"
    " of both sets together.",
    "What could not be seen well enough gets no number, but the reason and what to do.",
)
FILMING = (
    "One movement in a recording, three repetitions: go as far as it goes, stay for a moment, come"
    " back. Stand still for a second before and after.",
    "Camera upright and still, at hip height, two to three metres away; for the neck 0.8 to 1 m.",
    "Good light, nobody else in the picture, clothes that show elbows, hips and knees.",
    "For before and after: the same camera, the same place, the same side.",
)
PRIVACY = (
    "Everything is measured on the computer that runs the app. No picture, no number and no name is"
    " sent to anybody.",
    "Recordings are deleted once they are measured, unless you keep them on purpose. What is kept"
    " are landmarks and numbers, in a file that only you can read.",
    "The first measurement fetches the pose model once, and checks it. After that no network is"
    " needed.",
    "You can take everything out, and delete everything, on the pages People and Settings.",
)
KEYS = {
    "1 to 9": "an answer of the guided check",
    "Arrows, Enter": "choose an answer",
    "Space or Escape": "pause, and go on",
    "Tab": "to the next control of any page",
}
MARKING = (
    "Where there is pain, the guided check asks you to raise the other hand on the way out as soon"
    " as it begins to hurt. The angle at which that hand comes up is the start of pain; the pain"
    " itself begins a moment earlier.",
    "It has the error of the value, or a larger one where it was marked less often or at different"
    " angles, and a change of it is told only beyond that.",
)


def when_it_stops() -> tuple[str, ...]:
    """When the guided check stops by itself, with the limits of the table."""
    limits = pain_limits()
    high, up = (f"{limits[rule]:g}" for rule in ("pain_high", "pain_up"))
    return (
        "Pain, 0 to 10, is asked at rest, after each warm-up and after each movement. The check"
        f" stops at {high}, at a symptom such as dizziness, and where a movement hurts {up} or more"
        " above its own warm-up.",
        "The rise counts from the warm-up, not from rest: a movement that hurts more than rest is"
        " what many people come with, and by itself no reason to stop.",
        "Without a warm-up the rise counts from the last set of the same movement, before pressing"
        " from the rating at rest, and while you press from the beginning of that hold. After the"
        " massage you are asked instead whether it feels worse.",
    )


GESTURES = {
    "One hand up for a second": "go on, or take the answer that is highlighted",
    "Arms crossed": "pause or stop",
    "A hand held out to the side": "pain by its height, from 0 low to 10 high",
    "The other hand up, during a movement": "pain starts here",
}


def page() -> None:
    """Draw the page."""
    st.title("Help")
    demo.offer()
    st.subheader("How it is measured")
    _list(HOW)
    st.subheader("How to film")
    _list(FILMING)
    st.subheader("How well it is measured")
    _errors()
    st.subheader("What cannot be measured")
    _not_measurable()
    st.subheader("What it cannot tell")
    _list(CANNOT_TELL)
    st.subheader("Pain, and when the check stops")
    _list((*when_it_stops(), *MARKING))
    st.subheader("Keys and gestures")
    show_table([{"Key": key, "What it does": words} for key, words in KEYS.items()], caption="Keys")
    show_table(
        [{"Gesture": name, "What it does": words} for name, words in GESTURES.items()],
        caption="Gestures",
    )
    st.subheader("Your data")
    _list(PRIVACY)
    st.subheader("What this is, and is not")
    st.markdown(STANDING_TEXT)
    _sources()


def _list(sentences: tuple[str, ...]) -> None:
    st.markdown("\n".join(f"- {each}" for each in sentences))


def _errors() -> None:
    st.markdown(
        "*Error*: the true angle is expected within this of the value, 95 of 100 times. *Change*:"
        " up to this, two sets of one day can differ by measurement error alone. Where a table"
        " holds a camera angle, the figures grow beyond it."
    )
    rows = [row for row in read_table("measurement_error.csv") if _shown(row)]
    show_table([_error_row(row) for row in rows], caption="Error of each movement")
    sources = dict.fromkeys((text_of(r, "source"), text_of(r, "evidence_status")) for r in rows)
    for source, evidence in sources:
        st.markdown(f"Source: {source} ({evidence_words(evidence)}).")


def _shown(row: dict[str, str | None]) -> bool:
    name = text_of(row, "movement_id")
    return name in MOVEMENTS and MOVEMENTS[name].measurable and not read_too_poorly(name)


def _error_row(row: dict[str, str | None]) -> dict[str, str]:
    movement = MOVEMENTS[text_of(row, "movement_id")]
    yaw_max_deg = optional_number_of(row, "yaw_max_deg")
    view = "any" if yaw_max_deg is None else f"up to {degrees(yaw_max_deg)} off"
    return {
        "Movement": movement_words(movement.name),
        "Filmed from": movement.view.value,
        "Camera angle": view,
        "Error": f"±{degrees(number_of(row, 'accuracy_deg'))}",
        "Change": degrees(number_of(row, "mdc95_within_deg")),
    }


def _not_measurable() -> None:
    reasons = {movement.name: _reason(movement) for movement in MOVEMENTS.values()}
    show_table(
        [
            {"Movement": movement_words(name), "Why": reason}
            for name, reason in reasons.items()
            if reason is not None
        ],
        caption="Movements without a number",
    )


def _reason(movement: Movement) -> str | None:
    """Why a movement gets no number; None where it gets one."""
    if movement.not_measurable is not None:
        return movement.not_measurable
    if not read_too_poorly(movement.name):
        return None
    best = degrees(best_accuracy_deg(movement.name))
    return f"One camera reads it to ±{best} at best, too poorly to tell anything from it."


def _sources() -> None:
    with st.expander("Sources"):
        show_table(
            [
                {"Source": text_of(row, "source_id"), "Citation": text_of(row, "citation")}
                for row in read_table("sources.csv")
            ],
            caption="Sources",
        )
