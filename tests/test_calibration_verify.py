"""Check of composed against rendered sets: the film's clock, the acted truth, the agreement."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from calibration_builders import WITHOUT_RENDERER, stick_body

pytest.importorskip("moderngl", reason=WITHOUT_RENDERER)

from calibration.cohort import cohort
from calibration.compose import Recording, draw_course
from calibration.series import plan_series
from calibration.style import guard
from calibration.verify import (
    Acting,
    VerifyRow,
    agreement,
    film_writer,
    keep_landmarks,
    read_film,
    verified_sets,
)
from rom.landmarks import LANDMARK_COUNT, Landmark, LandmarkSeries, Side
from rom.video.reading import open_video

TUNE = [member for member in cohort() if member.split == "tune"]
PLAN = plan_series("plain", TUNE[0], "shoulder_abduction")
RECORDING = Recording(peaks_deg=(120.0, 110.0), start_deg=10.0, frame_rate_hz=20.0, seed=3)


@pytest.fixture
def course() -> LandmarkSeries:
    """A person who moves slowly: 600 frames, a trunk of 150 px."""
    time_s = np.arange(600) / 20.0
    xy_px = np.full((600, LANDMARK_COUNT, 2), 200.0)
    xy_px[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP], 1] += 150.0
    xy_px[..., 0] += 30.0 * np.sin(time_s)[:, None]
    return LandmarkSeries(
        time_s=time_s,
        xy_px=xy_px,
        world_m=np.zeros((600, LANDMARK_COUNT, 3)),
        visibility=np.ones((600, LANDMARK_COUNT)),
        width_px=480,
        height_px=640,
    )


@pytest.mark.parametrize("guarded", [False, True])
def test_the_acted_angle_is_the_wanted_one_in_every_manner(guarded) -> None:
    style = guard(PLAN.style) if guarded else PLAN.style
    acted = Acting(PLAN, Side(PLAN.side), stick_body(), style)
    swayed = replace(style, habit_lateral_deg=style.habit_lateral_deg + 2.0)
    wanted_deg = np.array([30.0, 75.0, 120.0])
    for command_deg, angle_deg in zip(acted.commands_deg(wanted_deg), wanted_deg, strict=True):
        refined_deg = acted.refined_deg(float(command_deg), float(angle_deg), swayed)
        assert acted.truth_deg(refined_deg, swayed) == pytest.approx(angle_deg, abs=0.3)


def test_movements_to_both_sides_are_acted_to_the_named_one() -> None:
    plan = plan_series("plain", TUNE[0], "trunk_lateral_flexion")
    for side in Side:
        acted = Acting(plan, side, stick_body(), plan.style)
        command_deg = float(acted.commands_deg(np.array([15.0]))[0])
        refined_deg = acted.refined_deg(command_deg, 15.0, plan.style)
        assert acted.truth_deg(refined_deg, plan.style) == pytest.approx(15.0, abs=0.2)


def test_a_film_shows_every_frame_at_its_own_time(tmp_path) -> None:
    time_s, _ = draw_course(RECORDING, np.random.default_rng(1))
    time_s = time_s[:30]
    path = tmp_path / "film.mp4"
    width_px, height_px = PLAN.condition.size_px
    with film_writer(path, PLAN.condition, 20.0) as write:
        for now_s in time_s:
            write(np.full((height_px, width_px, 3), 120, np.uint8), float(now_s))
    with open_video(path) as reader:
        shown_s = [frame.time_s for frame in reader]
    assert shown_s == pytest.approx(time_s, abs=2e-5)


def test_landmarks_of_a_film_are_kept_as_they_were_read(tmp_path, course) -> None:
    path = tmp_path / "film.mp4"
    with film_writer(path, PLAN.condition, 20.0) as write:
        width_px, height_px = PLAN.condition.size_px
        for now_s in (0.0, 0.05):
            write(np.zeros((height_px, width_px, 3), np.uint8), now_s)
    with_face = replace(course, face_px=np.ones((600, 20, 3), np.float32))
    keep_landmarks(path, [course, with_face], np.arange(600.0))
    poses, truth_deg = read_film(path)
    assert truth_deg == pytest.approx(np.arange(600.0))
    assert poses.frame_rate_hz == pytest.approx(20.0)
    first, second = poses.people
    assert np.array_equal(first.xy_px, course.xy_px)
    assert first.face_px is None
    assert second.face_px is not None
    assert (second.width_px, second.height_px) == (480, 640)


def test_a_set_is_drawn_alike_every_time_and_reaches_its_peaks() -> None:
    time_s, truth_deg = draw_course(RECORDING, np.random.default_rng(3))
    again_s, again_deg = draw_course(RECORDING, np.random.default_rng(3))
    assert np.array_equal(time_s, again_s)
    assert np.array_equal(truth_deg, again_deg)
    assert truth_deg.max() == pytest.approx(120.0, abs=0.5)
    assert np.median(truth_deg[:10]) == pytest.approx(10.0, abs=0.5)


def test_the_checked_sets_are_of_two_people_each_and_of_nobody_who_is_reported_on() -> None:
    sets = list(verified_sets())
    assert len({each.name for each in sets}) == len(sets)
    people: dict[str, set[str]] = {}
    for each in sets:
        people.setdefault(each.movement, set()).add(each.member)
    assert all(len(members) == 2 for members in people.values())
    assert {each.member for each in sets} <= {member.name for member in TUNE}
    assert sum(each.guarded for each in sets) == 3


def row(difference_deg: float | None, *, guarded: bool = False) -> VerifyRow:
    texts = {name: "" for name, kind in VerifyRow.__annotations__.items() if kind == "str"}
    empty = dict.fromkeys(VerifyRow.__annotations__)
    numbers = {"truth_deg": 90.0, "reached_deg": 90.0, "guarded": guarded}
    return VerifyRow(
        **(empty | texts | numbers | {"rendered_less_composed_deg": difference_deg})  # type: ignore[arg-type]
    )


def test_limits_are_those_of_bland_and_altman_and_guarded_sets_count_apart() -> None:
    rows = [row(1.0), row(3.0), row(None), row(9.0, guarded=True)]
    unguarded, guarded = agreement(rows).splitlines()
    assert "2.00° (95 % limits -0.77 to 4.77°, 2 of 3 sets" in unguarded
    assert guarded.startswith("guarded: 1 of 1 sets")
