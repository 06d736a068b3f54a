"""Recordings beside each other: told, checked blind, kept with every correction, and let go of."""

from __future__ import annotations

import gc
import io
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from rom.assess import Person, assess_movement
from rom.clinical.comparison import compare
from rom.clinical.signs.finding import find_signs
from rom.editing import is_edited
from rom.errors import InputError, UsageError
from rom.landmarks import Side
from rom.movements import movement_named
from rom.pipeline import AssessmentRequest, Outcome
from rom.records.store import Store, open_store
from rom.ui import uploads
from rom.ui.desk.pair import BLIND_NOTE, Pair, Question, Role, let_go, take_in
from rom.ui.player.component import Track, correction_of, player_data
from tests.performances import PROVENANCE, filmed

NAME = "shoulder_abduction"


@pytest.fixture
def records(data_dir: Path) -> Iterator[Store]:
    with open_store() as store:
        yield store


@cache
def outcome(*peaks_deg: float) -> Outcome:
    side = Side.LEFT
    series = filmed(NAME, side, peaks_deg=[*peaks_deg], seed=3)
    result, trace = assess_movement(
        series, movement_named(NAME), side, person=Person(), provenance=PROVENANCE
    )
    result = replace(result, signs=find_signs(trace))
    request = AssessmentRequest(video=Path("clip.mp4"), movement=NAME, side=side)
    return Outcome(request, (result,), (trace,), landmarks=series)


def pair(tmp_path: Path, *, hidden: bool = False) -> Pair:
    outcomes: dict[Role, Outcome] = {
        "pre1": outcome(110.0, 112.0, 150.0),
        "post": outcome(140.0, 142.0, 141.0),
    }
    videos: dict[Role, Path] = {}
    for role in outcomes:
        videos[role] = tmp_path / f"{role}.mp4"
        videos[role].write_bytes(b"picture")
    question = Question(kind="before_after", movement=NAME, side=Side.LEFT, hidden=hidden)
    return Pair(question=question, outcomes=outcomes, videos=videos)


def test_the_pair_says_what_a_comparison_says(tmp_path: Path) -> None:
    shown = pair(tmp_path)
    told = compare(shown.assessment("pre1"), shown.assessment("post"))
    assert shown.comparison.to_json() == told.to_json()
    assert [shown.label(role) for role in shown.order] == ["before", "after"]


def test_a_correction_changes_what_is_told_and_can_be_taken_back(tmp_path: Path) -> None:
    shown = pair(tmp_path)
    before = shown.comparison
    shown.correct("pre1", shown.sets["pre1"].take_out(2), None)
    assert is_edited(shown.assessment("pre1")) and not is_edited(shown.assessment("post"))
    assert shown.comparison.change_deg != before.change_deg
    shown.correct("pre1", shown.sets["pre1"].undo(), None)
    assert shown.comparison.to_json() == before.to_json()


def test_hidden_labels_are_letters_in_an_order_of_chance(tmp_path: Path) -> None:
    orders = {pair(tmp_path, hidden=True).order for _ in range(20)}
    assert orders == {("pre1", "post"), ("post", "pre1")}
    shown = pair(tmp_path, hidden=True)
    assert [shown.label(role) for role in shown.order] == ["A", "B"]
    assert not shown.checked_blind
    shown.hidden = False
    assert shown.checked_blind
    assert {shown.label(role) for role in shown.order} == {"before", "after"}


def test_what_was_checked_blind_is_kept_with_that_note(tmp_path: Path, records: Store) -> None:
    person = records.add_person("Ana")
    shown = pair(tmp_path, hidden=True)
    shown.correct("pre1", shown.sets["pre1"].take_out(2), records)
    shown.hidden = False
    shown.keep(records, person)
    (session,) = records.content(person.id).sessions
    before = next(each for each in session.sets if each.phase.value == "pre1")
    assert {each.notes for each in session.sets} == {BLIND_NOTE}
    assert [edit.reason for edit in before.edits] == [BLIND_NOTE]
    assert before.assessment.value_deg == shown.assessment("pre1").value_deg
    assert before.original is not None
    assert before.original.value_deg == shown.outcomes["pre1"].assessments[0].value_deg
    assert session.results[0].change_deg == pytest.approx(shown.comparison.change_deg)


def test_a_correction_of_what_is_kept_is_kept_at_once(tmp_path: Path, records: Store) -> None:
    person = records.add_person("Ana")
    shown = pair(tmp_path)
    shown.keep(records, person)
    shown.correct("post", shown.sets["post"].take_out(0), records)
    (session,) = records.content(person.id).sessions
    after = next(each for each in session.sets if each.phase.value == "post")
    assert after.edited and after.recording == "clip.mp4" and after.notes == ""
    assert session.results[0].change_deg == pytest.approx(shown.comparison.change_deg)
    shown.correct("post", shown.sets["post"].undo(), records)
    (session,) = records.content(person.id).sessions
    assert not any(each.edited for each in session.sets)


def test_videos_go_with_the_pair(tmp_path: Path) -> None:
    shown = pair(tmp_path)
    videos = [*shown.videos.values()]
    assert all(path.is_file() for path in videos)
    shown.close()
    assert not any(path.exists() for path in videos)
    forgotten = pair(tmp_path)
    del forgotten
    gc.collect()
    assert not any(path.exists() for path in videos)


def upload(content: bytes, name: str) -> io.BytesIO:
    made = io.BytesIO(content)
    made.name = name
    return made


def test_an_upload_that_is_no_video_is_named_and_leaves_nothing(
    sample: Path, own_folder: Path
) -> None:
    good = upload(sample.read_bytes(), "before.mp4")
    with pytest.raises(InputError, match="notes.mp4") as told:
        take_in({"pre1": good, "post": upload(b"no video at all", "../../notes.mp4")})
    assert str(own_folder) not in str(told.value)
    assert [*own_folder.iterdir()] == []


def test_uploads_are_private_and_deleted(sample: Path, own_folder: Path) -> None:
    taken = take_in({"pre1": upload(sample.read_bytes(), "C:\\clips\\a b.mp4")})
    assert taken["pre1"].name == "a b.mp4"
    assert taken["pre1"].path.stat().st_mode & 0o077 == 0
    assert own_folder.stat().st_mode & 0o077 == 0
    let_go(taken)
    assert [*own_folder.iterdir()] == []


@pytest.fixture
def sample() -> Path:
    from rom.samples import sample_folder

    return sample_folder() / "elbow_flexion_left.mp4"


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    uploads.remove_all()
    return uploads.temporary_folder()


def test_the_player_is_told_times_and_angles_that_meet(tmp_path: Path) -> None:
    shown = pair(tmp_path)
    tracks = [
        Track(
            label=shown.label(role),
            series=shown.assessment(role).series,  # type: ignore[arg-type]
            repetitions=shown.sets[role].repetitions,
            editable=True,
        )
        for role in shown.order
    ]
    data = player_data(tracks, ["/media/a.mp4", None], key="k", blind=False)
    first, second = data["tracks"]
    assert first["video"] == "/media/a.mp4" and second["video"] is None
    assert len(first["series_s"]) == len(first["angle_deg"])
    assert data["span_s"][0] <= data["start_s"] <= data["span_s"][1]
    assert "before: peaks at 1" in data["description"]
    assert first["repetitions"][0]["words"].startswith("Repetition 1: 1")


@pytest.mark.parametrize(
    "edit",
    [
        {},
        {"kind": "add", "track": 5, "at_s": 1.0},
        {"kind": "add", "track": 0, "at_s": "nan"},
        {"kind": "move", "track": 0, "number": 0, "mark": "counted", "to_s": 1.0},
        {"kind": "drop", "track": 0, "number": 0},
        None,
    ],
)
def test_only_what_the_player_says_is_done(edit: object) -> None:
    with pytest.raises(UsageError, match="load the page again"):
        correction_of(edit, 2)


def test_what_the_player_says_is_done(tmp_path: Path) -> None:
    shown = pair(tmp_path)
    done = correction_of({"kind": "take_out", "track": 1, "number": 0}, 2)
    assert done.track == 1
    assert done.apply(shown.sets["post"]).changes[0].kind == "taken_out"
