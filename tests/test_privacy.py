"""Nothing leaves the machine: the processes are traced, and no connection goes outside."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from network_trace import outside_lines, tracing
from pose_builders import model

from rom.samples import demo_videos

LINUX_ONLY = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="system calls are traced with strace, on Linux"
)


def outside_contacts(command: list[str], trace: Path) -> list[str]:
    """Run a command and return the system calls, of all its processes, that reach outside.

    A query to a name server counts wherever that runs.
    """
    done = subprocess.run(
        [*tracing(trace), *command],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return outside_lines(trace.read_text(errors="replace"))


@LINUX_ONLY
@pytest.mark.parametrize(
    "script",
    [
        # 192.0.2.0/24 and 2001:db8::/32 are reserved for examples; a datagram socket that is
        # connected sends nothing.
        "s.socket(s.AF_INET, s.SOCK_DGRAM).connect(('192.0.2.1', 443))",
        "s.socket(s.AF_INET, s.SOCK_DGRAM).connect(('127.0.0.53', 53))",
        "s.socket(s.AF_INET6, s.SOCK_DGRAM).connect_ex(('2001:db8::1', 443))",
        "import threading; t = threading.Thread(target=lambda: s.socket(s.AF_INET,"
        " s.SOCK_DGRAM).connect(('192.0.2.1', 9))); t.start(); t.join()",
    ],
    ids=["IPv4", "name look-up", "IPv6", "thread"],
)
def test_the_trace_sees_what_it_is_for(tmp_path: Path, script: str) -> None:
    command = [sys.executable, "-c", f"import socket as s; {script}"]
    assert len(outside_contacts(command, tmp_path / "trace")) == 1


@LINUX_ONLY
def test_local_connections_are_allowed(tmp_path: Path) -> None:
    script = "import socket as s; s.socket(s.AF_INET, s.SOCK_DGRAM).connect(('127.0.0.1', 9))"
    assert outside_contacts([sys.executable, "-c", script], tmp_path / "trace") == []


@LINUX_ONLY
def test_an_assessment_contacts_nobody(tmp_path: Path) -> None:
    model()  # the first download is the one allowed contact
    video, _ = demo_videos()
    result, page = tmp_path / "result.json", tmp_path / "page.html"
    command = [
        *(sys.executable, "-m", "rom", "assess", str(video)),
        *("--movement", "shoulder_abduction", "--side", "left", "--age", "50", "--sex", "F"),
        *("--json", str(result), "--report", str(page), "--overlay", str(tmp_path / "o.mp4")),
    ]
    assert outside_contacts(command, tmp_path / "trace") == []
    assert result.stat().st_size > 0 and page.stat().st_size > 0


@LINUX_ONLY
def test_face_and_hands_contact_nobody(tmp_path: Path) -> None:
    model()
    script = (
        "import numpy as np\n"
        "from rom.pose.estimator import PoseEstimator\n"
        "from rom.pose.model import ensure_model\n"
        "with PoseEstimator(ensure_model(), face=True, hands=True) as estimator:\n"
        "    estimator.estimate(np.zeros((64, 64, 3), np.uint8), 0.0)\n"
    )
    assert outside_contacts([sys.executable, "-c", script], tmp_path / "trace") == []
