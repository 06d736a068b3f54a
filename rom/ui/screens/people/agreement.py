"""How far our values agree with those of instruments, and with themselves."""

from __future__ import annotations

from functools import partial

import streamlit as st
from markupsafe import Markup

from rom.clinical.agreement.learned import Learned, learn
from rom.clinical.agreement.pairs import BaselinePair, ReferencePair
from rom.clinical.agreement.study import (
    Agreement,
    agreements_of_baselines,
    agreements_with_instruments,
)
from rom.clinical.agreement.wording import (
    CANNOT_TELL_AGREEMENT,
    agreement_sentences,
    agreement_title,
    method_sentences,
)
from rom.records.entities import Person
from rom.records.pairs import baseline_pairs, reference_pairs
from rom.reports.agreement_figure import agreement_figure
from rom.reports.agreement_page import agreement_page
from rom.reports.agreement_text import agreement_rows
from rom.ui.access import records
from rom.ui.desk.literal import literal
from rom.ui.views.blocks import show_drawing


def show_agreement(person: Person | None) -> None:
    """Draw the agreement of all pairs in the records, or of one person's."""
    if st.button("Back", icon=":material/arrow_back:", type="tertiary"):
        del st.query_params["view"]
        st.rerun()
    st.title("Agreement with instruments")
    references, baselines = _pairs(person)
    found = (
        *agreements_with_instruments(references),
        *agreements_of_baselines(baselines),
    )
    if not found:
        st.write(
            "There are no pairs yet. Add values of a goniometer or inclinometer beside the sets of"
            " a session; how far they agree with ours is then shown here."
        )
        return
    for number, each in enumerate(found):
        _show(each, number)
    learned = learn(references, baselines)
    st.subheader("Error figures of your own")
    for sentence in learned.sentences:
        st.write(literal(sentence))
    st.caption(" ".join(CANNOT_TELL_AGREEMENT))
    st.download_button(
        "Page (HTML)",
        partial(_page, found, learned),
        file_name="agreement.html",
        mime="text/html",
        on_click="ignore",
    )


def _pairs(person: Person | None) -> tuple[list[ReferencePair], list[BaselinePair]]:
    references: list[ReferencePair] = []
    baselines: list[BaselinePair] = []
    with records() as store:
        people = [each.person for each in store.people()] if person is None else [person]
        for each in people:
            content = store.content(each.id, series=False)
            references += reference_pairs(content)
            baselines += baseline_pairs(content)
    return references, baselines


def _show(each: Agreement, number: int) -> None:
    title = agreement_title(each)
    st.subheader(literal(title[:1].upper() + title[1:]))
    for sentence in agreement_sentences(each):
        st.write(literal(sentence))
    figure = agreement_figure(
        each, title=f"Difference over mean, {title}", identifier=f"agreement{number}"
    )
    if figure is not None:
        show_drawing(figure)
    rows = Markup("").join(
        Markup("<dt>{}</dt><dd>{}</dd>").format(name, words) for name, words in agreement_rows(each)
    )
    st.html(Markup("<dl class='rom-facts'>{}</dl>").format(rows))
    st.caption(" ".join(method_sentences(each)))


def _page(found: tuple[Agreement, ...], learned: Learned) -> bytes:
    page = agreement_page(found, own_figures=learned.sentences, files=["Records"])
    return page.encode("utf-8")
