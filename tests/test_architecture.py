"""The rules of the tree: imports go one way, and each outside package has one owner."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "rom"
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))

# What each part may import of the others. Parts that are not named here may not exist.
FOUNDATION = {"errors", "landmarks", "movements"}
PURE = FOUNDATION | {"quality", "kinematics", "clinical"}
READING = PURE | {"trace", "checks", "subject", "recognition", "assess", "editing"}
ALLOWED = {
    "": set(),
    "errors": set(),
    "landmarks": {"errors"},
    "movements": {"errors", "landmarks"},
    "kinematics": FOUNDATION,
    "quality": FOUNDATION | {"kinematics"},
    "clinical": FOUNDATION | {"quality", "kinematics"},
    "video": {"errors", "landmarks"},
    "pose": {"errors", "landmarks"},
    "camera": {"errors", "landmarks", "video"},
    "trace": PURE,
    "subject": PURE | {"trace"},
    "checks": PURE | {"trace"},
    "recognition": PURE | {"trace", "checks"},
    "assess": PURE | {"trace", "checks"},
    "editing": PURE | {"trace", "assess"},
    "records": PURE,
    "exports": PURE | {"records"},
    "reports": PURE | {"records"},
    "doctor": {"errors", "pose", "records", "video"},
    "pipeline": READING | {"camera", "pose", "video"},
    "overlay": READING | {"pipeline", "reports", "video"},
    "landmark_assessment": READING | {"exports", "pipeline", "pose", "video"},
    "terminal": {"errors"},
    "samples": {"errors", "landmarks"},
    "outputs": {"errors", "video"},
    "results": {"outputs", "terminal", "overlay", "pipeline", "clinical", "reports"},
    "following": FOUNDATION | {"pipeline", "pose", "video"},
    "keeping": PURE | {"editing", "pipeline", "records"},
    "inputs": {"errors"},
    "measuring": {"errors", "pipeline", "pose", "terminal"},
    "live": PURE | {"trace", "checks"},
    "protocol": PURE | {"records"},
    "ui": READING
    | {"camera", "doctor", "exports", "following", "keeping", "landmark_assessment", "live"}
    | {"outputs", "overlay", "pipeline", "pose", "protocol", "records", "reports", "samples"}
    | {"video"},
    "commands": PURE
    | {"camera", "doctor", "exports", "inputs", "keeping", "landmark_assessment", "measuring"}
    | {"outputs", "overlay", "pipeline", "pose", "records", "reports", "results", "samples"}
    | {"subject", "terminal", "ui", "video"},
    "cli": {"commands", "terminal"},
    "__main__": {"cli"},
}

# What the subpackages of the clinical code may import of it besides themselves.
WITHIN_CLINICAL = {
    "massage": {"body", "guidance", "json_values", "muscles", "safety", "screen", "screening"},
    "signs": {"sources", "tables"},
}

# Which parts may import which outside package.
OWNERS = {
    "ai_edge_litert": {"pose"},
    "alembic": {"records"},
    "av": {"video", "doctor"},
    "cv2": {"camera", "video", "pose", "doctor"},
    "filelock": {"ui"},
    "flatbuffers": {"pose"},
    "jinja2": {"reports"},
    "jsonschema": {"exports"},
    "markupsafe": {"reports", "ui"},
    "mediapipe": {"pose", "doctor"},
    "numpy": None,  # everywhere
    "PIL": {"camera"},
    "platformdirs": {"camera", "pose", "doctor", "records"},
    "pyarrow": {"exports"},
    "pymupdf_fonts": {"reports"},
    "rich": {"terminal", "commands"},
    "scipy": {"clinical", "kinematics"},
    "sqlalchemy": {"records"},
    "sqlcipher3": {"records"},
    "starlette": {"ui"},
    "streamlit": {"ui"},
    "typst": {"reports"},
    "uvicorn": {"ui"},
}

# What the pure parts must not touch of the standard library: processes, network, clocks.
IMPURE = {
    "http",
    "multiprocessing",
    "socket",
    "sqlite3",
    "subprocess",
    "tempfile",
    "time",
    "urllib",
}


def part_of(path: Path) -> str:
    """The part of the tree that a module belongs to: `rom/video/reading.py` is of `video`."""
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


def imports_of(path: Path) -> set[str]:
    """Dotted names of all imported modules, wherever in the file they are imported."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where a name comes from"
            assert node.module is not None
            names.add(node.module)
            if node.module == "rom":  # `from rom import commands` names a part
                names |= {f"rom.{alias.name}" for alias in node.names if alias.name[0] != "_"}
    return names


def parts_imported(path: Path) -> set[str]:
    dotted = [name.split(".") for name in imports_of(path)]
    # The package itself holds nothing but its version, which every part may show.
    return {name[1] for name in dotted if name[0] == "rom" and len(name) > 1}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    part = part_of(path)
    assert part in ALLOWED, f"say in ALLOWED what {part} may import"
    wrong = parts_imported(path) - {part} - ALLOWED[part]
    assert not wrong, f"{part} must not import {sorted(wrong)}"


@pytest.mark.parametrize("subpackage", WITHIN_CLINICAL)
def test_signs_and_massage_stand_on_few_clinical_modules(subpackage: str) -> None:
    for path in (PACKAGE / "clinical" / subpackage).glob("*.py"):
        names = (name.split(".") for name in imports_of(path))
        clinical = {name[2] for name in names if name[:2] == ["rom", "clinical"]}
        wrong = clinical - {subpackage} - WITHIN_CLINICAL[subpackage]
        assert not wrong, f"{path.name} must not import {sorted(wrong)}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_outside_packages_have_one_owner(path: Path) -> None:
    outside = {name.split(".")[0] for name in imports_of(path)} - {"rom", "__future__"}
    for name in outside - set(sys.stdlib_module_names):
        assert name in OWNERS, f"say in OWNERS who may import {name}"
        owners = OWNERS[name]
        assert owners is None or part_of(path) in owners, f"{name} belongs to {sorted(owners)}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_everything_from_landmarks_to_a_comparison_is_pure(path: Path) -> None:
    if part_of(path) in READING | {"reports", "live", "protocol"}:
        outside = {name.split(".")[0] for name in imports_of(path)}
        if path == PACKAGE / "reports" / "pdf.py":
            outside -= {"tempfile"}  # the typesetter reads its fonts from files
        assert not outside & IMPURE


@pytest.mark.parametrize("name", ["entities", "names", "arrays", "codec"])
def test_what_a_record_is_needs_no_database(name: str) -> None:
    # Reports and exports work on records; they are as pure as what these import.
    path = PACKAGE / "records" / f"{name}.py"
    outside = {each.split(".")[0] for each in imports_of(path)}
    assert not outside & (IMPURE | {"alembic", "sqlalchemy", "sqlcipher3"})
    own = {each for each in imports_of(path) if each.startswith("rom.records")}
    assert own <= {"rom.records.names"}


def test_every_outside_package_is_declared() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    extras = [*optional["analysis"], *optional["encryption"]]
    declared = " ".join([*project["dependencies"], *extras]).lower()
    carried_by = {"cv2": "mediapipe", "PIL": "pillow", "markupsafe": "jinja2"}
    carried_by |= {"uvicorn": "streamlit"}
    for name in OWNERS:
        package = carried_by.get(name, name.replace("_", "-"))
        assert package in declared, f"{name} is imported but {package} is not declared"


def test_opencv_comes_only_once() -> None:
    # All builds of OpenCV write the same cv2/ folder; MediaPipe brings the contrib one.
    pinned = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line.split("==")[0] for line in pinned if line.startswith("opencv")] == [
        "opencv-contrib-python"
    ]


def test_constraints_hold_versions_and_no_addresses() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line and not line.startswith("#"):
            name, _, version = line.partition("==")
            assert name and version and "/" not in line and "@" not in line


def test_the_package_does_not_import_what_makes_its_figures() -> None:
    for path in MODULES:
        assert not {name for name in imports_of(path) if name.split(".")[0] == "calibration"}
