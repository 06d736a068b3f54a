"""Work that goes on while pages come and go: a table of jobs, each with its owner.

What is waited for runs at once; what comes in numbers runs in a queue of its own, one after the
other, so that nobody who stands before a camera waits behind a folder of recordings. Work runs in
threads: estimating poses leaves Python's lock free.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from rom.errors import RomError, UsageError
from rom.records.entities import new_id

Report = Callable[[float | None], None]
Cancelled = Callable[[], bool]
Work = Callable[[Report, Cancelled], Any]

AT_ONCE = 2
KEPT_S = 6 * 3600.0
MOST_UNFINISHED = 500
"""Of one owner; more wait outside."""
MOST_KEPT = 2000
UNEXPECTED = "Something went wrong here that should not; what was done before is kept. Try again."

_log = logging.getLogger(__name__)


class JobState(StrEnum):
    """Where a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


class StoppedError(Exception):
    """Raised by `report` in a job that was cancelled: at the next frame at the latest."""


@dataclass(eq=False)
class Job:
    """Work with its state; read from any thread, changed by its table alone.

    Attributes
    ----------
    owner
        Id of the user whose it is; None on one's own computer.
    group
        What several jobs belong to, as one drop of files.
    progress
        0 to 1; None where nobody knows.
    result
        What the work returned.
    error
        The sentence that says why it failed.
    """

    title: str
    owner: str | None
    group: str | None = None
    id: str = field(default_factory=new_id)
    state: JobState = JobState.QUEUED
    progress: float | None = None
    result: Any = field(default=None, repr=False)
    error: str | None = None
    ended_s: float | None = None
    _work: Work | None = field(default=None, repr=False)
    _after: Callable[[], None] | None = field(default=None, repr=False)
    _stop: threading.Event = field(default_factory=threading.Event, repr=False)
    _end: threading.Event = field(default_factory=threading.Event, repr=False)
    _table: JobTable | None = field(default=None, repr=False)

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    def cancel(self) -> None:
        """Stop it: at once if it has not begun, else when it next reports."""
        assert self._table is not None
        self._table.cancel(self)

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until it has ended; whether it has."""
        return self._end.wait(timeout_s)


class JobTable:
    """All jobs of a process.

    Parameters
    ----------
    clock
        Seconds that never go back.
    """

    def __init__(
        self,
        *,
        at_once: int = AT_ONCE,
        kept_s: float = KEPT_S,
        most: int = MOST_UNFINISHED,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._changed = threading.Condition()
        self._jobs: dict[str, Job] = {}
        self._clock, self._kept_s, self._most = clock, kept_s, most
        self._limits = {False: at_once, True: 1}
        self._busy = {False: 0, True: 0}
        self._turns: dict[str | None, int] = {}
        self._closed = False

    def start(
        self,
        title: str,
        work: Work,
        *,
        owner: str | None,
        group: str | None = None,
        after: Callable[[], None] | None = None,
    ) -> Job:
        """Begin work, or let it wait for its turn.

        Parameters
        ----------
        work
            Called with `report` and `cancelled` in another thread. `report` takes the fraction
            done and raises StoppedError once the job is cancelled.
        group
            Puts it into the queue.
        after
            Called once when it has ended, however that was, also if it never began.

        Raises
        ------
        UsageError
            Too many are unfinished already.
        """
        job = Job(title, owner, group, _work=work, _after=after, _table=self)
        with self._changed:
            self._forget_old()
            unfinished = sum(not each.ended for each in self._of(owner))
            if self._closed or unfinished >= self._most:
                raise UsageError(
                    f"Expected at most {self._most} jobs at a time, got one more; wait until some"
                    " are done"
                )
            self._jobs[job.id] = job
        self._go_on()
        return job

    def jobs(self, owner: str | None, group: str | None = None) -> list[Job]:
        """Jobs of an owner, the first begun first; of one group where it is named."""
        with self._changed:
            self._forget_old()
            return [each for each in self._of(owner) if group is None or each.group == group]

    def find(self, job_id: str, owner: str | None) -> Job | None:
        """A job by its id; None where the owner has no such job."""
        with self._changed:
            job = self._jobs.get(job_id)
        return job if job is not None and job.owner == owner else None

    def forget(self, job: Job) -> None:
        """Take a job off the table with its result; one that goes on is cancelled."""
        self.cancel(job)
        with self._changed:
            self._jobs.pop(job.id, None)

    def cancel(self, job: Job) -> None:
        """Stop a job."""
        job._stop.set()
        with self._changed:
            waiting = job.state is JobState.QUEUED
            if waiting:
                job.state = JobState.CANCELLED
        if waiting:
            self._finish(job)

    def close(self, timeout_s: float = 5.0) -> None:
        """End with the server: cancel everything and wait a moment for what runs."""
        with self._changed:
            self._closed = True
            unfinished = [each for each in self._jobs.values() if not each.ended]
        for job in unfinished:
            self.cancel(job)
        until = time.monotonic() + timeout_s
        for job in unfinished:
            job.wait(max(0.0, until - time.monotonic()))

    def _of(self, owner: str | None) -> list[Job]:
        return [each for each in self._jobs.values() if each.owner == owner]

    def _forget_old(self) -> None:
        ended = [each for each in self._jobs.values() if each.ended_s is not None]
        spare = len(self._jobs) - MOST_KEPT
        for number, job in enumerate(sorted(ended, key=lambda each: each.ended_s or 0.0)):
            assert job.ended_s is not None
            if number < spare or self._clock() - job.ended_s > self._kept_s:
                del self._jobs[job.id]

    def _go_on(self) -> None:
        """Begin what may begin now."""
        with self._changed:
            waiting = [each for each in self._jobs.values() if each.state is JobState.QUEUED]
            # Whoever had the fewest turns is next, so that nobody waits behind all of another's.
            for job in sorted(waiting, key=lambda each: self._turns.get(each.owner, 0)):
                queue = job.group is not None
                if self._busy[queue] < self._limits[queue]:
                    self._busy[queue] += 1
                    self._turns[job.owner] = self._turns.get(job.owner, 0) + 1
                    job.state = JobState.RUNNING
                    name = f"job-{job.id[:8]}"
                    threading.Thread(target=self._run, args=(job,), name=name, daemon=True).start()
            if not waiting:
                self._turns.clear()

    def _run(self, job: Job) -> None:
        assert job._work is not None

        def report(progress: float | None) -> None:
            if job._stop.is_set():
                raise StoppedError
            job.progress = None if progress is None else min(1.0, max(0.0, progress))

        state = JobState.FAILED
        try:
            job.result = job._work(report, job._stop.is_set)
            job.progress, state = 1.0, JobState.DONE
        except StoppedError:
            state = JobState.CANCELLED
        except RomError as error:
            job.error = str(error)
        except BaseException:
            # The log is for whoever runs the app; the person gets a sentence.
            _log.exception("A job failed")
            job.error = UNEXPECTED
        with self._changed:
            self._busy[job.group is not None] -= 1
            job.state = state
        self._finish(job)
        self._go_on()

    def _finish(self, job: Job) -> None:
        after, job._after, job._work = job._after, None, None
        try:
            if after is not None:
                after()
        except Exception:
            _log.exception("The end of a job failed")
        job.ended_s = self._clock()
        job._end.set()


_table = JobTable()


def start(
    title: str,
    work: Work,
    *,
    owner: str | None,
    group: str | None = None,
    after: Callable[[], None] | None = None,
) -> Job:
    """Begin work in this process; see `JobTable.start`."""
    return _table.start(title, work, owner=owner, group=group, after=after)


def jobs(owner: str | None, group: str | None = None) -> list[Job]:
    """Jobs of an owner in this process."""
    return _table.jobs(owner, group)


def find(job_id: str, owner: str | None) -> Job | None:
    """A job of an owner in this process; found again after a reload by its id."""
    return _table.find(job_id, owner)


def forget(job: Job) -> None:
    """Take a job off the table with its result."""
    _table.forget(job)


def close() -> None:
    """End all jobs with the server."""
    _table.close()
