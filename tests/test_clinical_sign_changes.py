"""Signs that went, came and stayed: each in exactly one place, mirrored when the sets are."""

from __future__ import annotations

import pytest
from clinical_builders import measured, refused, sign
from hypothesis import given, settings
from hypothesis import strategies as st

from rom.clinical.comparison import compare, compare_sides
from rom.clinical.signs.changes import SetSigns, SignCount, sign_changes, signs_of
from rom.clinical.wording import sign_change_sentences
from rom.landmarks import Side

CODES = st.sampled_from(["hesitation", "shoulder_hike", "slow", "trunk_lean"])


@st.composite
def set_signs(draw: st.DrawFn) -> SetSigns:
    present = draw(st.dictionaries(CODES, st.integers(0, 3).map(lambda seen: SignCount(seen, 3))))
    return SetSigns(present, tuple(draw(st.sets(CODES)) - present.keys()))


@settings(deadline=None)
@given(before=set_signs(), after=set_signs())
def test_every_sign_is_told_in_exactly_one_place(before: SetSigns, after: SetSigns) -> None:
    found = sign_changes(before, after)
    told = [each.code for each in (*found.went, *found.came, *found.stayed)] + [*found.not_told]
    assert len(told) == len(set(told))
    asked = {*before.present, *after.present, *before.not_evaluated, *after.not_evaluated}
    assert set(told) == asked


@settings(deadline=None)
@given(before=set_signs(), after=set_signs())
def test_swapping_the_sets_swaps_what_went_and_what_came(before: SetSigns, after: SetSigns) -> None:
    forward, back = sign_changes(before, after), sign_changes(after, before)
    assert [(each.code, each.before) for each in forward.went] == [
        (each.code, each.after) for each in back.came
    ]
    assert {each.code for each in forward.stayed} == {each.code for each in back.stayed}
    assert forward.not_told == back.not_told


@settings(deadline=None)
@given(before=set_signs(), after=set_signs())
def test_what_could_not_be_judged_once_has_neither_gone_nor_come(
    before: SetSigns, after: SetSigns
) -> None:
    found = sign_changes(before, after)
    told = {each.code for each in (*found.went, *found.came, *found.stayed)}
    assert not told & {*before.not_evaluated, *after.not_evaluated}


def test_a_sign_is_not_present_and_open_at_once() -> None:
    with pytest.raises(ValueError, match="hesitation"):
        SetSigns({"hesitation": SignCount(1, 3)}, ("hesitation",))


@pytest.mark.parametrize("count", [(4, 3), (-1, 3)])
def test_a_sign_is_seen_in_no_more_repetitions_than_there_are(count: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="repetitions"):
        SignCount(*count)


def test_a_comparison_counts_signs_from_the_second_set_before() -> None:
    before = measured(120, signs=(sign("trunk_lean", (0, 2)), sign("hesitation", ())))
    after = measured(121, signs=(sign("trunk_lean", ()), sign("hesitation", (1,))))
    found = compare(measured(signs=(sign("elbow_bend", (0,)),)), after, pre2=before)
    assert found.signs is not None
    (went,), (came,) = found.signs.went, found.signs.came
    assert (went.code, went.before) == ("trunk_lean", SignCount(2, 3))
    assert (came.code, came.after) == ("hesitation", SignCount(1, 3))
    signs = found.to_json()["signs"]
    assert isinstance(signs, dict)
    assert signs["went"] == [{"code": "trunk_lean", "before": {"seen": 2, "of": 3}, "after": None}]


def test_signs_of_a_set_keep_what_could_not_be_judged() -> None:
    open_sign = sign("slow", reason="The other side was not measured.")
    assert signs_of((open_sign, sign("trunk_lean", ()))) == SetSigns({}, ("slow",))


def test_no_signs_are_compared_where_the_sets_may_not_be() -> None:
    assert compare(measured(), refused()).signs is None
    assert compare_sides(measured(), measured(side=Side.RIGHT)).signs is None
    assert compare_sides(measured(), refused(side=Side.RIGHT)).side_signs is None


def test_signs_are_told_by_their_names_with_counts() -> None:
    names = {"hesitation": "a pause on the way", "slow": "slower", "trunk_lean": "trunk leaning"}
    before = SetSigns({"hesitation": SignCount(3, 3), "slow": SignCount(2, 3)})
    after = SetSigns({"slow": SignCount(3, 3), "trunk_lean": SignCount(1, 1)})
    assert sign_change_sentences(sign_changes(before, after), names) == (
        "Seen before and not after: a pause on the way (in 3 of 3 repetitions).",
        "Seen after and not before: trunk leaning (in 1 of 1 repetition).",
        "Seen both times: slower (in 2 of 3 repetitions, then in 3 of 3 repetitions).",
        "A way of moving can come and go by chance; repeating it on other days will tell.",
    )
    assert sign_change_sentences(sign_changes(SetSigns({}), SetSigns({})), names) == ()
