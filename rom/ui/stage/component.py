"""Put a stage on a page: `register` a conductor, draw `stage`, and see whether it has ended.

The check of a page runs like this::

    token = st.session_state.get("token") or returning("check", owner=owner)
    if token is None and st.button("Begin"):
        token = register(conductor, owner=owner)
    if token is not None:
        st.session_state["token"] = token
        shown = stage(token, key="check", settings=settings)
        if shown.ended: ...
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from rom.ui.drawings import drawing as own_drawing
from rom.ui.stage.registry import Stages
from rom.ui.stage.routes import FOLDER
from rom.ui.stage.running import Drawing
from rom.ui.stage.scenes import Conductor
from rom.ui.stage.words import WORDS

_HERE = Path(__file__).parent / "browser"

# Streamlit runs modules from addresses of their own, so ours are asked for by their full address.
_LOADER = """
export default function (component) {
  const address = new URL(component.data.folder + "/browser/%s.js", document.location.origin);
  const loaded = import(address.href).then((module) => module.default(component));
  return () => loaded.then((stop) => stop && stop());
}
"""


@dataclass(frozen=True, kw_only=True)
class StageSettings:
    """What a person prefers.

    Attributes
    ----------
    camera_id
        The browser's own name of a camera; None for the one it takes by itself.
    at_once
        Start without a further click, where somebody has clicked on the page before: browsers give
        sound to such pages only. One that was loaded again asks for a click.
    """

    voice: bool = True
    large_text: bool = False
    reduced_motion: bool = False
    camera_id: str | None = None
    at_once: bool = False


@dataclass(frozen=True)
class StageState:
    """What became of a stage.

    Attributes
    ----------
    ended
        The conductor's last scene was shown.
    left
        The person closed a stage that is gone or failed.
    """

    ended: bool = False
    left: bool = False


def _is_live(session: str) -> bool:
    return runtime.exists() and runtime.get_instance().is_active_session(session)


STAGES = Stages(is_live=_is_live)
"""The stages of this app."""


def register(
    conductor: Conductor, *, owner: str | None = None, drawing: Drawing = own_drawing
) -> str:
    """Put a conductor behind a stage of this page's session; return the stage's token.

    Parameters
    ----------
    owner
        Id of the user; only the same one gets the stage back after the page was loaded again.
    drawing
        Makes the SVG markup of a `Scene.picture`; nothing that anybody typed may be in it.

    Raises
    ------
    UsageError
        Too many stages are up.
    """
    return STAGES.register(conductor, owner=owner, session=_session(), drawing=drawing)


def conductor_of(token: str) -> Conductor | None:
    """The conductor behind a stage; None once the stage is gone."""
    running = STAGES.find(token)
    return running.conductor if running is not None else None


def end(token: str) -> None:
    """End a stage now; its conductor is closed."""
    STAGES.evict(token)


def stage(token: str, *, key: str, settings: StageSettings | None = None) -> StageState:
    """Draw a stage; `key` names it on the page and in the browser's memory of this window."""
    data = {
        "token": token,
        "folder": _folder(),
        "key": key,
        "words": WORDS,
        "settings": asdict(settings or StageSettings()),
    }
    result = _mounted("stage")(
        key=f"stage-{key}-{token[:8]}",
        data=data,
        default={"ended": False, "left": False},
        on_ended_change=_nothing,
        on_left_change=_nothing,
    )
    return StageState(ended=bool(result.ended), left=bool(result.left))


def returning(key: str, *, owner: str | None = None) -> str | None:
    """The token of the stage that this window showed before it was loaded again.

    The window remembers it, and the app gives it to the same user only, as long as no open page
    has it. None at first: the page is drawn again once the window has answered.
    """
    result = _mounted("memory")(
        key=f"stage-memory-{key}",
        data={"folder": _folder(), "key": key},
        default={"token": ""},
        height=1,
        on_token_change=_nothing,
    )
    token = str(result.token or "")
    return token if token and STAGES.adopt(token, owner=owner, session=_session()) else None


def _mounted(name: str) -> Any:
    """The component; made anew for each runtime, as tests start several."""
    html = (_HERE / f"{name}.html").read_text(encoding="utf-8")
    css = _HERE / f"{name}.css"
    return st.components.v2.component(
        f"rom_{name}",
        html=html,
        css=css.read_text(encoding="utf-8") if css.is_file() else None,
        js=_LOADER % name,
    )


def _nothing() -> None:
    """States are read where they are drawn."""


def _folder() -> str:
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return "/" + "/".join(part for part in (base, FOLDER) if part)


def _session() -> str | None:
    context = get_script_run_ctx()
    return context.session_id if context is not None else None
