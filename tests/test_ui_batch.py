"""Batches: names are guessed, files are taken in and let go, everything can be taken away."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pose_builders import model

from rom.errors import UsageError
from rom.exports.document import people_from_document
from rom.landmarks import Side
from rom.movements import MOVEMENTS
from rom.samples import sample_folder
from rom.ui import uploads
from rom.ui.batch import recordings as batch_module
from rom.ui.batch.archive import FAILURES_NAME, archive
from rom.ui.batch.measured import Asked, Told
from rom.ui.batch.naming import AUTO, NameGuess, guess_from_name
from rom.ui.batch.recordings import Batch, Recording
from rom.ui.batch.rows import asked_of_row, asked_row, failures, result_cells, result_rows
from rom.ui.jobs import JobState

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PATIENCE_S = 240.0


@pytest.fixture
def batch() -> Iterator[Batch]:
    batch = Batch(None)
    yield batch
    batch.cancel()
    for recording in batch.recordings():
        if recording.job is not None:
            recording.job.wait(PATIENCE_S)
    batch.clear()
    uploads.remove_all()


@pytest.mark.parametrize(
    ("name", "guess"),
    [
        ("knee_flexion_left.mp4", NameGuess("knee_flexion", Side.LEFT)),
        ("2026-03-01 Knee flexion (LEFT).MOV", NameGuess("knee_flexion", Side.LEFT)),
        ("kneeFlexionRight2.mov", NameGuess("knee_flexion", Side.RIGHT)),
        ("P07-R-shoulder-abduction-pre1.avi", NameGuess("shoulder_abduction", Side.RIGHT)),
        ("trunk_lateral_flexion.mp4", NameGuess("trunk_lateral_flexion", "both")),
        ("hip_flexion_left_right.mp4", NameGuess("hip_flexion", "both")),
        ("ankle_dorsiflexion_lunge_left.mp4", NameGuess("ankle_dorsiflexion_lunge", Side.LEFT)),
        ("IMG_0042.MOV", NameGuess(AUTO, None)),
        ("left.mp4", NameGuess(AUTO, Side.LEFT)),
    ],
)
def test_names_tell_movement_and_side(name: str, guess: NameGuess) -> None:
    assert guess_from_name(name) == guess


@given(
    st.sampled_from([m for m in MOVEMENTS.values() if m.measurable and m.has_side]),
    st.sampled_from(Side),
    st.sampled_from(["_", " ", "-", "."]),
    st.booleans(),
)
def test_every_movement_is_read_from_its_own_name(movement, side, separator, upper) -> None:  # type: ignore[no-untyped-def]
    name = separator.join([*movement.name.split("_"), side.value, "3"])
    found = guess_from_name(f"{name.upper() if upper else name}.mp4")
    assert found == NameGuess(movement.name, side)


@given(st.text(max_size=300))
def test_any_name_can_be_shown(name: str) -> None:
    shown = uploads.shown_name(name)
    assert shown and shown.isprintable() and len(shown) <= uploads.LONGEST_NAME + 9
    assert "/" not in shown and "\\" not in shown


def test_what_was_corrected_in_the_table_is_asked() -> None:
    recording = Recording("a.mp4", None, asked=Asked(movement="knee_flexion", side=Side.LEFT))
    row = asked_row(recording)
    assert asked_of_row(row) == recording.asked
    assert asked_of_row(row | {"Side": "right"}) == Asked(movement="knee_flexion", side=Side.RIGHT)
    assert asked_of_row(row | {"Movement": "find out"}).movement == AUTO


def test_uploads_are_private_and_go(tmp_path: Path) -> None:
    path = uploads.put_aside("../../a b.MP4", io.BytesIO(b"content"))
    assert path.parent == uploads.temporary_folder()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.read_bytes() == b"content"
    uploads.remove_all()
    assert not path.parent.exists()


def test_what_is_no_video_is_told_at_once_and_deleted(batch: Batch) -> None:
    recording = batch.take_in("notes.mp4", io.BytesIO(b"no video at all"))
    assert recording.path is None
    assert failures(batch.recordings()) == [
        (
            "notes.mp4",
            "Expected a video (MP4, MOV, WebM, AVI or MKV), but notes.mp4 holds something else;"
            " check the file or convert it to MP4.",
        )
    ]
    assert batch.measure(Told()) == 0


def test_there_is_an_end_to_a_list(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_module, "MOST_RECORDINGS", 1)
    batch.take_in("a.mp4", io.BytesIO(b""))
    with pytest.raises(UsageError, match="at most 1 recordings"):
        batch.take_in("b.mp4", io.BytesIO(b""))


def take_in(batch: Batch, name: str, shown: str | None = None) -> Recording:
    with (sample_folder() / name).open("rb") as file:
        return batch.take_in(shown or name, file)


def test_a_batch_is_measured_and_taken_away(batch: Batch) -> None:
    model()
    wanted = take_in(batch, "knee_flexion_left.mp4")
    wrong = take_in(batch, "knee_flexion_left.mp4", "shoulder_abduction_right.mp4")
    batch.take_in("notes.mp4", io.BytesIO(b"no video at all"))
    assert batch.measure(Told(age=40, sex="F")) == 2
    for recording in (wanted, wrong):
        assert recording.job is not None and recording.job.wait(PATIENCE_S)
    (row,) = result_rows(batch.recordings())
    assert row.recording is wanted
    assert result_cells(row)["Side"] == "left"
    assert "," in str(result_cells(row, comma=True)["Range (°)"])
    assert [name for name, _ in failures(batch.recordings())] == [wrong.name, "notes.mp4"]
    assert wanted.path is None, "what was measured is deleted"
    assert wrong.path is not None and wrong.path.exists(), "and what was not can be tried again"
    _check_archive(batch)


def _check_archive(batch: Batch) -> None:
    sets = [
        each for found in batch.recordings() if found.measured for each in found.measured.sets(NOW)
    ]
    packed = archive(sets, failures(batch.recordings()), sex="F", made_at=NOW)
    with zipfile.ZipFile(io.BytesIO(packed)) as archived:
        names = archived.namelist()
        for folder in ("tables", "parquet", "landmarks", "opensim"):
            assert any(name.startswith(f"{folder}/") for name in names)
        (person,) = people_from_document(json.loads(archived.read("results.json")))
        assert {each.recording for each in person.sets} >= {"knee_flexion_left.mp4"}
        table = archived.read(FAILURES_NAME).decode()
        assert len(list(csv.DictReader(io.StringIO(table)))) == 2


def test_what_is_cancelled_can_be_measured_again(batch: Batch) -> None:
    model()
    first, second = (take_in(batch, "knee_flexion_left.mp4", name) for name in ("a.mp4", "b.mp4"))
    batch.measure(Told())
    batch.cancel()
    for recording in (first, second):
        assert recording.job is not None and recording.job.wait(PATIENCE_S)
        assert recording.job.state is JobState.CANCELLED
        assert recording.can_be_measured
    assert batch.measure(Told()) == 2


def test_clearing_deletes_the_files(batch: Batch) -> None:
    paths = [take_in(batch, "knee_flexion_left.mp4").path for _ in range(2)]
    batch.clear()
    assert batch.recordings() == []
    assert not any(path.exists() for path in paths if path)


def test_clearing_while_measuring_leaves_nothing(batch: Batch) -> None:
    model()
    recording = take_in(batch, "knee_flexion_left.mp4")
    path = recording.path
    batch.measure(Told())
    assert recording.job is not None
    batch.clear()
    assert recording.job.wait(PATIENCE_S)
    assert path is not None and not path.exists()
