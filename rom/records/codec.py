"""Frozen dataclasses as JSON and back without loss, led by their type annotations.

Other than the contracts for readers (`to_json`), which round, this keeps every digit. A number
that JSON does not have is the text "NaN", "Infinity" or "-Infinity".
"""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, Literal, TypeVar, Union

from rom.clinical.json_values import JsonValue

_T = TypeVar("_T")

_UNREAL = ("NaN", "Infinity", "-Infinity")


def to_plain(value: object) -> JsonValue:
    """Return dataclasses, enumerations, dates, tuples and numbers as JSON values.

    Raises
    ------
    TypeError
        For a value that has no JSON form here, such as an array.

    >>> to_plain((0.1, float("nan"), date(2026, 5, 3)))
    [0.1, 'NaN', '2026-05-03']
    """
    if isinstance(value, Enum):
        return to_plain(value.value)
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else _unreal_word(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: to_plain(getattr(value, name)) for name in _fields(type(value))}
    if hasattr(value, "item"):  # a scalar of NumPy
        return to_plain(value.item())
    raise TypeError(f"expected a value of a record, got {type(value).__name__}")


def from_plain(kind: type[_T], content: object) -> _T:
    """Return what `to_plain` took, as a value of this dataclass.

    Names that the dataclass does not know are left out, and names that are missing take their
    default, so that what another version wrote can be read.

    Raises
    ------
    ValueError
        For content that does not fit the type.
    """
    reader: _Reader = _reader(typing.cast(Any, kind))
    value: _T = reader(content)
    return value


_Reader = Callable[[Any], Any]


@cache
def _reader(kind: Any) -> _Reader:
    """What reads a type; made once for each, because a history holds hundreds of thousands."""
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _dataclass_reader(kind)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (Union, types.UnionType):
        return _union_reader(arguments)
    if origin is Literal:
        return _literal_reader(arguments)
    if origin is tuple:
        item = _reader(arguments[0])
        return lambda content: tuple([item(each) for each in _checked(content, list)])
    if origin is dict:
        entry = _reader(arguments[1])
        return lambda content: {key: entry(each) for key, each in _checked(content, dict).items()}
    return _scalar_reader(kind)


def _scalar_reader(kind: Any) -> _Reader:
    if kind is Any:
        return lambda content: content
    if kind is float:
        return _number
    if kind is int:
        return _whole_number
    if kind in (bool, str):
        return lambda content: _checked(content, kind)
    if isinstance(kind, type) and issubclass(kind, date):
        return lambda content: kind.fromisoformat(_checked(content, str))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return lambda content: kind(_checked(content, str))
    return _unknown_reader(kind)


def _unknown_reader(kind: Any) -> _Reader:
    """Of arrays, which a record of JSON leaves out: None is all that can stand there."""

    def read(content: Any) -> None:
        raise TypeError(f"no way is known to read {kind}")

    return read


def _dataclass_reader(kind: type) -> _Reader:
    readers = {name: _reader(hint) for name, hint in _fields(kind).items()}

    def read(content: Any) -> Any:
        given = _checked(content, dict)
        found = {name: readers[name](given[name]) for name in readers if name in given}
        try:
            return kind(**found)
        except TypeError as error:
            raise ValueError(
                f"expected the content of {kind.__name__}, got {sorted(given)}"
            ) from error

    return read


def _union_reader(kinds: tuple[Any, ...]) -> _Reader:
    others = [kind for kind in kinds if kind is not type(None)]
    if len(others) > 1:
        return lambda content: content  # a JSON value, which may be any of them
    reader = _reader(others[0])
    return lambda content: None if content is None else reader(content)


def _literal_reader(allowed: tuple[Any, ...]) -> _Reader:
    def read(content: Any) -> Any:
        if content not in allowed:
            raise ValueError(f"expected one of {allowed}, got {content!r}")
        return content

    return read


def _number(content: Any) -> float:
    if type(content) is float:
        return content
    if content in _UNREAL:
        return float(content)
    if isinstance(content, bool) or not isinstance(content, (int, float)):
        raise ValueError(f"expected a number, got {content!r}")
    return float(content)


def _whole_number(content: Any) -> int:
    if type(content) is not int:
        raise ValueError(f"expected a whole number, got {content!r}")
    return content


def _unreal_word(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def _checked(content: Any, kind: type) -> Any:
    if not isinstance(content, kind):
        raise ValueError(f"expected {kind.__name__}, got {type(content).__name__}")
    return content


@cache
def _fields(kind: type) -> dict[str, Any]:
    """Names and resolved types of the fields that are stored."""
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind) if field.init}
