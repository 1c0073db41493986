"""A page as flat arrays: texts' heads, spans, and the tree around blocks."""

from __future__ import annotations

import numpy as np
import pytest
from builders import any_blocks, heading, link, nasty_texts, paragraph, picture, strong
from builders import page as make_page
from feature_pages import site_arrays
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Block, Kind, LabelName
from cleaner.features.arrays import (
    HIDDEN,
    HINT_BITS,
    KINDS,
    MAX_DEPTH,
    PageArrays,
    log1,
    read_arrays,
    share,
)
from cleaner.features.wording import HEAD, split_head
from cleaner.types import Element

NOWHERE = 11
"""The place that holds nothing, on the page of ``site_arrays``."""


def arrays_of(*blocks: Block, elements: tuple[Element, ...] = ()) -> PageArrays:
    return read_arrays(make_page(*blocks, elements=elements))


def heads_of(*texts: str) -> list[list[str]]:
    heads = arrays_of(*map(paragraph, texts)).heads
    ends = [*heads.starts[1:].tolist(), len(heads.words)]
    words = [heads.words[a:b] for a, b in zip(heads.starts.tolist(), ends, strict=True)]
    assert all(part[0] == "\0" for part in words)
    assert heads.sizes.tolist() == [len(part) - 1 for part in words]
    return [part[1:] for part in words]


def test_words_of_heads() -> None:
    assert heads_of("One, TWO 3 fo_ur", "", "5!", "Été déjà", "船が来た") == [
        ["one", "two", "fo", "ur"],
        [],
        [],
        ["été", "déjà"],
        ["船が来た"],
    ]


def test_only_the_beginning_of_a_text_is_read() -> None:
    assert heads_of("x" * HEAD + " y", "x" * (HEAD - 2) + " yes") == [
        ["x" * HEAD],
        ["x" * (HEAD - 2), "y"],
    ]


@given(st.lists(st.one_of(nasty_texts, st.text()), min_size=1, max_size=6))
def test_words_are_those_of_each_text_by_itself(texts: list[str]) -> None:
    assert heads_of(*texts) == [split_head(text) for text in texts]


def test_numbers_of_words() -> None:
    heads = arrays_of(*map(paragraph, ("One two, one", "", "two three"))).heads
    numbers = heads.look_up({"one": 1, "three": 5}, np.int64)
    assert np.add.reduceat(numbers, heads.starts).tolist() == [2, 0, 5]
    assert not heads.look_up({}, np.float32).any()


def test_spans_are_counted() -> None:
    page = arrays_of(
        paragraph("Plain"),
        paragraph(link("/a", "one"), " or ", link("/b", strong("three")), picture("/c"), "!"),
    )
    assert page.linked.tolist() == [0, 8]
    assert page.links.tolist() == [0, 2]
    assert page.images.tolist() == [0, 1]
    assert page.strong.tolist() == [0, 5]


def test_codes_of_blocks() -> None:
    hidden = ["", *list(HIDDEN)[1:], "by some new means"]
    page = arrays_of(*(paragraph("x", hidden=why) for why in hidden), heading(3, "y", group=4))
    assert page.hidden.tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 6, 0]
    assert page.seen.tolist() == [True] * 4 + [False] * 5 + [True]
    assert page.kind.tolist() == [KINDS[Kind.PARAGRAPH]] * 9 + [KINDS[Kind.HEADING]]
    assert page.level.tolist() == [0] * 9 + [3]
    assert page.group.tolist() == [-1] * 9 + [4]
    assert page.size == 10


def test_elements_around_blocks() -> None:
    page = site_arrays()
    assert page.places == NOWHERE + 1
    assert page.around.T.tolist() == [
        [3, 2, 1, 0, NOWHERE],
        [4, 2, 1, 0, NOWHERE],
        [5, 2, 1, 0, NOWHERE],
        [6, 1, 0, NOWHERE, NOWHERE],
        [8, 7, 6, 1, 0],
        [9, 7, 6, 1, 0],
        [10, 1, 0, NOWHERE, NOWHERE],
    ]


def test_text_captures_have_no_elements_around() -> None:
    page = arrays_of(paragraph("a"), paragraph("b"))
    assert page.around.tolist() == [[0, 0]]
    assert page.places == 1


@pytest.mark.parametrize("depth", [1, MAX_DEPTH, MAX_DEPTH + 1, 500])
def test_only_the_innermost_elements_are_looked_at(depth: int) -> None:
    elements = tuple(Element("div", n - 1) for n in range(depth))
    page = arrays_of(paragraph("a", element=depth - 1), elements=elements)
    assert page.around[:, 0].tolist() == list(range(depth))[::-1][:MAX_DEPTH]


def test_blocks_of_one_kind_in_elements_of_one_look_have_one_shape() -> None:
    elements = (
        Element("body", -1),
        Element("div", 0, "card big"),
        Element("div", 0, "card small"),
        Element("div", 0, "other"),
        Element("p", 1),
        Element("p", 2),
        Element("p", 3),
    )
    page = arrays_of(
        paragraph("a", element=4),
        paragraph("b", element=5),
        paragraph("c", element=6),
        heading(2, "d", element=4),
        elements=elements,
    )
    first, second, other, head = page.shape.tolist()
    assert first == second
    assert len({first, other, head}) == 3


def test_siblings_of_one_tag_and_first_name_are_alike() -> None:
    page = site_arrays()
    alike = page.alike.tolist()
    assert alike[3] == alike[4] == alike[5]
    assert alike[8] == alike[9]
    assert len({alike[n] for n in (0, 1, 2, 3, 6, 7, 8, 10, NOWHERE)}) == 9


def test_elements_of_two_lists_are_not_alike() -> None:
    elements = (Element("ul", -1), Element("li", 0), Element("ul", -1), Element("li", 2))
    page = arrays_of(paragraph("a", element=1), paragraph("b", element=3), elements=elements)
    assert page.alike[1] != page.alike[3]
    assert page.shape[0] == page.shape[1]


def test_elements_without_blocks_look_like_none() -> None:
    elements = (Element("html", -1), Element("div", 0, "promo"), Element("p", 0, "promo"))
    page = arrays_of(paragraph("a", element=2), elements=elements)
    assert page.looks == [("html", ""), ("p", "promo"), ("", "")]
    assert page.look.tolist() == [0, 2, 1, 2]
    assert page.hints.tolist() == [0, 0, HINT_BITS[LabelName.PROMO], 0]


def test_names_that_speak_for_several_labels_have_a_bit_each() -> None:
    elements = (Element("div", -1, "share-bar related"),)
    page = arrays_of(paragraph("a", element=0), elements=elements)
    assert page.hints[0] == HINT_BITS[LabelName.SHARE] | HINT_BITS[LabelName.PROMO]


def test_elements_that_hold_ever_more() -> None:
    """A list item of two paragraphs in a list of three items, in a page of four blocks."""
    parents = {"body": -1, "div": 0, "ul": 1, "li": 2, "p": 3}
    elements = tuple(Element(tag, parent) for tag, parent in parents.items())
    places = (4, 3, 2, 0)
    page = arrays_of(*[paragraph("a", element=place) for place in places], elements=elements)
    assert page.held.tolist() == [4, 3, 3, 2, 1, 0]
    assert [place[0] for place in page.wider] == [3, 2, 0, 0, 0]
    assert [place[3] for place in page.wider] == [0, 0, 0, 0, 0]


@given(any_blocks)
def test_arrays_have_a_value_a_block(blocks: list[Block]) -> None:
    if not blocks:
        return
    page = arrays_of(*blocks)
    assert page.size == len(blocks)
    for name in "kind hidden level group linked links images strong shape".split():
        assert getattr(page, name).shape == (page.size,)
    assert page.around.shape[1] == page.size
    for name in "look alike hints".split():
        assert getattr(page, name).shape == (page.places,)


def test_shares_and_logarithms() -> None:
    assert share(np.array([1.0, 0, 3]), np.array([4.0, 0, 1])).tolist() == [0.25, 0, 3]
    assert log1(np.array([0.0, np.e - 1])).tolist() == pytest.approx([0, 1])
