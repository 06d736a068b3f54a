"""Who is answered on the stage's own routes, and what is taken from them."""

from __future__ import annotations

import json
import logging
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pose_builders import standing_person
from stage_builders import Puppet, scene, stages
from starlette.applications import Starlette
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from rom.samples import demo_videos
from rom.ui.stage import connection, running, uploads
from rom.ui.stage.registry import Stages
from rom.ui.stage.routes import MODULES, stage_routes
from rom.ui.stage.words import LOST
from rom.video.encoding import jpeg_bytes
from rom.video.reading import open_video

ORIGIN = "http://testserver"
SOCKET, CLIP, PIECE = "/rom/stage/socket", "/rom/stage/clip", "/rom/stage/piece"
HELLO = {"type": "hello", "held": []}


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Stages]:
    all_stages = stages(tmp_path / "clips")
    yield all_stages
    all_stages.close()


@pytest.fixture
def client(up: Stages) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=stage_routes(up)), base_url=ORIGIN) as browser:
        yield browser


def register(up: Stages, puppet: Puppet) -> str:
    return up.register(puppet, session="page", drawing=lambda name: f"<svg>{name}</svg>")


def connect(client: TestClient, token: str, origin: str | None = ORIGIN) -> WebSocketTestSession:
    headers = {"origin": origin} if origin is not None else {}
    protocols = ["rom.stage", f"rom.token.{token}"]
    return client.websocket_connect(SOCKET, subprotocols=protocols, headers=headers)


def picture(time_ms: float = 0.0) -> bytes:
    return struct.pack("<d", time_ms) + jpeg_bytes(standing_person())


def next_of(socket: WebSocketTestSession, kind: str) -> dict[str, Any]:
    while True:
        message: dict[str, Any] = json.loads(socket.receive_text())
        if message["type"] == kind:
            return message


def close_code(socket: WebSocketTestSession) -> int:
    with pytest.raises(WebSocketDisconnect) as closed:
        while True:
            socket.receive_text()
    return closed.value.code


def eventually(holds: Callable[[], bool], limit_s: float = 10.0) -> bool:
    """Whether it holds in time: a connection's last work is not waited for by its end."""
    end_s = time.monotonic() + limit_s
    while not holds() and time.monotonic() < end_s:
        time.sleep(0.01)
    return holds()


def send_clip(
    client: TestClient,
    token: str,
    body: bytes,
    *,
    name: str = "one",
    origin: str | None = ORIGIN,
    kind: str = "video/mp4;codecs=avc1",
) -> int:
    headers = {"x-rom-stage": token, "content-type": kind}
    if origin is not None:
        headers["origin"] = origin
    return client.post(CLIP, params={"name": name}, content=body, headers=headers).status_code


# ---- who is answered ----


@pytest.mark.parametrize(
    "origin",
    [None, "null", "http://elsewhere", "http://testserver:8501", "file://testserver", "testserver"],
)
def test_other_sites_are_refused(client: TestClient, up: Stages, origin: str | None) -> None:
    token = register(up, Puppet(scene(recording="one")))
    with pytest.raises(WebSocketDisconnect), connect(client, token, origin):
        pass
    assert send_clip(client, token, b"x", origin=origin) == 403


def test_unknown_tokens_are_told_that_the_stage_is_gone(client: TestClient, up: Stages) -> None:
    for token in ("", "x" * 43):
        with connect(client, token) as socket:
            assert close_code(socket) == connection.UNKNOWN_STAGE
        assert send_clip(client, token, b"x") == 404


def test_refusals_are_logged_in_one_line_without_the_token(
    client: TestClient, up: Stages, caplog: pytest.LogCaptureFixture
) -> None:
    token = register(up, Puppet())
    with caplog.at_level(logging.WARNING):
        send_clip(client, token, b"x", name="name of a person")
    assert len(caplog.messages) == 1
    assert token not in caplog.text and "person" not in caplog.text


def test_only_the_modules_of_the_browser_are_served(client: TestClient) -> None:
    names = {path.name for path in MODULES.glob("*.js")}
    assert "stage.js" in names
    for name in names:
        answer = client.get(f"/rom/stage/browser/{name}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/javascript")
    for name in ("stage.html", "..%2Fwords.py", "nothing.js"):
        assert client.get(f"/rom/stage/browser/{name}").status_code == 404


def test_the_routes_stand_below_the_path_of_the_app(up: Stages) -> None:
    paths = [getattr(route, "path", "") for route in stage_routes(up, base="/clinic/rom/")]
    assert all(path.startswith("/clinic/rom/rom/stage/") for path in paths)


# ---- pictures and scenes ----


def test_a_picture_is_answered_with_what_the_conductor_makes_of_it(
    client: TestClient, up: Stages
) -> None:
    puppet = Puppet(scene(picture="arm"))
    with connect(client, register(up, puppet)) as socket:
        socket.send_json(HELLO)
        first = next_of(socket, "scene")
        assert first["scene"]["title"] == "A title"
        assert first["drawing"] == {"name": "arm", "svg": "<svg>arm</svg>"}
        socket.send_bytes(picture(5000.0))
        seen = next_of(socket, "seen")
    assert seen["time_ms"] == 5000.0 and seen["feedback"]["number"] == "90°"
    assert "scene" not in seen  # nothing new
    height_px, width_px = standing_person().shape[:2]
    assert seen["size_px"] == [width_px, height_px]
    (frame,) = puppet.frames
    assert frame.people_count[0] == 1 and np.isfinite(frame.xy_px).all()
    assert frame.face_px is None


def test_faces_are_read_where_the_conductor_needs_them(client: TestClient, up: Stages) -> None:
    puppet = Puppet(face=True)
    with connect(client, register(up, puppet)) as socket:
        socket.send_json(HELLO)
        assert next_of(socket, "scene")["face"] is True
        socket.send_bytes(picture())
        next_of(socket, "seen")
    assert puppet.frames[0].face_px is not None


def test_nobody_in_the_picture_is_nobody(client: TestClient, up: Stages) -> None:
    puppet = Puppet()
    empty = struct.pack("<d", 1.0) + jpeg_bytes(np.full((480, 640, 3), 128, np.uint8))
    with connect(client, register(up, puppet)) as socket:
        socket.send_json(HELLO)
        socket.send_bytes(empty)
        next_of(socket, "seen")
    assert puppet.frames[0].people_count[0] == 0
    assert np.isnan(puppet.frames[0].xy_px).all()


def test_scenes_change_without_any_picture(client: TestClient, up: Stages) -> None:
    puppet = Puppet()
    with connect(client, register(up, puppet)) as socket:
        socket.send_json(HELLO)
        next_of(socket, "scene")
        puppet.now = scene("second")
        assert next_of(socket, "scene")["scene"]["id"] == "second"
        socket.send_json({"type": "act", "scene": "second", "option": "rate", "value": 3})
        socket.send_json({"type": "act", "scene": "second", "option": "pause", "value": None})
        assert next_of(socket, "scene")["scene"]["paused"] is True
    assert [(each.option, each.value) for each in puppet.acted] == [("rate", 3.0), ("pause", None)]


def test_one_picture_is_worked_on_at_a_time(client: TestClient, up: Stages) -> None:
    go_on, begun, at_once, most = threading.Event(), threading.Event(), [0], [0]

    def wait() -> None:
        at_once[0] += 1
        most[0] = max(most[0], at_once[0])
        begun.set()
        assert go_on.wait(10)
        at_once[0] -= 1

    puppet = Puppet(on_see=wait)
    with connect(client, register(up, puppet)) as socket:
        socket.send_json(HELLO)
        next_of(socket, "scene")
        for number in range(4):
            socket.send_bytes(picture(float(number)))
        assert begun.wait(10)
        socket.send_bytes(picture(9.0))
        go_on.set()
        next_of(socket, "seen")
        socket.send_bytes(picture(10.0))
        assert next_of(socket, "seen")["time_ms"] == 10.0
    assert most == [1] and len(puppet.frames) == 2


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"", connection.BAD_MESSAGE),
        (bytes(8), connection.BAD_MESSAGE),
        (bytes(8) + b"no picture at all", connection.BAD_MESSAGE),
        (struct.pack("<d", float("nan")) + b"\xff\xd8\xff" + bytes(9), connection.BAD_MESSAGE),
        (bytes(connection.MAX_PICTURE_BYTES + 1), connection.TOO_BIG),
        ("no JSON", connection.BAD_MESSAGE),
        ("[]", connection.BAD_MESSAGE),
        ('{"type": "unheard of"}', connection.BAD_MESSAGE),
        ('{"type": "act", "scene": "first", "option": 3}', connection.BAD_MESSAGE),
        ('{"type": "act", "scene": "a", "option": "rate", "value": 11}', connection.BAD_MESSAGE),
        ('{"type": "act", "scene": "a", "option": "rate", "value": NaN}', connection.BAD_MESSAGE),
        ('{"type": "lost", "name": "one", "reason": "because"}', connection.BAD_MESSAGE),
        ('{"type": "lost", "name": "one", "reason": ["late"]}', connection.BAD_MESSAGE),
        (json.dumps({"type": "alive", "padding": "x" * 5000}), connection.BAD_MESSAGE),
        ("[" * 4000, connection.BAD_MESSAGE),
    ],
)
def test_what_no_browser_of_ours_says_ends_the_connection(
    client: TestClient, up: Stages, message: str | bytes, code: int
) -> None:
    puppet = Puppet()
    with connect(client, register(up, puppet)) as socket:
        socket.send_json(HELLO)
        if isinstance(message, bytes):
            socket.send_bytes(message)
        else:
            socket.send_text(message)
        assert close_code(socket) == code
    assert not puppet.frames and not puppet.lost


def test_the_newest_window_has_the_stage(client: TestClient, up: Stages) -> None:
    puppet = Puppet()
    token = register(up, puppet)
    with connect(client, token) as old:
        old.send_json(HELLO)
        next_of(old, "scene")
        with connect(client, token) as new:
            new.send_json(HELLO)
            next_of(new, "scene")
            assert close_code(old) == connection.OPENED_ELSEWHERE
            assert not puppet.paused
            new.send_bytes(picture())
            next_of(new, "seen")
    assert eventually(lambda: puppet.paused)  # nobody is there any more


def test_a_failing_conductor_is_told_of_and_keeps_the_stage(
    client: TestClient, up: Stages, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("a fault")

    puppet = Puppet(on_see=fail)
    token = register(up, puppet)
    with connect(client, token) as socket:
        socket.send_json(HELLO)
        socket.send_bytes(picture())
        assert close_code(socket) == connection.FAILED
    assert "a fault" in caplog.text
    puppet.on_see = lambda: None
    with connect(client, token) as socket:
        socket.send_json(HELLO)
        socket.send_bytes(picture())
        next_of(socket, "seen")


def test_threads_and_networks_go_with_their_connection(client: TestClient, up: Stages) -> None:
    token = register(up, Puppet())
    for _ in range(3):
        with connect(client, token) as socket:
            socket.send_json(HELLO)
            socket.send_bytes(picture())
            next_of(socket, "seen")
    workers = [each for each in threading.enumerate() if each.name.startswith("rom-stage")]
    for worker in workers:
        worker.join(10)
    assert not any(worker.is_alive() for worker in workers)


def test_an_evicted_stage_says_that_it_is_gone(client: TestClient, up: Stages) -> None:
    puppet = Puppet()
    token = register(up, puppet)
    with connect(client, token) as socket:
        socket.send_json(HELLO)
        next_of(socket, "scene")
        up.evict(token)
        assert close_code(socket) == connection.UNKNOWN_STAGE
    assert puppet.closed == 1


# ---- clips ----


def send_piece(
    client: TestClient, token: str, body: bytes, *, origin: str = ORIGIN, **query: str
) -> int:
    headers = {"x-rom-stage": token, "origin": origin, "content-type": "video/mp4"}
    query = {"name": "one", "start": "0"} | query
    return client.post(PIECE, params=query, content=body, headers=headers).status_code


def test_what_is_recorded_so_far_reaches_its_owner_only(client: TestClient, up: Stages) -> None:
    puppet = Puppet(scene(recording="one"))
    token = register(up, puppet)
    stage = up.find(token)
    assert stage is not None
    assert send_piece(client, token, b"early") == 204  # and not wanted: nothing is recorded yet
    stage.show(up.clock())
    assert send_piece(client, token, b"first") == 204
    assert send_piece(client, token, b"next", start="5") == 204
    assert send_piece(client, token, b"x", origin="http://elsewhere") == 403
    assert send_piece(client, "x" * 43, b"x") == 404
    assert send_piece(client, token, b"x", name="two") == 204
    for start in ("", "-1", "1.5", "x", "9" * 13):
        assert send_piece(client, token, b"x", start=start) == 400
    puppet.now = scene("after")
    stage.show(up.clock())
    assert send_piece(client, token, b"late", start="9") == 204
    assert puppet.pieces == [("one", 0, b"first"), ("one", 5, b"next")]
    assert not puppet.lost


def test_a_piece_has_a_limit(
    client: TestClient, up: Stages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_PIECE_BYTES", 1000)
    puppet = Puppet(scene(recording="one"))
    token = register(up, puppet)
    stage = up.find(token)
    assert stage is not None
    stage.show(up.clock())
    assert send_piece(client, token, bytes(1001)) == 413
    assert send_piece(client, token, bytes(1000)) == 204
    assert [len(piece) for _, _, piece in puppet.pieces] == [1000]


def asking(client: TestClient, up: Stages, name: str = "one") -> tuple[Puppet, str]:
    """A stage whose scene asked for a clip, and is over."""
    puppet = Puppet(scene(recording=name))
    token = register(up, puppet)
    stage = up.find(token)
    assert stage is not None
    stage.show(up.clock())
    puppet.now = scene("after")
    stage.show(up.clock())
    return puppet, token


def test_a_clip_arrives_whole_and_for_its_owner_only(client: TestClient, up: Stages) -> None:
    puppet, token = asking(client, up)
    body = demo_videos()[0].read_bytes()
    assert send_clip(client, token, body) == 204
    (clip,) = puppet.clips
    assert clip.name == "one" and clip.path.read_bytes() == body
    assert clip.path.stat().st_mode & 0o777 == 0o600
    with open_video(clip.path) as reader:
        assert sum(1 for _ in reader) > 100
    assert send_clip(client, token, body) == 409  # once
    up.evict(token)
    assert not clip.path.exists()


@pytest.mark.parametrize("name", ["two", "", "../one", "one\x00"])
def test_a_clip_that_nobody_asked_for_is_refused(client: TestClient, up: Stages, name: str) -> None:
    puppet, token = asking(client, up)
    assert send_clip(client, token, demo_videos()[0].read_bytes(), name=name) == 409
    assert not puppet.clips and not puppet.lost


def test_what_is_no_video_is_lost_with_a_reason(client: TestClient, up: Stages) -> None:
    puppet, token = asking(client, up)
    assert send_clip(client, token, b"<html>", kind="video/webm") == 422
    assert puppet.lost == [("one", LOST["unreadable"])]
    puppet, token = asking(client, up)
    assert send_clip(client, token, b"<html>", kind="text/html") == 415
    assert puppet.lost == [("one", LOST["unreadable"])]


@pytest.mark.parametrize("claims", [True, False], ids=["says so", "does not say so"])
def test_a_clip_that_is_too_large_is_refused_before_it_fills_the_disk(
    client: TestClient,
    up: Stages,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    claims: bool,
) -> None:
    monkeypatch.setattr(running, "MAX_CLIP_BYTES", 3_000_000)
    written = []
    monkeypatch.setattr(uploads, "_write_all", lambda descriptor, data: written.append(len(data)))
    puppet, token = asking(client, up)
    parts = (bytes(100_000) for _ in range(100))
    headers = {"x-rom-stage": token, "content-type": "video/mp4", "origin": ORIGIN}
    body: Any = b"".join(parts) if claims else parts
    answer = client.post(CLIP, params={"name": "one"}, content=body, headers=headers)
    assert answer.status_code == 413
    assert puppet.lost == [("one", LOST["room"])]
    assert sum(written) <= 3_000_000
    assert list(tmp_path.rglob("*.mp4")) == []


def test_all_clips_of_a_stage_together_have_a_limit(
    client: TestClient, up: Stages, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = demo_videos()[0].read_bytes()
    monkeypatch.setattr(running, "MAX_STAGE_BYTES", len(body) + 100)
    puppet, token = asking(client, up)
    assert send_clip(client, token, body) == 204
    stage = up.find(token)
    assert stage is not None
    puppet.now = scene(recording="two")
    stage.show(up.clock())
    assert send_clip(client, token, body, name="two") == 413


def test_a_clip_that_is_far_too_long_is_lost(
    client: TestClient, up: Stages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "MAX_CLIP_S", 1.0 - 5.0)
    puppet, token = asking(client, up)
    assert send_clip(client, token, demo_videos()[0].read_bytes()) == 422
    assert puppet.lost == [("one", LOST["long"])]


def test_a_stage_takes_one_clip_at_a_time(client: TestClient, up: Stages) -> None:
    puppet, token = asking(client, up)
    stage = up.find(token)
    assert stage is not None
    puppet.now = scene(recording="two")
    stage.show(up.clock())
    opened = stage.start_clip("one", ".mp4", up.clock())
    assert opened is not None
    body = demo_videos()[0].read_bytes()
    assert send_clip(client, token, body, name="two") == 503
    stage.stop_clip("one", opened[1], up.clock())
    assert send_clip(client, token, body, name="two") == 204
    assert send_clip(client, token, body, name="one") == 204
