"""`rom app`: it starts where it is told to, says so, opens the browser, and ends when asked."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cli_runner import assert_one_line, environment, rom_command, run_rom

from rom.ui.launching import settings

START_LIMIT_S = 90.0
POSIX_ONLY = pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as POSIX does")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def started(folder: Path, *arguments: str, **extra: str) -> Iterator[subprocess.Popen[str]]:
    """The command, running in a folder that knows nothing of the app."""
    process = subprocess.Popen(
        rom_command("app", *arguments),
        cwd=folder,
        env=environment(ROM_DATA_DIR=str(folder / "data"), **extra),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@POSIX_ONLY
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "terminated"])
def test_the_app_starts_says_where_and_ends(tmp_path: Path, number: signal.Signals) -> None:
    port = free_port()
    with started(tmp_path, "--no-browser", "--port", str(port)) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline() == f"The app is at http://localhost:{port}\n"
        page = urllib.request.urlopen(f"http://localhost:{port}/", timeout=10).read()
        assert b"<title>" in page
        with socket.socket() as outside, pytest.raises(OSError):
            outside.connect((own_address(), port))
        process.send_signal(number)
        output, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert output.splitlines()[-1] == "The app has ended."
    assert errors == ""


def own_address() -> str:
    """An address of this computer that others could reach it by."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing
        except OSError:
            pytest.skip("this computer has no network")
        address: str = probe.getsockname()[0]
        return address


@POSIX_ONLY
def test_the_browser_is_opened_when_the_app_answers(tmp_path: Path) -> None:
    opened, browser = tmp_path / "opened", tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf "%s" "$1" > "{opened}"\n')
    browser.chmod(0o755)
    port = free_port()
    with started(tmp_path, "--port", str(port), BROWSER=str(browser)):
        until = time.monotonic() + START_LIMIT_S
        while not (opened.exists() and opened.read_text()):
            assert time.monotonic() < until, "no browser was opened"
            time.sleep(0.05)
        address = opened.read_text()
        assert address == f"http://localhost:{port}"
        assert urllib.request.urlopen(address, timeout=10).status == 200


def test_a_taken_port_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run_rom("app", "--no-browser", "--port", str(port), cwd=tmp_path)
    assert done.status == 2
    assert assert_one_line(done.stderr) == (
        f"rom: Expected a free port, but {port} is taken; close what uses it, or name another with"
        " --port"
    )


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "8501.5"])
def test_a_port_that_is_none_is_told_in_one_line(tmp_path: Path, port: str) -> None:
    done = run_rom("app", f"--port={port}", cwd=tmp_path)
    assert done.status == 2
    assert "Expected a port from 1 to 65535" in assert_one_line(done.stderr)


def test_the_app_listens_to_this_computer_and_sends_nothing() -> None:
    chosen = settings()
    assert chosen["server.address"] in ("localhost", "127.0.0.1")
    assert chosen["browser.gatherUsageStats"] is False
    assert chosen["server.enableXsrfProtection"] is True
    assert chosen["client.showErrorDetails"] == "none"
