"""Points of both hands on crops about the wrists.

The network (Zhang et al. 2020, arXiv:2006.10214) expects one hand, fingers up. The body's wrist and
knuckles say roughly where it is; the crop is centred again on what the network sees. A hand counts
only where the network is sure of it and places its wrist near the body's.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from rom.errors import ModelError
from rom.landmarks import HAND_POINT_COUNT, Side, sided
from rom.pose.litert import Network
from rom.pose.region import FloatArray, Image, Region, region_around

_INPUT_PX = 224
_ROUNDS = 2
_HAND_SCORE = 0.5
_WRIST, _MIDDLE_KNUCKLE = 0, 9
_KNUCKLES = [5, 9, 13]
# Points that hardly move when the fingers bend.
_PALM = [0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18]
_PALM_SCALE = 2.0
_PALM_SHIFT = 0.1
# First crop: side over the distance from wrist to knuckles, and how far along it the centre lies.
_SIZE_OVER_PALM = 4.5
_CENTER_OVER_PALM = 1.0
# The body model places its wrist this near to the hand model's, in lengths of the palm.
_WRIST_TOLERANCE = 0.8


class HandNetwork:
    """Reads the hands that a body's wrists and knuckles point to."""

    def __init__(self, path: Path | None) -> None:
        if path is None:
            raise ModelError(
                "Expected the hand network for this movement, but only a pose bundle is there;"
                " run once with a network connection and without --model, to fetch it"
            )
        self._network = Network(path.read_bytes(), name=path.name)

    def read(self, rgb: Image, xy_px: FloatArray, *, mirrored: bool = False) -> FloatArray:
        """Return (2, 21, 2) points of the left and right hand in image pixels, NaN where unseen.

        Parameters
        ----------
        xy_px
            (33, 2) landmarks of the body.
        mirrored
            Whether the network is shown each hand in a mirror.
        """
        return np.stack([self._read_side(rgb, xy_px, side, mirrored) for side in Side])

    def _read_side(self, rgb: Image, xy_px: FloatArray, side: Side, mirrored: bool) -> FloatArray:
        unseen = np.full((HAND_POINT_COUNT, 2), np.nan)
        region = _wrist_region(xy_px, side)
        hand_px, score = unseen, 0.0
        for _ in range(_ROUNDS):
            if not region.usable:
                return unseen
            hand_px, score = self._read_hand(rgb, replace(region, mirrored=mirrored))
            region = _hand_region(hand_px)
        if score < _HAND_SCORE or not _at_wrist(hand_px, xy_px[sided("wrist", side)]):
            return unseen
        return hand_px

    def _read_hand(self, rgb: Image, region: Region) -> tuple[FloatArray, float]:
        crop = region.crop(rgb, _INPUT_PX)
        points, score, *_ = self._network.run(crop)
        placed = region.to_image(points.reshape(HAND_POINT_COUNT, 3).astype(np.float64), _INPUT_PX)
        return placed[:, :2], float(score.item())


def _wrist_region(xy_px: FloatArray, side: Side) -> Region:
    """Return the square that should hold the hand, fingers up, from the body's landmarks."""
    wrist = xy_px[sided("wrist", side)]
    knuckles = (xy_px[sided("index", side)] + xy_px[sided("pinky", side)]) / 2.0
    palm = knuckles - wrist
    return Region(
        center_px=wrist + _CENTER_OVER_PALM * palm,
        size_px=float(_SIZE_OVER_PALM * np.hypot(*palm)),
        angle_rad=float(np.arctan2(palm[0], -palm[1])),
    )


def _hand_region(hand_px: FloatArray) -> Region:
    palm = hand_px[_KNUCKLES].mean(axis=0) - hand_px[_WRIST]
    angle_rad = float(np.arctan2(palm[0], -palm[1]))
    region = region_around(hand_px[_PALM], angle_rad=angle_rad, scale=_PALM_SCALE)
    towards_fingers = np.array([np.sin(angle_rad), -np.cos(angle_rad)])
    shift_px = _PALM_SHIFT * region.size_px / _PALM_SCALE * towards_fingers
    return Region(region.center_px + shift_px, region.size_px, angle_rad)


def _at_wrist(hand_px: FloatArray, wrist_px: FloatArray) -> bool:
    palm_px = float(np.hypot(*(hand_px[_MIDDLE_KNUCKLE] - hand_px[_WRIST])))
    return bool(np.hypot(*(hand_px[_WRIST] - wrist_px)) < _WRIST_TOLERANCE * palm_px)
