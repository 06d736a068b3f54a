"""A PostgreSQL server of the tests' own: a new cluster, a free port, an unprivileged user."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

HOW_TO_ENABLE = (
    "needs PostgreSQL: on Debian and Ubuntu, sudo apt-get install postgresql; on macOS, brew"
    " install postgresql"
)
_PATIENCE_S = 60.0
_numbers = count(1)


@dataclass(frozen=True)
class Server:
    """A running server; `folder` holds its files."""

    port: int
    folder: Path

    def url(self, database: str) -> str:
        return f"postgresql://rom@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Make an empty database and return its URL."""
        import psycopg

        name = f"records_{next(_numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)


def programs() -> Path | None:
    """Return the folder of the server's programs; None where it is not installed."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return debian[-1].parent if debian else None


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """Run a server until the block ends."""
    with tempfile.TemporaryDirectory(prefix="rom-pg-", ignore_cleanup_errors=True) as made:
        data = Path(made) / "data"
        user = _user()
        if user is not None:
            os.chown(made, user.pw_uid, user.pw_gid)
        as_user = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid}
        options = {"cwd": made, "env": os.environ | {"LC_ALL": "C"}} | as_user
        create = [folder / "initdb", "-D", data, "-U", "rom", "-A", "trust", "-E", "UTF8", "-N"]
        subprocess.run(create, check=True, capture_output=True, **options)
        port = _free_port()
        command = [folder / "postgres", "-D", data, "-k", made, "-p", str(port)]
        with (Path(made) / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, **options)
        try:
            server = Server(port, data)
            _await(server, process)
            yield server
        finally:
            process.send_signal(signal.SIGQUIT)
            process.wait(_PATIENCE_S)


def _user() -> pwd.struct_passwd | None:
    """Whom to run as: the server refuses root."""
    if os.geteuid() != 0:
        return None
    names = [each.pw_name for each in pwd.getpwall()]
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(server: Server, process: subprocess.Popen[bytes]) -> None:
    import psycopg

    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            psycopg.connect(server.url("postgres"), connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.1)
