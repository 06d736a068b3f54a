"""How long something has been held, forgiving what a single frame gets wrong."""

from __future__ import annotations

FORGIVEN_S = 0.2
"""The pose model loses a hand for a frame or two now and then."""


class Holding:
    """Grows from 0 to 1 while something is held for `full_s` seconds, and starts anew if not."""

    def __init__(self, full_s: float, *, forgiven_s: float = FORGIVEN_S) -> None:
        self._full_s = full_s
        self._forgiven_s = forgiven_s
        self._since_s: float | None = None
        self._last_s = 0.0
        self._spent = False

    @property
    def since_s(self) -> float | None:
        """When it began; None where nothing is held that has not had its answer."""
        return None if self._spent else self._since_s

    def forget(self) -> None:
        """Start anew, even with what is held now."""
        self._since_s = None

    def spend(self) -> None:
        """It has had its answer: it has to be let go before it is held again."""
        self._spent = self._since_s is not None

    def see(self, time_s: float, held: bool) -> float:
        """The part of the time for which it has been held, 0 to 1; a clock set back starts anew."""
        if self._since_s is not None and time_s < self._last_s:
            self._since_s, self._spent = None, False
        if held:
            self._since_s = time_s if self._since_s is None else self._since_s
            self._last_s = time_s
        elif self._since_s is not None and time_s - self._last_s > self._forgiven_s:
            self._since_s, self._spent = None, False
        if self._since_s is None or self._spent:
            return 0.0
        return min(1.0, (self._last_s - self._since_s) / self._full_s)
