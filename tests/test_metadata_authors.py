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
    publisher = json_ld({"@type": "Organization", "name": "Jane Roe"})
    assert authors_of(head + publisher, url="https://janeroe.example/knots") == ("Jane Roe",)
    assert authors_of(meta("author", "Jane Roe"), url="https://janeroe.example/a") == ("Jane Roe",)


def test_a_firm_named_like_a_person_is_none() -> None:
    firm = {"@type": "Organization", "name": "Jane Roe"}
    head = meta("og:site_name", "Jane Roe") + json_ld({"@type": "BlogPosting", "author": firm})
    assert authors_of(head, url="https://janeroe.example/knots") == ()


def test_a_site_of_common_words_is_no_person() -> None:
    author = {"@type": "Person", "name": "Harbour Ferry"}
    head = meta("og:site_name", "Harbour Ferry")
    head += json_ld({"@type": "BlogPosting", "author": author})
    assert authors_of(head, HEADLINE + BODY) == ()


def test_a_preview_card_names_the_author() -> None:
    label = '<meta name="twitter:label1" content="Written by">'
    card = label + '<meta name="twitter:data1" content="Jane Roe">'
    assert authors_of(card) == ("Jane Roe",)
    time = card.replace("Written by", "Reading time").replace("Jane Roe", "5 minutes")
    assert authors_of(time) == ()


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


def test_a_log_in_is_the_last_resort() -> None:
    head = json_ld({"@type": "Article", "author": {"@type": "Person", "name": "jroe77"}})
    assert authors_of(head) == ("jroe77",)
    assert authors_of(head, f"{HEADLINE}<p>By Jane Roe</p>{BODY}") == ("Jane Roe",)
    assert authors_of(head, f"{HEADLINE}<p>Posted by jroe77</p>{BODY}") == ("jroe77",)
    assert authors_of(meta("author", "jroe77")) == ()


ALONE = meta("og:type", "article")


@pytest.mark.parametrize(
    "line",
    [
        "<p>Jane Roe</p><p>24 August 2025</p>",
        "<p>Aug 24, 2025 · Jane Roe in Ships</p>",
        "<p>Jane Roe August 24, 2025 — 7 minutes read</p>",
        "<p>August 24, 2025 · 30 min · 6279 words · Jane Roe</p>",
        "<p>Aug. 24, 2025 · Jane Roe on behalf of the harbour board</p>",
        "<p>by Jane Roe ● August 24, 2025 ● 6 min read</p>",
        "<p>May 3, 2017 By Jane Roe 4 Comments</p>",
    ],
)
def test_a_name_beside_title_and_date(line: str) -> None:
    assert authors_of(ALONE, HEADLINE + line + BODY) == ("Jane Roe",)


@pytest.mark.parametrize(
    "line",
    [
        "<p>Harbour Ferry</p><p>24 August 2025</p>",  # common words, as the text shows
        "<p>Last Updated</p><p>24 August 2025</p>",
        "<p>Von DPA</p><p>24. August 2025</p>",
        "<h2>Jane Roe</h2><p>24 August 2025</p>",  # a part of the article
        "<p>Jane Roe</p>",  # nothing shows that it is a byline
    ],
)
def test_what_is_no_name_beside_title_and_date(line: str) -> None:
    assert authors_of(ALONE, HEADLINE + line + BODY) == ()


def test_a_line_below_the_article_names_its_author() -> None:
    end = "<h3>Written by Jane Roe</h3>"
    assert authors_of("", HEADLINE + BODY * 3 + end) == ("Jane Roe",)
    assert authors_of("", HEADLINE + BODY * 3 + end + "<p>Written by Max Poe</p>") == ()


def test_a_box_below_the_article_names_its_author() -> None:
    box = '<div class="author-box"><p>{}</p><p>Jane Roe sails.</p></div>'
    assert authors_of(ALONE, HEADLINE + BODY * 3 + box.format("Jane Roe")) == ("Jane Roe",)
    boxes = box.format("Jane Roe") + box.format("Max Poe")
    assert authors_of(ALONE, HEADLINE + BODY * 3 + boxes) == ()
    other = box.format("Max Poe").replace("author-box", "related-author")
    assert authors_of(ALONE, HEADLINE + BODY * 3 + other) == ()


def test_a_byline_may_name_more_than_the_stated_author() -> None:
    head = meta("author", "Jane Roe")
    body = f"{HEADLINE}<p>By Jane Roe, Max Poe and Ann Loe</p>{BODY}"
    assert authors_of(head, body) == ("Jane Roe", "Max Poe", "Ann Loe")
    photo = f"{HEADLINE}<figure><figcaption>Jane Roe, Max Poe</figcaption></figure>{BODY}"
    assert authors_of(head, photo) == ("Jane Roe",)


def test_two_authors_with_an_agency() -> None:
    body = f"{HEADLINE}<p>By Jane Roe, Max Poe and Reuters</p>{BODY}"
    assert authors_of("", body) == ("Jane Roe", "Max Poe")


@pytest.mark.parametrize(
    "name", ["Staff", "admin", "q_admin Admin", "Harbour Post", "News Desk", "content: Quay Media"]
)
def test_who_is_no_person(name: str) -> None:
    head = ALONE + meta("og:site_name", "Harbour Post") + meta("author", name)
    assert authors_of(head, HEADLINE + BODY) == ()


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


THREAD = "https://quay.example/forum/threads/12/"


def test_the_one_who_started_a_thread_is_marked() -> None:
    body = (
        f"{HEADLINE}<p>Latest reply by <a href='/members/knot/'>knot</a></p>"
        "<p><a href='/members/gale42/'>gale42</a> Discussion starter</p>" + BODY
    )
    assert metadata_of("", body, url=THREAD).authors == ("gale42",)


def test_the_first_byline_of_a_thread_names_its_author() -> None:
    body = f"{HEADLINE}<dl><dt>gale42</dt></dl>{BODY}<dl><dt>knot7</dt></dl>{BODY}"
    page = page_of(f"<body>{body}</body>", url=THREAD)
    labels = labels_of(page, {"gale42": LabelName.BYLINE, "knot7": LabelName.BYLINE})
    found = read_metadata(page, labels, Options())
    assert (found.authors, found.sources["authors"]) == (("gale42",), "visible:first-post")
