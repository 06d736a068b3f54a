"""What a record is: names, checks, and every bit of it through JSON and through bytes."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from clinical_builders import measured, refused, sign
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from record_builders import (
    ODD_NAMES,
    a_session,
    a_set,
    assert_same,
    full_content,
    landmarks,
    person,
)

from rom.clinical.assessment import Assessment
from rom.errors import UsageError
from rom.records.arrays import (
    pack_arrays,
    pack_landmarks,
    pack_series,
    unpack_arrays,
    unpack_landmarks,
    unpack_series,
)
from rom.records.codec import from_plain, to_plain
from rom.records.entities import (
    ManualReading,
    PainScore,
    PersonContent,
    SessionContent,
    SessionResult,
)
from rom.records.names import checked_name, checked_text, name_key, nearest_names

# Names


@pytest.mark.parametrize("name", ODD_NAMES.values(), ids=ODD_NAMES.keys())
def test_names_of_any_script_stay_what_they_are(name: str) -> None:
    assert checked_name(f"  {name} ") == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "\t\n",
        "a\0b",
        "a\x1b[31mb",
        "\ud800",
        "\u202eevil",
        "\u200d",
        "x" * 101,
    ],
    ids=ascii,
)
def test_names_that_cannot_be_shown_are_refused_in_one_line(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        checked_name(name)
    assert str(caught.value).startswith("Expected a name")
    assert str(caught.value).isprintable() and len(str(caught.value)) < 900


def test_a_name_of_ten_thousand_characters_is_refused_by_its_length() -> None:
    with pytest.raises(UsageError, match="got 10000"):
        checked_name("x" * 10_000)


def test_notes_may_be_long_but_not_endless() -> None:
    assert checked_text("é" * 10_000) == "é" * 10_000
    for wrong in ("x" * 100_001, "a\0b", "\udcff"):
        with pytest.raises(UsageError):
            checked_text(wrong)


@pytest.mark.parametrize(
    ("name", "other"),
    [("Ana", "ANA"), ("Zoë", "zoe\u0308"), ("a  b", "A b"), ("Straße", "STRASSE"), ("ﬁn", "fin")],
)
def test_names_that_look_alike_are_one(name: str, other: str) -> None:
    assert name_key(name) == name_key(other)


def test_near_names_are_found() -> None:
    assert nearest_names("ane", ["Ana", "Bert", "Anne"]) == ["Anne", "Ana"]


# Checks


@pytest.mark.parametrize("year", [1899, 2027])
def test_a_year_of_birth_has_to_be_one(year: int) -> None:
    with pytest.raises(UsageError, match="year of birth"):
        person(birth_year=year)


def test_age_follows_the_day() -> None:
    assert person(birth_year=1976).age_on(date(2026, 3, 2)) == 50
    assert person(birth_year=None).age_on(date(2026, 3, 2)) is None
    assert person(birth_year=2026).age_on(date(2020, 1, 1)) == 0


def test_times_without_a_distance_from_utc_are_refused() -> None:
    with pytest.raises(ValueError, match="UTC"):
        a_session("p", started_at=datetime(2026, 3, 2))


@pytest.mark.parametrize("score", [-0.1, 10.1, float("nan")])
def test_pain_goes_from_0_to_10(score: float) -> None:
    with pytest.raises(UsageError):
        PainScore(moment="during", score=score)


@pytest.mark.parametrize("value_deg", [float("nan"), float("inf"), 361.0])
def test_a_reading_is_an_angle(value_deg: float) -> None:
    now = datetime.now(UTC)
    with pytest.raises(UsageError):
        ManualReading(id="r", value_deg=value_deg, instrument="goniometer", read_at=now)


def test_content_belongs_to_its_owner() -> None:
    session = a_session("p")
    with pytest.raises(ValueError, match="session"):
        SessionContent(session=session, sets=(a_set(a_session("p")),))
    with pytest.raises(ValueError, match="person"):
        PersonContent(person=person(), sessions=(SessionContent(session=session),))


def test_the_last_score_of_a_moment_counts() -> None:
    scores = tuple(PainScore(moment="during", score=score) for score in (3.0, 4.0))
    found = a_set(a_session("p"), pain=scores)
    assert found.pain_at("during") == 4.0 and found.pain_at("before") is None


# JSON without loss

_FLOATS = st.floats(allow_nan=True, allow_infinity=True)


@given(st.lists(_FLOATS, min_size=3, max_size=9))
def test_repetitions_keep_every_bit(numbers: list[float]) -> None:
    assessment = measured(140.0)
    changed = tuple(
        replace(each, start_deg=numbers[0], peak_velocity_deg_s=numbers[1], onset_s=numbers[2])
        for each in assessment.repetitions
    )
    text = json.dumps(to_plain(replace(assessment, repetitions=changed)), allow_nan=False)
    found = from_plain(Assessment, json.loads(text))
    for a, b in zip(found.repetitions, changed, strict=True):
        for name in ("start_deg", "peak_velocity_deg_s", "onset_s"):
            assert repr(getattr(a, name)) == repr(getattr(b, name))  # -0.0 and NaN, too


SIGNS = (
    replace(sign("trunk_lean", value=0.1 + 0.2), seen_s=(1 / 3, 9.25), gate="from the front"),
    sign("bracing", (), early=False),
    sign("slow", reason="The set before is needed."),
    replace(sign("movement_pain", reason="It was not asked for."), threshold=math.nan),
)


@pytest.mark.parametrize(
    "assessment",
    [measured(140.0, age=50, sex="M"), measured(140.0, signs=SIGNS), refused()],
    ids=["measured", "signs", "refused"],
)
def test_assessments_are_the_same_after_json(assessment: Assessment) -> None:
    plain = json.loads(json.dumps(to_plain(assessment)))
    assert_same(from_plain(Assessment, plain), assessment)


def test_results_are_the_same_after_json() -> None:
    result = full_content().sessions[1].results[0]
    assert_same(from_plain(SessionResult, json.loads(json.dumps(to_plain(result)))), result)


@pytest.mark.parametrize(
    "change",
    [
        {"status": "guessed"},
        {"value_deg": "many"},
        {"value_deg": True},
        {"repetitions": {}},
        {"repetitions": [{"counted": 1}]},
        {"side": "up"},
        {"provenance": None},
        {"value_deg": None},
    ],
    ids=str,
)
def test_json_of_something_else_is_refused(change: dict[str, object]) -> None:
    content = to_plain(measured(140.0))
    assert isinstance(content, dict)
    with pytest.raises(ValueError):
        from_plain(Assessment, content | change)


def test_a_number_of_a_later_version_is_left_out_and_a_missing_one_takes_its_default() -> None:
    content = to_plain(measured(140.0))
    assert isinstance(content, dict)
    del content["signs"]
    assert from_plain(Assessment, content | {"colour": "blue"}).signs == ()


# Arrays without loss

_DTYPES = st.sampled_from(["<f8", "<f4", "<i8", "|b1", ">f8"]).map(np.dtype)


@given(arrays.arrays(_DTYPES, arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=40)))
def test_any_array_comes_back_bit_by_bit(array: np.ndarray) -> None:
    found, numbers = unpack_arrays(pack_arrays({"a": array}, width_px=7))
    assert numbers == {"width_px": 7}
    assert found["a"].shape == array.shape
    assert found["a"].astype(array.dtype).tobytes() == array.tobytes()


def test_regular_arrays_shrink_and_noise_does_not_grow() -> None:
    still = np.full((500, 33), 0.5)
    assert len(pack_arrays({"a": still})) < still.nbytes / 50
    noise = np.random.default_rng(1).integers(0, 2**63, (500, 33))
    assert len(pack_arrays({"a": noise})) < noise.nbytes + 200


def test_landmarks_and_series_come_back_bit_by_bit() -> None:
    for hidden in (0, 20):
        found = landmarks(hidden=hidden)
        assert_same(unpack_landmarks(pack_landmarks(found)), found)
    series = a_set(a_session("p")).assessment.series
    assert series is not None
    assert_same(unpack_series(pack_series(series)), series)


@given(st.data())
def test_damaged_arrays_are_refused(data: st.DataObject) -> None:
    packed = pack_landmarks(landmarks(4, hidden=0))
    cut = data.draw(st.integers(0, len(packed) - 1))
    with pytest.raises(ValueError):
        unpack_landmarks(packed[:cut])


@pytest.mark.parametrize("packed", [b"", b"ROMARR1\n", b"PK\3\4" * 20])
def test_other_bytes_are_refused(packed: bytes) -> None:
    with pytest.raises(ValueError):
        unpack_arrays(packed)
    with pytest.raises(ValueError):
        unpack_landmarks(pack_arrays({"a": np.zeros(3)}))
    with pytest.raises(ValueError):
        unpack_series(pack_arrays({"a": np.zeros(3)}))
