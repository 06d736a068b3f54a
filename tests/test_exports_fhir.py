"""The FHIR bundle, read by a library that others wrote from the specification."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given, settings
from pydantic import ValidationError

from rom.clinical.assessment import Assessment
from rom.clinical.signs.judged import Sign
from rom.clinical.tables import read_table
from rom.exports.fhir import fhir_bundle
from rom.exports.fhir_codes import sign_quantity
from rom.kinematics.pain_marks import PainMark
from rom.landmarks import Side
from rom.movements import MOVEMENTS
from rom.quality.issues import Issue, Severity
from rom.records.entities import PersonContent
from tests.clinical_builders import measured, refused
from tests.export_builders import NOON, full_person, people, person_of, set_of


def bundle_of(*people_given: PersonContent) -> dict[str, Any]:
    """The bundle after a way through JSON and through the reader of others."""
    text = json.dumps(fhir_bundle(people_given, made_at=NOON), allow_nan=False)
    read = Bundle.model_validate_json(text)
    text = text.replace("+00:00", "Z")  # two ways to write the same
    # As floats, because the reader writes 1e300 with all its digits.
    again, told = (json.loads(each, parse_int=float) for each in (read.model_dump_json(), text))
    assert again == told, "the reader understood it all"
    content: dict[str, Any] = json.loads(text)
    return content


def resources(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    found = [entry["resource"] for entry in bundle["entry"]]
    return [each for each in found if each["resourceType"] == kind]


def observation_of(assessment: Assessment) -> dict[str, Any]:
    (observation,) = resources(bundle_of(person_of(set_of(assessment))), "Observation")
    return observation


@settings(max_examples=25, deadline=None)
@given(people())
def test_any_content_makes_a_valid_bundle(content: PersonContent) -> None:
    bundle = bundle_of(content)
    addresses = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(set(addresses)) == len(addresses)
    for reference in references(bundle):
        assert reference in addresses
    for observation in resources(bundle, "Observation"):
        has_value = any(name.startswith("value") for name in observation)
        assert has_value != ("dataAbsentReason" in observation), "invariant obs-6"


def references(content: Any) -> list[str]:
    if isinstance(content, list):
        return [each for item in content for each in references(item)]
    if not isinstance(content, dict):
        return []
    own = [content["reference"]] if isinstance(content.get("reference"), str) else []
    return own + [each for item in content.values() for each in references(item)]


def test_the_reader_would_refuse_a_wrong_bundle() -> None:
    bundle = fhir_bundle([full_person()], made_at=NOON)
    entries: Any = bundle["entry"]
    observation = next(
        entry["resource"] for entry in entries if entry["resource"]["resourceType"] == "Observation"
    )
    del observation["status"]
    with pytest.raises(ValidationError):
        Bundle.model_validate_json(json.dumps(bundle))


def test_a_value_has_its_unit_side_method_and_errors() -> None:
    assessment = measured(140.0, age=45, sex="F")
    observation = observation_of(assessment)
    assert observation["valueQuantity"] == {
        "value": 140.0,
        "unit": "deg",
        "system": "http://unitsofmeasure.org",
        "code": "deg",
    }
    assert observation["bodySite"]["text"] == "left shoulder"
    assert observation["method"]["coding"]
    codes = {
        each["code"]["coding"][0]["code"]: each.get("valueQuantity")
        for each in observation["component"]
    }
    assert codes["sem"]["value"] == assessment.sem_deg
    assert codes["mdc95"]["value"] == assessment.mdc95_deg
    assert codes["accuracy"]["value"] == assessment.accuracy_deg
    assert codes["repetitions"]["value"] == 3
    assert assessment.normal_range is not None
    low = observation["referenceRange"][0]["low"]["value"]
    assert low == assessment.normal_range.lower_deg


def test_a_lower_bound_says_so() -> None:
    observation = observation_of(measured(70.0, movement="cervical_rotation", bound="at_least"))
    assert observation["valueQuantity"]["comparator"] == ">="


@pytest.mark.parametrize(
    ("code", "reason"), [("hidden", "error"), ("not_measurable_with_one_camera", "unsupported")]
)
def test_no_value_has_its_reason_in_words(code: str, reason: str) -> None:
    issue = Issue(code=code, severity=Severity.BLOCKING, message="Your knee is hidden. Turn.")
    observation = observation_of(replace(refused(), issues=(issue,)))
    assert "valueQuantity" not in observation
    absent = observation["dataAbsentReason"]
    assert (absent["coding"][0]["code"], absent["text"]) == (reason, issue.message)


def test_loinc_stands_only_where_it_is_verified() -> None:
    for name, movement in MOVEMENTS.items():
        for side in Side if movement.has_side else (None,):
            observation = observation_of(refused(movement=name, side=side))
            systems = [each["system"] for each in observation["code"]["coding"]]
            verified = (name, side) == ("shoulder_abduction", Side.LEFT)
            assert ("http://loinc.org" in systems) == verified
            assert "urn:rom:code:movement" in systems


def test_a_patient_has_a_pseudonym_and_a_year_of_birth_and_nothing_else() -> None:
    (patient,) = resources(bundle_of(full_person()), "Patient")
    assert set(patient) == {"resourceType", "id", "identifier", "name", "birthDate"}
    assert patient["birthDate"] == "1980"
    assert patient["name"] == [{"use": "anonymous", "text": "Anna"}]


def test_the_device_names_what_measured() -> None:
    (device,) = resources(bundle_of(full_person()), "Device")
    versions = {each["type"]["text"]: each["value"] for each in device["version"]}
    assert versions["rom"] == "0.1.0"
    assert "ab" * 32 in versions["pose model"]


def test_pain_is_an_observation_of_its_own() -> None:
    bundle = bundle_of(full_person())
    pain = [
        each
        for each in resources(bundle, "Observation")
        if each["code"]["coding"][0]["code"] == "72514-3"
    ]
    assert [each["valueQuantity"]["value"] for each in pain] == [3, 4]


def test_the_same_sets_get_the_same_addresses() -> None:
    first, second = (bundle_of(full_person()) for _ in range(2))
    assert first == second


def components(observation: dict[str, Any], system: str) -> dict[str, dict[str, Any]]:
    """Components by the code that they have in a system of ours."""
    return {
        each["code"]["coding"][0]["code"]: each
        for each in observation["component"]
        if each["code"]["coding"][0]["system"] == system
    }


def sign(code: str, **changes: Any) -> Sign:
    content: dict[str, Any] = {
        "code": code,
        "value": 12.5,
        "threshold": 10.0,
        "unit": "deg",
        "present": True,
        "reason": None,
        "source": "STEWART1995",
        "evidence": "heuristic",
        "repeat_words": "2 of 3",
    }
    return Sign(**(content | changes))


def test_signs_are_seen_not_seen_or_not_judged() -> None:
    signs = (
        sign("trunk_lean"),
        sign("elbow_flexed", value=3.0, present=False),
        sign("stops", value=None, present=False, reason="Too few pictures a second."),
        sign("arm_drift", value=0.4, threshold=0.3, unit="shoulder widths"),
    )
    observation = observation_of(replace(measured(140.0), signs=signs))
    found = components(observation, "urn:rom:code:sign")
    assert list(found) == [each.code for each in signs]
    seen = {
        code: each["interpretation"][0]["coding"][0]["code"]
        for code, each in found.items()
        if "interpretation" in each
    }
    assert seen == {"trunk_lean": "POS", "elbow_flexed": "NEG", "arm_drift": "POS"}
    lean = found["trunk_lean"]
    assert lean["code"]["text"] == "the trunk leans away"
    assert (lean["valueQuantity"]["value"], lean["valueQuantity"]["code"]) == (12.5, "deg")
    (told,) = lean["referenceRange"]
    assert "10 deg, in 2 of 3" in told["text"] and "STEWART1995" in told["text"]
    assert found["arm_drift"]["valueQuantity"]["code"] == "{shoulder widths}"
    assert "valueQuantity" not in found["stops"]
    assert found["stops"]["dataAbsentReason"]["text"] == "Too few pictures a second."


def test_every_unit_of_a_sign_is_one_of_ucum() -> None:
    rows = [*read_table("protective.csv"), *read_table("compensations.csv")]
    for unit in {row["unit"] for row in rows} - {None}:
        assert unit is not None
        written = sign_quantity(1.0, unit)["code"]
        assert written in {"deg", "s", "1"} or written == "{" + unit + "}"
        assert str(written).isascii() and str(written).isprintable()


def test_own_error_figures_tell_where_they_come_from() -> None:
    assessment = measured(140.0)
    plain = components(observation_of(assessment), "urn:rom:code:figure")
    source = "own error figures clinic: 12 pairs of 12 people with a goniometer, up to 2026-03-12"
    made = replace(assessment.provenance, accuracy_source=source)
    own = components(observation_of(replace(assessment, provenance=made)), "urn:rom:code:figure")
    assert own["accuracy"]["code"]["text"].endswith(f", from {source}")
    assert own["sem"] == plain["sem"] and "from" not in plain["accuracy"]["code"]["text"]
    both = observation_of(replace(assessment, provenance=replace(made, sem_source="S, 5 pairs")))
    told = components(both, "urn:rom:code:figure")
    for name in ("sem", "mdc95"):
        assert told[name]["code"]["text"].endswith(", from S, 5 pairs")


def test_the_start_of_pain_is_a_component_of_its_set() -> None:
    marks = (PainMark(time_s=2.0, repetition=0, angle_deg=88.0), PainMark(time_s=9.9))
    assessment = replace(measured(140.0), pain_marks=marks)
    found = components(observation_of(assessment), "urn:rom:code:figure")["pain_onset"]
    assert found["valueQuantity"]["value"] == 88.0
    assert "median of 1 marks" in found["code"]["text"]
    plain = components(observation_of(measured(140.0)), "urn:rom:code:figure")
    assert "pain_onset" not in plain
