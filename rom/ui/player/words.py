"""What the player says; the browser fills in names and numbers."""

from __future__ import annotations

from rom.clinical.wording import degrees
from rom.kinematics.repetitions import Repetition

PLAYER_WORDS: dict[str, object] = {
    "player": "Recordings side by side",
    "controls": "Play and step",
    "play": "Play",
    "pause": "Pause",
    "back": "◂ Frame",
    "forward": "Frame ▸",
    "previous": "◂ Repetition",
    "next": "Repetition ▸",
    "speed": "Speed",
    "speeds": [["1", "as filmed"], ["0.5", "half"], ["0.25", "a quarter"]],
    "unseen": "not seen",
    "reading": "{label} {angle}",
    "now": "{readings} ({place})",
    "during": "repetition {number} of {count}",
    "between": "between repetitions",
    "video": "Recording: {label}",
    "axis": "time, both in step",
    "cursor": "Moment shown",
    "lane": "Repetitions: {label}",
    "add": "Add a repetition here ({label})",
    "mark": "{mark} of the repetition ({label})",
    "marks": {"onset_s": "Start", "peak_s": "Peak", "offset_s": "End"},
    "seconds": "{time} s",
    "chosen": "Chosen repetition",
    "take_out": "Take it out",
    "put_back": "Let it count",
    "how_to_move": "Drag its start, peak or end, or move them with the arrow keys.",
    "keys": "Drag the line. Space: play or pause. Arrow keys: one frame, with Shift ten. Page up "
    "and down: next and earlier repetition. Home and End: start and end.",
}

WORDS_FOR_ONE: dict[str, object] = {"player": "Angle and repetitions", "axis": "time"}
"""What is called otherwise where nothing stands beside it."""


def repetition_words(number: int, repetition: Repetition, *, edited: str | None) -> str:
    """A repetition as it is read out; `edited` says what a hand did to it."""
    words = f"Repetition {number + 1}: {degrees(repetition.peak_deg)}, from"
    words += f" {repetition.onset_s:.1f} to {repetition.offset_s:.1f} s"
    if not repetition.counted:
        words += f", does not count ({repetition.reason_not_counted})"
    elif edited is not None:
        words += f", {edited} by hand"
    return f"{words}."


def chart_words(labels: list[str], peaks_deg: list[list[float]]) -> str:
    """What the chart shows, for those who do not see it."""
    parts = [
        f"{label}: peaks at {', '.join(map(degrees, peaks)) if peaks else 'no repetition'}"
        for label, peaks in zip(labels, peaks_deg, strict=True)
    ]
    return f"Angle over time. {'; '.join(parts)}."
