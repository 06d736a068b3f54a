"""The same examples in every run where a result has to mean the same: nothing lands by luck."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("repeatable")


@pytest.fixture
def curve_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readings corrected by the curve alone.

    Stick figures have no shoulders' width nor a depth that a pose model would guess; what the
    posture adds is fitted on people and tested on them (`test_correction.py`).
    """
    monkeypatch.setattr("rom.kinematics.correction.posture_models", dict)
