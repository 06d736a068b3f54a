"""From a filmed board to a camera in use: a known lens is found, a poor recording is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from camera_builders import LENS, Pose, film, varied_poses, write_board_video
from cli_runner import Finished, assert_one_line, files_in, run_rom
from video_builders import write_clip

from rom.camera.calibration import calibrate_camera
from rom.camera.estimate import Estimate, estimate_intrinsics
from rom.camera.storage import CONFIG_ENV
from rom.camera.views import MOST_VIEWS, View, choose_views, find_views
from rom.errors import InputError
from rom.video.reading import open_video

SIZE_PX = {"width_px": LENS.width_px, "height_px": LENS.height_px}
Run = Callable[..., Finished]


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_board_video(tmp_path_factory.mktemp("board") / "board.mp4", LENS, varied_poses())


@pytest.fixture(scope="module")
def views(recording: Path) -> list[View]:
    with open_video(recording) as reader:
        return find_views(reader)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run commands in a folder of their own, with cameras of their own."""
    monkeypatch.setenv(CONFIG_ENV, str(tmp_path / "config"))
    (tmp_path / "work").mkdir()
    return lambda *arguments: run_rom(*arguments, cwd=tmp_path / "work")


def estimated(views: list[View], square_mm: float = 26.0) -> Estimate:
    return estimate_intrinsics(
        choose_views(views, width_px=LENS.width_px), **SIZE_PX, square_mm=square_mm
    )


def test_a_known_lens_is_found(recording: Path) -> None:
    camera, estimate = calibrate_camera(recording, "Webcam")
    lens = camera.intrinsics
    assert camera.name == "webcam"
    assert lens.fx_px == pytest.approx(LENS.fx_px, rel=0.003)
    assert lens.fy_px == pytest.approx(LENS.fy_px, rel=0.003)
    assert (lens.cx_px, lens.cy_px) == pytest.approx((LENS.cx_px, LENS.cy_px), abs=2.0)
    assert lens.k1 == pytest.approx(LENS.k1, abs=0.01)
    assert estimate.rms_px < 0.3
    assert abs(lens.focal_px / LENS.focal_px - 1.0) < 4.0 * estimate.focal_se_frac
    grid = LENS.outline_px()
    missed_px = np.linalg.norm(lens.undistorted_px(grid) - LENS.undistorted_px(grid), axis=1)
    assert missed_px.max() < 2.0 < LENS.largest_shift_px() / 20.0


def test_the_scale_of_the_print_changes_distances_only(views: list[View]) -> None:
    true, scaled = estimated(views), estimated(views, square_mm=13.0)
    assert scaled.intrinsics.fx_px == pytest.approx(true.intrinsics.fx_px, rel=1e-4)
    assert scaled.farthest_mm == pytest.approx(true.farthest_mm / 2.0, rel=1e-3)
    depths_mm = [pose.z_mm for pose in varied_poses()]
    assert 0.9 * min(depths_mm) < true.nearest_mm < true.farthest_mm < 1.3 * max(depths_mm)


def test_views_that_do_not_fit_are_left_out(views: list[View]) -> None:
    rng = np.random.default_rng(2)
    bent = [
        replace(view, corners_px=view.corners_px + rng.normal(0.0, 6.0, view.corners_px.shape))
        if index % 9 == 4
        else view
        for index, view in enumerate(choose_views(views, width_px=LENS.width_px))
    ]
    estimate = estimate_intrinsics(bent, **SIZE_PX, square_mm=26.0)
    assert estimate.left_out == len(bent[4::9])
    assert estimate.rms_px < 0.3
    assert estimate.intrinsics.fx_px == pytest.approx(LENS.fx_px, rel=0.005)


def test_a_board_that_stands_still_is_one_view(views: list[View]) -> None:
    still = [replace(views[0], time_s=0.5 * index) for index in range(60)]
    assert len(choose_views(still, width_px=LENS.width_px)) == 1
    many = [
        replace(view, time_s=100.0 * index + view.time_s) for index in range(4) for view in views
    ]
    assert len(choose_views(many, width_px=LENS.width_px)) <= min(len(views), MOST_VIEWS)


def test_the_sharpest_of_a_moment_is_taken(views: list[View]) -> None:
    blurred = replace(views[3], time_s=views[3].time_s + 0.1, sharpness=0.1 * views[3].sharpness)
    chosen = choose_views([*views, blurred], width_px=LENS.width_px)
    assert blurred not in chosen


def left_half_only() -> list[Pose]:
    return [
        pose._replace(x_mm=-150.0 + 4.0 * index, y_mm=0.0, z_mm=700.0)
        for index, pose in enumerate(varied_poses(25))
    ]


@pytest.mark.parametrize(
    ("poses", "words"),
    [(varied_poses()[:6], "12 different views.* 6;"), (left_half_only(), "picture.*right")],
    ids=["few", "one half only"],
)
def test_a_poor_recording_is_refused(tmp_path: Path, poses: list[Pose], words: str) -> None:
    video = write_board_video(tmp_path / "poor.mp4", LENS, poses)
    with pytest.raises(InputError, match=words):
        calibrate_camera(video, "poor")


def test_views_that_are_not_tilted_are_refused(tmp_path: Path) -> None:
    flat = [pose._replace(pitch_deg=0.0, yaw_deg=0.0) for pose in varied_poses()]
    video = write_board_video(tmp_path / "flat.mp4", LENS, flat)
    with pytest.raises(InputError, match="tilted"):
        calibrate_camera(video, "flat")


def test_corners_that_fit_no_lens_are_refused(views: list[View]) -> None:
    rng = np.random.default_rng(4)
    shaken = [
        replace(view, corners_px=view.corners_px + rng.normal(0.0, 3.0, view.corners_px.shape))
        for view in views
    ]
    with pytest.raises(InputError, match="reprojection error"):
        estimated(shaken)


def test_a_mirror_image_of_the_board_is_not_taken_for_the_board(tmp_path: Path) -> None:
    video = write_board_video(tmp_path / "selfie.mp4", LENS, varied_poses(4), mirrored=True)
    with pytest.raises(InputError, match="mirror image"):
        calibrate_camera(video, "selfie")


def test_a_phone_held_upright_is_calibrated_as_the_file_is_stored(tmp_path: Path) -> None:
    pictures = [film(LENS, pose) for pose in varied_poses()]
    video = write_clip(
        tmp_path / "turned.mp4",
        times_s=[0.5 * index for index in range(len(pictures))],
        size_px=(LENS.width_px, LENS.height_px),
        picture=lambda index, width_px, height_px: pictures[index],
        options={"crf": "18"},
        rotation_deg=90,
    )
    with open_video(video) as reader:
        assert reader.info.height_px > reader.info.width_px
    camera, estimate = calibrate_camera(video, "phone")
    assert estimate.intrinsics.width_px == 720
    assert camera.intrinsics.fx_px == pytest.approx(LENS.fx_px, rel=0.003)
    assert (camera.intrinsics.cx_px, camera.intrinsics.cy_px) == pytest.approx(
        (LENS.cx_px, LENS.cy_px), abs=2.0
    )


# The commands


def test_from_the_board_to_a_camera_in_use(run: Run, recording: Path, tmp_path: Path) -> None:
    board = run("calibrate", "board", "--paper", "letter")
    assert (board.status, board.stderr) == (0, "")
    assert files_in(tmp_path / "work") == {"calibration-board.pdf"}
    assert "Wrote calibration-board.pdf" in board.stdout
    calibrated = run("calibrate", "camera", recording, "--name", "webcam")
    assert (calibrated.status, calibrated.stderr) == (0, "")
    across_deg = float(re.search(r"([\d.]+)° across", calibrated.stdout)[1])  # type: ignore[index]
    assert across_deg == pytest.approx(LENS.view_deg[0], abs=0.2)
    assert "webcam" in run("calibrate", "list").stdout
    clip = write_clip(tmp_path / "work" / "clip.mp4", size_px=(640, 360))
    done = run("assess", clip, "--movement", "knee_flexion", "--side", "left", "--json", "-",
               "--camera", "webcam", "--camera-tilt", "2")  # fmt: skip
    assert (done.status, done.stderr) == (0, "")
    assert json.loads(done.stdout)["status"] == "not_measured"
    assert run("calibrate", "forget", "webcam").status == 0
    assert "No camera" in run("calibrate", "list").stdout


def test_a_recording_of_another_shape_is_refused_before_the_work(
    run: Run, recording: Path, tmp_path: Path
) -> None:
    assert run("calibrate", "camera", recording, "--name", "webcam").status == 0
    clip = write_clip(tmp_path / "work" / "clip.mp4", size_px=(640, 480))
    for command in (
        ("assess", clip, "--movement", "knee_flexion", "--side", "left"),
        ("compare", "--left", clip, "--right", clip, "--movement", "knee_flexion"),
    ):
        done = run(*command, "--camera", "webcam")
        assert "1280×720" in assert_one_line(done.stderr)
        assert (done.status, done.stdout) == (2, "")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["calibrate"], "board, camera, list or forget"),
        (["calibrate", "lens"], "forget"),
        (["calibrate", "board", "--out", "board.png"], ".pdf"),
        (["calibrate", "board", "--paper", "a5"], "letter"),
        (["calibrate", "board", "--out", "none/board.pdf"], "does not exist"),
        (["calibrate", "camera", "clip.mp4"], "--name"),
        (["calibrate", "camera", "clip.mp4", "--name", "../x"], "letters"),
        (["calibrate", "camera", "none.mp4", "--name", "x"], "none.mp4"),
        (["calibrate", "camera", "clip.mp4", "--name", "x"], "rom calibrate board"),
        (["calibrate", "camera", "clip.mp4", "--name", "x", "--square-mm", "0"], "--square-mm"),
        (["calibrate", "forget", "x"], "none is calibrated"),
        (["assess", "clip.mp4", "--movement", "auto", "--camera", "x"], "none is calibrated"),
        (["assess", "clip.mp4", "--movement", "auto", "--camera-tilt", "50"], "45"),
        (["assess", "clip.mp4", "--movement", "auto", "--camera-tilt", "nan"], "--camera-tilt"),
    ],
)
def test_wrong_usage_is_one_line_and_leaves_nothing(
    run: Run, tmp_path: Path, arguments: list[str], hint: str
) -> None:
    write_clip(tmp_path / "work" / "clip.mp4", size_px=(640, 360))
    done = run(*arguments)
    assert hint in assert_one_line(done.stderr)
    assert (done.status, done.stdout) == (2, "")
    assert files_in(tmp_path) == {"work/clip.mp4"}


def test_a_board_that_exists_is_kept_unless_forced(run: Run, tmp_path: Path) -> None:
    board = tmp_path / "work" / "board.pdf"
    board.write_text("mine")
    assert "--force" in assert_one_line(run("calibrate", "board", "--out", board).stderr)
    assert board.read_text() == "mine"
    assert run("calibrate", "board", "--out", board, "--force").status == 0
    assert board.read_bytes().startswith(b"%PDF")
