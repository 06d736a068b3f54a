"""What a report is made of, before it becomes a page or a PDF: both show the same blocks.

All words are plain text; each form escapes them in its own way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree

from markupsafe import Markup

ParagraphStyle = Literal["plain", "lead", "soft"]
Align = Literal["left", "right"]


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading under the title (level 1): level 2 or 3."""

    words: str
    level: int = 2


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """Sentences; `lead` is the result in a line or two, `soft` an explanation."""

    words: str
    style: ParagraphStyle = "plain"


@dataclass(frozen=True, kw_only=True)
class BigValue:
    """The one number of a report, with what it is."""

    value: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A drawing with a caption; `width_frac` is its width in print, as a part of the text's.

    `alternative` says in words what is drawn; None takes the drawing's own title and description.
    """

    drawing: Markup
    caption: str = ""
    width_frac: float = 0.8

    @property
    def alternative(self) -> str:
        """Title and description of the drawing, in words."""
        root = ElementTree.fromstring(str(self.drawing))
        return f"{root[0].text}. {root[1].text}"


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Drawings two by two."""

    figures: Sequence[Figure]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A still frame as JPEG; its alternative says in words what is seen."""

    jpeg: bytes
    alternative: str
    caption: str


@dataclass(frozen=True, kw_only=True)
class Pictures:
    """Still frames side by side."""

    pictures: Sequence[Picture]


@dataclass(frozen=True, kw_only=True)
class Column:
    """Heading, alignment and relative width of a column."""

    words: str
    align: Align = "right"
    width: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of text under a caption; the first column names its row.

    `weak` rows do not count. A caption that only repeats the heading is `hidden`: it is read out,
    but not shown.
    """

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()
    weak: Sequence[int] = ()
    hidden_caption: bool = False

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"expected {len(self.columns)} cells, got {row}")


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A term and what belongs to it; `soft` is its source, in small letters."""

    term: str
    words: str
    soft: str = ""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Terms with what belongs to them."""

    items: Sequence[Fact]


@dataclass(frozen=True, kw_only=True)
class Bullets:
    """A list; `soft` in small letters, as for sources."""

    items: Sequence[str]
    soft: bool = False


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something to mind: a note, or the reason why there is no number."""

    label: str
    words: str
    soft: str = ""


Block = (
    Heading | Paragraph | BigValue | Figure | Figures | Pictures | Table | Facts | Bullets | Notice
)


@dataclass(frozen=True, kw_only=True)
class Document:
    """A report.

    Attributes
    ----------
    title
        What it is about, the heading of level 1.
    kind
        What it is, in the line at the top.
    name
        Who it is about, as they are called here; None where not given.
    about
        Further facts of that line: age, day, session.
    footer
        The standing text, at the end.
    one_page
        Whether it has to fit on one page of paper.
    """

    title: str
    kind: str
    name: str | None
    about: Sequence[str]
    blocks: Sequence[Block]
    footer: str
    one_page: bool
