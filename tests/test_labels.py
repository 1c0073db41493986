"""The labeler, on pages built block by block and on small pieces of HTML."""

from __future__ import annotations

from cleaner.blocks.html import read_html
from cleaner.labels import find_title, label_page
from cleaner.types import Block, Capture, Kind, Label, LabelName, MediaType, Page

SENTENCE = (
    "The harbour master counted the boats twice before noon, and found one more than the log "
    "allowed for, which nobody on the quay could explain to her satisfaction that day."
)


def html_page(source: str, url: str | None = None) -> Page:
    return read_html(Capture(text=source, media_type=MediaType.HTML, url=url))


def text_page(*texts: str | tuple[int, str]) -> Page:
    """Build a text capture's page: a string is a paragraph, a pair a heading with its level."""
    blocks = tuple(
        Block(index=i, kind=Kind.PARAGRAPH, text=text, lines=(i + 1, i + 1))
        if isinstance(text, str)
        else Block(index=i, kind=Kind.HEADING, text=text[1], level=text[0], lines=(i + 1, i + 1))
        for i, text in enumerate(texts)
    )
    return Page(capture=Capture(text="", media_type=MediaType.MARKDOWN), blocks=blocks)


def names(page: Page) -> dict[str, LabelName]:
    return {
        block.text: label.name for block, label in zip(page.blocks, label_page(page), strict=True)
    }


def label_of(page: Page, text: str) -> Label:
    (index,) = [block.index for block in page.blocks if block.text == text]
    return label_page(page)[index]


def test_every_block_gets_a_label_with_probability_and_reason() -> None:
    page = html_page(f"<nav><a href=/>Home</a></nav><h1>T</h1><p>{SENTENCE}</p><p hidden>x</p>")
    labels = label_page(page)
    assert len(labels) == len(page.blocks)
    assert all(0 <= label.probability <= 1 for label in labels)
    assert all(label.reason for label in labels)


def test_a_page_without_blocks_has_no_labels() -> None:
    assert label_page(html_page("")) == ()


def test_running_text_is_content_and_menus_are_navigation() -> None:
    found = names(
        html_page(
            "<nav><ul><li><a href=/a>Tides</a><li><a href=/b>Boats</a></ul></nav>"
            f"<h1>One boat more</h1><p>{SENTENCE}</p><p>{SENTENCE} Twice.</p>"
        )
    )
    assert found["Tides"] is found["Boats"] is LabelName.NAVIGATION
    assert found[SENTENCE] is LabelName.CONTENT
    assert found["One boat more"] is LabelName.TITLE


def test_class_names_tell_the_kind_of_boilerplate() -> None:
    article = "".join(f"<p>{SENTENCE} {i}.</p>" for i in range(4))
    found = names(
        html_page(
            f"<body><h1>Boats</h1><div class=story>{article}</div>"
            "<div class='share-tools'>Pass it on to others</div>"
            "<div class=c-relatedLinks>Gulls leave early</div>"
            "<div id=cookie-box>We keep crumbs here</div>"
            "<div class=comments><p>I saw the boat too.</p></div>"
            "<div class=site-footer>Harbour office, pier two</div></body>"
        )
    )
    assert found["Pass it on to others"] is LabelName.SHARE
    assert found["Gulls leave early"] is LabelName.PROMO
    assert found["We keep crumbs here"] is LabelName.NOTICE
    assert found["I saw the boat too."] is LabelName.COMMENT
    assert found["Harbour office, pier two"] is LabelName.LEGAL


def test_phrases_tell_the_kind_in_text_captures() -> None:
    found = names(
        text_page(
            (1, "One boat more"),
            *(f"{SENTENCE} {i}." for i in range(4)),
            "Share this story",
            "Sign up for our newsletter",
            "© 2024 Harbour office. All rights reserved.",
        )
    )
    assert found["Share this story"] is LabelName.SHARE
    assert found["Sign up for our newsletter"] is LabelName.NOTICE
    assert found["© 2024 Harbour office. All rights reserved."] is LabelName.LEGAL
    assert found[f"{SENTENCE} 3."] is LabelName.CONTENT


def test_phrases_are_found_without_regard_to_case_and_accents() -> None:
    page = text_page(*(f"{SENTENCE} {i}." for i in range(3)), "ΔΙΑΦΗΜΙΣΗ", "À LIRE AUSSI : quai")
    assert names(page)["ΔΙΑΦΗΜΙΣΗ"] is LabelName.PROMO
    assert names(page)["À LIRE AUSSI : quai"] is LabelName.PROMO


def test_a_promo_box_amid_the_article_goes_and_the_article_goes_on() -> None:
    found = names(
        text_page(
            (1, "One boat more"),
            f"{SENTENCE} One.",
            f"{SENTENCE} Two.",
            (2, "Top stories"),
            "Gulls leave early",
            "Pier two to be painted",
            f"{SENTENCE} Three.",
            f"{SENTENCE} Four.",
        )
    )
    assert found["Top stories"] is LabelName.PROMO
    assert found["Gulls leave early"] is found["Pier two to be painted"] is LabelName.PROMO
    assert found[f"{SENTENCE} Three."] is LabelName.CONTENT


def test_hidden_text_is_dropped_unless_the_page_hides_all() -> None:
    shown = html_page(f"<p>{SENTENCE}</p><p>{SENTENCE} Two.</p><p hidden>{SENTENCE} Three.</p>")
    assert names(shown)[f"{SENTENCE} Three."] is not LabelName.CONTENT
    unseen = html_page(f"<div hidden><p>{SENTENCE}</p><p>{SENTENCE} Two.</p></div>")
    assert names(unseen)[SENTENCE] is LabelName.CONTENT


def test_the_same_text_twice_is_kept_once() -> None:
    page = html_page(f"<p>{SENTENCE}</p><p>{SENTENCE} Two.</p><p>{SENTENCE}</p>")
    kept = [label.name is LabelName.CONTENT for label in label_page(page)]
    assert kept == [True, True, False]


def test_comments_are_content_on_a_forum_alone() -> None:
    source = f"<h1>Boats</h1><div class=comment><p>{SENTENCE}</p></div>" + "<p>-</p>" * 3
    article = html_page(source + f"<p>{SENTENCE} Two.</p>" * 2, "https://a.example/news/boats")
    thread = html_page(source, "https://forum.a.example/viewtopic.php?t=1")
    assert names(article)[SENTENCE] is LabelName.COMMENT
    assert names(thread)[SENTENCE] is LabelName.CONTENT


def test_a_heading_goes_with_what_stands_under_it() -> None:
    page = html_page(
        f"<h1>Boats</h1><h2>Morning</h2><p>{SENTENCE}</p><p>{SENTENCE} Two.</p>"
        "<h2>Elsewhere</h2><ul class=related><li><a href=/a>Gulls</a><li><a href=/b>Eels</a></ul>"
    )
    assert names(page)["Morning"] is LabelName.CONTENT
    assert names(page)["Elsewhere"] is not LabelName.CONTENT


def test_the_title_is_the_heading_that_the_head_names() -> None:
    page = html_page(
        "<head><title>One boat more | Harbour News</title></head>"
        "<h1>Harbour News</h1><h2>One boat more</h2>"
    )
    assert page.blocks[find_title(page)].text == "One boat more"


CARDS = "".join(f"<li><a href=/b{i}>Boat number {i}</a> <b>{i}0 crowns</b></li>" for i in range(20))


def test_the_cards_of_a_list_page_are_content() -> None:
    page = html_page(
        f"<body><nav><a href=/>Home</a></nav><h1>Boats for sale</h1><ul>{CARDS}</ul>"
        "<footer><a href=/terms>Terms of the harbour</a></footer></body>"
    )
    found = names(page)
    assert found["Boat number 3 30 crowns"] is LabelName.CONTENT
    assert found["Terms of the harbour"] is not LabelName.CONTENT
    assert "list" in label_of(page, "Boat number 3 30 crowns").reason


def test_links_beside_an_article_are_no_list_page() -> None:
    article = "".join(f"<p>{SENTENCE} {i}.</p>" for i in range(8))
    page = html_page(f"<body><h1>One boat more</h1>{article}<ul>{CARDS}</ul></body>")
    assert "list" not in label_of(page, "Boat number 3 30 crowns").reason


def test_reasons_name_the_word_that_decided() -> None:
    page = html_page(
        "<p>" + "</p><p>".join(f"{SENTENCE} {i}." for i in range(4)) + "</p>"
        "<div class=newsletter-box><p>Write to the harbour</p></div>"
    )
    assert "newsletter" in label_of(page, "Write to the harbour").reason
