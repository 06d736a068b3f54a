"""Who has a stage, for how long, and what is left of it."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stage_builders import Clock, Pages, Puppet, scene, stages

from rom.errors import UsageError
from rom.ui.stage.clips import ClipFolder
from rom.ui.stage.expected import WAIT_S, ExpectedClips, State
from rom.ui.stage.registry import IDLE_S, MAX_STAGES, RELOAD_S
from rom.ui.stage.running import RunningStage, StageClosedError
from rom.ui.stage.words import LOST


def test_tokens_are_long_and_never_the_same(tmp_path: Path) -> None:
    all_stages = stages(tmp_path)
    tokens = {all_stages.register(Puppet(), session="page") for _ in range(MAX_STAGES)}
    assert len(tokens) == MAX_STAGES
    assert all(len(token) >= 43 for token in tokens)  # 32 bytes in base64
    with pytest.raises(UsageError, match=f"at most {MAX_STAGES}"):
        all_stages.register(Puppet(), session="page")
    all_stages.evict(tokens.pop())
    all_stages.register(Puppet(), session="page")
    all_stages.close()


def test_a_stage_outlives_its_page_by_a_minute(tmp_path: Path) -> None:
    clock, pages, puppet = Clock(), Pages({"page"}), Puppet()
    all_stages = stages(tmp_path, clock=clock, pages=pages)
    token = all_stages.register(puppet, session="page")
    clock.now_s += IDLE_S
    all_stages.sweep()
    assert all_stages.find(token) is not None
    all_stages.touch(token)
    pages.open.clear()
    clock.now_s += RELOAD_S
    all_stages.sweep()
    assert all_stages.find(token) is not None and puppet.closed == 0
    clock.now_s += 0.1
    all_stages.sweep()
    assert all_stages.find(token) is None and puppet.closed == 1
    all_stages.close()
    assert puppet.closed == 1


def test_an_open_page_that_shows_something_else_keeps_its_stage_for_half_an_hour(
    tmp_path: Path,
) -> None:
    clock, puppet = Clock(), Puppet()
    all_stages = stages(tmp_path, clock=clock)
    all_stages.register(puppet, session="page")
    clock.now_s += IDLE_S + 0.1
    all_stages.sweep()
    assert puppet.closed == 1


@pytest.mark.parametrize(
    ("owner", "is_open", "is_given"),
    [("her", False, True), ("her", True, False), ("him", False, False), (None, False, False)],
    ids=["same user", "page still open", "other user", "nobody"],
)
def test_a_stage_goes_to_the_same_user_once_its_page_is_gone(
    tmp_path: Path, owner: str | None, is_open: bool, is_given: bool
) -> None:
    pages = Pages({"page", "page again"})
    all_stages = stages(tmp_path, pages=pages)
    token = all_stages.register(Puppet(), owner="her", session="page")
    if not is_open:
        pages.open.discard("page")
    given_stage = all_stages.adopt(token, owner=owner, session="page again")
    assert (given_stage is not None) == is_given
    found = all_stages.find(token)
    assert found is not None and found.session == ("page again" if is_given else "page")


def test_no_token_opens_nothing(tmp_path: Path) -> None:
    all_stages = stages(tmp_path)
    all_stages.register(Puppet(), session="page")
    for token in ("", "x" * 43):
        assert all_stages.find(token) is None
        assert all_stages.adopt(token, owner=None, session="page") is None


def test_a_conductor_that_fails_to_close_takes_nothing_else_with_it(tmp_path: Path) -> None:
    class Failing(Puppet):
        def close(self) -> None:
            raise RuntimeError

    all_stages = stages(tmp_path)
    token, other = all_stages.register(Failing(), session="page"), Puppet()
    all_stages.register(other, session="page")
    all_stages.evict(token)
    assert all_stages.find(token) is None
    all_stages.close()
    assert other.closed == 1
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


def test_clips_are_for_their_owner_only_and_go_with_the_app(tmp_path: Path) -> None:
    root = tmp_path / "data" / "clips"
    folder = ClipFolder(root)
    clips = folder.new_folder()
    for path in (root, folder.path, clips):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    folder.close()
    assert list(root.iterdir()) == []


def test_what_a_crash_left_goes_and_what_is_in_use_stays(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from rom.ui.stage.clips import ClipFolder;"
        f"folder = ClipFolder(Path({str(tmp_path)!r}));"
        "(folder.new_folder() / 'clip.mp4').write_bytes(b'x'); print(folder.path);"
        "sys.stdout.flush(); os._exit(1)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    crashed = Path(done.stdout.strip())
    assert (crashed).is_dir(), done.stderr
    in_use = ClipFolder(tmp_path)
    assert not crashed.exists() and not crashed.with_suffix(".lock").exists()
    another = ClipFolder(tmp_path)
    assert in_use.path.is_dir() and another.path.is_dir()


# ---- what is awaited ----


def test_a_clip_is_owed_once_its_scene_is_over_and_lost_a_minute_later() -> None:
    clips = ExpectedClips()
    clips.ask("one", 0.0)
    assert clips.asked == "one" and not clips.overdue(1e6)
    clips.ask(None, 10.0)
    assert clips.asked is None and clips.state("one") is State.OWED
    assert clips.overdue(10.0 + WAIT_S) == [] and clips.overdue(10.1 + WAIT_S) == ["one"]
    assert clips.settle("one") and not clips.settle("one")


def test_one_clip_arrives_at_a_time_and_none_that_nobody_asked_for() -> None:
    clips = ExpectedClips()
    assert not clips.arrive("one", 0.0)
    clips.ask("one", 0.0)
    clips.ask("two", 1.0)
    assert clips.arrive("one", 2.0) and not clips.arrive("two", 2.0)
    clips.interrupt("one", 3.0)
    assert clips.arrive("two", 3.0)


@given(st.lists(st.sampled_from(["a", "b", None, "arrive a", "lose a", "settle b", "drop b"])))
def test_every_clip_is_settled_once_for_each_time_it_is_asked_for(events: list[str | None]) -> None:
    clips, asked, settled = ExpectedClips(), 0, 0
    for number, event in enumerate([*events, None]):
        now_s = float(number)
        if event in ("a", "b", None):
            before = clips.asked
            clips.ask(event, now_s)
            asked += clips.asked is not None and clips.asked != before
        elif event == "arrive a":
            clips.arrive("a", now_s)
        elif event == "drop b":
            clips.interrupt("b", now_s)
        else:
            assert event is not None
            settled += clips.settle(event[-1])
    clips.interrupt("a", 1e3)
    settled += sum(clips.settle(name) for name in clips.missing(()))
    assert clips.missing(()) == [] and settled <= asked


# ---- one stage ----


def running(puppet: Puppet, tmp_path: Path) -> RunningStage:
    folder = tmp_path / "stage"
    folder.mkdir()
    return RunningStage(puppet, folder=folder)


def test_a_lost_connection_loses_what_is_recorded_pauses_and_goes_on_when_it_is_back(
    tmp_path: Path,
) -> None:
    puppet = Puppet(scene(recording="one"))
    stage = running(puppet, tmp_path)
    stage.begin((), 0.0)
    stage.leave(1, 1.0)
    assert puppet.lost == [("one", LOST["connection"])] and puppet.paused
    stage.begin((), 2.0)
    assert not puppet.paused and [each.option for each in puppet.acted] == ["pause", "resume"]


def test_a_farewell_that_comes_after_the_next_browser_pauses_nothing(tmp_path: Path) -> None:
    puppet = Puppet(scene(recording="one"))
    stage = running(puppet, tmp_path)
    first, _ = stage.begin((), 0.0)
    second, _ = stage.begin(("one",), 1.0)
    stage.leave(first, 2.0)
    assert not puppet.paused and not puppet.lost
    stage.leave(second, 3.0)
    assert puppet.paused


def test_what_somebody_paused_stays_paused(tmp_path: Path) -> None:
    puppet = Puppet(paused=True)
    stage = running(puppet, tmp_path)
    stage.begin((), 0.0)
    stage.leave(1, 1.0)
    stage.begin((), 2.0)
    assert puppet.paused and not puppet.acted


def test_a_page_that_was_loaded_again_holds_no_clips(tmp_path: Path) -> None:
    puppet = Puppet(scene(recording="one"))
    stage = running(puppet, tmp_path)
    stage.begin((), 0.0)
    puppet.now = scene("later")
    stage.show(1.0)
    stage.leave(1, 2.0)
    assert puppet.lost == []
    stage.begin(("one",), 3.0)
    assert puppet.lost == []
    stage.begin((), 4.0)
    assert puppet.lost == [("one", LOST["reload"])]


def test_an_ended_session_is_not_paused(tmp_path: Path) -> None:
    puppet = Puppet(scene(kind="ended"))
    stage = running(puppet, tmp_path)
    stage.begin((), 0.0)
    stage.leave(1, 1.0)
    assert not puppet.acted


def test_a_closed_stage_does_nothing_more(tmp_path: Path) -> None:
    puppet = Puppet()
    stage = running(puppet, tmp_path)
    stage.close()
    stage.close()
    stage.leave(1, 1.0)
    assert puppet.closed == 1 and not (tmp_path / "stage").exists()
    with pytest.raises(StageClosedError):
        stage.show(2.0)


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0.0, 0.2)), min_size=1))
def test_times_of_pictures_rise_and_are_never_far_from_now(
    pictures: list[tuple[float, float]],
) -> None:
    stage = RunningStage(Puppet(), folder=Path("unused"))
    now_s, before_s = 50.0, -1.0
    for camera_s, passed_s in pictures:
        now_s += passed_s + 0.002
        time_s = stage.taken_at_s(camera_s, now_s)
        assert before_s < time_s and now_s - 1.001 <= time_s <= now_s + 1e-9
        before_s = time_s


def test_steady_pictures_keep_their_intervals_however_late_they_come() -> None:
    stage = RunningStage(Puppet(), folder=Path("unused"))
    delays_s = [0.01, 0.05, 0.02, 0.09, 0.03, 0.011]
    times_s = [
        stage.taken_at_s(7000.0 + index / 30, 100.0 + index / 30 + delay_s)
        for index, delay_s in enumerate(delays_s)
    ]
    steps_s = [after - before for before, after in zip(times_s, times_s[1:], strict=False)]
    assert steps_s == pytest.approx([1 / 30] * 5)


def test_what_a_crash_left_is_gone_once_the_app_starts_again(tmp_path: Path) -> None:
    left = tmp_path / "clips" / "0123456789abcdef"
    left.mkdir(parents=True)
    (left / "clip.mp4").write_bytes(b"x")
    all_stages = stages(tmp_path / "clips")
    all_stages.tidy()
    assert not left.exists()
    stages(tmp_path / "nothing yet").tidy()
    assert not (tmp_path / "nothing yet").exists()
