"""JSON and CSV come back as they went out, and no cell becomes a formula."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from rom.clinical.agreement.learned import learn
from rom.clinical.agreement.switched_on import LocalErrors, local_errors_from_json
from rom.clinical.signs.judged import Sign
from rom.clinical.tables import read_schema
from rom.errors import InputError
from rom.exports.cells import from_cell, guarded, to_cell, unguarded
from rom.exports.columns import columns_of, read_columns, table_names
from rom.exports.csv_files import csv_texts, read_tables, table_path
from rom.exports.document import document, people_from_document, read_export_schema
from rom.exports.tables import document_of, tables_of
from rom.records.entities import (
    Edit,
    ManualReading,
    PainScore,
    Person,
    PersonContent,
    Session,
    SessionResult,
    SetRecord,
)
from tests.agreement_builders import baseline_pairs, reference_pairs
from tests.export_builders import NASTY, full_person, names, people, texts
from tests.record_builders import assert_same

FORMULA = re.compile(r"[=+\-@＝＋－＠\t\r]")
FEW = settings(max_examples=25, deadline=None)


def write_all(content: PersonContent, out: Path) -> None:
    if not out.suffix:
        out.mkdir(exist_ok=True)
    for path, text in csv_texts(tables_of(document([content])), out).items():
        path.write_bytes(text.encode("utf-8"))


@given(st.text())
def test_a_text_comes_back_and_is_no_formula(text: str) -> None:
    cell = guarded(text)
    assert unguarded(cell) == text
    assert not FORMULA.match(cell)
    assert all(not FORMULA.match(part) for part in re.split("[;\t\r\n]", cell) if part)


@given(st.none() | st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_stays_a_number_to_the_last_digit(value: float | None) -> None:
    cell = to_cell("number", value)
    assert not cell.startswith("'")
    assert from_cell("number", cell) == value


@pytest.mark.parametrize("cell", ["=1", "1,5", "nan", "inf", "'5", "1_0"])
def test_a_cell_that_is_no_number_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="expected a number"):
        from_cell("number", cell)


@given(st.none() | texts | st.dictionaries(texts, texts | st.booleans(), max_size=3))
def test_json_in_a_cell_comes_back(value: object) -> None:
    assert from_cell("json", to_cell("json", value)) == value  # type: ignore[arg-type]


@FEW
@given(people())
def test_json_comes_back_exactly(content: PersonContent) -> None:
    written = json.loads(json.dumps(document([content]), allow_nan=False))
    Draft202012Validator(read_export_schema()).validate(written)
    (back,) = people_from_document(written)
    assert_same(back, content)
    assert document([back]) == written


@FEW
@given(content=people())
def test_csv_comes_back_exactly(
    tmp_path_factory: pytest.TempPathFactory, content: PersonContent
) -> None:
    folder = tmp_path_factory.mktemp("export") / "tables"
    write_all(content, folder)
    back = document_of(read_tables(folder))
    assert back == json.loads(json.dumps(document([content])))
    assert_same(people_from_document(back)[0], content)


def test_every_kind_of_record_comes_back_beside_one_another(tmp_path: Path) -> None:
    content = full_person()
    write_all(content, tmp_path / "one.csv")
    assert {path.name for path in tmp_path.iterdir()} == {
        "one.csv",
        "one.csv-metadata.json",
        *(f"one.{name}.csv" for name in (*table_names(), "dictionary") if name != "sets"),
    }, "the example must fill every table"
    assert document_of(read_tables(tmp_path / "one.csv")) == document([content])


@pytest.mark.parametrize("text", NASTY)
def test_no_cell_of_any_file_is_a_formula(tmp_path: Path, text: str) -> None:
    content = full_person()
    written = document([content])
    person = written["people"][0]
    person["notes"] = text  # type: ignore[index,call-overload]
    for path, content_text in csv_texts(tables_of(written), tmp_path).items():
        if path.suffix != ".csv":
            continue
        columns = {} if path.stem == "dictionary" else {c.name: c for c in columns_of(path.stem)}
        for row in csv.DictReader(content_text.removeprefix("\ufeff").splitlines(keepends=True)):
            for name, cell in row.items():
                if name not in columns or columns[name].kind not in ("number", "integer"):
                    assert not FORMULA.match(cell), (path.name, name)


def test_the_dictionary_names_every_column_with_its_unit_and_meaning() -> None:
    for column in read_columns():
        assert column.meaning, column
        number = column.kind in ("number", "integer")
        row_names_it = column.table in ("issues", "signs")
        assert bool(column.unit) == number or row_names_it, column
        for suffix, unit in {"_deg": "deg", "_s": "s", "_px": "px", "_hz": "Hz"}.items():
            if column.name.endswith(suffix) and number and not column.name.endswith("deg_s"):
                assert column.unit == unit, column
        assert column.blank, column


def test_the_schema_holds_the_contract_of_one_assessment() -> None:
    schema = read_export_schema()
    Draft202012Validator.check_schema(schema)
    contract = {
        name: value
        for name, value in read_schema("assessment").items()
        if name not in ("$schema", "$id")
    }
    assert_holds(schema["$defs"]["assessment"], contract)
    assert schema["$id"].startswith("urn:")


def assert_holds(found: Any, expected: Any, where: str = "assessment") -> None:
    """Whether a schema says all that another does, and only describes more."""
    if isinstance(expected, dict):
        for name, value in expected.items():
            assert_holds(found[name], value, f"{where}/{name}")
        more = set(found) - set(expected)
        assert where.endswith("/properties") or more <= {"description", "properties"}, where
    elif isinstance(expected, list) and expected and isinstance(expected[0], dict):
        for number, (one, other) in enumerate(zip(found, expected, strict=True)):
            assert_holds(one, other, f"{where}/{number}")
    else:
        assert found == expected, where


def test_the_schema_describes_every_value_that_is_written() -> None:
    schema = read_export_schema()
    content = replace(full_person(), own_errors=own_errors())
    written = json.loads(json.dumps(document([content])))
    assert_described(written, schema, schema)


def assert_described(value: Any, schema: Any, whole: Any, where: str = "") -> None:
    """Whether a schema names every property of a value, down to the last."""
    if "$ref" in schema:
        schema = whole["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    for choice in schema.get("anyOf", ()):
        if choice.get("type") == "object":
            schema = choice
    if isinstance(value, dict):
        if isinstance(schema.get("additionalProperties"), dict):
            return
        if schema["properties"].get("schema", {}).get("const") in FORMS_OF_THEIR_OWN:
            return
        for name, part in value.items():
            assert name in schema["properties"], f"{where}/{name}"
            assert_described(part, schema["properties"][name], whole, f"{where}/{name}")
    elif isinstance(value, list):
        for each in value:
            assert_described(each, schema["items"], whole, where)


FORMS_OF_THEIR_OWN = ("rom.massage/1", "rom.screen/1")
"""Described where they are written, not in the export."""


def own_errors() -> LocalErrors:
    learned = learn(
        reference_pairs([4.0, -3.0, 6.0, 1.0, -5.0, 2.0, 7.0, -1.0, 3.0, 5.0]),
        baseline_pairs([1, 6, -4, 9, -7, 3]),
    )
    return local_errors_from_json(learned.named("switched on 2026-11-21").to_json())


def test_every_field_of_a_record_leaves_and_comes_back() -> None:
    """A field that is added to a record and forgotten here would be lost on the way."""
    content = replace(full_person(), own_errors=own_errors())
    written: Any = document([content])["people"]
    (person,) = written
    session = next(each for each in person["sessions"] if each["results"])
    kept = next(each for each in session["sets"] if each.get("original"))
    elsewhere = {
        Person: set(),
        Session: {"person_id"},
        SessionResult: {"session_id"},
        SetRecord: {"session_id", "landmarks"},
        PainScore: set(),
        ManualReading: set(),
        Edit: set(),
        Sign: set(),
    }
    found: dict[type, Any] = {
        Person: person,
        Session: session,
        SessionResult: session["results"][0],
        SetRecord: kept,
        PainScore: kept["pain"][0],
        ManualReading: kept["readings"][0],
        Edit: kept["edits"][0],
        Sign: kept["signs"][0],
    }
    for kind, missing in elsewhere.items():
        names = {field.name for field in fields(kind)}
        assert names - set(found[kind]) == missing, kind
    (again,) = people_from_document(json.loads(json.dumps(document([content]))))
    assert_same(again, content)


def test_tables_of_before_there_were_originals_are_read(tmp_path: Path) -> None:
    write_all(full_person(), tmp_path)
    path = table_path(tmp_path, "sets")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        old = [name for name in rows[0] if name != "original"]
        writer = csv.DictWriter(file, old, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    (content,) = people_from_document(document_of(read_tables(tmp_path)))
    assert [each.original for each in content.sets] == [None, None]
    assert content.sets[0].edits == full_person().sets[0].edits


def spoilt(tmp_path: Path, table: str, old: str, new: str) -> Path:
    write_all(full_person(), tmp_path)
    path = table_path(tmp_path, table)
    text = path.read_text("utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("table", "old", "new", "words"),
    [
        ("sets", "140.0", "140,0", "column"),
        ("sets", "measured", "mesured", "status"),
        ("sets", "value_deg", "value", "value_deg is missing"),
        ("repetitions", "true", "yes", "counted"),
        ("people", "Anna", "", "blank"),
        ("series", "0.0,", "soon,", "time_s"),
    ],
)
def test_a_spoilt_cell_is_named(tmp_path: Path, table: str, old: str, new: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        people_from_document(document_of(read_tables(spoilt(tmp_path, table, old, new))))


def test_a_lost_table_is_noticed(tmp_path: Path) -> None:
    write_all(full_person(), tmp_path)
    table_path(tmp_path, "pain").unlink()
    with pytest.raises(InputError, match=r"pain\.csv is missing"):
        read_tables(tmp_path)


@pytest.mark.parametrize("content", [None, [], {}, {"schema": "rom.export/1"}, "x", 5])
def test_other_json_is_refused(content: object) -> None:
    with pytest.raises(InputError, match="rom export"):
        people_from_document(content)


@given(names)
def test_any_name_comes_back(name: str) -> None:
    assert unguarded(guarded(name)) == name
