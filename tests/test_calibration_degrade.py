"""Compression loses more at higher rate factors; blur is a mean of light, not of grey levels."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from calibration.degrade import add_motion_blur, compress


def _scene(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (12, 9, 3)).astype(np.uint8)
    large = cv2.resize(coarse, (144, 192), interpolation=cv2.INTER_CUBIC).astype(float)
    return np.clip(large + rng.normal(0.0, 6.0, large.shape), 0, 255).astype(np.uint8)


def _error_levels(image: np.ndarray, other: np.ndarray) -> float:
    return float(np.sqrt(np.mean((image.astype(float) - other.astype(float)) ** 2)))


def test_every_still_comes_back_in_its_place_and_worse_at_a_higher_factor():
    scenes = [_scene(seed) for seed in range(4)]
    fine, coarse = compress(scenes, crf=18), compress(scenes, crf=40)
    assert len(fine) == len(coarse) == 4
    for index, scene in enumerate(scenes):
        assert fine[index].shape == scene.shape and fine[index].dtype == np.uint8
        errors = [_error_levels(fine[index], other) for other in scenes]
        assert int(np.argmin(errors)) == index
        assert 0.0 < errors[index] < _error_levels(coarse[index], scene)


def test_compression_refuses_odd_or_unlike_sizes():
    with pytest.raises(ValueError, match="even sides"):
        compress([np.zeros((15, 16, 3), np.uint8)], crf=23)
    with pytest.raises(ValueError, match="one size"):
        compress([np.zeros((16, 16, 3), np.uint8), np.zeros((32, 16, 3), np.uint8)], crf=23)
    assert compress([], crf=23) == []


def test_blur_of_one_picture_is_the_picture():
    scene = _scene(1)
    assert np.array_equal(add_motion_blur([scene]), scene)
    assert np.array_equal(add_motion_blur([scene] * 3), scene)


def test_blur_adds_light():
    black, white = np.zeros((2, 2, 3), np.uint8), np.full((2, 2, 3), 255, np.uint8)
    expected = 255.0 * 0.5 ** (1 / 2.2)
    assert np.abs(add_motion_blur([black, white]) - expected).max() < 0.6
    with pytest.raises(ValueError, match="at least one"):
        add_motion_blur([])
