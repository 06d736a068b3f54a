"""The conductor of a check: landmarks of real clips in, scenes and records out, real pipeline."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from protocol_builders import NOTHING, PLANS, led_to

from rom.clinical.screen import Screen
from rom.errors import UsageError
from rom.landmarks import LANDMARK_COUNT, Landmark, LandmarkSeries, Side
from rom.live.frames import joined
from rom.movements import movement_named
from rom.protocol import events
from rom.protocol.machine import advance
from rom.protocol.session import CAMERA, StepKind
from rom.records.deletion import delete_person
from rom.records.entities import Person, Phase, Session, SessionContent, new_id
from rom.records.location import data_dir
from rom.records.store import now
from rom.samples import sample_folder
from rom.trace import trace_movement
from rom.ui import access
from rom.ui.access import LOCAL, own_person, records
from rom.ui.check.beginning import (
    begin_check,
    broken_off_check,
    finish_check,
    resume_check,
)
from rom.ui.check.conductor import CheckConductor
from rom.ui.check.keeping import plan_for, tell_about
from rom.ui.check.resuming import CheckFolder
from rom.ui.check.step_scenes import scene_of
from rom.ui.screens.check import drawn
from rom.ui.stage.scenes import Action, Clip, Feedback, Scene

STEP_S = 0.04
ABDUCTION = {"movement": "shoulder_abduction", "side": "left"}


@pytest.fixture
def me(data_dir: Path) -> Iterator[Person]:
    """Somebody who was here before and answered everything with no."""
    person = tell_about(LOCAL, own_person(LOCAL), birth_year=1976, sex="F")
    screen = Screen(answers=NOTHING, answered_at="2026-03-02T18:31:00+00:00")
    session = Session(id=new_id(), person_id=person.id, started_at=now(), screen=screen)
    with records(LOCAL) as store:
        store.save_session(SessionContent(session=session))
    yield person
    access.close_records()


@cache
def frames_of(name: str) -> tuple[LandmarkSeries, ...]:
    """The landmarks of a sample clip, frame by frame, as the stage shows them."""
    from rom.pose.estimator import PoseEstimator
    from rom.pose.model import ensure_model
    from rom.ui.stage.sight import one_frame
    from rom.video.reading import open_video

    found = []
    with (
        open_video(sample_folder() / name) as reader,
        PoseEstimator(ensure_model()) as estimator,
    ):
        for frame in reader:
            people = estimator.estimate(frame.rgb, frame.time_s)
            height_px, width_px = frame.rgb.shape[:2]
            found.append(
                one_frame(
                    people[0] if people else None,
                    time_s=frame.time_s,
                    width_px=width_px,
                    height_px=height_px,
                    people=len(people),
                )
            )
    return tuple(found)


PIECE_BYTES = 300_000
"""Of a clip that is sent while it is recorded."""


class Driver:
    """Somebody before the camera: answers scenes, and moves as a clip does."""

    def __init__(self, conductor: CheckConductor, folder: Path) -> None:
        self.conductor = conductor
        self.now_s = 100.0
        self.folder = folder
        self.seen: list[str] = []
        self.feedback = Feedback()
        self._recording: tuple[str, str] | None = None

    @property
    def scene(self) -> Scene:
        return self.conductor.scene(self.now_s)

    @property
    def kind(self) -> StepKind:
        return self.conductor.session.kind

    def act(self, option: str, value: float | None = None) -> None:
        self.now_s += 1.0
        self.conductor.act(Action(scene=self.scene.id, option=option, value=value), self.now_s)

    def see(self, frame: LandmarkSeries) -> Scene:
        self.now_s += STEP_S
        shown = replace(frame, time_s=np.array([self.now_s]))
        self.feedback = self.conductor.see(shown, self.now_s)
        return self._record()

    def _record(self) -> Scene:
        """Send the clip once a scene no longer asks for it, as the stage does."""
        scene = self.scene
        if self._recording is not None and scene.recording != self._recording[0]:
            name, source = self._recording
            path = self.folder / f"{name}.mp4"
            shutil.copy(sample_folder() / source, path)
            self._recording = None
            self.conductor.take_clip(Clip(name=name, path=path), self.now_s)
        return self.scene

    def perform(self, clip: str) -> None:
        """Stand still until "go", move as the clip does, and stand still until the end."""
        frames = frames_of(clip)
        began = self.kind
        for _ in range(600):
            scene = self.see(frames[0])
            if scene.recording is not None and self._recording is None:
                self._recording = (scene.recording, clip)
                begins = (sample_folder() / clip).read_bytes()[:PIECE_BYTES]
                self.conductor.take_piece(scene.recording, 0, begins, self.now_s)
            if scene.beep == "go":
                break
        else:
            raise AssertionError(f"no go: {self.scene.text} {self.feedback}")
        for frame in (*frames, *(frames[-1] for _ in range(200))):
            if self.kind is not began:
                return
            self.see(frame)
        raise AssertionError(f"the take did not end: {self.scene.text} {self.feedback}")

    def wait(self, until: Callable[[], bool], seconds: float = 120.0) -> None:
        end_s = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < end_s, self.scene
            time.sleep(0.05)

    def first_questions(self) -> None:
        """No news, nothing hurts but the shoulder, pain 4."""
        self.act("no")
        while self.kind is StepKind.SCREEN:
            self.act("none")
        self.act("left_shoulder_front")
        assert next(each for each in self.scene.options if each.chosen).id == "left_shoulder_front"
        self.act("done")
        self.act("rate", 2.0)

    def set_of_movement(self, clip: str, *, warm_up: bool, pain: float) -> None:
        if warm_up:
            self.perform(clip)
            self.act("rate", pain)
        elif self.kind is StepKind.WARM_UP:
            self.act("skip")
        self.perform(clip)
        self.act("rate", pain)
        self.wait(lambda: self.kind is not StepKind.MEASURING)

    def massage(self) -> None:
        """Press every spot for as long as the timer asks."""
        for _ in range(60):
            if self.kind is not StepKind.MASSAGE:
                return
            scene = self.scene
            if scene.kind == "rate":
                self.act("rate", 2.0 if "hurt" in scene.text else 4.0)
            elif scene.kind == "timer":
                self.now_s += 61.0
            else:
                self.act(scene.options[0].id)
        raise AssertionError(f"the massage did not end: {self.scene}")


@pytest.fixture
def driver(me: Person, tmp_path: Path) -> Iterator[Driver]:
    conductor = begin_check(LOCAL, me, plan_for(LOCAL, me, mode="quick", **ABDUCTION))
    yield Driver(conductor, tmp_path)
    conductor.close()


@pytest.mark.long
def test_a_check_of_one_movement_shows_the_known_change(driver: Driver, me: Person) -> None:
    driver.first_questions()
    assert driver.kind is StepKind.WARM_UP
    driver.set_of_movement("shoulder_abduction_left_pre1.mp4", warm_up=True, pain=5.0)
    assert driver.kind is StepKind.MASSAGE
    driver.massage()
    assert driver.kind is StepKind.TAKE
    driver.set_of_movement("shoulder_abduction_left_post.mp4", warm_up=False, pain=2.0)
    assert driver.kind is StepKind.RESULT and driver.scene.kind == "ended"
    with records(LOCAL) as store:
        (_, kept) = store.content(me.id).sessions
    assert [each.phase for each in kept.sets] == [Phase.PRE1, Phase.POST]
    assert [each.pain_at("during") for each in kept.sets] == [5.0, 2.0]
    assert all(each.landmarks is None and each.assessment.series for each in kept.sets)
    (result,) = kept.results
    assert result.verdict == "gain" and result.change_deg == pytest.approx(27.5, abs=5.0)
    assert (result.pain_before, result.pain_after) == (5.0, 2.0)
    assert kept.massages[0].finished and kept.session.screen is not None
    assert not CheckFolder(me.id).load() and not list(driver.folder.glob("*.mp4"))


def with_hand_up(frame: LandmarkSeries) -> LandmarkSeries:
    """The frame with the right hand beside the head, elbow bent."""
    unit_px = float(frame.xy_px[0, Landmark.LEFT_SHOULDER, 0])
    unit_px -= float(frame.xy_px[0, Landmark.RIGHT_SHOULDER, 0])
    xy_px, visibility = frame.xy_px.copy(), frame.visibility.copy()
    shoulder = xy_px[0, Landmark.RIGHT_SHOULDER]
    xy_px[0, Landmark.RIGHT_ELBOW] = shoulder + np.array([-0.1, 0.4]) * unit_px
    xy_px[0, Landmark.RIGHT_WRIST] = shoulder + np.array([-0.2, -0.4]) * unit_px
    visibility[0, [Landmark.RIGHT_ELBOW, Landmark.RIGHT_WRIST]] = 1.0
    return replace(frame, xy_px=xy_px, visibility=visibility)


def film_with_marks(driver: Driver, clip: str, marks_s: tuple[float, ...]) -> None:
    """Move as the clip does from its first recorded frame on, a hand up for 0.6 s at each mark."""
    frames = frames_of(clip)
    for _ in range(600):
        if driver.see(frames[0]).recording is not None:
            break
    began_s = driver.now_s
    driver._recording = (str(driver.scene.recording), clip)
    for frame in frames[1:]:
        clip_s = float(frame.time_s[0])
        driver.now_s = began_s + clip_s - STEP_S
        up = any(mark_s <= clip_s < mark_s + 0.6 for mark_s in marks_s)
        driver.see(with_hand_up(frame) if up else frame)
        if driver.kind is not StepKind.TAKE:
            return
    for _ in range(200):
        driver.see(frames[-1])
        if driver.kind is not StepKind.TAKE:
            return
    raise AssertionError(f"the take did not end: {driver.scene.text}")


def way_out_s(clip: str, part: float) -> tuple[float, ...]:
    """A time on the way out of each repetition of a clip."""
    movement = movement_named(ABDUCTION["movement"])
    trace = trace_movement(joined(frames_of(clip)), movement, Side.LEFT)
    return tuple(each.onset_s + part * (each.peak_s - each.onset_s) for each in trace.counted)


@pytest.mark.long
def test_where_pain_starts_is_kept_with_its_angle(
    me: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The marks stand at known times of the clip; the angle is that of the measured series."""
    # The clips begin too shortly before the first movement for the end of the countdown.
    monkeypatch.setattr("rom.live.take.RECORDED_BEFORE_GO_S", STEP_S)
    plan = plan_for(LOCAL, me, mode="therapist", **ABDUCTION)
    conductor = begin_check(LOCAL, me, plan)
    driver = Driver(conductor, tmp_path)
    driver.act("rate", 4.0)
    given: dict[Phase, tuple[float, ...]] = {}
    for phase, name, part in ((Phase.PRE1, "pre1", 0.4), (Phase.POST, "post", 0.65)):
        clip = f"shoulder_abduction_left_{name}.mp4"
        assert "raise your right hand" in driver.scene.text
        given[phase] = way_out_s(clip, part)
        film_with_marks(driver, clip, given[phase])
        driver.act("rate", 4.0)
        driver.wait(lambda: driver.kind is not StepKind.MEASURING)
        if driver.kind is StepKind.HANDS_ON:
            driver.act(driver.scene.options[0].id)
    conductor.close()
    with records(LOCAL) as store:
        kept = store.content(me.id).sessions[-1]
        sets = {each.phase: store.set(each.id).assessment for each in kept.sets}
    for phase, assessment in sets.items():
        assert assessment.series is not None
        marks = assessment.pain_marks
        assert [mark.repetition for mark in marks] == [0, 1, 2]
        for mark, given_s in zip(marks, given[phase], strict=True):
            assert mark.time_s == pytest.approx(given_s, abs=0.12)
            series_deg = np.interp(
                mark.time_s, assessment.series.time_s, assessment.series.angle_deg
            )
            assert mark.angle_deg == pytest.approx(series_deg, abs=2.5)
    (result,) = kept.results
    assert "Where you marked it, pain began at" in result.text
    assert "later in the movement" in result.text
    assert any("without a warm-up" in each for each in kept.session.remarks)


# Without a clip: what hands, clicks and broken-off checks come to


STANDING = {
    "left_shoulder": (360, 160),
    "right_shoulder": (280, 160),
    "left_elbow": (370, 230),
    "right_elbow": (270, 230),
    "left_wrist": (372, 300),
    "right_wrist": (268, 300),
    "left_hip": (345, 310),
    "right_hip": (295, 310),
    "nose": (320, 105),
}


def figure_frame(**moved: tuple[int, int]) -> LandmarkSeries:
    """Somebody who faces the camera, arms hanging but for what is moved."""
    points = {**STANDING, **moved}
    xy_px = np.full((1, LANDMARK_COUNT, 2), 320.0)
    xy_px[0, :, 1] = 400.0
    xy_px[0, : Landmark.LEFT_SHOULDER] = STANDING["nose"]
    for name, point in points.items():
        xy_px[0, Landmark[name.upper()]] = point
    for name in ("LEFT", "RIGHT"):
        wrist = xy_px[0, Landmark[f"{name}_WRIST"]]
        for finger in ("PINKY", "INDEX", "THUMB"):
            xy_px[0, Landmark[f"{name}_{finger}"]] = wrist
    return LandmarkSeries(
        time_s=np.zeros(1),
        xy_px=xy_px,
        world_m=np.zeros((1, LANDMARK_COUNT, 3)),
        visibility=np.ones((1, LANDMARK_COUNT)),
        width_px=640,
        height_px=480,
    )


RIGHT_UP = {"right_elbow": (270, 90), "right_wrist": (272, 30)}
LEFT_UP = {"left_elbow": (370, 90), "left_wrist": (368, 30)}
CROSSED = {
    "left_elbow": (375, 235),
    "right_elbow": (265, 235),
    "left_wrist": (275, 190),
    "right_wrist": (365, 190),
}


def hold(driver: Driver, seconds: float = 1.4, **moved: tuple[int, int]) -> None:
    for _ in range(10):
        driver.see(figure_frame())
    for _ in range(int(seconds / STEP_S)):
        driver.see(figure_frame(**moved))


def test_hands_answer_from_three_metres(driver: Driver) -> None:
    assert driver.scene.highlighted == "no"
    hold(driver, **LEFT_UP)
    assert driver.scene.highlighted == "yes"
    hold(driver, **LEFT_UP)
    assert driver.scene.highlighted == "no"
    hold(driver, **RIGHT_UP)
    assert driver.kind is StepKind.SCREEN
    hold(driver, seconds=4.0, **RIGHT_UP)  # a hand that stays up answers once
    assert len(driver.conductor.session.screening.asked) == 1
    hold(driver, **CROSSED)
    assert driver.scene.paused and driver.scene.highlighted == "resume"
    hold(driver, **RIGHT_UP)
    assert not driver.scene.paused and driver.kind is StepKind.SCREEN


def test_a_click_for_a_scene_that_is_gone_says_nothing(driver: Driver) -> None:
    old = driver.scene.id
    driver.act("no")
    before = driver.conductor.session
    driver.conductor.act(Action(scene=old, option="yes"), driver.now_s)
    driver.conductor.act(Action(scene=driver.scene.id, option="nonsense"), driver.now_s)
    assert driver.conductor.session.screening == before.screening


def test_a_click_counts_when_the_camera_said_something_else_meanwhile(
    me: Person, tmp_path: Path
) -> None:
    conductor = begin_check(LOCAL, me, plan_for(LOCAL, me, mode="therapist", **ABDUCTION))
    driver = Driver(conductor, tmp_path)
    driver.act("rate", 2.0)
    assert driver.kind in CAMERA
    clicked = driver.scene.id
    for _ in range(400):
        if driver.see(figure_frame()).id != clicked:
            break
    assert driver.scene.id != clicked
    before = driver.kind
    conductor.act(Action(scene=clicked, option="skip"), driver.now_s)
    assert driver.kind is not before
    conductor.close()


def test_every_new_scene_has_its_own_id_and_waiting_changes_none(driver: Driver) -> None:
    ids = [driver.scene.id]
    for answer in ("no", "none", "none"):
        driver.now_s += 5.0
        assert driver.scene.id == ids[-1]
        driver.act(answer)
        ids.append(driver.scene.id)
    assert len(set(ids)) == len(ids)


def test_feeling_unwell_stops_the_check_and_keeps_the_answers(driver: Driver, me: Person) -> None:
    driver.first_questions()
    driver.act("pause")
    assert driver.scene.paused
    driver.act("unwell")
    driver.act("felt:dizziness")
    assert driver.kind is StepKind.STOPPED and "sit down" in driver.scene.text
    with records(LOCAL) as store:
        (_, kept) = store.content(me.id).sessions
    assert kept.session.screen is not None and not kept.sets
    assert CheckFolder(me.id).load() is None


@pytest.mark.parametrize("steps", [0, 1, 3, 12])
def test_a_check_that_was_broken_off_goes_on_where_it_was(
    driver: Driver, me: Person, steps: int
) -> None:
    for _ in range(steps):
        if driver.kind is StepKind.WARM_UP:
            break
        driver.act({"choose": "none", "rate": "rate"}.get(driver.scene.kind, "no"), 2.0)
        if driver.kind is StepKind.ANYTHING_NEW:
            driver.act("no")
    kind, answers = driver.kind, driver.conductor.session.screening.given
    driver.conductor.close()
    found = broken_off_check(me)
    assert found is not None and found.fresh
    again = Driver(resume_check(LOCAL, found), driver.folder)
    assert again.scene.paused and "middle of a check" in again.scene.title
    again.act("resume")
    assert again.kind is kind and not again.scene.paused
    assert again.conductor.session.screening.given == answers
    again.conductor.close()


def test_a_check_that_is_not_gone_on_with_is_ended_and_forgotten(
    driver: Driver, me: Person
) -> None:
    driver.first_questions()
    driver.conductor.close()
    finish_check(LOCAL, me)
    assert broken_off_check(me) is None
    with records(LOCAL) as store:
        assert len(store.content(me.id).sessions) == 2


def test_the_state_of_a_check_is_for_its_owner_alone(driver: Driver, me: Person) -> None:
    driver.act("no")
    path = data_dir() / "checks" / me.id / "check.json"
    assert path.stat().st_mode & 0o077 == 0 and path.parent.stat().st_mode & 0o077 == 0


def test_a_damaged_state_is_no_check_to_go_on_with(driver: Driver, me: Person) -> None:
    driver.act("no")
    path = data_dir() / "checks" / me.id / "check.json"
    path.write_text(path.read_text()[:200])
    assert broken_off_check(me) is None


def test_a_clip_that_does_not_come_is_told_with_its_reason(me: Person, tmp_path: Path) -> None:
    plan = plan_for(LOCAL, me, mode="therapist", movement="shoulder_abduction", side="left")
    driver = Driver(begin_check(LOCAL, me, plan), tmp_path)
    driver.act("rate", 2.0)
    conductor = driver.conductor
    taken = advance(conductor.session, events.Filmed(), at_s=conductor.session.last_s)
    conductor.session = advance(taken, events.Rated(3.0), at_s=taken.last_s)
    conductor._clips.expect("1-pre1.1-1", "1-pre1")
    conductor.lose_clip("1-pre1.1-1", "The connection was lost during the recording.", 200.0)
    assert driver.kind is StepKind.NOT_MEASURED and "connection was lost" in driver.scene.text
    driver.act("again")
    assert driver.kind is StepKind.TAKE
    stray = tmp_path / "stray.webm"
    stray.write_bytes(b"x")
    conductor.take_clip(Clip(name="nobody asked", path=stray), driver.now_s)
    assert not stray.exists()
    conductor.session = advance(conductor.session, events.Filmed(), at_s=300.0)
    driver.act("end")  # what was filmed is still read before the end is shown
    assert driver.kind is StepKind.ABANDONED and driver.scene.kind == "busy"
    conductor._clips.expect("2-pre1.2-1", "2-pre1")
    conductor.close()
    assert driver.scene.kind == "ended"


def test_a_clip_that_is_kept_is_named_when_the_person_is_deleted(
    me: Person, tmp_path: Path
) -> None:
    plan = plan_for(LOCAL, me, mode="therapist", **ABDUCTION)
    kept = tmp_path / "kept"
    conductor = begin_check(LOCAL, me, plan, keep_clips=kept)
    driver = Driver(conductor, tmp_path)
    driver.act("rate", 2.0)
    taken = advance(conductor.session, events.Filmed(), at_s=conductor.session.last_s)
    conductor.session = advance(taken, events.Rated(3.0), at_s=taken.last_s)
    conductor._clips.expect("1-pre1.1-1", "1-pre1")
    unreadable = tmp_path / "clip.webm"
    unreadable.write_bytes(b"x")
    conductor.take_clip(Clip(name="1-pre1.1-1", path=unreadable), driver.now_s)
    driver.wait(lambda: driver.kind is StepKind.NOT_MEASURED and any(kept.glob("*.webm")), 30.0)
    conductor.close()
    with records(LOCAL) as store:
        deleted = delete_person(store, me.id)
    assert set(deleted.elsewhere) == set(kept.glob("*.webm"))


def test_a_second_window_begins_no_check_beside_the_first(driver: Driver, me: Person) -> None:
    driver.act("no")
    plan = plan_for(LOCAL, me, mode="therapist", **ABDUCTION)
    assert broken_off_check(me) is None
    with pytest.raises(UsageError, match="under way in another window"):
        begin_check(LOCAL, me, plan)
    left = CheckFolder(me.id).load()
    assert left is not None and left.record == driver.conductor.record
    with pytest.raises(UsageError, match="under way in another window"):
        resume_check(LOCAL, left)
    driver.conductor.close()
    driver.wait(lambda: broken_off_check(me) is not None, 10.0)
    begin_check(LOCAL, me, plan).close()


def test_the_questions_and_the_words_of_every_step_are_there() -> None:
    for plan in PLANS:
        for kind in StepKind:
            try:
                session = led_to(kind, plan)
            except AssertionError:
                continue
            if kind not in CAMERA:
                scene = scene_of(session)
                assert scene.picture is None or "<svg" in drawn(scene.picture)
                assert scene.title and (scene.options or scene.kind in ("busy", "rate", "ended"))
