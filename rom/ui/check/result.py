"""After a check: what changed, what it can mean, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from rom.clinical.assessment import Assessment
from rom.clinical.comparison import Comparison
from rom.protocol.outcome import remarks
from rom.protocol.session import CheckSession, StepKind
from rom.records.entities import Person
from rom.records.store import Store
from rom.reports.kept import session_content
from rom.reports.person import session_for_person, side_sentences
from rom.reports.phrases import (
    CANNOT_TELL,
    CANNOT_TELL_CHANGE,
    NEXT_TIME,
    profile_headline,
    title_of,
    usual_range_words,
    value_words,
)
from rom.reports.report_page import report_page

NOTHING_MEASURED = "Nothing was measured in this check."


def show_kept(store: Store, person: Person, session_id: str) -> list[Assessment]:
    """Draw what is kept of a check; the sets that could not be measured, to be filmed again."""
    found = [each for each in store.content(person.id).sessions if each.session.id == session_id]
    if not found or not found[0].sets:
        st.info(NOTHING_MEASURED, icon=":material/info:")
        return []
    content = session_content(person, found[0])
    assessments = [each.assessment for each in content.sets]
    if content.comparison is not None:
        _show_change(content.comparison)
    else:
        _show_profile(assessments)
    missing = _not_measured(assessments)
    for each in missing:
        st.warning(
            f"{title_of(each)}: {each.refusals[0].message}", icon=":material/visibility_off:"
        )
    st.download_button(
        "Download the report",
        report_page(session_for_person(content)),
        file_name=f"check {content.day}.html",
        mime="text/html",
    )
    return missing


def show_ending(session: CheckSession) -> None:
    """Say how a check ended, where it was not to its end."""
    if session.stop is not None:
        st.error(session.stop.message, icon=":material/pan_tool:")
    elif session.kind is StepKind.ABANDONED:
        st.info("You ended the check. What was done is kept.", icon=":material/info:")


def show_remarks(session: CheckSession) -> None:
    """Say what was done otherwise than planned."""
    for each in remarks(session):
        st.caption(each)


def _show_change(comparison: Comparison) -> None:
    first, *others = comparison.sentences
    st.subheader(first)
    for sentence in others:
        st.write(sentence)
    if comparison.label_reason:
        st.caption(comparison.label_reason)
    with st.expander("What it cannot tell"):
        _list(CANNOT_TELL_CHANGE)
    st.caption(NEXT_TIME)


def _show_profile(assessments: list[Assessment]) -> None:
    measured = [each for each in assessments if each.measured]
    if not measured:
        st.info(NOTHING_MEASURED, icon=":material/info:")
        return
    st.subheader(profile_headline(measured))
    for each in measured:
        st.write(f"{title_of(each)}: {value_words(each)}. {usual_range_words(each.normal_range)}")
    for sentence in side_sentences(measured):
        st.write(sentence)
    with st.expander("What it cannot tell"):
        _list(CANNOT_TELL)


def _not_measured(assessments: Iterable[Assessment]) -> list[Assessment]:
    """The movements without a value; one that was measured when filmed again is none."""
    found = {(each.movement, each.side): each for each in assessments if not each.measured}
    for each in assessments:
        if each.measured:
            found.pop((each.movement, each.side), None)
    return list(found.values())


def _list(sentences: Iterable[str]) -> None:
    st.markdown("\n".join(f"- {each}" for each in sentences))
