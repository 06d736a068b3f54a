"""Muscles worth trying: ranking, sides, what a person alone is not guided through, the tables."""

from __future__ import annotations

import pytest
from guide_builders import PLACES, TARGETS, places, targets
from hypothesis import given, settings
from hypothesis import strategies as st

from rom.clinical.body import Place, movement_areas, place_named, regions
from rom.clinical.muscles import muscle_named, muscles, muscles_worth_trying
from rom.clinical.sources import citations_in, evidence_words
from rom.clinical.tables import read_table, text_of
from rom.errors import UsageError
from rom.landmarks import Side
from rom.movements import MOVEMENTS

TABLES = [
    "trigger_points.csv",
    "movement_muscle_map.csv",
    "body_regions.csv",
    "redflags.csv",
    "screen_groups.csv",
    "screen_levels.csv",
    "stop_symptoms.csv",
    "pain_stops.csv",
    "stretches.csv",
    "stretch_doses.csv",
    "strengthening.csv",
    "flare_questions.csv",
    "guidance.csv",
]


def mirrored(place: Place) -> Place:
    return Place(place.region, place.side.other if place.side else None)


def ranked(*arguments: object, **options: object) -> list[str]:
    found = muscles_worth_trying(*arguments, **options)  # type: ignore[arg-type]
    return [candidate.muscle.id for candidate in found]


# Published directions: Oliveira-Campelo 2013 for the upper trapezius, the muscle map for the rest.
@pytest.mark.parametrize(
    ("movement", "side", "muscle", "sides"),
    [
        ("cervical_lateral_flexion", Side.LEFT, "upper_trapezius", {Side.RIGHT}),
        ("cervical_rotation", Side.LEFT, "upper_trapezius", {Side.LEFT}),
        ("cervical_rotation", Side.RIGHT, "suboccipitals", set(Side)),
        ("cervical_flexion", None, "upper_trapezius", set(Side)),
        ("trunk_lateral_flexion", Side.RIGHT, "quadratus_lumborum", {Side.LEFT}),
        ("shoulder_flexion", Side.RIGHT, "teres_major", {Side.RIGHT}),
        ("hip_external_rotation", Side.LEFT, "piriformis", {Side.LEFT}),
    ],
)
def test_the_muscle_lies_on_the_side_that_limits(
    movement: str, side: Side | None, muscle: str, sides: set[Side]
) -> None:
    found = {each.muscle.id: set(each.sides) for each in muscles_worth_trying(movement, side)}
    assert found[muscle] == sides


def test_without_a_place_the_order_is_that_of_the_table() -> None:
    assert ranked("shoulder_flexion", Side.LEFT) == [
        "teres_major",
        "latissimus_dorsi",
        "pectoralis_major",
        "pectoralis_minor",
        "triceps",
        "subscapularis",
    ]


def test_where_it_hurts_comes_first_and_says_so() -> None:
    first = muscles_worth_trying("shoulder_flexion", Side.LEFT, (place_named("left_mid_back"),))[0]
    assert first.muscle.id == "latissimus_dorsi"
    assert any("middle of the back (left)" in reason for reason in first.reasons)


def test_a_place_on_the_other_side_says_nothing() -> None:
    hurts = (place_named("right_mid_back"),)
    assert ranked("shoulder_flexion", Side.LEFT, hurts) == ranked("shoulder_flexion", Side.LEFT)


def test_of_two_sides_the_one_that_hurts_is_taken() -> None:
    hurts = (place_named("left_shoulder_top"),)
    found = muscles_worth_trying("cervical_flexion", None, hurts)
    assert {each.muscle.id: each.sides for each in found}["upper_trapezius"] == (Side.LEFT,)
    together = next(each for each in found if each.muscle.both_at_once)
    assert together.sides == tuple(Side)


def test_another_limited_movement_counts_behind_the_places() -> None:
    target = ("shoulder_extension", Side.LEFT)
    assert ranked(*target) == ["deltoid", "biceps"]
    also = (("elbow_extension", Side.LEFT),)
    assert ranked(*target, also_limited=also) == ["biceps", "deltoid"]
    assert ranked(*target, also_limited=(("elbow_extension", Side.RIGHT),)) == ranked(*target)
    hurts = (place_named("left_shoulder_outer"),)
    assert ranked(*target, hurts, also_limited=also) == ["deltoid", "biceps"]


@settings(deadline=None)
@given(targets, places, st.lists(targets, max_size=3).map(tuple))
def test_what_is_for_professionals_stands_last_and_is_never_timed(
    target: tuple[str, Side | None],
    hurts: tuple[Place, ...],
    also: tuple[tuple[str, Side | None], ...],
) -> None:
    found = muscles_worth_trying(*target, hurts, also_limited=also)
    guided = [candidate.guided for candidate in found]
    assert guided == sorted(guided, reverse=True)
    assert [candidate.rank for candidate in found] == [*range(1, len(found) + 1)]
    for candidate in found:
        professional = candidate.muscle.home_use == "professional_only"
        assert (candidate.muscle.dose is None) == professional
        assert candidate.reasons and candidate.sides


@settings(deadline=None)
@given(targets, places)
def test_left_and_right_are_mirror_images(
    target: tuple[str, Side | None], hurts: tuple[Place, ...]
) -> None:
    movement, side = target
    found = muscles_worth_trying(movement, side, hurts)
    mirror = muscles_worth_trying(
        movement, side.other if side else None, tuple(map(mirrored, hurts))
    )
    assert [(each.muscle.id, {way.other for way in each.sides}) for each in found] == [
        (each.muscle.id, set(each.sides)) for each in mirror
    ]


@settings(deadline=None)
@given(targets, places, st.sampled_from(PLACES))
def test_naming_a_place_never_lowers_a_muscle_felt_there(
    target: tuple[str, Side | None], hurts: tuple[Place, ...], place: Place
) -> None:
    before = {each.muscle.id: each for each in muscles_worth_trying(*target, hurts)}
    for after in muscles_worth_trying(*target, (*hurts, place)):
        muscle = after.muscle
        felt = place.region in (*muscle.referral_regions, *muscle.location_regions)
        if felt and place.on(after.sides) and place not in hurts:
            assert after.rank <= before[muscle.id].rank


def test_the_four_risky_muscles_are_for_professionals() -> None:
    assert {each.id for each in muscles().values() if each.dose is None} == {
        "sternocleidomastoid",
        "scalenes",
        "subscapularis",
        "iliopsoas",
    }


def test_light_pressure_is_short_and_light() -> None:
    for muscle in muscles().values():
        if muscle.home_use == "light":
            assert muscle.dose is not None
            assert (muscle.dose.hold_max_s, muscle.dose.strength_max) == (20, 4)
        elif muscle.dose is not None:
            assert (muscle.dose.hold_min_s, muscle.dose.hold_max_s) == (20, 60)
            assert (muscle.dose.strength_min, muscle.dose.strength_max) == (4, 6)
            assert muscle.dose.hold_default_s == 30


def test_a_movement_without_a_row_has_no_muscle() -> None:
    assert muscles_worth_trying("forearm_pronation", Side.LEFT) == ()


def test_the_map_names_movements_and_muscles_that_exist() -> None:
    rows = read_table("movement_muscle_map.csv")
    assert rows
    for movement in {text_of(row, "movement_id") for row in rows}:
        assert movement in MOVEMENTS
        mine = [row for row in rows if row["movement_id"] == movement]
        assert [text_of(row, "order") for row in mine] == [str(n + 1) for n in range(len(mine))]
        for row in mine:
            assert text_of(row, "muscle_id") in muscles()
            if MOVEMENTS[movement].side_kind.name == "BODY":
                assert row["muscle_side"] == "same"


def test_muscles_lie_and_are_felt_in_known_regions_of_their_areas() -> None:
    known = {area for region in regions().values() for area in region.areas}
    for muscle in muscles().values():
        assert {*muscle.location_regions, *muscle.referral_regions} <= regions().keys()
        assert muscle.areas <= known
        near = set().union(*(regions()[name].areas for name in muscle.location_regions))
        assert near & muscle.areas, muscle.id
    for movement in MOVEMENTS.values():
        assert movement_areas(movement) <= known


@pytest.mark.parametrize("table", TABLES)
def test_every_row_has_a_source_and_an_evidence_mark(table: str) -> None:
    for row in read_table(table):
        assert text_of(row, "source_id" if "source_id" in row else "source")
        assert evidence_words(text_of(row, "evidence_status"))


def test_sources_of_the_muscles_are_listed() -> None:
    for name in ("trigger_points.csv", "movement_muscle_map.csv"):
        for row in read_table(name):
            source = text_of(row, "source")
            assert len(citations_in(source)) == source.count(";") + 1, source


@pytest.mark.parametrize(
    ("movement", "side", "hint"),
    [
        ("knee_flexoin", Side.LEFT, "knee_flexion"),
        ("knee_flexion", None, "side"),
        ("cervical_flexion", Side.LEFT, "leave it out"),
    ],
)
def test_a_wrong_target_gets_a_sentence(movement: str, side: Side | None, hint: str) -> None:
    with pytest.raises(UsageError, match=hint):
        muscles_worth_trying(movement, side)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("left_kneefront", "knee_front"), ("left_sacrum", "sacrum"), ("", "region"), ("x", "region")],
)
def test_an_unknown_place_gets_a_sentence(name: str, hint: str) -> None:
    with pytest.raises(UsageError, match=hint):
        place_named(name)


def test_an_unknown_muscle_gets_a_sentence() -> None:
    with pytest.raises(UsageError, match="biceps"):
        muscle_named("bicep")


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_place_is_read_as_it_is_named(place: Place) -> None:
    assert place_named(place.name) == place


def test_there_is_something_to_try() -> None:
    assert sum(bool(muscles_worth_trying(*target)) for target in TARGETS) > len(TARGETS) // 2
