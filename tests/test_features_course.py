"""Where blocks stand, and what is before and after them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from builders import block, heading, item, link, paragraph
from builders import page as make_page
from feature_pages import NAN, check, logs, site
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Kind, Page
from cleaner.features.arrays import Columns, read_arrays
from cleaner.features.course import NEAR, WIDE, course_columns, shifted, window
from cleaner.features.own import own_columns
from cleaner.features.phrases import find_phrases
from cleaner.features.words import WordOdds, word_columns
from cleaner.types import Element, Fact

ODDS = WordOdds(words={"home": -2.0, "news": -1.0, "road": 0.5})
LENGTHS = [4, 4, 7, 13, 200, 100, 7]
NUMBERS = st.lists(st.integers(-9, 9), min_size=1, max_size=12)


def columns_of(page: Page, title: int = -1) -> tuple[Columns, Columns]:
    """Return what blocks show by themselves, and the columns under test."""
    arrays = read_arrays(page)
    phrases = {} if page.elements else find_phrases(page.blocks)
    own = own_columns(arrays, phrases) | word_columns(arrays, ODDS)
    return own, course_columns(arrays, title, own)


def course(page: Page, title: int = -1) -> Columns:
    return columns_of(page, title)[1]


def test_places_on_the_page() -> None:
    before = np.array([0, 4, 8, 15, 28, 228, 328])
    check(
        course(site(), title=3),
        index=logs(*range(7)),
        index_back=logs(*range(6, -1, -1)),
        position=np.arange(7) / 7,
        text_before=before / 335,
        text_after=(335 - before - LENGTHS) / 335,
        from_title=np.arange(7) - 3,
        text_from_title=(before - 15) / 335,
    )


def test_without_a_headline_the_way_from_it_is_unknown() -> None:
    columns = course(site())
    check(columns, from_title=NAN, text_from_title=NAN, with_title_share=NAN, with_title_depth=NAN)
    check(columns, like_title=0)


def test_the_way_from_the_headline_has_an_end() -> None:
    page = make_page(*[paragraph("x")] * 300)
    check(course(page, title=60), from_title=np.clip(np.arange(300) - 60, -50, 200))


def test_sections() -> None:
    check(
        course(site()),
        from_heading=[NAN, NAN, NAN, 0, 1, 2, 3],
        heading_level=[0, 0, 0, 1, 1, 1, 1],
        section_blocks=logs(3, 3, 3, 4, 4, 4, 4),
        section_length=logs(15, 15, 15, 320, 320, 320, 320),
        section_linked=[1, 1, 1, 0, 0, 0, 0],
        section_long=[0, 0, 0, *[200 / 320] * 4],
    )


def test_lists_and_tables() -> None:
    check(
        course(site()),
        group_blocks=logs(3, 3, 3, 1, 1, 1, 1),
        group_length=logs(15, 15, 15, 13, 200, 100, 7),
        group_linked=[1, 1, 1, 0, 0, 0, 0],
        group_long=[0, 0, 0, 0, 1, 0, 0],
    )


def test_two_lists_and_what_is_in_none() -> None:
    page = make_page(item("a", group=5), paragraph("bb"), item("ccc", group=2), item("d", group=5))
    check(course(page), group_blocks=logs(2, 1, 1, 2), group_length=logs(2, 2, 3, 2))


def test_what_the_heading_above_says() -> None:
    page = make_page(
        paragraph("a"), heading(2, "Related"), paragraph("b"), heading(4, "Bees"), paragraph("c")
    )
    columns = course(page)
    check(
        columns,
        under_promo=[0, 1, 1, 0, 0],
        under_share=0,
        heading_level=[0, 2, 2, 4, 4],
        from_heading=[NAN, 0, 1, 0, 1],
    )


def test_neighbours_one_by_one() -> None:
    own, columns = columns_of(site())
    for name in ("length", "linked", "last_end", "word_odds"):
        values = own[name].tolist()
        check(
            columns,
            **{
                f"{name}_before1": [0, *values[:-1]],
                f"{name}_before2": [0, 0, *values[:-2]],
                f"{name}_after1": [*values[1:], 0],
                f"{name}_after2": [*values[2:], 0, 0],
            },
        )
    check(
        columns,
        word_odds_before1=[0, -2, -1, 0, 0.5, 0, 0.5],
        heading_before=[0, 0, 0, 0, 1, 0, 0],
    )


@pytest.mark.parametrize(("name", "reach"), [("near", NEAR), ("wide", WIDE)])
def test_neighbourhoods(name: str, reach: int) -> None:
    own, columns = columns_of(site())
    linked = np.array([4, 4, 7, 0, 0, 0, 0])
    words, odds = own["words"], own["word_odds"] * own["words"]
    for index in range(7):
        around = [n for n in range(index - reach, index + reach + 1) if n != index and 0 <= n < 7]
        length = sum(LENGTHS[n] for n in around)
        expected = {
            "length": np.log1p(length),
            "linked": linked[around].sum() / length,
            "ends": own["last_end"][around].sum(),
            "odds": odds[around].sum() / words[around].sum(),
        }
        for feature, value in expected.items():
            assert columns[f"{name}_{feature}"][index] == pytest.approx(value, abs=1e-5)


@given(NUMBERS, st.integers(-4, 4).filter(bool))
def test_shifted(numbers: list[int], step: int) -> None:
    expected = [
        numbers[n - step] if 0 <= n - step < len(numbers) else 0 for n in range(len(numbers))
    ]
    assert shifted(np.array(numbers), step).tolist() == expected


@given(NUMBERS, st.integers(1, 15))
def test_windows(numbers: list[int], reach: int) -> None:
    expected = [
        sum(numbers[max(n - reach, 0) : n]) + sum(numbers[n + 1 : n + reach + 1])
        for n in range(len(numbers))
    ]
    assert window(np.array(numbers, dtype=np.float32), reach).tolist() == expected


def test_words_of_the_headline() -> None:
    page = make_page(
        heading(1, "The long ROAD"),
        paragraph("A long road, the road"),
        paragraph("Bees"),
        paragraph(""),
    )
    check(course(page, title=0), like_title=[1, 4 / 5, 0, 0])


@pytest.mark.parametrize(
    "told",
    [
        {"facts": (Fact("meta", "og:description", "A long road."),)},
        {"facts": (Fact("meta", "Description", "a road, long"),)},
        {"json_ld": ('{"@type": "NewsArticle", "headline" : "A \\"long\\" road"}',)},
        {"json_ld": ("broken", '{"name": "a long"}, {"description": "road"')},
    ],
)
def test_words_of_descriptions(told: dict[str, Any]) -> None:
    page = make_page(paragraph("A road is long"), paragraph("Bees"), paragraph("7"), **told)
    check(course(page), like_description=[3 / 4, 0, 0])


def test_other_facts_are_no_descriptions() -> None:
    page = make_page(
        paragraph("A road"), facts=(Fact("meta", "keywords", "road"),), json_ld=('{"url": "road"}',)
    )
    check(course(page), like_description=0)


def test_the_smallest_element_with_the_headline() -> None:
    check(
        course(site(), title=3),
        with_title_share=[1, 1, 1, 313 / 335, 313 / 335, 313 / 335, 1],
        with_title_depth=[2, 2, 2, 0, 2, 2, 1],
    )


def test_a_headline_in_no_element_shares_none() -> None:
    page = make_page(
        heading(1, "a"), paragraph("b", element=1), elements=(Element("body", -1), Element("p", 0))
    )
    columns = course(page, title=0)
    assert columns["with_title_depth"].tolist() == [2, 2]
    assert np.isfinite(columns["with_title_share"]).all()


def test_one_block_has_no_neighbours() -> None:
    columns = course(make_page(paragraph(link("/", "Home"))))
    check(
        columns,
        index=0,
        index_back=0,
        position=0,
        text_before=0,
        text_after=0,
        near_length=0,
        near_linked=0,
        near_odds=0,
        wide_length=0,
        length_before1=0,
        length_after2=0,
        section_blocks=logs(1),
        heading_before=0,
    )


def test_texts_that_are_all_empty() -> None:
    for name, values in course(make_page(*[block(Kind.IMAGE)] * 3), title=1).items():
        missing = name.startswith("with_title") or name == "from_heading"
        assert np.isfinite(values).all() != missing, name
