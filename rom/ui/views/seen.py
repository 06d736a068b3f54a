"""The still or the loop of a result, and the signs with the moment they were seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from rom.clinical.assessment import Assessment
from rom.clinical.signs.patterns import Pattern
from rom.ui.views.blocks import show_still, show_words

Shown = Callable[[], None] | bytes | Path
"""A picture as JPEG, a clip in H.264 (MP4), or what draws it."""

BEFORE_S, AFTER_S = 1.0, 1.2


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


def show_signs(assessment: Assessment, name: str, clip: Path | None, *, key: str) -> None:
    """Draw the signs of a set with their moments, and that part of the clip where one asks."""
    for number, pattern in enumerate(assessment.patterns):
        of = f"{len(set(pattern.repetitions))} of {len(set(pattern.repetitions_evaluated))}"
        when = moments_words(pattern.seen_s)
        show_words(f"{name}: {pattern.words}, in {of} repetitions{when}.")
        if clip is not None and pattern.seen_s:
            _show_moment(pattern, clip, key=f"{key}-{number}")


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
    if st.toggle("See it", key=f"{key}-see"):
        at_s = pattern.seen_s[0]
        st.video(
            clip, start_time=max(0.0, at_s - BEFORE_S), end_time=at_s + AFTER_S, loop=True,
            muted=True,
        )  # fmt: skip
