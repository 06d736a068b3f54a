"""Clips of a check are measured through the same pipeline as all others."""

from __future__ import annotations

import queue
import threading
from pathlib import Path

import pytest

from rom.pipeline import Outcome, assess_recording
from rom.protocol.takes import Sides, TakeRequest
from rom.records.entities import Phase
from rom.samples import sample_folder
from rom.ui.check import measuring
from rom.ui.check.measuring import Measurer


def test_a_clip_is_read_while_it_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    afresh: list[Path] = []
    monkeypatch.setattr(
        measuring, "assess_recording", lambda request, **_: afresh.append(request.video)
    )
    delivered = queue.SimpleQueue[tuple[str, Outcome | None]]()
    measurer = Measurer(
        lambda request, outcome, _: delivered.put((request.id, outcome)), age=50, sex="F"
    )
    request = TakeRequest(
        id="1",
        phase=Phase.PRE1,
        movement="shoulder_abduction",
        sides=Sides.LEFT,
        warm_up=False,
        repetitions=3,
    )
    clip = sample_folder() / "shoulder_abduction_left_pre1.mp4"
    measurer.follow("first try", request.movement, 0, clip.read_bytes()[:300_000])
    measurer.follow("1", request.movement, 0, clip.read_bytes()[:300_000])
    measurer.measure(request, clip, followed="1")
    closed = threading.Event()
    measurer.close(closed.set)
    assert closed.wait(60.0)
    name, outcome = delivered.get(timeout=60.0)
    assert name == "1" and outcome is not None and not afresh
    assert outcome.to_json() == assess_recording(outcome.request).to_json()
