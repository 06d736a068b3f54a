"""The pose model on this computer: found, checked, or fetched once into the user's cache."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rom.errors import ModelError, StorageFullError
from rom.pose.networks import (
    FACE_LANDMARKS,
    HAND_LANDMARKS,
    POSE_DETECTOR,
    POSE_LANDMARKS,
    Progress,
    download_wheel,
    read_network,
    sha256_of,
)

MODEL_ENV = "ROM_MODEL"
CACHE_ENV = "ROM_CACHE_DIR"

_BUNDLE_NAME = "pose_landmarker_full.task"
_FACE_NAME = "face_landmark.tflite"
_HAND_NAME = "hand_landmark_full.tflite"
_SUMS_NAME = "SHA256SUMS"
_CACHED_NAMES = (_BUNDLE_NAME, _FACE_NAME, _HAND_NAME)
BUNDLE_MEMBERS = ("pose_detector.tflite", "pose_landmarks_detector.tflite")
_BUILDING_PREFIX = "building-"
_ABANDONED_S = 3600.0

# The bundles that MediaPipe publishes, so that a file is named by what it is.
_PUBLISHED = {
    "59929e1d1ee95287735ddd833b19cf4ac46d29bc7afddbbf6753c459690d574a": "lite",
    "4eaa5eb7a98365221087693fcc286334cf0858e2eb6e15b506aa4a7ecdcec4ad": "full",
    "64437af838a65d18e5ba7a0d39b465540069bc8aae8308de3e318aad31fcbc7b": "heavy",
}
# What this module builds from the wheel.
BUNDLE_SHA256 = "e7dd2e8b0cf87b04dfdee74667317da3221490b6d83fc20edb95a34debc0861e"


@dataclass(frozen=True)
class PoseModel:
    """Files of the pose model, each checked.

    Attributes
    ----------
    name
        "full", "lite" or "heavy"; the file's name for another bundle.
    path, sha256
        The pose landmarker bundle and its SHA-256.
    face_path, hand_path
        The networks for face mesh and hands; None where a bundle was given and the cache is empty.
    """

    name: str
    path: Path
    sha256: str
    face_path: Path | None = None
    hand_path: Path | None = None


def cache_dir() -> Path:
    """Return the folder for what is fetched once; `ROM_CACHE_DIR` moves it."""
    if configured := os.environ.get(CACHE_ENV):
        return Path(configured).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("rom", appauthor=False)


def cached_model() -> PoseModel | None:
    """Return the Full model of the cache; None if it is missing or damaged."""
    folder = _model_dir()
    try:
        sums = _read_sums(folder / _SUMS_NAME)
        intact = all(
            sha256_of((folder / name).read_bytes()) == sums.get(name) for name in _CACHED_NAMES
        )
    except (OSError, ValueError):
        return None
    pinned = {_FACE_NAME: FACE_LANDMARKS.sha256, _HAND_NAME: HAND_LANDMARKS.sha256}
    if not intact or any(sums[name] != sha256 for name, sha256 in pinned.items()):
        return None
    return PoseModel(
        name="full",
        path=folder / _BUNDLE_NAME,
        sha256=sums[_BUNDLE_NAME],
        face_path=folder / _FACE_NAME,
        hand_path=folder / _HAND_NAME,
    )


def ensure_model(
    model: Path | None = None, *, progress: Progress | None = None, extras: bool = False
) -> PoseModel:
    """Return the pose model, fetching it into the user's cache if need be.

    The argument goes before the environment variable `ROM_MODEL`, that before the cache, that
    before a download. Either path names a pose landmarker bundle (.task), or the wheel with the
    networks (.whl), which fills the cache without a network connection.

    Parameters
    ----------
    progress
        Called with what is being done and the fraction done, 0 to 1.
    extras
        Fetch the face and hand networks also where a bundle was named.

    Raises
    ------
    ModelError
        The named file is not a pose landmarker bundle, or the model cannot be fetched.
    StorageFullError
        No room in the cache folder.
    """
    named = model if model is not None else _model_of_environment()
    if named is None:
        return cached_model() or _install(None, progress)
    if not named.is_file():
        raise ModelError(
            f"Expected a pose landmarker bundle (.task), but there is no file {named}; correct"
            f" --model or {MODEL_ENV}, or leave it out to use the Full model"
        )
    if named.suffix == ".whl":
        return cached_model() or _install(named, progress)
    cached = cached_model() or (_install(None, progress) if extras else None)
    return _named_bundle(named, cached)


def _model_of_environment() -> Path | None:
    configured = os.environ.get(MODEL_ENV)
    return Path(configured).expanduser() if configured else None


def _named_bundle(path: Path, cached: PoseModel | None) -> PoseModel:
    try:
        content = path.read_bytes()
        with zipfile.ZipFile(path) as bundle:
            members = bundle.namelist()
    except (OSError, zipfile.BadZipFile) as error:
        raise ModelError(_wrong_bundle(path, "it cannot be read as one")) from error
    missing = [name for name in BUNDLE_MEMBERS if name not in members]
    if missing:
        raise ModelError(_wrong_bundle(path, f"it holds no {missing[0]}"))
    sha256 = sha256_of(content)
    return PoseModel(
        name=_PUBLISHED.get(sha256, "full" if sha256 == BUNDLE_SHA256 else path.name),
        path=path,
        sha256=sha256,
        face_path=cached.face_path if cached else None,
        hand_path=cached.hand_path if cached else None,
    )


def _wrong_bundle(path: Path, why: str) -> str:
    return (
        f"Expected a MediaPipe pose landmarker bundle (.task), but got {path}: {why}; correct"
        f" --model or {MODEL_ENV}, or leave it out to use the Full model"
    )


def _model_dir() -> Path:
    return cache_dir() / "models" / "mediapipe-0.10.21"


def _read_sums(path: Path) -> dict[str, str]:
    """Read a list as `sha256sum` writes it: digest, two spaces, file name."""
    pairs = (line.split("  ", 1) for line in path.read_text(encoding="ascii").splitlines())
    return {name: digest for digest, name in pairs}


def _install(wheel: Path | None, progress: Progress | None) -> PoseModel:
    """Build the model's files aside and move them into the cache, the list of sums last.

    Several processes may do so at once: each file appears whole or not at all, and all write the
    same bytes. Whatever interrupts this leaves no list, or one that does not match.
    """
    with _building_dir() as building:
        source = wheel if wheel is not None else download_wheel(building, progress)
        if progress is not None:
            progress("Preparing the pose model", 0.0)
        contents = _build_files(source)
        folder = _model_dir()
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (building / name).write_bytes(content)
            _move_into(building / name, folder / name)
    if progress is not None:
        progress("Preparing the pose model", 1.0)
    installed = cached_model()
    if installed is None:
        raise ModelError(
            f"Expected the pose model in {_model_dir()}, but what was written there reads back"
            " differently; check the disk, delete the folder and try again"
        )
    return installed


def _build_files(wheel: Path) -> dict[str, bytes]:
    from rom.pose.bundle import InputScaling, add_input_metadata, pack_bundle

    detector = add_input_metadata(
        read_network(wheel, POSE_DETECTOR), InputScaling(mean=127.5, std=127.5)
    )
    landmarks = add_input_metadata(
        read_network(wheel, POSE_LANDMARKS), InputScaling(mean=0.0, std=255.0)
    )
    contents = {
        _BUNDLE_NAME: pack_bundle(dict(zip(BUNDLE_MEMBERS, (detector, landmarks), strict=True))),
        _FACE_NAME: read_network(wheel, FACE_LANDMARKS),
        _HAND_NAME: read_network(wheel, HAND_LANDMARKS),
    }
    sums = "".join(f"{sha256_of(content)}  {name}\n" for name, content in contents.items())
    return contents | {_SUMS_NAME: sums.encode("ascii")}


def _move_into(source: Path, target: Path) -> None:
    try:
        os.replace(source, target)
    except PermissionError:
        # Windows does not replace a file that another process has open: fine if it is the same.
        if not target.is_file() or target.read_bytes() != source.read_bytes():
            raise


@contextmanager
def _building_dir() -> Iterator[Path]:
    """Make a working folder inside the cache, gone afterwards whatever happens."""
    parent = cache_dir() / "models"
    try:
        parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(parent)
        with tempfile.TemporaryDirectory(
            prefix=_BUILDING_PREFIX, dir=parent, ignore_cleanup_errors=True
        ) as folder:
            yield Path(folder)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StorageFullError(
                f"Expected 100 MB of room for the pose model, but the disk of {parent} is full;"
                f" free some space or set {CACHE_ENV} to a folder elsewhere"
            ) from error
        raise ModelError(
            f"Expected to write the pose model to {parent}, but got: {error.strerror or error};"
            f" make it writable or set {CACHE_ENV} to another folder"
        ) from error


def _remove_abandoned(parent: Path) -> None:
    """Remove working folders of processes that were killed."""
    for folder in parent.glob(f"{_BUILDING_PREFIX}*"):
        try:
            abandoned = time.time() - folder.stat().st_mtime > _ABANDONED_S
        except OSError:
            continue
        if abandoned:
            shutil.rmtree(folder, ignore_errors=True)
