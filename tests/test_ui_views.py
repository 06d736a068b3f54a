"""Results as the pages show them: the sentence first, a figure never without its error, no number
where there is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from clinical_builders import measured, refused
from report_builders import HOSTILE, compared, full, profile, still
from streamlit.testing.v1 import AppTest

from rom.clinical.comparison import compare
from rom.landmarks import Side
from rom.reports.phrases import NOT_MEASURED, STANDING_TEXT
from rom.ui.drawings.results import colours_of, most_limited_first
from rom.ui.views import show_assessment, show_comparison, show_profile

DEGREES = re.compile(r"\d\s*°")


def drawn(draw: Callable[..., None], *given: object, **more: object) -> AppTest:
    """A page with nothing on it but what is drawn."""
    app = AppTest.from_function(_page, kwargs={"draw": draw, "given": given, "more": more})
    app.run(timeout=30)
    assert not app.exception
    return app


def _page(draw, given, more):  # type: ignore[no-untyped-def] # its source runs alone
    draw(*given, **more)


def texts(app: AppTest) -> list[str]:
    """Everything that is shown, in order, as words."""
    found = []
    for each in app.main:  # every element, from the outside in
        body = getattr(getattr(each, "proto", None), "body", None)
        if isinstance(body, str) and body:
            found.append(" ".join(re.sub(r"<[^>]*>", " ", body).split()))
    return found


def test_the_sentence_comes_first() -> None:
    comparison = compared()
    shown = texts(drawn(show_comparison, comparison))
    assert shown[1] == comparison.sentences[0] == "You moved 27° further than before."
    assert shown[-1] == STANDING_TEXT


def test_every_sentence_of_a_comparison_is_shown_once() -> None:
    comparison = compared()
    shown = texts(drawn(show_comparison, comparison))
    for sentence in comparison.sentences:
        assert shown.count(sentence) == 1, sentence


def test_no_change_is_told_kindly_and_with_its_limit() -> None:
    shown = texts(drawn(show_comparison, compared(119.0)))
    assert shown[1] == "No measurable change. That is the most common result."
    assert any("can be measurement error" in each for each in shown)


def test_what_got_worse_is_told_before_everything_else() -> None:
    comparison = compare(measured(120), measured(140), pain_before=3, pain_after=7)
    app = drawn(show_comparison, comparison)
    assert [each.value for each in app.error] == [comparison.sentences[0]]


def test_recordings_that_may_not_be_compared_get_no_number() -> None:
    again: list[int] = []
    comparison = compare(measured(118), refused(), age=45, sex="F")
    app = drawn(show_comparison, comparison, retry=lambda: again.append(1))
    assert not any(DEGREES.search(each) for each in texts(app))
    app.button[0].click().run()
    assert again == [1]


def test_what_was_not_measured_has_a_reason_and_a_way_on_but_no_number() -> None:
    one = refused(movement="knee_flexion", side=Side.RIGHT)
    app = drawn(show_assessment, one, retry=lambda: None)
    shown = texts(app)
    assert shown[1] == NOT_MEASURED
    assert any(one.refusals[0].message in each for each in shown)
    assert not any(DEGREES.search(each.replace("20 to 30°", "")) for each in shown)
    assert [each.label for each in app.button] == ["Measure again"]


def test_a_movement_that_is_not_in_the_catalogue_is_refused_without_pictures() -> None:
    shown = texts(drawn(show_assessment, refused(movement="auto", side=None)))
    assert NOT_MEASURED in shown


def test_a_value_is_never_without_its_error() -> None:
    shown = texts(drawn(show_assessment, full(118.0)))
    assert any(re.fullmatch(r"118° ±\d+° median of 3 repetitions", each) for each in shown)
    bound = texts(
        drawn(show_assessment, measured(55, movement="cervical_rotation", bound="at_least"))
    )
    assert any(each.startswith("at least 55° median") for each in bound)


def test_the_moment_of_a_sign_is_told() -> None:
    one = full(118.0)
    seen = replace(one.signs[0], seen_s=(3.21, 7.5))
    shown = texts(drawn(show_assessment, replace(one, signs=(seen,))))
    assert any("at 3.2 and 7.5 s" in each for each in shown)


def test_a_still_is_said_in_words() -> None:
    app = drawn(show_comparison, compared(), picture=still())
    (figure,) = [each.proto.body for each in app.get("html") if "<img" in each.proto.body]
    assert 'alt="The frame at the peak, 144°."' in figure


def test_names_are_shown_as_they_were_typed() -> None:
    app = drawn(show_assessment, full(118.0), person=HOSTILE)
    bodies = [each.proto.body for each in app.get("html")]
    assert any("&lt;script&gt;" in each for each in bodies)
    assert not any("<script" in each for each in bodies)


def test_a_profile_begins_with_the_most_limited() -> None:
    assessments = [each.assessment for each in profile().sets]
    shown = texts(drawn(show_profile, assessments[::-1]))
    assert shown[0].startswith("Below the usual range for your age: left arm")
    assert any(each.startswith("Not measured, Right knee") for each in shown)
    ordered = most_limited_first(assessments)
    assert ordered[0].normal_range is not None and ordered[0].normal_range.position == "below"
    assert not ordered[-1].measured
    assert sorted(map(id, ordered)) == sorted(map(id, assessments))


def test_the_worst_movement_of_a_joint_colours_the_body() -> None:
    colours = colours_of([each.assessment for each in profile().sets])
    assert colours["left_shoulder_outer"] == "below"
    assert colours["right_knee_front"] == "not_measured"
    assert colours["left_neck_back"] == colours["right_neck_back"]
    assert "left_calf" not in colours


def test_a_profile_of_nothing_says_so() -> None:
    assert texts(drawn(show_profile, [])) == ["Nothing has been measured yet."]
    only_refused = texts(drawn(show_profile, [refused()]))
    assert not any(DEGREES.search(each) for each in only_refused)
