"""Results back from the JSON that `rom assess` and `rom compare` write.

What a later version adds is passed over; what is missing or of another kind is named.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from typing import Any, TypeVar

import numpy as np

from rom.clinical.assessment import SCHEMA as ASSESSMENT_SCHEMA
from rom.clinical.assessment import Assessment, Series
from rom.clinical.comparison import SCHEMA as COMPARISON_SCHEMA
from rom.clinical.comparison import Comparison
from rom.clinical.decisions import Label, label_of, rules_of
from rom.clinical.json_values import json_value
from rom.clinical.signs.judged import Sign
from rom.clinical.signs.patterns import (
    Pattern,
    PatternAbsent,
    PatternNotEvaluated,
    signs_of_patterns,
)
from rom.errors import InputError
from rom.landmarks import FloatArray
from rom.records.codec import from_plain

_T = TypeVar("_T")


def assessment_from_json(content: object) -> Assessment:
    """Return the assessment that `Assessment.to_json` wrote.

    Raises
    ------
    InputError
        It is something else, or damaged.
    """
    if not isinstance(content, Mapping) or content.get("schema") != ASSESSMENT_SCHEMA:
        raise InputError(
            f"Expected an assessment ({ASSESSMENT_SCHEMA}), got {_schema_words(content)};"
            " give a file that `rom assess --json` wrote"
        )
    try:
        return _build(
            Assessment,
            content,
            {"series": _series(content.get("series")), "signs": _signs(content)},
        )
    except ValueError as error:
        raise InputError(
            f"Expected an assessment ({ASSESSMENT_SCHEMA}), but {error}; write it again with"
            " `rom assess --json`"
        ) from error


def comparison_from_json(content: object) -> Comparison:
    """Return the comparison that `Comparison.to_json` wrote.

    The sets come without their angle over time, as they were written. What only `rom` writes
    beyond the published schema may be missing.

    Raises
    ------
    InputError
        It is something else, or damaged.
    """
    if not isinstance(content, Mapping) or content.get("schema") != COMPARISON_SCHEMA:
        raise InputError(
            f"Expected a comparison ({COMPARISON_SCHEMA}), got {_schema_words(content)};"
            " give a file that `rom compare --json` wrote"
        )
    if content.get("side") == "both":
        raise InputError(
            "Expected a comparison of one side, got left and right together; give `rom compare"
            " --side both` a --report, or keep it with --person"
        )
    sets = {
        name: assessment_from_json(content.get(name))
        for name in ("pre1", "pre2", "post")
        if name != "pre2" or content.get(name) is not None
    }
    try:
        given = _defaults(content, sets) | dict(content) | dict(_pairs(content))
        return _build(Comparison, given, {**sets, "label": _label(content.get("label"))})
    except ValueError as error:
        raise InputError(
            f"Expected a comparison ({COMPARISON_SCHEMA}), but {error}; write it again with"
            " `rom compare --json`"
        ) from error


_PAIRS = {
    "pain": ("pain_before", "pain_after"),
    "restricted": ("restricted_before", "restricted_after"),
    "usual": ("normal_before", "normal_after"),
}
"""What is one object of `before` and `after` in the JSON, with the fields it fills."""


def _pairs(content: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, names in _PAIRS.items():
        pair = content.get(name, {})
        if not isinstance(pair, Mapping):
            raise ValueError(f"{name}: expected an object with before and after")
        for moment, field in zip(("before", "after"), names, strict=True):
            if moment in pair:
                yield field, pair[moment]


def _defaults(content: Mapping[str, object], sets: Mapping[str, Assessment]) -> dict[str, object]:
    """What the published schema does not ask for."""
    return {
        "kind": "before_after",
        "limit_deg": content.get("mdc95_deg"),
        "refusals": [],
        "remarks": [],
        "normal_before": json_value(sets["pre1"].normal_range),
        "normal_after": json_value(sets["post"].normal_range),
    }


def _label(content: object) -> Label | None:
    if content is None:
        return None
    rules = {row["rule_id"]: row for row in rules_of("session")}
    name = content.get("id") if isinstance(content, Mapping) else content
    if name not in rules:
        raise ValueError(f"label: expected one of {', '.join(map(str, rules))}, got {name!r}")
    return label_of(rules[name])


def _schema_words(content: object) -> str:
    schema = content.get("schema") if isinstance(content, Mapping) else None
    return schema if isinstance(schema, str) else "a file of another kind"


def _build(kind: type[_T], content: Mapping[str, object], ready: Mapping[str, object]) -> _T:
    """A dataclass of what the JSON says; what is `ready` is taken as it is."""
    hints = typing.get_type_hints(kind)
    values = {name: value for name, value in ready.items() if value is not None}
    for field in fields(kind):  # type: ignore[arg-type]  # always a dataclass
        if field.name in ready:
            continue
        if field.name in content:
            values[field.name] = _value(hints[field.name], content[field.name], field.name)
        elif field.default is MISSING:
            raise ValueError(f"{field.name} is missing")
    return kind(**values)


def _value(hint: Any, content: object, name: str) -> object:
    try:
        return from_plain(hint, content)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def _series(content: object) -> Series | None:
    if content is None:
        return None
    if not isinstance(content, Mapping):
        raise ValueError("series: expected an object")
    time_s, angle_deg = (_array(content.get(name), name) for name in ("time_s", "angle_deg"))
    return Series(time_s=time_s, angle_deg=angle_deg)


def _signs(content: Mapping[str, object]) -> tuple[Sign, ...]:
    """The signs of a set from what the JSON says of them: present, not seen, not judged."""
    return signs_of_patterns(
        _patterns(Pattern, content, "patterns", _UNTOLD),
        _patterns(PatternAbsent, content, "patterns_absent", {}),
        _patterns(PatternNotEvaluated, content, "patterns_not_evaluated", {}),
    )


_UNTOLD: dict[str, object] = {
    "repetitions_evaluated": [],
    "seen_s": [],
    "gate": None,
    "repeat_rule": "",
    "early": False,
}
"""What the published schema does not ask for."""


def _patterns(
    kind: type[_T], content: Mapping[str, object], name: str, untold: Mapping[str, object]
) -> tuple[_T, ...]:
    given = _value(tuple[Any, ...], content.get(name, []), name)
    assert isinstance(given, tuple)
    if not all(isinstance(each, Mapping) for each in given):
        raise ValueError(f"{name}: expected objects")
    return tuple(
        typing.cast(_T, _value(kind, {"words": "", **untold, **each}, name)) for each in given
    )


def _array(content: object, name: str) -> FloatArray:
    numbers = _value(tuple[float | None, ...], content, f"series.{name}")
    assert isinstance(numbers, tuple)
    return np.array([np.nan if each is None else each for each in numbers], np.float64)
