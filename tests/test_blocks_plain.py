from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cleaner.blocks.plain import read_plain
from cleaner.types import Block, Capture, Kind, MediaType, Page, SpanKind

SEED = Path(__file__).parents[2] / "shared" / "seeds" / "clean-article.txt"


def read(text: str) -> Page:
    return read_plain(Capture(text, MediaType.TEXT))


def kinds(text: str) -> list[tuple[Kind, str]]:
    return [(block.kind, block.text) for block in read(text).blocks]


def words(blocks: tuple[Block, ...]) -> list[str]:
    found: list[str] = []
    for block in blocks:
        if block.ordinal is not None:
            found.append(str(block.ordinal))
        found += re.findall(r"\w+", block.text)
    return found


# --- paragraphs --------------------------------------------------------------------------------


def test_blank_lines_part_paragraphs() -> None:
    page = read("\nThe first  one.\n\n\nThe second one.\n")
    assert [(b.kind, b.text, b.lines, b.index) for b in page.blocks] == [
        (Kind.PARAGRAPH, "The first one.", (2, 2), 0),
        (Kind.PARAGRAPH, "The second one.", (5, 5), 1),
    ]


def test_without_blank_lines_every_line_is_a_paragraph_or_a_heading() -> None:
    text = "\n".join(
        [
            "The mayor opened the new library on Friday in front of two hundred guests.",
            "It had been built in two years, and it had cost less than the town had feared.",
            "Books for Everyone",
            "More than forty thousand books stand on its shelves, and most of them are new.",
            "“A House of Light”",
            "The architect, who had drawn the plans alone, called it a house of light and air.",
            "What Comes Next?",
            "A café is to open in the spring, if the council finds someone to run it.",
        ]
    )
    page = read(text)
    assert [b.lines for b in page.blocks] == [(n, n) for n in range(1, 9)]
    headings = [(b.text, b.level) for b in page.blocks if b.kind is Kind.HEADING]
    assert headings == [
        ("Books for Everyone", 2),
        ("“A House of Light”", 2),
        ("What Comes Next?", 2),
    ]


def test_wrapped_lines_become_one_paragraph() -> None:
    page = read(
        "The council met on Monday evening to talk about the old bridge over the\n"
        "river and whether it should be closed to cars for the summer, as some had\n"
        "asked for in a letter that more than four hundred people in the town had\n"
        "signed.\n"
        "A short line ends a paragraph even where no blank one follows it, as this\n"
        "one shows to everyone who reads on to its very end, which comes with well-\n"
        "known words.\n\n"
        "- an item of a list that is long enough to be wrapped by the same program\n"
        "  goes on here\n"
        "- a second one\n"
    )
    assert [(b.kind, b.lines) for b in page.blocks] == [
        (Kind.PARAGRAPH, (1, 4)),
        (Kind.PARAGRAPH, (5, 7)),
        (Kind.LIST_ITEM, (9, 10)),
        (Kind.LIST_ITEM, (11, 11)),
    ]
    assert page.blocks[0].text.endswith("in the town had signed.")
    assert page.blocks[1].text.endswith("comes with well-known words.")
    assert page.blocks[2].text.endswith("the same program goes on here")


def test_a_note_in_brackets_stands_alone_amid_wrapped_lines() -> None:
    line = "The council met on Monday evening to talk about the old bridge over the\n"
    note = "[Image: The old bridge over the river in the light of the evening]"
    page = read(line * 6 + f"town.\n\n{note}\nThe old bridge. Picture: A. Tansley\n")
    assert [b.lines for b in page.blocks] == [(1, 7), (9, 9), (10, 10)]


def test_wrapped_lines_of_scripts_without_blanks_are_joined_without_one() -> None:
    line = "港町の朝は早く漁師たちは夜が明ける前に船を出して沖へ向かう"
    page = read("\n".join([line] * 5 + ["終わり。"]))
    assert [b.text for b in page.blocks] == [line * 5 + "終わり。"]


def test_menu_lines_are_not_joined() -> None:
    assert kinds("Home\nNews\nSport\nCulture\nWeather") == [
        (Kind.PARAGRAPH, name) for name in ("Home", "News", "Sport", "Culture", "Weather")
    ]


def test_addresses_become_links() -> None:
    (block,) = read("See https://a.example/x(y), or (www.b.example).").blocks
    assert [(block.text[s.start : s.end], s.target, s.kind) for s in block.spans] == [
        ("https://a.example/x(y)", "https://a.example/x(y)", SpanKind.LINK),
        ("www.b.example", "http://www.b.example", SpanKind.LINK),
    ]


def test_broken_quotation_is_joined() -> None:
    (block,) = read("She said: “We will wait\n\nuntil the spring” and left.").blocks
    assert block.text == "She said: “We will wait until the spring” and left."
    assert block.lines == (1, 3)


# --- headings ----------------------------------------------------------------------------------

PROSE = "It had rained for three days before the water reached the first houses of the town."


def test_underlined_and_capital_titles() -> None:
    page = read(f"THE GREAT FLOOD\n\n{PROSE}\n\nThe night before\n----------------\n\n{PROSE}!\n")
    assert [(b.kind, b.level, b.lines) for b in page.blocks] == [
        (Kind.HEADING, 1, (1, 1)),
        (Kind.PARAGRAPH, 0, (3, 3)),
        (Kind.HEADING, 2, (5, 5)),
        (Kind.PARAGRAPH, 0, (8, 8)),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "A line that ends like a sentence.",
        "this begins in lower case",
        "© The Town Paper",
        "By Jane Doe",
        "24 August 2025",
        "Home | News | Sport",
        "https://a.example/",
        "A line that is far too long to be a heading of anything, however one may look at it now",
    ],
)
def test_lines_that_are_no_headings(line: str) -> None:
    assert kinds(f"{PROSE}\n\n{line}\n\n{PROSE}!")[1] == (Kind.PARAGRAPH, line)


def test_repeated_lines_are_no_headings() -> None:
    found = kinds(f"{PROSE}\n\nAdvertisement\n\n{PROSE}!\n\nAdvertisement\n\n{PROSE}?")
    assert {kind for kind, _ in found} == {Kind.PARAGRAPH}


# --- lists -------------------------------------------------------------------------------------


def test_lists_have_level_number_and_group() -> None:
    page = read("  • one\n    • inner\n  • two\n\n1. three\n2. four\n\n3) five\n4) six\n")
    assert [(b.kind, b.text, b.level, b.ordinal, b.group) for b in page.blocks] == [
        (Kind.LIST_ITEM, "one", 1, None, 0),
        (Kind.LIST_ITEM, "inner", 2, None, 0),
        (Kind.LIST_ITEM, "two", 1, None, 0),
        (Kind.LIST_ITEM, "three", 1, 1, 1),
        (Kind.LIST_ITEM, "four", 1, 2, 1),
        (Kind.LIST_ITEM, "five", 1, 3, 2),
        (Kind.LIST_ITEM, "six", 1, 4, 2),
    ]


@pytest.mark.parametrize("mark", ["-", "*", "–", "·", "+", "•", "▪"])
def test_bullets(mark: str) -> None:
    assert kinds(f"{mark} flour\n{mark} salt") == [
        (Kind.LIST_ITEM, "flour"),
        (Kind.LIST_ITEM, "salt"),
    ]


@pytest.mark.parametrize(
    "line", ["- alone", "24. August 2025", "* a note", "2. Only one of its kind"]
)
def test_a_mark_alone_is_text(line: str) -> None:
    assert kinds(line) == [(Kind.PARAGRAPH, line)]


def test_speech_with_dashes_is_no_list() -> None:
    first = "– We had never seen the sea so high before, says the old harbour master."
    second = "– And I hope that none of us will have to see it like that again, he adds."
    assert {kind for kind, _ in kinds(f"{first}\n\n{second}")} == {Kind.PARAGRAPH}


def test_paragraphs_of_an_item_continue_it_while_the_list_goes_on() -> None:
    page = read(
        "  • Line 1\n\n    Closed today\n\n  • Line 2\n\n    The page goes on here.\n\n    And on."
    )
    assert [(b.kind, b.continues) for b in page.blocks] == [
        (Kind.LIST_ITEM, False),
        (Kind.LIST_ITEM, True),
        (Kind.LIST_ITEM, False),
        (Kind.PARAGRAPH, False),
        (Kind.PARAGRAPH, False),
    ]


# --- tables ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Name\tAge\nAnn\t3\nBob\t4", "Name  Age\nAnn   3\nBob   4"])
def test_columns_become_rows(text: str) -> None:
    page = read(f"Before.\n\n{text}\n\n• after")
    rows = [b for b in page.blocks if b.kind is Kind.TABLE_ROW]
    assert [b.text for b in rows] == ["Name\tAge", "Ann\t3", "Bob\t4"]
    assert [b.lines for b in rows] == [(3, 3), (4, 4), (5, 5)]
    assert {b.group for b in rows} == {0}
    assert [rows[1].text[c.start : c.end] for c in rows[1].cells] == ["Ann", "3"]
    assert page.blocks[-1].group == 1


def test_wide_gaps_between_sentences_are_no_columns() -> None:
    text = "It rained.  Nobody came.\nIt snowed.  Nobody left."
    assert {kind for kind, _ in kinds(text)} == {Kind.PARAGRAPH}


# --- the whole ---------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "\n\n", " \t\r\n", "-----\n\n* * *\n", "\ufeff"])
def test_nothing_to_read(text: str) -> None:
    assert read(text).blocks == ()


LINES = st.text('ab cdé Ж.,-–•*|\t"“”:1235)=_', max_size=60) | st.sampled_from(
    [
        "",
        "",
        "- item",
        "• item",
        "1. first",
        "2. second",
        "Name  Age",
        "a\tb",
        "-----",
        PROSE,
        "Head",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(LINES, max_size=30))
def test_every_word_comes_out_once_and_in_order(lines: list[str]) -> None:
    text = "\n".join(lines)
    assume(not re.search(r"(?m)^[\W_]*_[\W_]*$", text))  # rules hold no words
    page = read(text)
    assert words(page.blocks) == re.findall(r"\w+", text)


@settings(max_examples=300, deadline=None)
@given(st.text() | st.lists(LINES, max_size=20).map("\r\n".join))
def test_any_text_gives_sound_blocks(text: str) -> None:
    last = 0
    for index, block in enumerate(read(text).blocks):
        assert block.index == index
        assert block.text.strip()
        assert block.lines is not None
        assert last < block.lines[0] <= block.lines[1]
        last = block.lines[1]
        for span in block.spans:
            assert 0 <= span.start < span.end <= len(block.text)


@pytest.mark.parametrize(
    "text",
    [
        "word " * 200_000,
        "word\n" * 40_000,
        "- word\n" * 30_000,
        "word\tword\n" * 20_000,
        "“word\n\n" * 20_000,
        " " * 1_000_000 + "word",
        "• word\n" + "  word\n" * 30_000,
    ],
    ids=["line", "lines", "list", "table", "quotes", "blanks", "item"],
)
def test_long_text_costs_little_and_loses_no_word(text: str) -> None:
    started = time.perf_counter()
    page = read(text)
    assert time.perf_counter() - started < 10
    assert len(words(page.blocks)) == text.count("word")


@pytest.mark.skipif(not SEED.exists(), reason="needs ../shared/seeds")
def test_clean_article_passes_through() -> None:
    text = SEED.read_text(encoding="utf-8")
    page = read(text)
    assert "\n".join(block.text for block in page.blocks) == text.rstrip("\n")
    assert [b.lines[0] for b in page.blocks if b.kind is Kind.HEADING and b.lines] == [3, 7, 12, 17]
    assert {b.kind for b in page.blocks} == {Kind.HEADING, Kind.PARAGRAPH}
