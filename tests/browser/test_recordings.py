"""The analyst's page: files in, corrected, measured in the background, taken away."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from app_server import AppServer
from chromium import serious_findings, wait_until_drawn
from playwright.sync_api import Page, expect
from pose_builders import model

from rom.samples import sample_folder

MEASURED_WITHIN_MS = 240_000


@pytest.fixture(autouse=True)
def pose_model() -> None:
    model()


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken <b>.mp4"
    path.write_bytes(b"no video at all")
    return path


def drop(page: Page, app: AppServer, *files: Path) -> None:
    page.goto(f"{app.url}/recordings")
    page.get_by_role("heading", name="Recordings", level=1).wait_for()
    page.locator("input[type=file]").set_input_files(list(files))


def clear(page: Page) -> None:
    page.get_by_role("button", name="Clear the list").click()
    page.get_by_text("No recordings at hand?").wait_for()


@pytest.mark.long
def test_two_recordings_and_one_that_is_none(
    page: Page, app: AppServer, broken: Path, tmp_path: Path
) -> None:
    samples = sample_folder()
    drop(
        page,
        app,
        samples / "knee_flexion_left.mp4",
        samples / "trunk_lateral_flexion.mp4",
        broken,
    )
    page.get_by_text("broken <b>.mp4 holds something else").wait_for()
    page.get_by_role("button", name="Measure 2 recordings").click()
    page.get_by_role("button", name="Stop").wait_for()
    page.reload()
    page.get_by_role("button", name="Stop").wait_for()
    heading = page.get_by_role("heading", name="Results")
    heading.wait_for(timeout=MEASURED_WITHIN_MS)
    expect(page.get_by_text("broken <b>.mp4", exact=True)).to_be_visible()
    page.get_by_role("combobox", name="Show the result of").click()
    page.get_by_role("option", name="knee_flexion_left.mp4").click()
    page.get_by_text("median of 3 repetitions").first.wait_for()
    wait_until_drawn(page)
    assert serious_findings(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Download everything").press("Enter")
    download.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert {"results.json", "tables/sets.csv", "not_measured.csv"} <= set(archive.namelist())
        assert "broken <b>.mp4" in archive.read("not_measured.csv").decode()
    clear(page)


def test_measuring_can_be_stopped_and_begun_again(page: Page, app: AppServer) -> None:
    drop(page, app, sample_folder() / "knee_flexion_left.mp4")
    page.get_by_role("button", name="Measure 1 recording").click()
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("Stopped before it was measured.").wait_for()
    expect(page.get_by_role("button", name="Measure 1 recording")).to_be_visible()
    clear(page)
