"""After a check: what changed, what it can mean, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from rom.clinical.assessment import Assessment
from rom.landmarks import LandmarkSeries
from rom.protocol.session import CheckSession, StepKind
from rom.records.entities import Person, Phase
from rom.records.store import Store
from rom.reports.kept import session_content
from rom.reports.person import session_for_person
from rom.reports.phrases import title_of
from rom.reports.report_page import report_page
from rom.ui.views import show_comparison, show_profile
from rom.ui.views.blocks import show_words

NOTHING_MEASURED = "Nothing was measured in this check."


def show_kept(store: Store, person: Person, session_id: str) -> list[Assessment]:
    """Draw what is kept of a check; the sets that could not be measured, to be filmed again."""
    found = [each for each in store.content(person.id).sessions if each.session.id == session_id]
    if not found or not found[0].sets:
        st.info(NOTHING_MEASURED, icon=":material/info:")
        return []
    content = session_content(person, found[0])
    assessments = [each.assessment for each in content.sets]
    missing = _not_measured(assessments)

    def landmarks(assessment: Assessment) -> LandmarkSeries | None:
        ids = (each.set_id for each in content.sets if each.assessment is assessment)
        set_id = next(ids, None)
        return None if set_id is None else store.set(set_id).landmarks

    if content.comparison is None:
        show_profile(assessments, landmarks=landmarks)
    else:
        show_comparison(content.comparison, landmarks=landmarks)
        for each in missing:
            st.warning(f"{title_of(each)}: {each.refusals[0].message}")
        pairs = zip(found[0].sets, content.sets, strict=True)
        first = [shown.assessment for each, shown in pairs if each.phase is Phase.PRE1]
        if len({(each.movement, each.side) for each in first}) > 1:
            with st.expander("All movements before the massage"):
                show_profile(first, landmarks=landmarks, key="before")
    for remark in content.remarks:
        show_words(remark, "rom-soft")
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


def _not_measured(assessments: Iterable[Assessment]) -> list[Assessment]:
    """The movements without a value; one that was measured when filmed again is none."""
    found = {(each.movement, each.side): each for each in assessments if not each.measured}
    for each in assessments:
        if each.measured:
            found.pop((each.movement, each.side), None)
    return list(found.values())
