"""The app as its users run it, with a folder of data of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
START_LIMIT_S = 90.0


@dataclass(frozen=True)
class AppServer:
    """A running app."""

    url: str
    process: subprocess.Popen[bytes]
    data_dir: Path
    log: Path


@contextmanager
def running_app(
    folder: Path,
    *,
    environment: dict[str, str] | None = None,
    who: str | None = "me",
    script: Path = ROOT / "app.py",
    port: int | None = None,
    options: tuple[str, ...] = (),
    before: tuple[str, ...] = (),
) -> Iterator[AppServer]:
    """Start the app on a free port; its records are in `folder`/data, its output in app.log.

    `who` answers the question of the first start; None leaves it to the test. `options` are those
    of `streamlit run`; `before` stands before the command, as a tracer does.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    data_dir, log = folder / "data", folder / "app.log"
    if who is not None:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        (data_dir / "preferences.json").write_text(json.dumps({"who": who}))
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("ROM_DATABASE_URL", "ROM_PASSPHRASE", "ROM_NEW_PASSPHRASE")
    }
    command = [*before, sys.executable, "-m", "streamlit", "run", str(script)]
    command += ["--server.headless", "true", "--server.port", str(port), *options]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**kept, "ROM_DATA_DIR": str(data_dir), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        url = f"http://localhost:{port}"
        try:
            _wait_until_healthy(process, url, log)
            yield AppServer(url=url, process=process, data_dir=data_dir, log=log)
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the app with all that it started."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
            return


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_until_healthy(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + START_LIMIT_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=1).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"the app did not start: {log.read_text(errors='replace')[-2000:]}")
