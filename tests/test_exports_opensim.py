"""TRC and MOT as readers of others see them, and landmarks that are assessed again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trc import TRCData

from rom.clinical.assessment import Series
from rom.errors import InputError
from rom.exports.landmark_files import (
    LandmarkFile,
    Origin,
    landmark_bytes,
    origin_from_text,
    origin_of,
    origin_text,
    read_landmarks,
)
from rom.exports.opensim import (
    LANDMARK_NAMES,
    PICTURE_CORNER,
    angle_name,
    mot_text,
    trc_px_text,
    trc_world_text,
)
from rom.exports.trc_reading import read_points, read_trc_pair
from rom.landmark_assessment import assess_landmarks, landmark_paths, read_landmark_file
from rom.landmarks import FACE_POINT_COUNT, Landmark, LandmarkSeries, Side
from tests.clinical_builders import measured, refused, series_of
from tests.export_builders import set_of
from tests.golden.storage import CLIPS, landmarks_path
from tests.golden.storage import read_landmarks as read_golden
from tests.performances import assess

WITHOUT_OPENSIM = "needs OpenSim (280 MB): make opensim"
HALF_MICROPIXEL = 5e-5 + 1e-9
"""Pixels are written with four decimals."""


def landmarks_of(seed: int, *, frames: int = 7, face: bool = False) -> LandmarkSeries:
    """Any landmarks, some of them not seen."""
    random = np.random.default_rng(seed)
    xy_px = random.uniform(-50, 1330, (frames, 33, 2))
    world_m = random.normal(0, 0.6, (frames, 33, 3))
    unseen = random.random((frames, 33)) < 0.1
    xy_px[unseen], world_m[unseen] = np.nan, np.nan
    face_px = random.normal(300, 50, (frames, FACE_POINT_COUNT, 3)).astype(np.float32)
    return LandmarkSeries(
        time_s=np.cumsum(random.uniform(0.01, 0.2, frames)),
        xy_px=xy_px,
        world_m=world_m,
        visibility=random.random((frames, 33)),
        width_px=1280,
        height_px=720,
        people_count=random.integers(0, 3, frames),
        identity_sure=random.random(frames) < 0.9,
        face_px=face_px if face else None,
    )


def same(first: LandmarkSeries, second: LandmarkSeries) -> bool:
    names = ("time_s", "xy_px", "world_m", "visibility", "people_count", "identity_sure")
    pairs = [(getattr(first, name), getattr(second, name)) for name in names]
    pairs += [(getattr(first, name), getattr(second, name)) for name in ("face_px", "hand_px")]
    equal = (a is b if a is None or b is None else _identical(a, b) for a, b in pairs)
    return all(equal) and (first.width_px, first.height_px) == (second.width_px, second.height_px)


def _identical(first: Any, second: Any) -> bool:
    return bool(first.dtype == second.dtype and np.array_equal(first, second, equal_nan=True))


def written(tmp_path: Path, series: LandmarkSeries, origin: Origin | None = None) -> Path:
    px = tmp_path / "set.px.trc"
    px.write_text(trc_px_text(series, px.name), "utf-8")
    world = tmp_path / "set.world.trc"
    world.write_text(trc_world_text(series, world.name), "utf-8")
    if origin is not None:
        (tmp_path / "set.origin.json").write_text(origin_text(origin), "utf-8")
    return px


@given(st.integers(0, 2**31), st.booleans())
@settings(max_examples=20, deadline=None)
def test_an_archive_keeps_every_bit(
    tmp_path_factory: pytest.TempPathFactory, seed: int, face: bool
) -> None:
    path = tmp_path_factory.mktemp("landmarks") / "set.npz"
    file = LandmarkFile(
        landmarks=landmarks_of(seed, face=face), origin=origin_of(set_of(measured()))
    )
    path.write_bytes(landmark_bytes(file))
    back = read_landmarks(path)
    assert same(back.landmarks, file.landmarks)
    assert back.origin == file.origin


def test_a_reader_of_others_finds_the_points_where_they_are(tmp_path: Path) -> None:
    series = landmarks_of(1, face=True)
    data = TRCData()
    data.load(str(written(tmp_path, series)))
    assert data["Units"] == "px" and data["NumFrames"] == len(series)
    assert data["Markers"][:33] == list(LANDMARK_NAMES)
    assert np.allclose(data["Time"], series.time_s, atol=1e-6)
    wrist = np.array(data["LEFT_WRIST"])
    expected = series.point_px(Landmark.LEFT_WRIST)
    assert np.allclose(wrist[:, 0], expected[:, 0], atol=HALF_MICROPIXEL, equal_nan=True)
    assert np.allclose(wrist[:, 1], 720 - expected[:, 1], atol=HALF_MICROPIXEL, equal_nan=True)
    assert np.array_equal(data[PICTURE_CORNER][0], [1280, 720, 0])
    world = TRCData()
    world.load(str(tmp_path / "set.world.trc"))
    assert world["Units"] == "mm"
    expected_mm = 1000 * series.world_m[:, Landmark.NOSE] * [1, -1, -1]
    assert np.allclose(world["NOSE"], expected_mm, atol=6e-4, equal_nan=True)


def test_opensim_reads_landmarks_and_angles(tmp_path: Path) -> None:
    opensim: Any = pytest.importorskip("opensim", reason=WITHOUT_OPENSIM)
    opensim.Logger.setLevelString("error")
    series = landmarks_of(2)
    path = written(tmp_path, series)
    table = opensim.TimeSeriesTableVec3(str(path))
    assert list(table.getColumnLabels())[:33] == list(LANDMARK_NAMES)
    assert np.allclose(table.getIndependentColumn(), series.time_s, atol=1e-6)
    last = table.getRowAtIndex(6).getElt(0, int(Landmark.RIGHT_HIP))
    expected = series.xy_px[6, Landmark.RIGHT_HIP]
    found = [last.get(0), 720 - last.get(1)]
    assert np.allclose(found, expected, atol=HALF_MICROPIXEL, equal_nan=True)
    markers = opensim.MarkerData(str(tmp_path / "set.world.trc"))
    assert (markers.getNumFrames(), markers.getNumMarkers()) == (7, 33)
    assert markers.getUnits().getLabel() == "millimeters"

    assessment = measured()
    assessment = replace(assessment, series=series_of(assessment, gap_s=(2.0, 2.5)))
    assert assessment.series is not None
    motion_path = tmp_path / "angle.mot"
    text = mot_text(assessment)
    assert text is not None
    motion_path.write_text(text, "utf-8")
    seen = np.isfinite(assessment.series.angle_deg)
    motion = opensim.Storage(str(motion_path))
    assert motion.isInDegrees()
    assert motion.getSize() == seen.sum(), "a frame not seen must not end the motion"
    angles = opensim.TimeSeriesTable(str(motion_path))
    assert list(angles.getColumnLabels()) == [angle_name(assessment)] == ["shoulder_abduction_left"]
    column = angles.getDependentColumn("shoulder_abduction_left").to_numpy()
    assert np.allclose(column, assessment.series.angle_deg[seen], atol=1e-6)
    assert np.allclose(angles.getIndependentColumn(), assessment.series.time_s[seen], atol=1e-6)


def test_an_angle_that_was_never_seen_makes_no_file() -> None:
    assert mot_text(refused()) is None
    time_s = np.arange(3.0)
    blank = Series(time_s=time_s, angle_deg=np.full(3, np.nan))
    assert mot_text(replace(measured(), series=blank)) is None


@given(st.integers(0, 2**31), st.booleans())
@settings(max_examples=15, deadline=None)
def test_trc_comes_back_to_its_last_decimal(
    tmp_path_factory: pytest.TempPathFactory, seed: int, face: bool
) -> None:
    series = landmarks_of(seed, face=face)
    back = read_trc_pair(written(tmp_path_factory.mktemp("trc"), series))
    assert (back.width_px, back.height_px) == (1280, 720)
    assert np.allclose(back.xy_px, series.xy_px, atol=HALF_MICROPIXEL, equal_nan=True)
    assert np.allclose(back.world_m, series.world_m, atol=6e-7, equal_nan=True)
    assert np.allclose(back.time_s, series.time_s, atol=1e-6)
    assert (back.face_px is None) == (not face)
    if back.face_px is not None and series.face_px is not None:
        assert np.allclose(back.face_px, series.face_px, atol=1e-3)


@pytest.mark.parametrize("clip", CLIPS)
@pytest.mark.parametrize("kind", ["npz", "trc"])
def test_imported_landmarks_give_the_angle_of_the_recording(
    tmp_path: Path, clip: str, kind: str
) -> None:
    movement, (side, *_) = CLIPS[clip]
    series = read_golden(landmarks_path(clip))
    expected, _ = assess(series, movement, side)
    origin = origin_of(set_of(expected))
    if kind == "npz":
        (tmp_path / "set.npz").write_bytes(
            landmark_bytes(LandmarkFile(landmarks=series, origin=origin))
        )
    else:
        written(tmp_path, series, origin)
    (path,) = landmark_paths(tmp_path)
    (found,) = assess_landmarks(read_landmark_file(path), path).assessments
    assert found.measured and expected.value_deg is not None and found.value_deg is not None
    assert found.series is not None and expected.series is not None
    if kind == "npz":
        assert found.value_deg == expected.value_deg
        assert np.array_equal(found.series.angle_deg, expected.series.angle_deg, equal_nan=True)
        assert found.issues == expected.issues
    else:
        assert found.value_deg == pytest.approx(expected.value_deg, abs=0.01)
        assert "visibility_unknown" in {issue.code for issue in found.issues}
    assert (found.movement, found.side) == (movement, side)
    assert found.provenance.model_sha256 == expected.provenance.model_sha256


def test_an_archive_is_preferred_to_the_trc_files_beside_it(tmp_path: Path) -> None:
    series = landmarks_of(3)
    written(tmp_path, series)
    file = LandmarkFile(landmarks=series, origin=Origin())
    (tmp_path / "set.npz").write_bytes(landmark_bytes(file))
    assert [path.name for path in landmark_paths(tmp_path)] == ["set.npz"]


def test_an_origin_comes_back() -> None:
    origin = origin_of(set_of(measured()))
    assert origin_from_text(origin_text(origin)) == origin
    assert origin_from_text(origin_text(Origin())) == Origin()


def spoilt(tmp_path: Path, old: str, new: str) -> Path:
    path = written(tmp_path, landmarks_of(4))
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("PathFileType", "Path", "begin like one"),
        ("\tpx\t", "\tmm\t", "coordinates in px"),
        ("LEFT_WRIST", "LWrist", "LEFT_WRIST is missing"),
        (PICTURE_CORNER, "CORNER", f"{PICTURE_CORNER} is missing"),
        ("\n3\t", "\nx\t", "numbers in line 9"),
        ("\t1280.0000", "\tNaN", "picture's size"),
    ],
)
def test_a_spoilt_trc_file_is_told_in_a_sentence(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        read_trc_pair(spoilt(tmp_path, old, new))


def test_files_that_are_none_are_told_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "set.npz"
    for content in (b"", b"PK\x03\x04", b"x" * 100):
        path.write_bytes(content)
        with pytest.raises(InputError, match=r"set\.npz"):
            read_landmarks(path)
    np.savez(path, time_s=np.arange(3.0))
    with pytest.raises(InputError, match="something else"):
        read_landmarks(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_points(tmp_path / "none.trc", "px")


def test_side_and_direction_stand_in_the_name_of_the_angle() -> None:
    neck = measured(40.0, movement="cervical_flexion", side=None)
    assert angle_name(neck) == "cervical_flexion"
    assert angle_name(replace(neck, side=Side.RIGHT)) == "cervical_flexion_right"
