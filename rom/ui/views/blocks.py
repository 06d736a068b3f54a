"""The blocks of the reports on a page of the app; all words are escaped, none are Markdown."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from functools import singledispatch

import streamlit as st
from markupsafe import Markup

from rom.reports.blocks import (
    BigValue,
    Block,
    Bullets,
    Facts,
    Figure,
    Figures,
    Heading,
    Notice,
    Paragraph,
    Pictures,
    Table,
)

_STYLES = {"lead": "rom-lead", "soft": "rom-soft", "plain": "rom-plain"}


def show_blocks(blocks: Iterable[Block]) -> None:
    """Draw blocks of a report, one after the other."""
    for block in blocks:
        _show(block)


def show_drawing(drawing: Markup, caption: str = "") -> None:
    """Draw an SVG with what its marks mean."""
    words = Markup("<figcaption>{}</figcaption>").format(caption) if caption else ""
    html = Markup('<figure class="rom-figure">{}{}</figure>').format(drawing, words)
    # `st.html` takes every SVG out; an empty line would end the HTML inside Markdown.
    st.markdown(" ".join(str(html).split()), unsafe_allow_html=True)


def show_still(jpeg: bytes, alternative: str, caption: str = "") -> None:
    """Draw a still frame; `st.image` would give it no words for those who do not see it."""
    address = f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode('ascii')}"
    words = Markup("<figcaption>{}</figcaption>").format(caption) if caption else ""
    st.html(
        Markup('<figure class="rom-figure"><img src="{}" alt="{}">{}</figure>').format(
            address, alternative, words
        )
    )


def show_words(words: str, style: str = "rom-plain") -> None:
    """Draw one paragraph in a style of the sheet."""
    st.html(Markup('<p class="{}">{}</p>').format(style, words))


@singledispatch
def _show(block: object) -> None:
    raise TypeError(f"expected a block of a report, got {type(block).__name__}")


@_show.register
def _heading(block: Heading) -> None:
    st.html(Markup("<h{n}>{}</h{n}>").format(block.words, n=block.level))


@_show.register
def _paragraph(block: Paragraph) -> None:
    show_words(block.words, _STYLES[block.style])


@_show.register
def _value(block: BigValue) -> None:
    st.html(
        Markup('<p class="rom-number">{}<small>{}</small></p>').format(block.value, block.words)
    )


@_show.register
def _figure(block: Figure) -> None:
    show_drawing(block.drawing, block.caption)


@_show.register
def _figures(block: Figures) -> None:
    for column, figure in zip(st.columns(len(block.figures)), block.figures, strict=True):
        with column:
            _figure(figure)


@_show.register
def _pictures(block: Pictures) -> None:
    for column, each in zip(st.columns(len(block.pictures)), block.pictures, strict=True):
        with column:
            show_still(each.jpeg, each.alternative, each.caption)


@_show.register
def _bullets(block: Bullets) -> None:
    items = Markup("").join(Markup("<li>{}</li>").format(each) for each in block.items)
    style = "rom-soft" if block.soft else "rom-plain"
    st.html(Markup('<ul class="{}">{}</ul>').format(style, items))


@_show.register
def _notice(block: Notice) -> None:
    soft = Markup('<br><span class="rom-soft">{}</span>').format(block.soft) if block.soft else ""
    st.html(
        Markup('<div class="rom-notice"><strong>{}.</strong> {}{}</div>').format(
            block.label, block.words, soft
        )
    )


@_show.register
def _facts(block: Facts) -> None:
    rows = [
        Markup("<dt>{}</dt><dd>{}{}</dd>").format(
            each.term,
            each.words,
            Markup('<br><span class="rom-soft">{}</span>').format(each.soft) if each.soft else "",
        )
        for each in block.items
    ]
    st.html(Markup('<dl class="rom-facts">{}</dl>').format(Markup("").join(rows)))


@_show.register
def _table(block: Table) -> None:
    def cell(kind: str, words: str, column: int, scope: str = "") -> Markup:
        style = f"rom-{block.columns[column].align}"
        return Markup('<{k} class="{}"{}>{}</{k}>').format(style, scope, words, k=kind)

    column, row = Markup(' scope="col"'), Markup(' scope="row"')
    head = [cell("th", each.words, n, column) for n, each in enumerate(block.columns)]
    rows = [
        Markup("<tr>{}{}</tr>").format(
            cell("th", words[0], 0, row),
            Markup("").join(cell("td", each, n) for n, each in enumerate(words[1:], start=1)),
        )
        for words in block.rows
    ]
    hidden = Markup(' class="rom-unseen"') if block.hidden_caption else ""
    st.html(
        Markup(
            '<div class="rom-scroll"><table class="rom-table"><caption{}>{}</caption>'
            "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
        ).format(hidden, block.caption, Markup("").join(head), Markup("").join(rows))
    )
    for note in block.notes:
        show_words(note, "rom-soft")
