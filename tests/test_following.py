"""Poses that are read while a recording is made are those of the complete recording."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import fields
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from rom.following.follower import Follower
from rom.landmarks import LandmarkSeries
from rom.movements import movement_named
from rom.pipeline import Poses, estimate_poses
from rom.pose.model import ensure_model
from rom.samples import sample_folder
from rom.video.reading import open_video

MOVEMENT = movement_named("shoulder_abduction")
SAMPLE = "shoulder_abduction_left_pre1.mp4"
LENGTH_S = 2.5


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The beginning of a sample, written as browsers write: in fragments, as it comes."""
    path = tmp_path_factory.mktemp("recording") / "clip.mp4"
    as_it_comes = {"movflags": "frag_every_frame+empty_moov+default_base_moof"}
    with (
        av.open(sample_folder() / SAMPLE) as source,
        av.open(path, "w", options=as_it_comes) as target,
    ):
        stream = source.streams.video[0]
        written = target.add_stream_from_template(stream)
        for packet in source.demux(stream):
            if packet.dts is not None and packet.pts * stream.time_base < LENGTH_S:
                packet.stream = written
                target.mux(packet)
    return path


@pytest.fixture(scope="module")
def complete(recording: Path) -> Poses:
    with open_video(recording) as reader:
        return estimate_poses(reader, ensure_model(None), MOVEMENT)


@pytest.fixture
def follower() -> Iterator[Follower]:
    follower = Follower(MOVEMENT)
    yield follower
    follower.abandon()
    follower.wait()


def pieces_of(content: bytes, count: int) -> Iterator[tuple[int, bytes]]:
    edges = np.linspace(0, len(content), count + 1).astype(int).tolist()
    return ((start, content[start:end]) for start, end in pairwise(edges))


def same(first: LandmarkSeries, second: LandmarkSeries) -> bool:
    return all(
        np.array_equal(getattr(first, field.name), getattr(second, field.name), equal_nan=True)
        if isinstance(getattr(first, field.name), np.ndarray)
        else getattr(first, field.name) == getattr(second, field.name)
        for field in fields(LandmarkSeries)
    )


@pytest.mark.parametrize("sent_frac", [0.0, 0.6, 1.0])
def test_reading_along_gives_what_reading_the_file_gives(
    follower: Follower, recording: Path, complete: Poses, sent_frac: float
) -> None:
    content = recording.read_bytes()
    for start_byte, piece in pieces_of(content[: int(sent_frac * len(content))], 7):
        follower.take(start_byte, piece)
    done: list[float | None] = []
    poses = follower.poses(recording, progress=done.append)
    assert poses is not None
    assert (poses.frames, poses.frame_rate_hz) == (complete.frames, complete.frame_rate_hz)
    assert (poses.info, poses.lit_level) == (complete.info, complete.lit_level)
    assert poses.damage == complete.damage
    assert len(poses.people) == len(complete.people) == 1
    assert same(poses.people[0], complete.people[0])
    assert done == sorted(done) and all(0.0 <= each <= 1.0 for each in done if each is not None)


def test_a_piece_that_is_missing_ends_it(follower: Follower, recording: Path) -> None:
    content = recording.read_bytes()
    follower.take(0, content[:1000])
    follower.take(2000, content[2000:])
    assert follower.poses(recording) is None


def test_another_recording_than_was_sent_is_read_afresh(
    follower: Follower, recording: Path
) -> None:
    content = recording.read_bytes()
    follower.take(0, content[:1000] + bytes(1000))
    assert follower.poses(recording) is None


@pytest.mark.parametrize("what", ["damaged", "no video"])
def test_what_cannot_be_read_well_is_read_afresh(
    follower: Follower, recording: Path, tmp_path: Path, what: str
) -> None:
    content = bytearray(recording.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 3000] = bytes(3000)
    path = tmp_path / "clip.mp4"
    path.write_bytes(content if what == "damaged" else b"no video at all")
    assert follower.poses(path) is None


@pytest.mark.skipif(sys.platform == "win32", reason="priorities have other names on Windows")
def test_it_gives_way_to_whoever_films(recording: Path) -> None:
    with recording.open("rb") as content:
        process = subprocess.Popen(
            [sys.executable, "-m", "rom.following", MOVEMENT.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        own = os.getpriority(os.PRIO_PROCESS, 0)
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(content.read())
        end_s = time.monotonic() + 30.0
        while os.getpriority(os.PRIO_PROCESS, process.pid) == own:
            assert time.monotonic() < end_s
            time.sleep(0.01)
        process.stdin.close()
        assert pickle.loads(process.stdout.read()).frames > 50
        assert process.wait() == 0


def test_an_abandoned_process_ends(follower: Follower, recording: Path) -> None:
    follower.take(0, recording.read_bytes()[:1000])
    follower.abandon()
    follower.abandon()
    assert follower.wait() != 0
    assert follower.poses(recording) is None
