"""The printed board: measured back from the PDF, in millimetres."""

from __future__ import annotations

import io
import re
import struct
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import pytest
from PIL import Image

from rom.camera.board import (
    COLUMNS,
    CORNER_COUNT,
    PAPER_MM,
    ROWS,
    RULER_MM,
    SQUARE_MM,
    Paper,
    charuco_board,
    write_board,
)

PAPERS: list[Paper] = ["a4", "letter"]
MM_PER_POINT = 25.4 / 72.0


class Page(NamedTuple):
    """A page as a printer sees it: size in millimetres, True where it is black."""

    width_mm: float
    height_mm: float
    black: np.ndarray

    @property
    def mm_per_dot(self) -> float:
        return self.width_mm / self.black.shape[1]


def read_page(path: Path) -> Page:
    """Read the one picture of a PDF and the size it is printed at."""
    content = path.read_bytes()
    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", content)
    drawn = re.search(rb"([\d.]+) 0 0 ([\d.]+) 0(?:\.0)? 0(?:\.0)? cm /image Do", content)
    picture = re.search(
        rb"/Width (\d+)\s/Height (\d+)\s/Filter \[ /CCITTFaxDecode \].*?/Length (\d+)\s>>stream\n",
        content,
        re.DOTALL,
    )
    assert box and drawn and picture
    assert b"/BlackIs1 true" in content and b"/ColorSpace /DeviceGray" in content
    # The picture fills the page, so its scale is the page's.
    np.testing.assert_allclose([float(v) for v in drawn.groups()], [float(v) for v in box.groups()])
    width, height, length = (int(value) for value in picture.groups())
    data = content[picture.end() : picture.end() + length]
    grey = np.asarray(Image.open(io.BytesIO(_tiff(data, width, height))).convert("L"))
    points = [float(value) * MM_PER_POINT for value in box.groups()]
    return Page(points[0], points[1], grey < 128)


def _tiff(data: bytes, width: int, height: int) -> bytes:
    """Wrap a CCITT group 4 picture, black runs for white (`/BlackIs1`), to decode it."""
    entries = [
        (256, width), (257, height), (258, 1), (259, 4), (262, 1), (273, 0),
        (277, 1), (278, height), (279, len(data)),
    ]  # fmt: skip
    start = 8 + 2 + 12 * len(entries) + 4
    fields = b"".join(
        struct.pack("<HHII", tag, 4, 1, start if tag == 273 else value) for tag, value in entries
    )
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + fields + bytes(4) + data


@pytest.fixture(scope="module", params=PAPERS)
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Page:
    path = tmp_path_factory.mktemp("board") / "board.pdf"
    write_board(path, request.param)
    assert path.stat().st_size < 200_000
    found = read_page(path)
    assert (found.width_mm, found.height_mm) == pytest.approx(PAPER_MM[request.param], abs=0.05)
    return found


def test_the_squares_measure_what_the_page_says(page: Page) -> None:
    rows = np.flatnonzero(page.black.any(axis=1))
    # Just inside the first row of squares, above its markers: black, white, black, ...
    line = page.black[rows[0] + round(1.0 / page.mm_per_dot)]
    edges_mm = np.flatnonzero(np.diff(line.astype(int))) * page.mm_per_dot
    assert len(edges_mm) == COLUMNS
    np.testing.assert_allclose(np.diff(edges_mm), SQUARE_MM, atol=0.05)
    columns = np.flatnonzero(page.black[: rows[0] + 500].any(axis=0))
    line = page.black[:, columns[0] + round(1.0 / page.mm_per_dot)]
    edges_mm = np.flatnonzero(np.diff(line.astype(int))) * page.mm_per_dot
    np.testing.assert_allclose(np.diff(edges_mm)[: ROWS - 1], SQUARE_MM, atol=0.05)


def test_the_ruler_is_100_mm_long(page: Page) -> None:
    lengths = [
        (np.ptp(np.flatnonzero(row)) + 1) * page.mm_per_dot
        for row in page.black[round(240.0 / page.mm_per_dot) :]
        if row.any() and row.sum() == np.ptp(np.flatnonzero(row)) + 1  # one unbroken line
    ]
    assert max(lengths) == pytest.approx(RULER_MM, abs=0.05)


def test_the_printed_board_is_found_whole(page: Page) -> None:
    grey = np.where(page.black, 0, 255).astype(np.uint8)
    small = cv2.resize(grey, None, fx=0.2, fy=0.2, interpolation=cv2.INTER_AREA)
    corners, ids, _, _ = cv2.aruco.CharucoDetector(charuco_board()).detectBoard(small)
    assert sorted(ids.ravel()) == list(range(CORNER_COUNT))
    first_mm, last_mm = (
        (corners.reshape(-1, 2)[np.argmin(abs(ids.ravel() - wanted))]) * page.mm_per_dot * 5.0
        for wanted in (0, CORNER_COUNT - 1)
    )
    across = [(COLUMNS - 2) * SQUARE_MM, (ROWS - 2) * SQUARE_MM]
    np.testing.assert_allclose(last_mm - first_mm, across, atol=0.1)


def test_nothing_is_printed_in_the_margin(page: Page) -> None:
    inner = np.argwhere(page.black) * page.mm_per_dot
    assert inner.min() > 6.0
    assert inner[:, 0].max() < page.height_mm - 6.0
    assert inner[:, 1].max() < page.width_mm - 6.0
