"""System calls of traced processes that reach outside of this computer."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

NAME_SERVER_PORT = 53

# One line of strace: ... sin_port=htons(53), sin_addr=inet_addr("192.0.2.1") ...
# or: ... sin6_port=htons(443), ..., inet_pton(AF_INET6, "2001:db8::1", &sin6_addr) ...
ADDRESS = re.compile(
    r"(?:connect|sendto|sendmsg|sendmmsg)\(.*?sin6?_port=htons\((?P<port>\d+)\)"
    r'.*?(?:inet_addr\("|inet_pton\(AF_INET6, ")(?P<address>[^"]+)"'
)
LOCAL = re.compile(r"127\.|::1$|::ffff:127\.|0\.0\.0\.0$|::$")


def tracing(trace: Path) -> list[str]:
    """What to put before a command, so that it and its children are traced to a file."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.fail("this test needs strace: on Debian and Ubuntu, sudo apt-get install strace")
    # Only what is traced is stopped, so that the rest runs at its own speed.
    return [
        strace,
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-s",
        "200",
        "-e",
        "trace=network",
        "-o",
        str(trace),
    ]


def outside_lines(trace: str) -> list[str]:
    """The system calls of a trace that reach outside.

    A query to a name server counts wherever that runs.
    """
    contacts = []
    for line in trace.splitlines():
        found = ADDRESS.search(line)
        if found and (int(found["port"]) == NAME_SERVER_PORT or not LOCAL.match(found["address"])):
            contacts.append(line)
    return contacts
