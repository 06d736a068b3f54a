"""Check this computer: what is missing, and what to do about it. Nothing is downloaded here."""

from __future__ import annotations

import ctypes
import importlib
import os
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rom.errors import RomError

# Libraries that OpenCV loads, and the Debian or Ubuntu package that brings each.
_LINUX_PACKAGES = {
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libSM.so.6": "libsm6",
    "libXext.so.6": "libxext6",
    "libEGL.so.1": "libegl1",
    "libGLESv2.so.2": "libgles2",
    "libusb-1.0.so.0": "libusb-1.0-0",
    "libgomp.so.1": "libgomp1",
    "libstdc++.so.6": "libstdc++6",
}
_IMPORTS = {
    "cv2": "opencv-contrib-python",
    "av": "av",
    "ai_edge_litert.interpreter": "ai-edge-litert",
    "numpy": "numpy",
    "scipy": "scipy",
}
_MEGABYTE = 1_000_000
_CACHE_NEEDED_MB = 100
_FOLDER_NEEDED_MB = 200


@dataclass(frozen=True)
class Check:
    """One thing looked at.

    Attributes
    ----------
    ok
        False only where `rom assess` cannot work as things are, or records cannot be read. What
        merely limits (no camera), or comes by itself (the model), is ok and says so.
    message
        One sentence or two: what was found, and what to do.
    """

    name: str
    ok: bool
    message: str


def run_checks() -> list[Check]:
    """Look at everything that `rom` needs; never raises, whatever is missing."""
    return [
        _checked(name, check)
        for name, check in {
            "python packages": _check_packages,
            "pose model": _check_model,
            "video encoder": _check_encoder,
            "camera": _check_camera,
            "disk": _check_disk,
            "records": _check_records,
        }.items()
    ]


def model_path() -> Path | None:
    """Return the pose model that would be used now; None where it is still to be fetched."""
    from rom.pose.model import MODEL_ENV, cached_model, ensure_model

    try:
        if os.environ.get(MODEL_ENV):
            return ensure_model().path
        model = cached_model()
    except (RomError, OSError):
        return None
    return model.path if model else None


def _checked(name: str, check: Callable[[], tuple[bool, str]]) -> Check:
    try:
        ok, message = check()
    except RomError as error:
        ok, message = False, str(error)
    except ImportError as error:
        ok, message = False, explain_import_error(error, error.name or "a package")
    except Exception as error:
        ok, message = False, f"could not be checked ({type(error).__name__}: {error})"
    return Check(name, ok, " ".join(message.split()))


def _check_packages() -> tuple[bool, str]:
    problems = []
    for module, package in _IMPORTS.items():
        try:
            importlib.import_module(module)
        except ImportError as error:
            problems.append(explain_import_error(error, package))
    if problems:
        return False, "; ".join(dict.fromkeys(problems))
    return True, "OpenCV, PyAV, LiteRT, NumPy and SciPy load"


def explain_import_error(error: ImportError, package: str) -> str:
    """Say what to install when a package does not load: itself, or a library of the system."""
    package = _IMPORTS.get(package, package)
    missing = re.search(r"(lib[\w+.-]+\.so[\w.]*)", str(error))
    if missing is None:
        if isinstance(error, ModuleNotFoundError):
            return (
                f"the package {package} is missing: run `{sys.executable} -m pip install {package}`"
            )
        return (
            f"the package {package} does not load ({error}): run `{sys.executable} -m pip install"
            f" --force-reinstall {package}`"
        )
    libraries = [missing.group(1), *_missing_libraries()]
    packages = [_LINUX_PACKAGES[name] for name in libraries if name in _LINUX_PACKAGES]
    if packages:
        wanted = " ".join(dict.fromkeys(packages))
        return (
            f"{package} needs the system library {missing.group(1)}: on Debian and Ubuntu run"
            f" `sudo apt-get install {wanted}`"
        )
    return (
        f"{package} needs the system library {missing.group(1)}: install the package of your"
        " system that contains it"
    )


def _missing_libraries() -> list[str]:
    """Name OpenCV's usual libraries that the loader does not find, to install all at once."""
    if not sys.platform.startswith("linux"):
        return []
    missing = []
    for library in ("libGL.so.1", "libglib-2.0.so.0", "libSM.so.6", "libXext.so.6"):
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(library)
    return missing


def _check_model() -> tuple[bool, str]:
    from rom.pose.model import MODEL_ENV, cache_dir, cached_model, ensure_model

    if os.environ.get(MODEL_ENV):
        model = ensure_model()
        return True, f"{model.name}, from {MODEL_ENV}: {model.path}"
    cached = cached_model()
    if cached is None:
        return True, (
            "not there yet: it comes with the first assessment (36 MB, once). Without a network"
            f" connection, name a bundle with --model PATH or {MODEL_ENV}. It will be kept in"
            f" {cache_dir()}"
        )
    from rom.pose.estimator import PoseEstimator

    PoseEstimator(cached, face=True, hands=True).close()
    return True, f"{cached.name}, checked by its SHA-256 and loaded: {cached.path}"


def _check_encoder() -> tuple[bool, str]:
    from av.codec import Codec

    try:
        Codec("libx264", "w")
    except ValueError:
        return False, (
            "PyAV has no H.264 encoder (libx264), so --overlay cannot write video: run"
            f" `{sys.executable} -m pip install --force-reinstall --only-binary=:all: av`"
        )
    return True, "H.264 (libx264) is there for --overlay"


def _check_camera() -> tuple[bool, str]:
    import cv2

    from rom.pose.native import silenced_native_logs

    if sys.platform.startswith("linux") and not any(Path("/dev").glob("video*")):
        return True, _no_camera("none is connected")
    with silenced_native_logs():
        camera = cv2.VideoCapture(0)
        try:
            opened = camera.isOpened()
            seen = opened and camera.read()[0]
        finally:
            camera.release()
    if seen:
        return True, "the first camera gives pictures"
    if opened:
        return True, _no_camera("it opens but gives no picture; another program may be using it")
    return True, _no_camera("none could be opened; the system may be withholding permission")


def _no_camera(why: str) -> str:
    return f"no camera: {why}. Recorded videos work all the same"


def _check_disk() -> tuple[bool, str]:
    from rom.pose.model import cache_dir, cached_model

    needed = {Path.cwd(): _FOLDER_NEEDED_MB}
    if cached_model() is None:
        needed[cache_dir()] = _CACHE_NEEDED_MB
    problems = []
    for folder, needed_mb in needed.items():
        existing = _nearest_existing(folder)
        free_mb = shutil.disk_usage(existing).free / _MEGABYTE
        if free_mb < needed_mb:
            problems.append(
                f"{free_mb:.0f} MB free for {folder}, {needed_mb} MB are needed: free some space"
            )
        elif not os.access(existing, os.W_OK):
            problems.append(f"{folder} is not writable: use another folder, or change its rights")
    if problems:
        return False, "; ".join(problems)
    free_gb = shutil.disk_usage(Path.cwd()).free / (1000 * _MEGABYTE)
    return True, f"{free_gb:.0f} GB free in {Path.cwd()}"


def _nearest_existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


def _check_records() -> tuple[bool, str]:
    from rom.errors import PassphraseError
    from rom.records.engine import store_file
    from rom.records.location import database_url
    from rom.records.own_errors import switched_on
    from rom.records.store import open_store

    path = store_file(database_url())
    if path is not None and not path.exists():
        return True, f"nothing is kept yet; `rom people add NAME` begins with it, in {path}"
    try:
        with open_store(create=False) as store:
            people = store.people_page(limit=0).total
            own = switched_on(store)
            shown = store.database.shown
    except PassphraseError:
        return (
            True,
            f"encrypted (or damaged), in {path}; commands that need them ask for the passphrase",
        )
    used = f"; {own.summary}" if own else ""
    return True, f"{people} {'person' if people == 1 else 'people'} in {shown}{used}"
