"""Names of elements against the model: what is called comments, copies or ratings is dropped."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from feature_pages import matrix_of

from cleaner import Capture, MediaType, Page
from cleaner.blocks import read_blocks
from cleaner.kinds import find_named
from cleaner.kinds.named import MANY

STORY = "The lamplighter came at six, and by seven the whole street was lit as far as the canal."

REMARKS = "".join(
    f"<li class=comment><p>Bo</p><p>I saw the lamps from bus {number}.</p></li>"
    for number in range(3)
)


def read(source: str, media_type: MediaType = MediaType.HTML) -> Page:
    return read_blocks(Capture(source, media_type, "https://lamps.example/news/street"))


def article(after: str) -> str:
    """Return a page with an article and what stands after it."""
    story = "".join(f"<p>{STORY} {i}.</p>" for i in range(8))
    return f"<body><main><article><h1>Lamps lit</h1>{story}</article></main>{after}</body>"


def named(markup: str, likely: dict[str, float], url: str = "") -> set[str]:
    """Return the texts that names speak against; blocks of which ``likely`` says nothing have 1."""
    page = read(markup)
    if url:
        page = replace(page, capture=replace(page.capture, url=url))
    values = [
        next((value for start, value in likely.items() if block.text.startswith(start)), 1.0)
        for block in page.blocks
    ]
    found = find_named(matrix_of(page, -1), np.array(values, dtype=np.float32), -1)
    return {page.blocks[i].text for i in found}


def test_comments_below_an_article_are_no_main_text() -> None:
    markup = article(after=f"<section class=comments><ol>{REMARKS}</ol></section>")
    assert len(named(markup, {"I saw": 0.85})) == 3
    assert not named(markup, {"I saw": 0.95})


def test_the_posts_of_a_forum_are_main_text_whatever_they_are_called() -> None:
    markup = article(after=f"<section class=comments><ol>{REMARKS}</ol></section>")
    assert not named(markup, {"I saw": 0.85}, "https://lamps.example/forum/12")


def test_comments_are_what_a_page_without_other_text_is_for() -> None:
    posts = "".join(f"<li class=comment><p>{STORY} {number}</p></li>" for number in range(60))
    assert not named(f"<body><ol class=comments>{posts}</ol>", {"The lamplighter": 0.85})


@pytest.mark.parametrize(
    ("box", "text", "likely"),
    [
        ("<p class=rating>4.2 (305)</p>", "4.2 (305)", 0.7),
        ("<p class=kicker>Harbour</p>", "Harbour", 0.6),
        ("<div class=newsletter><h3>The Friday letter</h3></div>", "The Friday letter", 0.6),
        ("<div class=related><p>Gulls leave the pier.</p></div>", "Gulls leave the pier.", 0.6),
        ("<p class=author-bio>Ada lives in Seatown.</p>", "Ada lives in Seatown.", 0.6),
    ],
)
def test_a_small_element_is_what_it_is_called(box: str, text: str, likely: float) -> None:
    markup = article(after=box)
    assert named(markup, {text: likely}) == {text}
    assert not named(markup, {text: 0.85})


def test_cards_and_headings_called_categories_stay() -> None:
    markup = article(after="<h3 class=category>A</h3><p class=category><a href=/b>Boats</a></p>")
    assert not named(markup, {"A": 0.5, "Boats": 0.5})


@pytest.mark.parametrize(("count", "dropped"), [(MANY, MANY), (MANY + 1, 0)])
def test_offers_by_the_dozen_are_what_a_listing_is_made_of(count: int, dropped: int) -> None:
    cards = [f"<div><p class=promo>Lamp {i}</p><p>{STORY}</p></div>" for i in range(count)]
    markup = f"<body><main>{''.join(cards)}</main></body>"
    assert len(named(markup, {"Lamp": 0.6})) == dropped


def test_a_hidden_copy_is_dropped_and_other_hidden_text_is_not() -> None:
    line = "Seven lamps burn on the quay tonight."
    markup = article(after=f"<p>{line}</p><div hidden><p>{line}</p><p>The eighth is out.</p></div>")
    page = read(markup)
    values = [0.8 if block.hidden else 1.0 for block in page.blocks]
    found = find_named(matrix_of(page, -1), np.array(values, dtype=np.float32), -1)
    assert [(page.blocks[i].text, bool(page.blocks[i].hidden)) for i in found] == [(line, True)]


def test_a_text_capture_has_no_names() -> None:
    page = read("# Lamps\n\nSeven lamps burn.\n", MediaType.MARKDOWN)
    values = np.full(len(page.blocks), 0.5, dtype=np.float32)
    assert find_named(matrix_of(page, -1), values, -1) == set()


def test_a_line_for_those_who_hear_the_page_is_no_main_text_amid_the_seen() -> None:
    aside = "<p class=sr-only>Print edition of Friday</p>"
    text = "".join(f"<p>{STORY} {i}.</p>" for i in range(4))
    for likely in (1.0, 0.8):
        doubt = {f"{STORY} 3": likely}
        assert named(f"<body>{text}{aside}{text}</body>", doubt) == {"Print edition of Friday"}
        assert named(f"<body>{text}{aside}</body>", doubt) == set()
    assert named(f"<body>{text}{aside * 2}{text}</body>", {}) == set()
