"""The repetitions of one or two sets, looked at and corrected by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from rom.clinical.assessment import Assessment
from rom.editing import CorrectedSet
from rom.errors import RomError
from rom.reports.phrases import value_words
from rom.ui.player.component import Track, show_player

_FAILED = "checking-failed"

Changed = Callable[[int, CorrectedSet], None]


@dataclass(frozen=True, kw_only=True, eq=False)
class CheckedSet:
    """A set in the player.

    `corrected` is None where its repetitions cannot be corrected, and `why_not` says why.
    """

    label: str
    assessment: Assessment
    corrected: CorrectedSet | None
    why_not: str = ""
    video: Path | None = None

    @property
    def track(self) -> Track:
        """The set as the player shows it."""
        assessment, corrected = self.assessment, self.corrected
        assert assessment.series is not None
        return Track(
            label=self.label,
            series=assessment.series,
            repetitions=assessment.repetitions if corrected is None else corrected.repetitions,
            video=self.video,
            changes=() if corrected is None else corrected.changes,
            editable=corrected is not None,
        )


def check_repetitions(
    sets: Sequence[CheckedSet], *, key: str, changed: Changed, blind: bool = False
) -> None:
    """Draw the player; a correction goes to `changed` with the number of its set."""
    shown = [each for each in sets if each.assessment.series is not None]
    if not shown:
        st.info("There is no angle over time in these recordings, so there is nothing to correct.")
        return
    _apply(shown, sets, key=key, changed=changed, blind=blind)
    failed = st.session_state.pop(_FAILED, None)
    if failed is not None:
        st.error(failed, icon=":material/info:")
    for number, each in enumerate(sets):
        _show_changes(number, each, key=key, changed=changed)


def _apply(
    shown: Sequence[CheckedSet],
    sets: Sequence[CheckedSet],
    *,
    key: str,
    changed: Changed,
    blind: bool,
) -> None:
    done = show_player([each.track for each in shown], key=key, blind=blind)
    if done is None:
        return
    one = shown[done.track]
    try:
        if one.corrected is not None:
            changed(sets.index(one), done.apply(one.corrected))
    except RomError as error:
        st.session_state[_FAILED] = str(error)
    st.rerun()


def _show_changes(number: int, each: CheckedSet, *, key: str, changed: Changed) -> None:
    corrected = each.corrected
    if corrected is None:
        if each.why_not:
            st.caption(f"{each.label}: {each.why_not}")
        return
    if not corrected.changes and not corrected.earlier:
        return
    words, button = st.columns([3, 1], vertical_alignment="center")
    told = ", ".join(change.words for change in corrected.changes)
    if told:
        told = f"**Edited by hand** ({each.label}): {told}."
    words.markdown(f"{told} {each.label.capitalize()}: {value_words(corrected.assessment)}.")
    if corrected.earlier and button.button("Take it back", key=f"{key}-undo-{number}"):
        changed(number, corrected.undo())
        st.rerun()
