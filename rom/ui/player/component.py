"""The player on a page: what it is given, and what somebody did in it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from streamlit.components.v2 import component
from streamlit.runtime import Runtime

from rom.clinical.assessment import Series
from rom.editing import TAKEN_OUT, Change, CorrectedSet, Mark
from rom.errors import UsageError
from rom.kinematics.repetitions import Repetition
from rom.landmarks import FloatArray
from rom.ui.player.warp import Timing, Warp, align, span_s
from rom.ui.player.words import PLAYER_WORDS, WORDS_FOR_ONE, chart_words, repetition_words

USUAL_FRAME_S = 1 / 30
_MARKS: tuple[Mark, ...] = ("onset_s", "peak_s", "offset_s")


def _asset(name: str) -> str:
    return (files("rom.ui.player") / name).read_text(encoding="utf-8")


_player = component(
    "rom.player", html=_asset("player.html"), css=_asset("player.css"), js=_asset("player.js")
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Track:
    """One recording in the player.

    Attributes
    ----------
    label
        What it is called, as in "before".
    video
        H.264 in MP4 with the times of the recording; None where no picture was kept.
    changes
        What a hand did to its repetitions.
    editable
        Whether they may be corrected.
    """

    label: str
    series: Series
    repetitions: Sequence[Repetition]
    video: Path | None = None
    changes: Sequence[Change] = ()
    editable: bool = False

    @property
    def counted(self) -> list[Repetition]:
        return [each for each in self.repetitions if each.counted]

    @property
    def in_step(self) -> list[Repetition]:
        """What is laid over the repetitions of the other: also what a hand took out since."""
        taken_out = [each for each in self.repetitions if each.reason_not_counted == TAKEN_OUT]
        return sorted([*self.counted, *taken_out], key=lambda each: each.onset_s)

    @property
    def duration_s(self) -> float:
        return float(self.series.time_s[-1]) if len(self.series.time_s) else 0.0


@dataclass(frozen=True)
class Correction:
    """What somebody did to a repetition in the player; times in seconds of the recording."""

    track: int
    apply: Callable[[CorrectedSet], CorrectedSet]


def show_player(tracks: Sequence[Track], *, key: str, blind: bool = False) -> Correction | None:
    """Draw one or two recordings; return what was done in them since the last run, once."""
    urls = [_url(each.video, f"{key}-{n}") for n, each in enumerate(tracks)]
    data = player_data(tracks, urls, key=key, blind=blind)
    data["answered"] = st.session_state.get(_handled(key))
    result = _player(key=key, data=data, default={"edit": None}, on_edit_change=_nothing)
    return _new_correction(result.get("edit"), key, len(tracks))


def player_data(
    tracks: Sequence[Track], urls: Sequence[str | None], *, key: str, blind: bool
) -> dict[str, Any]:
    """What the browser is told; `urls` are where it finds the videos."""
    warps = align([Timing(duration_s=each.duration_s, repetitions=each.in_step) for each in tracks])
    first, last = span_s(warps)
    return {
        "id": key,
        "words": PLAYER_WORDS if len(tracks) > 1 else PLAYER_WORDS | WORDS_FOR_ONE,
        "blind": blind,
        "span_s": [first, last],
        "start_s": _first_peak_s(tracks[0], warps[0]),
        "frame_s": _frame_s(tracks),
        "description": chart_words(
            [each.label for each in tracks],
            [[repetition.peak_deg for repetition in each.counted] for each in tracks],
        ),
        "tracks": [
            _track_data(track, warp, url)
            for track, warp, url in zip(tracks, warps, urls, strict=True)
        ],
    }


def correction_of(edit: Any, tracks: int) -> Correction:
    """What the browser said was done.

    Raises
    ------
    UsageError
        It is not what the player says.
    """
    try:
        kind, track = edit["kind"], int(edit["track"])
        if not 0 <= track < tracks:
            raise ValueError(track)
        if kind == "add":
            at_s = _finite(edit["at_s"])
            return Correction(track, lambda corrected: corrected.add(at_s))
        number = int(edit["number"])
        if kind == "take_out":
            return Correction(track, lambda corrected: corrected.take_out(number))
        if kind == "put_back":
            return Correction(track, lambda corrected: corrected.put_back(number))
        if kind == "move" and edit["mark"] in _MARKS:
            mark, to_s = edit["mark"], _finite(edit["to_s"])
            return Correction(track, lambda corrected: corrected.move(number, mark, to_s))
        raise ValueError(kind)
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(
            "Expected a correction of a repetition, got something else; load the page again"
        ) from error


def _new_correction(edit: Any, key: str, tracks: int) -> Correction | None:
    if not isinstance(edit, dict):
        return None
    if edit.get("data_id") != key or st.session_state.get(_handled(key)) == edit.get("id"):
        return None
    st.session_state[_handled(key)] = edit.get("id")
    return correction_of(edit, tracks)


def _handled(key: str) -> str:
    """Where the session's state has the last correction that was answered.

    The browser is told, so that it also draws anew what was refused.
    """
    return f"{key}-handled"


def _nothing() -> None:
    """Streamlit only keeps a state that something waits for."""


def _url(video: Path | None, coordinates: str) -> str | None:
    """Where this session's browser finds a video, as long as the session shows it."""
    if video is None or not video.is_file() or not Runtime.exists():
        return None
    return Runtime.instance().media_file_mgr.add(str(video), "video/mp4", coordinates)


def _track_data(track: Track, warp: Warp, url: str | None) -> dict[str, Any]:
    changed = {each.number: each.words.split(" ", 2)[2] for each in track.changes}
    return {
        "label": track.label,
        "video": url,
        "duration_s": track.duration_s,
        "editable": track.editable,
        "clock_s": list(warp.clock_s),
        "time_s": list(warp.time_s),
        "series_s": _numbers(track.series.time_s, 4),
        "angle_deg": _numbers(track.series.angle_deg, 2),
        "repetitions": [
            {
                "onset_s": each.onset_s,
                "peak_s": each.peak_s,
                "offset_s": each.offset_s,
                "peak_deg": each.peak_deg,
                "counted": each.counted,
                "edited": number in changed,
                "short": f"{each.peak_deg:.0f}°".replace("-", "−"),
                "words": repetition_words(number, each, edited=changed.get(number)),
            }
            for number, each in enumerate(track.repetitions)
        ],
    }


def _numbers(values: FloatArray, decimals: int) -> list[float | None]:
    return [round(v, decimals) if math.isfinite(v) else None for v in values.tolist()]


def _frame_s(tracks: Sequence[Track]) -> float:
    """The usual time between two frames, of the recording that has the most of them."""
    steps = [np.diff(each.series.time_s) for each in tracks]
    found = [float(np.median(each)) for each in steps if each.size]
    return min(found, default=USUAL_FRAME_S)


def _first_peak_s(track: Track, warp: Warp) -> float:
    peaks_s = [each.peak_s for each in track.counted]
    return warp.clock_at(peaks_s[0]) if peaks_s else warp.clock_s[0]


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(value)
    return number
