"""Which recordings, of whom, and what to measure in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import IO

import streamlit as st

from rom.clinical.agreement.switched_on import LocalErrors
from rom.clinical.comparison import Kind
from rom.clinical.norms import Sex
from rom.errors import RomError
from rom.landmarks import Side
from rom.movements import measurable_movements, movement_named
from rom.records.entities import Person
from rom.records.own_errors import errors_of
from rom.samples import DEMO_MOVEMENT, DEMO_SIDE, demo_videos
from rom.ui import demo, jobs
from rom.ui.access import records, user
from rom.ui.desk.pair import Question, Role, let_go, measure_pair, take_in
from rom.ui.going import MODE_KEY, PERSON_KEY, go_to
from rom.ui.jobs import Job
from rom.ui.uploads import LARGEST_MB, VIDEO_TYPES

AUTO = "auto"
NOBODY = "nobody in the records"

_KINDS: dict[Kind, str] = {"before_after": "Before and after", "left_right": "Left and right"}
_SEXES: dict[Sex | None, str] = {None: "not told", "F": "female", "M": "male"}
_UPLOADS: dict[Kind, dict[Role, str]] = {
    "before_after": {"pre1": "Before", "post": "After"},
    "left_right": {"left": "Left side", "right": "Right side"},
}


def show_form() -> Job | None:
    """Ask for the recordings; the work that was started with them."""
    st.write("Add two recordings of one movement, filmed from the same place.")
    person = _person()
    kind = st.radio(
        "What to compare",
        list(_KINDS),
        format_func=_KINDS.__getitem__,
        horizontal=True,
        key="compare-kind",
    )
    uploads = _uploads(kind)
    question = _question(kind, person)
    wanted = set(_UPLOADS[kind])
    ready = wanted <= set(uploads)
    pressed = st.button("Measure and compare", type="primary", disabled=not ready)
    if not ready:
        st.caption("Measuring begins when both recordings are added.")
    _show_camera_way(person)
    return _start(question, uploads) if pressed else _start_samples()


def _person() -> Person | None:
    with records() as store:
        people = {each.person.id: each.person for each in store.people()}
    chosen = st.session_state.get(PERSON_KEY)
    options: list[str | None] = [None, *people]
    return people.get(
        st.selectbox(
            "For whom",
            options,
            index=options.index(chosen) if chosen in people else 0,
            format_func=lambda each: NOBODY if each is None else people[each].pseudonym,
            help="For somebody in the records, the result is kept there.",
        )
        or ""
    )


def _uploads(kind: Kind) -> dict[Role, IO[bytes]]:
    columns = st.columns(2)
    found: dict[Role, IO[bytes] | None] = {
        role: column.file_uploader(
            label, type=list(VIDEO_TYPES), max_upload_size=LARGEST_MB, key=f"compare-{role}"
        )
        for (role, label), column in zip(_UPLOADS[kind].items(), columns, strict=True)
    }
    if kind == "before_after":
        with st.expander("A second recording before"):
            st.caption("It tells warming up apart: the change counts from it.")
            second = st.file_uploader(
                "Before, second time",
                type=list(VIDEO_TYPES),
                max_upload_size=LARGEST_MB,
                key="compare-pre2",
            )
        found = {"pre1": found["pre1"], "pre2": second, "post": found["post"]}
    return {role: upload for role, upload in found.items() if upload is not None}


def _question(kind: Kind, person: Person | None) -> Question:
    movement = _movement()
    side = None
    sided = movement == AUTO or movement_named(movement).has_side
    if kind == "before_after" and sided:
        sides: list[Side | None] = [None, *Side]
        side = st.radio(
            "Side of the person",
            sides if movement == AUTO else [*Side],
            format_func=lambda each: "recognise it" if each is None else each.value,
            horizontal=True,
        )
    age, sex = (None, None) if person else _age_and_sex()
    pain = _pain() if kind == "before_after" else (None, None)
    mirrored = st.checkbox("The recordings are mirror images (selfie camera)")
    hidden = kind == "before_after" and st.checkbox(
        "Hide which is before and which is after, until I have checked the repetitions",
        help="They are called A and B, in random order. It is noted that they were checked so.",
    )
    return Question(
        kind=kind,
        movement=movement,
        side=side,
        person=person,
        mirrored=mirrored,
        age=person.age_on(date.today()) if person else age,
        sex=person.sex if person else sex,
        pain_before=pain[0],
        pain_after=pain[1],
        hidden=hidden,
        local_errors=_own_errors(person),
    )


def _movement() -> str:
    titles = {AUTO: "recognise it"}
    for each in measurable_movements():
        words = each.title_for(None)
        titles[each.name] = f"{words[:1].upper()}{words[1:]}"
    return st.selectbox("Movement", list(titles), format_func=titles.__getitem__)


def _age_and_sex() -> tuple[int | None, Sex | None]:
    with st.expander("Age and sex, for the usual range"):
        age = st.number_input("Age in years", min_value=0, max_value=125, value=None, step=1)
        sex = st.radio("Sex", list(_SEXES), format_func=_SEXES.__getitem__, horizontal=True)
    return age, sex


def _pain() -> tuple[float | None, float | None]:
    with st.expander("Pain on the movement, as it was told"):
        columns = st.columns(2)
        before, after = (
            column.number_input(
                f"Pain {name}, 0 to 10", min_value=0.0, max_value=10.0, value=None, step=1.0
            )
            for name, column in zip(("before", "after"), columns, strict=True)
        )
    return before, after


def _own_errors(person: Person | None) -> LocalErrors | None:
    """Own error figures, where they are switched on for the person."""
    if person is None:
        return None
    with records() as store:
        return errors_of(store, person)


def _show_camera_way(person: Person | None) -> None:
    st.divider()
    st.subheader("In three minutes, with the camera")
    st.write("One movement, once before and once after, filmed here and now.")
    if st.button("Start with the camera", icon=":material/videocam:"):
        if person is not None:
            st.session_state[PERSON_KEY] = person.id
        st.session_state[MODE_KEY] = "three_minutes"
        go_to("check")


def _start_samples() -> Job | None:
    """In the demo the sample pair, elsewhere the way into the demo."""
    if not user().demo:
        demo.offer()
        return None
    if not st.button("Compare the sample pair"):
        return None
    question = Question(kind="before_after", movement=DEMO_MOVEMENT, side=DEMO_SIDE)
    before, after = demo_videos()
    with before.open("rb") as first, after.open("rb") as second:
        return _start(question, {"pre1": first, "post": second})


def _start(question: Question, uploads: Mapping[Role, IO[bytes]]) -> Job | None:
    try:
        taken = take_in(uploads)
        return jobs.start(
            "Comparing recordings",
            partial(measure_pair, question, taken),
            owner=user().id,
            after=partial(let_go, taken),
        )
    except RomError as error:
        st.error(str(error), icon=":material/info:")
        return None
