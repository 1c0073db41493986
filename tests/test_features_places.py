"""What the elements around a block say, on a small page counted by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from builders import item, link, paragraph
from builders import page as make_page
from feature_pages import NO_ODDS, SITE, check, logs, site

from cleaner import Page
from cleaner.features.arrays import HINTS, Columns, read_arrays
from cleaner.features.places import TAGS, place_columns
from cleaner.features.words import WordOdds
from cleaner.types import Element

ODDS = WordOdds(
    names={"menu": -2.0, "<nav>": -1.0, "story": 1.5, "footer.site": -0.5, "main": 0.75}
)


def places(page: Page, odds: WordOdds = NO_ODDS) -> Columns:
    return place_columns(read_arrays(page), odds)


def test_elements_around() -> None:
    columns = places(site())
    around = {
        "nav": [1, 1, 1, 0, 0, 0, 0],
        "li": [1, 1, 1, 0, 0, 0, 0],
        "main": [0, 0, 0, 1, 1, 1, 0],
        "p": [0, 0, 0, 0, 1, 1, 0],
        "footer": [0, 0, 0, 0, 0, 0, 1],
    }
    for tag in TAGS:
        check(columns, **{f"in_{tag}": around.get(tag, 0)})
    check(
        columns,
        depth=[4, 4, 4, 3, 5, 5, 3],
        is_p=around["p"],
        is_a=0,
    )


@pytest.mark.parametrize("tag", TAGS)
def test_each_tag_is_a_feature(tag: str) -> None:
    elements = (Element("html", -1), Element(tag, 0), Element("div", 1))
    columns = places(
        make_page(paragraph("a", element=2), paragraph("b", element=0), elements=elements)
    )
    inside = {name for name in columns if name.startswith("in_") and columns[name][0]}
    assert inside == {f"in_{tag}"}
    assert not any(columns[name][1] for name in inside)


def test_names_around() -> None:
    check(
        places(site(), ODDS),
        name_min=[-2, -2, -2, 0, 0, 0, -0.5],
        name_max=[0, 0, 0, 0, 1.5, 1.5, 0],
        # The story holds most of the page: its name is one of the page.
        name_min_small=[-2, -2, -2, 0, 0, 0, -0.5],
        name_max_small=0,
        name_sum=[-3, -3, -3, 0, 1.5, 1.5, -0.5],
        name_sum_small=[-3, -3, -3, 0, 0, 0, -0.5],
        name_own=[0, 0, 0, 0, 0, 0, -0.5],
        name_own3=[-3, -3, -3, 0, 1.5, 1.5, -0.5],
    )


def test_labels_that_names_speak_for() -> None:
    columns = places(site())
    named = {
        "navigation": [1, 1, 1, 0, 0, 0, 0],
        "content": [0, 0, 0, 0, 1, 1, 0],
        "legal": [0, 0, 0, 0, 0, 0, 1],
    }
    for label in HINTS:
        check(columns, **{f"named_{label}": named.get(label, 0)})


def test_what_holds_most_of_the_page_is_named_content_or_comments_alone() -> None:
    elements = (Element("body", -1), Element("div", 0, "sidebar comments"))
    page = make_page(paragraph("A road.", element=1), paragraph("x", element=0), elements=elements)
    check(places(page), named_promo=0, named_comment=[1, 0])
    small = make_page(paragraph("x", element=1), paragraph("A road.", element=0), elements=elements)
    check(places(small), named_promo=[1, 0], named_comment=[1, 0])


def test_elements_beside_their_like() -> None:
    check(
        places(site()),
        beside_own=[3, 3, 3, 1, 2, 2, 1],
        beside_parent=[1, 1, 1, 1, 1, 1, 1],
        card_beside=logs(3, 3, 3, 1, 2, 2, 1),
        card_text=logs(5, 5, 5, 313, 150, 150, 0),
        card_links=logs(1, 1, 1, 0, 0, 0, 0),
        card_blocks=logs(1, 1, 1, 3, 1, 1, 1),
        inner_beside=logs(3, 3, 3, 1, 2, 2, 1),
        inner_text=logs(5, 5, 5, 313, 150, 150, 0),
        shape_count=logs(3, 3, 3, 1, 2, 2, 1),
        shape_share=np.array([3, 3, 3, 1, 2, 2, 1]) / 7,
        shape_length=logs(5, 5, 5, 13, 150, 150, 7),
        shape_linked=[1, 1, 1, 0, 0, 0, 0],
    )


def cards() -> Page:
    """Return a page of three cards of four lines each, and a last line by itself."""
    elements = [Element("body", -1)]
    blocks = []
    for _ in range(3):
        elements.append(Element("section", 0, "card"))
        card = len(elements) - 1
        for line in range(4):
            elements.append(Element("p", card))
            blocks.append(paragraph(link("/", "x" * (line + 1)), element=len(elements) - 1))
    return make_page(*blocks, paragraph("last", element=0), elements=tuple(elements))


def test_of_cards_in_cards_the_outermost_and_the_innermost() -> None:
    check(
        places(cards()),
        beside_own=[4] * 12 + [1],
        beside_parent=[3] * 12 + [0],
        card_beside=logs(*[3] * 12, 1),
        card_text=logs(*[10] * 12, 34),
        card_links=logs(*[4] * 12, 12),
        card_blocks=logs(*[4] * 12, 13),
        inner_beside=logs(*[4] * 12, 1),
        inner_text=logs(*[2.5] * 12, 34),
    )


WHOLE = 335.0
"""Characters of the small page, hidden ones too."""


def densities(
    name: str, length: float, blocks: int, linked: float, long: float, ends: int, heads: int
) -> dict[str, float]:
    return {
        f"{name}_length": math.log1p(length),
        f"{name}_share": length / WHOLE,
        f"{name}_blocks": math.log1p(blocks),
        f"{name}_linked": linked / length if length else 0,
        f"{name}_mean": length / blocks,
        f"{name}_long": long / length if length else 0,
        f"{name}_ends": ends / blocks,
        f"{name}_heads": heads / blocks,
    }


MENU = {"length": 15, "blocks": 3, "linked": 15, "long": 0, "ends": 0, "heads": 0}
MAIN = {"length": 313, "blocks": 3, "linked": 0, "long": 200, "ends": 3, "heads": 1}
STORY = {"length": 300, "blocks": 2, "linked": 0, "long": 200, "ends": 3, "heads": 0}
BODY = {"length": 328, "blocks": 7, "linked": 15, "long": 200, "ends": 3, "heads": 1}
FOOTER = {"length": 0, "blocks": 1, "linked": 0, "long": 0, "ends": 0, "heads": 0}
SECOND = {"length": 100, "blocks": 1, "linked": 0, "long": 0, "ends": 2, "heads": 0}


@pytest.mark.parametrize(
    ("block", "levels", "region"),
    [
        (0, (MENU, BODY, BODY, BODY), MENU),
        (2, (MENU, BODY, BODY, BODY), MENU),
        (3, (BODY, BODY, BODY, BODY), BODY),
        (4, (STORY, MAIN, BODY, BODY), BODY),
        (5, (STORY, MAIN, BODY, BODY), SECOND),
        (6, (BODY, BODY, BODY, BODY), FOOTER),
    ],
)
def test_densities_of_the_elements_around(
    block: int, levels: tuple[dict[str, int], ...], region: dict[str, int]
) -> None:
    columns = places(site())
    parts = {f"up{level}": part for level, part in enumerate(levels, start=1)}
    for name, part in (parts | {"region": region}).items():
        for feature, value in densities(name, **part).items():
            assert columns[feature][block] == pytest.approx(value, abs=1e-6), feature


def test_long_texts_of_links_are_not_long() -> None:
    words = "word " * 40
    elements = (Element("body", -1), Element("p", 0))
    half = make_page(
        paragraph(link("/", words), words, element=1), paragraph("x", element=0), elements=elements
    )
    check(places(half), up1_long=0, up1_linked=200 / 401)
    less = make_page(
        paragraph(link("/", words), words + "y", element=1),
        paragraph("x", element=0),
        elements=elements,
    )
    check(places(less), up1_long=401 / 402)


def test_without_elements_nothing_is_known() -> None:
    columns = places(make_page(paragraph("a"), item("b"), elements=()))
    assert list(columns) == list(places(site()))
    for name, values in columns.items():
        assert np.isnan(values).all(), name


def test_a_block_outside_of_all_elements_on_a_page_that_has_some() -> None:
    columns = places(make_page(paragraph("a"), paragraph("b", element=8), elements=SITE))
    for name, values in columns.items():
        assert np.isfinite(values).all(), name
    check(columns, depth=[0, 5], in_main=[0, 1], beside_own=[0, 1], name_own=0)
