"""The stage alone in a browser: its server, its start, and what its conductor heard."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app_server import ROOT, AppServer, running_app
from playwright.sync_api import Page, expect

from rom.ui.stage.words import WORDS

SCRIPT = ROOT / "tests" / "browser" / "stage_app.py"
CLIP = ROOT / "sample_videos" / "shoulder_abduction_left_pre1.mp4"
SIZE = {"width": 1280, "height": 900}
WAIT_S = 20.0


@contextmanager
def running_stage(
    folder: Path, *, port: int | None = None, options: tuple[str, ...] = ()
) -> Iterator[AppServer]:
    environment = {"PYTHONPATH": f"{ROOT}:{SCRIPT.parent}"}
    with running_app(
        folder, environment=environment, script=SCRIPT, port=port, options=options
    ) as server:
        yield server


def port_of(server: AppServer) -> int:
    port = urlsplit(server.url).port
    assert port is not None
    return port


def open_stage(page: Page, url: str) -> None:
    """Come to where one click starts everything."""
    page.goto(url)
    page.get_by_role("button", name="New").click()
    page.get_by_role("button", name=WORDS["start"]).wait_for()


def start(page: Page) -> None:
    page.get_by_role("button", name=WORDS["start"]).click()


def heading(page: Page, name: str) -> None:
    """Wait for a scene."""
    expect(page.get_by_role("dialog").get_by_role("heading", name=name)).to_be_visible()


def notice(page: Page, name: str) -> None:
    """Wait for a notice, and see that no scene is shown beside it."""
    sentence = WORDS[name].split("{")[0].strip()
    expect(page.get_by_role("alert")).to_contain_text(sentence)
    for part in (".scene", ".controls"):
        expect(page.locator(f"dialog {part}")).to_be_hidden()
    for part in (".step", ".caption"):
        expect(page.locator(f"dialog {part}")).to_be_empty()


def heard(server: AppServer) -> list[dict[str, Any]]:
    """What the conductors of this server wrote down."""
    log = server.data_dir / "log.jsonl"
    if not log.is_file():
        return []
    return [json.loads(line) for line in log.read_text().splitlines()]


def wait_until_heard(server: AppServer, event: str, *, after: int = 0, **content: Any) -> Any:
    """The first thing of a kind that a conductor heard, after that many others."""
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        for each in heard(server)[after:]:
            if each["event"] == event and content.items() <= each.items():
                return each
        time.sleep(0.05)
    raise AssertionError(f"{event} {content} was not heard: {heard(server)[after:][-20:]}")
