"""The page of a check before it begins and after it has ended, without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from clinical_builders import measured, refused
from record_builders import compared_session
from streamlit.testing.v1 import AppTest

from rom.landmarks import Side
from rom.records.entities import Phase, Session, SessionContent, SetRecord, new_id
from rom.records.store import now
from rom.ui import access
from rom.ui.access import LOCAL, own_person, records
from rom.ui.stage.component import STAGES


def _page() -> None:
    from rom.ui.screens import check

    check.page()


@pytest.fixture
def page(data_dir: Path) -> Iterator[AppTest]:
    yield AppTest.from_function(_page, default_timeout=30)
    STAGES.close()
    access.close_records()


def words(page: AppTest) -> str:
    parts = (*page.title, *page.subheader, *page.markdown, *page.caption, *page.warning, *page.info)
    drawn = (each.proto.body for each in page.get("html"))
    return " ".join([*(str(each.value) for each in parts), *drawn])


def test_the_page_says_what_will_happen_before_it_asks_for_anything(page: AppTest) -> None:
    page.run()
    assert not page.exception
    assert "11 minutes" in page.radio[0].value and "safety questions" in words(page)
    assert page.selectbox[0].label == "Region" and page.button[0].label == "Start"
    page.radio[0].set_value(page.radio[0].options[1]).run()
    assert page.selectbox[0].label == "Movement" and "cannot tell" in words(page)


@pytest.mark.parametrize("region", ["Neck", "Shoulder", "Hip", "Knee and ankle", "Trunk"])
def test_every_region_can_be_started(page: AppTest, region: str) -> None:
    page.run()
    page.selectbox[0].select(region).run()
    page.button[0].click().run()
    assert not page.exception and page.session_state["check_token"]


def test_age_and_sex_are_kept_and_asked_once(page: AppTest) -> None:
    page.run()
    page.number_input[0].set_value(1976)
    page.radio[1].set_value("Female")
    page.button[0].click().run()
    person = own_person(LOCAL)
    assert (person.birth_year, person.sex) == (1976, "F")
    again = AppTest.from_function(_page, default_timeout=30).run()
    assert again.number_input[0].value == 1976 and not again.expander[0].proto.expanded


def test_the_result_says_what_changed_with_its_error(page: AppTest) -> None:
    person = own_person(LOCAL)
    kept = compared_session(person.id, 0, 118.0, 146.0)
    with records(LOCAL) as store:
        store.save_session(kept)
    page.query_params["session"] = kept.session.id
    page.run()
    assert not page.exception
    assert "You moved 28° further than before" in words(page)
    assert "measurement error" in words(page) and "does not say what caused" in words(page)
    assert {each.label for each in page.button} == {"Check again", "See your progress"}


def test_what_was_not_measured_has_no_number_but_a_reason_and_a_way_to_try_again(
    page: AppTest,
) -> None:
    person = own_person(LOCAL)
    session = Session(id=new_id(), person_id=person.id, started_at=now())
    missing = refused(side=Side.RIGHT)
    sets = tuple(
        SetRecord(
            id=new_id(),
            session_id=session.id,
            recorded_at=session.started_at,
            phase=Phase.PRE1,
            assessment=each,
        )
        for each in (measured(140.0), missing)
    )
    with records(LOCAL) as store:
        store.save_session(SessionContent(session=session, sets=sets))
    page.query_params["session"] = session.id
    page.run()
    assert "hidden in 62 %" in words(page)
    assert page.button[0].label == "Film again: right arm, sideways and up"
    page.button[0].click().run()
    assert not page.exception and page.session_state["check_token"]


def test_a_check_in_which_nothing_was_measured_says_so(page: AppTest) -> None:
    page.query_params["session"] = new_id()
    page.run()
    assert not page.exception and "Nothing was measured" in words(page)


def test_a_therapist_checks_the_person_who_was_chosen(page: AppTest) -> None:
    with records(LOCAL) as store:
        client = store.add_person("<b>Ana</b>")
    page.session_state["person_id"] = client.id
    page.run()
    assert "Ana" in page.title[0].value and "3 minutes" in page.radio[0].value
    page.button[0].click().run()
    assert not page.exception and page.session_state["check_token"]


def test_a_check_that_was_broken_off_is_offered(page: AppTest) -> None:
    page.run()
    page.button[0].click().run()
    STAGES.close()
    again = AppTest.from_function(_page, default_timeout=30).run()
    labels = [each.label for each in again.button]
    assert labels[:2] == ["Go on with it", "End it"]
    again.button[1].click().run()
    assert [each.label for each in again.button] == ["Start"]
