"""Who is at the app, and the records that are theirs.

On one's own computer there is no login and everything is one's own. Where Streamlit's `[auth]`
section is in the secrets, everybody logs in through the clinic's OpenID Connect provider and has
people of their own; what the provider says decides who is a therapist:

    [roles]
    claim = "roles"                     # a claim with a text or a list of texts
    values = ["therapist"]              # which of them make a therapist
    therapists = ["name@example.org"]   # or: verified addresses, or subjects, one by one

Everybody else is a person, who sees their own measurements only.
"""

from __future__ import annotations

import hashlib
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urlsplit

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from rom.errors import InputError, StoreError, UsageError
from rom.records.entities import Person, PersonContent
from rom.records.location import database_url, default_store, passphrase
from rom.records.owning import LOCAL_USER, MAX_OWNER_CHARACTERS
from rom.records.store import Store, now, open_store

Role = Literal["person", "therapist"]

OWN_NAME = "Me"
DEMO = "demo"
THERAPIST_VALUES = ("therapist",)
OWN_COMPUTER = {"localhost", "127.0.0.1", "::1"}

_OWN_PEOPLE = uuid.UUID("5f0c2c0b-6d0d-4bd2-9a2f-3f3c1b0f7d51")
_lock = threading.Lock()
_opened: dict[str, _Opened] = {}
_demos: dict[str | None, Store] = {}
_typed: list[str] = []


@dataclass(frozen=True)
class User:
    """Somebody at the app.

    Attributes
    ----------
    id
        Whose everything is: issuer and subject of the login; None on one's own computer, where
        nobody logs in; in the demo a name of its own.
    role
        A therapist has clients; on one's own computer everybody may.
    demo
        Whether the people are those of the sample recordings.
    account
        Who logged in, also in the demo.
    """

    id: str | None
    name: str
    role: Role
    demo: bool = False
    account: str | None = None


@dataclass(frozen=True)
class _Opened:
    """A store that is open, and which file it was opened from."""

    store: Store
    identity: tuple[int, int] | None


LOCAL = User(id=None, name="", role="therapist")


def login_needed() -> bool:
    """Whether somebody has to log in.

    Raises
    ------
    InputError
        The secrets cannot be read, so that nobody knows.
    """
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError as error:
        if error.error_id == "no-secrets-found":
            return False
        raise InputError(
            "Expected the settings of the login, but secrets.toml cannot be read; correct it and"
            " start the app again"
        ) from error


def logged_in() -> bool:
    """Whether everything that has to be known of whoever is at the app is known."""
    return not login_needed() or bool(st.user.get("is_logged_in"))


def user() -> User:
    """Who is at the app; only while a page is drawn, other threads are told by whoever starts them.

    Raises
    ------
    UsageError
        Nobody has logged in, or nobody can and the page was opened from another computer.
    """
    if not login_needed():
        _check_own_computer()
        return _in_demo(LOCAL)
    claims = st.user.to_dict()
    if not claims.get("is_logged_in"):
        raise UsageError("Expected somebody who is logged in, got nobody; log in first")
    return _in_demo(user_of(claims, st.secrets.get("roles", {})))


def _check_own_computer() -> None:
    """Without a login everybody would be the same user, so only the computer's own page opens."""
    host = urlsplit(st.context.url or "").hostname
    if host is not None and host not in OWN_COMPUTER:
        raise UsageError(
            f"Expected a page of this computer, at localhost, but it was opened at {host} and"
            " nobody can log in; open it at localhost, or set up a login"
        )


def user_of(claims: Mapping[str, Any], roles: Mapping[str, Any]) -> User:
    """Who the provider says that it is; `roles` is the section of the secrets.

    Raises
    ------
    InputError
        The provider does not say who it is.
    """
    issuer, subject = claims.get("iss"), claims.get("sub")
    if not (isinstance(issuer, str) and isinstance(subject, str) and issuer and subject):
        raise InputError(
            "Expected a login that names its issuer and subject, got one without; correct the"
            " provider in secrets.toml"
        )
    name = claims.get("name") or claims.get("email") or ""
    role: Role = "therapist" if _is_therapist(claims, roles) else "person"
    account = _account(issuer, subject)
    return User(id=account, name=str(name), role=role, account=account)


@contextmanager
def records(of: User | None = None) -> Iterator[Store]:
    """The records of whoever is at the app, or of somebody who was there when a thread began.

    Raises
    ------
    StoreError
        They cannot be reached, opened or read.
    """
    who = of or user()
    if who.demo:
        with _lock:
            demo = _demos.get(who.account)
        if demo is None:
            raise UsageError("Expected the demo to go on, but it was left; load the page again")
        yield demo
        return
    yield _store().of(LOCAL_USER if who.id is None else who.id)


def own_person(of: User | None = None) -> Person:
    """The person that somebody is to themselves; made when first asked for."""
    someone = of or user()
    person_id = own_person_id(DEMO if someone.demo else someone.id)
    with records(someone) as store:
        found = {each.person.id: each.person for each in store.people()}
        if person_id in found:
            return found[person_id]
        name = _free_name(OWN_NAME, [each.pseudonym for each in found.values()])
        person = Person(id=person_id, pseudonym=name, created_at=now())
        return store.import_content(PersonContent(person=person))


def own_person_id(user_id: str | None) -> str:
    """The id of the person that a user is to themselves."""
    return uuid.uuid5(_OWN_PEOPLE, user_id or "").hex


def enter_demo(store: Store) -> None:
    """Show the people of a store in place of one's own, until `leave_demo`; it is closed then."""
    account = user().account
    leave_demo()
    with _lock:
        _demos[account] = store


def leave_demo() -> None:
    """Show one's own people again."""
    account = user().account
    with _lock:
        store = _demos.pop(account, None)
    if store is not None:
        store.close()


def unlock(typed: str) -> None:
    """Remember the passphrase of the records until the app ends.

    Raises
    ------
    PassphraseError
        It is another one.
    """
    with _lock:
        _typed[:] = [typed]
    try:
        _store()
    except StoreError:
        with _lock:
            _typed.clear()
        raise


def close_records() -> None:
    """Give all databases back, as before a backup takes the place of the records."""
    with _lock:
        for each in _opened.values():
            each.store.close()
        _opened.clear()
        for demo in _demos.values():
            demo.close()
        _demos.clear()


def _store() -> Store:
    """The one open store of this process: opening it takes far longer than using it."""
    url = database_url()
    with _lock:
        key = f"{url} {passphrase()} {default_store()}"
        opened = _opened.get(key)
        # A file that was deleted or replaced is still there for those who hold it open; what they
        # write would be lost.
        if opened is not None and _identity(opened.store) == opened.identity:
            return opened.store
        if opened is not None:
            opened.store.close()
        store = open_store(url, ask=lambda: _typed[0] if _typed else None)
        _opened[key] = _Opened(store, _identity(store))
        return store


def _identity(store: Store) -> tuple[int, int] | None:
    path = store.database.path
    if path is None:
        return None
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return status.st_dev, status.st_ino


def _in_demo(who: User) -> User:
    with _lock:
        demo = who.account in _demos
    if not demo:
        return who
    return replace(who, id=DEMO if who.id is None else f"{DEMO} {who.id}", demo=True)


def _account(issuer: str, subject: str) -> str:
    """A name for a login that the records can keep."""
    name = f"{issuer} {subject}"
    if len(name) <= MAX_OWNER_CHARACTERS - len(DEMO) - 1:
        return name
    return hashlib.sha256(name.encode()).hexdigest()


def _is_therapist(claims: Mapping[str, Any], roles: Mapping[str, Any]) -> bool:
    named = _texts(roles.get("therapists"))
    if claims.get("sub") in named:
        return True
    if claims.get("email_verified") is True and claims.get("email") in named:
        return True
    claim = roles.get("claim")
    wanted = _texts(roles.get("values")) or list(THERAPIST_VALUES)
    return bool(claim) and any(value in wanted for value in _texts(claims.get(str(claim))))


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Sequence):
        return [each for each in value if isinstance(each, str)]
    return []


def _free_name(wanted: str, taken: Sequence[str]) -> str:
    keys = {each.casefold() for each in taken}
    name, number = wanted, 1
    while name.casefold() in keys:
        number += 1
        name = f"{wanted} {number}"
    return name
