"""What is different between these two recordings?"""

from __future__ import annotations

import streamlit as st

from rom.ui import jobs
from rom.ui.access import user
from rom.ui.jobs import Job, JobState
from rom.ui.screens.compare.form import show_form
from rom.ui.screens.compare.result import show_result
from rom.ui.screens.compare.running import show_running
from rom.ui.style.sheet import use_full_width

JOB_KEY = "job"
"""In the address, so that work is found again after a reload."""


def page() -> None:
    """Draw the page."""
    st.title("Compare")
    job = _job()
    if job is None:
        started = show_form()
        if started is not None:
            st.query_params[JOB_KEY] = started.id
            st.rerun()
        return
    if not job.ended:
        show_running(job)
    elif job.state is JobState.DONE:
        use_full_width()
        show_result(job.result)
    else:
        _show_stopped(job)
    if job.ended and st.button("Compare other recordings", icon=":material/add:"):
        _let_go(job)
        st.rerun()


def _job() -> Job | None:
    named = st.query_params.get(JOB_KEY)
    return jobs.find(named, user().id) if named else None


def _show_stopped(job: Job) -> None:
    if job.error is not None:
        st.error(job.error, icon=":material/info:")
    else:
        st.info("This was stopped. The recordings were deleted here; yours are untouched.")


def _let_go(job: Job) -> None:
    """Delete the videos of a comparison that is not looked at any more."""
    del st.query_params[JOB_KEY]
    if job.result is not None:
        job.result.close()
    jobs.forget(job)
