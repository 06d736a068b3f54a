"""The recordings side by side, what they say together, and what is kept of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import streamlit as st

from rom.clinical.comparison import Comparison
from rom.editing import CorrectedSet
from rom.errors import RomError
from rom.outputs import json_text
from rom.reports.content import SessionContent, ShownSet, Subject
from rom.reports.phrases import title_of
from rom.reports.text import named_sets
from rom.ui.access import records
from rom.ui.desk.checking import CheckedSet, check_repetitions
from rom.ui.desk.literal import literal
from rom.ui.desk.pair import BLIND_NOTE, Pair
from rom.ui.desk.papers import report_buttons
from rom.ui.going import go_to
from rom.ui.views.comparison import show_comparison


def show_result(pair: Pair) -> None:
    """Draw the page of recordings that were measured."""
    comparison = pair.comparison
    if pair.hidden:
        st.caption(title_of(comparison.post))
        _show_hidden(pair)
    else:
        _keep_once(pair)
        show_comparison(comparison, clips=_clips(pair, comparison), key="compare")
        if pair.checked_blind:
            st.caption(BLIND_NOTE)
    st.subheader("Side by side")
    _show_player(pair)
    if pair.hidden:
        return
    st.subheader("Take it with you")
    _show_papers(pair, comparison)


def _clips(pair: Pair, comparison: Comparison) -> dict[str, Path]:
    """The drawn recordings by the names of their sets."""
    names = [name for name, _ in named_sets(comparison)]
    return {name: pair.videos[role] for name, role in zip(names, pair.outcomes, strict=True)}


def _show_hidden(pair: Pair) -> None:
    st.write(
        "The recordings are called A and B. Check their repetitions below, then have shown which is"
        " which."
    )
    if st.button("Show which is which", type="primary"):
        pair.hidden = False
        st.rerun()


def _show_player(pair: Pair) -> None:
    roles = pair.order
    sets = [
        CheckedSet(
            label=pair.label(role),
            assessment=pair.assessment(role),
            corrected=pair.sets.get(role),
            why_not=pair.why_not.get(role, ""),
            video=pair.videos.get(role),
        )
        for role in roles
    ]

    def changed(number: int, corrected: CorrectedSet) -> None:
        with records() as store:
            pair.correct(roles[number], corrected, store)

    key = f"pair-{id(pair)}-{'blind' if pair.hidden else 'shown'}"
    check_repetitions(sets, key=key, changed=changed, blind=pair.hidden)


def _keep_once(pair: Pair) -> None:
    """Keep it for whom it was measured, when it is first shown with its labels."""
    person = pair.question.person
    if pair.kept is None and person is not None:
        try:
            with records() as store:
                pair.keep(store, person)
        except RomError as error:
            st.warning(literal(str(error)), icon=":material/info:")
    if pair.kept_for is not None:
        words, button = st.columns([3, 1], vertical_alignment="center")
        words.caption(f"Kept in the records of {literal(pair.kept_for.pseudonym)}.")
        if button.button("Open the records"):
            go_to("people", person=pair.kept_for.id)


def _show_papers(pair: Pair, comparison: Comparison) -> None:
    person = pair.kept_for
    subject = Subject(
        name=person.pseudonym if person else None, age=pair.question.age, sex=pair.question.sex
    )
    sets = [
        ShownSet(name=name, assessment=assessment) for name, assessment in named_sets(comparison)
    ]
    content = SessionContent(subject=subject, day=date.today(), sets=sets, comparison=comparison)
    report_buttons(content, key="compare")
    st.download_button(
        "Results as JSON",
        json_text(comparison.to_json(day=date.today())),
        file_name="comparison.json",
        mime="application/json",
        on_click="ignore",
    )
