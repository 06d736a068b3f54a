"""No string that a user can see says what is never said."""

from __future__ import annotations

import re

import pytest
from forbidden_words import CONDITIONS, FORBIDDEN, forbidden_in
from user_strings import (
    PACKAGE,
    strings_of_catalogue,
    strings_of_code,
    strings_of_table,
    strings_of_template,
    strings_of_typst,
    user_strings,
)


def test_no_string_says_what_is_never_said() -> None:
    found = [
        f"{place}: {word!r} in {' '.join(text.split())!r}"
        for place, text in user_strings()
        for word in forbidden_in(text, place)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("sentence", [*FORBIDDEN.values(), *CONDITIONS.values()])
def test_a_planted_sentence_would_be_found_wherever_it_stands(sentence: str) -> None:
    places = {
        "code": strings_of_code(f"'''Says what it says.'''\nprint({sentence!r})\n"),
        "f-string": strings_of_code(f"print(f{sentence + ' {name}'!r})\n"),
        "table": (cell for _, cell in strings_of_table(f'id,user_wording\nX1,"{sentence}"\n')),
        "catalogue": strings_of_catalogue({"knee_flexion": {"tips": ["Stand.", sentence]}}),
        "page": strings_of_template(f"{{% if measured %}}\n<p>{sentence}</p>\n{{% endif %}}"),
        "PDF": strings_of_typst(f"#if doc.measured [{sentence}] // fine\n"),
        "page, filled": strings_of_template(f'<p>{{{{ "{sentence}" if measured else "" }}}}</p>'),
    }
    for place, strings in places.items():
        assert any(word for text in strings for word in forbidden_in(text)), place


@pytest.mark.parametrize("pattern", [*FORBIDDEN, *CONDITIONS])
def test_every_pattern_finds_its_own_sentence(pattern: str) -> None:
    assert re.search(pattern, (FORBIDDEN | CONDITIONS)[pattern], re.IGNORECASE)


@pytest.mark.parametrize(
    "sentence",
    [
        "This fits a restriction linked to pain (a protective pattern).",
        "Below the usual range for this age: 95 of 100 people reach 142° or more.",
        "Your right knee is hidden in 62 % of the frames. Turn a little towards the camera.",
        "No measurable change. That is the most common result.",
        "In 3 of 4 sessions you moved further and it hurt less right after the massage.",
        "If it stays worse for more than 24 hours, talk to a professional.",
        "The true angle is expected within ±10° of it (95 %).",
    ],
)
def test_what_may_be_said_passes(sentence: str) -> None:
    assert not [*forbidden_in(sentence)]


def test_questions_may_name_conditions_and_results_may_not() -> None:
    sentence = "Rheumatoid arthritis that involves the neck"
    assert not [*forbidden_in(sentence, "rom/clinical/data/redflags.csv: question")]
    assert [*forbidden_in(sentence, "rom/clinical/data/decision_rules.csv: user_wording")]
    assert [*forbidden_in("A cure for it", "rom/clinical/data/redflags.csv: question")]


def test_docstrings_are_for_programmers() -> None:
    code = (
        '"""Diagnose."""\nLIMIT = 3\n"""Abnormal."""\ndef f():\n    """Cure."""\n    return "a b"\n'
    )
    assert [*strings_of_code(code)] == ["a b"]


def test_what_is_collected_holds_what_users_read() -> None:
    """One sentence of every kind, so that a reader that finds nothing is noticed."""
    found = {" ".join(text.split()) for _, text in user_strings()}
    assert {
        "No measurable change. That is the most common result.",
        "Nothing has changed in about a month. Please have it looked at.",
        "No change is told from a lower bound.",
        "One is a mirror image and the other is not.",
    } <= found
    files = {place.split(":")[0] for place, _ in user_strings()}
    for name in (
        "commands/arguments.py",
        "commands/measure.py",
        "errors.py",
        "movements.toml",
        "doctor.py",
    ):
        assert (PACKAGE / name).is_file()
    assert {
        f"rom/{name}" for name in ("commands/arguments.py", "commands/measure.py", "movements.toml")
    } <= files
    assert any(place.endswith("comparison.html") for place in files)
    assert any("Angle over time." in text for text in found)
    assert any(place.endswith("report.typ") for place in files)
