"""What a therapist takes along: reports, data for other programs, and the page on paper."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from app_server import AppServer
from chromium import wait_until_drawn
from editing_builders import correctable_session
from fhir.resources.R4B.bundle import Bundle
from playwright.sync_api import Page

from rom.clinical.wording import degrees
from rom.records.entities import PersonContent
from rom.records.location import STORE_NAME
from rom.records.store import open_store

FILES = {
    "CSV": "rom-csv.zip",
    "JSON": "rom.json",
    "FHIR": "rom.fhir.json",
    "OpenSim": "rom-opensim.zip",
    "NPZ": "rom-landmarks.zip",
    "Parquet": "rom-parquet.zip",
}
NAME = "Ana <b>O'Neil</b>"


@pytest.fixture(scope="module")
def visit(app: AppServer) -> PersonContent:
    with open_store(f"sqlite:///{app.data_dir / STORE_NAME}") as store:
        person = store.add_person(NAME, birth_year=1980, sex="F")
        store.save_session(correctable_session(person.id))
        return store.content(person.id)


@pytest.fixture
def papers(page: Page, app: AppServer, visit: PersonContent) -> Page:
    """The page of the person, open where reports and data are."""
    page.goto(f"{app.url}/people?person={visit.person.id}")
    page.get_by_role("tab", name="Reports and data").click()
    page.get_by_role("heading", name="All data of this person").wait_for()
    wait_until_drawn(page)
    return page


def values_deg(visit: PersonContent) -> list[float]:
    found = [each.assessment.value_deg for each in visit.sets]
    assert None not in found
    return [each for each in found if each is not None]


def text_of(pdf: Path | bytes) -> str:
    pages = pdfium.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


def downloaded(page: Page, button: str) -> Path:
    wait_until_drawn(page)
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    return download.value.path()


def test_reports_hold_what_the_page_shows(papers: Page, visit: PersonContent) -> None:
    told = visit.sessions[0].results[0].text.split(".")[0]
    for audience in ("for the therapist", "for the person"):
        papers.get_by_text(audience).click()
        report = text_of(downloaded(papers, "PDF"))
        assert told in report and NAME in report
        assert all(degrees(each) in report for each in values_deg(visit))
        web = downloaded(papers, "Page (HTML)").read_text(encoding="utf-8")
        assert "<b>O'Neil" not in web
        reader = papers.context.new_page()
        reader.set_content(web)
        shown = reader.locator("body").inner_text()
        assert told in shown and NAME in shown
        assert all(degrees(each) in shown for each in values_deg(visit))
        reader.close()


def test_data_for_other_programs_hold_the_measured_values(
    papers: Page, visit: PersonContent
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    found: dict[str, bytes] = {}
    field = papers.get_by_role("combobox", name="Format")
    for words, name in FILES.items():
        field.press("ArrowDown")
        papers.get_by_role("option", name=words).click()
        found[words] = downloaded(papers, f"Download {name}").read_bytes()

    values = pytest.approx(sorted(values_deg(visit)))
    with zipfile.ZipFile(io.BytesIO(found["CSV"])) as archive:
        rows = csv.DictReader(io.StringIO(archive.read("sets.csv").decode("utf-8-sig")))
        assert sorted(float(each["value_deg"]) for each in rows) == values
    (person,) = json.loads(found["JSON"])["people"]
    sets = [each for session in person["sessions"] for each in session["sets"]]
    assert sorted(each["assessment"]["value_deg"] for each in sets) == values
    bundle = Bundle.model_validate_json(found["FHIR"])
    quantities = [getattr(each.resource, "valueQuantity", None) for each in bundle.entry]
    given = [float(each.value) for each in quantities if each is not None]
    for each in values_deg(visit):
        assert min(abs(one - each) for one in given) < 0.1
    with zipfile.ZipFile(io.BytesIO(found["OpenSim"])) as archive:
        assert {Path(each).suffix for each in archive.namelist()} >= {".mot", ".trc"}
    with zipfile.ZipFile(io.BytesIO(found["NPZ"])) as archive:
        (first, *_) = [each for each in archive.namelist() if each.endswith(".npz")]
        landmarks = np.load(io.BytesIO(archive.read(first)))
        assert len(landmarks.files) > 1
    with zipfile.ZipFile(io.BytesIO(found["Parquet"])) as archive:
        table = parquet.read_table(io.BytesIO(archive.read("sets.parquet")))
        assert sorted(table["value_deg"].to_pylist()) == values


def test_on_paper_there_are_words_and_curves_and_nothing_to_click(
    page: Page, app: AppServer, visit: PersonContent, tmp_path: Path
) -> None:
    page.goto(f"{app.url}/people?person={visit.person.id}")
    page.get_by_role("button", name="Check the repetitions").first.click()
    page.locator("[data-player]").wait_for()
    wait_until_drawn(page)
    page.emulate_media(media="print")
    clickable = page.locator("button, select, input, [role=tab], nav a").locator("visible=true")
    left = [each.get_attribute("class") for each in clickable.all()]
    assert set(left) <= {"repetition"}
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    printed = text_of(tmp_path / "page.pdf")
    assert NAME in printed and visit.sessions[0].results[0].text.split(";")[0] in printed
    assert all(degrees(each) in printed for each in values_deg(visit))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
