"""The recordings that somebody put on the page: kept on the server, so that a reload finds them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from rom.errors import InputError, RomError, UsageError
from rom.records.entities import new_id
from rom.ui import jobs, uploads
from rom.ui.batch.measured import Asked, Measured, Told, measure
from rom.ui.batch.naming import AUTO, guess_from_name
from rom.ui.jobs import Cancelled, Job, JobState, Report

MOST_RECORDINGS = 200
KEPT_S = 6 * 3600.0


@dataclass(eq=False)
class Recording:
    """One recording of a batch.

    Attributes
    ----------
    path
        Where it lies; None once it was deleted.
    ours
        Whether it was taken in and is to be deleted; false for a sample.
    asked
        What is to be measured.
    guessed
        Whether `asked` is a guess from the file's name that nobody has touched.
    unreadable
        Why it is no recording that can be measured; None where it is one.
    duration_s
        As the file states it; None where it states none.
    kept_for
        Ids of the people in whose records the result was put.
    """

    name: str
    path: Path | None
    ours: bool = True
    asked: Asked = Asked()
    guessed: bool = False
    unreadable: str | None = None
    duration_s: float | None = None
    job: Job | None = None
    kept_for: set[str] = field(default_factory=set)
    id: str = field(default_factory=new_id)

    @property
    def measured(self) -> Measured | None:
        """The result; None where there is none yet, or none came."""
        if self.job is None or self.job.state is not JobState.DONE:
            return None
        found: Measured = self.job.result
        return found

    @property
    def going_on(self) -> bool:
        return self.job is not None and not self.job.ended

    @property
    def failure(self) -> str | None:
        """Why there is no number, in one sentence; None where there is one or none was sought."""
        if self.unreadable is not None:
            return self.unreadable
        if self.job is not None and self.job.state is JobState.CANCELLED:
            return "Stopped before it was measured."
        if self.job is not None and self.job.error is not None:
            return self.job.error
        if (measured := self.measured) is None:
            return None
        if measured.mistaken is not None:
            return measured.mistaken
        if any(each.measured for each in measured.outcome.assessments):
            return None
        return measured.outcome.assessments[0].refusals[0].message

    @property
    def can_be_measured(self) -> bool:
        """Whether it is still there and is not being measured."""
        return self.path is not None and self.unreadable is None and not self.going_on

    def delete_file(self) -> None:
        """Delete what was taken in."""
        if self.ours and self.path is not None:
            self.path.unlink(missing_ok=True)
            self.path = None


class Batch:
    """Recordings of one owner."""

    def __init__(self, owner: str | None) -> None:
        self.owner = owner
        self.group = f"recordings-{new_id()}"
        self.touched_s = time.monotonic()
        self.told = Told()
        self._lock = threading.RLock()
        self._recordings: dict[str, Recording] = {}

    def recordings(self) -> list[Recording]:
        """All of them, in the order in which they came."""
        self.touched_s = time.monotonic()
        with self._lock:
            return list(self._recordings.values())

    @property
    def going_on(self) -> bool:
        return any(each.going_on for each in self.recordings())

    def take_in(self, name: str, content: IO[bytes]) -> Recording:
        """Take an uploaded file in; one that is no video is kept as its name and the reason.

        Raises
        ------
        UsageError
            There are too many already.
        OutputError, StorageFullError
            It cannot be put aside.
        """
        self._check_room()
        recording = Recording(uploads.shown_name(name), uploads.put_aside(name, content))
        return self._add(recording)

    def add_samples(self, paths: Iterable[Path]) -> None:
        """Add recordings that come with the app; those that are there stay."""
        there = {each.name for each in self.recordings()}
        for path in paths:
            if path.name not in there:
                self._add(Recording(path.name, path, ours=False))

    def ask(self, recording_id: str, asked: Asked) -> None:
        """Say what a recording shows."""
        with self._lock:
            recording = self._recordings[recording_id]
            if recording.asked != asked and not recording.going_on:
                recording.asked, recording.guessed = asked, False

    def measure(self, told: Told) -> int:
        """Measure what has no number yet; how many that are."""
        begun, self.told = 0, told
        for recording in self.recordings():
            if recording.can_be_measured and (recording.job is None or recording.failure):
                self._begin(recording, told)
                begun += 1
        return begun

    def cancel(self) -> None:
        """Stop; what was measured stays."""
        for recording in self.recordings():
            if recording.job is not None:
                recording.job.cancel()

    def remove(self, recording_id: str) -> None:
        """Take one recording off the page."""
        with self._lock:
            recording = self._recordings.pop(recording_id, None)
        if recording is not None:
            self._let_go(recording)

    def clear(self) -> None:
        """Take everything off the page and delete the files."""
        with self._lock:
            recordings = list(self._recordings.values())
            self._recordings.clear()
        for recording in recordings:
            self._let_go(recording)

    def _let_go(self, recording: Recording) -> None:
        if recording.job is None:
            recording.delete_file()
            return
        jobs.forget(recording.job)
        # A reader may still have the file open; it is deleted when the job has ended.
        if recording.job.ended:
            recording.delete_file()

    def _add(self, recording: Recording) -> Recording:
        _look_into(recording)
        guess = guess_from_name(recording.name)
        recording.asked = Asked(movement=guess.movement, side=guess.side)
        recording.guessed = guess.movement != AUTO
        with self._lock:
            self._recordings[recording.id] = recording
        return recording

    def _check_room(self) -> None:
        if len(self.recordings()) >= MOST_RECORDINGS:
            raise UsageError(
                f"Expected at most {MOST_RECORDINGS} recordings at a time, got one more; measure"
                " these first, or use `rom export` for a whole folder"
            )

    def _begin(self, recording: Recording, told: Told) -> None:
        path, name, asked = recording.path, recording.name, recording.asked
        assert path is not None

        def work(report: Report, cancelled: Cancelled) -> Measured:
            try:
                return measure(path, name, asked, told, report)
            except InputError as error:
                raise InputError(_renamed(error, path, name)) from error

        def after() -> None:
            with self._lock:
                gone = recording.id not in self._recordings
                if gone or (recording.measured is not None and recording.failure is None):
                    recording.delete_file()

        with self._lock:
            recording.job = jobs.start(
                f"Measuring {name}", work, owner=self.owner, group=self.group, after=after
            )


_batches: dict[str | None, Batch] = {}
_lock = threading.Lock()


def batch_of(owner: str | None) -> Batch:
    """The recordings that somebody has on the page, however often it was loaded."""
    with _lock:
        for other, batch in list(_batches.items()):
            idle_s = time.monotonic() - batch.touched_s
            if other != owner and idle_s > KEPT_S and not any_going_on(batch):
                batch.clear()
                del _batches[other]
        return _batches.setdefault(owner, Batch(owner))


def any_going_on(batch: Batch) -> bool:
    """Whether something of a batch is being measured, without touching it."""
    with batch._lock:
        return any(each.going_on for each in batch._recordings.values())


def _look_into(recording: Recording) -> None:
    """Open it as the measurement will, so that what is no video is told at once."""
    from rom.video.reading import open_video

    assert recording.path is not None
    try:
        with open_video(recording.path) as reader:
            recording.duration_s = reader.info.duration_s
    except RomError as error:
        recording.unreadable = _renamed(error, recording.path, recording.name)
        recording.delete_file()


def _renamed(error: RomError, path: Path, name: str) -> str:
    """The sentence with the name that the person knows."""
    from rom.video.paths import shown

    return str(error).replace(shown(path), name).replace(str(path), name)
