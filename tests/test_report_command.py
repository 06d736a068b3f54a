"""`rom report` from files and from the records, as its user calls it; no recording is measured."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from clinical_builders import measured, refused
from report_builders import compared, full, kept_weeks

from rom.cli import main
from rom.clinical.assessment import Assessment
from rom.landmarks import Side
from rom.records.store import open_store


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ROM_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("ROM_DATABASE_URL", raising=False)


def written(name: str, content: object) -> str:
    Path(name).write_text(json.dumps(content), encoding="utf-8")
    return name


def assessment_file(name: str, assessment: Assessment) -> str:
    return written(name, assessment.to_json())


def text_of_pdf(name: str) -> str:
    pdf = pdfium.PdfDocument(name)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pdf).split())


@pytest.fixture
def three(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    comparison = compared()
    assert comparison.pre2 is not None
    sets = {"pre1": comparison.pre1, "pre2": comparison.pre2, "post": comparison.post}
    yield [
        part
        for role, assessment in sets.items()
        for part in (f"--{role}", assessment_file(f"{role}.json", assessment))
    ]


def run(*arguments: str) -> int:
    return main(["report", *arguments])


def test_one_assessment_becomes_a_page_for_the_person(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(assessment_file("a.json", full(94)), "--name", "יעל", "--day", "2026-11-21") == 0
    assert capfd.readouterr().out == "Wrote report.pdf\n"
    text = text_of_pdf("report.pdf")
    assert "94°" in text and "21 November 2026" in text
    assert set("יעל") <= set(text)


def test_three_files_become_before_and_after_for_the_therapist(three: list[str]) -> None:
    pain = ["--pain-before", "6", "--pain-after", "3", "--age", "45", "--sex", "F"]
    assert run(*three, *pain, "--for", "therapist", "--out", "r.html") == 0
    page = Path("r.html").read_text(encoding="utf-8")
    for words in ("+27.0°", "D04 S1", "F: 144-0-( )", "pre1.json", "45 years · female"):
        assert words in page, words


def test_a_comparison_says_the_same_as_its_sets(three: list[str]) -> None:
    pain = ["--pain-before", "6", "--pain-after", "3", "--age", "45", "--sex", "F"]
    run(*three, *pain, "--out", "sets.pdf")
    run(written("c.json", compared().to_json()), "--out", "comparison.pdf")
    assert text_of_pdf("sets.pdf") == text_of_pdf("comparison.pdf")


def test_left_and_right_and_several_movements() -> None:
    left, right = (
        assessment_file(f"{side}.json", full(value, side=side))
        for side, value in ((Side.LEFT, 116), (Side.RIGHT, 140))
    )
    assert run("--left", left, "--right", right, "--out", "sides.pdf") == 0
    assert "The left side moves 24° less than the right." in text_of_pdf("sides.pdf")
    both = written(
        "neck.json",
        {
            side.value: measured(v, movement="cervical_rotation", side=side).to_json()
            for side, v in ((Side.LEFT, 61), (Side.RIGHT, 58))
        }
        | {"arc_deg": 119.0},
    )
    assert run(left, right, both, "--out", "profile.pdf") == 0
    text = text_of_pdf("profile.pdf")
    assert "How far you move" in text and "left 61° · right 58°" in text


def test_two_files_of_one_movement_are_told_apart() -> None:
    files = [assessment_file(f"{name}.json", full(v)) for name, v in (("monday", 110), ("may", 99))]
    run(*files, "--for", "therapist", "--out", "r.html")
    page = Path("r.html").read_text(encoding="utf-8")
    assert ">monday<" in page and ">may<" in page


@pytest.mark.parametrize(
    ("arguments", "form"),
    [
        (["--out", "r.PDF"], b"%PDF"),
        (["--out", "r.htm"], b"<!doc"),
        (["--format", "html"], b"<!doc"),
        (["--format", "pdf", "--paper", "letter"], b"%PDF"),
    ],
)
def test_the_form_is_as_asked_for(arguments: list[str], form: bytes) -> None:
    assert run(assessment_file("a.json", full(94)), *arguments) == 0
    (out,) = [path for path in Path().iterdir() if path.suffix.lower() != ".json"]
    assert out.read_bytes().lstrip().startswith(form)


def test_paper_can_be_letter() -> None:
    run(assessment_file("a.json", refused()), "--paper", "letter")
    assert pdfium.PdfDocument("report.pdf")[0].get_size() == (612.0, 792.0)


def test_a_file_is_not_replaced_unless_asked(capfd: pytest.CaptureFixture[str]) -> None:
    name = assessment_file("a.json", full(94))
    Path("report.pdf").write_text("mine")
    assert run(name) == 2
    assert Path("report.pdf").read_text() == "mine"
    assert run(name, "--force") == 0
    assert Path("report.pdf").read_bytes().startswith(b"%PDF")


def test_a_sign_without_a_font_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(assessment_file("a.json", full(94)), "--name", "Anna \U00013000") == 0
    assert "No font on this computer shows \U00013000;" in capfd.readouterr().out


def kept() -> None:
    with open_store() as store:
        store.import_content(kept_weeks(4))


def test_from_the_records(capfd: pytest.CaptureFixture[str]) -> None:
    kept()
    assert run("--person", "anna example", "--session", "1", "--out", "first.pdf") == 0
    text = text_of_pdf("first.pdf")
    assert "2 March 2026" in text and "Anna Example" in text
    assert run("--person", "Anna Example", "--weeks", "--for", "therapist", "--out", "w.pdf") == 0
    assert "Course of weeks" in text_of_pdf("w.pdf")
    assert run("--person", "Anna Example", "--out", "last.pdf") == 0
    assert "23 March 2026" in text_of_pdf("last.pdf")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "got none of them"),
        (["a.json", "--person", "Anna"], "got files with --person"),
        (["--pre1", "a.json"], "got --pre1; add what is missing"),
        (["--left", "a.json", "--post", "a.json"], "add what is missing"),
        (["a.json", "--weeks"], "Expected --person with --session or --weeks"),
        (["--person", "Anna Example", "--weeks", "--session", "1"], "got both"),
        (["--person", "Anna Example", "--pictures"], "no video is kept"),
        (["--person", "Anna Example", "--age", "40"], "without --age"),
        (["--person", "Anna Example", "--session", "9"], "a session from 1 to 4, got 9"),
        (["--person", "Ana Example"], "did you mean 'Anna Example'"),
        (["--person", "Anna Example", "--weeks", "--movement", "knee_flexion"], "there are only"),
        (["a.json", "--day", "tomorrow"], "Expected a day such as 2026-05-03, got 'tomorrow'"),
        (["a.json", "--name", "\n"], "Expected a name"),
        (["a.json", "--pictures"], "Expected recordings for --pictures"),
        (["a.json", "--out", "r.txt"], "Expected --out to name"),
        (["a.json", "--out", "r.html", "--format", "pdf"], "Expected --out to name a .pdf file"),
        (["missing.json"], "cannot be read"),
        (["broken.json"], "Expected JSON in broken.json"),
        (["other.json"], "other.json: Expected an assessment"),
        (["damaged.json"], "damaged.json: Expected an assessment"),
        (["video.mp4"], "Expected --movement for the recording video.mp4"),
        (["--pre1", "c.json", "--post", "a.json"], "got a comparison"),
        (["c.json", "c2.json"], "Expected one comparison, got 2"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(
    arguments: list[str], words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assessment_file("a.json", full(94))
    written("c.json", compared().to_json())
    written("c2.json", compared().to_json())
    Path("broken.json").write_text("{")
    written("other.json", {"schema": "rom.massage/1"})
    written("damaged.json", full(94).to_json() | {"value_deg": "far"})
    kept()
    assert run(*arguments) == 2
    error = capfd.readouterr().err
    assert words in error and error.count("\n") == 1
    assert not list(Path().glob("report.*"))
