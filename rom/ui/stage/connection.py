"""One browser at one stage: pictures and clicks in, feedback and scenes out."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import logging
import math
import struct
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from starlette.websockets import WebSocket, WebSocketDisconnect

from rom.errors import InputError, RomError
from rom.ui.stage.messages import (
    Alive,
    BadMessageError,
    FromBrowser,
    Hello,
    Interrupted,
    LostClip,
    feedback_json,
    parse_message,
    same_scene,
    scene_json,
)
from rom.ui.stage.running import RunningStage, Shown, StageClosedError
from rom.ui.stage.scenes import Action, Feedback
from rom.ui.stage.sight import Sight

MAX_PICTURE_BYTES = 1_000_000
HELLO_LIMIT_S = 10.0
SILENCE_LIMIT_S = 20.0
"""A browser says every second that it is there; one in a sleeping laptop does not."""
TICK_S = 0.25
TICKS_PER_SIGN = 4
"""The server says so, too: a connection can be gone without a word."""

BAD_MESSAGE, UNKNOWN_STAGE, OPENED_ELSEWHERE = 4400, 4404, 4409
SILENT, TOO_BIG, FAILED = 4408, 4413, 4500

_CAPTURE_TIME = struct.Struct("<d")
log = logging.getLogger("rom.stage")
T = TypeVar("T")


class Refusal(Exception):
    """The connection ends, and why: a close code and a word for the log."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Connection:
    """A socket that was accepted, until it ends.

    One picture is worked on at a time; what comes meanwhile is dropped, as its sender does not
    wait for the answer. Everything slow runs in two threads of the connection's own.
    """

    def __init__(
        self, socket: WebSocket, stage: RunningStage, sight: Sight, clock: Callable[[], float]
    ) -> None:
        self._socket = socket
        self._stage = stage
        self._sight = sight
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="rom-stage")
        self._picture: bytes | None = None
        self._picture_came = asyncio.Event()
        self._working = False
        self._sending = asyncio.Lock()
        self._newest = 0
        self._shown: dict[str, Any] | None = None
        self._shown_s = -math.inf
        self._drawn: set[str] = set()
        self._heard_s = clock()
        self._browser: int | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def run(self) -> None:
        """Serve the browser until it leaves, is told to leave, or the stage ends."""
        try:
            await self._greet()
            works = (self._receive(), self._look(), self._tick())
            self._tasks = [asyncio.create_task(work) for work in works]
            done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                if not task.cancelled():  # told to leave
                    task.result()
        except Refusal as refusal:
            log.warning("Closed a connection (%d): %s.", refusal.code, refusal.reason)
            await self._close(refusal.code)
        except StageClosedError:
            await self._close(UNKNOWN_STAGE)
        except WebSocketDisconnect:
            pass
        except Exception:
            log.exception("A connection failed.")
            await self._close(FAILED)
        finally:
            await self._end()

    async def leave(self, code: int) -> None:
        """End the connection from outside."""
        await self._close(code)
        for task in self._tasks:
            task.cancel()

    async def _greet(self) -> None:
        try:
            message = await asyncio.wait_for(self._socket.receive(), HELLO_LIMIT_S)
        except TimeoutError:
            raise Refusal(SILENT, "no greeting") from None
        hello = self._parsed(message)
        if not isinstance(hello, Hello):
            raise Refusal(BAD_MESSAGE, "no greeting")
        begin = functools.partial(self._stage.begin, hello.held, self._now_s)
        self._browser, shown = await self._in_thread(begin)
        await self._show(shown)
        self._threads.submit(self._warm)

    def _warm(self) -> None:
        with contextlib.suppress(RomError, RuntimeError):
            self._sight.warm(face=self._stage.needs_face())

    async def _receive(self) -> None:
        while True:
            message = await self._socket.receive()
            self._heard_s = self._now_s
            data = message.get("bytes")
            if data is None:
                await self._hear(self._parsed(message))
            elif len(data) > MAX_PICTURE_BYTES:
                raise Refusal(TOO_BIG, "a picture that is too big")
            elif len(data) <= _CAPTURE_TIME.size:
                raise Refusal(BAD_MESSAGE, "no picture")
            elif not self._working:
                self._working, self._picture = True, data
                self._picture_came.set()

    def _parsed(self, message: Any) -> FromBrowser:
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1000))
        try:
            return parse_message(message.get("text") or "")
        except BadMessageError as error:
            raise Refusal(BAD_MESSAGE, f"not understood ({error})") from None

    async def _hear(self, said: FromBrowser) -> None:
        stage = self._stage
        if isinstance(said, Action):
            await self._show(await self._in_thread(lambda: stage.act(said, self._now_s)))
        elif isinstance(said, Interrupted):
            reason = said.reason
            await self._show(await self._in_thread(lambda: stage.interrupt(reason, self._now_s)))
        elif isinstance(said, LostClip):
            await self._in_thread(lambda: stage.lose(said.name, said.reason, self._now_s))
        elif not isinstance(said, Alive):
            raise Refusal(BAD_MESSAGE, "greeted twice")

    async def _look(self) -> None:
        """Read one picture after the other."""
        while True:
            await self._picture_came.wait()
            self._picture_came.clear()
            assert self._picture is not None
            seen = functools.partial(self._seen, self._picture)
            try:
                answer, looked = await self._in_thread(seen)
            finally:
                self._working = False
            if looked is not None:
                feedback, shown = looked
                answer |= {"feedback": feedback_json(feedback), **await self._news(shown)}
            await self._send(answer)

    def _seen(self, message: bytes) -> tuple[dict[str, Any], tuple[Feedback, Shown] | None]:
        """What to answer to a picture, and what the conductor makes of it."""
        camera_ms = _CAPTURE_TIME.unpack_from(message)[0]
        if not math.isfinite(camera_ms):
            raise Refusal(BAD_MESSAGE, "a picture without a time")
        answer: dict[str, Any] = {"type": "seen", "time_ms": camera_ms}
        time_s = self._stage.taken_at_s(camera_ms / 1000.0, self._now_s)
        try:
            jpeg, face = message[_CAPTURE_TIME.size :], self._stage.needs_face()
            glimpse = self._sight.see(jpeg, time_s, face=face)
        except InputError:
            raise Refusal(BAD_MESSAGE, "no picture that can be read") from None
        except RomError as error:
            log.warning("No picture can be read: %s", error)
            return answer | {"trouble": str(error)}, None
        answer["size_px"] = [glimpse.frame.width_px, glimpse.frame.height_px]
        return answer, self._stage.see(glimpse.frame, glimpse.lit_level, self._now_s)

    async def _tick(self) -> None:
        """Let timers go on without pictures, and notice a browser that is gone."""
        ticks = 0
        while True:
            await asyncio.sleep(TICK_S)
            ticks += 1
            await self._show(await self._in_thread(lambda: self._stage.show(self._now_s)))
            if ticks % TICKS_PER_SIGN == 0:
                await self._send({"type": "alive"})
            if self._now_s - self._heard_s > SILENCE_LIMIT_S:
                raise Refusal(SILENT, "silence")

    async def _show(self, shown: Shown) -> None:
        if news := await self._news(shown):
            await self._send({"type": "scene", **news})

    async def _news(self, shown: Shown) -> dict[str, Any]:
        """What the browser does not know yet of a scene; empty where it knows all."""
        if shown.number < self._newest:
            return {}
        self._newest = shown.number
        content, now_s = scene_json(shown.scene), self._now_s
        if same_scene(self._shown, content, now_s - self._shown_s):
            return {}
        self._shown, self._shown_s = content, now_s
        news: dict[str, Any] = {"scene": content, "face": shown.face}
        name, drawing = shown.scene.picture, self._stage.drawing
        if name is not None and drawing is not None and name not in self._drawn:
            self._drawn.add(name)
            try:
                svg = await self._in_thread(functools.partial(drawing, name))
                news["drawing"] = {"name": name, "svg": str(svg)}
            except RomError as error:
                log.warning("A picture is missing: %s", error)
        return news

    async def _send(self, content: dict[str, Any]) -> None:
        text = json.dumps(content, separators=(",", ":"), allow_nan=False)
        async with self._sending:
            try:
                await self._socket.send_text(text)
            except RuntimeError:  # closed from our side
                raise WebSocketDisconnect from None

    async def _close(self, code: int) -> None:
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await self._socket.close(code)

    async def _end(self) -> None:
        for task in self._tasks:
            task.cancel()
        # Before anything is waited for, which may be broken off when the app ends.
        if self._browser is not None:
            self._threads.submit(self._stage.leave, self._browser, self._now_s)
        self._threads.submit(self._sight.close)
        self._threads.shutdown(wait=False)
        if self._tasks:
            await asyncio.wait(self._tasks)
        for task in self._tasks:
            if not task.cancelled():
                task.exception()  # one was told of; asyncio complains of others not looked at

    @property
    def _now_s(self) -> float:
        return self._clock()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await self._loop.run_in_executor(self._threads, work)
