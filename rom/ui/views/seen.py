"""The still or the loop of a result, and the signs with the moment they were seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from rom.clinical.assessment import Assessment
from rom.clinical.signs.patterns import Pattern
from rom.kinematics.repetitions import Repetition
from rom.landmarks import LandmarkSeries
from rom.movements import MOVEMENTS
from rom.ui.drawings.moment import Moment, moment_loop, moment_stills
from rom.ui.preferences import preferences
from rom.ui.views.blocks import show_drawing, show_still, show_words

Shown = Callable[[], None] | bytes | Path
"""A picture as JPEG, a clip in H.264 (MP4), or what draws it."""

Landmarks = Callable[[Assessment], LandmarkSeries | None]
"""Gives the landmarks that a set was read from; None where they were not kept."""

BEFORE_S, AFTER_S = 1.0, 1.2
ABOUT_S = 0.3
"""Shown before and after a stroke that a sign is of as a whole."""
LONGEST_S = 5.0
DRAWN = (
    "Drawn from the points that were measured; no picture of you is needed. What moves is "
    "coloured, the mark on the line is the moment."
)


def show_picture(shown: Shown | None, alternative: str) -> None:
    """Draw a still or a short loop; nothing where there is none."""
    if shown is None:
        return
    if isinstance(shown, bytes):
        show_still(shown, alternative, alternative)
    elif isinstance(shown, Path):
        st.video(shown, loop=True, muted=True)
        st.caption(alternative)
    else:
        shown()


def show_signs(
    assessment: Assessment,
    name: str,
    clip: Path | None,
    *,
    key: str,
    landmarks: Landmarks | None = None,
) -> None:
    """Draw the signs of a set with their moments, and where one asks what was done then.

    That is a part of the clip where there is one, else it is drawn from the landmarks.
    """
    for number, pattern in enumerate(assessment.patterns):
        show_words(f"{name}: {pattern.words}{_often(pattern)}{moments_words(pattern.seen_s)}.")
        if clip is not None and pattern.seen_s:
            _show_moment(pattern, clip, key=f"{key}-{number}")
        elif landmarks is not None:
            _draw_moment(assessment, pattern, landmarks, key=f"{key}-{number}")


def moment_of(pattern: Pattern, repetitions: Sequence[Repetition]) -> Moment | None:
    """When a sign is to be looked at: about its first moment, else the first stroke that shows it.

    None where neither is known.
    """
    if pattern.seen_s:
        at_s = pattern.seen_s[0]
        return Moment(from_s=max(0.0, at_s - BEFORE_S), to_s=at_s + AFTER_S, at_s=at_s)
    known = [number for number in pattern.repetitions if number < len(repetitions)]
    if not known:
        return None
    stroke = repetitions[known[0]]
    from_s = max(0.0, stroke.onset_s - ABOUT_S)
    return Moment(from_s=from_s, to_s=min(stroke.peak_s + ABOUT_S, from_s + LONGEST_S))


def _often(pattern: Pattern) -> str:
    """In how many repetitions it was seen; empty for what is not told of single ones."""
    judged = len(set(pattern.repetitions_evaluated))
    return f", in {len(set(pattern.repetitions))} of {judged} repetitions" if judged else ""


def moments_words(seen_s: Sequence[float]) -> str:
    """When a sign was seen, to go on from a sentence.

    >>> moments_words([1.23]), moments_words([1.2, 4.56, 7.0]), moments_words([])
    (', at 1.2 s', ', at 1.2, 4.6 and 7.0 s', '')
    """
    times = [f"{each:.1f}" for each in seen_s]
    if not times:
        return ""
    listed = times[0] if len(times) == 1 else f"{', '.join(times[:-1])} and {times[-1]}"
    return f", at {listed} s"


def _show_moment(pattern: Pattern, clip: Path, *, key: str) -> None:
    if st.toggle(f"See it: {pattern.words}", key=f"{key}-see"):
        at_s = pattern.seen_s[0]
        st.video(
            clip, start_time=max(0.0, at_s - BEFORE_S), end_time=at_s + AFTER_S, loop=True,
            muted=True,
        )  # fmt: skip


def _draw_moment(
    assessment: Assessment, pattern: Pattern, landmarks: Landmarks, *, key: str
) -> None:
    movement = MOVEMENTS.get(assessment.movement)
    moment = moment_of(pattern, assessment.repetitions)
    if (
        movement is None
        or moment is None
        or not st.toggle(f"See it: {pattern.words}", key=f"{key}-see")
    ):
        return
    found = landmarks(assessment)
    draw = moment_stills if preferences().reduced_motion else moment_loop
    title = pattern.words[:1].upper() + pattern.words[1:]
    drawing = found and draw(found, movement, assessment.side, moment, title=title)
    if not drawing:
        show_words("The points of this set were not kept, so it cannot be shown.", "rom-soft")
        return
    show_drawing(drawing, DRAWN)
