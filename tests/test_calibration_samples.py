"""The shipped clips are the ones the manifest describes, and small enough to ship."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import av
import numpy as np
import pytest

from calibration.samples import sample_plans
from rom.movements import movement_named

FOLDER = Path(__file__).parent.parent / "sample_videos"
with (FOLDER / "manifest.csv").open(newline="") as file:
    ROWS = list(csv.DictReader(file))
FILES = sorted({row["file"] for row in ROWS})
PLANS = {plan.name: plan for plan in sample_plans()}


def test_all_planned_clips_are_there_and_nothing_else():
    assert sorted(f"{name}.mp4" for name in PLANS) == FILES
    assert sorted(path.name for path in FOLDER.glob("*.mp4")) == FILES
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 6_000_000


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['file']}-{row['side']}")
def test_manifest_row_describes_its_file(row: dict[str, str]):
    path = FOLDER / row["file"]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == row["sha256"]
    assert movement_named(row["movement"]).grade in ("A", "B")
    assert row["side"] in ("left", "right")
    peaks_deg = [float(peak) for peak in row["truth_peak_deg"].split(";")]
    assert len(peaks_deg) == int(row["n_repetitions"]) == 3
    assert float(row["truth_median_deg"]) == pytest.approx(np.median(peaks_deg), abs=0.06)
    assert min(peaks_deg) > float(row["truth_start_deg"]) + 15.0
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        size = (stream.codec_context.width, stream.codec_context.height)
        assert size == (int(row["width_px"]), int(row["height_px"]))
        assert float(stream.average_rate) == float(row["frame_rate_hz"])
        duration_s = PLANS[path.stem].repetitions.duration_s
        assert stream.frames == pytest.approx(duration_s * float(row["frame_rate_hz"]), abs=1)


def test_series_hold_a_gain_and_an_unchanged_shoulder():
    median_deg = {row["file"]: float(row["truth_median_deg"]) for row in ROWS}
    for side, (lowest, highest) in {"left": (25.0, 30.0), "right": (-2.0, 2.0)}.items():
        name = f"shoulder_abduction_{side}_{{}}.mp4"
        before = median_deg[name.format("pre2")]
        assert abs(before - median_deg[name.format("pre1")]) < 2.5
        assert lowest <= median_deg[name.format("post")] - before <= highest
