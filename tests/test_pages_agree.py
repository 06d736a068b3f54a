"""The page of `rom compare --report` and what `rom report` writes tell the same of a result."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import Any

import pytest
from clinical_builders import measured, refused, series_of

from rom.clinical.assessment import Assessment
from rom.clinical.comparison import Comparison, compare, compare_sides
from rom.landmarks import Side
from rom.reports.blocks import Document
from rom.reports.content import SessionContent, ShownSet, Subject
from rom.reports.page import comparison_page
from rom.reports.person import session_for_person
from rom.reports.report_page import report_page
from rom.reports.text import named_sets
from rom.reports.therapist import session_for_therapist

_ANGLE = re.compile(r"[+−]?\d+(?:\.\d+)?°")


def words_of(page: str) -> str:
    """What a page says, drawings left out."""
    page = re.sub(r"<(style|svg)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def one(value_deg: float, side: Side = Side.LEFT) -> Assessment:
    assessment = measured(value_deg, side=side, age=45, sex="F")
    return replace(assessment, series=series_of(assessment))


def compared(before: Assessment, after: Assessment, **told: Any) -> Comparison:
    return compare(before, after, age=45, sex="F", **told)


COMPARISONS = {
    "gain": compared(one(120.0), one(150.0), pain_before=6.0, pain_after=2.0),
    "no change": compared(one(120.0), one(122.0)),
    "loss": compared(one(150.0), one(120.0), pain_before=2.0, pain_after=5.0),
    "with drift": compared(one(120.0), one(150.0), pre2=one(128.0)),
    "sides": compare_sides(one(120.0), one(150.0, Side.RIGHT), age=45, sex="F"),
    "refused": compared(one(120.0), refused()),
}


def reports(comparison: Comparison) -> dict[str, Document]:
    sets = [ShownSet(name=name, assessment=each) for name, each in named_sets(comparison)]
    content = SessionContent(subject=Subject(age=45, sex="F"), sets=sets, comparison=comparison)
    return {"person": session_for_person(content), "therapist": session_for_therapist(content)}


@pytest.mark.parametrize("name", COMPARISONS)
def test_the_page_and_the_reports_lead_with_the_same_sentences(name: str) -> None:
    comparison = COMPARISONS[name]
    page = words_of(comparison_page(comparison))
    assert comparison.sentences[0] in page
    for reader, document in reports(comparison).items():
        told = words_of(report_page(document, paper="a4"))
        assert comparison.sentences[0] in told, reader


@pytest.mark.parametrize("name", COMPARISONS)
def test_no_report_has_an_angle_of_the_result_that_the_page_does_not_have(name: str) -> None:
    comparison = COMPARISONS[name]
    page = {each.lstrip("+") for each in _ANGLE.findall(words_of(comparison_page(comparison)))}
    whole = {each.split(".")[0].rstrip("°") for each in page}
    person = words_of(report_page(reports(comparison)["person"], paper="a4"))
    for angle in _ANGLE.findall(person):
        assert angle.lstrip("+").split(".")[0].rstrip("°") in whole, angle
