"""The figures of the protocol, each with its source in `protocol.csv`."""

from __future__ import annotations

from functools import cache

from rom.clinical.tables import number_of, read_table, text_of


def figure(name: str) -> float:
    """A figure of the protocol by its name; the unit stands in the table.

    >>> figure("rest_s")
    120.0
    """
    return _figures()[name]


@cache
def _figures() -> dict[str, float]:
    return {text_of(row, "name"): number_of(row, "value") for row in read_table("protocol.csv")}
