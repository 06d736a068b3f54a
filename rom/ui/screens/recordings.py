"""What do all these files say, and which failed?"""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from rom.clinical.norms import Sex
from rom.errors import RomError
from rom.samples import sample_folder
from rom.ui import demo, uploads
from rom.ui.access import user
from rom.ui.batch.measured import Told
from rom.ui.batch.recordings import Batch, Recording, batch_of
from rom.ui.batch.rows import (
    SIDES,
    asked_of_row,
    asked_row,
    movement_choices,
    progress_row,
)
from rom.ui.screens import recordings_results
from rom.ui.style.sheet import use_full_width

_ROUND = "recordings_round"
_REFUSED = "recordings_refused"
_SEXES: dict[str, Sex | None] = {"not told": None, "female": "F", "male": "M"}
OLDEST = 120

HOW = (
    "One movement in each file, three repetitions, the camera still. Movement and side are guessed"
    " from the file's name, as in knee_flexion_left.mp4, or recognised while measuring."
)
PRIVATE = (
    "Files are read on the computer that the app runs on and deleted once they are measured; what"
    " could not be measured stays until you clear the list."
)


def page() -> None:
    """Draw the page."""
    use_full_width()
    st.title("Recordings")
    batch = batch_of(user().id)
    recordings = batch.recordings()
    if not recordings:
        st.write(HOW)
    _drop(batch)
    if not recordings:
        _offer_samples(batch)
        return
    if batch.going_on:
        _progress(batch)
        return
    _prepare(batch, recordings)
    recordings_results.show(batch, recordings)


def _drop(batch: Batch) -> None:
    """Take files in, and empty the box again: Streamlit would keep them in its memory."""
    number = st.session_state.setdefault(_ROUND, 0)
    dropped = st.file_uploader(
        "Add recordings",
        type=list(uploads.VIDEO_TYPES),
        accept_multiple_files=True,
        max_upload_size=uploads.LARGEST_MB,
        key=f"recordings_{number}",
        help=PRIVATE,
    )
    for name, reason in st.session_state.pop(_REFUSED, []):
        st.warning(f"{name}: {reason}", icon=":material/info:")
    if dropped:
        st.session_state[_REFUSED] = _take_in(batch, dropped)
        st.session_state[_ROUND] = number + 1
        st.rerun()


def _take_in(batch: Batch, dropped: list[UploadedFile]) -> list[tuple[str, str]]:
    refused = []
    with st.spinner("Looking into the files …"):
        for each in dropped:
            try:
                batch.take_in(each.name, each)
            except RomError as error:
                refused.append((uploads.shown_name(each.name), str(error)))
    return refused


def _offer_samples(batch: Batch) -> None:
    st.markdown(f":small[{PRIVATE}]")
    if user().demo:
        if st.button("Add the sample recordings", type="primary"):
            batch.add_samples(sorted(sample_folder().glob("*.mp4")))
            st.rerun()
        return
    st.write("No recordings at hand? See what comes out with those that come with the app.")
    demo.offer()


def _prepare(batch: Batch, recordings: list[Recording]) -> None:
    """What is to be measured: a table to correct, and the button."""
    waiting = [each for each in recordings if each.can_be_measured and _has_no_number(each)]
    if waiting:
        st.subheader("What they show" if any(e.job is None for e in waiting) else "Measure again")
        _correct(batch, waiting)
        _ask_person()
    left, right = st.columns([3, 1], vertical_alignment="center")
    if waiting:
        noun = "recording" if len(waiting) == 1 else "recordings"
        if left.button(f"Measure {len(waiting)} {noun}", type="primary"):
            batch.measure(_told())
            st.rerun()
    right.button("Clear the list", on_click=batch.clear, width="stretch")


def _has_no_number(recording: Recording) -> bool:
    return recording.job is None or recording.failure is not None


def _correct(batch: Batch, waiting: list[Recording]) -> None:
    rows = [asked_row(each) for each in waiting]
    options = st.column_config.SelectboxColumn
    edited = st.data_editor(
        rows,
        hide_index=True,
        disabled=["File", "How we know", "Length (s)"],
        column_config={
            "File": st.column_config.TextColumn(width="medium"),
            "Movement": options(options=list(movement_choices()), required=True, width="medium"),
            "Side": options(options=list(SIDES), required=True, width="small"),
            "Length (s)": st.column_config.NumberColumn(format="%.1f", width="small"),
        },
        key=f"asked_{batch.group}_{'_'.join(each.id[:6] for each in waiting[:20])}_{len(waiting)}",
        alt="The recordings with their movement and side, to correct",
    )
    corrected = [
        (recording.id, asked_of_row(after))
        for recording, before, after in zip(waiting, rows, edited, strict=True)
        if after != before
    ]
    for each, asked in corrected:
        batch.ask(each, asked)
    if corrected:  # how we know it is told beside it
        st.rerun()


def _ask_person() -> None:
    with st.expander("About the person (optional, for the usual range)"):
        left, middle, right = st.columns(3)
        left.number_input("Age in years", 0, OLDEST, value=None, key="recordings_age")
        middle.selectbox("Sex", list(_SEXES), key="recordings_sex")
        right.checkbox(
            "Mirror images",
            help="Selfie cameras often save the picture mirrored: left and right are swapped.",
            key="recordings_mirrored",
        )


def _told() -> Told:
    state = st.session_state
    return Told(
        age=state.get("recordings_age"),
        sex=_SEXES[state.get("recordings_sex", "not told")],
        mirrored=bool(state.get("recordings_mirrored", False)),
    )


@st.fragment(run_every=1.0)
def _progress(batch: Batch) -> None:
    """How far every file is; the work goes on whoever looks."""
    recordings = [each for each in batch.recordings() if each.job is not None]
    ended = sum(not each.going_on for each in recordings)
    if ended == len(recordings):
        st.rerun(scope="app")
    st.progress(_fraction(recordings), text=f"{ended} of {len(recordings)} measured")
    st.markdown(":small[You may load or leave this page: the measurement goes on.]")
    st.button("Stop", on_click=batch.cancel)
    st.dataframe(
        [progress_row(each) for each in recordings],
        hide_index=True,
        column_config={
            "Progress": st.column_config.ProgressColumn(min_value=0.0, max_value=1.0, format=" ")
        },
        alt="How far each recording is",
    )


def _fraction(recordings: list[Recording]) -> float:
    done = [
        1.0 if not each.going_on else (each.job.progress or 0.0 if each.job else 0.0)
        for each in recordings
    ]
    return sum(done) / max(1, len(done))
