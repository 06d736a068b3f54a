"""The stage's own routes, on the port and origin of the pages.

They stand outside Streamlit's protection against other sites, so they ask for themselves: only
pages of this origin are answered, and only those that know a stage's token. It comes in a header,
as addresses end up in logs.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from rom.ui.stage.connection import OPENED_ELSEWHERE, UNKNOWN_STAGE, Connection
from rom.ui.stage.registry import Stages
from rom.ui.stage.running import RunningStage
from rom.ui.stage.sight import Sight
from rom.ui.stage.uploads import receive_clip, receive_piece

FOLDER = "rom/stage"
TOKEN_HEADER = "X-Rom-Stage"
PROTOCOL, TOKEN_PROTOCOL = "rom.stage", "rom.token."
SWEEP_S = 5.0
MODULES = Path(__file__).with_name("browser")

log = logging.getLogger("rom.stage")

Receive = Callable[[Request, RunningStage, Callable[[], float]], Awaitable[int]]


class MakeSight(Protocol):
    """Makes what reads the pictures of one connection."""

    def __call__(self) -> Sight: ...


def same_origin(headers: Headers) -> bool:
    """Whether a page of this very server asks."""
    origin, host = headers.get("origin"), headers.get("host")
    if not origin or not host:
        return False
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()


def stage_routes(stages: Stages, *, base: str = "", sight: MakeSight = Sight) -> list[BaseRoute]:
    """Socket, clips and the browser's modules; `base` is the path that the app lives under."""
    root = "/" + "/".join(part for part in (base.strip("/"), FOLDER) if part)
    served = _Served(stages, sight)
    return [
        WebSocketRoute(f"{root}/socket", served.socket),
        Route(f"{root}/clip", served.clip, methods=["POST"]),
        Route(f"{root}/piece", served.piece, methods=["POST"]),
        Route(f"{root}/browser/{{name:str}}", browser_module, methods=["GET"]),
    ]


async def browser_module(request: Request) -> Response:
    """One of the modules that the browser runs."""
    name = request.path_params["name"]
    found = {path.name: path for path in MODULES.glob("*.js")}
    if name not in found:
        return Response(status_code=404)
    # Asked for again each time, so that a page never mixes the modules of two versions.
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return FileResponse(found[name], media_type="text/javascript", headers=headers)


@contextlib.asynccontextmanager
async def sweeping(stages: Stages) -> AsyncIterator[None]:
    """End stages that nobody comes back to, and all of them with the app."""
    task = asyncio.create_task(_sweep(stages))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.to_thread(stages.close)


async def _sweep(stages: Stages) -> None:
    work = stages.tidy
    while True:
        try:
            await asyncio.to_thread(work)
        except Exception:
            log.exception("Stages could not be ended, or their clips removed.")
        work = stages.sweep
        await asyncio.sleep(SWEEP_S)


class _Served:
    """What the routes share: the stages, and who is connected to each."""

    def __init__(self, stages: Stages, sight: MakeSight) -> None:
        self._stages = stages
        self._sight = sight
        self._connected: dict[str, Connection] = {}

    async def socket(self, socket: WebSocket) -> None:
        """Pictures and clicks in, feedback and scenes out."""
        if not same_origin(socket.headers):
            log.warning("Refused a connection: from another site.")
            await socket.close(1008)  # before it is accepted: 403
            return
        token = _token_of(socket)
        await socket.accept(subprotocol=PROTOCOL)
        stage = self._stages.find(token)
        if stage is None:
            log.warning("Refused a connection: no such stage.")
            await socket.close(UNKNOWN_STAGE)
            return
        connection = Connection(socket, stage, self._sight(), self._stages.clock)
        before = self._connected.get(token)
        self._connected[token] = connection
        if before is not None:
            await before.leave(OPENED_ELSEWHERE)
        touching = asyncio.create_task(self._touch(token))
        try:
            await connection.run()
        finally:
            touching.cancel()
            if self._connected.get(token) is connection:
                del self._connected[token]
                self._stages.touch(token)

    async def _touch(self, token: str) -> None:
        while True:
            self._stages.touch(token)
            await asyncio.sleep(SWEEP_S)

    async def clip(self, request: Request) -> Response:
        """A recorded clip."""
        return await self._received(request, receive_clip)

    async def piece(self, request: Request) -> Response:
        """What is recorded so far of a clip that will come."""
        return await self._received(request, receive_piece)

    async def _received(self, request: Request, receive: Receive) -> Response:
        if not same_origin(request.headers):
            log.warning("Refused a clip: from another site.")
            return Response(status_code=403)
        stage = self._stages.find(request.headers.get(TOKEN_HEADER, ""))
        if stage is None:
            log.warning("Refused a clip: no such stage.")
            return Response(status_code=404)
        return Response(status_code=await receive(request, stage, self._stages.clock))


def _token_of(socket: WebSocket) -> str:
    offered = socket.headers.get("sec-websocket-protocol", "").split(",")
    for each in offered:
        if each.strip().startswith(TOKEN_PROTOCOL):
            return each.strip().removeprefix(TOKEN_PROTOCOL)
    return ""
