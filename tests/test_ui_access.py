"""Who is at the app, and whose records they get."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rom.errors import InputError, PassphraseError, StoreError, UsageError
from rom.records.store import open_store
from rom.ui import access
from rom.ui.access import LOCAL, User, own_person, records, user_of
from rom.ui.preferences import Preferences, forget_preferences, preferences, save_preferences
from rom.ui.server import MAIN_SCRIPT

ISSUER = "https://login.example.org"
A, B = (User(id=f"{ISSUER} {n}", name="", role="therapist", account=f"{ISSUER} {n}") for n in "AB")
CLAIMS = {"iss": ISSUER, "sub": "17", "is_logged_in": True}


@pytest.fixture(autouse=True)
def own_records(data_dir: Path) -> None:
    access.close_records()


def test_a_login_is_known_by_issuer_and_subject() -> None:
    someone = user_of(CLAIMS | {"name": "N"}, {})
    account = f"{ISSUER} 17"
    assert someone == User(id=account, name="N", role="person", account=account)
    other = user_of(CLAIMS | {"iss": "https://other.example.org", "name": "N"}, {})
    assert other.id != someone.id


@pytest.mark.parametrize("missing", ["iss", "sub"])
def test_a_login_without_a_name_for_it_is_refused(missing: str) -> None:
    with pytest.raises(InputError, match="issuer and subject"):
        user_of({name: value for name, value in CLAIMS.items() if name != missing}, {})


@pytest.mark.parametrize(
    ("claims", "roles", "role"),
    [
        ({}, {}, "person"),
        ({"roles": ["therapist"]}, {}, "person"),
        ({"roles": ["therapist"]}, {"claim": "roles"}, "therapist"),
        ({"roles": "therapist"}, {"claim": "roles"}, "therapist"),
        ({"roles": ["physio"]}, {"claim": "roles", "values": ["physio"]}, "therapist"),
        ({"roles": ["therapist"]}, {"claim": "roles", "values": ["physio"]}, "person"),
        ({"roles": None}, {"claim": "roles"}, "person"),
        ({}, {"therapists": ["17"]}, "therapist"),
        ({"email": "a@example.org"}, {"therapists": ["a@example.org"]}, "person"),
        (
            {"email": "a@example.org", "email_verified": True},
            {"therapists": ["a@example.org"]},
            "therapist",
        ),
        ({"email": "b@example.org", "email_verified": True}, {"therapists": ["a@"]}, "person"),
    ],
)
def test_only_what_the_provider_says_makes_a_therapist(
    claims: dict[str, object], roles: dict[str, object], role: str
) -> None:
    assert user_of(CLAIMS | claims, roles).role == role


def test_the_store_is_opened_once_and_shared_by_threads() -> None:
    found = []

    def look() -> None:
        with records(LOCAL) as store:
            found.append(store)

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(store.database) for store in found}) == 1


def test_a_store_that_was_replaced_is_opened_again(data_dir: Path) -> None:
    with records(LOCAL) as store:
        store.add_person("Gone")
    for path in data_dir.glob("records.sqlite3*"):
        path.unlink()
    with records(LOCAL) as store:
        assert store.people() == []
        store.add_person("New")
    access.close_records()
    with open_store() as store:
        assert [each.person.pseudonym for each in store.people()] == ["New"]


def test_oneself_is_one_person_whatever_others_are_called() -> None:
    with records(LOCAL) as store:
        store.add_person("me")
    own = own_person(LOCAL)
    assert own.pseudonym == "Me 2"
    assert own_person(LOCAL) == own
    with records(LOCAL) as store:
        assert len(store.people()) == 2


def test_a_passphrase_is_remembered_only_if_it_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sqlcipher3")
    monkeypatch.setenv("ROM_PASSPHRASE", "right")
    with open_store() as store:
        store.add_person("N")
    monkeypatch.delenv("ROM_PASSPHRASE")
    with pytest.raises(PassphraseError), records(LOCAL):
        pass
    with pytest.raises(PassphraseError):
        access.unlock("wrong")
    with pytest.raises(PassphraseError), records(LOCAL):
        pass
    access.unlock("right")
    with records(LOCAL) as store:
        assert len(store.people()) == 1
    access.close_records()
    access._typed.clear()


@pytest.mark.parametrize("someone", [LOCAL, A, replace(LOCAL, id="demo", demo=True)])
def test_preferences_come_back(someone: User, data_dir: Path) -> None:
    chosen = Preferences(who="clients", large_text=True, camera_id="a", voice=False)
    save_preferences(chosen, someone)
    assert preferences(someone) == chosen
    assert data_dir.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in data_dir.iterdir()} == {0o600}


def test_preferences_belong_to_one_owner() -> None:
    save_preferences(Preferences(large_text=True), A)
    assert preferences(B) == preferences(LOCAL) == Preferences()


def test_preferences_can_be_forgotten() -> None:
    save_preferences(Preferences(large_text=True), LOCAL)
    forget_preferences()
    assert preferences(LOCAL) == Preferences()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "[" * 100_000, '{"who": 5, "voice": "yes", "camera_id": 1}']
)
def test_preferences_that_cannot_be_read_are_as_good_as_none(data_dir: Path, content: str) -> None:
    save_preferences(Preferences(), LOCAL)
    (path,) = data_dir.iterdir()
    path.write_text(content)
    assert preferences(LOCAL) == Preferences()


def test_preferences_of_another_version_keep_what_is_known(data_dir: Path) -> None:
    save_preferences(Preferences(), LOCAL)
    (path,) = data_dir.iterdir()
    path.write_text(json.dumps({"who": "me", "voice": False, "unheard_of": 1}))
    assert preferences(LOCAL) == Preferences(who="me", voice=False)


def test_users_do_not_see_each_other() -> None:
    with records(A) as store:
        mine = store.add_person("Client of A")
    for other in (B, LOCAL):
        with records(other) as store:
            assert store.people() == []
            with pytest.raises(UsageError):
                store.person(mine.id)
            with pytest.raises(StoreError):
                store.content(mine.id)
    assert own_person(A).id != own_person(B).id
    with records(A) as store:
        assert {each.person.pseudonym for each in store.people()} == {"Client of A", "Me"}


def test_a_login_of_any_length_can_be_kept() -> None:
    long = user_of({"iss": "https://" + "a" * 200, "sub": "b" * 255}, {})
    with records(long) as store:
        store.add_person("N")
    assert long.id != user_of({"iss": "https://" + "a" * 200, "sub": "b" * 254 + "c"}, {}).id


def failing_page() -> None:
    import streamlit as st

    from rom.errors import StoreError
    from rom.ui.guarding import guarded

    @guarded
    def page() -> None:
        st.title("Page")
        if st.session_state["error"] == "told":
            raise StoreError("Expected a server, but it does not answer; start it")
        raise ZeroDivisionError("secret")

    page()


def test_errors_for_users_are_shown_as_their_sentence() -> None:
    app = AppTest.from_function(failing_page)
    app.session_state["error"] = "told"
    app.run()
    assert [each.value for each in app.error] == [
        "Expected a server, but it does not answer; start it"
    ]
    assert app.title[0].value == "Page" and not app.exception


def test_other_errors_are_told_to_the_log_alone(caplog: pytest.LogCaptureFixture) -> None:
    app = AppTest.from_function(failing_page)
    app.session_state["error"] = "other"
    app.run()
    assert not app.exception
    assert "secret" not in app.error[0].value and "secret" in caplog.text


def main_page() -> AppTest:
    return AppTest.from_file(MAIN_SCRIPT, default_timeout=30)


def test_the_first_start_asks_one_thing() -> None:
    app = main_page().run()
    assert app.title[0].value == "Who is this for?"
    app.button[1].click().run()
    assert preferences().who == "clients"
    assert app.title[0].value == "People"


def test_nobody_sees_anything_before_the_login() -> None:
    app = main_page()
    app.secrets["auth"] = {"redirect_uri": "http://localhost:8501/oauth2callback"}
    app.run()
    assert [each.value for each in app.title] == ["rom"]
    assert [each.label for each in app.button] == ["Log in"]
