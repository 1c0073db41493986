"""What is true of a whole page."""

from __future__ import annotations

import math

import numpy as np
import pytest
from builders import block, capture, code, heading, link, paragraph, row
from builders import page as make_page
from feature_pages import NAN, site

from cleaner import Kind, MediaType, Page
from cleaner.features.arrays import read_arrays
from cleaner.features.whole import whole_columns
from cleaner.types import Element, Fact


def whole(page: Page) -> dict[str, float]:
    """Return the features without their prefix; all blocks have the same."""
    found = {}
    for name, values in whole_columns(read_arrays(page)).items():
        assert values.shape == (len(page.blocks),)
        assert len(set(values.tolist())) == 1 or np.isnan(values).all()
        found[name.removeprefix("page_")] = float(values[0])
    return found


def at(url: str | None) -> dict[str, float]:
    return whole(make_page(paragraph("a"), capture=capture(url=url)))


def kinds_of(features: dict[str, float], prefix: str) -> set[str]:
    kinds = ("article", "product", "list", "thread", "docs", "service", "business")
    return {kind for kind in kinds if features.get(prefix + kind)}


@pytest.mark.parametrize(
    ("url", "kinds"),
    [
        ("https://bees.example/2024/03/hives", {"article"}),
        ("https://bees.example/2024-03-08-hives", {"article"}),
        ("https://bees.example/News/hives", {"article"}),
        ("https://bees.example/news/", set()),
        ("https://bees.example/shop/products/hive", {"product", "list"}),
        ("https://bees.example/hive-p123.html", {"product"}),
        ("https://bees.example/category/hives", {"list"}),
        ("https://bees.example/?q=hive", {"list"}),
        ("https://bees.example/threads/hives", {"thread"}),
        ("https://docs.bees.example/install", {"docs"}),
        ("https://bees.example/api/hive", {"docs"}),
        ("https://bees.example/about", {"service"}),
        ("https://bees.example/", set()),
        ("", set()),
        (None, set()),
    ],
)
def test_addresses(url: str | None, kinds: set[str]) -> None:
    assert kinds_of(at(url), "url_") == kinds


@pytest.mark.parametrize(
    ("url", "depth", "words"),
    [
        ("https://bees.example", 0, 0),
        ("https://bees.example/", 0, 0),
        ("https://bees.example/hives", 1, 0),
        ("https://bees.example/a/b/how-to-keep-bees/", 3, 3),
        (None, NAN, NAN),
        ("", NAN, NAN),
    ],
)
def test_paths(url: str | None, depth: float, words: float) -> None:
    found = at(url)
    assert found["url_depth"] == pytest.approx(depth, nan_ok=True)
    assert found["url_words"] == pytest.approx(words, nan_ok=True)


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ('{"@type": "NewsArticle"}', {"article"}),
        ('{"@type": ["Product", "Thing"]}', {"product"}),
        ('{"@type": "ItemList"}', {"list"}),
        ('{"@type": "QAPage"}', {"thread"}),
        ('{"@type": "LocalBusiness"}', {"business"}),
        ("", set()),
        ("no JSON", set()),
    ],
)
def test_structured_data(source: str, kinds: set[str]) -> None:
    assert kinds_of(whole(make_page(paragraph("a"), json_ld=("{}", source))), "json_") == kinds


def test_facts_of_the_head() -> None:
    plain = whole(make_page(paragraph("a")))
    told = whole(
        make_page(
            paragraph("a"),
            facts=(
                Fact("meta", "og:type", "Article"),
                Fact("meta", "article:published_time", "2024"),
                Fact("time", "datetime", "2024"),
                Fact("time", "datetime", "2025"),
                Fact("meta", "generator", "phpBB"),
            ),
        )
    )
    changed = {name: told[name] for name in told if told[name] != plain[name]}
    assert changed == {
        "og_article": 1,
        "published": 1,
        "times": pytest.approx(math.log(3)),
        "forum": 1,
    }
    for kind in ("product", "website"):
        page = make_page(paragraph("a"), facts=(Fact("meta", "og:type", kind),))
        assert [name for name, value in whole(page).items() if name[:3] == "og_" and value] == [
            f"og_{kind}"
        ]


def test_how_a_page_is_written() -> None:
    html = whole(site())
    assert (html["markup"], html["markdown"]) == (1, 0)
    for media_type, is_markdown in ((MediaType.MARKDOWN, 1), (MediaType.TEXT, 0)):
        text = whole(make_page(paragraph("a"), capture=capture(media_type=media_type)))
        assert (text["markup"], text["markdown"]) == (0, is_markdown)


def test_what_a_page_is_made_of() -> None:
    found = whole(site())
    expected = {
        "blocks": math.log1p(7),
        "length": math.log1p(328),
        "linked": 15 / 328,
        "links": 3 / 7,
        "long": 200 / 328,
        "long_count": math.log1p(1),
        "mean": 328 / 7,
        "hidden": 7 / 335,
        "headings": 1 / 7,
        "currency": 0,
        "digits": 0,
        "dense": 0,
        "code": 0,
        "rows": 0,
        "controls": 0,
        "articles": 0,
        "mains": 1,
        "times": 0,
    }
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, abs=1e-6), name


def test_other_blocks_and_elements() -> None:
    found = whole(
        make_page(
            code("x = 1"),
            row(["€ 5", "船"]),
            block(Kind.CONTROL, "Send"),
            heading(2, "a"),
            elements=(Element("article", -1), Element("article", 0)),
        )
    )
    assert [found[name] for name in ("code", "rows", "controls", "headings")] == [0.25] * 4
    assert found["currency"] == pytest.approx(math.log1p(1))
    assert found["digits"] == pytest.approx(2 / 15)
    assert found["dense"] == pytest.approx(1 / 15)
    assert found["articles"] == pytest.approx(math.log1p(2))
    assert found["mains"] == 0


def test_a_long_text_of_links_is_not_long() -> None:
    words = "word " * 40
    assert whole(make_page(paragraph(link("/", words))))["long"] == 0
    assert whole(make_page(paragraph(words)))["long"] == 1


@pytest.mark.parametrize("hidden", ["", "display-none"])
def test_pages_without_text_that_is_seen(hidden: str) -> None:
    for text in ("", "unseen" if hidden else ""):
        found = whole(make_page(paragraph(text, hidden=hidden), capture=capture(url=None)))
        assert all(math.isfinite(v) for n, v in found.items() if not n.startswith("url_"))
        assert found["linked"] == found["long"] == 0
