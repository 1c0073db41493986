from __future__ import annotations

from typing import Any

import pytest
from metadata_pages import BODY, HEADLINE, json_ld, labels_of, meta, metadata_of, page_of

from cleaner.metadata import read_metadata
from cleaner.types import LabelName, Options


def authors_of(head: str = "", body: str = HEADLINE + BODY, **options: Any) -> tuple[str, ...]:
    return metadata_of(head, body, **options).authors


@pytest.mark.parametrize(
    ("author", "people"),
    [
        ("Jane Roe", ("Jane Roe",)),
        ({"@type": "Person", "name": "Jane Roe"}, ("Jane Roe",)),
        ({"@type": "Person", "givenName": "Jane", "familyName": "Roe"}, ("Jane Roe",)),
        ([{"@type": "Person", "name": "Jane Roe"}, "John Doe"], ("Jane Roe", "John Doe")),
        ({"@type": "Person", "name": ["Jane Roe", "John Doe"]}, ("Jane Roe", "John Doe")),
        ({"@type": "Person", "name": "Jane Roe and John Doe"}, ("Jane Roe", "John Doe")),
        ({"@type": "Organization", "name": "Jane Roe Ropes"}, ()),
        ({"@type": "Person", "name": "admin"}, ()),
        ({"@type": "Person", "name": "Harbour Post"}, ()),
        ({"@id": "#jane"}, ("Jane Roe",)),
        ({"@id": "#nobody"}, ()),
        (None, ()),
        (7, ()),
    ],
)
def test_authors_in_json_ld(author: object, people: tuple[str, ...]) -> None:
    article = {"@type": "NewsArticle", "author": author}
    head = json_ld({"@graph": [article, {"@id": "#jane", "@type": "Person", "name": "Jane Roe"}]})
    assert authors_of(head) == people


def test_a_person_is_looked_for_where_json_ld_names_a_firm() -> None:
    head = json_ld({"@type": "Article", "author": {"@type": "Organization", "name": "The Quay"}})
    assert authors_of(head + meta("author", "Jane Roe")) == ("Jane Roe",)


def test_a_person_may_have_an_own_site() -> None:
    author = {"@type": "Person", "name": "Jane Roe"}
    head = meta("og:site_name", "Jane Roe") + json_ld({"@type": "BlogPosting", "author": author})
    assert authors_of(head, url="https://janeroe.example/knots") == ("Jane Roe",)
    firm = json_ld({"@type": "Organization", "name": "Jane Roe"})
    assert authors_of(head + firm, url="https://janeroe.example/knots") == ()


@pytest.mark.parametrize(
    "head",
    [
        meta("author", "By Jane Roe"),
        meta("article:author", "https://social.example/jane") + meta("dc.creator", "Roe, Jane"),
        meta("parsely-author", "Jane Roe") + meta("author", "Harbour Post"),
    ],
)
def test_authors_in_meta_tags(head: str) -> None:
    assert authors_of(head) == ("Jane Roe",)


@pytest.mark.parametrize(
    "byline",
    [
        '<p>By <a rel="author" href="/jane">Jane Roe</a></p>',
        '<p itemprop="author" itemscope><span itemprop="name">Jane Roe</span></p>',
        '<p>Words: <a href="/authors/jane-roe">Jane Roe</a></p>',
        '<div class="c-byline__author">Jane Roe</div>',
        "<p>Written by</p><p>Jane Roe</p>",
        "<p>By Jane Roe | Published 4 May 2025</p>",
        '<p>By <a href="/people/jane-roe/">Jane Roe</a>, reviewed by '
        '<a href="/people/john-doe/">John Doe</a></p>',
    ],
)
def test_authors_beside_the_title(byline: str) -> None:
    assert authors_of(body=HEADLINE + byline + BODY) == ("Jane Roe",)


@pytest.mark.parametrize(
    "block",
    [
        '<div class="comment"><p>By Max Roe</p></div>',
        '<aside class="related"><a rel="author" href="/x">Max Roe</a></aside>',
        '<p class="promo">Personal Finance</p>',
        '<p><a href="/users/sign_in">Sign in</a></p>',
        "<p>By the harbour, boats were waiting.</p>",
    ],
)
def test_no_author_is_guessed(block: str) -> None:
    assert authors_of(body=HEADLINE + block + BODY) == ()


def test_bylines_of_comments_do_not_count() -> None:
    page = page_of(f"<h1>Ropes</h1>{BODY * 2}{'<p>So.</p>' * 4}<p>By Max Roe</p>")
    labels = labels_of(page, {"By Max": LabelName.COMMENT})
    assert read_metadata(page, labels, Options()).authors == ()


def test_a_log_in_counts_where_readers_see_it() -> None:
    head = json_ld({"@type": "Article", "author": {"@type": "Person", "name": "jroe77"}})
    assert authors_of(head) == ()
    assert authors_of(head, f"{HEADLINE}<p>Posted by jroe77</p>{BODY}") == ("jroe77",)


def test_the_first_poster_of_a_thread_is_its_author() -> None:
    body = HEADLINE + "".join(
        f'<div class="post"><a href="/members/{n}/">{n}</a>{BODY}</div>'
        for n in ("ropes4u", "knot")
    )
    found = metadata_of("", body, url="https://quay.example/forum/threads/12/")
    assert found.authors == ("ropes4u",)


def test_what_a_shop_or_a_list_shows_has_no_author() -> None:
    head = json_ld({"@type": "Product", "name": "Rope"})
    assert authors_of(head, f"<h1>Rope</h1><p>By Jane Roe</p>{BODY}") == ()


def test_bylines_are_not_read_in_structured_mode() -> None:
    body = f"{HEADLINE}<p>By Jane Roe</p>{BODY}"
    assert authors_of(body=body, mode="structured") == ()
    assert authors_of(meta("author", "Jane Roe"), body, mode="structured") == ("Jane Roe",)
