"""The catalogue of movements: complete, consistent with the tables, and readable."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from rom.errors import UsageError
from rom.kinematics.angles import READINGS
from rom.landmarks import Landmark, Side
from rom.movements import MOVEMENTS, Extra, SideKind, measurable_movements, movement_named
from rom.quality.companions import COMPANIONS
from tests.performances import PEAK_DEG, cases


def movements_of_table(table: str, column: str) -> set[str]:
    text = (files("rom.clinical") / "data" / table).read_text("utf-8")
    return {row[column] for row in csv.DictReader(text.splitlines())}


def test_names_are_those_of_the_table_of_usual_ranges() -> None:
    table = movements_of_table("norm_defaults.csv", "movement_id")
    assert set(MOVEMENTS) >= table
    without_usual_range = set(MOVEMENTS) - table
    assert without_usual_range <= {"ankle_dorsiflexion_lunge"}


def test_every_measurable_movement_has_error_figures() -> None:
    known = movements_of_table("measurement_error.csv", "movement_id")
    assert {movement.name for movement in measurable_movements()} <= known


@pytest.mark.parametrize("movement", list(measurable_movements()), ids=lambda m: m.name)
def test_a_measurable_movement_says_how_it_is_read(movement) -> None:  # type: ignore[no-untyped-def]
    assert movement.reading in READINGS
    assert movement.sign in (-1, 1)
    low, high = movement.plausible_deg
    assert low < 0.0 < high
    assert 0.0 < movement.min_amplitude_deg < high - low
    assert movement.landmarks
    for name in movement.landmarks:
        joint = name.removeprefix("both:").upper()
        assert joint in Landmark.__members__ or f"LEFT_{joint}" in Landmark.__members__


@pytest.mark.parametrize("movement", list(MOVEMENTS.values()), ids=lambda m: m.name)
def test_what_is_not_measurable_says_why_and_every_text_is_whole(movement) -> None:  # type: ignore[no-untyped-def]
    assert movement.measurable or len(movement.not_measurable or "") > 40
    side = Side.LEFT if movement.has_side else None
    for text in (movement.title_for(side), movement.instruction_for(side), movement.start):
        assert text and "{" not in text and "  " not in text
    if movement.side_kind is not SideKind.NONE:
        assert "left" in movement.title_for(Side.LEFT)
        assert movement.title_for(Side.LEFT) != movement.title_for(Side.RIGHT)
    else:
        assert "left" not in movement.title_for(None)


def test_opposite_movements_share_a_reading_with_opposite_signs() -> None:
    by_reading: dict[str, list[int]] = {}
    for movement in measurable_movements():
        by_reading.setdefault(movement.reading, []).append(movement.sign)
    for reading, signs in by_reading.items():
        assert sorted(signs) in ([1], [-1, 1]), reading


def test_the_two_wrists_need_the_hand_and_the_face_movements_the_face() -> None:
    needing = {m.name: m.extra for m in measurable_movements() if m.extra is not Extra.NONE}
    assert needing == {
        "wrist_flexion": Extra.HAND,
        "wrist_extension": Extra.HAND,
        "cervical_lateral_flexion": Extra.FACE,
        "cervical_rotation": Extra.FACE,
    }


def test_companions_belong_to_movements_and_readings_that_exist() -> None:
    assert set(COMPANIONS) <= {movement.name for movement in measurable_movements()}
    for companions in COMPANIONS.values():
        assert {companion.reading for companion in companions} <= set(READINGS)


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("knee_flexon", "knee_flexion"), ("shoulder_abduct", "shoulder_abduction")],
)
def test_an_unknown_name_lists_the_nearest_in_one_line(wrong: str, meant: str) -> None:
    with pytest.raises(UsageError, match=meant) as caught:
        movement_named(wrong)
    assert "\n" not in str(caught.value)
    assert wrong in str(caught.value)


def test_a_name_like_no_other_says_where_to_look() -> None:
    with pytest.raises(UsageError, match="rom movements"):
        movement_named("zzzz")


def test_the_figures_perform_every_measurable_movement() -> None:
    """Tests for each movement would otherwise pass by being none."""
    assert set(PEAK_DEG) == {movement.name for movement in measurable_movements()}
    left_out = set(PEAK_DEG) - {name for name, _ in cases()}  # read too poorly in any view
    assert len(left_out) <= 4
