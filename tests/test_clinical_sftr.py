"""SFTR notation: the order of the numbers, what neutral lacks, what was not measured."""

from __future__ import annotations

import re

import pytest
from clinical_builders import measured, refused
from hypothesis import given
from hypothesis import strategies as st

from rom.clinical.sftr import SOURCE, SftrLine, sftr_lines, sftr_notation, sftr_place
from rom.clinical.sources import citations_in, evidence_words
from rom.clinical.tables import read_table, text_of
from rom.landmarks import Side
from rom.movements import MOVEMENTS, SideKind

angles = st.floats(0.0, 200.0)


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        (15, 120, "S: 15-0-120"),  # the hip in GERHARDT1975, read second-hand
        (0, 150, "S: 0-0-150"),
        (10, 150, "S: 10-0-150"),  # beyond straight
        (-20, 150, "S: 0-20-150"),  # straight is not reached
        (30, -10, "S: 30-10-0"),
        (None, 130, "S: ( )-0-130"),
        (-10, None, "S: 0-10-( )"),
        (-0.4, 150, "S: 0-0-150"),
    ],
)
def test_written_examples(first: float | None, last: float | None, written: str) -> None:
    assert sftr_notation("S", first, last) == written


@given(angles, angles, st.floats(0.0, 100.0))
def test_the_notation_can_be_read_back(first: float, last: float, lacking: float) -> None:
    for ends in ((first, last), (-lacking, lacking + last), (lacking + first, -lacking)):
        found = re.fullmatch(r"S: (\d+)-(\d+)-(\d+)", sftr_notation("S", *ends))
        assert found
        read_first, start, read_last = map(int, found.groups())
        assert start == 0 or 0 in (read_first, read_last)
        signed = (read_first or -start, read_last or -start)
        assert signed == tuple(map(round, ends))


def test_a_lower_bound_is_marked() -> None:
    assert sftr_notation("R", 60, 55, at_least=["first"]) == "R: ≥60-0-55"


def test_ends_without_motion_between_them_are_refused() -> None:
    with pytest.raises(ValueError, match="motion between"):
        sftr_notation("S", -30, 20)


def test_the_table_holds_every_measurable_movement_and_no_other() -> None:
    rows = read_table("sftr.csv")
    measurable = {name for name, movement in MOVEMENTS.items() if movement.measurable}
    assert {row["movement_id"] for row in rows} == measurable
    for row in rows:
        assert citations_in(text_of(row, "source"))
        assert evidence_words(text_of(row, "evidence"))
        by_side = MOVEMENTS[text_of(row, "movement_id")].side_kind is SideKind.DIRECTION
        assert by_side == (row["end"] == "left_first")


@pytest.mark.parametrize("side", Side)
def test_two_motions_never_share_a_place(side: Side) -> None:
    names = [text_of(row, "movement_id") for row in read_table("sftr.csv")]
    places = [sftr_place(name, side) for name in names]
    assert None not in places and len(set(places)) == len(places)


def test_flexion_and_extension_of_one_joint_share_a_line() -> None:
    lines = sftr_lines(
        [
            measured(48, movement="shoulder_extension"),
            measured(151, movement="shoulder_flexion"),
            measured(118),
            measured(140, side=Side.RIGHT),
            refused(movement="knee_flexion"),
        ]
    )
    assert [line.words for line in lines] == [
        "shoulder, left  S: 48-0-151",
        "shoulder, left  F: 118-0-( )",
        "shoulder, right  F: 140-0-( )",
    ]


def test_neck_and_trunk_are_written_left_first() -> None:
    right, left = (
        measured(value, movement="cervical_lateral_flexion", side=side)
        for value, side in ((31, Side.RIGHT), (39, Side.LEFT))
    )
    assert sftr_lines([right, left]) == (SftrLine(joint="neck", side=None, notation="F: 39-0-31"),)


def test_a_movement_outside_the_table_has_no_place() -> None:
    assert sftr_place("shoulder_internal_rotation", Side.LEFT) is None
    assert sftr_lines([measured(60, movement="shoulder_internal_rotation")]) == ()


def test_the_method_has_a_source() -> None:
    assert citations_in(SOURCE)
