from __future__ import annotations

import contextlib
import os
import stat
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from video_builders import quadrant_colours, quadrants, steady_times_s, uneven_times_s

from rom.errors import OutputError, StorageFullError
from rom.video.atomic import atomic_output, check_writable
from rom.video.reading import open_video
from rom.video.writing import OverlayWriter


def write_overlay(
    path: Path, *, times_s: list[float], size_px: tuple[int, int] = (320, 192), force: bool = False
) -> None:
    width_px, height_px = size_px
    with OverlayWriter(path, width_px=width_px, height_px=height_px, force=force) as writer:
        for index, time_s in enumerate(times_s):
            writer.write(quadrants(index, width_px, height_px), time_s)


def test_browsers_can_play_it(tmp_path: Path) -> None:
    path = tmp_path / "overlay.mp4"
    write_overlay(path, times_s=steady_times_s(40, 30))
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert stream.codec_context.profile in ("High", "Main", "Constrained Baseline")
        assert (stream.codec_context.level or 99) <= 42
        assert stream.frames == 40
        assert float(stream.duration * stream.time_base) == pytest.approx(40 / 30, abs=1e-3)
    content = path.read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")


def test_each_frame_keeps_its_time_and_colours(tmp_path: Path) -> None:
    times_s = uneven_times_s(50)
    write_overlay(tmp_path / "overlay.mp4", times_s=times_s)
    with open_video(tmp_path / "overlay.mp4") as reader:
        frames = list(reader)
    np.testing.assert_allclose([frame.time_s for frame in frames], times_s, atol=2e-5)
    expected = quadrant_colours(quadrants(0, 320, 192))
    np.testing.assert_allclose(quadrant_colours(frames[-1].rgb), expected, atol=12)


@pytest.mark.parametrize(
    ("size_px", "even_px"), [((161, 97), (162, 98)), ((160, 97), (160, 98)), ((1, 1), (2, 2))]
)
def test_odd_sizes_get_one_more_pixel(
    tmp_path: Path, size_px: tuple[int, int], even_px: tuple[int, int]
) -> None:
    write_overlay(tmp_path / "odd.mp4", times_s=[0.0, 0.1], size_px=size_px)
    with open_video(tmp_path / "odd.mp4") as reader:
        assert (reader.info.width_px, reader.info.height_px) == even_px
        assert len(list(reader)) == 2


def test_a_single_frame_is_a_video(tmp_path: Path) -> None:
    write_overlay(tmp_path / "one.mp4", times_s=[0.0])
    with open_video(tmp_path / "one.mp4") as reader:
        assert len(list(reader)) == 1


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, OSError])
@pytest.mark.parametrize("frames", [0, 1, 60])
def test_an_exception_leaves_nothing(
    tmp_path: Path, error: type[BaseException], frames: int
) -> None:
    with (
        pytest.raises(error),
        OverlayWriter(tmp_path / "overlay.mp4", width_px=64, height_px=48) as writer,
    ):
        for index in range(frames):
            writer.write(quadrants(index, 64, 48), index / 30)
        raise error
    assert list(tmp_path.iterdir()) == []


def test_an_exception_keeps_the_file_that_was_there(tmp_path: Path) -> None:
    path = tmp_path / "overlay.mp4"
    path.write_bytes(b"mine")
    with (
        pytest.raises(RuntimeError),
        OverlayWriter(path, width_px=64, height_px=48, force=True) as writer,
    ):
        writer.write(quadrants(0, 64, 48), 0.0)
        raise RuntimeError
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [
        ("overlay.mp4", b"mine")
    ]
    write_overlay(path, times_s=[0.0, 0.1], force=True)
    assert path.read_bytes() != b"mine"


def test_no_frames_no_file(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="No frame was drawn"):
        write_overlay(tmp_path / "overlay.mp4", times_s=[])
    assert list(tmp_path.iterdir()) == []


def test_times_must_increase_and_frames_must_fit(tmp_path: Path) -> None:
    path = tmp_path / "overlay.mp4"
    with pytest.raises(ValueError, match="time_s"):
        write_overlay(path, times_s=[0.0, 0.1, 0.1])
    with (
        pytest.raises(ValueError, match="shape"),
        OverlayWriter(path, width_px=64, height_px=48) as writer,
    ):
        writer.write(quadrants(0, 48, 64), 0.0)
    assert list(tmp_path.iterdir()) == []


@contextlib.contextmanager
def full_after(size_bytes: int):
    """Let the system refuse to write more, as it does when a disk or quota is full."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit to set on Windows")
@pytest.mark.parametrize("room_bytes", [0, 20_000, 150_000])
def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path, room_bytes: int) -> None:
    grain = np.random.default_rng(0).integers(0, 255, (192, 320, 3), np.uint8)
    with full_after(room_bytes), pytest.raises(StorageFullError) as caught:  # noqa: SIM117
        with OverlayWriter(tmp_path / "overlay.mp4", width_px=320, height_px=192) as writer:
            for index in range(60):
                writer.write(np.roll(grain, 37 * index, axis=1), index / 30)
    assert "overlay.mp4" in str(caught.value) and "\n" not in str(caught.value)
    assert caught.value.exit_status == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit to set on Windows")
def test_a_full_disk_while_writing_text(tmp_path: Path) -> None:
    with full_after(1000), pytest.raises(StorageFullError):  # noqa: SIM117
        with atomic_output(tmp_path / "result.json", force=False) as temporary:
            temporary.write_text("x" * 5000)
    assert list(tmp_path.iterdir()) == []


def check_overlay(path: Path, *, force: bool) -> None:
    OverlayWriter(path, width_px=64, height_px=48, force=force)


def open_output(path: Path, *, force: bool) -> None:
    with atomic_output(path, force=force):
        pass


@pytest.mark.parametrize("check", [check_writable, check_overlay, open_output])
@pytest.mark.parametrize(
    ("name", "force", "says"),
    [
        ("there.mp4", False, "exists; say --force"),
        ("folder", True, "is a folder"),
        ("not-there/overlay.mp4", False, "does not exist"),
        ("there.mp4/overlay.mp4", False, "does not exist"),
        ("a" * 400 + ".mp4", False, "Cannot write"),
        ("nul\0byte.mp4", False, "not a possible file name"),
    ],
)
def test_outputs_that_cannot_be_written(
    tmp_path: Path, check, name: str, force: bool, says: str
) -> None:
    (tmp_path / "there.mp4").write_bytes(b"mine")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError) as caught:
        check(tmp_path / name, force=force)
    assert says in str(caught.value)
    assert caught.value.exit_status == 2
    assert sorted(each.name for each in tmp_path.iterdir()) == ["folder", "there.mp4"]
    assert (tmp_path / "there.mp4").read_bytes() == b"mine"


@pytest.mark.skipif(sys.platform == "win32", reason="file permissions work differently there")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    root = os.geteuid() == 0  # root may write everywhere, so be somebody else for a moment
    try:
        if root:
            os.seteuid(65534)
        with pytest.raises(OutputError, match="choose a folder that you may write to"):
            check_writable(tmp_path / "overlay.mp4", force=False)
    finally:
        if root:
            os.seteuid(0)
        tmp_path.chmod(0o700)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no /dev on Windows")
def test_devices_are_never_replaced() -> None:
    with pytest.raises(OutputError, match="not a regular file"):
        check_writable(Path(os.devnull), force=True)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_links_are_written_through_with_usual_permissions(tmp_path: Path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    link.symlink_to(real)
    umask = os.umask(0o027)
    try:
        with atomic_output(link, force=False) as temporary:
            temporary.write_text("{}")
    finally:
        os.umask(umask)
    assert link.is_symlink() and real.read_text() == "{}"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_file_that_appears_meanwhile_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    with pytest.raises(OutputError, match="--force"), atomic_output(path, force=False):
        path.write_text("mine")
    assert [each.read_text() for each in tmp_path.iterdir()] == ["mine"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(content=st.binary(max_size=2000), fails=st.booleans())
def test_all_or_nothing(tmp_path: Path, content: bytes, fails: bool) -> None:
    path = tmp_path / "result.bin"
    path.write_bytes(b"before")
    with contextlib.suppress(RuntimeError), atomic_output(path, force=True) as temporary:
        assert temporary.parent == path.parent and temporary.suffix == path.suffix
        temporary.write_bytes(content)
        assert path.read_bytes() == b"before"
        if fails:
            raise RuntimeError
    assert path.read_bytes() == (b"before" if fails else content)
    assert list(tmp_path.iterdir()) == [path]
