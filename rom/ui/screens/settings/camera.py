"""The camera that is used: the browser names its cameras once it may use one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from rom.ui.preferences import Preferences, preferences, save_preferences

FIRST = "the one that the browser offers first"
ASK = "Show the cameras"
UNNAMED = "Camera {number}"
REFUSED = (
    "No camera could be listed. Plug one in, allow this page to use it beside its address, and try"
    " again."
)

# Browsers tell the names only while a camera may be used; it is let go at once.
_SCRIPT = """
export default function (component) {
  const button = component.parentElement.querySelector("button");
  button.onclick = async () => {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: true });
      stream.getTracks().forEach((track) => track.stop());
      const devices = await navigator.mediaDevices.enumerateDevices();
      const cameras = devices.filter((each) => each.kind === "videoinput");
      component.setStateValue("cameras", cameras.map((each) => [each.deviceId, each.label]));
      component.setStateValue("refused", cameras.length === 0);
    } catch {
      component.setStateValue("refused", true);
    }
  };
}
"""
_STYLE = """
button {
  font: inherit; color: inherit; background: transparent; cursor: pointer;
  border: 1px solid color-mix(in srgb, currentColor 40%, transparent);
  border-radius: 0.5rem; padding: 0.5rem 1rem; min-height: 2.75rem;
}
button:focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
@media print { button { display: none; } }
"""


def show(chosen: Preferences) -> None:
    """Draw the choice of a camera."""
    st.subheader("Camera")
    asked = st.components.v2.component(
        "rom_cameras", html=f"<button type='button'>{ASK}</button>", css=_STYLE, js=_SCRIPT
    )
    found: Any = asked(
        key="cameras",
        default={"cameras": [], "refused": False},
        on_cameras_change=lambda: None,
        on_refused_change=lambda: None,
    )
    if found.refused:
        st.warning(REFUSED, icon=":material/info:")
    names = _names(found.cameras or [])
    if chosen.camera_id is not None and chosen.camera_id not in names:
        names[chosen.camera_id] = "the one chosen before"
    if not names:
        st.markdown(f"In use: {FIRST}.")
        return
    options = [None, *names]
    st.selectbox(
        "Camera to use",
        options,
        index=options.index(chosen.camera_id),
        format_func=lambda each: FIRST if each is None else names[each],
        key="set_camera_id",
        on_change=_save,
    )


def _names(cameras: list[Any]) -> dict[str, str]:
    """Names by the ids that the browser gave; anything else is left out."""
    pairs = (each for each in cameras if isinstance(each, list) and len(each) == 2)
    return {
        str(device): str(label) or UNNAMED.format(number=number)
        for number, (device, label) in enumerate(pairs, 1)
        if device
    }


def _save() -> None:
    save_preferences(replace(preferences(), camera_id=st.session_state["set_camera_id"]))
