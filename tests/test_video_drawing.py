from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rom.landmarks import LANDMARK_COUNT, Landmark
from rom.video.drawing import OverlayState, angle_text, draw_overlay, repetition_text, sweep_deg
from rom.video.lettering import draw_text, text_width_px, wrap_text

ORANGE, GREY = np.array((255, 176, 0)), 120
NOBODY = np.full((LANDMARK_COUNT, 2), np.nan)
COORDINATE = st.one_of(st.floats(-1e7, 1e7), st.just(float("nan")))
POINT = st.one_of(st.none(), st.tuples(COORDINATE, COORDINATE))


def grey_frame(width_px: int = 640, height_px: int = 480) -> np.ndarray:
    return np.full((height_px, width_px, 3), GREY, np.uint8)


def is_orange(pixel: np.ndarray) -> bool:
    return bool(np.abs(pixel.astype(int) - ORANGE).max() < 40)


def elbow(angle_deg: float, shown_deg: float) -> OverlayState:
    """An arm with the elbow in the middle, the forearm turned by an angle from straight down."""
    direction_rad = np.radians(90.0 - angle_deg)
    return OverlayState(
        label="elbow flexion, left",
        angle_deg=shown_deg,
        vertex_px=(320.0, 240.0),
        reference_end_px=(320.0, 340.0),
        moving_end_px=(
            320.0 + 100.0 * np.cos(direction_rad),
            240.0 + 100.0 * np.sin(direction_rad),
        ),
    )


@pytest.mark.parametrize("angle_deg", [40.0, 90.0, 150.0, 200.0])
def test_the_arc_lies_between_the_arms(angle_deg: float) -> None:
    drawn = draw_overlay(grey_frame(), xy_px=NOBODY, state=elbow(angle_deg, angle_deg))

    def on_arc(direction_deg: float) -> np.ndarray:
        direction_rad = np.radians(90.0 - direction_deg)
        x, y = 320 + 45 * np.cos(direction_rad), 240 + 45 * np.sin(direction_rad)
        return drawn[round(y), round(x)]

    for part_frac in (0.25, 0.5, 0.75):
        assert is_orange(on_arc(part_frac * angle_deg))
    assert (on_arc(-40.0) == GREY).all()
    assert (on_arc(angle_deg + 40.0) == GREY).all()


@given(st.floats(-360.0, 360.0), st.floats(-300.0, 300.0))
def test_the_sweep_has_the_size_of_the_angle(from_deg: float, angle_deg: float) -> None:
    turn_deg = sweep_deg(from_deg=from_deg, to_deg=from_deg + angle_deg, angle_deg=angle_deg)
    assert abs(turn_deg) == pytest.approx(abs(angle_deg), abs=1e-6)


def test_the_measured_limb_stands_out() -> None:
    xy_px = NOBODY.copy()
    xy_px[Landmark.LEFT_SHOULDER], xy_px[Landmark.LEFT_ELBOW] = (100, 200), (200, 200)
    xy_px[Landmark.RIGHT_SHOULDER], xy_px[Landmark.RIGHT_ELBOW] = (400, 200), (500, 200)
    state = OverlayState(label="", measured=(Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW))
    drawn = draw_overlay(grey_frame(), xy_px=xy_px, state=state)
    assert is_orange(drawn[200, 150])
    assert drawn[200, 450].min() > 200


def test_no_angle_no_arc() -> None:
    state = OverlayState(label="", vertex_px=(9.0, 9.0), moving_end_px=(50.0, 50.0))
    frame = grey_frame()
    assert (draw_overlay(frame, xy_px=NOBODY, state=state) == frame).all()


def test_words_stand_on_plates_at_top_and_bottom() -> None:
    state = OverlayState(
        label="knee flexion, right",
        repetition=2,
        repetition_total=3,
        messages=("Turn a little towards the camera.",),
    )
    drawn = draw_overlay(grey_frame(), xy_px=NOBODY, state=state)
    assert drawn[2, 2].max() < GREY and drawn[-3, 2].max() < GREY
    assert drawn[:40, :200].max() > 200 and drawn[-40:, :400].max() > 200
    assert (drawn[100:300] == GREY).all()


def test_long_messages_leave_most_of_the_picture_free() -> None:
    state = OverlayState(label="", messages=("words upon words " * 200,))
    drawn = draw_overlay(grey_frame(), xy_px=NOBODY, state=state)
    assert (drawn[: 480 // 2] == GREY).all()


@settings(max_examples=60, deadline=None)
@given(
    size_px=st.tuples(st.integers(1, 400), st.integers(1, 400)),
    seed=st.integers(0, 999),
    angle_deg=st.one_of(st.none(), st.floats(-400.0, 400.0), st.just(float("nan"))),
    points=st.tuples(POINT, POINT, POINT),
    messages=st.lists(st.text(max_size=60), max_size=3),
)
def test_nothing_makes_it_fail_and_the_frame_stays(size_px, seed, angle_deg, points, messages):
    frame = grey_frame(*size_px)
    xy_px = np.random.default_rng(seed).normal(0.0, 10.0 ** (seed % 9), (LANDMARK_COUNT, 2))
    xy_px[seed % LANDMARK_COUNT] = np.nan
    state = OverlayState(
        label="shoulder abduction, left",
        angle_deg=angle_deg,
        vertex_px=points[0],
        reference_end_px=points[1],
        moving_end_px=points[2],
        measured=(Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW),
        repetition=1,
        messages=tuple(messages),
    )
    drawn = draw_overlay(frame, xy_px=xy_px, state=state)
    assert drawn.shape == frame.shape and drawn.dtype == np.uint8
    assert (frame == GREY).all()


@pytest.mark.parametrize(
    ("angle_deg", "bound", "text"),
    [(117.6, "exact", "118°"), (-4.2, "exact", "−4°"), (-0.3, "exact", "0°")]
    + [(60.0, "at_least", "≥ 60°")],
)
def test_angle_text(angle_deg: float, bound: str, text: str) -> None:
    assert angle_text(angle_deg, bound) == text


def test_unknown_bound_lists_the_valid_ones() -> None:
    with pytest.raises(ValueError, match="'exact' or 'at_least'"):
        angle_text(1.0, "roughly")


@pytest.mark.parametrize(
    ("repetition", "total", "text"),
    [(0, 3, ""), (1, 3, "repetition 1 of 3"), (2, None, "repetition 2")],
)
def test_repetition_text(repetition: int, total: int | None, text: str) -> None:
    assert repetition_text(repetition, total) == text


def test_degree_sign_and_umlauts_have_glyphs_of_their_own() -> None:
    glyphs = set()
    for letter in "°−≥äöüß\U000f0000":
        canvas = np.zeros((60, 60, 3), np.uint8)
        draw_text(canvas, letter, left_px=10, top_px=5, size_px=40)
        glyphs.add(canvas.tobytes())
    assert len(glyphs) == 8


@given(st.text(alphabet="abc ", max_size=80), st.integers(20, 300))
def test_wrapped_lines_fit_and_lose_no_word(text: str, width_px: int) -> None:
    lines = wrap_text(text, width_px=width_px, size_px=16)
    assert " ".join(lines).split() == text.split()
    for line in lines:
        assert text_width_px(line, size_px=16) <= width_px or " " not in line
