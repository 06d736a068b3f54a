"""The app asks nobody outside: its server is traced from the start, and what the browser asks for
is watched."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from app_server import free_port
from chromium import Watched, browser
from cli_runner import environment, rom_command
from network_trace import outside_lines, tracing
from playwright.sync_api import Playwright

PAGES = ("", "progress", "people", "compare", "recordings", "settings", "help")
PATIENCE_MS = 120_000

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        not sys.platform.startswith("linux"), reason="system calls are traced with strace, on Linux"
    ),
]


def test_the_app_contacts_nobody(playwright: Playwright, tmp_path: Path, watched: Watched) -> None:
    port, trace = free_port(), tmp_path / "trace"
    command = [*tracing(trace), *rom_command("app", "--no-browser", "--port", str(port))]
    server = subprocess.Popen(
        command,
        cwd=tmp_path,
        env=environment(ROM_DATA_DIR=str(tmp_path / "data")),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert server.stdout is not None
        assert server.stdout.readline().startswith("The app is at")
        with browser(playwright, tmp_path / "profile") as context:
            context.set_default_timeout(PATIENCE_MS)
            watched.watch(context)
            page = context.pages[0]
            page.goto(f"http://localhost:{port}/")
            page.get_by_role("button", name="Use it for me").click()
            for name in PAGES:
                page.goto(f"http://localhost:{port}/{name}")
                page.get_by_role("heading", level=1).wait_for()
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        _, errors = server.communicate(timeout=60)
    assert "Traceback" not in errors
    calls = trace.read_text(errors="replace")
    assert f"htons({port})" in calls, "the trace sees the server"
    assert outside_lines(calls) == []
    assert watched.hosts == {"localhost"}
