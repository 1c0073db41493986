from __future__ import annotations

import pytest
from metadata_pages import BODY, json_ld, labels_of, meta, metadata_of, page_of

from cleaner.metadata import read_metadata
from cleaner.types import LabelName, Options

HEADLINE = "<h1>Ferry returns to the harbour</h1>"
TITLE = meta("og:title", "Ferry returns to the harbour")


def authors_of(head: str, body: str, **options: str) -> tuple[str, ...]:
    return metadata_of(TITLE + head, body, **options).authors


def article_by(name: str, kind: str = "Organization") -> str:
    return json_ld({"@type": "NewsArticle", "author": {"@type": kind, "name": name}})


@pytest.mark.parametrize(
    ("stated", "line", "author"),
    [
        ("Quay Media", "By Quay Media", "Quay Media"),
        ("Quay Media", "Posted by Quay Media on Tuesday", "Quay Media"),
        ("dpa", "By dpa", "dpa"),
        ("Harbour Post", "By Harbour Post", "Harbour Post"),
        ("Harbour Post", "By Harbour News Team 3 min read", "Harbour News Team"),
    ],
)
def test_a_firm_in_the_byline_is_the_author(stated: str, line: str, author: str) -> None:
    body = f"{HEADLINE}<p>{line}</p>{BODY}"
    found = metadata_of(TITLE + article_by(stated), body)
    assert (found.authors, found.sources["authors"]) == ((author,), "visible:collective")


def test_a_firm_that_readers_do_not_see_is_no_author() -> None:
    assert authors_of(article_by("Quay Media"), HEADLINE + BODY) == ()
    assert authors_of(article_by("Harbour Post"), HEADLINE + BODY) == ()


@pytest.mark.parametrize("name", ["Staff", "admin", "News Desk", "Redaktion", "Team"])
def test_staff_without_more_is_nobody(name: str) -> None:
    body = f"{HEADLINE}<p>By {name}</p>{BODY}"
    assert authors_of(article_by(name, "Person"), body) == ()


def test_what_the_markup_does_not_name_is_no_firm() -> None:
    line = f'{HEADLINE}<p class="byline">Rope Media</p>{BODY}'
    assert authors_of(json_ld({"@type": "NewsArticle"}), line) == ()


def test_a_person_comes_before_a_firm() -> None:
    body = f"{HEADLINE}<p>By Quay Media</p><p>By Jane Roe</p>{BODY}"
    assert authors_of(article_by("Quay Media"), body) == ("Jane Roe",)


def test_a_team_is_told_by_its_words_alone() -> None:
    page = page_of(f"<html><head>{TITLE}</head><body>{HEADLINE}<p>The Ropery Team</p>{BODY}</body>")
    named = {"Ferry": LabelName.TITLE, "The Ropery": LabelName.BYLINE}
    assert read_metadata(page, labels_of(page, named), Options()).authors == ("The Ropery Team",)
    topic = page_of(
        f"<html><head>{TITLE}</head><body>{HEADLINE}<p>Team Building</p>"
        f"<p>Good building takes time.</p>{BODY}</body>"
    )
    named = {"Ferry": LabelName.TITLE, "Team": LabelName.BYLINE}
    assert read_metadata(topic, labels_of(topic, named), Options()).authors == ()


def test_the_first_page_of_a_site_has_no_collective_author() -> None:
    body = f"{HEADLINE}<p>By Quay Media</p>{BODY}"
    assert authors_of(article_by("Quay Media"), body, url="https://quay.example/") == ()


def test_a_shown_byline_comes_before_who_put_the_text_in() -> None:
    head = meta("og:type", "article") + article_by("Max Poe", "Person")
    assert authors_of(head, f"{HEADLINE}<p>By Jane Roe</p>{BODY}") == ("Jane Roe",)
    both = f"{HEADLINE}<p>By Jane Roe</p><p>Photos: Max Poe</p>{BODY}"
    assert authors_of(head, both) == ("Max Poe",)


def test_a_line_of_many_people_with_notes() -> None:
    line = "Jane Roe1 ; Max Poe2 ; Ann Loe1 ; Kim Ahn3 ; Lea Ott2 ; Rui Ma1"
    body = f"{HEADLINE}<p>{line}</p>{BODY}"
    people = ("Jane Roe", "Max Poe", "Ann Loe", "Kim Ahn", "Lea Ott", "Rui Ma")
    assert authors_of(meta("dc.creator", "Jane Roe"), body) == people


def test_topics_in_the_names_of_a_post_say_nothing_of_its_byline() -> None:
    post = '<div class="post category-reviews tag-comments">'
    body = f"{post}{HEADLINE}<p>By Jane Roe</p>{BODY}</div>"
    assert authors_of("", body) == ("Jane Roe",)


def test_a_name_in_small_letters_beside_itself_is_no_common_word() -> None:
    head = meta("og:site_name", "Jane Roe") + meta("author", "Jane Roe")
    body = f"{HEADLINE}{BODY}<p>Find jane roe on the quay.</p>"
    assert authors_of(head, body, url="https://janeroe.example/knots") == ("Jane Roe",)
