"""Reports to hand out or file: as a page, as a PDF, on paper."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.components.v2 import component

from rom.reports.blocks import Document
from rom.reports.content import Audience, SessionContent, WeeksContent
from rom.reports.pdf import report_pdf
from rom.reports.person import session_for_person, weeks_for_person
from rom.reports.report_page import report_page
from rom.reports.therapist import session_for_therapist, weeks_for_therapist

_AUDIENCES: dict[Audience, str] = {"person": "for the person", "therapist": "for the therapist"}

_PRINT_JS = """
export default function ({ parentElement, data }) {
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  button.onclick = () => {
    const frame = document.createElement("iframe");
    frame.style.cssText = "position:fixed;width:0;height:0;border:0";
    frame.setAttribute("aria-hidden", "true");
    frame.setAttribute("tabindex", "-1");
    frame.title = data.label;
    frame.onload = () => {
      const view = frame.contentWindow;
      view.addEventListener("afterprint", () => frame.remove());
      view.print();
    };
    frame.srcdoc = data.page;
    document.body.append(frame);
  };
}
"""
_PRINT_CSS = """
button {
  font: inherit; font-size: 1rem; font-weight: 550; min-height: 44px; padding: 0.45rem 1.15rem;
  width: 100%; color: var(--ink, inherit); background: var(--card, transparent); cursor: pointer;
  border: 1px solid var(--edge, #7b8790); border-radius: 0.6rem;
}
button:hover { border-color: var(--accent, #0b6e69); color: var(--accent, #0b6e69); }
button:focus-visible { outline: 3px solid var(--accent, #0b6e69); outline-offset: 2px; }
@media print { button { display: none; } }
"""

_print = component(
    "rom.print", html='<button type="button"></button>', css=_PRINT_CSS, js=_PRINT_JS
)


def report_buttons(content: SessionContent | WeeksContent, *, key: str) -> None:
    """Buttons for a report of what is shown."""
    audience = st.radio(
        "Written",
        list(_AUDIENCES),
        format_func=_AUDIENCES.__getitem__,
        horizontal=True,
        key=f"{key}-audience",
    )
    document = document_for(content, audience)
    page, pdf, paper = st.columns(3)
    page.download_button(
        "Page (HTML)",
        partial(page_bytes, document),
        file_name="report.html",
        mime="text/html",
        on_click="ignore",
        key=f"{key}-page",
        width="stretch",
    )
    pdf.download_button(
        "PDF",
        partial(pdf_bytes, document),
        file_name="report.pdf",
        mime="application/pdf",
        on_click="ignore",
        key=f"{key}-pdf",
        width="stretch",
    )
    with paper:
        _print(key=f"{key}-print", data={"label": "Print", "page": report_page(document)})


def document_for(content: SessionContent | WeeksContent, audience: Audience) -> Document:
    """The report for somebody."""
    if isinstance(content, WeeksContent):
        if audience == "therapist":
            return weeks_for_therapist(content)
        return weeks_for_person(content)
    if audience == "therapist":
        return session_for_therapist(content)
    return session_for_person(content)


def page_bytes(document: Document) -> bytes:
    """The report as an HTML file."""
    return report_page(document).encode("utf-8")


def pdf_bytes(document: Document) -> bytes:
    """The report as a PDF file."""
    return report_pdf(document).content
