"""What stored landmarks of sample clips give, as readable JSON beside them.

A difference is a change of the product: look at it, then `python -m tests.golden`.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rom.clinical.comparison import compare
from rom.landmarks import Side
from tests.golden.storage import (
    CLIPS,
    FOLDER,
    assess_stored,
    landmarks_path,
    read_expected,
    read_landmarks,
    write_landmarks,
)
from tests.performances import assess, filmed

MANIFEST = Path(__file__).parent.parent / "sample_videos" / "manifest.csv"
TOLERANCE = {"deg": 0.3, "s": 0.15}


def assert_same(found: Any, expected: Any, where: str) -> None:
    """Equal, with the tolerance of the unit that a name ends with."""
    if isinstance(expected, dict):
        assert set(found) == set(expected), where
        for key, value in expected.items():
            assert_same(found[key], value, f"{where}.{key}")
    elif isinstance(expected, list):
        assert len(found) == len(expected), f"{where}: {found} instead of {expected}"
        for index, value in enumerate(expected):
            assert_same(found[index], value, f"{where}[{index}]")
    elif isinstance(expected, float) and found is not None:
        assert found == pytest.approx(expected, abs=TOLERANCE[where.rsplit("_", 1)[-1]]), where
    else:
        assert found == expected, where


@pytest.mark.parametrize("clip", CLIPS)
def test_a_stored_clip_gives_what_it_gave(clip: str) -> None:
    assert_same(assess_stored(clip), read_expected(clip), clip)


@pytest.mark.parametrize("clip", CLIPS)
def test_a_stored_clip_is_near_its_true_angle(clip: str) -> None:
    movement, _ = CLIPS[clip]
    with MANIFEST.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["file"] == f"{clip}.mp4"]
    assert rows, f"{clip} is not in the manifest"
    for row in rows:
        result, _ = assess(read_landmarks(landmarks_path(clip)), movement, Side(row["side"]))
        assert result.value_deg is not None and result.accuracy_deg is not None
        error_deg = result.value_deg - float(row["truth_median_deg"])
        assert abs(error_deg) <= result.accuracy_deg, f"{clip} {row['side']}"
        assert len(result.counted) == int(row["n_repetitions"])


def test_before_and_after_show_the_gain() -> None:
    before, after = (
        assess(
            read_landmarks(landmarks_path(f"shoulder_abduction_left_{which}")),
            "shoulder_abduction",
            Side.LEFT,
        )[0]
        for which in ("pre1", "post")
    )
    assert compare(before, after).verdict == "gain"
    assert compare(after, before).verdict == "loss"
    assert compare(before, before).verdict == "no_measurable_change"


def test_the_golden_files_stay_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.glob("*.npz")) < 400_000


def test_a_series_is_stored_to_an_eighth_of_a_pixel(tmp_path: Path) -> None:
    whole = filmed("cervical_rotation", Side.LEFT)
    series = whole.masked(np.arange(len(whole)) % 50 > 3)
    write_landmarks(tmp_path / "series.npz", series)
    stored = read_landmarks(tmp_path / "series.npz")
    np.testing.assert_allclose(stored.time_s, series.time_s, atol=1e-6)
    np.testing.assert_allclose(stored.xy_px, series.xy_px, atol=0.07)
    np.testing.assert_allclose(stored.world_m, series.world_m, atol=0.0011)
    np.testing.assert_allclose(stored.visibility, series.visibility, atol=0.006)
    assert stored.face_px is not None and series.face_px is not None
    np.testing.assert_allclose(stored.face_px, series.face_px, atol=0.07)
