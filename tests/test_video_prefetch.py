from __future__ import annotations

import threading
import time
from collections.abc import Generator

import pytest

from rom.video.prefetch import prefetched


class Counter:
    """Counts how far it was read and whether it was closed."""

    def __init__(self, count: int, error: BaseException | None = None) -> None:
        self.made = 0
        self.closed = False
        self._count = count
        self._error = error

    def items(self) -> Generator[int]:
        try:
            for item in range(self._count):
                self.made += 1
                yield item
            if self._error is not None:
                raise self._error
        finally:
            self.closed = True


def producers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "rom-decode"]


@pytest.mark.parametrize("count", [0, 1, 100])
def test_order_and_number_are_kept(count: int) -> None:
    counter = Counter(count)
    assert list(prefetched(counter.items(), depth=3)) == list(range(count))
    assert counter.closed and not producers()


def test_no_more_than_the_depth_is_made_ahead() -> None:
    counter = Counter(1000)
    items = prefetched(counter.items(), depth=3)
    assert next(items) == 0
    time.sleep(0.05)
    # One given out, three waiting, one in the producer's hand.
    assert counter.made <= 5
    items.close()
    assert counter.closed and not producers()


@pytest.mark.parametrize("error", [ValueError("damaged"), KeyboardInterrupt(), MemoryError()])
def test_an_error_comes_after_the_items_before_it(error: BaseException) -> None:
    items = prefetched(Counter(2, error).items(), depth=3)
    assert [next(items), next(items)] == [0, 1]
    with pytest.raises(type(error)) as caught:
        next(items)
    assert caught.value is error
    assert not producers()


def test_work_overlaps() -> None:
    def slow() -> Generator[int]:
        for item in range(10):
            time.sleep(0.02)
            yield item

    start_s = time.perf_counter()
    for _ in prefetched(slow(), depth=3):
        time.sleep(0.02)
    # One after the other would take 0.4 s.
    assert time.perf_counter() - start_s < 0.36
