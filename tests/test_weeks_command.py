"""Sessions over weeks from the results of `rom compare`: read back, grouped, judged, refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from cli_runner import run_rom
from clinical_builders import measured, refused, sign

from rom.clinical.assessment import Assessment
from rom.clinical.comparison import compare, compare_sides
from rom.clinical.history import record_of
from rom.clinical.history_json import session_from_json, with_flares
from rom.errors import InputError, UsageError
from rom.landmarks import Side
from rom.outputs import json_text

DAY = date(2026, 3, 2)


def first_set(value_deg: float, *present: str) -> Assessment:
    codes = ("hesitation", "trunk_lean", "bracing")
    signs = tuple(sign(code, (0, 1) if code in present else ()) for code in codes)
    return measured(value_deg, signs=signs)


def result(
    day: int = 0, value_deg: float = 118.0, *present: str, pain: float | None = 5.0
) -> dict[str, Any]:
    found = compare(
        first_set(value_deg, *present),
        first_set(value_deg + 1.0),
        pain_before=pain,
        pain_after=pain,
        age=34,
    )
    content: dict[str, Any] = json.loads(json_text(found.to_json(day=DAY + timedelta(days=day))))
    return content


@pytest.mark.parametrize("first", [first_set(118, "hesitation", "trunk_lean"), refused()])
@pytest.mark.parametrize("pain", [None, 2.0, 6.0])
def test_what_is_read_back_is_what_the_comparison_was(
    first: Assessment, pain: float | None
) -> None:
    found = compare(first, first_set(140), pain_before=pain, pain_after=pain, age=34)
    read = session_from_json(json.loads(json_text(found.to_json(day=DAY))))
    kept = record_of(found, DAY)
    assert (read.day, read.label_id, read.pain) == (kept.day, kept.label_id, kept.pain)
    assert (read.restricted, read.protective_signs) == (kept.restricted, kept.protective_signs)
    assert (read.view, read.provenance) == (kept.view, kept.provenance)
    assert read.pre1_deg == kept.pre1_deg
    assert read.sem_deg == pytest.approx(kept.sem_deg, abs=1e-3)


def _without(key: str) -> Callable[[dict[str, Any]], object]:
    return lambda content: {name: value for name, value in content.items() if name != key}


def _with(key: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda content: content | {key: value}


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda content: [content], "another document"),
        (_with("schema", "rom.assessment/1"), "another document"),
        (_with("day", None), "--day"),
        (_with("day", "the third of May"), "damaged"),
        (_with("label", {"id": "D99", "name": "X"}), "damaged"),
        (_with("pain", {"before": 11, "after": 3}), "damaged"),
        (_without("pre1"), "damaged"),
        (_without("protective_signs"), "damaged"),
    ],
)
def test_other_documents_get_a_sentence(
    damage: Callable[[dict[str, Any]], object], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        session_from_json(damage(result()))


def test_left_and_right_are_no_session() -> None:
    sides = compare_sides(measured(), measured(side=Side.RIGHT))
    with pytest.raises(InputError, match="left and right"):
        session_from_json(sides.to_json(day=DAY))


def test_flares_belong_to_a_session_and_are_told_once() -> None:
    records = (session_from_json(result(0)), session_from_json(result(7)))
    later = DAY + timedelta(days=7)
    found = with_flares(records, flared=(DAY,), settled=(later,))
    assert [each.flare_over_24_h for each in found] == [True, False]
    with pytest.raises(UsageError, match="a day of one of the sessions"):
        with_flares(records, flared=(date(2026, 1, 1),), settled=())
    with pytest.raises(UsageError, match="both"):
        with_flares(records, flared=(DAY,), settled=(DAY,))


def test_weeks_of_a_folder(tmp_path: Path) -> None:
    for number, day in enumerate((14, 0, 7, 21, 28, 35)):  # the order of names is not that of days
        path = tmp_path / f"{number}.json"
        path.write_text(json_text(result(day, 118.0, "hesitation", "trunk_lean")))
    done = run_rom("weeks", tmp_path, "--json", "-", cwd=tmp_path)
    assert done.status == 0 and not done.stderr
    (found,) = json.loads(done.stdout)["movements"]
    assert (found["sessions"], found["label"]["id"]) == (6, "L04")
    assert any("in 6 of 6 sessions" in each for each in found["sentences"])
    text = run_rom("weeks", tmp_path, cwd=tmp_path).stdout
    assert text.index("2 March 2026") < text.index("9 March 2026")


def test_bad_files_are_named_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(json_text(result()))
    (tmp_path / "two.json").write_text("[]")
    out = tmp_path / "out.txt"
    done = run_rom("weeks", tmp_path, "--json", out, cwd=tmp_path)
    assert done.status == 2 and done.stderr.count("\n") == 1 and "two.json" in done.stderr
    assert not out.exists()
