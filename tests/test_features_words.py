"""What words and names speak for, with odds made by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from builders import page as make_page
from builders import paragraph
from feature_pages import NO_ODDS, check, site_arrays

from cleaner.features.arrays import read_arrays
from cleaner.features.wording import split_names
from cleaner.features.words import (
    WHOLE,
    WordOdds,
    name_odds,
    whole_text,
    word_columns,
)
from cleaner.lexicon import MAX_NAMES

ODDS = WordOdds(
    words={"hives": 1.5, "subscribe": -2.0, "now": -0.5},
    texts={"subscribe now": -3.0, "0 hives": 2.0},
    names={"menu": -2.0, "<nav>": -1.0, "story": 1.5, "footer.site": -0.5, "storytext": 0.25},
)


@pytest.mark.parametrize(
    ("text", "looked_up"),
    [
        ("Page 12 of 304", "page 0 of 0"),
        (" Read MORE\n", "read more"),
        ("٣ كتب", "0 كتب"),
        ("", ""),
        ("x" * WHOLE, "x" * WHOLE),
        ("x" * (WHOLE + 1), ""),
    ],
)
def test_whole_texts(text: str, looked_up: str) -> None:
    assert whole_text(text) == looked_up


@pytest.mark.parametrize(
    ("tag", "names", "parts"),
    [
        ("div", "", ("<div>",)),
        ("div", "story", ("<div>", "story", "div.story")),
        (
            "ul",
            "siteNav c-menu__item--2",
            "<ul> site nav c menu item sitenav navc cmenu menuitem ul.site".split(),
        ),
        ("p", "a a a", ("<p>", "a", "aa", "p.a")),
        ("p", "1234", ("<p>", "p.")),
        ("p", "HTMLText", ("<p>", "html", "text", "htmltext", "p.html")),
    ],
)
def test_parts_of_names(tag: str, names: str, parts: Sequence[str]) -> None:
    assert set(split_names(tag, names)) == set(parts)
    assert len(set(split_names(tag, names))) == len(split_names(tag, names))


def test_endless_names_are_read_in_part() -> None:
    assert "late" not in split_names("p", "early " * MAX_NAMES + "late")


def test_words_by_hand() -> None:
    page = make_page(
        *map(paragraph, ("Subscribe now", "34 hives", "Hives, hives; subscribe", "Bees", ""))
    )
    check(
        word_columns(read_arrays(page), ODDS),
        word_odds=[-1.25, 1.5, 1 / 3, 0, 0],
        word_sum=[-2.5, 1.5, 1, 0, 0],
        word_min=[-2, 0, -2, 0, 0],
        word_max=[0, 1.5, 1.5, 0, 0],
        words_known=[2, 1, 3, 0, 0],
        text_odds=[-3, 2, 0, 0, 0],
    )


def test_without_odds_words_say_nothing() -> None:
    page = make_page(*map(paragraph, ("Subscribe now", "", "Hives")))
    for name, values in word_columns(read_arrays(page), NO_ODDS).items():
        assert not values.any(), name


def test_names_by_hand() -> None:
    least, most, total = name_odds(site_arrays(), ODDS)
    expected = np.zeros((12, 3))
    expected[2] = -2, 0, -3  # the menu
    expected[7] = 0, 1.5, 1.75  # the story
    expected[10] = -0.5, 0, -0.5  # the footer
    np.testing.assert_allclose(np.stack([least, most, total], axis=1), expected)
