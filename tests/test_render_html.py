"""Clean HTML: well-formed, and without anything that a browser would run or load by itself."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser
from typing import Any

import pytest
from builders import (
    ADDRESS,
    Part,
    block,
    caption,
    code,
    code_span,
    definition,
    emphasis,
    heading,
    item,
    link,
    paragraph,
    picture,
    quote,
    row,
    strong,
    term,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from cleaner.render import render_html
from cleaner.types import Block, Kind, Span, SpanKind

X = "https://example.org/x"
ALLOWED = {
    "article": set(),
    "h1": set(),
    "h2": set(),
    "h3": set(),
    "h4": set(),
    "h5": set(),
    "h6": set(),
    "p": set(),
    "br": set(),
    "ul": set(),
    "ol": {"start"},
    "li": {"value"},
    "dl": set(),
    "dt": set(),
    "dd": set(),
    "blockquote": set(),
    "pre": set(),
    "code": {"class"},
    "figure": set(),
    "figcaption": set(),
    "table": set(),
    "thead": set(),
    "tbody": set(),
    "tr": set(),
    "th": {"colspan"},
    "td": {"colspan"},
    "a": {"href"},
    "em": set(),
    "strong": set(),
    "img": {"src", "alt"},
}
"""All elements that may come out, with their attributes."""


def html(*blocks: Block, **options: Any) -> str:
    """Return the lines between the tags of the article."""
    whole = render_html(blocks, base_url=ADDRESS, **options)
    etree.fromstring(whole)
    return whole.removeprefix("<article>\n").removesuffix("</article>\n")


def test_no_blocks_give_an_empty_article() -> None:
    assert render_html([], base_url=None) == "<article>\n</article>\n"


def test_headings_paragraphs_and_marks() -> None:
    blocks = [heading(2, "A & B"), paragraph("a ", emphasis("b"), strong(code_span("<c>")), "\nd")]
    assert html(*blocks) == (
        "<h2>A &amp; B</h2>\n<p>a <em>b</em><strong><code>&lt;c&gt;</code></strong><br/>\nd</p>\n"
    )


def test_links_are_absolute_and_optional() -> None:
    block = paragraph(link("/x", "a"), link("javascript:x()", "b"))
    assert html(block) == f'<p><a href="{X}">a</a>b</p>\n'
    assert html(block, links=False) == "<p>ab</p>\n"


def test_lists_nest_and_keep_their_numbers() -> None:
    blocks = [
        item("a", ordinal=3),
        item("b", level=2),
        item("c", ordinal=4),
        item("d", ordinal=7),
        item("more", ordinal=None, continues=True),
    ]
    assert html(*blocks) == (
        '<ol start="3">\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n<li>c</li>\n'
        '<li value="7">\n<p>d</p>\n<p>more</p>\n</li>\n</ol>\n'
    )
    assert html(item("a", ordinal=1)) == "<ol>\n<li>a</li>\n</ol>\n"


def test_definition_lists() -> None:
    blocks = [term("t"), definition("d"), definition("more", continues=True)]
    assert html(*blocks) == "<dl>\n<dt>t</dt>\n<dd>\n<p>d</p>\n<p>more</p>\n</dd>\n</dl>\n"


def test_quotes_nest() -> None:
    assert html(quote("a", quote_depth=2), quote("b")) == (
        "<blockquote>\n<blockquote>\n<p>a</p>\n</blockquote>\n<p>b</p>\n</blockquote>\n"
    )


def test_code_has_its_language_as_a_class() -> None:
    assert html(code("a <b>\n  c", "c++")) == (
        '<pre><code class="language-c++">a &lt;b&gt;\n  c</code></pre>\n'
    )
    assert html(code("a", 'x" onload="y')) == "<pre><code>a</code></pre>\n"


def test_tables_have_head_cells_and_spans() -> None:
    blocks = [
        row(["Port", "Depth"], header=True),
        row(["Skell", "4 m"], header=[True, False]),
        row(["both"], columns=[5000]),
    ]
    assert html(*blocks) == (
        "<table>\n<thead>\n<tr>\n<th>Port</th>\n<th>Depth</th>\n</tr>\n</thead>\n"
        "<tbody>\n<tr>\n<th>Skell</th>\n<td>4 m</td>\n</tr>\n"
        '<tr>\n<td colspan="1000">both</td>\n</tr>\n</tbody>\n</table>\n'
    )
    assert html(*blocks, tables=False) == "<p>Port Depth<br/>\nSkell 4 m<br/>\nboth</p>\n"


def test_captions_and_images_are_figures() -> None:
    image = Block(0, Kind.IMAGE, "", (Span(0, 0, SpanKind.IMAGE, "/x", 'A "quay"'),))
    assert html(image, caption("The quay")) == (
        "<figure><figcaption>The quay</figcaption></figure>\n"
    )
    assert html(image, caption("The quay", picture("/x")), images=True) == (
        f'<figure><img src="{X}" alt="A &quot;quay&quot;"/></figure>\n'
        f'<figure><img src="{X}" alt=""/><figcaption>The quay</figcaption></figure>\n'
    )


HOSTILE = [
    "<script>alert(1)</script>",
    "</article><img src=x onerror=alert(1)>",
    '" onmouseover="x',
    "' style='x",
    "javascript:alert(1)",
    " \tjava\nscript:x",
    "data:text/html,<script>",
    "&#106;avascript:x",
    'https://example.org/"><script>',
    "<!--",
    "]]>",
    "<?xml",
    "\x00\x0b\ud800\ufffe",
    "<style>*{}</style>",
    "&lt;b&gt;",
    "//evil.example/",
]
hostile = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=5), max_size=4).map("".join)


@st.composite
def hostile_blocks(draw: st.DrawFn) -> Block:
    parts: list[Part] = [draw(hostile)]
    for _ in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(["link", "code", "picture"]))
        if kind == "link":
            parts.append(link(draw(hostile), draw(hostile)))
        else:
            made = (
                code_span(draw(hostile))
                if kind == "code"
                else picture(draw(hostile), draw(hostile))
            )
            parts.append(made)
    kind = draw(st.sampled_from(list(Kind)))
    return block(kind, *parts, language=draw(hostile), group=draw(st.integers(-1, 1)))


class Tags(HTMLParser):
    """Checks every tag that a browser would see."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED
        assert {name for name, _ in attrs} <= ALLOWED[tag]
        for name, value in attrs:
            if name in ("href", "src"):
                assert re.match(r"(https?|ftp)://|(mailto|tel):", value or "", re.I), value
            elif name == "class":
                assert re.fullmatch(r"language-[\w+#.-]+", value or "")

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)


@given(st.lists(hostile_blocks(), max_size=5), st.sampled_from([ADDRESS, None, "javascript:x"]))
@settings(max_examples=500, deadline=None)
def test_nothing_that_runs_ever_comes_out(blocks: list[Block], base: str | None) -> None:
    result = render_html(blocks, base_url=base, images=True)
    root = etree.fromstring(result)
    assert root.tag == "article"
    assert {element.tag for element in root.iter()} <= set(ALLOWED)
    parser = Tags()
    parser.feed(result)
    parser.close()


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_block_is_printed(kind: Kind) -> None:
    assert "word" in html(block(kind, "word"))


def test_fifty_thousand_blocks_take_about_a_second() -> None:
    blocks = [item("some ", strong("text"), level=n % 7, quote_depth=n % 3) for n in range(20_000)]
    blocks += [row([f"a {n}", link("/x", "b")]) for n in range(20_000)]
    blocks += [paragraph(f"plain text with a few words, {n}") for n in range(10_000)]
    begun = time.process_time()
    render_html(blocks, base_url=ADDRESS)
    assert time.process_time() - begun < 6
