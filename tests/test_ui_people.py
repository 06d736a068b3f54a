"""The page for people: added, found, renamed, deleted; names are data."""

from __future__ import annotations

import re
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from record_builders import ODD_NAMES, compared_session, person
from sqlalchemy import insert
from streamlit.testing.v1 import AppTest

from rom.records import schema
from rom.records.entities import Person
from rom.records.rows import person_row
from rom.records.store import open_store

HOSTILE = "**a** <script> :smile: $x$ :red[b]"


def draw() -> None:
    from rom.ui.screens.people import page

    page()


@pytest.fixture
def app(data_dir: Path) -> AppTest:
    return AppTest.from_function(draw, default_timeout=60)


def shown(app: AppTest) -> str:
    """All text of the page as Markdown or HTML."""
    parts = [each.value for kind in ("title", "markdown", "caption", "info", "error")
             for each in app.get(kind)]  # fmt: skip
    parts += [each.proto.body for each in app.get("html")]
    return "\n".join(parts)


def named(app: AppTest, kind: str, label: str) -> Any:
    (found,) = [each for each in app.get(kind) if each.label == label]
    return found


def add(name: str, **more: object) -> Person:
    with open_store() as store:
        return store.add_person(name, **more)  # type: ignore[arg-type]


def names() -> list[str]:
    with open_store() as store:
        return [each.person.pseudonym for each in store.people()]


def opened(app: AppTest, somebody: Person) -> AppTest:
    app.query_params["person"] = somebody.id
    return app.run()


def test_the_first_person_is_added_and_opened(app: AppTest) -> None:
    app.run()
    assert "Nobody is here yet" in shown(app)
    named(app, "text_input", "Name, nickname or number").input("Ana")
    named(app, "button", "Add").click().run()
    assert names() == ["Ana"]
    assert not app.exception and "<h1 class='rom-name'>Ana</h1>" in shown(app)


@pytest.mark.parametrize("name", [HOSTILE, *ODD_NAMES.values()])
def test_a_name_is_text_wherever_it_stands(app: AppTest, name: str) -> None:
    somebody = add(name)
    app.run()
    (line,) = [each for each in app.button if each.key == f"open-{somebody.id}"]
    unescaped = re.sub(r"\\.", "", line.label.removeprefix("**").partition("**")[0])
    assert not re.search(r"[*_<>\[\]$`:=&]", unescaped)
    line.click().run()
    assert not app.exception
    body = next(each.proto.body for each in app.get("html") if "rom-name" in each.proto.body)
    assert "<script" not in body
    named(app, "text_input", "Type the name to confirm").input("somebody else")
    named(app, "button", "Delete everything of this person").click().run()
    assert "Nothing was deleted" in shown(app) and names() == [somebody.pseudonym]


def test_a_name_that_is_taken_is_told(app: AppTest) -> None:
    add("Ana")
    app.run()
    named(app, "text_input", "Name, nickname or number").input("ANA")
    named(app, "button", "Add").click().run()
    assert "is taken" in shown(app).replace("\\", "") and names() == ["Ana"]


def test_somebody_is_renamed_and_noted_about(app: AppTest) -> None:
    opened(app, add("Ana", birth_year=1976))
    named(app, "text_input", "Name, nickname or number").input("Bea")
    app.text_area[0].input("# left-handed\n*really*")
    named(app, "button", "Save").click().run()
    assert names() == ["Bea"] and "<h1 class='rom-name'>Bea</h1>" in shown(app)
    assert "# left-handed<br>*really*" in shown(app)


def test_a_deleted_person_is_gone_with_everything(app: AppTest) -> None:
    somebody = add("Ana")
    add("Bea")
    with open_store() as store:
        store.save_session(compared_session(somebody.id, 0, 120.0, 140.0))
    opened(app, somebody)
    assert "1 session and 2 sets" in shown(app)
    named(app, "text_input", "Type the name to confirm").input("Ana")
    named(app, "button", "Delete everything of this person").click().run()
    assert names() == ["Bea"] and not app.exception
    assert "Deleted, with 1 session and 2 sets." in shown(app)
    assert "person" not in app.query_params


def test_an_id_that_is_nobodys_leads_to_the_list(app: AppTest) -> None:
    add("Ana")
    app.query_params["person"] = "0" * 32
    app.run()
    assert app.title[0].value == "People" and not app.exception


def test_sessions_show_values_with_their_error(app: AppTest) -> None:
    somebody = add("Ana", birth_year=1976, sex="F")
    with open_store() as store:
        for week, (before, after) in enumerate([(120.0, 140.0), (124.0, 142.0)]):
            store.save_session(compared_session(somebody.id, 7 * week, before, after))
    opened(app, somebody)
    assert not app.exception
    assert "124° ±" in shown(app) and "142° ±" in shown(app)
    assert "can be measurement error" in shown(app)
    assert [each.label for each in app.tabs] == [
        "Sessions", "Over time", "Left and right", "Reports and data", "Details",
    ]  # fmt: skip


def test_a_value_of_an_instrument_is_kept_beside_ours(app: AppTest) -> None:
    somebody = add("Ana")
    content = compared_session(somebody.id, 0, 120.0, 140.0)
    with open_store() as store:
        store.save_session(content)
    opened(app, somebody)
    kept = content.sets[0]
    app.number_input(key=f"value-{kept.id}").set_value(118.0)
    app.text_input(key=f"feel-{kept.id}").input("**firm**")
    submits = [each for each in app.button if each.label == "Keep it"]
    submits[0].click().run()
    with open_store() as store:
        (reading,) = store.set(kept.id).readings
    assert (reading.value_deg, reading.end_feel) == (118.0, "**firm**")
    assert "Goniometer 118°" in shown(app) and "\\*\\*firm\\*\\*" in shown(app)


def test_a_session_is_deleted_alone(app: AppTest) -> None:
    somebody = add("Ana")
    with open_store() as store:
        for day in (0, 7):
            store.save_session(compared_session(somebody.id, day, 120.0, 140.0))
    opened(app, somebody)
    [each for each in app.button if each.label == "Delete it"][0].click().run()
    with open_store() as store:
        (left,) = store.content(somebody.id).sessions
    assert left.session.day < date.today() and left.session.started_at.day == 2


def test_a_thousand_people_are_a_page_at_a_time_and_found_quickly(app: AppTest) -> None:
    with open_store() as store:
        everybody = [person(pseudonym=f"Client {number:04d}") for number in range(1000)]
        with store.database.writing() as connection:
            connection.execute(
                insert(schema.people), [person_row(each, store.owner) for each in everybody]
            )
        store.save_session(compared_session(everybody[-1].id, 0, 120.0, 140.0))
    app.run()
    lines = [each for each in app.button if (each.key or "").startswith("open-")]
    assert len(lines) == 20 and "Page 1 of 50, 1,000 people" in shown(app)
    named(app, "button", "On").click().run()
    assert "Client 0020" in next(
        each.label for each in app.button if (each.key or "").startswith("open-")
    )
    begun = time.perf_counter()
    named(app, "text_input", "Find by name").input("0999").run()
    assert time.perf_counter() - begun < 10.0
    (line,) = [each for each in app.button if (each.key or "").startswith("open-")]
    assert "1 session, last on 2 March 2026" in line.label
