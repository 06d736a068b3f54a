"""The JSON document as tidy tables: one row per set, one per repetition, and so on; and back.

Which column holds which value says the data dictionary (`columns.csv`). Some columns repeat what
another table says, for a reader who opens only one; they are not read back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import rom
from rom.clinical.assessment import SCHEMA as ASSESSMENT_SCHEMA
from rom.clinical.json_values import JsonValue, json_value
from rom.clinical.signs.patterns import patterns_absent, patterns_not_evaluated, patterns_present
from rom.clinical.signs.rules import sign_words
from rom.exports.columns import columns_of, table_names
from rom.exports.document import SCHEMA, sign_from_json

Row = dict[str, JsonValue]
Tables = dict[str, list[Row]]

_OF_SET = {
    "issues": "assessment.issues",
    "pain": "pain",
    "pain_marks": "assessment.pain_marks",
    "readings": "readings",
    "edits": "edits",
}
"""Tables with one row per item of a list of the set."""


def tables_of(document: Mapping[str, Any]) -> Tables:
    """Return all tables of a document; a table without rows is an empty list."""
    tables: Tables = {name: [] for name in table_names()}
    for person in document["people"]:
        tables["people"].append(_row("people", person))
        for session in person["sessions"]:
            owner = {"person_id": person["id"]}
            tables["sessions"].append(_row("sessions", session, owner))
            for result in session["results"]:
                tables["results"].append(_row("results", result, {"session_id": session["id"]}))
            for each in session["sets"]:
                _add_set(tables, each, owner | {"session_id": session["id"]})
    return tables


def document_of(tables: Mapping[str, Sequence[Row]]) -> dict[str, Any]:
    """Return the document that `tables_of` took; its version of rom is this one.

    Raises
    ------
    ValueError
        A row refers to a person, session or set that is not there, or one is there twice.
    """
    sets = _objects(tables, "sets")
    sessions = _objects(tables, "sessions")
    people = _objects(tables, "people")
    repetitions = _repetitions(tables, sets)
    for set_id, content in sets.items():
        assessment = content["assessment"]
        assessment["schema"] = ASSESSMENT_SCHEMA
        assessment["repetitions"] = repetitions[set_id]
        _drop_blank_objects(assessment)
        if content["original"] is None:
            del content["original"]
    for name, path in _OF_SET.items():
        _attach_lists(sets, path, _owned(tables, name, "set_id", sets))
    signs = _owned(tables, "signs", "set_id", sets)
    for set_id, content in sets.items():
        if not content["assessment"]["pain_marks"]:
            del content["assessment"]["pain_marks"]
        content["signs"] = signs[set_id]
        content["assessment"] |= _patterns(content["assessment"]["movement"], signs[set_id])
    _attach_series(tables, sets)
    for session_id, content in sessions.items():
        if content["remarks"] is None:
            del content["remarks"]
        content["results"] = _owned(tables, "results", "session_id", sessions)[session_id]
    _attach(tables, "sets", sets, "session_id", sessions)
    _attach(tables, "sessions", sessions, "person_id", people)
    return {"schema": SCHEMA, "rom_version": rom.__version__, "people": list(people.values())}


def _add_set(tables: Tables, content: Mapping[str, Any], owner: Row) -> None:
    assessment = content["assessment"]
    tables["sets"].append(_row("sets", content, owner | _computed(assessment)))
    owner = {"set_id": content["id"]}
    read = {name: assessment[name] for name in ("movement", "side")}
    for index, repetition in enumerate(assessment["repetitions"]):
        place = owner | {"repetition": index}
        tables["repetitions"].append(_row("repetitions", repetition, place | read))
        tables["pauses"] += [place | pause for pause in repetition["pauses"]]
    for name, path in _OF_SET.items():
        tables[name] += [_row(name, item, owner) for item in _at(content, path) or ()]
    words = sign_words(assessment["movement"])
    for sign in content["signs"]:
        said = {"words": words.get(sign["code"], sign["code"]), "finding": _finding(sign)}
        tables["signs"].append(_row("signs", sign, owner | said))
    if "series" in assessment:
        pairs = zip(assessment["series"]["time_s"], assessment["series"]["angle_deg"], strict=True)
        tables["series"] += [
            owner | {"time_s": time_s, "angle_deg": angle_deg} for time_s, angle_deg in pairs
        ]


def _computed(assessment: Mapping[str, Any]) -> Row:
    """What the row of a set says for the reader who opens no other table."""
    blocking = [each["message"] for each in assessment["issues"] if each["severity"] == "blocking"]
    series = assessment.get("series")
    return {
        "repetitions_counted": sum(each["counted"] for each in assessment["repetitions"]),
        "reasons": " ".join(blocking) or None,
        "series_frames": None if series is None else len(series["time_s"]),
    }


def _finding(sign: Mapping[str, Any]) -> str:
    if sign["value"] is None:
        return "not_evaluated"
    return "present" if sign["present"] else "absent"


def _patterns(movement: str, signs: Sequence[dict[str, Any]]) -> Row:
    """What the contract of an assessment tells of its signs."""
    found = [sign_from_json(each) for each in signs]
    return {
        "patterns": json_value(patterns_present(movement, found), exact=True),
        "patterns_absent": json_value(patterns_absent(movement, found), exact=True),
        "patterns_not_evaluated": json_value(patterns_not_evaluated(movement, found), exact=True),
    }


def _row(table: str, content: Mapping[str, Any], others: Mapping[str, JsonValue] = {}) -> Row:
    """The row of an object: what the dictionary names a field of, and what is given besides."""
    return {
        column.name: _at(content, column.field) if column.field else others[column.name]
        for column in columns_of(table)
    }


def _content(table: str, row: Row) -> dict[str, Any]:
    """The object of a row."""
    content: dict[str, Any] = {}
    for column in columns_of(table):
        if not column.field:
            continue
        *outer, last = column.field.split(".")
        place = content
        for step in outer:
            place = place.setdefault(step, {})
        place[last] = row[column.name]
    return content


def _at(content: Mapping[str, Any], path: str) -> Any:
    """The value at a path; None where an object on the way is missing."""
    value: Any = content
    for step in path.split("."):
        value = None if value is None else value.get(step)
    return value


def _drop_blank_objects(assessment: dict[str, Any]) -> None:
    if all(value is None for value in assessment["normal_range"].values()):
        assessment["normal_range"] = None
    if all(value is None for value in assessment["view"].values()):
        del assessment["view"]
    provenance = assessment["provenance"]
    for name in ("sem_source", "accuracy_source"):
        if provenance[name] is None:
            del provenance[name]


def _objects(tables: Mapping[str, Sequence[Row]], table: str) -> dict[str, dict[str, Any]]:
    objects: dict[str, dict[str, Any]] = {}
    for row in tables.get(table, ()):
        content = _content(table, row)
        if content["id"] in objects:
            raise ValueError(f"{table}: expected each identifier once, got {content['id']!r} twice")
        objects[content["id"]] = content
    return objects


def _owned(
    tables: Mapping[str, Sequence[Row]],
    table: str,
    key: str,
    owners: Mapping[str, object],
    make: Callable[[str, Row], Any] = _content,
) -> dict[str, list[Any]]:
    """What the rows of a table hold, by the owner that each row names."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in tables.get(table, ()):
        owner = str(row[key])
        if owner not in owners:
            raise ValueError(f"{table}: expected a {key} of the other table, got {owner!r}")
        found[owner].append(make(table, row))
    return found


def _attach(
    tables: Mapping[str, Sequence[Row]],
    table: str,
    objects: Mapping[str, dict[str, Any]],
    key: str,
    owners: Mapping[str, dict[str, Any]],
) -> None:
    """Put the objects of a table into the lists of their owners."""

    def make(_: str, row: Row) -> dict[str, Any]:
        return objects[str(row["session_id" if table == "sessions" else "set_id"])]

    lists = _owned(tables, table, key, owners, make)
    for owner, content in owners.items():
        content[table] = lists[owner]


def _attach_lists(
    sets: Mapping[str, dict[str, Any]], path: str, lists: Mapping[str, list[Any]]
) -> None:
    *outer, last = path.split(".")
    for set_id, content in sets.items():
        place = content[outer[0]] if outer else content
        place[last] = lists[set_id]


def _attach_series(tables: Mapping[str, Sequence[Row]], sets: Mapping[str, dict[str, Any]]) -> None:
    lists = _owned(tables, "series", "set_id", sets)
    for row in tables.get("sets", ()):
        frames, set_id = row["series_frames"], str(row["set_id"])
        given = lists[set_id]
        if len(given) != (frames or 0):
            raise ValueError(
                f"series: expected {frames or 0} rows of set {set_id}, got {len(given)}"
            )
        if frames is not None:
            sets[set_id]["assessment"]["series"] = {
                name: [each[name] for each in given] for name in ("time_s", "angle_deg")
            }


def _repetitions(
    tables: Mapping[str, Sequence[Row]], sets: Mapping[str, object]
) -> dict[str, list[Any]]:
    """The repetitions of each set, in the order of their index, with their pauses."""
    pauses: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in tables.get("pauses", ()):
        place = str(row["set_id"]), _index(row)
        pauses[place].append({name: row[name] for name in ("start_s", "end_s")})
    found: dict[str, dict[int, Any]] = defaultdict(dict)
    for row in tables.get("repetitions", ()):
        set_id, index = str(row["set_id"]), _index(row)
        if set_id not in sets or index in found[set_id]:
            raise ValueError(f"repetitions: expected one row {index} of a set, got set {set_id!r}")
        content = _content("repetitions", row)
        found[set_id][index] = content | {"pauses": pauses.pop((set_id, index), [])}
    if pauses:
        raise ValueError(
            f"pauses: expected a repetition for each, got none for {next(iter(pauses))}"
        )
    return defaultdict(list, {set_id: _in_order(each) for set_id, each in found.items()})


def _in_order(by_index: Mapping[int, Any]) -> list[Any]:
    if sorted(by_index) != list(range(len(by_index))):
        raise ValueError(f"repetitions: expected 0 and up without a gap, got {sorted(by_index)}")
    return [by_index[index] for index in range(len(by_index))]


def _index(row: Row) -> int:
    index = row["repetition"]
    assert isinstance(index, int)
    return index


def filled(tables: Mapping[str, Sequence[Row]]) -> Iterable[tuple[str, Sequence[Row]]]:
    """The tables to write: those that every reader expects, and those that hold anything."""
    always = ("people", "sessions", "sets", "repetitions")
    return ((name, rows) for name, rows in tables.items() if rows or name in always)
