"""Calibrated cameras, one JSON file each, in the user's configuration folder."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rom.camera.intrinsics import Intrinsics
from rom.errors import InputError, OutputError, UsageError
from rom.video.atomic import atomic_output, check_writable
from rom.video.paths import shown

CONFIG_ENV = "ROM_CONFIG_DIR"
SCHEMA = "rom.camera/1"

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_PREFIX, _SUFFIX = "camera-", ".json"  # the prefix keeps clear of what Windows reserves, as CON


@dataclass(frozen=True, kw_only=True)
class Camera:
    """A calibrated camera.

    Attributes
    ----------
    intrinsics
        For the picture as it is stored in the file, before it is turned upright.
    rms_px
        Root mean square reprojection error, in pixels of the size of `intrinsics`.
    covered_frac
        Share of the picture in which the board was seen.
    calibrated_on
        Date, as in 2030-01-31.
    """

    name: str
    intrinsics: Intrinsics
    rms_px: float
    views: int
    covered_frac: float
    calibrated_on: str

    def intrinsics_for(self, *, width_px: int, height_px: int, rotation_deg: int) -> Intrinsics:
        """Return the lens for upright frames that were turned clockwise by `rotation_deg`.

        Raises
        ------
        InputError
            The frames have another shape than those that the camera was calibrated with, so they
            show another part of what the lens sees.
        """
        lens = self.intrinsics.turned(rotation_deg)
        if not lens.has_shape(width_px=width_px, height_px=height_px):
            raise InputError(
                f"Expected a recording shaped like those of camera {self.name}"
                f" ({lens.width_px}×{lens.height_px}), got {width_px}×{height_px}; calibrate this"
                " setting under a name of its own, or leave --camera out."
            )
        return lens.scaled(width_px=width_px, height_px=height_px)


def checked_name(name: str) -> str:
    """Return the name of a camera in small letters.

    Raises
    ------
    UsageError
        It holds anything but letters, digits, - and _, or is empty or too long.
    """
    small = name.lower()
    if not _NAME.fullmatch(small):
        raise UsageError(
            f"Expected a camera's name of up to 40 letters (a to z), digits, - and _, got {name!r};"
            " choose one such as phone-wide"
        )
    return small


def cameras_dir() -> Path:
    """Return the folder of the calibrated cameras; `ROM_CONFIG_DIR` moves it."""
    if configured := os.environ.get(CONFIG_ENV):
        return Path(configured).expanduser() / "cameras"
    from platformdirs import user_config_path

    return user_config_path("rom", appauthor=False) / "cameras"


def camera_names() -> list[str]:
    """Return the names of all calibrated cameras, sorted."""
    try:
        files = [path.name for path in cameras_dir().iterdir()]
    except OSError:
        return []
    names = [
        file.removeprefix(_PREFIX).removesuffix(_SUFFIX)
        for file in files
        if file.startswith(_PREFIX) and file.endswith(_SUFFIX)
    ]
    return sorted(name for name in names if _NAME.fullmatch(name))


def check_new_camera(name: str, *, force: bool) -> Path:
    """Return where a camera will be stored, after checking that it can be.

    Raises
    ------
    UsageError
        The name is impossible, or taken and `force` is not given.
    OutputError
        The folder cannot be written.
    """
    path = _path(checked_name(name))
    if path.exists() and not force:
        raise UsageError(
            f"Expected a new name, but a camera {checked_name(name)} is calibrated already;"
            " say --force to replace it or choose another --name"
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"Cannot make the folder {shown(path.parent)} ({error.strerror}); make it writable or"
            f" set {CONFIG_ENV} to another folder."
        ) from None
    check_writable(path, force=True)
    return path


def write_camera(camera: Camera, *, force: bool) -> Path:
    """Store a camera and return its file, which appears complete or not at all.

    Raises
    ------
    UsageError, OutputError, StorageFullError
        As `check_new_camera`, or the disk is full.
    """
    path = check_new_camera(camera.name, force=force)
    text = json.dumps(_content(camera), allow_nan=False, indent=2) + "\n"
    with atomic_output(path, force=force) as temporary:
        temporary.write_text(text, encoding="ascii")
    return path


def read_camera(name: str) -> Camera:
    """Return a calibrated camera.

    Raises
    ------
    UsageError
        There is none of this name.
    InputError
        Its file is damaged.
    """
    path = _known_path(name)
    try:
        return _camera(checked_name(name), json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError, OverflowError):
        raise InputError(
            f"Expected a camera in {shown(path)}, but the file is damaged; calibrate"
            f" {checked_name(name)} again with --force, or remove it with `rom calibrate forget`."
        ) from None


def forget_camera(name: str) -> None:
    """Remove a calibrated camera.

    Raises
    ------
    UsageError
        There is none of this name.
    OutputError
        Its file cannot be removed.
    """
    path = _known_path(name)
    try:
        path.unlink()
    except OSError as error:
        raise OutputError(
            f"Cannot remove {shown(path)} ({error.strerror}); remove it by hand."
        ) from None


def _path(name: str) -> Path:
    return cameras_dir() / f"{_PREFIX}{name}{_SUFFIX}"


def _known_path(name: str) -> Path:
    known = camera_names()
    if name.lower() not in known:
        there = f"the calibrated ones are {', '.join(known)}" if known else "none is calibrated yet"
        raise UsageError(
            f"Expected the name of a calibrated camera, got {name!r}; {there}"
            " (`rom calibrate --help` says how)"
        )
    return _path(name.lower())


def _content(camera: Camera) -> dict[str, object]:
    lens = camera.intrinsics
    return {
        "schema": SCHEMA,
        "width_px": lens.width_px,
        "height_px": lens.height_px,
        "fx_frac": lens.fx_px / lens.width_px,
        "fy_frac": lens.fy_px / lens.height_px,
        "cx_frac": lens.cx_px / lens.width_px,
        "cy_frac": lens.cy_px / lens.height_px,
        "k1": lens.k1,
        "k2": lens.k2,
        "p1": lens.p1,
        "p2": lens.p2,
        "rms_px": camera.rms_px,
        "views": camera.views,
        "covered_frac": camera.covered_frac,
        "calibrated_on": camera.calibrated_on,
    }


def _camera(name: str, content: dict[str, Any]) -> Camera:
    if content["schema"] != SCHEMA:
        raise ValueError(f"expected {SCHEMA}, got {content['schema']}")
    width_px, height_px = int(content["width_px"]), int(content["height_px"])
    lens = Intrinsics(
        width_px=width_px,
        height_px=height_px,
        fx_px=float(content["fx_frac"]) * width_px,
        fy_px=float(content["fy_frac"]) * height_px,
        cx_px=float(content["cx_frac"]) * width_px,
        cy_px=float(content["cy_frac"]) * height_px,
        **{term: float(content[term]) for term in ("k1", "k2", "p1", "p2")},
    )
    return Camera(
        name=name,
        intrinsics=lens,
        rms_px=float(content["rms_px"]),
        views=int(content["views"]),
        covered_frac=float(content["covered_frac"]),
        calibrated_on=str(content["calibrated_on"]),
    )
