"""The page on the weeks: empty, with sessions, and the question after a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from report_builders import kept_weeks
from streamlit.testing.v1 import AppTest

from rom.records.entities import PersonContent
from rom.records.history import history_of
from rom.records.store import open_store
from rom.ui.access import own_person_id
from rom.ui.screens.progress.flare import AFTER, open_question
from rom.ui.screens.progress.sessions import session_table


def draw() -> None:
    from rom.ui.screens.progress import page

    page()


@pytest.fixture
def app(data_dir: Path) -> AppTest:
    return AppTest.from_function(draw, default_timeout=60)


def own_weeks(sessions: int = 6) -> PersonContent:
    kept = kept_weeks(sessions)
    me = replace(kept.person, id=own_person_id(None), pseudonym="Me")
    moved = [
        replace(each, session=replace(each.session, person_id=me.id)) for each in kept.sessions
    ]
    return PersonContent(person=me, sessions=tuple(moved))


def keep(content: PersonContent) -> None:
    with open_store() as store:
        store.import_content(content)


def kept() -> PersonContent:
    with open_store() as store:
        return store.content(own_person_id(None))


def shown(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(each.proto.body for each in app.get("html"))


def test_without_a_session_it_says_what_to_do(app: AppTest) -> None:
    app.run()
    assert "There is nothing to show yet" in shown(app)
    assert "Start a check" in [each.label for each in app.button]


def test_the_weeks_are_told_with_their_figures(app: AppTest) -> None:
    content = own_weeks()
    keep(content)
    app.run()
    words = shown(app)
    (course,) = history_of(content, today=content.sessions[-1].session.day).courses
    assert course.weeks.sentences[0] in words
    assert any("<svg" in each.value for each in app.markdown)
    assert [each.label for each in app.get("download_button")] == [
        "Report (PDF)",
        "Report (web page)",
    ]
    assert "Check again" in [each.label for each in app.button]


@pytest.mark.parametrize(("answer", "hurt"), [("No", False), ("Yes", True)])
def test_the_question_after_a_day_is_asked_once_and_kept(
    app: AppTest, answer: str, hurt: bool
) -> None:
    keep(own_weeks())
    app.run()
    next(each for each in app.button if each.label == answer).click().run()
    assert kept().sessions[-1].results[0].flare_over_24_h is hurt
    assert "did it hurt more than before" not in shown(app)
    assert bool(app.warning) is hurt
    app.run()
    assert not app.warning


def test_the_question_waits_a_day_and_is_about_the_latest_session() -> None:
    content = own_weeks(3)
    last = content.sessions[-1]
    at = last.session.started_at + AFTER
    found = open_question(content, at)
    assert found is not None and found[0] is last.session
    before = open_question(content, at - timedelta(seconds=1))
    assert before is not None and before[0] is content.sessions[-2].session
    assert open_question(replace(content, sessions=()), at) is None


def test_the_table_has_a_row_for_each_session_and_no_value_where_none_was_measured() -> None:
    content = own_weeks(7)
    (course,) = history_of(content, today=content.sessions[-1].session.day).courses
    table = session_table(course)
    assert len(table.rows) == 7
    assert [row[1] for row in table.rows].count("not measured") == 1
    assert all("±" in row[1] or row[1] == "not measured" for row in table.rows)
