from __future__ import annotations

import pytest
from metadata_pages import BODY, HEADLINE, json_ld, meta, metadata_of


def type_of(
    head: str = "", body: str = HEADLINE + BODY, url: str = "https://quay.example/a1"
) -> tuple[str | None, str | None]:
    found = metadata_of(head, body, url=url)
    return found.page_type, found.sources.get("page_type")


@pytest.mark.parametrize(
    ("kind", "page_type"),
    [
        ("NewsArticle", "article"),
        ("BlogPosting", "article"),
        ("Recipe", "recipe"),
        ("Product", "product"),
        ("DiscussionForumPosting", "forum"),
        ("QAPage", "forum"),
        ("TechArticle", "documentation"),
        ("CollectionPage", "listing"),
        ("MusicEvent", "event"),
        ("WebPage", None),
    ],
)
def test_json_ld_tells_the_type(kind: str, page_type: str | None) -> None:
    source = "json-ld:@type" if page_type else None
    assert type_of(json_ld({"@type": kind, "name": "Ropes"})) == (page_type, source)


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (meta("og:type", "product"), ("product", "meta:og:type")),
        (meta("generator", "Sphinx 7.2"), ("documentation", "meta:generator")),
        (meta("generator", "phpBB"), ("forum", "meta:generator")),
        (
            meta("og:type", "article") + meta("article:published_time", "2025-08-24"),
            ("article", "meta:published"),
        ),
        (meta("og:type", "article"), (None, None)),  # many systems say so of every page
        ("", (None, None)),
    ],
)
def test_meta_tags_tell_the_type(head: str, found: tuple[str | None, str | None]) -> None:
    assert type_of(head) == found


@pytest.mark.parametrize(
    ("url", "page_type"),
    [
        ("https://docs.ropes.example/splice", "documentation"),
        ("https://ropes.example/en/docs/splice", "documentation"),
        ("https://forum.ropes.example/x", "forum"),
        ("https://ropes.example/threads/which-rope.12/", "forum"),
        ("https://ropes.example/products/dock-line", "product"),
        ("https://ropes.example/collections/dock-lines", "listing"),
        ("https://ropes.example/productive-days", None),
        ("https://ropes.example/", None),
    ],
)
def test_the_address_tells_the_type(url: str, page_type: str | None) -> None:
    assert type_of(url=url)[0] == page_type


def test_a_page_with_author_and_date_is_an_article() -> None:
    body = f"{HEADLINE}<p>By Jane Roe</p><p>24 August 2025</p>{BODY}"
    assert type_of(body=body) == ("article", "page:byline")
    assert type_of(body=body, url="https://quay.example/")[0] is None
