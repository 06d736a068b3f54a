"""Every string that a user can see: in the code, the tables, the catalogue and the page templates.

Strings of the code are all its literals apart from docstrings, so that a sentence needs no list to
be found. An f-string is one string with "{}" for what is filled in.
"""

from __future__ import annotations

import ast
import csv
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "rom"

# Literature as it was read, and notes on it: not ours to word. All other columns count as shown.
NOT_SHOWN = {
    "compensations.csv": {"basis"},
    "norm_defaults.csv": {"notes"},
    "protective.csv": {"caveat", "default_threshold", "source_id"},
    "redflags.csv": {"reason", "source_id"},
    "sources.csv": {"citation"},
}


def strings_of_code(text: str) -> Iterator[str]:
    """String literals of a module that are not docstrings."""
    yield from _strings(ast.parse(text))


def _strings(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring, of whatever it stands under
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "{}" for part in node.values]
        yield "".join(map(str, parts))
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                yield from _strings(part.value)
        return
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node.value
        return
    for child in ast.iter_child_nodes(node):
        yield from _strings(child)


def strings_of_table(text: str, name: str = "") -> Iterator[tuple[str, str]]:
    """Column and text of the cells of a CSV table that can be shown."""
    for row in csv.DictReader(text.splitlines()):
        for column, cell in row.items():
            if cell and column not in NOT_SHOWN.get(name, ()):
                yield column, cell


def strings_of_catalogue(content: Any) -> Iterator[str]:
    """All strings of a TOML file, its keys left out."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for value in content.values():
            yield from strings_of_catalogue(value)
    elif isinstance(content, list):
        for value in content:
            yield from strings_of_catalogue(value)


def strings_of_template(text: str) -> Iterator[str]:
    """The words of a Jinja page, and the literals in what fills it."""
    code = re.findall(r"\{[%{].*?[%}]\}", text, flags=re.DOTALL)
    for each in code:
        yield from re.findall(r"\"([^\"]*)\"", each)
    yield re.sub(r"\{[%{#].*?[%}#]\}|<[^>]*>|<!--.*?-->", " ", text, flags=re.DOTALL)


def strings_of_typst(text: str) -> Iterator[str]:
    """The words of a Typst template: its content blocks and quoted texts, comments left out."""
    text = re.sub(r"//[^\n]*", "", text)
    yield from re.findall(r"\"([^\"]*)\"", text)
    yield from re.findall(r"\[([^\[\]]*)\]", text)


def user_strings() -> Iterator[tuple[str, str]]:
    """Where a string stands (a file, for tables with the column after a colon), and the string."""
    for path in sorted(PACKAGE.rglob("*")):
        place = str(path.relative_to(ROOT))
        if path.suffix in _READERS:
            for found in _READERS[path.suffix](path.read_text(encoding="utf-8")):
                yield place, found
        elif path.suffix == ".csv":
            text = path.read_text(encoding="utf-8")
            for column, found in strings_of_table(text, path.name):
                yield f"{place}: {column}", found


_READERS: dict[str, Callable[[str], Iterator[str]]] = {
    ".html": strings_of_template,
    ".py": strings_of_code,
    ".typ": strings_of_typst,
    ".toml": lambda text: strings_of_catalogue(tomllib.loads(text)),
}
