"""How far the measuring is."""

from __future__ import annotations

import streamlit as st

from rom.ui.jobs import Job, JobState


def show_running(job: Job) -> None:
    """Show progress until the work ends; it goes on when the page is left."""
    _progress(job)
    if st.button("Stop"):
        job.cancel()
        job.wait(2.0)
        st.rerun()
    st.caption("You can leave this page and come back: the work goes on.")


@st.fragment(run_every=0.7)
def _progress(job: Job) -> None:
    if job.ended:
        st.rerun()
    words = "Waiting for its turn" if job.state is JobState.QUEUED else "Measuring"
    if job.progress is None:
        st.progress(0.0, text=words)
    else:
        st.progress(job.progress, text=f"{words}: {job.progress:.0%}")
