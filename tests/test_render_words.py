"""Every format carries the same words in the same order, whatever the blocks and the options."""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser

import pytest
from builders import ADDRESS, any_blocks
from hypothesis import given, settings
from lxml import etree
from markdown_it import MarkdownIt
from markdown_it.token import Token

from cleaner.render import render_html, render_markdown, render_tei, render_text
from cleaner.types import Block, Kind, Metadata, Span, SpanKind

WORD = re.compile(r"\w+")
OPTIONS = [
    dict(zip(("links", "images", "tables"), values, strict=True))
    for values in itertools.product((True, False), repeat=3)
]
TEI = {"t": "http://www.tei-c.org/ns/1.0"}


def squashed(text: str) -> str:
    return " ".join(text.split())


def inline_text(token: Token) -> str:
    pieces = []
    for child in token.children or ():
        assert child.type != "html_inline", child.content
        if child.type in ("softbreak", "hardbreak"):
            pieces.append("\n")
        elif child.type != "image":
            pieces.append(child.content)
    return "".join(pieces)


def markdown_text(markdown: str) -> str:
    """Return what a reader of the parsed Markdown sees."""
    pieces = []
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        assert token.type not in ("html_block", "hr", "code_block"), markdown
        if token.type == "inline":
            pieces.append(inline_text(token))
        elif token.type == "fence":
            pieces.append(token.content)
    return "\n".join(pieces)


class TextOfHtml(HTMLParser):
    """Collects the text of HTML as a browser reads it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data


def tei_text(tei: str) -> str:
    article = etree.fromstring(tei).find("t:text/t:body/t:div", namespaces=TEI)
    assert article is not None
    return str(article.xpath("string()"))


def words(text: str) -> list[str]:
    return WORD.findall(text)


@given(any_blocks)
@settings(max_examples=400, deadline=None)
def test_markdown_reads_as_the_text_with_every_option(blocks: list[Block]) -> None:
    expected = squashed(render_text(blocks))
    assert words(expected) == [word for block in blocks for word in words(block.text)]
    for options in OPTIONS:
        markdown = render_markdown(blocks, base_url=ADDRESS, **options)
        assert squashed(markdown_text(markdown)) == expected, markdown


@given(any_blocks)
@settings(max_examples=200, deadline=None)
def test_html_reads_as_the_text_with_every_option(blocks: list[Block]) -> None:
    expected = squashed(render_text(blocks))
    for options in OPTIONS:
        html = render_html(blocks, base_url=ADDRESS, **options)
        assert squashed(TextOfHtml(html).text) == expected
        assert squashed(str(etree.fromstring(html).xpath("string()"))) == expected


@given(any_blocks)
@settings(max_examples=200, deadline=None)
def test_tei_reads_as_the_text(blocks: list[Block]) -> None:
    tei = render_tei(blocks, Metadata(), (), base_url=ADDRESS)
    assert squashed(tei_text(tei)) == squashed(render_text(blocks))


@pytest.mark.parametrize("text", ["[x]:", "aaa[x]:", "[x]: b"])
def test_code_at_the_beginning_ends_no_definition(text: str) -> None:
    """A link over brackets whose end is code looks like ``[name]: address`` to a parser."""
    end = len(text)
    for start in range(end):
        spans = (Span(0, end, SpanKind.LINK, "/a"), Span(start, end, SpanKind.CODE))
        markdown = render_markdown([Block(0, Kind.PARAGRAPH, text, spans)], base_url=ADDRESS)
        assert squashed(markdown_text(markdown)) == text, markdown
