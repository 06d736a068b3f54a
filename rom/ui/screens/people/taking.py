"""Reports of somebody, and their data in the forms that other programs read."""

from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st

from rom.clinical.history_wording import day_words
from rom.errors import RomError
from rom.exports.formats import WITH_LANDMARKS, Format, check_available
from rom.records.entities import PersonContent
from rom.records.own_errors import everything_of
from rom.reports.content import SessionContent, WeeksContent
from rom.reports.kept import session_content, weeks_content
from rom.ui.access import User, records, user
from rom.ui.desk.exporting import export_bytes, export_name
from rom.ui.desk.papers import report_buttons

_FORMATS = {
    Format.CSV: "Tables (CSV)",
    Format.JSON: "JSON",
    Format.FHIR: "FHIR, for records of clinics",
    Format.OPENSIM: "OpenSim (angles and landmarks)",
    Format.LANDMARKS: "Landmarks (NPZ)",
    Format.PARQUET: "Parquet",
}


def show_taking(content: PersonContent) -> None:
    """Draw what can be handed out or taken along."""
    st.subheader("Report")
    if not any(each.sets for each in content.sessions):
        st.write("There is nothing measured yet to write a report of.")
        return
    shown = _content(content)
    if shown is not None:
        report_buttons(shown, key="person")
    if st.button("Agreement with instruments", icon=":material/straighten:"):
        st.query_params["view"] = "agreement"
        st.rerun()
    st.subheader("All data of this person")
    st.write("Everything that is kept, for other programs or for a move. No video is kept.")
    wanted = st.selectbox("Format", list(_FORMATS), format_func=_FORMATS.__getitem__)
    try:
        check_available(wanted)
    except RomError as error:
        st.info(str(error), icon=":material/info:")
        return
    st.download_button(
        f"Download {export_name(wanted)}",
        partial(_exported, content.person.id, wanted, user()),
        file_name=export_name(wanted),
        mime="application/zip" if export_name(wanted).endswith(".zip") else "application/json",
        on_click="ignore",
    )


def _content(content: PersonContent) -> SessionContent | WeeksContent | None:
    whole = -1
    numbers = [n for n, each in enumerate(content.sessions) if each.sets][::-1]
    chosen = st.selectbox(
        "Of",
        [*numbers, whole],
        format_func=lambda n: (
            "all sessions" if n == whole else day_words(content.sessions[n].session.day)
        ),
    )
    with records() as store:
        full = store.content(content.person.id)
    try:
        if chosen == whole:
            return weeks_content(full, today=date.today())
        return session_content(full.person, full.sessions[chosen])
    except RomError as error:
        st.info(str(error))
        return None


def _exported(person_id: str, wanted: Format, who: User) -> bytes:
    with records(who) as store:
        content = everything_of(store, person_id, landmarks=wanted in WITH_LANDMARKS)
    return export_bytes(wanted, content)
