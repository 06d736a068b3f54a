"""Text, page and figures: complete, escaped, self-contained, readable."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from agreement_builders import reference_pairs
from clinical_builders import PROVENANCE, measured, refused, repetition, series_of, sign

from rom.clinical.agreement.study import agreements_with_instruments
from rom.clinical.assessment import Assessment, Series
from rom.clinical.comparison import Comparison, compare, compare_sides
from rom.clinical.error import read_too_poorly
from rom.clinical.norms import NormalRange
from rom.kinematics.repetitions import Repetition
from rom.landmarks import Side
from rom.movements import MOVEMENTS
from rom.quality.issues import Issue, Severity
from rom.reports.agreement_page import agreement_page
from rom.reports.figures import Dot, angle_figure, scale_figure
from rom.reports.page import assessment_page, comparison_page
from rom.reports.text import (
    assessment_text,
    comparison_text,
    movement_explanation,
    movements_table,
)

GOLDEN = Path(__file__).parent / "golden_reports"
HOSTILE = "<script>alert(1)</script>\"'&"
SLOW_CAMERA = Issue(
    code="frame_rate",
    severity=Severity.WARNING,
    message="The camera gave 18 frames per second. More light helps.",
    value=18.2,
    limit=20.0,
    unit="frames/s",
)


def full_assessment(value_deg: float = 118.0) -> Assessment:
    one = measured(value_deg, age=34)
    one = replace(
        one,
        issues=(SLOW_CAMERA,),
        repetitions=(*one.repetitions, repetition(74, number=3, counted=False)),
    )
    return replace(one, series=series_of(one, gap_s=(6.9, 7.6)))


def with_signs(assessment: Assessment, *codes: str) -> Assessment:
    """A set that shows these signs out of three, and leaves one open."""
    looked_for = ("hesitation", "trunk_lean", "elbow_bend")
    signs = tuple(sign(code, (0, 2) if code in codes else ()) for code in looked_for)
    open_sign = sign("bracing", reason="Your hands were not seen well enough.")
    return replace(assessment, signs=(*signs, open_sign))


def session() -> Comparison:
    return compare(
        full_assessment(118),
        with_signs(full_assessment(139), "elbow_bend"),
        pre2=with_signs(full_assessment(120), "hesitation", "trunk_lean"),
        pain_before=6,
        pain_after=3,
        age=34,
    )


def sides() -> Comparison:
    return compare_sides(measured(118), measured(140, side=Side.RIGHT), age=34)


TEXTS: dict[str, Callable[[], str]] = {
    "assessment": lambda: assessment_text(full_assessment()),
    "signs": lambda: assessment_text(with_signs(full_assessment(), "trunk_lean")),
    "not_measured": lambda: assessment_text(refused(movement="knee_flexion", side=Side.RIGHT)),
    "at_least": lambda: assessment_text(
        measured(58, movement="cervical_rotation", age=50, bound="at_least")
    ),
    "session": lambda: comparison_text(session()),
    "no_change": lambda: comparison_text(compare(measured(118), measured(121))),
    "sides": lambda: comparison_text(sides()),
    "not_comparable": lambda: comparison_text(compare(measured(), refused())),
}
PAGES: dict[str, Callable[[], str]] = {
    "assessment": lambda: assessment_page(full_assessment(), recording="before.mp4"),
    "not_measured": lambda: assessment_page(refused()),
    "bare": lambda: assessment_page(measured()),
    "session": lambda: comparison_page(session(), recordings=("a.mp4", "b.mp4", "c.mp4")),
    "sides": lambda: comparison_page(sides()),
    "not_comparable": lambda: comparison_page(compare(refused(), refused())),
    "agreement": lambda: agreement_page(
        [*agreements_with_instruments(reference_pairs([2.0, -1.0, 4.0, 1.0]))], files=("a.csv",)
    ),
    "agreement of two": lambda: agreement_page(
        [*agreements_with_instruments(reference_pairs([2.0, -1.0]))], own_figures=(HOSTILE,)
    ),
}


class PageReader(HTMLParser):
    """Collects what a browser would load or run, and checks that tags close in order."""

    VOID = frozenset({"meta", "br", "img", "link", "input", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.ids: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("src", "href", "action", "data", "xlink:href"):
                self.addresses.append(value or "")
            if name.startswith("on"):
                self.handlers.append(name)
            if name == "id":
                self.ids.append(value or "")
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


def read(page: str) -> PageReader:
    reader = PageReader()
    reader.feed(page)
    reader.close()
    assert not reader._open
    return reader


@pytest.mark.parametrize("name", TEXTS)
def test_text_is_the_stored_one(name: str) -> None:
    """A missing file fails; write it by hand after reading what changed."""
    expected = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert TEXTS[name]() + "\n" == expected
    assert max(map(len, expected.splitlines())) <= 80


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", sorted(MOVEMENTS))
def test_text_fits_and_has_no_control_codes(name: str, width: int) -> None:
    side = Side.LEFT if MOVEMENTS[name].has_side else None
    before, after = (measured(v, movement=name, side=side, age=50, sex="F") for v in (5, 40))
    text = (
        assessment_text(before, width=width)
        + "\n"
        + comparison_text(compare(before, after, pain_before=5, pain_after=2, age=50), width=width)
    )
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)
    assert max(map(len, text.splitlines())) <= width


def test_a_movement_that_gets_no_number_says_so_before_anybody_films_it() -> None:
    below = movements_table().split("No number from one camera:")[1]
    for movement in MOVEMENTS.values():
        without = not movement.measurable or read_too_poorly(movement.name)
        assert (f"  {movement.name}: " in below) == without
        assert ("no number" in movement_explanation(movement)) == without
        assert ("read to" in movement_explanation(movement)) != without


def test_movements_table_shows_all_and_fits() -> None:
    table = movements_table()
    assert max(map(len, table.splitlines())) <= 80
    for movement in MOVEMENTS.values():
        assert re.search(rf"^{movement.name} ", table, re.MULTILINE)
        if not movement.measurable:
            assert f"  {movement.name}: " in table


@pytest.mark.parametrize("name", PAGES)
def test_page_loads_and_runs_nothing(name: str) -> None:
    page = PAGES[name]()
    reader = read(page)
    assert not {"script", "iframe", "object", "embed", "link", "img", "base"} & set(reader.tags)
    assert reader.addresses == reader.handlers == []
    assert "url(http" not in page and "@import" not in page
    assert "Content-Security-Policy\" content=\"default-src 'none'" in page
    assert len(reader.ids) == len(set(reader.ids))


@pytest.mark.parametrize("name", PAGES)
def test_page_has_no_holes(name: str) -> None:
    page = PAGES[name]()
    for word in ("nan", "None", "Undefined", "inf"):
        assert not re.search(rf"\b{word}\b", re.sub(r"<style>.*?</style>", "", page, flags=re.S))


def test_assessment_page_shows_every_figure_with_unit_error_and_source() -> None:
    page = assessment_page(full_assessment(), recording="before.mp4")
    for words in (
        "before.mp4",
        ">118°<",
        "median of 3 repetitions",
        "Below the usual range for this age: 95 of 100 people reach 142° or more",
        f"±{full_assessment().accuracy_deg:.0f}°",
        "Up to 8°",
        "GILL2020",
        "our own choice",
        "Gill TK et al.",
        "More light helps.",
        "Found 18.2, limit 20 frames/s.",
        "4 (not counted)",
        "The recording ends before its peak.",
        PROVENANCE.model_sha256,
        "MediaPipe 1.2.2",
        "540 frames, 30.0 per second, 1280 × 720 pixels",
        "What this cannot tell",
        "not a medical device",
    ):
        assert words in page, words


def test_comparison_page_shows_sets_change_and_words() -> None:
    comparison = session()
    error = f"±{1.96 * (comparison.post.sem_deg or np.nan):.1f}"
    page = comparison_page(comparison, recordings=("a.mp4", "b.mp4", "c.mp4"))
    for sentence in comparison.sentences:
        assert sentence in page
    for words in ("a.mp4", "c.mp4", error, "19.0", "drift between the two sets before"):
        assert words in page


def test_own_error_figures_are_named_as_the_source() -> None:
    source = "own error figures clinic: 28 pairs of 14 people with a goniometer, up to 2026-05-31"
    one = full_assessment()
    own = replace(one, provenance=replace(PROVENANCE, accuracy_source=source, sem_source=source))
    assert f"Of the accuracy: {source}" in assessment_page(own)
    assert f"Of the change: {source}" in assessment_page(own)
    text = " ".join(assessment_text(own).split())
    assert f"Source of the accuracy: {source}" in text
    assert f"Source of its error: {source}" in " ".join(comparison_text(compare(own, own)).split())
    assert "Source of" not in assessment_text(one) and "Of the" not in assessment_page(one)
    assert own.to_json()["provenance"] == one.to_json()["provenance"] | {
        "sem_source": source,
        "accuracy_source": source,
    }


def test_refused_page_shows_the_reason_and_no_number() -> None:
    page = assessment_page(refused())
    assert "Turn a little towards the camera." in page
    assert 'class="number"' not in page


def hostile_assessment() -> Assessment:
    issue = Issue(code=HOSTILE, severity=Severity.WARNING, message=HOSTILE, unit=HOSTILE)
    hostile = replace(
        sign(HOSTILE), unit=HOSTILE, source=HOSTILE, gate=HOSTILE, repeat_words=HOSTILE
    )
    open_sign = replace(sign("y" + HOSTILE, reason=HOSTILE), unit=HOSTILE)
    normal = NormalRange(
        lower_deg=142.0, mean_deg=162.0, position="below", source=HOSTILE, evidence="heuristic"
    )
    provenance = replace(PROVENANCE, model=HOSTILE, correction=HOSTILE, rom_version=HOSTILE)
    one = replace(
        full_assessment(),
        issues=(replace(issue, value=1.0, limit=2.0),),
        signs=(hostile, open_sign),
        normal_range=normal,
        provenance=provenance,
        repetitions=(replace(repetition(74, counted=False), reason_not_counted=HOSTILE),),
    )
    return replace(one, movement=HOSTILE)


@pytest.mark.parametrize("kind", ["assessment", "comparison", "sides"])
def test_hostile_names_stay_text(kind: str) -> None:
    one = hostile_assessment()
    if kind == "assessment":
        page = assessment_page(one, recording=HOSTILE)
    elif kind == "comparison":
        page = comparison_page(compare(one, one), recordings=(HOSTILE,))
    else:
        page = comparison_page(compare_sides(one, replace(one, side=Side.RIGHT)))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&amp;" in page
    read(page)


def figure_of(series: Series, repetitions: tuple[Repetition, ...] = ()) -> ElementTree.Element:
    svg = angle_figure(series, repetitions, title=HOSTILE, identifier="curve")
    return ElementTree.fromstring(str(svg))


def test_figures_have_text_alternatives() -> None:
    one = full_assessment()
    assert one.series is not None
    root = figure_of(one.series, one.repetitions)
    assert root.get("role") == "img"
    title, description = root[0], root[1]
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text == HOSTILE
    assert "116°, 118°, 120°" in (description.text or "")
    assert "Not seen in 4 % of the frames." in (description.text or "")


def test_a_gap_breaks_the_line_and_repetitions_are_marked() -> None:
    one = full_assessment()
    assert one.series is not None
    root = figure_of(one.series, one.repetitions)
    path = root.find("path")
    assert path is not None and path.get("d", "").count("M") == 2
    assert len(root.findall("circle")) == 4
    shades = [rect.get("class") for rect in root.findall("rect")]
    assert shades == ["repetition"] * 3 + ["repetition uncounted"]


def test_an_unseen_recording_has_no_figure() -> None:
    series = Series(time_s=np.arange(3.0), angle_deg=np.full(3, np.nan))
    assert angle_figure(series, (), title="empty", identifier="curve") == ""


def test_a_long_recording_is_thinned_but_keeps_its_peak_and_gap() -> None:
    time_s = np.arange(0.0, 600.0, 1 / 30)
    angle_deg = np.full(time_s.shape, 10.0)
    angle_deg[7_777] = 150.0
    angle_deg[12_000:12_030] = np.nan
    path = figure_of(Series(time_s=time_s, angle_deg=angle_deg)).find("path")
    assert path is not None
    points = re.findall(r"[ML]([\d.]+) ([\d.]+)", path.get("d", ""))
    heights = sorted({float(y) for _, y in points})
    assert len(points) < 1300
    assert path.get("d", "").count("M") == 2
    assert len(heights) == 2


def test_scale_shows_intervals_bounds_and_ranges() -> None:
    dots = [
        Dot(name="before", value_deg=118, half_width_deg=5.7, style="before"),
        Dot(name="after", value_deg=139, half_width_deg=5.7, style="after", at_least=True),
    ]
    svg = scale_figure(
        dots,
        title="Before and after",
        identifier="scale",
        usual_from_deg=142,
        usual_mean_deg=162,
        error_limit_deg=8,
        error_around_deg=118,
    )
    root = ElementTree.fromstring(str(svg))
    description = root[1].text
    assert description == (
        "before: 118° ±6°. after: at least 139°. "
        "Differences up to 8° can be measurement error. The usual range begins at 142°."
    )
    assert len(root.findall("circle")) == 1
    assert [rect.get("class") for rect in root.findall("rect")] == [None, "error-band", "dot after"]


@pytest.mark.parametrize("value_deg", [-12.0, 0.0, 179.0])
def test_everything_stays_inside_the_drawing(value_deg: float) -> None:
    dot = Dot(name="before (1)", value_deg=value_deg, half_width_deg=9.0, style="before")
    svg = str(scale_figure([dot], title="One", identifier="one", usual_from_deg=20))
    for x in re.findall(r'\b(?:x|x1|x2|cx)="(-?[\d.]+)"', svg):
        assert 0 <= float(x) <= 480


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return float(np.dot((0.2126, 0.7152, 0.0722), linear))


def contrast(a: str, b: str) -> float:
    bright, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1, 2])
def test_colours_can_be_read_in_light_dark_and_print(scheme: int) -> None:
    style = resources.files("rom.reports").joinpath("templates", "style.css").read_text("utf-8")
    block = re.findall(r":root \{(.*?)\}", style, re.S)[scheme]
    colours = {
        name: value if len(value) == 7 else "#" + "".join(2 * c for c in value[1:4])
        for name, value in re.findall(r"--([a-z-]+): (#[0-9a-f]+)", block)
    }
    for name in ("ink", "soft"):
        assert contrast(colours[name], colours["page"]) >= 4.5
        assert contrast(colours[name], colours["warning-page"]) >= 4.5
    assert contrast(colours["warning"], colours["warning-page"]) >= 4.5
    for name in ("before", "after"):
        assert contrast(colours[name], colours["page"]) >= 3
