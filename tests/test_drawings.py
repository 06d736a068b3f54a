"""Own drawings: every name is there, in words too, and in the colours of the style sheet."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rom.clinical.body import Place, place_named, regions
from rom.clinical.muscles import muscles
from rom.errors import UsageError
from rom.landmarks import Side
from rom.movements import measurable_movements
from rom.reports.style import palette
from rom.ui.drawings import body_map, drawing, drawing_names
from rom.ui.drawings.body_map import MARKS, places
from rom.ui.drawings.body_shapes import HALF_WIDTH, HEIGHT, OUTLINES, Outline
from rom.ui.drawings.figure import FOREARM, HAND, SHANK, THIGH, UPPER_ARM, FrontPose, SidePose
from rom.ui.drawings.map_input import groups, known
from rom.ui.drawings.muscle_spots import SPOTS
from rom.ui.drawings.plane import direction_deg, towards
from rom.ui.drawings.poses import FRONT_MOVEMENTS, SIDE_MOVEMENTS

NAMES = [*drawing_names()]
PLACES = [place.name for view in ("front", "back") for place in places(view)]  # type: ignore[arg-type]
ANGLES = st.floats(-170.0, 170.0)


def root_of(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(str(markup))


@pytest.mark.parametrize("name", NAMES)
def test_every_drawing_is_well_formed_and_said_in_words(name: str) -> None:
    root = root_of(drawing(name))
    numbers = re.findall(r"-?(?:\d[\d.]*|nan|inf)(?=[ \"A-Z])", str(drawing(name)))
    assert all(math.isfinite(float(each)) for each in numbers)
    assert root.tag == "svg" and root.get("role") == "img"
    title, description = (root.find(each).text for each in ("title", "desc"))  # type: ignore[union-attr]
    assert title and description and root.get("aria-label") == f"{title}. {description}"
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", NAMES)
def test_no_drawing_runs_anything_or_brings_colours_or_links_of_its_own(name: str) -> None:
    text = str(drawing(name))
    used = set(re.findall(r"var\(--([a-z-]+)\)", text))
    assert used and used <= set(palette("light"))
    assert not re.search(r"<script|\son[a-z]+=|href|(?<!url\()#[0-9a-f]{3,8}\b|rgb\(|\n\n", text)
    painted = re.findall(r"(?:fill|stroke):([^;\"]+)", text)
    assert all(each == "none" or each.startswith(("var(--", "url(#")) for each in painted)


def test_all_that_scenes_may_ask_for_is_there() -> None:
    for kind in ("movement", "mirror", "placement"):
        for movement in measurable_movements():
            words = [side.value for side in Side] if movement.has_side else ["none"]
            assert {f"{kind}/{movement.name}/{word}" for word in words} <= set(NAMES)
    assert {f"muscle/{name}/{side.value}" for name in muscles() for side in Side} <= set(NAMES)
    assert {"body/front", "body/back", "gesture/cross", "gesture/height"} <= set(NAMES)
    assert {"gesture/raise_left", "gesture/raise_right"} <= set(NAMES)
    assert len(NAMES) == len(set(NAMES))


def test_the_side_of_a_movement_without_one_may_be_left_out() -> None:
    assert drawing("movement/cervical_flexion") == drawing("movement/cervical_flexion/none")
    assert drawing("placement/cervical_flexion/none") == drawing("placement/cervical_flexion")


@pytest.mark.parametrize(
    "name",
    ["", "movement", "movement/knee_flexion", "movement/knee_flexion/up", "muscle/heart/left"]
    + [
        "body/side",
        "gesture/wave",
        "movement/trunk_rotation/left",
        "movement/cervical_flexion/left",
    ],
)
def test_an_unknown_name_is_refused_in_one_line(name: str) -> None:
    with pytest.raises(UsageError) as refused:
        drawing(name)
    assert name in str(refused.value) and "\n" not in str(refused.value)


def drawn_points(root: ElementTree.Element) -> list[list[tuple[float, float]]]:
    """The points of all lines and circles, in order."""
    found = []
    for each in root.iter():
        numbers = re.findall(r"-?\d+\.?\d*", each.get("d") or "")
        if numbers:
            pairs = zip(map(float, numbers[::2]), map(float, numbers[1::2]), strict=True)
            found.append([*pairs])
        elif each.tag == "circle":
            found.append([(float(each.get("cx", "")), float(each.get("cy", "")))])
    return found


@pytest.mark.parametrize("name", [each for each in NAMES if each.startswith("mirror/")])
def test_a_mirror_exchanges_left_and_right_but_for_the_words(name: str) -> None:
    seen, plain = root_of(drawing(name)), root_of(drawing(name.replace("mirror", "movement", 1)))
    width = float(plain.get("viewBox", "").split()[2])
    exchanged = [[(width - x, y) for x, y in path] for path in drawn_points(plain)]
    for found, expected in zip(drawn_points(seen), exchanged, strict=True):
        assert found == [pytest.approx(each, abs=0.11) for each in expected]
    for each, other in zip(seen.iter("text"), plain.iter("text"), strict=True):
        assert each.text == other.text
        assert float(each.get("x", "")) == pytest.approx(width - float(other.get("x", "")))
        assert {each.get("text-anchor"), other.get("text-anchor")} == {"start", "end"}
    assert "transform" not in str(drawing(name)), "words would be mirrored with it"
    assert seen.findtext("title") == plain.findtext("title")
    assert seen.findtext("desc") == f"{plain.findtext('desc')} As in a mirror."


def test_poses_are_those_of_the_catalogue_in_the_view_it_is_filmed_from() -> None:
    from_front = {each.name for each in measurable_movements() if each.view.value[:5] == "front"}
    everything = {each.name for each in measurable_movements()}
    assert set(FRONT_MOVEMENTS) == from_front
    assert set(SIDE_MOVEMENTS) == everything - from_front


@pytest.mark.parametrize("name", SIDE_MOVEMENTS)
def test_left_and_right_from_the_side_look_to_opposite_ways(name: str) -> None:
    pose = SIDE_MOVEMENTS[name].end
    left, right = pose.skeleton(-1).chains, pose.skeleton(1).chains
    for part, chain in right.items():
        assert [complex(-p.real, p.imag) for p in chain] == pytest.approx(list(left[part]))


@given(shoulder=ANGLES, elbow=ANGLES, hip=ANGLES, knee=ANGLES, trunk=st.floats(-60, 100))
def test_limbs_keep_their_lengths_in_every_pose(
    shoulder: float, elbow: float, hip: float, knee: float, trunk: float
) -> None:
    pose = SidePose(trunk=trunk, shoulder=shoulder, elbow=elbow, hip=hip, knee=knee)
    chains = pose.skeleton(1).chains
    arm, leg = chains["arm"], chains["leg"]
    lengths = [abs(b - a) for a, b in zip(arm, arm[1:], strict=False)]
    assert lengths == pytest.approx([UPPER_ARM, FOREARM, HAND])
    assert [abs(leg[1] - leg[0]), abs(leg[2] - leg[1])] == pytest.approx([THIGH, SHANK])


@given(angle=st.floats(-170.0, 170.0))
def test_the_drawn_angle_is_the_angle_of_the_joint(angle: float) -> None:
    arm = SidePose(shoulder=angle).skeleton(1).chains["arm"]
    assert direction_deg(arm[1] - arm[0]) == pytest.approx(angle, abs=1e-6)
    for side, sign in ((Side.LEFT, 1), (Side.RIGHT, -1)):
        limb = FrontPose(arms={side: angle}).skeleton().chains[f"{side.value}_arm"]
        assert direction_deg(limb[1] - limb[0]) == pytest.approx(sign * angle, abs=1e-6)


@given(angle=st.floats(-179.0, 179.0))
def test_directions_turn_to_vectors_and_back(angle: float) -> None:
    assert direction_deg(towards(angle)) == pytest.approx(angle, abs=1e-6)


def test_the_outlines_are_those_of_the_regions() -> None:
    assert set(OUTLINES) == set(regions())
    for name, outline in OUTLINES.items():
        low = -HALF_WIDTH if name == "sacrum" else 0.0
        assert all(low <= x <= HALF_WIDTH and 0.0 <= y <= HEIGHT for x, y in outline)
        assert area_of(outline) > 60.0, name


def area_of(outline: Outline) -> float:
    """Of a polygon, by the shoelace formula."""
    ends = zip(outline, outline[1:] + outline[:1], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in ends)) / 2


def inside(point: tuple[float, float], outline: Outline) -> bool:
    """Whether a point lies in a polygon: a ray from it crosses the edge an odd number of times."""
    x, y = point
    crossed = False
    for a, b in zip(outline, outline[1:] + outline[:1], strict=True):
        if (a[1] > y) != (b[1] > y) and x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]):
            crossed = not crossed
    return crossed


def test_no_two_regions_of_a_view_lie_over_each_other() -> None:
    for view in ("front", "back"):
        named = {name: OUTLINES[name] for name in OUTLINES if regions()[name].view == view}
        for x in range(0, 100, 2):
            for y in range(0, 440, 2):
                hit = [name for name, each in named.items() if inside((x + 0.37, y + 0.41), each)]
                assert len(hit) <= 1, (x, y, hit)


@pytest.mark.parametrize("name", SPOTS)
def test_every_ring_lies_where_the_muscle_does(name: str) -> None:
    muscle = muscles()[name]
    where = {each: OUTLINES[each] for each in muscle.location_regions}
    for view, x, y in SPOTS[name]:
        hit = [region for region, each in where.items() if inside((x, y), each)]
        assert view in {regions()[region].view for region in hit}, (x, y)


def test_only_muscles_that_one_may_press_alone_have_rings() -> None:
    assert set(SPOTS) == {name for name, each in muscles().items() if each.dose is not None}
    assert "where to press" in drawing("muscle/soleus/left")
    assert "where to press" not in drawing("muscle/scalenes/left")


def test_a_place_on_the_map_is_on_the_side_of_the_person() -> None:
    def middle_x(view: str, name: str) -> float:
        root = root_of(body_map(views=(view,)))  # type: ignore[arg-type]
        path = next(each for each in root.iter() if each.get("data-place") == name)
        numbers = re.findall(r"[ML]([-\d.]+) ", path.get("d") or "")
        return sum(map(float, numbers)) / len(numbers)

    assert middle_x("front", "left_knee_front") > middle_x("front", "right_knee_front")
    assert middle_x("back", "left_calf") < middle_x("back", "right_calf")


@given(
    chosen=st.sets(st.sampled_from(PLACES)),
    coloured=st.dictionaries(st.sampled_from(PLACES), st.sampled_from([*MARKS])),
)
def test_a_map_says_in_words_what_it_shows_by_colour(
    chosen: set[str], coloured: dict[str, str]
) -> None:
    root = root_of(body_map(chosen, coloured))
    description = root.find("desc").text  # type: ignore[union-attr]
    key = [each.text for each in root.findall("text")]
    for name, kind in {**coloured, **dict.fromkeys(chosen, "chosen")}.items():
        assert place_named(name).words in str(description)
        assert MARKS[kind].words in key
    shown = [each.get("data-place") for each in root.iter() if each.get("data-place")]
    assert sorted(map(str, shown)) == sorted(PLACES)


def test_a_place_without_a_side_is_both() -> None:
    assert body_map({"calf"}) == body_map({"left_calf", "right_calf"})
    assert Place("calf", Side.LEFT).words in str(body_map({"calf"}))


def test_the_list_beside_the_map_holds_every_place_once() -> None:
    listed = [each["name"] for group in groups() for each in group["places"]]
    assert sorted(listed) == sorted(PLACES)
    assert all(group["places"] for group in groups())
    titles = {each["name"]: group["title"] for group in groups() for each in group["places"]}
    assert titles["left_calf"] == "Lower leg and foot" and titles["right_temple"] == "Head and neck"


@given(st.lists(st.sampled_from([*PLACES, "calf", "left_wing", ""])))
def test_only_places_are_taken_from_the_browser(names: list[str]) -> None:
    assert known(names) == sorted({each for each in names if each in PLACES})


@pytest.mark.parametrize("said", [None, 3, "left_calf", {"left_calf": 1}, [None, 3, ["left_calf"]]])
def test_whatever_else_a_browser_says_is_no_place(said: object) -> None:
    assert known(said) in ([], ["left_calf"] if isinstance(said, dict) else [])
