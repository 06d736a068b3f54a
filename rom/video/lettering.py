"""Text on frames: outlined, wrapped, and on translucent plates."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

RgbImage = NDArray[np.uint8]
Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
REGULAR, BOLD = 400, 700

_PLATE_OPACITY_FRAC = 0.55
_LINE_HEIGHT_FRAC = 1.35
_OUTLINE = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y]


@functools.cache
def _font() -> cv2.FontFace:
    """Return OpenCV's own outline font: unlike its stroke fonts it has "°", "≥" and umlauts."""
    return cv2.FontFace("sans")


def text_width_px(text: str, *, size_px: int, weight: int = REGULAR) -> int:
    """Return how wide one line of text is."""
    box = cv2.getTextSize((1, 1), text, (0, 0), _font(), size_px, weight)
    return int(box[0] + box[2])


def line_height_px(size_px: int) -> int:
    """Return the distance from one line of text to the next."""
    return round(size_px * _LINE_HEIGHT_FRAC)


def draw_text(
    rgb: RgbImage, text: str, *, left_px: int, top_px: int, size_px: int, weight: int = REGULAR
) -> None:
    """Draw one line, white outlined in black, in place; its box starts at the corner given."""
    reach_px = max(1, round(size_px / 14))
    baseline_px = top_px + round(size_px * 0.98)
    for x, y in _OUTLINE:
        at = (left_px + x * reach_px, baseline_px + y * reach_px)
        cv2.putText(rgb, text, at, BLACK, _font(), size_px, weight)
    cv2.putText(rgb, text, (left_px, baseline_px), WHITE, _font(), size_px, weight)


def wrap_text(text: str, *, width_px: int, size_px: int) -> list[str]:
    """Break text between words so that each line fits; a longer word gets a line of its own."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width_px(longer, size_px=size_px) <= width_px:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


@dataclass(frozen=True)
class Plate:
    """Lines of text on a translucent dark plate."""

    lines: list[str]
    size_px: int

    @property
    def margin_px(self) -> int:
        return max(2, self.size_px // 2)

    @property
    def width_px(self) -> int:
        widest = max((text_width_px(line, size_px=self.size_px) for line in self.lines), default=0)
        return widest + 2 * self.margin_px

    @property
    def height_px(self) -> int:
        return len(self.lines) * line_height_px(self.size_px) + self.margin_px

    def draw(self, rgb: RgbImage, *, left_px: int, top_px: int, width_px: int) -> None:
        """Draw in place; nothing is drawn without lines."""
        if not self.lines:
            return
        shade(rgb, left_px=left_px, top_px=top_px, width_px=width_px, height_px=self.height_px)
        for number, line in enumerate(self.lines):
            draw_text(
                rgb,
                line,
                left_px=left_px + self.margin_px,
                top_px=top_px + self.margin_px // 2 + number * line_height_px(self.size_px),
                size_px=self.size_px,
            )


def shade(rgb: RgbImage, *, left_px: int, top_px: int, width_px: int, height_px: int) -> None:
    """Darken a rectangle in place, as far as it lies inside the frame."""
    part = rgb[max(0, top_px) : top_px + height_px, max(0, left_px) : left_px + width_px]
    part[...] = (part * (1.0 - _PLATE_OPACITY_FRAC)).astype(np.uint8)
