"""Starts the app's server in this process, on this computer alone."""

from __future__ import annotations

import errno
import http.client
import os
import socket
import sys
import threading
import time
import tomllib
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rom.errors import InputError, UsageError

HOST = "127.0.0.1"
FIRST_PORT = 8501
PORTS_TRIED = 50
READY_LIMIT_S = 60.0
_POLL_S = 0.05


def chosen_port(port: int | None) -> int:
    """The port to listen on: the one that is asked for, else the first that is free.

    Raises
    ------
    UsageError
        It is taken, or may not be used.
    """
    if port is not None:
        if (reason := _unusable(port)) is not None:
            raise UsageError(
                f"Expected a free port, but {port} {reason}; close what uses it, or name another"
                " with --port"
            )
        return port
    for each in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        if _unusable(each) is None:
            return each
    raise UsageError(
        f"Expected a free port from {FIRST_PORT} to {FIRST_PORT + PORTS_TRIED - 1}, found none;"
        " name another with --port"
    )


def settings() -> dict[str, Any]:
    """The app's settings of Streamlit by their dotted names; it would not find them by itself.

    Raises
    ------
    InputError
        They are not there.
    """
    folder = Path(__file__).resolve().parent
    for root in (folder, folder.parent.parent):
        path = root / ".streamlit" / "config.toml"
        if path.is_file():
            return _flat(tomllib.loads(path.read_text(encoding="utf-8")))
    raise InputError(
        f"Expected the app's settings in {folder}, but they are not there; install rom again"
    )


def run_app(port: int, *, open_browser: bool, say: Callable[[str], None]) -> None:
    """Serve the app until it is stopped by Ctrl-C or a signal.

    Parameters
    ----------
    open_browser
        Whether to show it in the browser once it answers.
    say
        Told what the user should know, a line each.
    """
    chosen = settings() | {
        "server.port": port,
        "server.headless": True,  # the browser is opened here, and nobody is asked for an address
        "logger.hideWelcomeMessage": True,
    }
    _quiet_server()
    from streamlit.starlette import App
    from streamlit.web import bootstrap

    # Told before anything asks for a setting: a change later on would be taken for an edit.
    bootstrap.load_config_options(chosen)
    from rom.ui.guarding import show_error
    from rom.ui.server import MAIN_SCRIPT, lifespan, routes

    app = App(MAIN_SCRIPT, routes=routes(), lifespan=lifespan, on_script_error=show_error)
    announce = threading.Thread(target=_announce, args=(port, open_browser, say), daemon=True)
    announce.start()
    # Streamlit would hand our command line to the pages, and look for settings beside it.
    arguments, sys.argv = sys.argv, [str(MAIN_SCRIPT)]
    try:
        app.run(config=chosen)
    finally:
        sys.argv = arguments


def _announce(port: int, open_browser: bool, say: Callable[[str], None]) -> None:
    """Tell the address, and open it, once the server answers."""
    address = f"http://localhost:{port}"
    until = time.monotonic() + READY_LIMIT_S
    while not _answers(port):
        if time.monotonic() > until:
            return
        time.sleep(_POLL_S)
    say(f"The app is at {address}")
    say("It runs on this computer alone. Ctrl-C ends it.")
    if open_browser and _has_screen():
        webbrowser.open(address)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=1.0)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _has_screen() -> bool:
    """Whether a browser has somewhere to open; one in this terminal would take it over."""
    if sys.platform in ("win32", "darwin") or os.environ.get("BROWSER"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _unusable(port: int) -> str | None:
    """Why nobody can listen on a port; None where one can."""
    with socket.socket() as trial:
        if os.name != "nt":
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
            trial.listen(1)
        except OSError as error:
            taken = error.errno in (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", -1))
            return "is taken" if taken else "may not be used"
    return None


def _flat(content: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in content.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = value
    return found


def _quiet_server() -> None:
    """Let the server speak up for warnings only."""
    from uvicorn.config import LOGGING_CONFIG

    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        LOGGING_CONFIG["loggers"].setdefault(name, {})["level"] = "WARNING"
