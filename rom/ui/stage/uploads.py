"""Receive a recorded clip: from the network to the disk, never through the memory as a whole."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from pathlib import Path

from starlette.requests import ClientDisconnect, Request

from rom.ui.stage.running import RunningStage, StageClosedError
from rom.video.atomic import is_storage_full

STALLED_S = 20.0
BLOCK_BYTES = 1_000_000
MAX_PIECE_BYTES = 8_000_000
"""Some seconds of a recording."""
_LONGEST_START = 12
"""Digits of a number of bytes."""
_SUFFIXES = {"video/mp4": ".mp4", "video/webm": ".webm"}
NO_CONTENT, BAD_REQUEST, GONE, CUT_OFF, CONFLICT, TOO_BIG = 204, 400, 404, 408, 409, 413
WRONG_TYPE, UNREADABLE, BUSY, FULL = 415, 422, 503, 507

log = logging.getLogger("rom.stage")


async def receive_clip(request: Request, stage: RunningStage, clock: Callable[[], float]) -> int:
    """Take the clip that a request brings; return the status of the answer.

    After 409, 413, 415 and 422 it makes no sense to send the clip again.
    """
    name = request.query_params.get("name", "")
    suffix = _SUFFIXES.get(request.headers.get("content-type", "").split(";")[0].strip())
    try:
        if suffix is None:
            return await _refused(stage, name, None, "unreadable", WRONG_TYPE, clock)
        if _claimed_bytes(request) > stage.room_bytes():
            return await _refused(stage, name, None, "room", TOO_BIG, clock)
        if await asyncio.to_thread(stage.is_receiving):
            return BUSY
        opened = await asyncio.to_thread(stage.start_clip, name, suffix, clock())
        if opened is None:
            log.warning("Refused a clip: not awaited.")
            return CONFLICT
        return await _receive(request, stage, name, opened, clock)
    except StageClosedError:
        return GONE


async def receive_piece(request: Request, stage: RunningStage, clock: Callable[[], float]) -> int:
    """Take a piece of the clip that is being recorded; return the status of the answer.

    One that comes when its clip is over is not wanted any more, which is no error.
    """
    name, start = (request.query_params.get(key, "") for key in ("name", "start"))
    if not start.isdecimal() or len(start) > _LONGEST_START:
        return BAD_REQUEST
    piece = bytearray()
    try:
        async with asyncio.timeout(STALLED_S):
            async for part in request.stream():
                piece += part
                if len(piece) > MAX_PIECE_BYTES:
                    return TOO_BIG
        await asyncio.to_thread(stage.take_piece, name, int(start), bytes(piece), clock())
    except (ClientDisconnect, TimeoutError):
        return CUT_OFF
    except StageClosedError:
        return GONE
    return NO_CONTENT


async def _receive(
    request: Request,
    stage: RunningStage,
    name: str,
    opened: tuple[int, Path],
    clock: Callable[[], float],
) -> int:
    descriptor, path = opened
    done = False
    try:
        try:
            fits = await _write(request, descriptor, stage.room_bytes())
        finally:
            os.close(descriptor)
        if not fits:
            done = True
            return await _refused(stage, name, path, "room", TOO_BIG, clock)
        done = True
        taken = await asyncio.to_thread(stage.take_clip, name, path, clock())
        return NO_CONTENT if taken else UNREADABLE
    except (ClientDisconnect, TimeoutError):
        log.warning("A clip was cut off on its way.")
        return CUT_OFF
    except OSError as error:
        log.warning("A clip could not be written: %s.", error.strerror)
        return FULL if is_storage_full(error.errno) else 500
    finally:
        if not done:
            stage.stop_clip(name, path, clock())


async def _write(request: Request, descriptor: int, room_bytes: int) -> bool:
    """Write the body to a file; false as soon as it is larger than there is room."""
    written, block = 0, bytearray()
    body = aiter(request.stream())
    while True:
        async with asyncio.timeout(STALLED_S):
            part = await anext(body, None)
        block += part or b""
        written += len(part or b"")
        if written > room_bytes:
            return False
        if len(block) >= BLOCK_BYTES or part is None:
            await asyncio.to_thread(_write_all, descriptor, bytes(block))
            block.clear()
        if part is None:
            return True


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


async def _refused(
    stage: RunningStage,
    name: str,
    path: Path | None,
    reason: str,
    status: int,
    clock: Callable[[], float],
) -> int:
    log.warning("Refused a clip: %s.", reason)
    await asyncio.to_thread(stage.refuse_clip, name, path, reason, clock())
    return status


def _claimed_bytes(request: Request) -> int:
    claimed = request.headers.get("content-length", "0")
    return int(claimed) if claimed.isdecimal() else 0
