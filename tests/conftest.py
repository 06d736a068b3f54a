"""The same examples in every run where a result has to mean the same: nothing lands by luck.

A busy computer is no fault of the code, so no example has a time limit.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from postgres_server import HOW_TO_ENABLE, Server, programs, running

from rom.records.store import Store, open_store

settings.register_profile("patient", deadline=None)
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable" if os.environ.get("CI") else "patient")


@pytest.fixture
def curve_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readings corrected by the curve alone.

    Stick figures have no shoulders' width nor a depth that a pose model would guess; what the
    posture adds is fitted on people and tested on them (`test_kinematics_correction.py`).
    """
    monkeypatch.setattr("rom.kinematics.correction.posture_models", dict)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server; CI has to have one."""
    folder = programs()
    if folder is None and os.environ.get("CI"):
        pytest.fail(HOW_TO_ENABLE)
    if folder is None:
        pytest.skip(HOW_TO_ENABLE)
    with running(folder) as server:
        yield server


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of records of the test's own, for this process and those it starts."""
    for name in ("ROM_DATABASE_URL", "ROM_PASSPHRASE", "ROM_NEW_PASSPHRASE"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "data"
    monkeypatch.setenv("ROM_DATA_DIR", str(folder))
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def store(
    request: pytest.FixtureRequest, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    """An empty store of each kind."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        monkeypatch.setenv("ROM_DATABASE_URL", server.new_database())
    with open_store() as opened:
        yield opened
