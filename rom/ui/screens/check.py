"""Which movement is limited, and did the massage change it?"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import streamlit as st

from rom.clinical.assessment import Assessment
from rom.clinical.wording import movement_title
from rom.errors import RomError, StoreError, UsageError
from rom.records.entities import Person
from rom.records.location import data_dir
from rom.ui.access import User, own_person, records, user
from rom.ui.check.beginning import (
    begin_check,
    broken_off_check,
    finish_check,
    resume_check,
)
from rom.ui.check.conductor import CheckConductor
from rom.ui.check.entry import (
    FULL,
    HANDS,
    PRIVATE,
    QUICK,
    THERAPIST,
    Wanted,
    ask_about,
    choose_check,
    choose_places,
    show_camera,
    show_steps,
)
from rom.ui.check.keeping import plan_for, tell_about
from rom.ui.check.result import show_ending, show_kept
from rom.ui.desk.literal import literal
from rom.ui.drawings import drawing
from rom.ui.drawings.results import KIND as RESULTS
from rom.ui.drawings.results import results_drawing
from rom.ui.going import GONE, MODE_KEY, PERSON_KEY, go_to
from rom.ui.preferences import preferences
from rom.ui.stage.component import StageSettings, conductor_of, end, register, returning, stage
from rom.ui.style.sheet import use_full_width

STAGE_KEY = "check"
TOKEN = "check_token"
ENDED = "check_ended"
RESULT = "session"


def page() -> None:
    """Draw the page."""
    who = user()
    token = st.session_state.get(TOKEN) or returning(STAGE_KEY, owner=who.id)
    conductor = conductor_of(token) if token else None
    if token and isinstance(conductor, CheckConductor):
        st.session_state[TOKEN] = token
        _show_stage(token, conductor)
        return
    st.session_state.pop(TOKEN, None)
    person = _person(who)
    st.title(
        "Check" if person.id == own_person(who).id else f"Check for {literal(person.pseudonym)}"
    )
    if RESULT in st.query_params:
        _show_result(who, person, st.query_params[RESULT])
    else:
        _show_entry(who, person)


def _person(who: User) -> Person:
    """For whom the check is: who was chosen on another page, else whoever is at the app."""
    named = st.query_params.get("person") or st.session_state.get(PERSON_KEY)
    if not named:
        return own_person(who)
    try:
        with records(who) as store:
            return store.person(str(named))
    except (StoreError, UsageError):
        st.query_params.pop("person", None)
        st.session_state.pop(PERSON_KEY, None)
        st.info(GONE, icon=":material/info:")
        return own_person(who)


def _show_stage(token: str, conductor: CheckConductor) -> None:
    chosen = preferences()
    settings = StageSettings(
        voice=chosen.voice,
        large_text=chosen.large_text,
        reduced_motion=chosen.reduced_motion,
        camera_id=chosen.camera_id,
        at_once=True,
    )
    shown = stage(token, key=STAGE_KEY, settings=settings)
    if not (shown.ended or shown.left):
        return
    st.session_state[ENDED] = conductor.session
    st.session_state.pop(TOKEN, None)
    st.query_params["person"] = conductor.record.person_id
    st.query_params[RESULT] = conductor.record.session_id
    end(token)
    st.rerun()


def _show_entry(who: User, person: Person) -> None:
    found = broken_off_check(person)
    if found is not None:
        with st.container(border=True):
            st.subheader("You were in the middle of a check")
            st.write(f"You left it at {found.left_at:%H:%M}. What was measured is kept.")
            if st.button("Go on with it", type="primary"):
                _start(who, resume_check(who, found, keep_clips=_clips()))
            if st.button("End it"):
                finish_check(who, person)
                st.rerun()
    own = person.id == own_person(who).id
    modes = (FULL, QUICK) if who.role == "person" else (FULL, QUICK, THERAPIST)
    use_full_width()
    left, right = st.columns([1, 1], gap="large")
    with left:
        short_first = not own or st.session_state.get(MODE_KEY) == "three_minutes"
        wanted = choose_check((THERAPIST, QUICK, FULL) if short_first else modes)
        told = ask_about(person)
        begun = st.button("Start", type="primary")
        st.caption(PRIVATE)
        show_steps(wanted.mode)
        st.write(HANDS)
    with right:
        hurts = choose_places(wanted)
        show_camera(wanted)
    if begun:
        told = tell_about(who, person, birth_year=told.birth_year, sex=told.sex)
        _begin(who, told, wanted, hurts)


def _begin(who: User, person: Person, wanted: Wanted, hurts: Iterable[str] = ()) -> None:
    plan = plan_for(
        who,
        person,
        mode=wanted.mode,
        region=wanted.region,
        movement=wanted.movement,
        side=wanted.side,
        hurts=hurts,
    )
    _start(who, begin_check(who, person, plan, keep_clips=_clips()))


def _start(who: User, conductor: CheckConductor) -> None:
    try:
        st.session_state[TOKEN] = register(conductor, owner=who.id, drawing=drawn)
    except RomError:
        conductor.close()
        raise
    st.query_params.clear()
    st.rerun()


def _show_result(who: User, person: Person, session_id: str) -> None:
    ended = st.session_state.get(ENDED)
    if ended is not None:
        show_ending(ended)
    with records(who) as store:
        missing = show_kept(store, person, session_id)
    for each in missing:
        if st.button(f"Film again: {_title(each)}"):
            side = each.side.value if each.side else None
            wanted = Wanted(mode="quick", movement=each.movement, side=side)
            _begin(who, person, wanted)
    again, progress = st.columns(2)
    if again.button("Check again"):
        st.session_state.pop(ENDED, None)
        st.query_params.clear()
        st.rerun()
    if progress.button("See your progress"):
        go_to("progress")


def drawn(name: str) -> str:
    """The drawing that a scene of the check names."""
    return str(results_drawing(name) if name.startswith(RESULTS) else drawing(name))


def _title(assessment: Assessment) -> str:
    return movement_title(assessment.movement, assessment.side)


def _clips() -> Path | None:
    """Where clips are kept after they were measured, if they are to be."""
    return data_dir() / "kept clips" if preferences().keep_clips else None
