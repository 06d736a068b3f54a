"""Codes of the FHIR export: LOINC where it is verified, code systems of our own otherwise.

Ours are URNs, which claim no address on the web. Their codes are the names of the catalogue.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

from rom.landmarks import Side
from rom.movements import MOVEMENTS, SideKind

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
ABSENT_REASON = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
MOVEMENT = "urn:rom:code:movement"
BODY_SITE = "urn:rom:code:body-site"
METHOD = "urn:rom:code:method"
FIGURE = "urn:rom:code:figure"
PHASE = "urn:rom:code:phase"
SIGN = "urn:rom:code:sign"
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"

_UCUM_UNITS = {"deg": "deg", "s": "s", "ratio": "1", "fraction": "1"}
"""Units of signs that UCUM knows; others are annotations, such as {head widths}."""

FIGURES = {
    "sem": "Standard error of measurement, for change within one person and session",
    "mdc95": "Minimal detectable change between two sets with this error (95 %)",
    "accuracy": "95 % half-width against the true angle",
    "repetitions": "Repetitions whose peaks make the value",
    "repetition_peak": "End-range angle of one repetition",
    "pain_onset": "Angle at which pain begins, marked by the person",
    "phase": "Place of the set in its session",
}
METHOD_CODE = "single_camera_pose"
METHOD_WORDS = "Active range of motion from one camera, by a pose estimation model"

Json = dict[str, object]


@cache
def _loinc() -> dict[tuple[str, str], Json]:
    path = resources.files("rom.exports").joinpath("data", "loinc.csv")
    return {
        (row["concept"], row["side"]): coding(LOINC, row["code"], row["display"])
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
        if row["evidence_status"] == "verified"
    }


def coding(system: str, code: str, display: str) -> Json:
    """A coding of FHIR."""
    return {"system": system, "code": code, "display": display}


def concept(*codings: Json, text: str) -> Json:
    """A concept of FHIR; the first coding is the one to prefer."""
    return {"coding": list(codings), "text": text}


def movement_concept(movement: str, side: Side | None) -> Json:
    """What was observed: the movement and its side."""
    words = movement.replace("_", " ")
    text = words if side is None else f"{words}, {side.value}"
    code = movement if side is None else f"{movement}.{side.value}"
    verified = _loinc().get((movement, side.value if side else ""))
    own = coding(MOVEMENT, code, text)
    codings = [verified, own] if verified else [own]
    return concept(*codings, text=f"Active range of motion: {text}")


def pain_concept(moment: str) -> Json:
    """Pain from 0 to 10; the moment stands in the text."""
    return concept(_loinc()["pain", ""], text=f"Pain, 0 to 10, {moment.replace('_', ' ')}")


def body_site(movement: str, side: Side | None) -> Json | None:
    """The joint, with its side where the movement belongs to one; None for an unknown movement."""
    known = MOVEMENTS.get(movement)
    if known is None:
        return None
    sided = side if known.side_kind is SideKind.BODY else None
    words = f"{sided.value} {known.joint}" if sided else known.joint
    code = f"{known.joint}.{sided.value}" if sided else known.joint
    return concept(coding(BODY_SITE, code, words), text=words)


def figure_concept(name: str, *, detail: str = "") -> Json:
    """A figure that belongs to a value."""
    return concept(coding(FIGURE, name, FIGURES[name]), text=FIGURES[name] + detail)


def sign_concept(code: str, words: str) -> Json:
    """What was looked for in the way of moving."""
    return concept(coding(SIGN, code, words), text=words)


def sign_quantity(value: float, unit: str) -> Json:
    """What a sign reached."""
    words = " ".join("".join(each for each in unit if each.isprintable()).split()) or "1"
    annotation = "{" + words.replace("{", "(").replace("}", ")") + "}"
    code = "1" if words == "1" else _UCUM_UNITS.get(words, annotation)
    return {"value": value, "unit": words, "system": UCUM, "code": code}


def interpretation(*, present: bool) -> Json:
    """Whether a sign was seen."""
    code, words = ("POS", "Positive") if present else ("NEG", "Negative")
    return concept(coding(INTERPRETATION, code, words), text="seen" if present else "not seen")


def method_concept() -> Json:
    """How the value was obtained."""
    return concept(coding(METHOD, METHOD_CODE, METHOD_WORDS), text=METHOD_WORDS)


def degrees(value_deg: float, *, comparator: str | None = None) -> Json:
    """An angle as a quantity."""
    quantity: Json = {"value": value_deg, "unit": "deg", "system": UCUM, "code": "deg"}
    return quantity | ({"comparator": comparator} if comparator else {})


def counted(value: float, unit: str) -> Json:
    """A count or a score as a quantity, its unit in braces as UCUM writes annotations."""
    return {"value": value, "unit": unit, "system": UCUM, "code": "{" + unit + "}"}
