"""Before a check: what will happen, what it is about, where the camera stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import streamlit as st

from rom.clinical.arc import both_directions
from rom.clinical.norms import Sex
from rom.movements import Movement, movement_named
from rom.protocol.session import Mode
from rom.protocol.takes import checkable_movements, profile_of, profile_regions
from rom.records.entities import EARLIEST_BIRTH_YEAR, Person
from rom.ui.check.words import REGION_WORDS
from rom.ui.drawings import body_map_input, drawing
from rom.ui.views import show_drawing

FULL = "A whole region, about 11 minutes"
QUICK = "One movement, about 5 minutes"
THERAPIST = "One movement around your hands, about 3 minutes"
MODES: dict[str, Mode] = {FULL: "full", QUICK: "quick", THERAPIST: "therapist"}

STEPS: dict[Mode, tuple[str, ...]] = {
    "full": (
        "A few safety questions, and where it is stiff or sore.",
        "Each movement of the region, left and right, three times each. It shows which one is"
        " limited.",
        "Two minutes of rest, spent on learning a spot. Then the movement is measured once more.",
        "Guided self-massage of one or two spots.",
        "The movement once more, how much it hurts, and what changed.",
    ),
    "quick": (
        "A few safety questions, and where it is stiff or sore.",
        "One movement, three times.",
        "Guided self-massage of one or two spots.",
        "The movement once more, how much it hurts, and what changed.",
    ),
    "therapist": (
        "One movement, three times.",
        "Your hands.",
        "The movement once more, how much it hurts, and what changed.",
    ),
}
SHORT_CANNOT = (
    "With one set before, this cannot tell a change from the massage apart from warming up. The"
    " whole check can."
)
BOTH_DIRECTIONS = (
    "You move left and right in turn. The massage is for the side that you choose; what is told as"
    " a change is left and right together."
)
HANDS = (
    "After one click everything goes on by itself. Raise your right hand to go on, your left for"
    " the next answer, and cross your arms to pause. Keys and clicks work, too."
)
PRIVATE = (
    "The picture stays on this computer. The recordings are deleted once they are measured, unless"
    " the settings say otherwise."
)
SEXES: dict[str, Sex | None] = {"Rather not say": None, "Female": "F", "Male": "M"}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What was chosen on the page."""

    mode: Mode
    region: str | None = None
    movement: str | None = None
    side: str | None = None


def choose_check(modes: tuple[str, ...]) -> Wanted:
    """Draw the choice of what is checked."""
    label = st.radio("What do you want to check?", modes)
    mode = MODES[label]
    if mode == "full":
        names = {REGION_WORDS[region]: region for region in profile_regions()}
        region = names[st.selectbox("Region", list(names))]
        return Wanted(mode=mode, region=region)
    movements = {_title(each): each for each in checkable_movements()}
    movement = movements[st.selectbox("Movement", list(movements))]
    side = None
    if movement.has_side:
        side = st.radio("Side", ("Left", "Right"), horizontal=True).lower()
    if both_directions(movement.name):
        st.caption(BOTH_DIRECTIONS)
    return Wanted(mode=mode, movement=movement.name, side=side)


def ask_about(person: Person) -> Person:
    """Ask for the year of birth and the sex, which usual ranges depend on; both may be left out."""
    known = person.birth_year is not None
    with st.expander("Age and sex, for the usual range", expanded=not known):
        st.caption("Usual ranges depend on them. You may leave them out.")
        year = st.number_input(
            "Year of birth",
            min_value=EARLIEST_BIRTH_YEAR,
            max_value=date.today().year,
            value=person.birth_year,
            step=1,
            placeholder="such as 1980",
        )
        labels = list(SEXES)
        present = next(place for place, label in enumerate(labels) if SEXES[label] == person.sex)
        sex = SEXES[st.radio("Sex", labels, index=present, horizontal=True)]
    return replace(person, birth_year=None if year is None else int(year), sex=sex)


def show_steps(mode: Mode) -> None:
    """Say what will happen."""
    st.subheader("What will happen")
    st.markdown("\n".join(f"{number}. {each}" for number, each in enumerate(STEPS[mode], start=1)))
    if mode != "full":
        st.caption(SHORT_CANNOT)


def first_movement(wanted: Wanted) -> Movement:
    """The movement that is filmed first, for the place of the camera."""
    if wanted.region is not None:
        return movement_named(profile_of(wanted.region)[0].movement)
    return movement_named(wanted.movement or "")


def show_camera(wanted: Wanted) -> None:
    """Say and show where the camera stands for the first movement."""
    movement = first_movement(wanted)
    st.subheader("Where the camera stands")
    side = (wanted.side or "left") if movement.has_side else "none"
    show_drawing(drawing(f"placement/{movement.name}/{side}"))
    st.write(f"{_sentence(movement.view.value)} {_sentence(' '.join(movement.start.split()))}")


def choose_places(wanted: Wanted) -> set[str]:
    """Draw the body map and return the places that hurt."""
    if wanted.mode == "therapist":
        return set()
    st.subheader("Where is it stiff or sore?")
    st.caption("It decides which muscles come first. You may leave it out.")
    return body_map_input("check-hurts")


def _title(movement: Movement) -> str:
    title = movement.title_for(None)
    return f"{title[:1].upper()}{title[1:]}"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}".rstrip(".") + "."
