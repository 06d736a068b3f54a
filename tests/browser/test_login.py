"""A clinic's login: nothing before it, one's own people after it, and roles."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from app_server import free_port
from chromium import browser
from cli_runner import environment, rom_command
from oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider, running_provider
from playwright.sync_api import Page, Playwright, expect

from rom.records.store import open_store

pytestmark = pytest.mark.long

PEOPLE: dict[str, dict[str, object]] = {
    "therapist-a": {"roles": ["staff", "therapist"]},
    "therapist-b": {"roles": ["therapist"]},
    "person-c": {"roles": ["staff"]},
}
PATIENCE_MS = 60_000


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running_provider(PEOPLE) as running:
        yield running


@contextmanager
def clinic(folder: Path, provider: Provider) -> Iterator[str]:
    """The app with a login, in a folder of its own; its address."""
    port = free_port()
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "secrets.toml").write_text(
        f"""
        [auth]
        redirect_uri = "http://localhost:{port}/oauth2callback"
        cookie_secret = "a long secret of the test that signs the cookies"
        client_id = "{CLIENT_ID}"
        client_secret = "{CLIENT_SECRET}"
        server_metadata_url = "{provider.issuer}/.well-known/openid-configuration"

        [roles]
        claim = "roles"
        """
    )
    server = subprocess.Popen(
        rom_command("app", "--no-browser", "--port", str(port)),
        cwd=folder,
        env=environment(ROM_DATA_DIR=str(folder / "data")),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        assert server.stdout.readline().startswith("The app is at")
        yield f"http://localhost:{port}"
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=60)


def log_in(page: Page, address: str, subject: str) -> None:
    page.goto(f"{address}/people")
    page.get_by_role("button", name="Log in").wait_for()
    expect(page.get_by_role("link", name="People")).to_have_count(0)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name=subject).click()
    page.wait_for_url(f"{address}/**")


def test_users_of_a_clinic_do_not_see_each_other(
    playwright: Playwright, tmp_path: Path, provider: Provider
) -> None:
    url = f"sqlite:///{tmp_path / 'data' / 'records.sqlite3'}"
    with open_store(url, owner=f"{provider.issuer} therapist-a") as store:
        store.add_person("Client of A")
    with open_store(url) as store:
        store.add_person("Of nobody who logs in")
    with clinic(tmp_path, provider) as address:
        for subject, sees in (("therapist-a", True), ("therapist-b", False)):
            with browser(playwright, tmp_path / subject) as context:
                context.set_default_timeout(PATIENCE_MS)
                page = context.pages[0]
                log_in(page, address, subject)
                page.get_by_role("button", name="Use it with clients").click()
                page.get_by_role("heading", name="People", level=1).wait_for()
                if sees:
                    page.get_by_text("Client of A").first.wait_for()
                else:
                    page.get_by_text("Nobody", exact=False).first.wait_for()
                    expect(page.get_by_text("Client of A")).to_have_count(0)
                expect(page.get_by_text("Of nobody who logs in")).to_have_count(0)
        with browser(playwright, tmp_path / "person-c") as context:
            context.set_default_timeout(PATIENCE_MS)
            page = context.pages[0]
            log_in(page, address, "person-c")
            page.get_by_role("heading", name="Check", level=1).wait_for()
            expect(page.get_by_role("link", name="People")).to_have_count(0)
            expect(page.get_by_role("link", name="Recordings")).to_have_count(0)
            page.get_by_role("link", name="Settings").click()
            page.get_by_text("You are logged in as person-c.").wait_for()
            page.get_by_role("button", name="Log out").click()
            page.get_by_role("button", name="Log in").wait_for()
