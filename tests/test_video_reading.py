from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from video_builders import (
    BLUE,
    GREEN,
    RED,
    WHITE,
    damage,
    noisy_barcode,
    quadrant_colours,
    quadrants,
    read_barcode,
    steady_times_s,
    truncate,
    uneven_times_s,
    write_clip,
    write_sound,
)

from rom.errors import InputError
from rom.video.reading import Frame, open_video

ANY_RATE = [
    ("clip.mp4", "libx264"),
    ("clip.mov", "libx264"),
    ("clip.mkv", "libx264"),
    ("clip.ts", "libx264"),
    ("clip.mp4", "libx265"),
    ("clip.mov", "libx265"),
    ("clip.webm", "libvpx-vp9"),
    ("clip.mkv", "libvpx-vp9"),
    ("clip.webm", "libsvtav1"),
    ("clip.mp4", "libsvtav1"),
    ("clip.mov", "mjpeg"),
    ("clip.mkv", "mjpeg"),
]


def read(path: Path, **options: int) -> list[Frame]:
    with open_video(path, **options) as reader:
        return list(reader)


def decoding_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "rom-decode"]


def assert_near(colours: list[tuple[int, ...]], expected: list[tuple[int, ...]]) -> None:
    np.testing.assert_allclose(colours, expected, atol=25)


@pytest.mark.parametrize(("name", "codec"), ANY_RATE)
def test_variable_rate_keeps_each_frame_and_its_time(tmp_path: Path, name: str, codec: str) -> None:
    times_s = uneven_times_s(24)
    frames = read(write_clip(tmp_path / name, codec=codec, times_s=times_s))
    assert [read_barcode(frame.rgb) for frame in frames] == list(range(24))
    assert [frame.index for frame in frames] == list(range(24))
    np.testing.assert_allclose([frame.time_s for frame in frames], times_s, atol=1e-3)


@pytest.mark.parametrize("options", [{}, {"preset": "medium", "bf": "3"}])
@pytest.mark.parametrize("codec", ["libx264", "mjpeg"])
def test_avi_without_presentation_times(
    tmp_path: Path, codec: str, options: dict[str, str]
) -> None:
    if codec == "mjpeg":
        options = {}
    path = write_clip(tmp_path / "clip.avi", codec=codec, options=options, frame_rate_hz=25)
    frames = read(path)
    assert [read_barcode(frame.rgb) for frame in frames] == list(range(30))
    np.testing.assert_allclose([frame.time_s for frame in frames], steady_times_s(30, 25))


@pytest.mark.parametrize("rate_hz", [15, 30, 60, 120, 240])
def test_frame_rates(tmp_path: Path, rate_hz: int) -> None:
    path = write_clip(
        tmp_path / "clip.mp4", times_s=steady_times_s(40, rate_hz), frame_rate_hz=rate_hz
    )
    with open_video(path) as reader:
        assert reader.info.frame_rate_hz == pytest.approx(rate_hz, rel=0.03)
        assert reader.info.frame_count_estimate == 40
        times_s = [frame.time_s for frame in reader]
    np.testing.assert_allclose(times_s, steady_times_s(40, rate_hz), atol=1e-4)


def test_first_frame_is_at_zero_also_when_the_file_starts_later(tmp_path: Path) -> None:
    times_s = [5.0 + time_s for time_s in steady_times_s(10, 30)]
    frames = read(write_clip(tmp_path / "late.mkv", times_s=times_s))
    np.testing.assert_allclose(
        [frame.time_s for frame in frames], steady_times_s(10, 30), atol=1.1e-3
    )


UPRIGHT = [RED, GREEN, BLUE, WHITE]


@pytest.mark.parametrize(
    ("counterclockwise_deg", "clockwise_deg", "expected"),
    [
        (0, 0, [RED, GREEN, BLUE, WHITE]),
        (90, 270, [GREEN, WHITE, RED, BLUE]),
        (180, 180, [WHITE, BLUE, GREEN, RED]),
        (270, 90, [BLUE, RED, WHITE, GREEN]),
    ],
)
@pytest.mark.parametrize("name", ["phone.mp4", "phone.mov", "phone.mkv"])
def test_phones_are_turned_upright(
    tmp_path: Path,
    name: str,
    counterclockwise_deg: int,
    clockwise_deg: int,
    expected: list[tuple[int, ...]],
) -> None:
    path = write_clip(
        tmp_path / name,
        picture=quadrants,
        times_s=steady_times_s(3, 30),
        rotation_deg=counterclockwise_deg,
    )
    with open_video(path) as reader:
        info = reader.info
        frame = next(iter(reader))
    assert info.rotation_deg == clockwise_deg
    assert (info.coded_width_px, info.coded_height_px) == (320, 192)
    turned = clockwise_deg in (90, 270)
    assert (info.width_px, info.height_px) == ((192, 320) if turned else (320, 192))
    assert frame.rgb.shape == (info.height_px, info.width_px, 3)
    assert frame.rgb.flags.c_contiguous
    assert_near(quadrant_colours(frame.rgb), expected)


def test_rotate_tag_counts_where_there_is_no_matrix(tmp_path: Path) -> None:
    path = write_clip(
        tmp_path / "old.mkv",
        picture=quadrants,
        times_s=steady_times_s(3, 30),
        tags={"rotate": "90"},
    )
    with open_video(path) as reader:
        assert reader.info.rotation_deg == 90
        assert_near(quadrant_colours(next(iter(reader)).rgb), [BLUE, RED, WHITE, GREEN])


def test_odd_sizes(tmp_path: Path) -> None:
    path = write_clip(
        tmp_path / "odd.webm", codec="libvpx-vp9", size_px=(161, 97), picture=quadrants
    )
    frame = read(path)[0]
    assert frame.rgb.shape == (97, 161, 3)
    assert_near(quadrant_colours(frame.rgb), UPRIGHT)


@pytest.mark.parametrize(
    ("pixel_aspect", "size_px"), [(Fraction(4, 3), (427, 192)), (Fraction(8, 9), (320, 216))]
)
def test_anamorphic_pictures_get_square_pixels(
    tmp_path: Path, pixel_aspect: Fraction, size_px: tuple[int, int]
) -> None:
    path = write_clip(tmp_path / "wide.mp4", pixel_aspect=pixel_aspect, picture=quadrants)
    with open_video(path) as reader:
        assert (reader.info.width_px, reader.info.height_px) == size_px
        assert_near(quadrant_colours(next(iter(reader)).rgb), UPRIGHT)


@pytest.mark.parametrize(
    ("codec", "pixel_format"),
    [("libx264", "yuv420p10le"), ("libx265", "yuv420p10le"), ("libx264", "yuv444p")],
)
def test_ten_bits_and_full_colour(tmp_path: Path, codec: str, pixel_format: str) -> None:
    path = write_clip(
        tmp_path / "deep.mp4", codec=codec, pixel_format=pixel_format, picture=quadrants
    )
    frame = read(path)[0]
    assert frame.rgb.dtype == np.uint8
    assert_near(quadrant_colours(frame.rgb), UPRIGHT)


def test_4k_is_scaled_down_without_a_shift(tmp_path: Path) -> None:
    path = write_clip(
        tmp_path / "4k.mp4",
        codec="mjpeg",
        size_px=(3840, 2160),
        picture=quadrants,
        times_s=[0.0, 0.1],
    )
    with open_video(path) as reader:
        assert (reader.info.width_px, reader.info.height_px) == (1280, 720)
        assert (reader.info.coded_width_px, reader.info.coded_height_px) == (3840, 2160)
        rgb = next(iter(reader)).rgb.astype(int)
    assert_near(quadrant_colours(rgb), UPRIGHT)
    # The border between the quarters stays in the middle, to a pixel.
    assert np.argmax(np.abs(np.diff(rgb[180, :, 0]))) == pytest.approx(639, abs=1)
    assert np.argmax(np.abs(np.diff(rgb[:, 320, 0]))) == pytest.approx(359, abs=1)


def test_max_side(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", rotation_deg=90)
    with open_video(path, max_side_px=160) as reader:
        assert (reader.info.width_px, reader.info.height_px) == (96, 160)


def test_browser_recording_without_duration(tmp_path: Path) -> None:
    path = write_clip(
        tmp_path / "browser.webm", codec="libvpx-vp9", container_options={"live": "1"}
    )
    with open_video(path) as reader:
        assert reader.info.duration_s is None
        assert reader.info.frame_count_estimate is None
        assert reader.missing_s == 0.0
        assert len(list(reader)) == 30


@pytest.mark.parametrize(
    ("name", "codec", "options", "damaged_bytes"),
    [
        ("clip.mp4", "libx264", {"g": "20"}, 30_000),
        ("clip.mp4", "libx264", {"preset": "medium"}, 60),
        ("clip.avi", "libx264", {"preset": "medium", "g": "30"}, 60),
        ("clip.avi", "mjpeg", {}, 60),
        ("clip.mp4", "libvpx-vp9", {"g": "20"}, 30_000),
        ("clip.mp4", "libx265", {"x265-params": "log-level=none:keyint=20"}, 5_000),
    ],
)
def test_damaged_middle_is_skipped_and_counted(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    name: str,
    codec: str,
    options: dict[str, str],
    damaged_bytes: int,
) -> None:
    path = write_clip(
        tmp_path / name,
        codec=codec,
        times_s=steady_times_s(90, 30),
        options=options,
        picture=noisy_barcode,
    )
    damage(path, count=damaged_bytes)
    capfd.readouterr()
    with open_video(path) as reader:
        frames = list(reader)
        assert reader.corrupt_frames >= 1
    assert 60 <= len(frames) < 90
    assert frames[-1].time_s == pytest.approx(89 / 30, abs=1e-3)
    for frame in frames:
        assert frame.after_loss or read_barcode(frame.rgb) == round(frame.time_s * 30)
    assert not frames[20].after_loss
    assert capfd.readouterr().err == ""


def test_intact_recording_counts_no_damage(tmp_path: Path) -> None:
    with open_video(write_clip(tmp_path / "clip.mp4")) as reader:
        assert not any(frame.after_loss for frame in reader)
        assert (reader.corrupt_frames, reader.dropped_frames) == (0, 0)


def test_recording_that_breaks_off_says_how_much_is_missing(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mkv", times_s=steady_times_s(300, 30), options={"g": "30"})
    truncate(path, keep_frac=0.5)
    with open_video(path) as reader:
        frames = list(reader)
        assert 30 < len(frames) < 270
        assert reader.missing_s == pytest.approx(10.0 - frames[-1].time_s, abs=0.05)


def test_joined_recordings_leave_a_gap_and_are_never_stretched(tmp_path: Path) -> None:
    wide = write_clip(tmp_path / "a.ts", picture=quadrants, times_s=steady_times_s(90, 30))
    tall = write_clip(
        tmp_path / "b.ts",
        picture=quadrants,
        times_s=steady_times_s(30, 30),
        size_px=(192, 320),
    )
    joined = tmp_path / "joined.ts"
    joined.write_bytes(wide.read_bytes() + tall.read_bytes())
    with open_video(joined) as reader:
        frames = list(reader)
    times_s = np.array([frame.time_s for frame in frames])
    assert (np.diff(times_s) > 0).all()
    last = frames[-1].rgb
    assert last.shape == (192, 320, 3)
    # 192 x 320 fits as 115 x 192 into the middle; what is beside it stays black.
    assert last[:, :95].max() < 30 and last[:, 225:].max() < 30
    assert_near(quadrant_colours(last[:, 103:217]), UPRIGHT)


def bad_input(kind: str, folder: Path) -> Path:
    path = folder / "clip.mp4"
    if kind == "missing":
        return folder / "not-there.mp4"
    if kind == "address":
        return Path("http://127.0.0.1:9/clip.mp4")
    if kind == "protocol":
        return Path("concat:a.mp4|b.mp4")
    if kind == "standard input":
        return Path("-")
    if kind == "impossible name":
        return Path("a" * 5000)
    if kind == "folder":
        path.mkdir()
    elif kind == "empty":
        path.touch()
    elif kind == "text":
        path.write_text("this is not a video\n" * 50)
    elif kind == "random":
        path.write_bytes(np.random.default_rng(0).bytes(50_000))
    elif kind == "cut before the index":
        truncate(write_clip(path), keep_frac=0.4)
    elif kind == "cut in the first frame":
        truncate(write_clip(path, container_options={"movflags": "+faststart"}), keep_frac=0.16)
    elif kind == "sound only":
        write_sound(path)
    elif kind == "no frames":
        no_frames = write_clip(folder / "one.avi", codec="mjpeg", times_s=[0.0])
        content = no_frames.read_bytes()
        path.write_bytes(content[: content.rindex(b"00dc", 0, content.rindex(b"idx1"))])
    else:
        raise ValueError(kind)
    return path


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("missing", "does not exist"),
        ("address", "does not exist"),
        ("protocol", "does not exist"),
        ("standard input", "does not exist"),
        ("impossible name", "check the path"),
        ("folder", "is a folder"),
        ("empty", "is empty"),
        ("text", "holds something else"),
        ("random", "holds something else"),
        ("cut before the index", "cut short or damaged"),
        ("cut in the first frame", "copy it again"),
        ("sound only", "only sound"),
        ("no frames", "copy it again"),
    ],
)
def test_bad_input_is_refused_in_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], kind: str, says: str
) -> None:
    path = bad_input(kind, tmp_path)
    capfd.readouterr()
    with pytest.raises(InputError) as caught:
        open_video(path)
    message = str(caught.value)
    assert says in message
    assert path.name in message
    assert "\n" not in message and "Errno" not in message and "av." not in message
    assert caught.value.exit_status == 2
    assert capfd.readouterr().err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="file permissions work differently there")
def test_no_permission(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "private.mp4")
    path.chmod(0)
    root = os.geteuid() == 0  # root may read everything, so be somebody else for a moment
    try:
        if root:
            os.seteuid(65534)
        with pytest.raises(InputError, match="No permission to read"):
            open_video(path)
    finally:
        if root:
            os.seteuid(0)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes on this system")
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(InputError, match="not a regular file"):
        open_video(tmp_path / "pipe.mp4")


def test_playlists_open_neither_addresses_nor_files(tmp_path: Path) -> None:
    write_clip(tmp_path / "other.ts")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.ts"
        playlists = {
            "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{address}\n#EXT-X-ENDLIST\n",
            "hls-local": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nother.ts\n#EXT-X-ENDLIST\n",
            "concat": f"ffconcat version 1.0\nfile '{tmp_path / 'other.ts'}'\n",
            "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
            "m=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
        }
        for name, text in playlists.items():
            path = tmp_path / f"{name}.mp4"
            path.write_text(text)
            with pytest.raises(InputError, match="holds something else"):
                open_video(path)
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_name_that_is_not_unicode_can_be_printed(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        open_video(Path(os.fsdecode(b"caf\xe9.mp4")))
    assert str(caught.value).encode("utf-8")


def test_leaving_early_ends_the_thread(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", times_s=steady_times_s(200, 30))
    with open_video(path) as reader:
        for frame in reader:
            if frame.index == 3:
                assert decoding_threads()
                break
    assert not decoding_threads()
    reader.close()
    assert list(reader) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_an_exception_ends_the_thread(tmp_path: Path, error: type[BaseException]) -> None:
    path = write_clip(tmp_path / "clip.mp4", times_s=steady_times_s(200, 30))
    with pytest.raises(error), open_video(path) as reader:
        for _ in reader:
            raise error
    assert not decoding_threads()


def test_a_reader_that_is_never_read_closes_its_file(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4")
    with open_video(path):
        pass
    path.rename(tmp_path / "moved.mp4")
    assert not decoding_threads()


@pytest.mark.skipif(sys.platform == "win32", reason="peak memory is read from getrusage")
def test_memory_does_not_grow_with_length(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "long.mp4", times_s=steady_times_s(1500, 30), size_px=(640, 480))
    script = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from rom.video.reading import open_video\n"
        "unit = 1 if sys.platform == 'darwin' else 1024\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit\n"
        "with open_video(Path(sys.argv[1])) as reader:\n"
        "    for frame in reader:\n"
        "        if frame.index == 200: early = peak()\n"
        "print(frame.index, peak() - early)\n"
    )
    printed = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True
    ).stdout.split()
    assert printed[0] == "1499"
    # One frame is 0.9 MB: keeping them would add more than 1 GB.
    assert int(printed[1]) < 16e6
