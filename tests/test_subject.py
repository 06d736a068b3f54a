"""Several people in view: who performs is measured, and nobody where that is not clear."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rom.landmarks import LandmarkSeries, Side
from rom.movements import movement_named
from rom.quality.issues import Issue
from rom.subject import SubjectHint, choose_subject
from tests.figures import Camera, film, frame_times, pose_figure
from tests.performances import filmed

KNEE = [movement_named("knee_flexion")]
NEAR = Camera(yaw_deg=65.0, middle_frac=(0.3, 0.5))
BESIDE = Camera(yaw_deg=65.0, middle_frac=(0.7, 0.5))


def performer(camera: Camera = NEAR) -> LandmarkSeries:
    return filmed("knee_flexion", Side.LEFT, camera=camera)


def bystander(camera: Camera = BESIDE, noise_px: float = 2.0) -> LandmarkSeries:
    time_s = performer().time_s
    return film(pose_figure(time_s, {}), camera, noise_px=noise_px, seed=1)


def passer_by() -> LandmarkSeries:
    """Walks through the whole picture in two seconds, behind the performer."""
    time_s = performer().time_s
    step = np.sin(2 * np.pi * 0.9 * time_s)
    angles = {
        "hip_flexion_left": 25.0 * step,
        "hip_flexion_right": -25.0 * step,
        "knee_flexion_left": 30.0 + 25.0 * step,
        "knee_flexion_right": 30.0 - 25.0 * step,
        "shoulder_flexion_left": -20.0 * step,
        "shoulder_flexion_right": 20.0 * step,
    }
    walking = film(pose_figure(time_s, angles), replace(BESIDE, yaw_deg=90.0, scale_px_m=220.0))
    xy_px = walking.xy_px.copy()
    xy_px[..., 0] += (1500.0 - 700.0 * (time_s - 4.0))[:, None]
    inside = (xy_px[:, :, 0].min(axis=1) > 0) & (xy_px[:, :, 0].max(axis=1) < walking.width_px)
    assert inside.sum() > 20
    return replace(walking, xy_px=xy_px).masked(inside)


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("side", [Side.LEFT, None])
def test_the_one_who_performs_is_chosen_in_any_order(first: bool, side: Side | None) -> None:
    subject, other = performer(), bystander()
    people = [subject, other] if first else [other, subject]
    assert choose_subject(people, KNEE, side) is subject


def test_somebody_who_walks_past_is_not_chosen() -> None:
    subject = performer()
    assert choose_subject([passer_by(), subject, bystander()], KNEE, Side.LEFT) is subject


def test_two_who_perform_are_not_told_apart() -> None:
    choice = choose_subject([performer(), performer(BESIDE)], KNEE, Side.LEFT)
    assert isinstance(choice, Issue)
    assert choice.blocking
    assert choice.code == "subject_unclear"
    assert choice.value == 2.0
    assert "--subject" in choice.message


def test_nobody_who_performs_is_unclear_too() -> None:
    choice = choose_subject([bystander(NEAR), bystander()], KNEE, Side.LEFT)
    assert isinstance(choice, Issue)
    assert choice.code == "subject_unclear"


def test_one_person_alone_is_the_subject_whatever_they_do() -> None:
    only = bystander()
    assert choose_subject([only], KNEE, Side.LEFT) is only


def test_a_glimpse_of_somebody_is_not_a_second_person() -> None:
    subject = performer()
    glimpse = bystander().masked(np.arange(len(subject)) < 4)
    assert choose_subject([glimpse, subject], KNEE, Side.LEFT) is subject
    assert choose_subject([subject, glimpse], KNEE, Side.LEFT) is subject


@pytest.mark.parametrize(("x_frac", "chosen"), [(0.3, 0), (0.7, 1)])
def test_the_hint_decides_whoever_moves(x_frac: float, chosen: int) -> None:
    people = [performer(), bystander()]
    hint = SubjectHint(x_px=x_frac * 1280, y_px=480.0, time_s=1.0)
    assert choose_subject(people, KNEE, Side.LEFT, hint) is people[chosen]
    both = [performer(), performer(BESIDE)]
    assert choose_subject(both, KNEE, Side.LEFT, hint) is both[chosen]


@pytest.mark.parametrize(("x_px", "time_s"), [(20.0, 1.0), (384.0, 5.0)])
def test_a_hint_at_nobody_is_said_so(x_px: float, time_s: float) -> None:
    subject = performer()
    gone = subject.masked(np.abs(subject.time_s - 5.0) > 1.0)
    choice = choose_subject(
        [gone, bystander()], KNEE, Side.LEFT, SubjectHint(x_px=x_px, y_px=480.0, time_s=time_s)
    )
    assert isinstance(choice, Issue)
    assert choice.code == "subject_not_found"
    assert f"{time_s:.1f} s" in choice.message


def test_of_two_who_overlap_the_hint_means_the_smaller_one() -> None:
    front = film(pose_figure(frame_times(5.0, 20.0), {}), Camera(scale_px_m=500.0))
    behind = film(pose_figure(frame_times(5.0, 20.0), {}), Camera(scale_px_m=200.0))
    hint = SubjectHint(x_px=640.0, y_px=480.0, time_s=2.0)
    assert choose_subject([front, behind], KNEE, None, hint) is behind
    assert choose_subject([behind, front], KNEE, None, hint) is behind


def test_the_other_movement_of_somebody_does_not_make_them_the_subject() -> None:
    """The trainer waves while the subject bends the knee."""
    subject = performer()
    trainer = filmed("shoulder_abduction", Side.LEFT, camera=replace(BESIDE, yaw_deg=0.0))
    assert choose_subject([trainer, subject], KNEE, Side.LEFT) is subject


def test_a_hint_after_the_end_points_at_nobody() -> None:
    people = [filmed("knee_flexion", Side.LEFT)]
    issue = choose_subject(people, KNEE, Side.LEFT, SubjectHint(x_px=1.0, y_px=1.0, time_s=999.0))
    assert isinstance(issue, Issue)
    assert issue.code == "subject_not_found"
    assert "999.0 s" in issue.message


def test_somebody_who_moves_further_on_the_other_side_leaves_the_subject_open() -> None:
    near = filmed("knee_flexion", Side.LEFT, peak_deg=40.0)
    far = filmed("knee_flexion", Side.RIGHT, peak_deg=120.0)
    issue = choose_subject([near, far], KNEE, Side.LEFT)
    assert isinstance(issue, Issue)
    assert issue.code == "subject_unclear"
    assert choose_subject([near, far], KNEE, Side.RIGHT) is far
