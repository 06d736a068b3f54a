"""Sets as a FHIR R4 Bundle: one Observation per movement, side and set.

https://hl7.org/fhir/R4/observation.html. A patient has a pseudonym and a year of birth, nothing
else. Where there is no value, `dataAbsentReason` says why.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from rom.clinical.assessment import Assessment, Provenance
from rom.clinical.norms import NormalRange
from rom.clinical.pain_onset import pain_onset_of
from rom.clinical.signs.judged import Sign
from rom.clinical.signs.rules import sign_words
from rom.exports import fhir_codes as codes
from rom.exports.fhir_codes import Json
from rom.quality.issues import Issue
from rom.records.entities import PainScore, Person, PersonContent, SetRecord

_NAMESPACE = uuid.UUID("6f1b3f7e-94ba-5b0c-9d3b-53a1d3a9c1f4")
_NOT_A_FHIR_STRING = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_UNSUPPORTED = "not_measurable_with_one_camera"


def fhir_bundle(people: Iterable[PersonContent], *, made_at: datetime) -> Json:
    """Return a Bundle of type collection with patients, devices and observations."""
    entries: dict[str, Json] = {}
    for content in people:
        patient = _patient(content.person)
        entries[_address(patient)] = patient
        for record in content.sets:
            device = _device(record.assessment.provenance)
            observation = _observation(record, patient, device)
            scores = [
                _pain(record, score, index, patient) for index, score in enumerate(record.pain)
            ]
            observation |= _related(scores)
            for resource in (device, observation, *scores):
                entries[_address(resource)] = resource
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": made_at.isoformat(),
        "entry": [{"fullUrl": address, "resource": each} for address, each in entries.items()],
    }


def _patient(person: Person) -> Json:
    patient: Json = {
        "resourceType": "Patient",
        "id": _id("person", person.id),
        "identifier": [{"system": "urn:rom:id:person", "value": _text(person.id)}],
        "name": [{"use": "anonymous", "text": _text(person.pseudonym)}],
    }
    return patient | ({"birthDate": f"{person.birth_year:04d}"} if person.birth_year else {})


def _device(provenance: Provenance) -> Json:
    """What measured: this version of rom with this pose model and correction."""
    versions = {
        "rom": provenance.rom_version,
        "pose model": f"{provenance.model} (SHA-256 {provenance.model_sha256})",
        "MediaPipe": provenance.mediapipe_version,
        "correction": provenance.correction,
    }
    return {
        "resourceType": "Device",
        "id": _id("device", *(str(version) for version in versions.values())),
        "deviceName": [{"name": "rom", "type": "user-friendly-name"}],
        "version": [
            {"type": {"text": name}, "value": _text(version)}
            for name, version in versions.items()
            if version
        ],
    }


def _observation(record: SetRecord, patient: Json, device: Json) -> Json:
    assessment = record.assessment
    site = codes.body_site(assessment.movement, assessment.side)
    return {
        "resourceType": "Observation",
        "id": _id("set", record.id),
        "identifier": [{"system": "urn:rom:id:set", "value": _text(record.id)}],
        "status": "amended" if record.edited else "final",
        "category": [codes.concept(codes.coding(codes.CATEGORY, "exam", "Exam"), text="Exam")],
        "code": codes.movement_concept(assessment.movement, assessment.side),
        "subject": {"reference": _address(patient)},
        "effectiveDateTime": record.recorded_at.isoformat(),
        "method": codes.method_concept(),
        "device": {"reference": _address(device)},
        **({"bodySite": site} if site else {}),
        **_value(assessment),
        **_notes(assessment),
        **_reference_range(assessment.normal_range),
        "component": list(_components(record)),
    }


def _value(assessment: Assessment) -> Json:
    """The value, or the reason for none; never both (invariant obs-6)."""
    if assessment.value_deg is not None:
        comparator = ">=" if assessment.bound == "at_least" else None
        return {"valueQuantity": codes.degrees(assessment.value_deg, comparator=comparator)}
    unsupported = any(issue.code == _UNSUPPORTED for issue in assessment.refusals)
    reason = ("unsupported", "Unsupported") if unsupported else ("error", "Error")
    words = " ".join(issue.message for issue in assessment.refusals)
    absent = codes.concept(codes.coding(codes.ABSENT_REASON, *reason), text=_text(words))
    return {"dataAbsentReason": absent}


def _components(record: SetRecord) -> Iterator[Json]:
    assessment = record.assessment
    made = assessment.provenance
    figures_deg = {
        "sem": (assessment.sem_deg, made.sem_source),
        "mdc95": (assessment.mdc95_deg, made.sem_source),
        "accuracy": (assessment.accuracy_deg, made.accuracy_source),
    }
    for name, (figure_deg, source) in figures_deg.items():
        if figure_deg is not None:
            detail = "" if source is None else _text(f", from {source}")
            yield _component(codes.figure_concept(name, detail=detail), codes.degrees(figure_deg))
    count = codes.counted(len(assessment.counted), "repetitions")
    yield _component(codes.figure_concept("repetitions"), count)
    for number, repetition in enumerate(assessment.repetitions, start=1):
        if repetition.counted:
            code = codes.figure_concept("repetition_peak", detail=f": repetition {number}")
            yield _component(code, codes.degrees(repetition.peak_deg))
    onset = pain_onset_of(assessment)
    if onset is not None:
        detail = f": median of {onset.repetitions} marks"
        code = codes.figure_concept("pain_onset", detail=detail)
        yield _component(code, codes.degrees(onset.angle_deg))
    phase = record.phase.value
    place = codes.concept(codes.coding(codes.PHASE, phase, phase), text=phase)
    yield {"code": codes.figure_concept("phase"), "valueCodeableConcept": place}
    words = sign_words(assessment.movement)
    for sign in assessment.signs:
        yield _sign(sign, words.get(sign.code, sign.code.replace("_", " ")))


def _sign(sign: Sign, words: str) -> Json:
    """A sign with what it reached and whether that is beyond its threshold, or why it is not known.

    The threshold stands in the text of the reference range: which side of it counts differs.
    """
    code = codes.sign_concept(sign.code, words)
    if sign.value is None:
        absent = codes.coding(codes.ABSENT_REASON, "not-performed", "Not Performed")
        return {
            "code": code,
            "dataAbsentReason": codes.concept(absent, text=_text(sign.reason or "")),
        }
    source = f"source: {sign.source}; evidence: {sign.evidence}"
    threshold = f"Seen from {sign.threshold:g} {sign.unit}, in {sign.repeat_words}; {source}."
    return {
        "code": code,
        "valueQuantity": codes.sign_quantity(sign.value, sign.unit),
        "interpretation": [codes.interpretation(present=sign.present)],
        "referenceRange": [{"text": _text(threshold)}],
    }


def _component(code: Json, quantity: Json) -> Json:
    return {"code": code, "valueQuantity": quantity}


def _notes(assessment: Assessment) -> Json:
    """What travels with a value: warnings, in the words of the result."""
    notes = [_note(issue) for issue in assessment.issues if not issue.blocking]
    return {"note": notes} if notes else {}


def _note(issue: Issue) -> Json:
    return {"text": _text(issue.message)}


def _reference_range(normal: NormalRange | None) -> Json:
    if normal is None or normal.lower_deg is None:
        return {}
    words = (
        "Usual range for age and sex: 95 of 100 people reach the lower limit or more."
        f" Source: {normal.source}; evidence: {normal.evidence}."
    )
    return {"referenceRange": [{"low": codes.degrees(normal.lower_deg), "text": _text(words)}]}


def _pain(record: SetRecord, score: PainScore, index: int, patient: Json) -> Json:
    return {
        "resourceType": "Observation",
        "id": _id("pain", record.id, str(index)),
        "status": "final",
        "category": [
            codes.concept(codes.coding(codes.CATEGORY, "survey", "Survey"), text="Survey")
        ],
        "code": codes.pain_concept(score.moment),
        "subject": {"reference": _address(patient)},
        "effectiveDateTime": record.recorded_at.isoformat(),
        "valueQuantity": codes.counted(_whole(score.score), "score"),
    }


def _related(scores: list[Json]) -> Json:
    members = [{"reference": _address(score)} for score in scores]
    return {"hasMember": members} if members else {}


def _whole(score: float) -> float:
    return int(score) if score == int(score) else score


def _id(*parts: str) -> str:
    """An id that the same content gets in every export."""
    return str(uuid.uuid5(_NAMESPACE, "\n".join(parts)))


def _address(resource: dict[str, Any]) -> str:
    return f"urn:uuid:{resource['id']}"


def _text(text: str) -> str:
    """A text that FHIR allows: no control characters, and not blank."""
    return _NOT_A_FHIR_STRING.sub(" ", text).strip() or "-"
