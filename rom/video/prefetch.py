"""Work ahead in a background thread, so that decoding and pose estimation overlap."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

POLL_S = 0.1
"""How soon a producer notices that nobody wants its items any more."""


@dataclass(frozen=True)
class _End:
    """The last thing a producer says: that it is done, or what stopped it."""

    error: BaseException | None


def prefetched(items: Generator[T], *, depth: int) -> Generator[T]:
    """Yield the items of a generator, up to `depth` of which are made ahead in a thread.

    An exception of the generator is raised here. However this generator ends, the thread has
    ended and `items` is closed when it returns.
    """
    ready: queue.Queue[T | _End] = queue.Queue(depth)
    stopped = threading.Event()
    producer = threading.Thread(
        target=_produce, args=(items, ready, stopped), name="rom-decode", daemon=True
    )
    producer.start()
    try:
        while not isinstance(item := ready.get(), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        stopped.set()
        producer.join()


def _produce(items: Generator[T], ready: queue.Queue[T | _End], stopped: threading.Event) -> None:
    error: BaseException | None = None
    try:
        for item in items:
            if not _put(item, ready, stopped):
                break
    except BaseException as raised:  # handed to the consumer, whatever it is
        error = raised
    finally:
        items.close()
    _put(_End(error), ready, stopped)


def _put(item: T, ready: queue.Queue[T], stopped: threading.Event) -> bool:
    """Queue an item; False when nobody wants it any more."""
    while not stopped.is_set():
        try:
            ready.put(item, timeout=POLL_S)
        except queue.Full:
            continue
        return True
    return False
