"""What words and names speak for, domain by domain, and without a domain."""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cleaner.blocks.html import read_html
from cleaner.train.odds import (
    MOST_VOTES,
    Counts,
    Opinion,
    changed,
    count_opinions,
    read_opinions,
    word_odds,
)
from cleaner.types import Capture, MediaType

RULES: dict[str, Any] = {
    "prior": 1.0,
    "least": {"words": 1, "texts": 1, "names": 1},
    "weakest": 0.0,
}
Opinions = tuple[str, tuple[Opinion, ...]]


def opinions(domain: str, words: Opinion) -> Opinions:
    """Return a page's opinions, the same on words, texts and names."""
    return domain, (words, words, words)


def counts(pages: list[Opinions], **rules: Any) -> Counts:
    return count_opinions(pages, {**RULES, **rules})[0]


def test_opinions_of_a_page_are_the_shares_of_places_that_are_main_text() -> None:
    source = (
        "<body><div class=story><p>The goat slept</p><p>The goat ate</p></div>"
        "<div class=menu><p>Goat shop</p></div><p>unknown goat</p></body>"
    )
    page = read_html(Capture(source, MediaType.HTML))
    words, texts, names = read_opinions(page, np.array([1, 0.5, 0, np.nan], dtype=np.float32))
    assert words["the"] == 0.75
    assert words["goat"] == 0.5
    assert words["shop"] == 0
    assert "unknown" not in words
    assert texts == {"the goat slept": 1, "the goat ate": 0.5, "goat shop": 0}
    assert names["menu"] == 0
    assert names["div.story"] == pytest.approx(0.75, abs=0.02)
    assert 0 < names["<body>"] < 1


def test_the_odds_of_a_word_are_held_against_all_words() -> None:
    pages = [opinions(f"d{n}", {"tale": 1.0, "menu": 0.0}) for n in range(3)]
    table = counts(pages).table()
    assert table == {"tale": round(log(3.5 / 0.5), 2), "menu": round(log(0.5 / 3.5), 2)}


def test_a_domain_has_no_more_than_a_few_votes() -> None:
    many = [opinions("a", {"tale": 1.0, "menu": 0.0})] * 50
    few = [opinions("a", {"tale": 1.0, "menu": 0.0})] * MOST_VOTES
    assert counts(many).table() == counts(few).table()
    once = counts(few[:1]).table()
    assert once["tale"] < counts(few).table()["tale"]


def test_words_of_few_domains_and_weak_words_have_no_odds() -> None:
    pages = [
        opinions("a", {"tale": 1.0, "menu": 0.0, "rare": 1.0, "dull": 0.5}),
        opinions("b", {"tale": 1.0, "menu": 0.0, "dull": 0.5, "flat": 0.0}),
    ]
    least = {"words": 2, "texts": 1, "names": 1}
    assert set(counts(pages, least=least).table()) == {"tale", "menu", "dull"}
    assert "dull" not in counts(pages, weakest=0.5).table()


def test_tables_are_counted_apart() -> None:
    said = ({"goat": 1.0, "hen": 0.0}, {"read on": 0.0, "the end": 0.5}, {"menu": 0.5})
    odds = word_odds(count_opinions([("a", said)], RULES))
    assert set(odds.words) == {"goat", "hen"}
    assert set(odds.texts) == {"read on", "the end"}
    assert set(odds.names) == {"menu"}


eighths = st.integers(0, 8).map(lambda n: n / 8)
WORDS = ["goat", "hen", "pond", "mill"]


@st.composite
def balanced_pages(draw: st.DrawFn) -> list[Opinions]:
    """Draw pages on which half of all is main text, so that every part of them has that base."""
    pages = []
    for domain in draw(st.lists(st.sampled_from("abcd"), min_size=1, max_size=8)):
        said = draw(st.dictionaries(st.sampled_from(WORDS), eighths, min_size=1))
        pages.append(opinions(domain, said | {f"no {word}": 1 - x for word, x in said.items()}))
    return pages


@given(balanced_pages(), st.sampled_from("abcd"), st.integers(1, 2), st.sampled_from([0.0, 0.4]))
def test_odds_without_a_domain_are_those_of_pages_without_it(
    pages: list[Opinions], domain: str, least: int, weakest: float
) -> None:
    rest = [page for page in pages if page[0] != domain]
    assume(rest)
    rules: dict[str, Any] = {
        "least": dict.fromkeys(("words", "texts", "names"), least),
        "weakest": weakest,
    }
    assert counts(pages, **rules).table([domain]) == counts(rest, **rules).table()


@given(balanced_pages(), st.sampled_from("abcd"), st.integers(1, 2))
def test_changes_take_a_domain_out_of_the_table_of_all(
    pages: list[Opinions], domain: str, least: int
) -> None:
    count = counts(pages, least=dict.fromkeys(("words", "texts", "names"), least))
    table = count.table()
    assert changed(table, count.changes(domain, table)) == count.table([domain])


def test_a_domain_s_own_words_are_gone_without_it() -> None:
    pages = [opinions("a", {"goat": 1.0, "hen": 0.0}), opinions("b", {"hen": 0.0, "mill": 1.0})]
    count = counts(pages)
    table = count.table()
    assert count.changes("a", table)["goat"] is None
    assert set(changed(table, count.changes("a", table))) == {"hen", "mill"}
    assert count.changes("unheard of", table) == {}


def test_the_order_of_pages_does_not_matter() -> None:
    pages = [opinions(f"d{n}", {"goat": n / 8, f"own{n}": 1 - n / 8}) for n in range(8)]
    assert counts(pages).table() == counts(pages[::-1]).table()
