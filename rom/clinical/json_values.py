"""Plain JSON values out of dataclasses: strict, so a missing number is null and never NaN."""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from enum import Enum

import numpy as np

JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]

_DECIMALS = 4


def json_value(value: object, *, exact: bool = False) -> JsonValue:
    """Convert dataclasses, arrays, enumerations and numbers; NaN and infinity become None.

    Numbers are rounded to what anybody can read, unless they are to be read back exactly.

    Raises
    ------
    TypeError
        For a value that has no JSON form.

    >>> json_value((1.23456, float("nan")))
    [1.2346, None]
    """
    if isinstance(value, Enum):
        return json_value(value.value, exact=exact)
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (np.bool_, np.integer, np.floating, np.ndarray)):
        return json_value(value.tolist(), exact=exact)
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return value if exact else round(value, _DECIMALS)
    if isinstance(value, (list, tuple)):
        return [json_value(item, exact=exact) for item in value]
    if isinstance(value, dict):
        return {str(key): json_value(item, exact=exact) for key, item in value.items()}
    if is_dataclass(value):
        return {
            field.name: json_value(getattr(value, field.name), exact=exact)
            for field in fields(value)
        }
    raise TypeError(f"expected a JSON value or a dataclass of them, got {type(value).__name__}")
