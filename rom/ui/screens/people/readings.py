"""Values of a goniometer or inclinometer and the end-feel, typed beside ours."""

from __future__ import annotations

from typing import get_args

import streamlit as st

from rom.clinical.wording import degrees
from rom.errors import RomError
from rom.records.entities import Instrument, ManualReading, SetRecord, new_id
from rom.records.store import now
from rom.ui.access import records
from rom.ui.desk.literal import literal

_LARGEST_DEG = 360.0


def show_readings(kept: SetRecord) -> None:
    """Show what was read for a set, and take more."""
    for reading in kept.readings:
        words, button = st.columns([4, 1], vertical_alignment="center")
        words.markdown(_words(reading))
        if button.button("Remove", key=f"remove-{reading.id}", type="tertiary"):
            with records() as store:
                store.remove_reading(reading.id)
            st.rerun()
    with st.popover("Add a value of an instrument", icon=":material/straighten:"):
        _show_form(kept)


def _words(reading: ManualReading) -> str:
    where = "" if reading.repetition is None else f", repetition {reading.repetition + 1}"
    rater = f", read by {literal(reading.rater)}" if reading.rater else ""
    feel = f", end-feel: {literal(reading.end_feel)}" if reading.end_feel else ""
    return f"{reading.instrument.capitalize()} {degrees(reading.value_deg)}{where}{rater}{feel}"


def _show_form(kept: SetRecord) -> None:
    counted: list[int | None] = [None, *range(len(kept.assessment.repetitions))]
    with st.form(f"reading-{kept.id}", clear_on_submit=True, border=False):
        value = st.number_input(
            "Value in degrees",
            min_value=-_LARGEST_DEG,
            max_value=_LARGEST_DEG,
            value=None,
            step=1.0,
            key=f"value-{kept.id}",
        )
        instrument: Instrument = st.radio(
            "Instrument", list(get_args(Instrument)), horizontal=True, key=f"with-{kept.id}"
        )
        repetition = st.selectbox(
            "Read at",
            counted,
            format_func=lambda each: "the whole set" if each is None else f"repetition {each + 1}",
            key=f"at-{kept.id}",
        )
        rater = st.text_input("Read by (initials)", key=f"by-{kept.id}")
        feel = st.text_input("End-feel, in your words", key=f"feel-{kept.id}")
        if not st.form_submit_button("Keep it"):
            return
    if value is None:
        st.error("Expected a value in degrees, got none; type it.")
        return
    try:
        reading = ManualReading(
            id=new_id(),
            value_deg=value,
            instrument=instrument,
            read_at=now(),
            rater=rater,
            repetition=repetition,
            end_feel=feel,
        )
        with records() as store:
            store.add_reading(kept.id, reading)
    except RomError as error:
        st.error(literal(str(error)))
        return
    st.rerun()
