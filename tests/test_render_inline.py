"""Spans that overlap, touch and nest in any way become marks that nest."""

from __future__ import annotations

import time

import pytest
from builders import ADDRESS, code_span, emphasis, link, paragraph, picture, row, strong
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.render.inline import (
    Break,
    Choices,
    End,
    Picture,
    Run,
    Start,
    Token,
    inline,
    inline_cells,
)
from cleaner.types import Block, Kind, Span, SpanKind

LETTERS = {SpanKind.LINK: "a", SpanKind.EMPHASIS: "i", SpanKind.STRONG: "b"}
X = "https://example.org/x"
Y = "https://example.org/y"


def sketch(tokens: list[Token]) -> str:
    """Return tokens as short markup: ``a`` link, ``i`` emphasis, ``b`` strong, ``{}`` code."""
    pieces = []
    for token in tokens:
        if isinstance(token, Run):
            pieces.append(f"{{{token.text}}}" if token.code else token.text)
        elif isinstance(token, Start):
            pieces.append(f"<{LETTERS[token.kind]}>")
        elif isinstance(token, End):
            pieces.append(f"</{LETTERS[token.kind]}>")
        else:
            pieces.append("|" if isinstance(token, Break) else "(img)")
    return "".join(pieces)


def sketch_of(block: Block, *, links: bool = True, images: bool = False) -> str:
    return sketch(inline(block, Choices(ADDRESS, links=links, images=images)))


def spanned(text: str, *spans: tuple[int, int, str]) -> Block:
    """Return a paragraph with spans: start, end, and the letter of the kind (``c`` is code)."""
    kinds = {letter: kind for kind, letter in LETTERS.items()} | {"c": SpanKind.CODE}
    made = tuple(Span(start, end, kinds[kind], X) for start, end, kind in spans)
    return Block(0, Kind.PARAGRAPH, text, made)


def test_nested_marks_keep_their_nesting() -> None:
    block = paragraph("a ", strong("b ", emphasis("c"), " ", link(X, "d")), " e")
    assert sketch_of(block) == "a <b>b <i>c</i> <a>d</a></b> e"


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (paragraph(link(X, strong("w"))), "<a><b>w</b></a>"),
        (paragraph(strong(link(X, "w"))), "<b><a>w</a></b>"),
    ],
)
def test_of_two_marks_with_the_same_ends_the_later_span_is_outer(
    block: Block, expected: str
) -> None:
    assert sketch_of(block) == expected


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        # marks that cross: the link stays whole, emphasis is cut
        (spanned("abcdef", (0, 4, "b"), (2, 6, "a")), "<b>ab</b><a><b>cd</b>ef</a>"),
        (spanned("abcdef", (2, 6, "b"), (0, 4, "a")), "<a>ab<b>cd</b></a><b>ef</b>"),
        (spanned("abcdef", (0, 4, "b"), (2, 6, "i")), "<b>ab<i>cd</i></b><i>ef</i>"),
        # marks of one kind are one where they overlap or touch
        (spanned("abcd", (0, 2, "b"), (2, 4, "b")), "<b>abcd</b>"),
        (spanned("abcd", (0, 3, "i"), (1, 4, "i")), "<i>abcd</i>"),
        (spanned("abcd", (0, 4, "b"), (1, 2, "b")), "<b>abcd</b>"),
        # links do not nest: the one that begins first wins
        (spanned("abcd", (0, 4, "a"), (1, 2, "a")), "<a>abcd</a>"),
        (spanned("abcd", (0, 2, "a"), (1, 4, "a")), "<a>ab</a><a>cd</a>"),
        # no mark begins or ends on white space, or holds nothing else
        (spanned(" ab ", (0, 4, "b")), " <b>ab</b> "),
        (spanned("a b", (1, 2, "b")), "a b"),
        (spanned("a\nb", (0, 3, "i")), "<i>a|b</i>"),
        # code is innermost, parts of it have no emphasis, and blanks around it are no code
        (spanned("abcd", (0, 4, "c"), (1, 3, "a")), "{a}<a>{bc}</a>{d}"),
        (spanned("abcd", (0, 4, "c"), (1, 3, "b")), "{abcd}"),
        (spanned("abcd", (1, 3, "c"), (0, 4, "b")), "<b>a{bc}d</b>"),
        (spanned("abcd", (0, 4, "c"), (0, 4, "b")), "<b>{abcd}</b>"),
        (spanned("abcd", (0, 3, "c"), (2, 4, "b")), "{abc}<b>d</b>"),
        (spanned("a b c", (0, 5, "c"), (2, 3, "a")), "{a} <a>{b}</a> {c}"),
        (spanned("a\nb", (0, 3, "c")), "{a}|{b}"),
        # a link and code that cross, and emphasis across both
        (spanned("aaaa", (2, 4, "c"), (1, 3, "a"), (0, 3, "i")), "<i>a</i><a><i>a</i>{a}</a>{a}"),
        # spans beyond the text, empty or the wrong way round
        (spanned("ab", (-3, 9, "b"), (2, 1, "i"), (5, 9, "i")), "<b>ab</b>"),
    ],
)
def test_marks_are_cut_so_that_they_nest(block: Block, expected: str) -> None:
    assert sketch_of(block) == expected


def test_a_link_without_a_usable_address_is_text_and_hides_no_other() -> None:
    block = paragraph(link("#", "a ", link(X, "b")), link("javascript:x()", "c"))
    assert sketch_of(block) == "a <a>b</a>c"
    assert sketch_of(block, links=False) == "a bc"


def test_links_are_resolved() -> None:
    tokens = inline(paragraph(link("../b?c#d", "w")), Choices("https://example.org/x/a"))
    assert tokens[0] == Start(SpanKind.LINK, "https://example.org/b?c#d")


def test_images_are_tokens_only_if_asked_for_and_safe() -> None:
    block = paragraph("a", picture("/i.png", " An\nimage "), "b", picture("data:image/png;x"))
    assert inline(block, Choices(ADDRESS)) == [Run("ab")]
    assert inline(block, Choices(ADDRESS, images=True)) == [
        Run("a"),
        Picture("https://example.org/i.png", "An image"),
        Run("b"),
    ]


def test_cells_get_their_parts_of_the_spans() -> None:
    block = row([["a ", strong("b")], [], [link(X, "c")]])
    wide = Block(
        0, Kind.TABLE_ROW, block.text, (Span(0, 99, SpanKind.EMPHASIS),), cells=block.cells
    )
    choices = Choices(ADDRESS)
    assert [sketch(cell) for cell in inline_cells(block, choices)] == ["a <b>b</b>", "", "<a>c</a>"]
    assert [sketch(cell) for cell in inline_cells(wide, choices)] == ["<i>a b</i>", "", "<i>c</i>"]


def test_images_of_a_row_stay_in_their_cells() -> None:
    block = row([[picture("/1")], ["a", picture("/2")], [picture("/3"), "b"]])
    cells = inline_cells(block, Choices(ADDRESS, images=True))
    assert [sketch(cell) for cell in cells] == ["(img)", "a(img)", "(img)b"]


@st.composite
def spanned_blocks(draw: st.DrawFn) -> Block:
    text = draw(st.text("ab \n", max_size=12))
    places = st.integers(-1, 14)
    kinds = st.sampled_from(list(SpanKind))
    spans = st.builds(Span, places, places, kinds, st.sampled_from([X, Y, "#"]))
    return Block(0, Kind.PARAGRAPH, text, tuple(draw(st.lists(spans, max_size=7))))


@given(spanned_blocks())
@settings(max_examples=1000, deadline=None)
def test_marks_always_nest_and_the_text_stays(block: Block) -> None:
    open_kinds: list[SpanKind] = []
    text = ""
    for token in inline(block, Choices(ADDRESS, images=True)):
        if isinstance(token, Start):
            assert token.kind not in open_kinds
            open_kinds.append(token.kind)
        elif isinstance(token, End):
            assert token.kind is open_kinds.pop()
        elif isinstance(token, Run):
            assert token.text
            assert not token.code or token.text == token.text.strip()
            text += token.text
        elif isinstance(token, Break):
            text += "\n"
    assert not open_kinds
    assert text == block.text


def test_cost_is_linear_in_spans_and_cells() -> None:
    count = 20_000
    text = "w " * count
    kinds = [SpanKind.LINK, SpanKind.STRONG, SpanKind.EMPHASIS, SpanKind.CODE]
    nested = tuple(Span(n, len(text) - n, kinds[n % 4], X) for n in range(count // 2))
    side_by_side = tuple(Span(2 * n, 2 * n + 1, kinds[n % 4], X) for n in range(count))
    block = Block(0, Kind.PARAGRAPH, text, nested + side_by_side)
    table = row(["w"] * count)
    begun = time.process_time()
    inline(block, Choices(ADDRESS, images=True))
    inline_cells(Block(0, table.kind, table.text, nested, cells=table.cells), Choices(ADDRESS))
    assert time.process_time() - begun < 6


def test_code_spans_of_builders_are_code() -> None:
    assert sketch_of(paragraph("a ", code_span("b"), emphasis("c"))) == "a {b}<i>c</i>"
