from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.blocks.markdown import read_markdown
from cleaner.types import Block, Capture, Kind, MediaType, Page, SpanKind

SEED = Path(__file__).parents[2] / "shared" / "seeds" / "rt-capture.txt"


def read(text: str) -> Page:
    return read_markdown(Capture(text, MediaType.MARKDOWN))


def texts(text: str) -> list[str]:
    return [block.text for block in read(text).blocks]


def only(text: str) -> Block:
    (block,) = read(text).blocks
    return block


def spans(block: Block, kind: SpanKind) -> list[tuple[str, str]]:
    return [(block.text[s.start : s.end], s.target) for s in block.spans if s.kind is kind]


# --- blocks ------------------------------------------------------------------------------------


def test_headings_paragraphs_and_their_lines() -> None:
    page = read("# The harbour\n\nBoats left\nat dawn.\n\n## Later ##\n\nThey came back.\n")
    assert [(b.kind, b.level, b.text, b.lines) for b in page.blocks] == [
        (Kind.HEADING, 1, "The harbour", (1, 1)),
        (Kind.PARAGRAPH, 0, "Boats left at dawn.", (3, 4)),
        (Kind.HEADING, 2, "Later", (6, 6)),
        (Kind.PARAGRAPH, 0, "They came back.", (8, 8)),
    ]
    assert [b.index for b in page.blocks] == [0, 1, 2, 3]


def test_underlines_make_headings_only_of_what_looks_like_one() -> None:
    page = read(
        "The harbour\n===========\n\nShort title\n---\n\nA sentence that simply ends here.\n---\n\n"
        "A question that is as wide as its line?\n---------------------------------------\n"
    )
    assert [(b.kind, b.level) for b in page.blocks] == [
        (Kind.HEADING, 1),
        (Kind.HEADING, 2),
        (Kind.PARAGRAPH, 0),
        (Kind.HEADING, 2),
    ]


def test_rule_of_a_one_column_table_makes_no_heading() -> None:
    assert [b.kind for b in read("Left cell  \n---  \nNext cell  \n").blocks] == [
        Kind.PARAGRAPH
    ] * 2


def test_heading_that_was_wrapped_is_one_heading() -> None:
    body = (
        "The council met on Monday evening to talk about the old bridge over the river\n"
        "and whether it should be closed to cars for the summer, as some residents had\n"
        "asked for in a letter that was signed by more than four hundred people in the\n"
        "town and in the villages around it, many of them parents of children who walk\n"
        "to school.\n"
    )
    page = read(
        f"## Council puts off its decision on the old bridge until the autumn, after a\n"
        f"long debate\n\n{body}\n### [The bridge](/news/old-\nbridge)\n"
    )
    assert [(b.kind, b.lines) for b in page.blocks] == [
        (Kind.HEADING, (1, 2)),
        (Kind.PARAGRAPH, (4, 8)),
        (Kind.HEADING, (10, 11)),
    ]
    assert page.blocks[0].text.endswith("after a long debate")
    assert spans(page.blocks[2], SpanKind.LINK) == [("The bridge", "/news/old-bridge")]


def test_rules_make_no_block() -> None:
    assert texts("One.\n\n* * *\n\n***\n\nTwo.\n") == ["One.", "Two."]


def test_lists_have_level_number_and_group() -> None:
    page = read(
        "* one\n  * inner\n\n    more of it\n* two\n\n3. three\n4. four\n\n- [x] done\n- [ ] open\n"
    )
    assert [(b.text, b.level, b.ordinal, b.continues, b.group) for b in page.blocks] == [
        ("one", 1, None, False, 0),
        ("inner", 2, None, False, 0),
        ("more of it", 2, None, True, 0),
        ("two", 1, None, False, 0),
        ("three", 1, 3, False, 1),
        ("four", 1, 4, False, 1),
        ("done", 1, None, False, 2),
        ("open", 1, None, False, 2),
    ]


def test_typographic_bullets_make_a_list() -> None:
    assert [b.kind for b in read("• flour\n• salt\n").blocks] == [Kind.LIST_ITEM] * 2


@pytest.mark.parametrize("line", ["24. August 2025", "05. Mai", "1984. A cold year"])
def test_a_number_without_neighbours_is_text(line: str) -> None:
    assert only(line).text == line
    assert only(line).kind is Kind.PARAGRAPH


def test_a_dash_that_wrapping_put_first_is_no_list() -> None:
    assert only("The plan was given up\n- at least for this year.").text == (
        "The plan was given up - at least for this year."
    )


def test_quotes_have_their_depth() -> None:
    page = read("> outer\n>\n> > inner\n>\n> * item\n")
    assert [(b.kind, b.quote_depth) for b in page.blocks] == [
        (Kind.QUOTE, 1),
        (Kind.QUOTE, 2),
        (Kind.LIST_ITEM, 1),
    ]


def test_fenced_and_indented_code_keep_white_space() -> None:
    page = read("```python\nx = 1\n\n  y = 2\n```\n\n    def f(x):\n        return x\n")
    assert [(b.kind, b.language, b.text) for b in page.blocks] == [
        (Kind.CODE, "python", "x = 1\n\n  y = 2"),
        (Kind.CODE, "", "def f(x):\n    return x"),
    ]


def test_text_that_is_indented_by_accident_is_a_paragraph() -> None:
    page = read(
        "Intro.\n\n    The rain had stopped when\n    they left the house.\n\n    * a point\n"
    )
    assert [(b.kind, b.text) for b in page.blocks] == [
        (Kind.PARAGRAPH, "Intro."),
        (Kind.PARAGRAPH, "The rain had stopped when they left the house."),
        (Kind.LIST_ITEM, "a point"),
    ]


def test_fence_that_is_never_closed_does_not_swallow_the_page() -> None:
    page = read("```\nThe rest of the page.\n\n# Goes on\n\nAs it should.\n")
    assert [b.kind for b in page.blocks] == [Kind.PARAGRAPH, Kind.HEADING, Kind.PARAGRAPH]
    assert "`" not in page.blocks[0].text


def test_tables_become_rows() -> None:
    page = read("| Name | Age |\n|---|---|\n| Ann | 3 | extra |\n| [Bob](/b) | ![x](y) |\n")
    assert [(b.kind, b.text, b.group) for b in page.blocks] == [
        (Kind.TABLE_ROW, "Name\tAge", 0),
        (Kind.TABLE_ROW, "Ann\t3\textra", 0),
        (Kind.TABLE_ROW, "Bob\t", 0),
    ]
    head, row, linked = page.blocks
    assert [head.text[c.start : c.end] for c in head.cells] == ["Name", "Age"]
    assert all(c.header for c in head.cells)
    assert not any(c.header for c in row.cells)
    assert spans(linked, SpanKind.LINK) == [("Bob", "/b")]


def test_wrapped_rows_of_a_table_without_outer_pipes() -> None:
    page = read(
        "METHOD | BY   \n(local time)  \n---|---  \nStandard | 06/07  \nA very\nlong one | 3  \n"
    )
    assert [b.text for b in page.blocks] == [
        "METHOD\tBY (local time)",
        "Standard\t06/07",
        "A very long one\t3",
    ]
    assert [b.lines for b in page.blocks] == [(1, 3), (4, 4), (5, 6)]


def test_table_with_an_empty_head() -> None:
    assert texts("|  |  |\n| --- | --- |\n| a | b |\n") == ["a\tb"]


def test_capture_without_blank_lines_has_a_paragraph_a_line() -> None:
    lines = [
        "The **mayor** opened the new library on Friday in front of two hundred guests.",
        "It had been built in only two years.",
        "Books for everyone",
        "More than forty thousand books are on its shelves, most of them given by the town.",
        "It is open every day.",
        "Some want it to stay open at night, too, and have begun to collect signatures for that.",
    ]
    page = read("\n".join(lines))
    assert [b.lines for b in page.blocks] == [(n, n) for n in range(1, 7)]


# --- inline ------------------------------------------------------------------------------------


def test_inline_spans_have_their_offsets() -> None:
    block = only('See *the* **big** `code` and [a  link](/x "title") at\n<https://a.example/b>.')
    assert block.text == "See the big code and a link at https://a.example/b."
    assert spans(block, SpanKind.EMPHASIS) == [("the", "")]
    assert spans(block, SpanKind.STRONG) == [("big", "")]
    assert spans(block, SpanKind.CODE) == [("code", "")]
    assert spans(block, SpanKind.LINK) == [
        ("a link", "/x"),
        ("https://a.example/b", "https://a.example/b"),
    ]


def test_entities_and_escapes_are_resolved() -> None:
    assert (
        only(r"5 \* 3 &lt; 16 &amp; snake\_case &copy; \[x\]").text
        == "5 * 3 < 16 & snake_case © [x]"
    )


def test_line_breaks_of_two_blanks() -> None:
    assert only("Why go there?  \nANALYSIS").text == "Why go there?\nANALYSIS"
    assert only("first<br>second").text == "first\nsecond"


def test_links_with_empty_targets() -> None:
    block = only("[North](#), [South]() and [](https://a.example/)")
    assert block.text == "North, South and"
    assert spans(block, SpanKind.LINK) == [("North", "#"), ("South", "")]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("[a\nlink](https://a.example/x)", "https://a.example/x"),
        ("[a link](https://a.example/long-\npath)", "https://a.example/long-path"),
        ("[a link](/with blank)", "/with blank"),
        ('[a link](/x "He said "no" again")', "/x"),
        ("[a link](javascript:void(0))", "javascript:void(0)"),
    ],
)
def test_links_that_converters_break(source: str, target: str) -> None:
    assert spans(only(source), SpanKind.LINK) == [("a link", target)]


def test_links_that_touch_are_two_words() -> None:
    assert only("[Home](/)[News](/n)").text == "Home News"


def test_link_over_several_blocks() -> None:
    page = read(
        "Before.\n\n[\n\n![](/p.png)\n\n### A card\n\nWith text.\n\n](https://a.example/c)\n\nAfter.\n"
    )
    assert [b.text for b in page.blocks] == ["Before.", "", "A card", "With text.", "After."]
    assert [spans(b, SpanKind.LINK) for b in page.blocks[2:4]] == [
        [("A card", "https://a.example/c")],
        [("With text.", "https://a.example/c")],
    ]


def test_breaks_inside_of_a_link_part_paragraphs() -> None:
    page = read("[**Title** \\\\\n\\\\\nSome more](https://a.example/)")
    assert [b.text for b in page.blocks] == ["Title", "Some more"]
    assert all(spans(b, SpanKind.LINK) for b in page.blocks)


def test_images_on_their_own_lines_are_blocks() -> None:
    page = read("![A boat](/a.png)\nThe boat at dawn.\n\n[![Logo](/l.png)](/)\n")
    assert [(b.kind, b.text, b.lines) for b in page.blocks] == [
        (Kind.IMAGE, "A boat", (1, 1)),
        (Kind.PARAGRAPH, "The boat at dawn.", (2, 2)),
        (Kind.IMAGE, "Logo", (4, 4)),
    ]
    (image,) = page.blocks[0].spans
    assert (image.kind, image.target, image.title) == (SpanKind.IMAGE, "/a.png", "A boat")


def test_images_in_text_are_no_words() -> None:
    block = only("A word ![smile](s.png) and another.")
    assert block.text == "A word and another."
    assert [(s.start, s.end, s.title) for s in block.spans] == [(7, 7, "smile")]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Some **bold text that never ends.", "Some bold text that never ends."),
        ("An *opened one.", "An opened one."),
        ("** spaced ** out", "spaced out"),
        ("**Label:**value", "Label:value"),
        ("**标题：**正文，这是**“粗体”**文字", "标题：正文，这是“粗体”文字"),
        ("__ Previous __ Next", "Previous Next"),
        ("one**** two **a****b**", "one two ab"),
        ("~~gone~~ and ~~open", "gone and open"),
        ("a `tick without end", "a tick without end"),
        ("[### Linked title](/x)", "Linked title"),
    ],
)
def test_broken_marks_vanish(source: str, text: str) -> None:
    assert only(source).text == text


@pytest.mark.parametrize(
    "text",
    [
        "5 * 3 = 15",
        "2*3 and 4*5",
        "2**10 or 2 ** 3",
        "snake_case_name and __x",
        "f**k and s**t",
        "f****d",
        "Price* and delivery",
        "[sic] and array[1]",
        "List<String> and a < b",
        "~5 minutes",
        "C:\\dir\\file",
    ],
)
def test_literal_marks_stay(text: str) -> None:
    assert only(text).text == text.replace("__x", "x")


def test_footnotes_keep_their_asterisk() -> None:
    assert texts("Free delivery* for all.\n\n*Within the country.") == [
        "Free delivery* for all.",
        "*Within the country.",
    ]


def test_raw_html_vanishes_and_its_text_stays() -> None:
    page = read(
        "<div>\n<p>One <b>two</b> &amp; <a href='/x'>three</a></p>\n</div>\n\n"
        "<!-- gone\n\ntoo -->\n\n"
        "<script>\nvar a = 1;\n\n</script> tail\n"
    )
    assert [b.text for b in page.blocks] == ["One two & three", "tail"]
    assert spans(page.blocks[0], SpanKind.LINK) == [("three", "/x")]
    assert spans(page.blocks[0], SpanKind.STRONG) == [("two", "")]


def test_references_are_addresses_only() -> None:
    page = read("[Host]: Welcome back\n\nSee [this][1].\n\n[1]: https://a.example/\n")
    assert [b.text for b in page.blocks] == ["[Host]: Welcome back", "See this."]
    assert spans(page.blocks[1], SpanKind.LINK) == [("this", "https://a.example/")]


# --- heads -------------------------------------------------------------------------------------


def test_front_matter_becomes_facts() -> None:
    page = read(
        '---\ntitle: "A: b"\ntags: [x, y]\nauthors:\n  - Jo\n  - Mi\n---\n# Head\n\nText.\n'
    )
    assert [(f.source, f.name, f.value) for f in page.facts] == [
        ("front-matter", "title", "A: b"),
        ("front-matter", "tags", "x"),
        ("front-matter", "tags", "y"),
        ("front-matter", "authors", "Jo"),
        ("front-matter", "authors", "Mi"),
    ]
    assert [(b.text, b.lines) for b in page.blocks] == [("Head", (8, 8)), ("Text.", (10, 10))]


def test_head_of_a_reader_service_becomes_facts() -> None:
    page = read(
        "Title: The harbour\n\nURL Source: https://a.example/\n\nPublished Time: 2024-05-01\n\n"
        "Markdown Content:\nThe harbour\n===========\n\nText.\n"
    )
    assert {f.name: f.value for f in page.facts} == {
        "title": "The harbour",
        "url source": "https://a.example/",
        "published time": "2024-05-01",
    }
    assert [b.text for b in page.blocks] == ["The harbour", "Text."]


@pytest.mark.parametrize("text", ["---\n\nText after a rule.\n\n---\n", "Title: not a head at all"])
def test_what_only_looks_like_a_head_is_text(text: str) -> None:
    page = read(text)
    assert page.facts == ()
    assert len(page.blocks) == 1


# --- joining -----------------------------------------------------------------------------------


def test_sentence_broken_inside_an_open_emphasis_is_joined() -> None:
    block = only('*"We saw it,"* she said. *"What*\n\n*we feared did not happen."*')
    assert block.text == '"We saw it," she said. "What we feared did not happen."'
    assert block.lines == (1, 3)
    assert spans(block, SpanKind.EMPHASIS) == [
        ('"We saw it,"', ""),
        ('"What we feared did not happen."', ""),
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Er sagte: „Das ist ein", "gutes Haus.“ Dann ging er."),
        ("Elle a dit : « Nous avons", "vu la mer » avant de partir."),
        ("He said “we will wait", "until the spring” and left."),
        ("Он сказал: «Мы будем", "ждать до весны»."),
        ("彼は「これは", "本です」と言った。"),
        ("An *emphasis that", "goes on* here."),
    ],
)
def test_sentence_broken_inside_a_quotation_is_joined(first: str, second: str) -> None:
    block = only(f"{first}\n\n{second}")
    assert block.lines == (1, 3)
    assert "*" not in block.text


@pytest.mark.parametrize(
    "text",
    [
        "“The first paragraph of a speech.\n\n“The second one.”",
        "A menu entry\n\nanother entry",
        'He said "it is over."\n\nthen he left.',
        "* “an item\n* goes on” here",
        "## “A heading\n\ngoes on” not",
        'A 19" screen\n\nand a 21" one',
        "*An emphasized caption*\n\n*Another caption*",
        "“Too far\n\n\n\n\naway”",
    ],
)
def test_what_is_not_broken_stays_apart(text: str) -> None:
    assert len(read(text).blocks) == 2


# --- robustness --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "> " * 10_000 + "word",
        ">" * 10_000 + "word",
        "- " * 10_000 + "word",
        "1. " * 5_000 + "word",
        "".join("  " * n + "- word\n" for n in range(300)),
        "word " * 200_000,
        "*" * 100_000 + "word",
        "*word " * 20_000,
        "[" * 100_000 + "word",
        "[a][" * 20_000 + "word",
        "\\" * 50_000 + "\nword",
        "```py\n" * 5_000 + "word",
        "<!--\n" * 5_000 + "word",
    ],
    ids=lambda text: text[:6].strip(),
)
def test_hostile_text_costs_little_and_loses_no_word(text: str) -> None:
    started = time.perf_counter()
    page = read(text)
    assert time.perf_counter() - started < 10
    found = sum(block.text.count("word") for block in page.blocks)
    assert found == text.count("word")


MARKS = st.sampled_from(
    [
        *'* ** _ __ ` ``` ~~ [ ] ](u) ![ ( ) < > - 1. # ## | --- === <b> </a> <br> " “ ”'.split(),
        *["\\", "word", "Foo", "bar.", "é", "漢", "\n", "\n\n", "  \n", "    ", "\t", "\r\n"],
        *["|---|---|", "> ", "- ", "\x00", "\u2028"],
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(MARKS, max_size=40).map(" ".join)
    | st.lists(MARKS, max_size=40).map("".join)
    | st.text()
)
def test_any_text_gives_sound_blocks(text: str) -> None:
    page = read(text)
    count = len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    last = 1
    for index, block in enumerate(page.blocks):
        assert block.index == index
        assert block.lines is not None
        assert last <= block.lines[0] <= block.lines[1] <= count
        last = block.lines[0]
        assert block.text.strip() or block.kind is Kind.IMAGE
        for span in block.spans:
            assert 0 <= span.start <= span.end <= len(block.text)
            marked = block.text[span.start : span.end]
            assert marked == marked.strip()
            assert (span.start == span.end) is (span.kind is SpanKind.IMAGE)


WORDS = st.text("abcdefgäöжд ", min_size=1).filter(str.strip)


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, min_size=1), st.lists(st.sampled_from(["*{}*", "**{}**", "[{}](/x)", "{}"])))
def test_words_come_out_in_order_and_links_are_slices(words: list[str], forms: list[str]) -> None:
    words = [" ".join(word.split()) for word in words]
    forms = [*forms, *["{}"] * len(words)]
    source = "\n\n".join(form.format(word) for form, word in zip(forms, words, strict=False))
    page = read(source)
    assert " ".join(b.text for b in page.blocks).split() == " ".join(words).split()
    linked = [word for form, word in zip(forms, words, strict=False) if "/x" in form]
    assert [text for b in page.blocks for text, _ in spans(b, SpanKind.LINK)] == linked


# --- the seed ----------------------------------------------------------------------------------


@pytest.mark.skipif(not SEED.exists(), reason="needs ../shared/seeds")
def test_noisy_capture() -> None:
    page = read(SEED.read_text(encoding="utf-8"))
    assert not [
        b.text for b in page.blocks if any(mark in b.text for mark in ("*", "](", "#", "`"))
    ]
    joined = [b for b in page.blocks if b.lines == (47, 49)]
    assert len(joined) == 1
    assert joined[0].text.count('"') == 4
    assert joined[0].text.endswith('lived there for centuries."')
    (tags,) = [b for b in page.blocks if b.lines == (82, 82)]
    assert [target for _, target in spans(tags, SpanKind.LINK)] == ["#", "#"]
    assert [b.level for b in page.blocks if b.kind is Kind.HEADING] == [1, 2]
