"""Error figures of one's own: learned with the stated weights, used only where they hold."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from agreement_builders import CONDITIONS, baseline_pairs, reference_pairs
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from rom.clinical.agreement.learned import learn
from rom.clinical.agreement.local_error import (
    FEWEST_PEOPLE,
    FEWEST_SESSIONS,
    PRIOR_PEOPLE,
    LocalAccuracy,
    local_accuracy,
    personal_error,
)
from rom.clinical.agreement.pairs import Conditions
from rom.clinical.agreement.switched_on import LocalErrors, local_errors_from_json
from rom.clinical.error import (
    MDC95_FACTOR,
    PRIOR_DEGREES_OF_FREEDOM,
    accuracy_deg,
    error_figures,
    mdc95_of_change,
    sem_deg,
    usual_sem_deg,
)
from rom.clinical.tables import number_of, read_table
from rom.errors import InputError, UsageError
from rom.landmarks import Side

MOVEMENT = "shoulder_abduction"
TABLE_DEG = error_figures(MOVEMENT).accuracy_deg
DIFFERENCES = [4.0, -3.0, 6.0, 1.0, -5.0, 2.0, 7.0, -1.0, 3.0, 5.0, -6.0, 2.0]
DRIFTS = [1.0, 6.0, -4.0, 9.0, -7.0, 3.0]


def own_accuracy(factor: float = 1.0) -> LocalAccuracy:
    return local_accuracy(reference_pairs([factor * each for each in DIFFERENCES]))


def own_errors() -> LocalErrors:
    return learn(reference_pairs(DIFFERENCES), baseline_pairs(DRIFTS)).named("clinic")


def used_with(errors: LocalErrors, conditions: Conditions = CONDITIONS) -> tuple[float, float]:
    found = errors.used(MOVEMENT, conditions, sem_deg=3.1, accuracy_deg=TABLE_DEG)
    return found.sem_deg, found.accuracy_deg


def test_accuracy_by_hand() -> None:
    """Inverse gamma: 8 people of the table and 12 own; half-width of t with 20 degrees."""
    mean_square = float(np.mean(np.square(DIFFERENCES)))
    prior = (TABLE_DEG / stats.t.ppf(0.975, 8)) ** 2
    variance = (8 * prior + 12 * mean_square) / 20
    found = own_accuracy()
    assert found.rms_deg**2 == pytest.approx(mean_square)
    assert found.bias_deg == pytest.approx(np.mean(DIFFERENCES))
    expected = stats.t.ppf(0.975, 20) * math.sqrt(variance)
    assert found.accuracy_deg(TABLE_DEG, sem_deg=0.0) == pytest.approx(expected)


def test_without_own_people_the_accuracy_would_be_the_tables() -> None:
    nobody = replace(own_accuracy(), people=0)
    assert nobody.accuracy_deg(TABLE_DEG, sem_deg=0.0) == pytest.approx(TABLE_DEG)


def test_many_people_decide_the_accuracy_alone() -> None:
    many = replace(own_accuracy(), people=1_000_000, rms_deg=4.0)
    assert many.accuracy_deg(TABLE_DEG, sem_deg=0.0) == pytest.approx(1.96 * 4.0, rel=1e-3)


def test_accuracy_is_never_better_than_repeatability() -> None:
    perfect = replace(own_accuracy(), people=500, rms_deg=0.0)
    assert perfect.accuracy_deg(TABLE_DEG, sem_deg=3.0) == pytest.approx(MDC95_FACTOR * 3.0)


@settings(deadline=None)
@given(factor=st.floats(0.2, 5.0))
def test_larger_differences_mean_a_larger_error(factor: float) -> None:
    found, larger = own_accuracy(factor), own_accuracy(1.1 * factor)
    assert larger.accuracy_deg(TABLE_DEG, sem_deg=0.0) > found.accuracy_deg(TABLE_DEG, sem_deg=0.0)


def test_a_bias_counts_in_the_accuracy() -> None:
    biased = local_accuracy(reference_pairs([each + 8.0 for each in DIFFERENCES]))
    plain = own_accuracy()
    assert biased.bias_deg == pytest.approx(plain.bias_deg + 8.0)
    assert biased.accuracy_deg(TABLE_DEG, sem_deg=0.0) > plain.accuracy_deg(TABLE_DEG, sem_deg=0.0)


def test_everybody_counts_alike_whatever_the_number_of_pairs() -> None:
    people = [f"P{number:02d}" for number in range(len(DIFFERENCES))]
    often = reference_pairs([*DIFFERENCES, *[4.0] * 30], people=[*people, *["P00"] * 30])
    found = local_accuracy(often)
    assert (found.people, found.pairs) == (12, 42)
    assert found.rms_deg == pytest.approx(own_accuracy().rms_deg)


def test_the_accuracy_holds_the_truth_in_95_of_100_new_people() -> None:
    """True spread drawn around the table's as its eight people would leave it open."""
    rng = np.random.default_rng(5)
    prior_sd_deg = TABLE_DEG / stats.t.ppf(0.975, PRIOR_PEOPLE)
    template, inside = own_accuracy(), []
    for _ in range(4000):
        sd_deg = prior_sd_deg * math.sqrt(PRIOR_PEOPLE / rng.chisquare(PRIOR_PEOPLE))
        rms_deg = math.sqrt(np.mean(rng.normal(0, sd_deg, 15) ** 2))
        own = replace(template, people=15, rms_deg=rms_deg)
        inside.append(abs(rng.normal(0, sd_deg)) <= own.accuracy_deg(TABLE_DEG, sem_deg=0.0))
    assert np.mean(inside) == pytest.approx(0.95, abs=0.012)


def test_personal_error_by_hand() -> None:
    """Spread around the drift over √2, shrunk with 4 degrees of freedom against 5."""
    found = personal_error(baseline_pairs(DRIFTS))
    own = float(np.var(DRIFTS, ddof=1)) / 2
    assert found.sem_deg**2 == pytest.approx(own)
    assert found.drift_deg == pytest.approx(np.mean(DRIFTS))
    expected = (PRIOR_DEGREES_OF_FREEDOM * 3.1**2 + 5 * own) / (PRIOR_DEGREES_OF_FREEDOM + 5)
    assert found.updated_sem_deg(3.1) ** 2 == pytest.approx(expected)


def test_warming_up_is_no_error() -> None:
    steady = personal_error(baseline_pairs([each + 20.0 for each in DRIFTS]))
    assert steady.sem_deg == pytest.approx(personal_error(baseline_pairs(DRIFTS)).sem_deg)


def test_each_side_drifts_around_its_own_mean() -> None:
    left = baseline_pairs(DRIFTS)
    right = baseline_pairs([each + 10.0 for each in DRIFTS], side=Side.RIGHT)
    found = personal_error([*left, *right])
    assert (found.sessions, found.freedom) == (12, 10)
    assert found.sem_deg == pytest.approx(personal_error(left).sem_deg)


@pytest.mark.parametrize("movement", ["cervical_flexion", "knee_flexion", MOVEMENT])
def test_no_personal_error_undercuts_a_published_floor(movement: str) -> None:
    template = personal_error(baseline_pairs(DRIFTS))
    scope = replace(template.scope, movement=movement)
    steady = replace(template, scope=scope, sem_deg=0.0, freedom=1000)
    floors = {row["movement_id"]: row for row in read_table("error_floors.csv")}
    found = steady.updated_sem_deg(usual_sem_deg(movement))
    limit_deg = mdc95_of_change(found, found)
    assert limit_deg >= error_figures(movement).mdc95_within_deg - 0.01
    if movement in floors:
        assert limit_deg >= number_of(floors[movement], "mdc95_floor_deg") - 0.01


def false_change_frac(sessions: int) -> tuple[float, float]:
    """False changes of all people, and of the fifth who scatter most."""
    rng = np.random.default_rng(12)
    template = personal_error(baseline_pairs(DRIFTS))
    spread_of, false = [], []
    instrument_deg = error_figures(MOVEMENT).instrument_sd_deg
    for _ in range(1500):
        set_sd, repetition_sd = np.array([2.0, 3.0]) * np.exp(rng.normal(-0.06, 0.35, 2))
        offset_sd = math.hypot(instrument_deg, set_sd)
        count = 2 * sessions + 2
        sets = rng.normal(0, repetition_sd, (count, 3)) + rng.normal(0, offset_sd, (count, 1))
        values = np.median(sets, axis=1)
        sems = [sem_deg(movement=MOVEMENT, peaks_deg=list(each)) for each in sets[:2]]
        if sessions:
            own = np.var(values[2::2] - values[3::2], ddof=1) / 2
            person = replace(template, sem_deg=math.sqrt(own), freedom=sessions - 1)
            sems = [person.updated_sem_deg(each) for each in sems]
        spread_of.append(math.hypot(offset_sd, math.sqrt(0.45) * repetition_sd))
        false.append(abs(values[1] - values[0]) > mdc95_of_change(*sems))
    most = np.array(spread_of) > np.quantile(spread_of, 0.8)
    return float(np.mean(false)), float(np.mean(np.array(false)[most]))


def test_own_sessions_protect_those_who_scatter_most_from_false_changes() -> None:
    before, before_most = false_change_frac(0)
    after, after_most = false_change_frac(20)
    assert 0.03 < after < 0.065
    assert before < 0.075
    assert after_most < before_most - 0.015


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"model_sha256": "cd" * 32}, "another pose model"),
        ({"correction": "curve/2"}, "the correction curve/1, not with curve/2"),
        ({"correction": None}, "not with none"),
        ({"yaw_deg": 25.0}, "this is 25° off it"),
        ({"yaw_deg": None}, "from where this recording was filmed is not known"),
        ({"subject_height_frac": 0.3}, "another distance"),
    ],
)
def test_figures_are_not_used_elsewhere(changes: dict[str, object], words: str) -> None:
    errors = own_errors()
    elsewhere = replace(CONDITIONS, **changes)  # type: ignore[arg-type]
    found = errors.used(MOVEMENT, elsewhere, sem_deg=3.1, accuracy_deg=TABLE_DEG)
    assert (found.sem_deg, found.accuracy_deg) == (3.1, TABLE_DEG)
    assert found.sem_source is None and found.accuracy_source is None
    assert len(found.reasons) >= 1 and all(words in reason for reason in found.reasons)


def test_a_view_of_the_other_side_is_the_same_view() -> None:
    turned = replace(CONDITIONS, yaw_deg=-7.0, subject_height_frac=None)
    assert used_with(own_errors(), turned) == used_with(own_errors())
    assert (
        own_errors().used("knee_flexion", CONDITIONS, sem_deg=3.0, accuracy_deg=15.0).reasons == ()
    )


def test_used_figures_name_their_source_with_n_and_date() -> None:
    found = own_errors().used(MOVEMENT, CONDITIONS, sem_deg=3.1, accuracy_deg=TABLE_DEG)
    assert found.accuracy_source == (
        "own error figures clinic: 12 pairs of 12 people with a goniometer, up to 2026-03-12"
    )
    assert found.sem_source == (
        "own error figures clinic: 6 pairs of sets before of P07, up to 2026-03-06"
    )
    assert found.reasons == ()
    assert found.accuracy_deg != TABLE_DEG and found.sem_deg != 3.1


def test_personal_error_alone_widens_an_accuracy_that_it_exceeds() -> None:
    wild = learn([], baseline_pairs([20.0 * each for each in DRIFTS])).named("wild")
    sem, accuracy = used_with(wild)
    assert accuracy == pytest.approx(1.96 * sem) and accuracy > TABLE_DEG
    plain = accuracy_deg(MOVEMENT, peaks_deg=[118.0, 120.0, 122.0])
    assert plain == pytest.approx(TABLE_DEG)


def test_too_few_are_refused_with_what_is_missing() -> None:
    with pytest.raises(InputError, match=f"at least {FEWEST_PEOPLE} people .* got 9"):
        local_accuracy(reference_pairs(DIFFERENCES[:9]))
    with pytest.raises(InputError, match=f"at least {FEWEST_SESSIONS} sessions .* got 4"):
        personal_error(baseline_pairs(DRIFTS[:4]))


def test_pairs_of_unknown_or_older_analysis_do_not_count() -> None:
    older = replace(CONDITIONS, correction="curve/0")
    typed = reference_pairs(DIFFERENCES, conditions=None)
    with pytest.raises(InputError, match="got 0"):
        local_accuracy(typed)
    late = [replace(pair, day=date(2026, 9, 1)) for pair in reference_pairs(DIFFERENCES)]
    early = reference_pairs([90.0] * 12, conditions=older)
    assert local_accuracy([*early, *late]).rms_deg == pytest.approx(own_accuracy().rms_deg)


def test_figures_of_several_people_or_instruments_have_to_be_chosen() -> None:
    both = [*baseline_pairs(DRIFTS), *baseline_pairs(DRIFTS, person="P08")]
    with pytest.raises(UsageError, match="choose one with --person"):
        learn([], both).named("all")
    others = [replace(pair, instrument="inclinometer") for pair in reference_pairs(DIFFERENCES)]
    with pytest.raises(UsageError, match="choose one with --instrument"):
        learn([*reference_pairs(DIFFERENCES), *others], []).named("all")
    with pytest.raises(InputError, match=r"cannot: Arm, sideways and up \(goniometer\): Exp"):
        learn(reference_pairs([1.0, 2.0]), []).named("few")


def test_kept_figures_are_read_back_alike() -> None:
    errors = own_errors()
    again = local_errors_from_json(json.loads(json.dumps(errors.to_json())))
    assert used_with(again) == pytest.approx(used_with(errors), rel=1e-4)
    assert again.accuracy[0].source == errors.accuracy[0].source
    assert again.movements == (MOVEMENT,)
    again.check_movement(MOVEMENT)
    with pytest.raises(UsageError, match="clinic holds those of shoulder_abduction"):
        again.check_movement("knee_flexion")


def damaged(where: str, key: str, value: object) -> object:
    content = json.loads(json.dumps(own_errors().to_json()))
    part = content if where == "" else content[where][0]
    part[key] = value
    return content


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        "rom.local_error/1",
        damaged("", "schema", "rom.assessment/1"),
        damaged("", "name", "a\nb"),
        damaged("accuracy", "rms_deg", -1.0),
        damaged("accuracy", "rms_deg", float("nan")),
        damaged("accuracy", "people", 0),
        damaged("accuracy", "instrument", "ruler"),
        damaged("accuracy", "scope", None),
        damaged("personal", "sem_deg", "3"),
        damaged("personal", "last_day", "today"),
        damaged("personal", "freedom", True),
    ],
)
def test_what_is_no_figures_is_refused(content: object) -> None:
    with pytest.raises(InputError, match="as `rom agreement --save` writes them"):
        local_errors_from_json(content)
