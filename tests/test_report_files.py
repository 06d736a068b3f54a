"""Reports as files: pages, reading order, tags, alternatives, fonts, escaping, and how long."""

from __future__ import annotations

import ctypes
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest
from report_builders import (
    HOSTILE,
    LONG_NAME,
    NAMES,
    SLOW_CAMERA,
    full,
    kept_weeks,
    one_set,
    profile,
    session,
)
from test_report_documents import DOCUMENTS, TODAY, blocks_of

from rom.clinical.comparison import compare
from rom.reports.blocks import Document, Figure, Heading, Pictures
from rom.reports.kept import weeks_content
from rom.reports.pdf import Paper, is_right_to_left, report_pdf
from rom.reports.person import session_for_person, weeks_for_person
from rom.reports.report_page import report_page
from rom.reports.style import palette, standalone
from rom.reports.therapist import session_for_therapist, weeks_for_therapist

PAPERS: dict[Paper, tuple[float, float]] = {"a4": (595.3, 841.9), "letter": (612.0, 792.0)}
FOR_PERSON = [name for name in DOCUMENTS if name.endswith("person")]


def opened(document: Document, paper: Paper = "a4") -> pdfium.PdfDocument:
    made = report_pdf(document, paper=paper)
    assert not made.unshown
    return pdfium.PdfDocument(made.content)


def text_of(pdf: pdfium.PdfDocument) -> str:
    """All text in the order of the file, without line ends."""
    pages = (pdf[index].get_textpage().get_text_range() for index in range(len(pdf)))
    return " ".join(" ".join(pages).split())


# PDF


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("name", FOR_PERSON)
def test_the_person_gets_one_page(name: str, paper: Paper) -> None:
    pdf = opened(DOCUMENTS[name](), paper)
    assert len(pdf) == 1
    assert pdf[0].get_size() == pytest.approx(PAPERS[paper], abs=0.1)


@pytest.mark.parametrize("paper", PAPERS)
def test_the_fullest_page_is_still_one(paper: Paper) -> None:
    """A long name, pictures, as many notes as are shown, each long."""
    long_note = replace(SLOW_CAMERA, message=" ".join([SLOW_CAMERA.message] * 3))
    given = session(LONG_NAME, pictures=True)
    noted = [
        replace(each.assessment, issues=(replace(long_note, message=f"{n}. {long_note.message}"),))
        for n, each in enumerate(given.sets)
    ]
    comparison = compare(
        noted[0], noted[2], pre2=noted[1], pain_before=6, pain_after=3, age=45, sex="F"
    )
    sets = [
        replace(shown, assessment=assessment)
        for shown, assessment in zip(given.sets, noted, strict=True)
    ]
    content = replace(given, sets=sets, comparison=comparison)
    assert len(opened(session_for_person(content), paper)) == 1
    everything = replace(content, sets=[*sets, *profile().sets])
    assert len(opened(session_for_person(everything), paper)) == 1


@pytest.mark.parametrize("name", ["before and after, person", "before and after, therapist"])
def test_text_comes_out_in_reading_order(name: str) -> None:
    document = DOCUMENTS[name]()
    text = text_of(opened(document))
    headings = [block.words for block in blocks_of(document, Heading)]
    wanted = [document.kind, document.name or "", document.title, *headings, document.footer]
    places = []
    for words in wanted:
        place = text.find(words, places[-1] if places else 0)
        assert place >= 0, f"{words!r} does not follow"
        places.append(place)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_files_are_tagged_and_conform(name: str) -> None:
    made = report_pdf(DOCUMENTS[name]())
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made.content
    pdf = pdfium.PdfDocument(made.content)
    assert raw.FPDFCatalog_IsTagged(pdf)
    assert pdf.get_metadata_value("Title") == DOCUMENTS[name]().title


def alternatives_of(pdf: pdfium.PdfDocument) -> list[str]:
    return [text for index in range(len(pdf)) for text in _alternatives(pdf[index])]


def _alternatives(page: pdfium.PdfPage) -> Iterator[str]:
    tree = raw.FPDF_StructTree_GetForPage(page)
    for index in range(raw.FPDF_StructTree_CountChildren(tree)):
        yield from _of_element(raw.FPDF_StructTree_GetChildAtIndex(tree, index))
    raw.FPDF_StructTree_Close(tree)


def _of_element(element: object) -> Iterator[str]:
    if not element:
        return
    size = raw.FPDF_StructElement_GetAltText(element, None, 0)
    if size > 2:
        buffer = ctypes.create_string_buffer(size)
        raw.FPDF_StructElement_GetAltText(element, buffer, size)
        yield buffer.raw.decode("utf-16-le").rstrip("\0")
    for index in range(raw.FPDF_StructElement_CountChildren(element)):
        yield from _of_element(raw.FPDF_StructElement_GetChildAtIndex(element, index))


@pytest.mark.parametrize("name", ["with pictures, person", "profile, therapist", "weeks, person"])
def test_every_drawing_and_picture_has_its_alternative(name: str) -> None:
    document = DOCUMENTS[name]()
    wanted = {figure.alternative for figure in blocks_of(document, Figure)}
    for block in blocks_of(document, Pictures):
        wanted |= {each.alternative for each in block.pictures}
    assert wanted and wanted <= set(alternatives_of(opened(document)))


@pytest.mark.parametrize("name", ["weeks, therapist", "profile, person"])
def test_fonts_are_embedded(name: str) -> None:
    pdf = opened(DOCUMENTS[name]())
    fonts = {
        raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(each.raw))
        for page in pdf
        for each in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT])
    }
    assert fonts == {1}


@pytest.mark.parametrize("kind", NAMES)
def test_every_name_arrives(kind: str) -> None:
    name = NAMES[kind]
    for document in (
        session_for_person(session(name)),
        weeks_for_therapist(weeks_content(kept_weeks(3, name=name), today=TODAY)),
    ):
        found = text_of(opened(document))
        for word in name.split():
            letters = set(word)
            assert any(letters <= set(each) for each in (found,)), word
    if kind in ("plain", "long", "hostile"):
        assert name in found


def test_a_sign_that_no_font_has_is_told_and_the_rest_is_there() -> None:
    made = report_pdf(session_for_person(session("Anna \U00013000")))
    assert made.unshown == "\U00013000"
    text = text_of(pdfium.PdfDocument(made.content))
    assert "Left arm, sideways and up" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", False), ("12", False), ("Anna", False), ("יעל", True), ("(2) فاطمة", True)],
)
def test_direction_of_a_name(text: str, expected: bool) -> None:
    assert is_right_to_left(text) is expected


def test_a_table_of_24_weeks_goes_on_with_its_heading_and_cuts_no_row() -> None:
    pdf = opened(weeks_for_therapist(weeks_content(kept_weeks(60), today=TODAY)))
    pages = [" ".join(page.get_textpage().get_text_range().split()) for page in pdf]
    with_rows = [page for page in pages if re.search(r"\d Mar 2026 ", page)]
    assert with_rows and all("MDC95" in page for page in with_rows)
    rows = re.findall(r"\d+ \w{3} 202[67] [\d.–]+ [±–]", " ".join(pages))
    assert len(rows) == 60


# Page


class PageReader(HTMLParser):
    """Collects what a browser would load or run, and what replaces drawings and pictures."""

    VOID = frozenset({"meta", "br", "img", "link", "input", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.ids: list[str] = []
        self.labelled: list[str] = []
        self.alternatives: list[str | None] = []
        self.text: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self.addresses += [
            value or "" for name, value in attrs if name in ("src", "href", "action", "data")
        ]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag == "svg":
            assert given.get("role") == "img"
            self.labelled += (given.get("aria-labelledby") or "").split()
        if tag == "img":
            self.alternatives.append(given.get("alt"))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)


def read(page: str) -> PageReader:
    reader = PageReader()
    reader.feed(page)
    reader.close()
    assert not reader.open
    return reader


@pytest.mark.parametrize("name", DOCUMENTS)
def test_pages_load_and_run_nothing_and_name_every_drawing(name: str) -> None:
    document = DOCUMENTS[name]()
    page = report_page(document)
    reader = read(page)
    assert not {"script", "iframe", "object", "embed", "link", "base", "form"} & set(reader.tags)
    assert all(each.startswith("data:image/jpeg;base64,") for each in reader.addresses)
    assert not reader.handlers
    assert not re.search(r"url\((?!#)|@import|https?://(?!www\.w3\.org)", page)
    assert "Content-Security-Policy\" content=\"default-src 'none'" in page
    assert len(reader.ids) == len(set(reader.ids))
    assert reader.labelled and set(reader.labelled) <= set(reader.ids) or "svg" not in reader.tags
    assert all(reader.alternatives)
    assert '<html lang="en">' in page
    assert [tag for tag in reader.tags if tag == "h1"] == ["h1"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_page_and_pdf_say_the_same(name: str) -> None:
    document = DOCUMENTS[name]()
    page = " ".join(" ".join(read(report_page(document)).text).split())
    pdf = re.sub(r"\W", "", text_of(opened(document)))
    for block in document.blocks:
        words = " ".join(getattr(block, "words", "").split())
        if words:
            assert words in page
            assert re.sub(r"\W", "", words) in pdf, words


@pytest.mark.parametrize("audience", [session_for_person, session_for_therapist])
def test_hostile_text_stays_text(audience: object) -> None:
    assert callable(audience)
    issue = replace(SLOW_CAMERA, message=HOSTILE, unit=HOSTILE)
    one = replace(full(118), issues=(issue,))
    content = one_set(one, name=HOSTILE)
    shown = replace(content.sets[0], recording=HOSTILE, name=HOSTILE, notes=[HOSTILE])
    document = audience(replace(content, sets=[shown], massage=[HOSTILE]))
    page = report_page(document)
    assert "<script" not in page
    assert HOSTILE in "".join(read(page).text)
    assert "".join(HOSTILE.split()) in "".join(text_of(opened(document)).split())


def test_print_colours_can_be_read() -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(a: str, b: str) -> float:
        bright, dark = sorted((luminance(a), luminance(b)), reverse=True)
        return (bright + 0.05) / (dark + 0.05)

    for scheme in ("light", "dark", "print"):
        colours = palette(scheme)
        for ink in ("ink", "soft"):
            assert contrast(colours[ink], colours["page"]) >= 4.5
        assert contrast(colours["warning"], colours["warning-page"]) >= 4.5
        for mark in ("before", "after", "pain"):
            assert contrast(colours[mark], colours["page"]) >= 3


def test_drawings_for_the_pdf_need_no_style_sheet() -> None:
    (figure,) = blocks_of(DOCUMENTS["weeks, person"](), Figure)
    svg = standalone(figure.drawing)
    assert 'xmlns="http://www.w3.org/2000/svg"' in svg
    assert "var(" not in svg and "inherit" not in svg


# How long, and with what


@pytest.mark.parametrize("name", ["weeks, person", "weeks, therapist", "profile, therapist"])
def test_a_report_is_made_in_under_two_seconds(name: str) -> None:
    """In time of the processor, so that a busy machine does not fail it."""
    report_pdf(DOCUMENTS["one set, person"]())  # fonts and templates are read once
    start_s = time.process_time()
    document = DOCUMENTS[name]()
    report_page(document)
    report_pdf(document)
    assert time.process_time() - start_s < 2.0


def test_reports_load_no_database() -> None:
    code = "import sys, rom.reports.kept, rom.reports.pdf; print('sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_the_sample_weeks_are_weeks() -> None:
    document = weeks_for_person(weeks_content(kept_weeks(3), today=TODAY))
    assert len(opened(document)) == 1
