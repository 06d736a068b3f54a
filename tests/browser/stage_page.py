"""A page with nothing but the stage; its conductor writes to the folder in ROM_DATA_DIR."""

from __future__ import annotations

import streamlit as st
from stage_rehearsal import Rehearsal

from rom.records.location import data_dir
from rom.ui.stage.component import StageSettings, register, returning, stage
from rom.ui.style.sheet import use_style

st.set_page_config(page_title="rehearsal", layout="wide")
use_style()
st.title("Rehearsal")

token = st.session_state.get("token") or returning("rehearsal")
if token is None and st.button("New"):
    folder = data_dir()
    folder.mkdir(exist_ok=True)
    face = "face" in st.query_params
    token = register(Rehearsal(folder / "log.jsonl", folder, face=face))
if token is not None:
    st.session_state["token"] = token
    shown = stage(
        token, key="rehearsal", settings=StageSettings(at_once="at_once" in st.query_params)
    )
    if shown.ended or shown.left:
        st.write("The stage has ended." if shown.ended else "The stage was left.")
