"""The results of the recordings page: a table, what failed and why, all of it to take away."""

from __future__ import annotations

from datetime import date, datetime

import streamlit as st

from rom.keeping import Keeper
from rom.reports.phrases import title_of
from rom.ui.access import records
from rom.ui.batch.archive import archive
from rom.ui.batch.recordings import Batch, Recording
from rom.ui.batch.rows import ResultRow, failures, result_cells, result_rows
from rom.ui.preferences import preferences
from rom.ui.views import show_assessment

ERRORS_EXPLAINED = (
    "Error: the true angle is expected within ± this of the value, 95 of 100 times. It comes from"
    " the tables on the help page."
)


def show(batch: Batch, recordings: list[Recording]) -> None:
    """Draw what has been measured so far; nothing where nothing has."""
    rows = list(result_rows(recordings))
    failed = failures(recordings)
    if rows:
        _table(rows)
    if failed:
        _failures(failed)
    if rows or any(each.measured for each in recordings):
        _take_away(batch, recordings, failed)
    if rows:
        _keep(recordings)


def _table(rows: list[ResultRow]) -> None:
    st.subheader("Results")
    chosen = st.dataframe(
        [result_cells(row, comma=preferences().decimal_comma) for row in rows],
        hide_index=True,
        on_select="rerun",
        selection_mode="single-cell",
        key="recordings_results",
        alt="The results, a line for each recording and side",
    )
    st.markdown(f":small[{ERRORS_EXPLAINED}]")
    names = [_name(row) for row in rows]
    cells = chosen.selection.cells
    if cells and cells[0][0] < len(rows):
        st.session_state["recordings_shown"] = names[cells[0][0]]
    shown = st.selectbox(
        "Show the result of",
        names,
        index=None,
        placeholder="Choose a recording, or click a line above",
        key="recordings_shown",
    )
    if shown is not None:
        with st.container(border=True):
            row = rows[names.index(shown)]
            show_assessment(row.assessment, landmarks=lambda _: row.landmarks, key="recordings")


def _name(row: ResultRow) -> str:
    return f"{row.recording.name}: {title_of(row.assessment)}"


def _failures(failed: list[tuple[str, str]]) -> None:
    st.subheader("Not measured")
    for name, reason in failed:
        with st.container(border=True):
            st.markdown(f"**{_plain(name)}**")
            st.text(reason)


def _plain(text: str) -> str:
    """A text in Markdown that shows as it is."""
    return "".join(f"\\{each}" if each in r"\`*_{}[]()#+-.!|<>~:$" else each for each in text)


def _take_away(batch: Batch, recordings: list[Recording], failed: list[tuple[str, str]]) -> None:
    def packed() -> bytes:
        now = datetime.now().astimezone()
        sets = [
            each
            for recording in recordings
            if recording.measured is not None
            for each in recording.measured.sets(now)
        ]
        return archive(sets, failed, sex=batch.told.sex, made_at=now)

    st.download_button(
        "Download everything",
        packed,
        file_name=f"rom-{date.today().isoformat()}.zip",
        mime="application/zip",
        on_click="ignore",
        help="JSON, tables with their dictionary (CSV, Parquet), landmarks (NPZ, TRC) and angles"
        " (MOT), and the list of what was not measured.",
    )


def _keep(recordings: list[Recording]) -> None:
    """Put the results into somebody's records."""
    with st.expander("Keep in somebody's records"), records() as store:
        people = {each.person.pseudonym: each.person for each in store.people()}
        if not people:
            st.write("There is nobody in your records yet. Add somebody on the page People.")
            return
        with st.form("recordings_keep", border=False):
            left, right = st.columns(2)
            name = left.selectbox("Person", list(people))
            day = right.date_input("Recorded on", date.today(), max_value="today")
            if not st.form_submit_button("Keep the results"):
                return
        keeper = Keeper(store, people[name], day if isinstance(day, date) else None)
        kept = _keep_all(keeper, recordings)
    st.success(f"Kept {kept} in the records of {name}." if kept else "They are kept already.")


def _keep_all(keeper: Keeper, recordings: list[Recording]) -> int:
    """Keep each recording once; how many were new."""
    new = 0
    for recording in recordings:
        measured = recording.measured
        if measured is None or measured.mistaken is not None:
            continue
        if keeper.person.id in recording.kept_for:
            continue
        keeper.keep_outcome(measured.outcome)
        recording.kept_for.add(keeper.person.id)
        new += 1
    return new
