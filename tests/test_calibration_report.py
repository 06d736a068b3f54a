"""The report says what the tables say, leaves the rest of the page alone, and draws small files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("matplotlib", reason="draws: python -m pip install matplotlib")

from matplotlib.figure import Figure
from PIL import Image
from test_calibration_tables import described, scored

from calibration.facts import SeriesFacts, write_facts
from calibration.plots import LARGEST_BYTES, save_small
from calibration.report import END, START, accuracy_text, replace_between, write_report
from calibration.score import SetScore, write_scores
from calibration.tables import cell_rows

PAGE = f"# Before\n\n{START}\nlast time\n{END}\n\nAfter\n"
PLOTS = {"agreement.png", "gates.png", "nuisances.png", "exchanged_legs.png"}


def bench() -> tuple[list[SetScore], list[SeriesFacts]]:
    """A small bench: two movements, four people of each split, every cell and one nuisance."""
    rng = np.random.default_rng(3)
    scores: list[SetScore] = []
    facts: list[SeriesFacts] = []
    for split in ("tune", "report"):
        for movement in ("shoulder_abduction", "knee_flexion"):
            for number in range(4):
                for kind in ("plain", "near", "off30", "rough", "single"):
                    own = {"movement": movement, "member": f"{split}{number:02d}", "split": split}
                    own |= {"kind": kind}
                    view_deg = float(rng.uniform(0.0, 40.0))
                    facts.append(described(own.pop("member"), **own, off_plane_deg=view_deg))
                    own |= {"member": facts[-1].member, "view_deg": view_deg}
                    own |= {"nuisances": "low_light" if kind == "single" else ""}
                    for error_deg in rng.normal(0.0, 3.0, 3):
                        scores.append(scored(float(error_deg), **own))
    return scores, facts


@pytest.fixture
def results(tmp_path: Path) -> Path:
    scores, facts = bench()
    folder = tmp_path / "results"
    folder.mkdir()
    write_scores(folder / "sets.csv", scores)
    write_facts(folder / "series.csv", facts)
    (tmp_path / "README.md").write_text(PAGE, encoding="utf-8")
    return folder


def test_a_report_from_tables_alone(results: Path) -> None:
    readme = results.parent / "README.md"
    write_report(results, readme, "tune")
    text = readme.read_text(encoding="utf-8")
    assert text.startswith("# Before\n") and text.endswith("\nAfter\n") and "last time" not in text
    assert {path.name for path in (results.parent / "plots").iterdir()} == PLOTS
    for path in (results.parent / "plots").iterdir():
        assert f"(plots/{path.name})" in text
        assert path.stat().st_size <= LARGEST_BYTES and Image.open(path).width > 400
    assert {path.name for path in results.iterdir()} >= {"accuracy.csv", "guards.csv", "gates.csv"}


def test_a_second_report_is_the_same(results: Path) -> None:
    readme = results.parent / "README.md"
    write_report(results, readme, "tune")
    once = {path: path.read_bytes() for path in results.parent.rglob("*.*") if path.is_file()}
    write_report(results, readme, "tune")
    assert {path: path.read_bytes() for path in once} == once


def test_a_report_on_the_tuning_people_never_looks_at_the_others(results: Path) -> None:
    readme = results.parent / "README.md"
    write_report(results, readme, "tune")
    with_others = readme.read_text(encoding="utf-8")
    scores, facts = bench()
    spoilt = [
        replace(s, value_deg=170.0, raw_deg=170.0) if s.split == "report" else s for s in scores
    ]
    write_scores(results / "sets.csv", spoilt)
    write_facts(results / "series.csv", [f for f in facts if f.split == "tune"])
    write_report(results, readme, "tune")
    assert readme.read_text(encoding="utf-8") == with_others


def test_accuracy_is_of_the_split_asked_for(results: Path) -> None:
    readme = results.parent / "README.md"
    write_report(results, readme, "tune")
    tuned = (results / "accuracy.csv").read_text()
    write_report(results, readme, "report")
    assert (results / "accuracy.csv").read_text() != tuned
    assert "of split report. Gates: 240 sets of 8 people of split report and tune" in (
        readme.read_text(encoding="utf-8")
    )


def test_without_sets_of_the_split_there_is_no_report(results: Path) -> None:
    scores, _ = bench()
    write_scores(results / "sets.csv", [s for s in scores if s.split == "tune"])
    with pytest.raises(ValueError, match="sets of split 'report'"):
        write_report(results, results.parent / "README.md", "report")


@pytest.mark.parametrize("page", ["", START, END + START, START + END + START])
def test_a_page_without_its_markers_is_left_alone(tmp_path: Path, page: str) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(page)
    with pytest.raises(ValueError, match="put them in"):
        replace_between(readme, "new")
    assert readme.read_text() == page


def test_a_missed_target_is_bold_and_a_met_one_is_not() -> None:
    missed = accuracy_text([], cell_rows([scored(4.0), scored(4.0, member="tune02")]))
    met = accuracy_text([], cell_rows([scored(1.0), scored(1.0, member="tune02")]))
    assert "**4.0 (4.0 to 4.0)** | ≤ 2.5 | **+4.0" in missed
    assert "| 1.0 (1.0 to 1.0) | ≤ 2.5 | +1.0" in met


def test_a_figure_that_is_too_large_is_refused(tmp_path: Path) -> None:
    figure = Figure(figsize=(9.0, 9.0))
    figure.figimage(np.random.default_rng(0).random((1000, 1000)))
    with pytest.raises(ValueError, match="draw fewer"):
        save_small(figure, tmp_path / "noise.png")
    assert not (tmp_path / "noise.png").exists()
