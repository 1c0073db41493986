"""The feature matrix of whole pages: the same features for every capture, and of one page alone."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from builders import any_blocks, capture, heading, item, link, paragraph
from builders import page as make_page
from feature_pages import NO_ODDS, SITE, matrix_of, site, table_of
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from cleaner import Block, Capture, MediaType, Page
from cleaner.blocks import read_blocks
from cleaner.features.words import WordOdds
from cleaner.types import Element

STORY = (
    "The lamplighter came by at six, and by seven the whole street was lit, as far as the canal; "
    "beyond it the council had never paid for lamps, and nobody had asked it to in forty years."
)
ODDS = WordOdds({"street": 1.0}, {"home": -2.0}, {"menu": -1.5, "<p>": 0.5})


def read(source: str, media_type: MediaType = MediaType.HTML) -> Page:
    return read_blocks(Capture(source, media_type, "https://lamps.example/news/street"))


HTML = read(
    "<html><body><nav class=menu><ul><li><a href=/>Home</a><li><a href=/n>News</a></ul></nav>"
    f"<main><h1>Lamps</h1><p>{STORY}</p><p>{STORY} Again.</p></main><footer>© 2024</footer>"
)
MARKDOWN = read(f"# Lamps\n\n- [Home](/)\n\n{STORY}\n\n    lit = True\n", MediaType.MARKDOWN)
PLAIN = read(f"Lamps\n\n{STORY}\n\n{STORY} Again.\n", MediaType.TEXT)
NAMES = matrix_of(HTML).names

OF_ELEMENTS = {
    name
    for name in NAMES
    if name.partition("_")[0]
    in ("in", "is", "name", "named", "beside", "card", "inner", "region", "with")
    or (name[:2] == "up" and name[2].isdigit())
    or name in ("depth", "shape_count", "shape_share", "shape_length", "shape_linked")
}
"""What only markup shows."""
OF_TEXTS = {name for name in NAMES if name.startswith(("says_", "under_")) or name == "since_promo"}
"""What is looked for in text captures alone."""
MAY_BE_MISSING = {"from_title", "text_from_title", "from_heading"}
MAY_BE_MISSING |= {"page_url_depth", "page_url_words", "with_title_share", "with_title_depth"}


def missing(page: Page, title: int = -1) -> set[str]:
    """Return the features that some block lacks; all others must be finite numbers."""
    table = table_of(matrix_of(page, title, ODDS))
    assert tuple(table) == NAMES
    assert all(values.shape == (len(page.blocks),) for values in table.values())
    assert not [name for name, values in table.items() if np.isinf(values).any()]
    return {name for name, values in table.items() if np.isnan(values).any()}


def same(one: NDArray[Any], other: NDArray[Any]) -> bool:
    return np.array_equal(one, other, equal_nan=True)


def test_features_have_names_of_their_own() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert len(OF_ELEMENTS) > 90
    assert len(OF_TEXTS) == 15


def test_html_gives_every_feature_but_phrases() -> None:
    assert missing(HTML, title=2) == {"from_heading"} | OF_TEXTS
    assert missing(HTML) <= MAY_BE_MISSING | OF_TEXTS


@pytest.mark.parametrize("page", [MARKDOWN, PLAIN], ids=["markdown", "plain"])
def test_text_captures_lack_what_only_markup_shows(page: Page) -> None:
    assert missing(page, title=0) - {"from_heading"} == OF_ELEMENTS
    table = table_of(matrix_of(page, 0, ODDS))
    for name in OF_ELEMENTS:
        assert np.isnan(table[name]).all(), name


@pytest.mark.parametrize("markup", [True, False])
@pytest.mark.parametrize("text", ["", "a", "\0", "\ud800", "𝛼", STORY])
def test_a_page_of_one_block(text: str, markup: bool) -> None:
    elements = (Element("html", -1), Element("p", 0)) if markup else ()
    page = make_page(paragraph(text, element=len(elements) - 1), elements=elements)
    others = OF_TEXTS if markup else OF_ELEMENTS
    assert missing(page) <= MAY_BE_MISSING | others
    assert missing(page, title=0) <= {"from_heading"} | others


def test_pages_of_empty_texts() -> None:
    page = make_page(*[paragraph("", element=0)] * 3, elements=(Element("p", -1),))
    assert missing(page, title=1) == {"from_heading"} | OF_TEXTS


@given(any_blocks, st.booleans())
def test_any_blocks(blocks: list[Block], markup: bool) -> None:
    if not blocks:
        return
    elements = (Element("html", -1), Element("p", 0, "menu x"), Element("b", 1)) if markup else ()
    placed = [replace(block, element=n % 3 if markup else -1) for n, block in enumerate(blocks)]
    page = make_page(*placed, elements=elements, capture=capture(url=None))
    assert missing(page) <= MAY_BE_MISSING | (OF_TEXTS if markup else OF_ELEMENTS)


def test_ten_thousand_blocks_take_about_a_second() -> None:
    page = read("".join(f"<div class='c{n} box'><p>Share {n} {STORY}</div>" for n in range(10_000)))
    begun = time.process_time()
    matrix = matrix_of(page, -1, ODDS)
    assert matrix.values.shape == (len(NAMES), 10_000)
    assert time.process_time() - begun < 4


def test_elements_nested_five_hundred_deep() -> None:
    elements = tuple(Element("div", n - 1, f"c{n}") for n in range(500))
    page = make_page(
        heading(1, "Lamps", element=3),
        paragraph(STORY, element=499),
        paragraph("a", element=250),
        elements=elements,
    )
    assert missing(page, title=0) == OF_TEXTS
    assert missing(read("<div>" * 500 + f"<p>{STORY}</p>")) <= MAY_BE_MISSING | OF_TEXTS


def test_values_are_in_the_order_of_the_names() -> None:
    matrix = matrix_of(HTML, 2, ODDS)
    assert matrix.values.dtype == np.float32
    for row, name in enumerate(matrix.names):
        assert same(matrix.column(name), matrix.values[row])
    assert matrix.column("kind_heading").tolist() == [0, 0, 1, 0, 0, 0]


def test_the_phrases_are_those_of_the_blocks() -> None:
    phrases = matrix_of(make_page(paragraph("Bees"), paragraph("Share this"))).phrases
    assert {index: hint.words for index, hint in phrases.items()} == {1: "share this"}


def test_features_do_not_depend_on_pages_read_before() -> None:
    before = matrix_of(HTML, 2, ODDS).values
    matrix_of(site(), 3, ODDS)
    matrix_of(MARKDOWN, 0, NO_ODDS)
    assert same(matrix_of(HTML, 2, ODDS).values, before)


LATIN = "abcdefghijklmnopqrstuvwxyz"
GREEK = "αβγδεζηθικλμνξοπρτυφχψωάέή"
CYRILLIC = "абвгдежзиклмнопрстуфхцчшщэ"


@pytest.mark.parametrize("letters", [GREEK, CYRILLIC, LATIN[13:] + LATIN[:13]])
@pytest.mark.parametrize("markup", [True, False])
def test_without_odds_the_words_of_a_language_say_nothing(letters: str, markup: bool) -> None:
    """The same page in letters of another alphabet has the same features."""
    other = str.maketrans(LATIN + LATIN.upper(), letters + letters.upper())

    def page(translate: bool) -> Page:
        def said(text: str) -> str:
            return text.translate(other) if translate else text

        blocks = (
            item(link("/", said("Kiu")), element=3),
            heading(1, said("Lamps at last"), element=6),
            paragraph(said(STORY), link("/a", said("Mem mor")), element=8),
            paragraph(said(STORY + " By and by."), element=9),
            paragraph(said("Oho"), element=10),
        )
        if markup:
            return make_page(*blocks, elements=SITE)
        return make_page(*(replace(block, element=-1) for block in blocks))

    one, two = matrix_of(page(False), 1), matrix_of(page(True), 1)
    assert one.phrases == two.phrases == {}
    for name, ours, theirs in zip(NAMES, one.values, two.values, strict=True):
        assert same(ours, theirs), name
