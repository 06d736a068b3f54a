"""Cameras on disk: what is stored comes back, names are safe, damage is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from camera_builders import LENS
from hypothesis import given
from hypothesis import strategies as st

from rom.camera.storage import (
    CONFIG_ENV,
    Camera,
    camera_names,
    cameras_dir,
    checked_name,
    forget_camera,
    read_camera,
    write_camera,
)
from rom.errors import InputError, UsageError

PHONE = Camera(
    name="phone",
    intrinsics=LENS,
    rms_px=0.3,
    views=25,
    covered_frac=0.9,
    calibrated_on="2030-01-31",
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(CONFIG_ENV, str(tmp_path / "config"))
    return tmp_path / "config" / "cameras"


def test_what_is_stored_comes_back(folder: Path) -> None:
    assert camera_names() == []
    path = write_camera(PHONE, force=False)
    assert path.parent == folder == cameras_dir()
    assert [file.name for file in folder.iterdir()] == [path.name], "nothing may be left beside it"
    assert camera_names() == ["phone"]
    stored = read_camera("Phone")
    assert stored.intrinsics.fx_px == pytest.approx(LENS.fx_px)
    assert stored.intrinsics.distortion == LENS.distortion
    assert (stored.views, stored.calibrated_on) == (25, "2030-01-31")


def test_a_name_that_is_taken_is_kept_unless_forced() -> None:
    path = write_camera(PHONE, force=False)
    before = path.read_bytes()
    with pytest.raises(UsageError, match="--force"):
        write_camera(PHONE, force=False)
    assert path.read_bytes() == before
    write_camera(PHONE, force=True)


def test_an_unknown_name_lists_the_known() -> None:
    with pytest.raises(UsageError, match="none is calibrated yet"):
        read_camera("phone")
    write_camera(PHONE, force=False)
    with pytest.raises(UsageError, match="are phone"):
        read_camera("fone")
    with pytest.raises(UsageError, match="are phone"):
        forget_camera("../phone")


def test_a_forgotten_camera_is_gone() -> None:
    write_camera(PHONE, force=False)
    forget_camera("PHONE")
    assert camera_names() == []


@given(name=st.text(max_size=50))
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    try:
        checked = checked_name(name)
    except UsageError as error:
        assert "\n" not in str(error)
    else:
        assert checked.isascii() and 0 < len(checked) <= 40
        assert not set(checked) - set("abcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: "",
        lambda content: "[]",
        lambda content: json.dumps(content | {"schema": "rom.camera/9"}),
        lambda content: json.dumps(content | {"fx_frac": -1.0}),
        lambda content: json.dumps(content | {"k1": float("nan")}),
        lambda content: json.dumps(content | {"width_px": float("inf")}),
        lambda content: json.dumps({key: content[key] for key in content if key != "cy_frac"}),
    ],
)
def test_a_damaged_file_is_told_and_can_be_forgotten(damage: object) -> None:
    path = write_camera(PHONE, force=False)
    path.write_text(damage(json.loads(path.read_text())))  # type: ignore[operator]
    with pytest.raises(InputError, match="damaged"):
        read_camera("phone")
    forget_camera("phone")
    assert camera_names() == []


def test_another_size_of_the_same_shape_is_scaled() -> None:
    lens = PHONE.intrinsics_for(width_px=640, height_px=360, rotation_deg=0)
    assert (lens.width_px, lens.fx_px) == (640, pytest.approx(LENS.fx_px / 2))


def test_a_recording_held_upright_gets_the_turned_lens() -> None:
    lens = PHONE.intrinsics_for(width_px=720, height_px=1280, rotation_deg=90)
    assert (lens.cx_px, lens.cy_px) == pytest.approx((720 - LENS.cy_px, LENS.cx_px))


@pytest.mark.parametrize(("size_px", "rotation_deg"), [((640, 480), 0), ((720, 1280), 0)])
def test_another_shape_is_refused(size_px: tuple[int, int], rotation_deg: int) -> None:
    with pytest.raises(InputError, match="1280×720.*leave --camera out"):
        PHONE.intrinsics_for(width_px=size_px[0], height_px=size_px[1], rotation_deg=rotation_deg)
