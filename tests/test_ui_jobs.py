"""Jobs: they run beside each other, end in one state, and belong to one owner."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rom.errors import InputError, UsageError
from rom.ui.jobs import UNEXPECTED, Cancelled, Job, JobState, JobTable, Report

PATIENCE_S = 20.0


class Gate:
    """Work that has begun and waits to be let go on."""

    def __init__(self) -> None:
        self.begun, self.open = threading.Event(), threading.Event()

    def work(self, report: Report, cancelled: Cancelled) -> str:
        self.begun.set()
        while not self.open.wait(0.005):
            report(0.5)
        return "done"


@pytest.fixture
def table() -> Iterator[JobTable]:
    table = JobTable()
    yield table
    table.close(PATIENCE_S)


def ended(job: Job) -> Job:
    assert job.wait(PATIENCE_S)
    return job


def test_a_job_returns_its_result(table: JobTable) -> None:
    job = ended(table.start("Adding", lambda report, cancelled: 2 + 3, owner=None))
    assert (job.state, job.result, job.progress, job.error) == (JobState.DONE, 5, 1.0, None)


def test_an_error_for_users_is_its_sentence(table: JobTable) -> None:
    def work(report: Report, cancelled: Cancelled) -> None:
        raise InputError("Expected a video, got a text; name another file")

    job = ended(table.start("Reading", work, owner=None))
    assert (job.state, job.result) == (JobState.FAILED, None)
    assert job.error == "Expected a video, got a text; name another file"


def test_any_other_error_goes_to_the_log_alone(
    table: JobTable, caplog: pytest.LogCaptureFixture
) -> None:
    job = ended(table.start("Dividing", lambda report, cancelled: 1 / 0, owner=None))
    assert (job.state, job.error) == (JobState.FAILED, UNEXPECTED)
    assert "ZeroDivisionError" in caplog.text


def test_a_running_job_stops_at_its_next_report(table: JobTable) -> None:
    gate = Gate()
    job = table.start("Waiting", gate.work, owner=None)
    assert gate.begun.wait(PATIENCE_S)
    assert job.state is JobState.RUNNING
    job.cancel()
    assert ended(job).state is JobState.CANCELLED
    assert not gate.open.is_set()


def test_a_queued_job_that_is_cancelled_never_begins(table: JobTable) -> None:
    first, second = Gate(), Gate()
    cleaned: list[str] = []
    running = table.start("First", first.work, owner=None, group="files")
    assert first.begun.wait(PATIENCE_S)
    waiting = table.start(
        "Second", second.work, owner=None, group="files", after=lambda: cleaned.append("second")
    )
    assert waiting.state is JobState.QUEUED
    waiting.cancel()
    assert ended(waiting).state is JobState.CANCELLED
    first.open.set()
    ended(running)
    assert not second.begun.is_set()
    assert cleaned == ["second"]


def test_a_queue_goes_on_after_a_failure(table: JobTable) -> None:
    def fails(report: Report, cancelled: Cancelled) -> None:
        raise InputError("Expected a video, got none; name one")

    started = [
        table.start("Fails", fails, owner=None, group="files"),
        table.start("Works", lambda report, cancelled: 1, owner=None, group="files"),
    ]
    assert [ended(job).state for job in started] == [JobState.FAILED, JobState.DONE]


def test_what_is_waited_for_does_not_wait_behind_a_queue(table: JobTable) -> None:
    gate = Gate()
    table.start("Long", gate.work, owner=None, group="files")
    assert gate.begun.wait(PATIENCE_S)
    assert ended(table.start("Now", lambda report, cancelled: 1, owner=None)).result == 1
    assert not gate.open.is_set()
    gate.open.set()


def test_nobody_waits_behind_all_recordings_of_another(table: JobTable) -> None:
    gate = Gate()
    order: list[str] = []

    def note(name: str) -> Job:
        work = lambda report, cancelled: order.append(name)  # noqa: E731
        return table.start(name, work, owner=name[0], group="files")

    table.start("A0", gate.work, owner="A", group="files")
    assert gate.begun.wait(PATIENCE_S)
    started = [note(name) for name in ("A1", "A2", "B1")]
    gate.open.set()
    for job in started:
        ended(job)
    assert order == ["B1", "A1", "A2"]


def test_owners_do_not_see_each_other(table: JobTable) -> None:
    mine = ended(table.start("Mine", lambda report, cancelled: 1, owner="A"))
    assert table.jobs("A") == [mine]
    assert table.jobs("B") == [] and table.jobs(None) == []
    assert table.find(mine.id, "A") is mine
    assert table.find(mine.id, "B") is None and table.find(mine.id, None) is None


def test_results_are_forgotten_after_some_hours() -> None:
    now_s = [0.0]
    table = JobTable(kept_s=10.0, clock=lambda: now_s[0])
    job = ended(table.start("Adding", lambda report, cancelled: 1, owner=None))
    while job.ended_s is None:
        pass
    now_s[0] = 9.0
    assert table.jobs(None) == [job]
    now_s[0] = 11.0
    assert table.jobs(None) == []


def test_there_is_a_limit_for_each_owner() -> None:
    table, gate = JobTable(most=1), Gate()
    table.start("One", gate.work, owner="A")
    with pytest.raises(UsageError, match="at most 1 jobs"):
        table.start("Two", gate.work, owner="A")
    table.start("One of another", gate.work, owner="B")
    gate.open.set()
    table.close(PATIENCE_S)


def test_closing_ends_what_runs_and_what_waits() -> None:
    table, gate = JobTable(), Gate()
    started = [table.start(str(n), gate.work, owner=None, group="files") for n in range(3)]
    assert gate.begun.wait(PATIENCE_S)
    table.close(PATIENCE_S)
    assert {job.state for job in started} == {JobState.CANCELLED}
    with pytest.raises(UsageError):
        table.start("Late", gate.work, owner=None)


@given(st.lists(st.none() | st.floats(-2.0, 3.0), max_size=8))
def test_progress_stays_within_its_scale(reported: list[float | None]) -> None:
    seen: list[float | None] = []
    table = JobTable()

    def work(report: Report, cancelled: Cancelled) -> None:
        for each in reported:
            report(each)
            seen.append(job.progress)

    with table._changed:  # the job must be known here before it runs
        job = Job("Reporting", None, _work=work, _table=table)
        job.state = JobState.RUNNING
        table._jobs[job.id] = job
    table._run(job)
    assert job.state is JobState.DONE
    assert all(each is None or 0.0 <= each <= 1.0 for each in seen)
