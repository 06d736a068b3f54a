"""The same examples in every run where a result has to mean the same: nothing lands by luck.

A busy computer is no fault of the code, so no example has a time limit.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

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
