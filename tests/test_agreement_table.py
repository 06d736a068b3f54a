"""Tables of pairs: tolerant of how spreadsheets write them, every problem told at once."""

from __future__ import annotations

from datetime import date

import pytest
from agreement_builders import CONDITIONS, baseline_pairs, reference_pairs
from hypothesis import given, settings
from hypothesis import strategies as st

from rom.clinical.agreement.pairs import INSTRUMENTS, Conditions, ReferencePair
from rom.clinical.agreement.pairs_table import pairs_table_text, read_pairs_table
from rom.landmarks import Side
from rom.movements import MOVEMENTS

HEAD = "person,movement,side,rom_deg,reference_deg,instrument,date"
NAMES = st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=20)
ANGLES = st.integers(-3600, 3600).map(lambda tenths: tenths / 10)
CONDITIONS_KNOWN = st.builds(
    Conditions,
    yaw_deg=st.none() | ANGLES,
    subject_height_frac=st.none() | st.sampled_from([0.5, 0.731]),
    model_sha256=st.just("0f" * 32),
    correction=st.none() | st.sampled_from(["curve/1", "curve/1+camera:a,b/2026-01-31"]),
)


@st.composite
def pairs(draw: st.DrawFn) -> ReferencePair:
    movement = draw(st.sampled_from(sorted(MOVEMENTS)))
    return ReferencePair(
        person=draw(NAMES),
        movement=movement,
        side=draw(st.sampled_from(list(Side))) if MOVEMENTS[movement].has_side else None,
        rom_deg=draw(ANGLES),
        reference_deg=draw(ANGLES),
        instrument=draw(st.sampled_from(INSTRUMENTS)),
        day=draw(st.dates(date(1990, 1, 1), date(2100, 1, 1))),
        conditions=draw(st.none() | CONDITIONS_KNOWN),
    )


@settings(deadline=None)
@given(listed=st.lists(pairs(), max_size=6))
def test_what_is_written_is_read_back(listed: list[ReferencePair]) -> None:
    found = read_pairs_table(pairs_table_text(listed))
    assert found.problems == ()
    assert list(found.references) == listed


def test_sets_before_are_read_back() -> None:
    listed = baseline_pairs([1.0, -2.5])
    assert list(read_pairs_table(pairs_table_text(listed)).baselines) == listed


@pytest.mark.parametrize(
    "name", ["=HYPERLINK(1)", "@x", "-1", "'=x", "''", "'", "👩🏽‍🦽 Zoë", "דוד בן־גוריון"]
)
def test_no_name_becomes_a_formula(name: str) -> None:
    text = pairs_table_text(reference_pairs([1.0], people=[name]))
    assert f"\n'{name}," in text or name[0].isalpha() or name[0] > "\U0001f000"
    assert read_pairs_table(text).references[0].person == name


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}\nAnn,knee_flexion,left,118.5,120,goniometer,2026-03-01\n",
        f"\ufeff{HEAD}\r\nAnn,knee_flexion,L,118.5,120°,Goniometer,2026-03-01\r\n\r\n,,,,,,\r\n",
        f"{HEAD.replace(',', ';')}\nAnn;knee_flexion;left;118,5;120,0;goniometer;1.3.2026\n",
        f"{HEAD.replace(',', chr(9))}\nAnn\tknee_flexion\tleft\t118,5\t120\tgoniometer\t01.03.2026",
        f'{HEAD}\n"Ann","knee_flexion","left","118,5",120.,goniometer,2026-03-01T09:30\n',
        "note,Date,INSTRUMENT,reference_deg, rom_deg ,side,movement,person\n"
        "x,2026-03-01,goniometer,120,118.5,left,knee_flexion,Ann\n",
    ],
)
def test_tables_as_spreadsheets_write_them(text: str) -> None:
    found = read_pairs_table(text)
    assert found.problems == ()
    (pair,) = found.references
    assert pair == ReferencePair(
        person="Ann",
        movement="knee_flexion",
        side=Side.LEFT,
        rom_deg=118.5,
        reference_deg=120.0,
        instrument="goniometer",
        day=date(2026, 3, 1),
    )


def test_every_problem_is_told_with_its_line() -> None:
    found = read_pairs_table(
        f"{HEAD}\n"
        "Ann,knee_flexion,left,12x,100,goniometer,2026-13-01\n"
        "Ann,knee_wobble,left,120,100,goniometer,2026-03-01\n"
        "Ben,knee_flexion,left,120,100,goniometer,2026-03-01\n"
        ",knee_flexion,middle,120,900,ruler,03/04/2026\n"
        "Ann,knee_flexion,,120,,goniometer,2026-03-01\n"
        "Ann,cervical_flexion,left,20,20,goniometer,2026-03-01\n"
    )
    told = [problem.split(":")[:2] for problem in found.problems]
    assert told == [
        ["line 2", " date"],
        ["line 2", " rom_deg"],
        ["line 3", " movement"],
        ["line 5", " person"],
        ["line 5", " side"],
        ["line 5", " date"],
        ["line 5", " reference_deg"],
        ["line 5", " instrument"],
        ["line 6", " movement"],
        ["line 6", " reference_deg"],
        ["line 7", " movement"],
    ]
    assert [pair.person for pair in found.references] == ["Ben"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "expected a first line with columns"),
        ("person,movement\n", "missing: side, date, rom_deg, reference_deg, instrument"),
        (f"{HEAD},date\n", "got date twice"),
        ("person;movement;side;pre1_deg;date\n", "missing: pre2_deg"),
        (f'{HEAD}\n"{"x" * 140_000}"', "expected cells of a table"),
    ],
)
def test_what_is_no_table_of_pairs_is_told(text: str, words: str) -> None:
    found = read_pairs_table(text)
    assert len(found.problems) == 1 and words in found.problems[0]
    assert not found.references and not found.baselines


@settings(deadline=None)
@given(text=st.text(max_size=300))
def test_no_text_makes_it_fail(text: str) -> None:
    found = read_pairs_table(f"{HEAD}\n{text}")
    assert all("\n" not in problem for problem in found.problems)


def test_analysis_comes_with_the_pair() -> None:
    text = pairs_table_text(reference_pairs([1.0]))
    assert read_pairs_table(text).references[0].conditions == CONDITIONS
    wrong = text.replace("ab" * 32, "abc")
    assert "64 hexadecimal digits" in read_pairs_table(wrong).problems[0]
