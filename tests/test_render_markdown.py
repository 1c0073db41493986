"""Markdown, written as ``fixtures/README.md`` says, and read back by a CommonMark parser."""

from __future__ import annotations

import time
from typing import Any

import pytest
from builders import (
    ADDRESS,
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
from markdown_it import MarkdownIt

from cleaner.render import render_markdown
from cleaner.render.inline import Choices, Run, Start, Token, inline
from cleaner.render.inline import End as EndToken
from cleaner.render.markdown_escape import readable_marks
from cleaner.types import Block, Kind, Span, SpanKind

X = "https://example.org/x"


def markdown(*blocks: Block, **options: Any) -> str:
    return render_markdown(blocks, base_url=ADDRESS, **options)


def line(*parts: Any, **options: Any) -> str:
    """Return a paragraph of the parts as Markdown, without its line end."""
    return markdown(paragraph(*parts), **options).removesuffix("\n")


def test_no_blocks_give_an_empty_text() -> None:
    assert markdown() == ""


def test_blocks_are_separated_by_a_blank_line_and_end_with_a_line_end() -> None:
    blocks = [heading(2, "Tides"), paragraph("One."), caption("Two.")]
    assert markdown(*blocks) == "## Tides\n\nOne.\n\nTwo.\n"


def test_headings_have_their_level_and_keep_links() -> None:
    blocks = [heading(0, "a"), heading(3, link("/x", "b"), "\nc"), heading(9, "d")]
    assert markdown(*blocks) == f"# a\n\n### [b]({X}) c\n\n###### d\n"


def test_marks_are_written_around_their_words() -> None:
    text = line("a ", emphasis("b "), strong("c"), " ", code_span("d"), " ", link("/x", "e"))
    assert text == f"a *b* **c** `d` [e]({X})"
    assert line(strong(emphasis("a")), "b", strong("c", emphasis("d"))) == "***a***b**c*d***"
    assert line(link("/x", strong("a")), " ", strong(link("/x", "b"))) == (
        f"[**a**]({X}) **[b]({X})**"
    )


def test_emphasis_that_would_not_be_read_is_left_out() -> None:
    assert line("前", strong("「文」"), "後") == "前「文」後"
    assert line("前", strong("文"), "後") == "前**文**後"
    assert line("a", emphasis(".b"), "c") == "a.bc"
    assert line(strong("a"), emphasis("b")) == "**a**b"
    assert line(strong("a"), " ", emphasis("b")) == "**a** *b*"
    block = Block(
        0,
        Kind.PARAGRAPH,
        "aaa",
        (
            Span(0, 3, SpanKind.STRONG),
            Span(0, 1, SpanKind.EMPHASIS),
            Span(2, 3, SpanKind.EMPHASIS),
        ),
    )
    assert markdown(block) == "***a*aa**\n"


def test_links_without_a_usable_address_and_all_if_asked_for_are_text() -> None:
    assert line(link("#", "a"), link("javascript:b()", "b"), link("", "c")) == "abc"
    assert line(link("/x", "a ", strong("b")), links=False) == "a **b**"
    assert line(link("#part", "a")) == f"[a]({ADDRESS}#part)"


@pytest.mark.parametrize(
    ("target", "printed"),
    [
        ("/x_(y)", "https://example.org/x_(y)"),
        ("/x)y(", "https://example.org/x\\)y\\("),
        ("/((((((x))))))", "https://example.org/" + "\\(" * 6 + "x" + "\\)" * 6),
        ("/?a&lt;b&c", "https://example.org/?a\\&lt;b&c"),
        ("/a b<c>`d|e\\f", "https://example.org/a%20b%3Cc%3E%60d%7Ce%5Cf"),
    ],
)
def test_addresses_are_read_back_as_they_are(target: str, printed: str) -> None:
    text = line(link(target, "w"))
    assert text == f"[w]({printed})"
    tokens = MarkdownIt("commonmark").parseInline(text)[0].children or []
    expected = printed.replace("\\", "").replace("&lt;", "&lt;")
    assert tokens[0].attrs["href"] == expected


def test_images_are_left_out_unless_asked_for() -> None:
    block = paragraph("Look", picture("/x", "A [quay]"), " here")
    assert markdown(block) == "Look here\n"
    assert markdown(block, images=True) == f"Look![A \\[quay\\]]({X}) here\n"
    alone = Block(0, Kind.IMAGE, "", (Span(0, 0, SpanKind.IMAGE, "/x", "Quay"),))
    assert markdown(paragraph("a"), alone, paragraph("b")) == "a\n\nb\n"
    assert markdown(alone, images=True) == f"![Quay]({X})\n"
    unsafe = Block(0, Kind.IMAGE, "", (Span(0, 0, SpanKind.IMAGE, "data:x", "Quay"),))
    assert markdown(unsafe, images=True) == ""


def test_line_breaks_are_a_backslash() -> None:
    assert line("one\n two \n\nthree") == "one\\\ntwo\\\nthree"
    assert line(strong("one\ntwo")) == "**one\\\ntwo**"
    assert line(code_span("one\ntwo")) == "`one`\\\n`two`"


def test_lists_have_their_marks_numbers_and_nesting() -> None:
    blocks = [
        item("a"),
        item("b", level=2, ordinal=1),
        item("c", level=3),
        item("d", level=2, ordinal=12),
        item("e", level=3),
        item("f"),
    ]
    assert markdown(*blocks) == "- a\n  1. b\n     - c\n  12. d\n      - e\n- f\n"


def test_further_paragraphs_of_an_item_are_indented_as_its_text() -> None:
    blocks = [item("a", ordinal=10), item("b\nc", continues=True), item("d", ordinal=11)]
    assert markdown(*blocks) == "10. a\n\n    b\\\n    c\n11. d\n"


def test_a_nested_list_that_cannot_interrupt_a_paragraph_follows_a_blank_line() -> None:
    assert markdown(item("a"), item("b", level=2, ordinal=2)) == "- a\n\n  2. b\n"


def test_numbers_that_are_none_in_markdown_become_bullets() -> None:
    assert markdown(item("a", ordinal=-1), item("b", ordinal=10**9)) == "- a\n- b\n"
    assert markdown(item("a", ordinal=0)) == "0. a\n"


def test_definition_lists_are_strong_terms_and_paragraphs() -> None:
    blocks = [term("the ", strong("ebb")), definition("going out"), definition("also: low tide")]
    assert markdown(*blocks) == "**the ebb**\n\ngoing out\n\nalso: low tide\n"
    assert markdown(term(code_span("ebb"))) == "**`ebb`**\n"


def test_quotes_have_a_mark_before_each_line() -> None:
    blocks = [
        paragraph("a", quote_depth=2),
        quote("b\nc"),
        item("d", quote_depth=1),
        quote("e", quote_depth=1),
        paragraph("f"),
    ]
    assert markdown(*blocks) == "> > a\n>\n> b\\\n> c\n>\n> - d\n>\n> e\n\nf\n"


def test_a_quote_and_code_within_an_item() -> None:
    blocks = [item("a"), item("q", continues=True, quote_depth=1), code("x\n\n y", group=0)]
    assert markdown(*blocks) == "- a\n\n  > q\n\n  ```\n  x\n\n   y\n  ```\n"


def test_code_keeps_its_white_space_and_has_its_language() -> None:
    assert markdown(code("\n  a\n\n\tb \n", "python")) == "```python\n  a\n\n\tb \n```\n"
    assert markdown(code("a", 'x" `y`')) == "```\na\n```\n"


def test_fences_are_longer_than_any_run_of_backticks() -> None:
    assert markdown(code("```\n````\n")) == "`````\n```\n````\n`````\n"
    assert line(code_span("a``b`c")) == "```a``b`c```"
    assert line(code_span("`a")) == "`` `a ``"


def test_tables_have_the_first_row_as_head() -> None:
    head = row(["Port", "Depth"], header=True)
    body = row(["Skell", [emphasis("4"), " m"]])
    expected = "| Port | Depth |\n| --- | --- |\n| Skell | *4* m |\n"
    assert markdown(head, body) == expected
    assert markdown(row(["a"]), row(["b"])) == "| a |\n| --- |\n| b |\n"


def test_pipes_and_line_breaks_in_cells() -> None:
    cells = row(["a|b", [code_span("c|d")], "e\nf", [code_span("g\\|h")]])
    assert markdown(cells).split("\n")[0] == r"| a\|b | `c\|d` | e f | g\\\|h |"


def test_all_rows_are_as_wide_as_the_table() -> None:
    blocks = [
        row(["Wide"], columns=[9], header=True),
        row(["a", "b", "c"]),
        row(["d", "e"], columns=[2, 1]),
        row(["f"]),
    ]
    assert markdown(*blocks) == (
        "| Wide | | |\n| --- | --- | --- |\n| a | b | c |\n| d | | e |\n| f | | |\n"
    )


def test_very_wide_tables_do_not_grow() -> None:
    blocks = [row(["h"]), row(["w"] * 100), *(row(["x"], columns=[1000]) for _ in range(100))]
    lines = markdown(*blocks).split("\n")
    assert lines[0].count("|") == lines[1].count("|") == 101
    assert lines[-2] == "| x |"


def test_without_tables_rows_are_lines() -> None:
    blocks = [row(["- a", "b|c"]), row(["", ""]), row(["1.", "", "d"]), row(["-|-", "-|-"])]
    assert markdown(*blocks, tables=False) == "\\- a b|c\\\n1\\. d\\\n\\-|- -|-\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 * 3 *x*", r"2 \* 3 \*x\*"),
        ("snake_case __init__ a _b_ _", r"snake_case \_\_init\_\_ a \_b\_ \_"),
        ("[1] [x](y) ![z]", r"\[1] \[x](y) !\[z]"),
        ("`tick`", r"\`tick\`"),
        ("a < b <3 <b> </b> <!-- <?x", r"a < b <3 \<b> \</b> \<!-- \<?x"),
        ("<me@example.org> <1@x.org>", r"\<me@example.org> \<1@x.org>"),
        ("AT&T &amp; &#35; &x; a&b", r"AT&T \&amp; \&#35; &x; a&b"),
        (r"C:\dir \* \\ x", r"C:\dir \\\* \\\ x"),
        ("end\\", "end\\\\"),
        ("# no heading", r"\# no heading"),
        ("#tag ####### x", "#tag ####### x"),
        ("- no item", r"\- no item"),
        ("-5 degrees", "-5 degrees"),
        ("+ no item", r"\+ no item"),
        ("+44 20", "+44 20"),
        ("> no quote", r"\> no quote"),
        ("1. no item", r"1\. no item"),
        ("12) no item", r"12\) no item"),
        ("1.5 is no item", "1.5 is no item"),
        ("1234567890. is none", "1234567890. is none"),
        ("---", r"\---"),
        ("- - -", r"\- - -"),
        ("~~~", r"\~~~"),
        ("===", "==="),
        ("a\n===\nb", "a\\\n\\===\\\nb"),
        ("a|b\n:-|-:", "a|b\\\n\\:-|-:"),
        ("a\n- b\n2. c", "a\\\n\\- b\\\n2\\. c"),
        ("wow!", "wow!"),
        ("    indented", "indented"),
    ],
)
def test_only_what_would_be_markup_is_escaped(text: str, expected: str) -> None:
    assert line(text) == expected


def test_marks_next_to_literal_ones() -> None:
    assert line("wow!", link("/x", "here")) == f"wow\\![here]({X})"
    assert line(link("/x", "a] [b]")) == f"[a\\] \\[b\\]]({X})"
    assert line("*", strong("a"), "*") == r"\***a**\*"
    assert line("a_", emphasis("b"), "_c") == r"a\_*b*\_c"
    assert line("end\\", emphasis("b")) == r"end\\*b*"


def test_hashes_at_the_end_of_a_heading_are_kept() -> None:
    assert markdown(heading(2, "C #")) == "## C \\#\n"
    assert markdown(heading(2, "C#")) == "## C#\n"
    assert markdown(heading(2, "##")) == "## \\##\n"


def test_the_start_of_an_item_and_of_a_quote_is_escaped_as_that_of_a_paragraph() -> None:
    assert markdown(item("- a"), quote("> b"), item("1. c", continues=True)) == (
        "- \\- a\n\n> \\> b\n\n- 1\\. c\n"
    )


PIECES = ["a", "b", "é", " ", ".", "*", "(", "「", "€", "\n", "`", "_", "x"]
KINDS = [SpanKind.EMPHASIS, SpanKind.STRONG, SpanKind.LINK, SpanKind.CODE]
NAMES = {"em": SpanKind.EMPHASIS, "strong": SpanKind.STRONG, "link": SpanKind.LINK}
Marks = list[tuple[SpanKind, int, int]]


@st.composite
def marked_paragraphs(draw: st.DrawFn) -> Block:
    text = "".join(draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=14)))
    places = st.integers(0, len(text))
    spans = st.builds(Span, places, places, st.sampled_from(KINDS), st.just(X))
    return Block(0, Kind.PARAGRAPH, text, tuple(draw(st.lists(spans, max_size=6))))


def letters(text: str) -> int:
    return len("".join(text.split()))


def meant(tokens: list[Token]) -> Marks:
    """Return the marks of the tokens; places count characters without white space."""
    found: Marks = []
    starts: list[int] = []
    place = 0
    for token in tokens:
        if isinstance(token, Run):
            if token.code:
                found.append((SpanKind.CODE, place, place + letters(token.text)))
            place += letters(token.text)
        elif isinstance(token, Start):
            starts.append(place)
        elif isinstance(token, EndToken):
            found.append((token.kind, starts.pop(), place))
    return sorted(found)


def read_back(text: str) -> Marks:
    """Return the marks that a parser finds."""
    found: Marks = []
    starts: list[int] = []
    place = 0
    for token in MarkdownIt("commonmark").parseInline(text)[0].children or ():
        if token.type.endswith("_open"):
            starts.append(place)
        elif token.type.endswith("_close"):
            found.append((NAMES[token.type.removesuffix("_close")], starts.pop(), place))
        elif token.type == "code_inline":
            found.append((SpanKind.CODE, place, place + letters(token.content)))
            place += letters(token.content)
        else:
            place += letters(token.content)
    return sorted(found)


@given(marked_paragraphs())
@settings(max_examples=2000, deadline=None)
def test_a_parser_finds_the_marks_that_were_meant(block: Block) -> None:
    expected = meant(readable_marks(inline(block, Choices(ADDRESS))))
    assert read_back(markdown(block).strip()) == expected


def test_parsers_follow_the_deepest_nesting() -> None:
    blocks = [item(f"i{n}", level=n, quote_depth=99) for n in range(1, 99)]
    blocks.append(quote("last", quote_depth=99))
    html = MarkdownIt("commonmark").render(markdown(*blocks))
    assert all(f"i{n}" in html for n in range(1, 99))
    assert "<p>last</p>" in html


def test_fifty_thousand_blocks_take_about_a_second() -> None:
    blocks = [item("some ", strong("text"), level=n % 7, quote_depth=n % 3) for n in range(20_000)]
    blocks += [row([f"a {n}", link("/x", "b")]) for n in range(20_000)]
    blocks += [paragraph(f"plain text with a few words, {n}") for n in range(10_000)]
    begun = time.process_time()
    markdown(*blocks)
    assert time.process_time() - begun < 6


def test_escaping_is_linear() -> None:
    begun = time.process_time()
    for text in ("_" * 200_000, "<" * 200_000, "&a" * 100_000, "<1" * 100_000, "#" * 200_000):
        markdown(paragraph(text), heading(1, text), row([text]))
    assert time.process_time() - begun < 6
