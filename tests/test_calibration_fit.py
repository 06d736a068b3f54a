"""Corrections recover a distortion that is known, and reach the product as they were fitted."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from calibration_builders import planned, stick_stills
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.fit import (
    MISREAD_DEG,
    Correction,
    Sample,
    Trial,
    cues_of,
    fit_correction,
    fit_curve,
    neutral_first,
    read_samples,
    try_corrections,
    write_corrections,
)
from calibration.series import STILLS
from calibration.stock import Stills, Stock
from rom.kinematics.correction import (
    TERMS,
    Curve,
    correct_reading,
    correction_basis,
    correction_curves,
    posture_columns,
    posture_models,
)
from rom.landmarks import FloatArray
from rom.movements import MOVEMENTS

ELBOW = "elbow_flexion"
CUES = cues_of(MOVEMENTS[ELBOW])
Distortion = Callable[[FloatArray, FloatArray, FloatArray], FloatArray]


def bent(reading_deg: FloatArray, off_deg: FloatArray, cues: FloatArray) -> FloatArray:
    """A reading that falls short in the middle, and the more so the further the camera is off."""
    return 8.0 * np.sin(np.radians(reading_deg)) + 0.1 * off_deg - 2.0


def bent_by_posture(reading_deg: FloatArray, off_deg: FloatArray, cues: FloatArray) -> FloatArray:
    return bent(reading_deg, off_deg, cues) + 5.0 * np.tanh(cues[:, 0])


def sample(distortion: Distortion, *, seed: int = 0, count: int = 900, noise_deg: float = 0.5,
           misread_frac: float = 0.0, zeroed: bool = False) -> Sample:  # fmt: skip
    """Readings of people whose truth is known to be the reading and a distortion.

    With a zero of their own, every ninth still is at rest and the others count from it.
    """
    rng = np.random.default_rng(seed)
    reading_deg, off_deg = rng.uniform(0.0, 140.0, count), rng.uniform(-30.0, 30.0, count)
    cues = rng.normal(0.0, 1.0, (count, len(CUES)))
    rest = np.full(count, -1)
    if zeroed:
        rest = STILLS * (np.arange(count) // STILLS)
        reading_deg[rest], off_deg = 0.0, off_deg[rest]
    missing_deg = distortion(reading_deg, off_deg, cues)
    truth_deg = reading_deg + missing_deg - (missing_deg[rest] if zeroed else 0.0)
    truth_deg += rng.normal(0.0, noise_deg, count)
    misread = rng.random(count) < misread_frac
    reading_deg[misread] += rng.uniform(10.0, 90.0, int(misread.sum()))
    return Sample(
        reading_deg=reading_deg,
        truth_deg=truth_deg,
        off_deg=off_deg,
        cues=cues,
        rest=rest,
        member=np.full(count, "fit01"),
        kind=np.full(count, "plain"),
    )


def mean_error_deg(correction: Correction, on: Sample) -> float:
    return float(np.mean(np.abs(correction.predict_deg(on) - on.truth_deg)))


def trial(**changes: object) -> Trial:
    given = {"movement": ELBOW, "kinds": "plain near again", "stills": 90, "uncorrected_deg": 6.0}
    given |= {"curve_deg": 3.0, "posture_deg": 2.0, "posture_p95_deg": 5.0}
    return Trial(**(given | changes))  # type: ignore[arg-type]


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A folder that the product reads its corrections from."""
    (tmp_path / "data").mkdir()
    monkeypatch.setattr("rom.kinematics.correction.files", lambda package: tmp_path)
    for read in (correction_curves, posture_models):
        read.cache_clear()
    yield tmp_path / "data"
    for read in (correction_curves, posture_models):
        read.cache_clear()


@given(
    coefficients=st.lists(st.floats(-6.0, 6.0), min_size=len(TERMS), max_size=len(TERMS)),
    noise_deg=st.floats(0.0, 1.0),
)
@settings(max_examples=20, deadline=None)
def test_any_curve_of_these_terms_is_found_again(coefficients, noise_deg) -> None:
    rng = np.random.default_rng(3)
    reading_deg, off_deg = rng.uniform(-90.0, 180.0, 1500), rng.uniform(-30.0, 30.0, 1500)
    basis = correction_basis(reading_deg, off_deg)
    wanted_deg = basis @ np.array(coefficients)
    found = fit_curve(basis, wanted_deg + rng.normal(0.0, noise_deg, len(basis)))
    assert basis @ found == pytest.approx(wanted_deg, abs=0.6)


def test_a_known_distortion_is_undone_on_other_people() -> None:
    correction = fit_correction(ELBOW, sample(bent))
    others = sample(bent, seed=1, noise_deg=0.0)
    assert np.mean(np.abs(others.truth_deg - others.reading_deg)) > 3.0
    assert mean_error_deg(Correction(correction.curve), others) < 0.2


def test_a_distortion_from_a_zero_of_ones_own_is_undone_and_the_zero_stays() -> None:
    correction = fit_correction(ELBOW, sample(bent_by_posture, count=1800, zeroed=True))
    others = sample(bent, seed=1, noise_deg=0.0, zeroed=True)
    curve = Correction(correction.curve)
    assert mean_error_deg(curve, others) < 0.4
    for each in (curve, correction):
        assert each.predict_deg(others)[others.rest] == pytest.approx(0.0, abs=1e-9)


def test_stills_that_show_the_other_limb_do_not_bend_the_curve() -> None:
    clean, spoilt = sample(bent), sample(bent, misread_frac=0.15)
    others = sample(bent, seed=1, noise_deg=0.0)
    assert np.mean(np.abs(spoilt.truth_deg - spoilt.reading_deg) > MISREAD_DEG) > 0.08
    fitted = [Correction(fit_correction(ELBOW, each).curve) for each in (clean, spoilt)]
    assert mean_error_deg(fitted[1], others) < mean_error_deg(fitted[0], others) + 0.5


def test_what_was_not_read_or_is_far_off_is_not_usable() -> None:
    few = sample(bent, count=4, noise_deg=0.0)
    few.reading_deg[:3] = [np.nan, few.truth_deg[1] + 31.0, few.truth_deg[2] - 29.0]
    assert few.usable.tolist() == [False, False, True, True]


def test_the_posture_explains_what_the_curve_cannot() -> None:
    correction = fit_correction(ELBOW, sample(bent_by_posture, count=1500))
    others = sample(bent_by_posture, seed=1, noise_deg=0.0)
    with_curve_deg = mean_error_deg(Correction(correction.curve), others)
    assert with_curve_deg > 2.0
    assert mean_error_deg(correction, others) < 0.6 * with_curve_deg


def test_postures_unlike_all_others_get_the_curve_alone() -> None:
    correction = fit_correction(ELBOW, sample(bent_by_posture))
    strange = sample(bent_by_posture, seed=1)
    strange.cues[:] = 40.0 * np.sign(strange.cues)
    alone_deg = Correction(correction.curve).predict_deg(strange)
    assert correction.predict_deg(strange) == pytest.approx(alone_deg, abs=0.05)


def test_beyond_the_views_it_was_fitted_in_the_curve_stays_as_at_their_edge() -> None:
    curve = fit_correction(ELBOW, sample(bent)).curve
    assert -30.0 < curve.off_low_deg < -27.0
    assert 27.0 < curve.off_high_deg < 30.0
    reading_deg = np.linspace(0.0, 140.0, 20)
    assert curve.predict_deg(reading_deg, 80.0) == pytest.approx(
        curve.predict_deg(reading_deg, curve.off_high_deg)
    )


def test_trials_count_errors_of_each_kind_of_view_and_leave_out_what_was_not_read() -> None:
    plain, off = sample(bent, count=40, noise_deg=0.0), sample(bent, count=60, noise_deg=0.0)
    off.kind[:] = "off30"
    both = Sample(
        **{
            name: np.concatenate([getattr(plain, name), getattr(off, name)])
            for name in Sample.__dataclass_fields__
        }
    )
    both.reading_deg[0] = np.nan
    none = Correction(Curve(np.zeros(len(TERMS)), off_low_deg=-30.0, off_high_deg=30.0))
    first, second = try_corrections({ELBOW: none}, {ELBOW: both})
    assert (first.kinds, first.stills) == ("plain near again", 39)
    assert (second.kinds, second.stills) == ("off30", 60)
    for found, chosen in ((first, slice(1, 40)), (second, slice(40, 100))):
        missing_deg = np.abs(both.truth_deg - both.reading_deg)[chosen]
        assert found.uncorrected_deg == pytest.approx(missing_deg.mean())
        assert found.curve_deg == found.posture_deg == pytest.approx(missing_deg.mean())
        assert found.posture_p95_deg == pytest.approx(np.percentile(missing_deg, 95))


@pytest.mark.parametrize(
    ("posture_deg", "kept"), [((2.0, 3.5), True), ((2.0, 4.5), False), ((3.0, 3.0), False)]
)
def test_a_posture_model_is_kept_only_where_it_wins(tables: Path, posture_deg, kept: bool) -> None:
    """Against a curve that is 3° off, in the mean of all kinds of view."""
    correction = fit_correction(ELBOW, sample(bent_by_posture, count=300))
    trials = [trial(posture_deg=posture_deg[0]), trial(posture_deg=posture_deg[1], kinds="off30")]
    write_corrections({ELBOW: correction}, trials, tables)
    assert (ELBOW in posture_models()) == kept
    with (tables / "correction.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["posture_kept"] == ("yes" if kept else "no")


def test_the_product_reads_what_was_fitted(tables: Path) -> None:
    knee = "knee_flexion"
    fitted = {
        ELBOW: fit_correction(ELBOW, sample(bent_by_posture)),
        knee: Correction(fit_correction(ELBOW, sample(bent)).curve),
    }
    trials = [trial(), trial(movement=knee, posture_deg=4.0)]
    write_corrections(fitted, trials, tables)
    assert set(correction_curves()) == {ELBOW, knee}
    assert set(posture_models()) == {ELBOW}
    others = sample(bent_by_posture, seed=1, count=50)
    for row, reading_deg in enumerate(others.reading_deg):
        one, off_deg = np.array([reading_deg]), float(others.off_deg[row])
        columns = posture_columns(one, off_deg, others.cues[row : row + 1])
        added_deg = posture_models()[ELBOW].predict(columns).shift_deg
        read_deg = correct_reading(ELBOW, one, off_deg=off_deg) + added_deg
        assert read_deg == pytest.approx(fitted[ELBOW].predict_deg(others)[row], abs=0.02)
    assert posture_models()[ELBOW].cues == CUES


def test_every_row_of_the_table_says_how_far_off_it_was(tables: Path) -> None:
    write_corrections({ELBOW: fit_correction(ELBOW, sample(bent))}, [trial()], tables)
    with (tables / "correction.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    errors = [row[f"error_{name}_deg"] for name in ("uncorrected", "curve", "posture")]
    assert errors == ["6.00", "3.00", "2.00"]
    assert row["stills"] == "90"
    assert "tune split" in row["source"]


def shown(movement: str, member: int, kind: str, split: str) -> Stills:
    """A figure whose limb bends less than is true, as landmarks drawn to common poses do."""
    plan = planned(kind, movement, member, split=split)  # type: ignore[arg-type]
    towards = plan.commands_deg
    return stick_stills(plan, shown_deg=towards - 6.0 * np.sin(np.radians(towards)))


@pytest.mark.parametrize("movement", ["elbow_flexion", "shoulder_abduction", "cervical_rotation"])
def test_from_stills_to_readings_that_are_right(tables: Path, movement: str) -> None:
    """The whole way: stock, product's readings, fit, tables, product's correction."""
    every = [("fit", member) for member in range(12)] + [("tune", member) for member in range(4)]
    stills = [shown(movement, member, "plain", split) for split, member in every]
    stock = Stock({each.key: each for each in stills})
    fitting, tuning = read_samples(stock, "fit")[movement], read_samples(stock, "tune")[movement]
    assert set(fitting.member) == {f"fit{number:02d}" for number in range(1, 13)}
    assert set(tuning.member) == {f"tune{number:02d}" for number in range(1, 5)}
    fitted = {movement: fit_correction(movement, fitting)}
    (found,) = try_corrections(fitted, {movement: tuning})
    assert found.uncorrected_deg > 2.0
    assert found.curve_deg < 0.5
    write_corrections(fitted, [found], tables)
    corrected_deg = np.array(
        [
            float(correct_reading(movement, np.array(reading_deg), off_deg=off_deg))
            for reading_deg, off_deg in zip(tuning.reading_deg, tuning.off_deg, strict=True)
        ]
    )
    read_deg = tuning.reading_deg + tuning.from_rest(corrected_deg - tuning.reading_deg)
    error_deg = np.nanmean(np.abs(read_deg - tuning.truth_deg))
    assert error_deg == pytest.approx(found.curve_deg, abs=0.02)


def test_each_direction_is_learned_from_its_own_stills() -> None:
    stills = stick_stills(planned("plain", "cervical_rotation", split="fit"))
    both = read_samples(Stock({stills.key: stills}), "fit")["cervical_rotation"]
    assert len(both.reading_deg) == 2 * STILLS
    for side in (slice(0, STILLS), slice(STILLS, None)):
        learned = np.isfinite(both.reading_deg[side])
        turned_deg = both.truth_deg[side][learned]
        furthest_deg = turned_deg[np.argmax(np.abs(turned_deg))]
        assert np.sum(turned_deg * np.sign(furthest_deg) > 10.0) >= 2
        assert np.sum(turned_deg * np.sign(furthest_deg) < -0.5 * abs(furthest_deg)) == 0
    assert set(both.rest) == {0, STILLS}


def test_the_report_split_is_not_looked_at() -> None:
    stills = shown(ELBOW, 0, "plain", "report")
    stock = Stock({stills.key: stills})
    assert read_samples(stock, "fit") == read_samples(stock, "tune") == {}


def test_a_movement_that_counts_from_rest_begins_with_its_middle_still() -> None:
    stills = stick_stills(planned("plain", "cervical_rotation"))
    legs = np.arange(len(stills.truth_deg)) == 7
    first = neutral_first(replace(stills, legs_exchanged=legs))
    order = [int(np.flatnonzero(stills.truth_deg == each)[0]) for each in first.truth_deg]
    assert order == [4, 0, 1, 2, 3, 5, 6, 7, 8]
    for name in ("command_deg", "xy_px", "visibility", "world_m", "face_px"):
        assert np.array_equal(getattr(first, name), getattr(stills, name)[order])
    assert np.array_equal(first.legs_exchanged, legs[order])
    straight = stick_stills(planned("plain", ELBOW))
    assert neutral_first(straight) is straight


def test_people_nobody_found_teach_nothing() -> None:
    stills = shown(ELBOW, 0, "plain", "fit")
    nobody = replace(stills, xy_px=np.full_like(stills.xy_px, np.nan))
    assert read_samples(Stock({nobody.key: nobody}), "fit") == {}
