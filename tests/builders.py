"""Blocks, pages and documents made by hand or drawn at random, without a capture.

A text is written as parts: strings, and what ``link``, ``strong``, ... return.

    paragraph("See ", link("https://example.org/", strong("this")), ".")
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from hypothesis import strategies as st

from cleaner.document import Document
from cleaner.types import (
    Block,
    Capture,
    Cell,
    Comment,
    Kind,
    Label,
    LabelledBlock,
    LabelName,
    MediaType,
    Metadata,
    Page,
    Span,
    SpanKind,
)

ADDRESS = "https://example.org/news/page.html"


@dataclass(frozen=True)
class Marked:
    """A part of a text with a span over it."""

    kind: SpanKind
    parts: tuple[Part, ...] = ()
    target: str = ""
    title: str = ""


Part: TypeAlias = str | Marked


def link(target: str, *parts: Part) -> Marked:
    return Marked(SpanKind.LINK, parts, target)


def strong(*parts: Part) -> Marked:
    return Marked(SpanKind.STRONG, parts)


def emphasis(*parts: Part) -> Marked:
    return Marked(SpanKind.EMPHASIS, parts)


def code_span(*parts: Part) -> Marked:
    return Marked(SpanKind.CODE, parts)


def picture(target: str, title: str = "") -> Marked:
    return Marked(SpanKind.IMAGE, (), target, title)


def text_and_spans(parts: Iterable[Part], start: int = 0) -> tuple[str, tuple[Span, ...]]:
    """Return the text of the parts and its spans, the inner before the outer."""
    text = ""
    spans: list[Span] = []
    for part in parts:
        if isinstance(part, str):
            text += part
            continue
        begin = start + len(text)
        inner, inner_spans = text_and_spans(part.parts, begin)
        text += inner
        spans += [*inner_spans, Span(begin, begin + len(inner), part.kind, part.target, part.title)]
    return text, tuple(spans)


def block(kind: Kind, *parts: Part, **fields: Any) -> Block:
    """Return a block of any kind; ``fields`` are those of ``Block``."""
    text, spans = text_and_spans(parts)
    return Block(**{"index": 0, "kind": kind, "text": text, "spans": spans, **fields})


def paragraph(*parts: Part, **fields: Any) -> Block:
    return block(Kind.PARAGRAPH, *parts, **fields)


def heading(level: int, *parts: Part, **fields: Any) -> Block:
    return block(Kind.HEADING, *parts, level=level, **fields)


def item(*parts: Part, level: int = 1, group: int = 0, **fields: Any) -> Block:
    """Return a list item: ``ordinal`` makes it numbered, ``continues`` a further paragraph."""
    return block(Kind.LIST_ITEM, *parts, level=level, group=group, **fields)


def term(*parts: Part, group: int = 0, **fields: Any) -> Block:
    return block(Kind.TERM, *parts, group=group, **fields)


def definition(*parts: Part, group: int = 0, **fields: Any) -> Block:
    return block(Kind.DEFINITION, *parts, group=group, **fields)


def quote(*parts: Part, quote_depth: int = 1, **fields: Any) -> Block:
    return block(Kind.QUOTE, *parts, quote_depth=quote_depth, **fields)


def code(text: str, language: str = "", **fields: Any) -> Block:
    return block(Kind.CODE, text, language=language, **fields)


def caption(*parts: Part, **fields: Any) -> Block:
    return block(Kind.CAPTION, *parts, **fields)


def row(
    cells: Sequence[Part | Sequence[Part]],
    *,
    header: bool | Sequence[bool] = False,
    columns: Sequence[int] = (),
    group: int = 0,
    **fields: Any,
) -> Block:
    """Return a table row; ``header`` is for all cells or for each, ``columns`` their spans."""
    headers = [header] * len(cells) if isinstance(header, bool) else header
    text = ""
    spans: list[Span] = []
    placed: list[Cell] = []
    for number, cell in enumerate(cells):
        text += "\t" if number else ""
        start = len(text)
        parts = [cell] if isinstance(cell, str | Marked) else cell
        inner, inner_spans = text_and_spans(parts, start)
        text += inner
        spans += inner_spans
        width = columns[number] if columns else 1
        placed.append(Cell(start, len(text), headers[number], width))
    values = {"spans": tuple(spans), "cells": tuple(placed), "group": group, **fields}
    return replace(block(Kind.TABLE_ROW, text), **values)


def numbered(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Return blocks with their positions as ``index``."""
    return tuple(replace(each, index=number) for number, each in enumerate(blocks))


def capture(text: str = "", **fields: Any) -> Capture:
    return Capture(**{"text": text, "media_type": MediaType.HTML, "url": ADDRESS, **fields})


def page(*blocks: Block, **fields: Any) -> Page:
    values = {"capture": capture(), "base_url": ADDRESS, **fields}
    return Page(blocks=numbered(blocks), **values)


def labelled(
    block: Block,
    name: str = "content",
    probability: float | None = None,
    reasons: Sequence[str] = ("by hand",),
) -> LabelledBlock:
    """Return a block of a page of its own with a label; by default the label is sure."""
    value = (1.0 if name == "content" else 0.0) if probability is None else probability
    return LabelledBlock(block, Label(LabelName(name), value, tuple(reasons)), page(block))


def document(
    *blocks: Block | LabelledBlock,
    metadata: Metadata | None = None,
    comments: Sequence[Comment] = (),
    **fields: Any,
) -> Document:
    """Return a document of blocks, those of one page; blocks without a label are content.

    Metadata and comments are those given, not what the page says.
    """
    rows = [each if isinstance(each, LabelledBlock) else labelled(each) for each in blocks]
    whole = page(*(each.block for each in rows))
    made = Document(whole, tuple(each.label for each in rows), **fields)
    vars(made).update(metadata=metadata or Metadata(), comments=tuple(comments))
    return made


NASTY_PIECES = [
    *"abXé7字カ𝛼́",
    *" \t\n",
    *"*_`[]()!<>&#+-=~|\\:.\"'/@$^{};,?%",
    *"\xa0\u200b\u3000\u2028\x85\x00\x0b\r\ufeff\ufffe\ud800«»“”、。「」€",
    *"** __ `` ``` ~~~ --- === |-|-| :-: ## 1. 2) - + > <b> </p> <!-- <?x <![CDATA[".split(),
    *"&amp; &#35; &lt &copy; ]( ![ \\* \\| [x]: http://x.org/ <http://x.org> <1@x.org> a_b".split(),
    *("\n- ", "\n1. ", "\n    ", "\n\n", " #", "  \n", "<script>alert(1)</script>"),
]
NASTY_TARGETS = [
    *("https://example.org/a_(b)", "/x?a=1&b=2&lt;", "http://é.example/ü", "mailto:a@b.org"),
    *("#part", "#", "", "a)b(", "a b`c|d", "//[bad", "data:text/html,x"),
    *("javascript:alert(1)", " JaVa\nScript:x", "\x01javascript:x"),
]
nasty_texts = st.lists(st.sampled_from(NASTY_PIECES), max_size=12).map("".join)


@st.composite
def any_spans(draw: st.DrawFn, text: str) -> tuple[Span, ...]:
    """Draw spans that overlap, touch, are empty or hold white space alone."""
    places = st.integers(0, len(text))
    found = []
    for _ in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(list(SpanKind)))
        start, end = sorted((draw(places), draw(places)))
        target = draw(st.sampled_from(NASTY_TARGETS))
        end = start if kind is SpanKind.IMAGE else end
        found.append(Span(start, end, kind, target, draw(st.sampled_from(["", "a ]`* b\n|"]))))
    return tuple(found)


@st.composite
def any_block(draw: st.DrawFn) -> Block:
    """Draw a block of any kind whose fields need not fit each other."""
    kind = draw(st.sampled_from(list(Kind)))
    cells: tuple[Cell, ...] = ()
    text = draw(nasty_texts)
    if kind is Kind.TABLE_ROW and draw(st.booleans()):
        drawn = draw(st.lists(nasty_texts, min_size=1, max_size=4))
        parts = [part.replace("\t", " ") for part in drawn]
        text = "\t".join(parts)
        starts = list(itertools.accumulate((len(part) + 1 for part in parts), initial=0))
        cells = tuple(
            Cell(start, start + len(part), draw(st.booleans()), draw(st.integers(1, 4)))
            for start, part in zip(starts, parts, strict=False)
        )
    return Block(
        index=0,
        kind=kind,
        text=text,
        spans=draw(any_spans(text)),
        level=draw(st.integers(0, 8)),
        ordinal=draw(st.sampled_from([None, None, 1, 2, 10, -3, 10**12])),
        continues=draw(st.booleans()),
        quote_depth=draw(st.sampled_from([0, 0, 0, 1, 2, 9])),
        language=draw(st.sampled_from(["", "python", 'x"` y'])),
        cells=cells,
        group=draw(st.sampled_from([-1, 0, 0, 0, 1])),
    )


any_blocks = st.lists(any_block(), max_size=8)
