"""`rom doctor` never fails itself, says what to do, and downloads nothing."""

from __future__ import annotations

import shutil
import sys
from collections import namedtuple
from pathlib import Path

import pytest
from pose_builders import model

from rom import doctor
from rom.doctor import Check, explain_import_error, model_path, run_checks
from rom.pose.model import CACHE_ENV, MODEL_ENV
from rom.records.store import open_store


def check_named(name: str) -> Check:
    (check,) = (check for check in run_checks() if check.name == name)
    return check


def test_all_is_well_where_the_tests_run() -> None:
    model()
    checks = run_checks()
    assert [check.name for check in checks] == [
        "python packages",
        "pose model",
        "video encoder",
        "camera",
        "disk",
        "records",
    ]
    assert [check for check in checks if not check.ok] == []
    assert all(check.message and "\n" not in check.message for check in checks)
    assert model_path() == model().path


def test_a_model_that_is_still_to_come_is_no_fault_and_is_not_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CACHE_ENV, str(tmp_path))
    monkeypatch.delenv(MODEL_ENV, raising=False)
    check = check_named("pose model")
    assert check.ok and "first assessment" in check.message and MODEL_ENV in check.message
    assert model_path() is None
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_model_in_the_environment_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wrong.task").write_text("text")
    monkeypatch.setenv(MODEL_ENV, str(tmp_path / "wrong.task"))
    check = check_named("pose model")
    assert not check.ok and "wrong.task" in check.message
    assert model_path() is None


def test_a_good_model_in_the_environment_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = Path(shutil.copy(model().path, tmp_path / "mine.task"))
    monkeypatch.setenv(MODEL_ENV, str(mine))
    assert check_named("pose model").ok
    assert model_path() == mine


def test_a_full_disk_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 5_000_000))
    check = check_named("disk")
    assert not check.ok and "5 MB free" in check.message


def test_a_check_that_breaks_is_reported_and_the_others_still_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken() -> tuple[bool, str]:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr(doctor, "_check_camera", broken)
    checks = run_checks()
    (camera,) = (check for check in checks if check.name == "camera")
    assert not camera.ok and "RuntimeError: two lines" in camera.message
    assert checks[-1].name == "records"


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name == "cv2" or name.startswith("cv2.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cv2", None)
    check = check_named("python packages")
    assert not check.ok and "opencv-contrib-python" in check.message
    assert not check_named("camera").ok


@pytest.mark.parametrize(
    "library, package",
    [
        ("libGL.so.1", "libgl1"),
        ("libEGL.so.1", "libegl1"),
        ("libGLESv2.so.2", "libgles2"),
        ("libSM.so.6", "libsm6"),
        ("libgthread-2.0.so.0", "libglib2.0-0"),
    ],
)
def test_a_missing_system_library_becomes_a_command(library: str, package: str) -> None:
    error = ImportError(f"{library}: cannot open shared object file: No such file or directory")
    message = explain_import_error(error, "opencv-contrib-python")
    assert library in message and "apt-get install" in message and package in message


def test_an_unknown_system_library_is_named_too() -> None:
    message = explain_import_error(ImportError("libfoo.so.3: cannot open"), "av")
    assert "libfoo.so.3" in message and "apt-get" not in message


def test_records_are_counted_and_trouble_with_them_is_told(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "nothing is kept yet" in check_named("records").message and not data_dir.exists()
    with open_store() as store:
        store.add_person("Ana")
    assert check_named("records").message.startswith("1 person in")
    (data_dir / "records.sqlite3").write_bytes(b"\0" * 5000)
    assert "encrypted" in check_named("records").message
    monkeypatch.setenv("ROM_DATABASE_URL", "postgresql://127.0.0.1:9/x")
    check = check_named("records")
    assert not check.ok and "server runs" in check.message
