"""The ChArUco board that a camera is calibrated with, as a page to print at true size.

A chessboard with a marker in every white square: its corners are found to a fraction of a pixel,
and each is known by its number even when part of the board is out of the picture (Garrido-Jurado
2014, doi:10.1016/j.patcog.2014.01.005).
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Paper = Literal["a4", "letter"]

COLUMNS, ROWS = 6, 9
SQUARE_MM = 26.0
MARKER_MM = 19.2
CORNER_COUNT = (COLUMNS - 1) * (ROWS - 1)
RULER_MM = 100
PAPER_MM: dict[Paper, tuple[float, float]] = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}

DOT_PER_MM = 25
"""635 dots per inch: squares and the markers' cells are whole numbers of dots."""
_TOP_MM = 10
_MM_PER_INCH = 25.4
_BLACK, _WHITE = 0, 255


class _Position(NamedTuple):
    """A place on the page from its upper left corner."""

    x_mm: float
    y_mm: float

    @property
    def dots(self) -> tuple[int, int]:
        return round(self.x_mm * DOT_PER_MM), round(self.y_mm * DOT_PER_MM)


def charuco_board(square_mm: float = SQUARE_MM) -> cv2.aruco.CharucoBoard:
    """Return the board as OpenCV knows it; lengths in millimetres.

    `square_mm` is the side of a square as measured on the print, which may have been scaled.
    """
    markers = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    marker_mm = square_mm * MARKER_MM / SQUARE_MM
    return cv2.aruco.CharucoBoard((COLUMNS, ROWS), square_mm, marker_mm, markers)


def board_image() -> NDArray[np.uint8]:
    """Return the board at `DOT_PER_MM`, without a margin: (rows, columns) uint8."""
    size = (round(COLUMNS * SQUARE_MM * DOT_PER_MM), round(ROWS * SQUARE_MM * DOT_PER_MM))
    return np.asarray(charuco_board().generateImage(size, marginSize=0, borderBits=1), np.uint8)


def board_page(paper: Paper) -> Image.Image:
    """Return the page to print, in black and white, `DOT_PER_MM` in both directions."""
    paper_mm = PAPER_MM[paper]
    page = Image.new("L", _Position(*paper_mm).dots, _WHITE)
    left_mm = round((paper_mm[0] - COLUMNS * SQUARE_MM) / 2.0)
    page.paste(Image.fromarray(board_image()), _Position(left_mm, _TOP_MM).dots)
    below_mm = _TOP_MM + ROWS * SQUARE_MM
    _draw_ruler(page, _Position(left_mm, below_mm + 6.0))
    _draw_words(page, _Position(left_mm, below_mm + 9.5))
    return page.convert("1", dither=Image.Dither.NONE)


def write_board(path: Path, paper: Paper) -> None:
    """Write the page as a PDF of true size."""
    board_page(paper).save(
        path,
        format="PDF",
        resolution=DOT_PER_MM * _MM_PER_INCH,
        title="Calibration board",
        creationDate=None,
        modDate=None,
    )


def _draw_ruler(page: Image.Image, at: _Position) -> None:
    """A line of `RULER_MM` with a tick every 10 mm; its ends are the outer edges of the ticks."""
    draw = ImageDraw.Draw(page)
    thick_mm = 0.4

    def box(left_mm: float, top_mm: float, right_mm: float, bottom_mm: float) -> None:
        right, bottom = _Position(at.x_mm + right_mm, at.y_mm + bottom_mm).dots
        corner = _Position(at.x_mm + left_mm, at.y_mm + top_mm).dots
        draw.rectangle((corner, (right - 1, bottom - 1)), fill=_BLACK)

    box(0.0, 0.0, RULER_MM, thick_mm)
    for mark_mm in range(0, RULER_MM + 1, 10):
        start_mm = min(max(mark_mm - thick_mm / 2.0, 0.0), RULER_MM - thick_mm)
        tall_mm = 4.0 if mark_mm in (0, RULER_MM) else 2.0
        box(start_mm, -tall_mm, start_mm + thick_mm, 0.0)
    words = _Position(at.x_mm + RULER_MM + 3.0, at.y_mm - 4.0)
    draw.text(words.dots, "must measure 100 mm", fill=_BLACK, font=_font(4.0))


def _draw_words(page: Image.Image, at: _Position) -> None:
    lines = (
        f"Print at 100 % (not “fit to page”). One square is {SQUARE_MM:g} mm. "
        "Glue the sheet to something flat and stiff.",
        "Film it for 30 to 60 s, sharp and not mirrored, zoom and focus as for your recordings:",
        "near and far, in all corners of the picture, tilted every way. Move slowly, stop often.",
        "Then: rom calibrate camera VIDEO --name NAME",
    )
    text = "\n".join(lines)
    ImageDraw.Draw(page).multiline_text(
        at.dots, text, fill=_BLACK, font=_font(3.2), spacing=round(0.9 * DOT_PER_MM)
    )


def _font(size_mm: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=size_mm * DOT_PER_MM)
