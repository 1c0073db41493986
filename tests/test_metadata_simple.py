from __future__ import annotations

import pytest
from metadata_pages import BODY, HEADLINE, json_ld, labels_of, meta, metadata_of, page_of

from cleaner.metadata import read_metadata
from cleaner.types import LabelName, MediaType, Metadata, Options

BY = "https://licences.example/by/4.0/"


@pytest.mark.parametrize(
    ("head", "body", "license"),
    [
        (f'<link rel="license" href="{BY}">', "", BY),
        ("", f'<p><a rel="license" href="{BY}">CC BY 4.0</a></p>', BY),
        (json_ld({"@type": "Article", "license": BY}), "", BY),
        (json_ld({"@type": "Article", "license": {"@type": "CreativeWork", "url": BY}}), "", BY),
        (json_ld({"@type": "Article", "license": {"name": "CC BY 4.0"}}), "", "CC BY 4.0"),
        (meta("dcterms.license", "CC BY 4.0"), "", "CC BY 4.0"),
        (json_ld({"@type": "Article", "license": ["", None, 4]}), "", None),
        ("", "", None),
    ],
)
def test_the_licence_of_the_text(head: str, body: str, license: str | None) -> None:
    assert metadata_of(head, HEADLINE + BODY + body).license == license


@pytest.mark.parametrize(
    ("stated", "free"),
    [
        (True, True),
        (False, False),
        ("False", False),
        ("https://schema.org/True", True),
        ("perhaps", None),
        (None, None),
        ({"a": 1}, None),
    ],
)
def test_whether_all_may_read_the_page(stated: object, free: bool | None) -> None:
    found = metadata_of(json_ld({"@type": "NewsArticle", "isAccessibleForFree": stated}))
    assert found.free is free
    assert ("free" in found.sources) is (free is not None)


def test_meta_tags_tell_whether_all_may_read_the_page() -> None:
    assert metadata_of(meta("article:content_tier", "metered")).free is False
    assert metadata_of(meta("article:content_tier", "free")).free is True
    assert metadata_of(meta("article:content_tier", "gold")).free is None


@pytest.mark.parametrize(
    ("head", "below", "source"),
    [
        (
            json_ld({"@type": "Article", "alternativeHeadline": "Islanders relieved"}),
            "",
            "json-ld:alternativeHeadline",
        ),
        ("", '<p class="article-subtitle">Islanders relieved</p>', "visible:subtitle"),
        ("", '<h2 class="c-dek">Islanders relieved</h2>', "visible:subtitle"),
    ],
)
def test_a_marked_subtitle(head: str, below: str, source: str) -> None:
    found = metadata_of(head, HEADLINE + below + BODY)
    assert (found.subtitle, found.sources["subtitle"]) == ("Islanders relieved", source)


@pytest.mark.parametrize(
    "below", ["<p>Islanders relieved</p>", '<p class="deckhand">Islanders relieved</p>']
)
def test_what_is_not_marked_is_no_subtitle(below: str) -> None:
    assert metadata_of("", HEADLINE + below + BODY).subtitle is None


def test_the_title_again_is_no_subtitle() -> None:
    head = json_ld({"@type": "Article", "alternativeHeadline": "Ferry returns to the harbour"})
    assert metadata_of(head, HEADLINE + BODY).subtitle is None


def test_the_publisher_is_a_name() -> None:
    article = {"@type": "Article", "publisher": {"@type": "Organization", "name": "Quay Media"}}
    found = metadata_of(json_ld(article) + meta("og:site_name", "The Quay"))
    assert (found.publisher, found.site_name) == ("Quay Media", "The Quay")
    assert metadata_of(meta("publisher", "https://quay.example/about")).publisher is None


@pytest.mark.parametrize(
    ("head", "lang", "direction"),
    [("", "ar", "rtl"), ("", "fa-IR", "rtl"), ("", "en", "ltr"), ("", "", None), ("", "xx", None)],
)
def test_the_direction_of_a_language(head: str, lang: str, direction: str | None) -> None:
    assert metadata_of(head, lang=lang).direction == direction


def test_a_stated_direction_comes_first() -> None:
    page = page_of('<html lang="en" dir="rtl"><body><p>Harbour</p></body></html>')
    found = read_metadata(page, (), Options())
    assert (found.direction, found.sources["direction"]) == ("rtl", "html:dir")


def words_of(text: str) -> Metadata:
    page = page_of(f"<body><p>{text}</p><p>Subscribe to our paper</p></body>")
    labels = labels_of(page, {text[:4]: LabelName.CONTENT})
    return read_metadata(page, labels, Options())


@pytest.mark.parametrize(
    ("text", "count"),
    [("The ferry came back.", 4), ("渡轮中午回来了。", 7), ("Die Fähre — 渡轮", 5)],
)
def test_the_words_of_the_main_text_are_counted(text: str, count: int) -> None:
    assert words_of(text).word_count == count


def test_no_labels_no_count() -> None:
    assert metadata_of("", HEADLINE + BODY).word_count is None


def test_the_detected_language_is_apart_from_the_declared_one() -> None:
    german = "<p>Die Fähre kam am Vormittag in den Hafen zurück, und niemand war verletzt.</p>" * 3
    found = metadata_of("", german, lang="en")
    assert (found.language, found.detected_language) == ("en", "de")
    assert found.language_score is not None
    assert found.language_score > 0.9
    structured = metadata_of("", german, lang="en", mode="structured")
    assert (structured.detected_language, structured.language_score) == (None, None)


def test_a_sentence_between_title_and_byline_is_the_standfirst() -> None:
    text = "Ferry returns\n\n{}\n\nBy Jane Roe\n\n" + "The ferry came back before noon. " * 9
    standfirst = "The ferry has returned. Islanders are glad of it after a long wait."
    page = page_of(text.format(standfirst), media_type=MediaType.TEXT)
    labels = labels_of(
        page,
        {
            "Ferry": LabelName.TITLE,
            "The ferry has": LabelName.NAVIGATION,
            "By": LabelName.BYLINE,
            "The ferry came": LabelName.CONTENT,
        },
    )
    found = read_metadata(page, labels, Options())
    assert (found.description, found.sources["description"]) == (standfirst, "visible:standfirst")
