from __future__ import annotations

from metadata_pages import BODY, HEADLINE, json_ld, meta, metadata_of

IMAGE = meta("og:image", "https://img.quay.example/w1200/ferry.jpg")


def text_of(head: str, body: str = HEADLINE + BODY) -> tuple[str | None, str | None]:
    found = metadata_of(head, body)
    return found.image_text, found.sources.get("image_text")


def test_the_tag_beside_the_image_has_its_text() -> None:
    assert text_of(IMAGE + meta("og:image:alt", "A ferry")) == ("A ferry", "meta:og:image:alt")


def test_a_text_without_an_image_is_none() -> None:
    assert text_of(meta("og:image:alt", "A ferry")) == (None, None)


def test_json_ld_gives_the_caption_of_the_same_image() -> None:
    picture = {"@type": "ImageObject", "url": "https://img.quay.example/a.jpg", "caption": "A pier"}
    assert text_of(json_ld({"@type": "Article", "image": picture})) == (
        "A pier",
        "json-ld:image.caption",
    )
    assert text_of(IMAGE + json_ld({"@type": "Article", "image": picture})) == (None, None)


def test_the_page_shows_the_image_in_another_size() -> None:
    shown = '<img src="https://img.quay.example/w400/ferry.jpg" alt="The ferry at the pier">'
    assert text_of(IMAGE, HEADLINE + shown + BODY) == ("The ferry at the pier", "visible:image")
    other = shown.replace("ferry.jpg", "crane.jpg")
    assert text_of(IMAGE, HEADLINE + other + BODY) == (None, None)
