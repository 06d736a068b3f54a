"""The page that `benchmarks.live` times: a stage that only looks and records."""

from __future__ import annotations

import streamlit as st

from rom.landmarks import LandmarkSeries
from rom.ui.stage.component import register, stage
from rom.ui.stage.scenes import Action, Clip, Feedback, Scene

CLIP_S = 20.0
BETWEEN_S = 2.0


class Looking:
    """Draws everything it sees, and asks for one clip after the other, as a check does."""

    def __init__(self) -> None:
        self._began_s: float | None = None

    def scene(self, now_s: float) -> Scene:
        if self._began_s is None:
            self._began_s = now_s
        number, passed_s = divmod(now_s - self._began_s, CLIP_S + BETWEEN_S)
        recording = f"clip {number:.0f}" if passed_s < CLIP_S else None
        return Scene(id=f"{number:.0f} {recording}", kind="take", title="Look", recording=recording)

    def see(
        self, frame: LandmarkSeries, now_s: float, *, lit_level: float = float("nan")
    ) -> Feedback:
        points = zip(frame.xy_px[0], frame.visibility[0], strict=True)
        return Feedback(
            number=f"{frame.people_count[0]}",
            points_px=tuple((float(x), float(y), float(v)) for (x, y), v in points),
        )

    def act(self, action: Action, now_s: float) -> None:
        """Nothing to decide."""

    def take_piece(self, name: str, start_byte: int, piece: bytes, now_s: float) -> None:
        pass

    def take_clip(self, clip: Clip, now_s: float) -> None:
        clip.path.unlink()

    def lose_clip(self, name: str, reason: str, now_s: float) -> None:
        """Clips are not what is timed."""

    def needs_face(self) -> bool:
        return False

    def close(self) -> None:
        """Nothing is kept."""


if "token" not in st.session_state:
    st.session_state["token"] = register(Looking())
stage(st.session_state["token"], key="live")
