"""The demo: people whose every value was measured from the sample recordings on this computer.

Days and pain are made up. The records of the demo are a file of their own, so that nothing of it
ever stands beside real people; each visit begins with a fresh copy.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

import rom
from rom.clinical.comparison import Comparison, compare
from rom.clinical.norms import Sex
from rom.keeping import Keeper
from rom.kinematics.correction import NAME as CORRECTION
from rom.records.backups import back_up
from rom.records.engine import sqlite_database
from rom.records.entities import Person, PersonContent, new_id
from rom.records.migrate import prepare
from rom.records.store import Store
from rom.samples import sample_folder
from rom.ui import access, jobs, uploads
from rom.ui.batch.naming import guess_from_name
from rom.ui.jobs import Job, Report

if TYPE_CHECKING:
    from rom.pipeline import AssessmentRequest, Outcome

TITLE = "Preparing the demo"
BANNER = (
    "**Demo.** These people are the figures of the sample recordings: every value was measured from"
    " them on this computer, days and pain are made up. Your own records are not touched."
)
OFFER = "See it with sample recordings"


@dataclass(frozen=True)
class Visit:
    """A day of a demo person: clips by their place in it."""

    days_ago: int
    clips: dict[str, str]
    pain: tuple[float, float] | None = None


@dataclass(frozen=True)
class DemoPerson:
    """Somebody in the demo; `own` is who one is oneself there."""

    name: str
    birth_year: int
    sex: Sex
    visits: tuple[Visit, ...]
    own: bool = False


_LEFT = "shoulder_abduction_left_{}"
_RIGHT = "shoulder_abduction_right_{}"


def _pair(days_ago: int, clips: str, before: str, after: str, pain: tuple[float, float]) -> Visit:
    return Visit(days_ago, {"pre1": clips.format(before), "post": clips.format(after)}, pain)


PEOPLE = (
    DemoPerson(
        "You (demo)",
        1980,
        "F",
        (
            _pair(28, _LEFT, "pre1", "pre2", (5, 5)),
            _pair(21, _LEFT, "pre2", "post", (5, 3)),
            _pair(14, _LEFT, "pre1", "post", (4, 3)),
            _pair(7, _LEFT, "pre2", "post", (4, 2)),
            Visit(0, {"left": "knee_flexion_left"}),
        ),
        own=True,
    ),
    DemoPerson("Ben (demo)", 1971, "M", (_pair(3, _RIGHT, "pre1", "post", (4, 4)),)),
    DemoPerson(
        "Greta (demo)",
        1958,
        "F",
        (
            Visit(10, {"right": "shoulder_abduction_right_guarded", "left": "elbow_flexion_left"}),
            Visit(2, {"both": "trunk_lateral_flexion"}),
        ),
    ),
)


def offer() -> None:
    """The button that leads into the demo, for a page that has nothing to show yet."""
    if not access.user().demo and st.button(OFFER, key="offer_demo"):
        begin()
        st.rerun()


def begin() -> None:
    """Enter the demo, or have it measured first."""
    if (master := _master()).is_file():
        _enter(master)
    elif preparation() is None:
        owner = access.user().id
        jobs.start(TITLE, lambda report, cancelled: _build(master, report), owner=owner)


def preparation() -> Job | None:
    """The work that prepares the demo for whoever is at the app; None without one."""
    found = [each for each in jobs.jobs(access.user().id) if each.title == TITLE]
    return found[-1] if found else None


def is_shown() -> bool:
    """Draw how far the demo is, where it was asked for; False where it was not."""
    job = preparation()
    if job is None:
        return False
    if job.ended:
        jobs.forget(job)
        if job.error is not None:
            st.error(job.error, icon=":material/info:")
        elif (master := _master()).is_file():
            _enter(master)
            st.rerun()
        return False
    st.title(TITLE)
    st.write(
        "The sample recordings are measured on this computer, as yours would be. This takes about"
        " a minute, and only once."
    )
    _progress(job)
    return True


def show_banner() -> None:
    """Say on every page of the demo that it is one."""
    if not access.user().demo:
        return
    with st.container(border=True):
        st.markdown(BANNER)
        st.button("Leave the demo", on_click=access.leave_demo)


@st.fragment(run_every=0.5)
def _progress(job: Job) -> None:
    if job.ended:
        st.rerun(scope="app")
    st.progress(job.progress or 0.0)
    st.button("Stop", on_click=job.cancel)


def _enter(master: Path) -> None:
    source = sqlite_database(master, create=False)
    try:
        copy = back_up(source, uploads.temporary_folder() / f"demo-{secrets.token_hex(6)}.sqlite3")
    finally:
        source.close()
    access.enter_demo(_opened(copy))


def _opened(path: Path) -> Store:
    database = sqlite_database(path)
    prepare(database)
    return Store(database)


def _master() -> Path:
    """Where the measured demo is kept, by all that its values and days depend on."""
    from rom.pose.model import BUNDLE_SHA256, cache_dir

    sums = hashlib.sha256((sample_folder() / "manifest.csv").read_bytes())
    for each in (rom.__version__, CORRECTION, BUNDLE_SHA256, repr(PEOPLE)):
        sums.update(each.encode())
    return cache_dir() / f"demo-{sums.hexdigest()[:16]}.sqlite3"


def _build(master: Path, report: Report) -> None:
    """Measure all clips and keep them; the file appears when it is whole."""
    outcomes = _measured(report)
    master.parent.mkdir(parents=True, exist_ok=True)
    working = uploads.temporary_folder() / f"demo-{secrets.token_hex(6)}.sqlite3"
    with _opened(working) as store:
        for person in PEOPLE:
            _keep(store, person, outcomes)
        aside = back_up(store.database, master.with_name(f".{master.stem}-{secrets.token_hex(4)}"))
    os.replace(aside, master)


def _measured(report: Report) -> dict[str, Outcome]:
    """The outcome of every clip; a clip is of one person, whose age and sex it is held against."""
    from rom.pipeline import assess_recording

    folder = sample_folder()
    wanted = {
        clip: _request(folder, clip, role, person)
        for person in PEOPLE
        for visit in person.visits
        for role, clip in visit.clips.items()
    }
    outcomes: dict[str, Outcome] = {}
    for number, (clip, request) in enumerate(wanted.items()):

        def progress(done: float | None, number: int = number) -> None:
            report((number + (done or 0.0)) / len(wanted))

        outcomes[clip] = assess_recording(request, progress=progress)
    return outcomes


def _request(folder: Path, clip: str, role: str, person: DemoPerson) -> AssessmentRequest:
    from rom.pipeline import AssessmentRequest

    guess = guess_from_name(clip)
    return AssessmentRequest(
        video=folder / f"{clip}.mp4",
        movement=guess.movement,
        side=guess.side,
        age=date.today().year - person.birth_year,
        sex=person.sex,
    )


def _keep(store: Store, demo: DemoPerson, outcomes: Mapping[str, Outcome]) -> None:
    first = date.today() - timedelta(days=max(visit.days_ago for visit in demo.visits))
    person = store.import_content(
        PersonContent(
            person=Person(
                id=access.own_person_id(access.DEMO) if demo.own else new_id(),
                pseudonym=demo.name,
                birth_year=demo.birth_year,
                sex=demo.sex,
                created_at=datetime.combine(first, time(12)).astimezone(),
            )
        )
    )
    for visit in demo.visits:
        keeper = Keeper(store, person, date.today() - timedelta(days=visit.days_ago))
        found = {role: outcomes[clip] for role, clip in visit.clips.items()}
        if "post" in found:
            keeper.keep_comparison(_compared(found, visit, person), found)
            continue
        for outcome in found.values():
            keeper.keep_outcome(outcome)


def _compared(found: Mapping[str, Outcome], visit: Visit, person: Person) -> Comparison:
    before, after = visit.pain or (None, None)
    return compare(
        found["pre1"].assessments[0],
        found["post"].assessments[0],
        pain_before=before,
        pain_after=after,
        age=person.age_on(date.today()),
        sex=person.sex,
    )
