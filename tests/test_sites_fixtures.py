"""On invented sites with recurring boxes templates leave the articles, whole, and nothing else."""

from __future__ import annotations

from collections import Counter

import pytest
from site_pages import SITES, site_files, site_template

from cleaner import clean
from cleaner.evaluate.score import words


def extra(text: str, expected: str) -> int:
    """Return how many words a text has that are not expected."""
    return (Counter(words(text)) - Counter(words(expected))).total()


@pytest.mark.parametrize("name", SITES)
def test_nothing_but_the_articles_is_left(name: str) -> None:
    template = site_template(name)
    for url, body, expected in site_files(name):
        assert clean(body, url=url, site=template).text + "\n" == expected, url


@pytest.mark.parametrize("name", SITES)
def test_the_boxes_cannot_be_told_from_the_articles_by_one_page(name: str) -> None:
    left = [extra(clean(body, url=url).text, expected) for url, body, expected in site_files(name)]
    assert min(left) >= 30


@pytest.mark.parametrize("name", SITES)
def test_the_sites_are_whole(name: str) -> None:
    files = site_files(name)
    assert len(files) == 12
    assert len({expected for _, _, expected in files}) == 12
    assert site_template(name).pages == 12


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("news", {"What happens next"}),
        ("docs", {"Example", "Parameters", "See also"}),
        ("recipes", {"Ingredients", "Method", "How to keep it", "1 tsp salt", "2 tbsp olive oil"}),
    ],
)
def test_what_recurs_in_the_articles_themselves_stays(name: str, kept: set[str]) -> None:
    template = site_template(name)
    assert kept <= {block.text for block in template.blocks.values()}
    lines = Counter(
        line
        for url, body, _ in site_files(name)
        for line in clean(body, url=url, site=template).text.split("\n")
    )
    for text in kept:
        assert lines[text] >= 3
