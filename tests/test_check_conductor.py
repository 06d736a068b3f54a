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
from protocol_builders import NOTHING

from rom.clinical.screen import Screen
from rom.landmarks import LandmarkSeries
from rom.protocol.session import StepKind
from rom.records.entities import Person, Phase, Session, SessionContent, new_id
from rom.records.store import now
from rom.samples import sample_folder
from rom.ui import access
from rom.ui.access import LOCAL, own_person, records
from rom.ui.check.conductor import (
    CheckConductor,
    begin_check,
)
from rom.ui.check.keeping import plan_for, tell_about
from rom.ui.check.resuming import CheckFolder
from rom.ui.stage.scenes import Action, Clip, Feedback, Scene

STEP_S = 0.04
ABDUCTION = {"mode": "quick", "movement": "shoulder_abduction", "side": "left"}


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
            if scene.recording is not None:
                self._recording = (scene.recording, clip)
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
    conductor = begin_check(LOCAL, me, plan_for(LOCAL, me, mode="quick", **_abduction()))
    yield Driver(conductor, tmp_path)
    conductor.close()


def _abduction() -> dict[str, str]:
    return {"movement": "shoulder_abduction", "side": "left"}


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
