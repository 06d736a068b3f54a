"""The sessions of somebody: each set with its value, what an instrument read, and corrections."""

from __future__ import annotations

import streamlit as st

from rom.assess import Person as Subject
from rom.clinical.history_wording import day_words
from rom.clinical.wording import degrees
from rom.editing import TAKEN_BACK, CorrectedSet, open_set
from rom.errors import RomError
from rom.keeping import keep_as_measured, keep_correction
from rom.records.deletion import delete_session
from rom.records.entities import Person, PersonContent, SessionContent, SetRecord
from rom.records.own_errors import errors_of
from rom.records.wording import edit_words
from rom.reports.phrases import change_error_words, onset_words, title_of, value_words
from rom.ui.access import records
from rom.ui.desk.checking import CheckedSet, check_repetitions
from rom.ui.desk.literal import literal, show_text
from rom.ui.screens.people.readings import show_readings

_CHECKED = "people-checked"
"""In the session's state: the id of the set whose repetitions are looked at."""
_PHASES = {"pre1": "before", "pre2": "before (2)", "post": "after", "single": ""}


def show_sessions(content: PersonContent) -> None:
    """Draw all sessions, the latest first."""
    if not content.sessions:
        st.write("There is no session yet. “New session” begins one with the camera.")
    for number, session in enumerate(reversed(content.sessions)):
        with st.expander(_title(session), expanded=number == 0):
            _show_session(session, content.person)


def _title(session: SessionContent) -> str:
    told = [each.text.split(".")[0] for each in session.results if each.text]
    sets = f"{len(session.sets)} set" + ("" if len(session.sets) == 1 else "s")
    return f"{day_words(session.session.day)}: {literal(told[0]) if told else sets}"


def _show_session(session: SessionContent, person: Person) -> None:
    if session.session.notes:
        show_text(session.session.notes)
    for result in session.results:
        st.write(literal(result.text))
    for remark in session.session.remarks:
        st.caption(literal(remark))
    for kept in session.sets:
        _show_set(kept, person)
    if not session.sets:
        st.write("Nothing was measured in it.")
    with st.popover("Delete this session"):
        st.write("The session goes with its sets and answers, and cannot be brought back.")
        if st.button("Delete it", key=f"delete-{session.session.id}"):
            with records() as store:
                delete_session(store, session.session.id)
            st.rerun()


def _show_set(kept: SetRecord, person: Person) -> None:
    assessment = kept.assessment
    phase = _PHASES[kept.phase.value]
    st.markdown(f"**{title_of(assessment)}**{f', {phase}' if phase else ''}")
    st.markdown(_value_words(kept))
    for pain in kept.pain:
        st.caption(f"Pain {pain.moment.replace('_', '-')}: {pain.score:g} of 10")
    onset = onset_words(assessment)
    if onset:
        st.caption(onset)
    for edit in kept.edits:
        reason = f" ({literal(edit.reason)})" if edit.reason else ""
        st.caption(f"Edited by hand: {literal(edit_words(edit))}{reason}")
    if kept.notes:
        show_text(kept.notes)
    show_readings(kept)
    if st.session_state.get(_CHECKED) == kept.id:
        _show_checking(kept, person)
    elif assessment.repetitions and st.button("Check the repetitions", key=f"check-{kept.id}"):
        st.session_state[_CHECKED] = kept.id
        st.rerun()


def _value_words(kept: SetRecord) -> str:
    assessment = kept.assessment
    if not assessment.measured:
        return f"Not measured. {literal(assessment.refusals[0].message)}"
    words = value_words(assessment)
    if assessment.bound == "exact" and assessment.accuracy_deg is not None:
        words += f" ±{degrees(assessment.accuracy_deg)}"
    return f"{words}. {change_error_words(assessment)}"


def _show_checking(kept: SetRecord, person: Person) -> None:
    state = f"checking-{kept.id}"
    try:
        if state not in st.session_state:
            st.session_state[state] = _opened(kept.id, person)
    except RomError as error:
        st.info(str(error), icon=":material/info:")
    corrected: CorrectedSet | None = st.session_state.get(state)
    if corrected is not None:

        def changed(_: int, now: CorrectedSet) -> None:
            before: CorrectedSet = st.session_state[state]
            reason = TAKEN_BACK if now.takes_back(before) else ""
            with records() as store:
                keep_correction(store, kept, person, before, now, reason=reason)
            st.session_state[state] = now

        shown = CheckedSet(
            label="this set",
            assessment=corrected.assessment,
            corrected=corrected,
        )
        check_repetitions([shown], key=f"player-{kept.id}", changed=changed)
    done, back = st.columns(2)
    if done.button("Done", key=f"done-{kept.id}", type="primary", width="stretch"):
        del st.session_state[_CHECKED]
        st.session_state.pop(state, None)
        st.rerun()
    if kept.edited and back.button(
        "Back to what was measured", key=f"back-{kept.id}", width="stretch"
    ):
        with records() as store:
            keep_as_measured(store, kept, person)
        st.session_state.pop(state, None)
        st.rerun()


def _opened(set_id: str, person: Person) -> CorrectedSet:
    with records() as store:
        kept = store.set(set_id)
        own_errors = errors_of(store, person)
    subject = Subject(age=person.age_on(kept.day), sex=person.sex)
    return open_set(kept.assessment, kept.landmarks, person=subject, local_errors=own_errors)
