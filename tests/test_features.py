"""What is seen of each block: of its text, of the elements around it, of the page."""

from __future__ import annotations

import time
from typing import Any

import pytest
from builders import (
    caption,
    capture,
    code,
    emphasis,
    heading,
    item,
    link,
    paragraph,
    picture,
    quote,
    row,
    text_and_spans,
)
from builders import page as make_page
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Block, Capture, Kind, LabelName, MediaType, Page
from cleaner.blocks.html import read_html
from cleaner.features import (
    LONG,
    MEDIUM,
    Features,
    Hint,
    ancestors,
    is_forum,
    read_features,
    text_size,
)
from cleaner.lexicon import lexicon
from cleaner.types import Element, Fact

STORY = (
    "The beekeeper carried her hives up the hill in June, when the lime trees in the valley had "
    "done flowering, and she carried them down again in the week before the first frost came."
)
LINE = "The beekeeper carried her hives up the hill in June, without any help"
PARAGRAPHS = "".join(f"<p>{STORY} Year {n}.</p>" for n in range(5))


def read(source: str, url: str | None = None) -> Page:
    return read_html(Capture(f"<html><body>{source}</body></html>", MediaType.HTML, url))


def features_of(page: Page, text: str, title: int = -1) -> Features:
    """Return the features of the block with this text."""
    (index,) = [block.index for block in page.blocks if block.text == text]
    return read_features(page, title)[index]


def fired_by(block: Block) -> list[str]:
    (features,) = read_features(make_page(block), -1)
    return features.fired


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("", 0),
        ("boats", 5),
        ("Übergröße", 9),
        ("лодка", 5),
        ("سفينة", 5),
        ("סירה", 4),
        ("배가 왔다", 5),
        ("船が来た", 12),
        ("船来了", 9),
        ("フェリー", 12),
        ("เรือ", 12),
        ("ເຮືອ", 12),
        ("လှေ", 9),
        ("ទូក", 9),
        ("船 boat", 8),
    ],
)
def test_a_letter_of_a_script_without_blanks_counts_as_three(text: str, size: int) -> None:
    assert text_size(text) == size


@given(st.text(), st.text())
def test_sizes_add_up(first: str, second: str) -> None:
    assert text_size(first) + text_size(second) == text_size(first + second)
    assert len(first) <= text_size(first) <= 3 * len(first)


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("x" * LONG, "long_text"),
        ("x" * (LONG - 1), "medium_text"),
        ("x" * MEDIUM, "medium_text"),
        ("x" * (MEDIUM - 1), "short_text"),
        ("船" * (LONG // 3 + 1), "long_text"),
        ("船" * (MEDIUM // 3), "medium_text"),
    ],
)
def test_lengths(text: str, evidence: str) -> None:
    fired = fired_by(paragraph(text))
    assert [name for name in fired if name.endswith("_text")] == [evidence]


def test_headings_may_be_short() -> None:
    assert "short_text" not in fired_by(heading(2, "In June"))
    assert "long_text" in fired_by(heading(2, STORY))


@pytest.mark.parametrize("end", [*".!?…。！？؟۔।:;", '."', ".”", ".»", "。」", "!)"])
def test_ends_of_sentences(end: str) -> None:
    assert "sentence" in fired_by(paragraph(LINE + end))


@pytest.mark.parametrize("text", [LINE, f"{LINE},", f"{LINE}. Yes but", "Short one."])
def test_what_does_not_end_as_a_sentence(text: str) -> None:
    assert "sentence" not in fired_by(paragraph(text))


@pytest.mark.parametrize(
    ("parts", "share", "evidence"),
    [
        ((LINE,), 0.0, []),
        ((link("/a", LINE),), 1.0, ["linked"]),
        ((link("/a", "x" * 50), "y" * 50), 0.5, ["half_linked"]),
        ((link("/a", "x" * 30), "y" * 70), 0.3, []),
        ((emphasis("x" * 80), "y" * 20), 0.0, []),
        ((link("/a", "x" * 40), "y" * 20, link("/b", "x" * 40)), 0.8, ["linked"]),
        (("", picture("/a.png", "A hive")), 0.0, []),
    ],
)
def test_links(parts: tuple[Any, ...], share: float, evidence: list[str]) -> None:
    (features,) = read_features(make_page(paragraph(*parts)), -1)
    assert features.link_share == pytest.approx(share)
    assert [name for name in features.fired if name.endswith("linked")] == evidence


@pytest.mark.parametrize(
    ("block", "evidence"),
    [
        (code("hive()"), "code"),
        (row(["June", "9 hives"]), "table_row"),
        (quote("No frost yet"), "quote"),
        (item("A hive"), "list_item"),
        (Block(0, Kind.CONTROL, "Send"), "control"),
        (Block(0, Kind.IMAGE, "A hive", text_and_spans([picture("/a.png")])[1]), "image"),
        (caption("A hive"), "caption"),
        (paragraph("A hive", origin="json-ld"), "embedded"),
    ],
)
def test_kinds(block: Block, evidence: str) -> None:
    assert evidence in fired_by(block)
    assert evidence not in fired_by(paragraph("A hive"))


@pytest.mark.parametrize(
    "text",
    [
        "By Ada Quill",
        "Von Ada Quill",
        "Автор: Ада Квилл",
        "文／ 山田花子",
        "Published 8 March 2024",
        "Last updated: yesterday",
        "Опубликовано 8 марта",
        "8 March 2024, 12:30",
        "08.03.2024",
        "2024-03-08 12:30 Uhr",
        "8/3/24",
    ],
)
def test_bylines(text: str) -> None:
    assert "byline" in fired_by(paragraph(text))


@pytest.mark.parametrize(
    "text",
    [
        "By the time the frost came the hives had been in the valley for a whole week or more",
        "Bystanders cheered",
        "Publishedly",
        "In 2024 the bees came early",
        "10.5",
        f"Published {'word ' * 30}",
    ],
)
def test_what_is_no_byline(text: str) -> None:
    assert "byline" not in fired_by(paragraph(text))


def test_a_long_text_that_stands_twice_is_repeated_the_second_time() -> None:
    page = make_page(*map(paragraph, (STORY, "Short", STORY.upper(), "Short", f"{STORY}.")))
    repeated = ["repeated" in features.fired for features in read_features(page, -1)]
    assert repeated == [False, False, True, False, False]


def test_hidden_text_on_a_page_that_shows_most_of_its_text() -> None:
    page = read(f"{PARAGRAPHS}<p hidden>{STORY} Unseen.</p><p hidden>Short</p>")
    assert "hidden" in features_of(page, f"{STORY} Unseen.").fired
    assert "hidden" in features_of(page, "Short").fired
    assert "hidden" not in features_of(page, f"{STORY} Year 1.").fired


def test_hidden_text_on_a_page_that_hides_most_of_its_text() -> None:
    page = read(f"<div style='display: none'>{PARAGRAPHS}</div><p>{STORY} Seen.</p>")
    fired = features_of(page, f"{STORY} Year 1.").fired
    assert "hidden_for_now" in fired
    assert "hidden" not in fired
    assert "hidden_for_now" not in features_of(page, f"{STORY} Seen.").fired


@pytest.mark.parametrize(
    "tag", ["nav", "footer", "aside", "form", "header", "dialog", "main", "article"]
)
def test_elements_around_a_block(tag: str) -> None:
    open_ = " open" if tag == "dialog" else ""
    page = read(f"{PARAGRAPHS}<{tag}{open_}><div><p>Bees here</p></div></{tag}>")
    fired = features_of(page, "Bees here").fired
    assert [name for name in fired if name.startswith("in_")] == [f"in_{tag}"]
    assert not any(name.startswith("in_") for name in features_of(page, f"{STORY} Year 1.").fired)


def test_an_element_that_holds_most_of_the_page_says_nothing_against_it() -> None:
    page = read(f"<form><aside>{PARAGRAPHS}</aside></form><p>Bees</p>")
    assert not any(name.startswith("in_") for name in features_of(page, f"{STORY} Year 1.").fired)
    framed = read(f"<main><article>{PARAGRAPHS}</article></main>")
    fired = features_of(framed, f"{STORY} Year 1.").fired
    assert {"in_main", "in_article"} <= set(fired)


def test_an_element_that_holds_the_headline_says_nothing_against_it() -> None:
    page = read(f"<header class=banner><h1>Hives</h1><p>Bees here</p></header>{PARAGRAPHS}")
    with_title = features_of(page, "Bees here", title=0)
    assert "in_header" not in with_title.fired
    assert with_title.name is None
    without = features_of(page, "Bees here")
    assert "in_header" in without.fired
    assert without.name == Hint(LabelName.PROMO, "banner")


def test_the_header_of_an_article_is_not_that_of_the_page() -> None:
    page = read(f"<article><header><p>Bees here</p></header>{PARAGRAPHS}</article>{PARAGRAPHS * 2}")
    assert "in_header" not in features_of(page, "Bees here").fired


@pytest.mark.parametrize(
    ("markup", "evidence", "label", "word"),
    [
        ("<div class=share-bar><p>{}</p></div>", "bad_name", "share", "share"),
        ("<div id=cookieBox><p>{}</p></div>", "bad_name", "notice", "cookie"),
        ("<div role=navigation><p>{}</p></div>", "bad_name", "navigation", "navigation"),
        ("<div class=article-body><p>{}</p></div>", "good_name", "content", "articlebody"),
        ("<div class=comments><p>{}</p></div>", "comment_name", "comment", "comments"),
        ("<div class=share><p class=promo>{}</p></div>", "bad_name", "promo", "promo"),
        ("<div class=ad><p class=storyText>{}</p></div>", "good_name", "content", "storytext"),
        ("<div class=comment><p class=postBody>{}</p></div>", "comment_name", "comment", "comment"),
    ],
)
def test_names_of_the_elements_around_a_block(
    markup: str, evidence: str, label: str, word: str
) -> None:
    """The innermost name holds, but for the parts of a comment."""
    page = read(PARAGRAPHS + markup.format("Bees here"))
    features = features_of(page, "Bees here")
    assert features.name == Hint(LabelName(label), word)
    assert [name for name in features.fired if name.endswith("_name")] == [evidence]


def test_a_name_of_what_holds_most_of_the_page_counts_only_for_content_and_comments() -> None:
    story = f"{STORY} Year 1."
    assert features_of(read(f"<div class=sidebar>{PARAGRAPHS}</div>"), story).name is None
    named = features_of(read(f"<div class='sidebar article-body'>{PARAGRAPHS}</div>"), story)
    assert named.name == Hint(LabelName.CONTENT, "articlebody")
    comments = features_of(read(f"<div class=comments>{PARAGRAPHS}</div>"), story)
    assert comments.name == Hint(LabelName.COMMENT, "comments")
    titled = read(f"<div class=comments><h1>Hives</h1>{PARAGRAPHS}</div>")
    assert features_of(titled, story, title=0).name is None


def test_on_a_forum_comments_say_nothing_against_the_text() -> None:
    source = f"<h1>Hives</h1>{PARAGRAPHS}<div class=comment><p>Bees here</p></div>"
    thread = read(source, "https://bees.example/forum/hives")
    assert features_of(thread, "Bees here", title=0).name is None
    assert "comment_name" not in features_of(thread, "Bees here", title=0).fired
    assert features_of(read(source), "Bees here", title=0).name is not None


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Share this story", Hint(LabelName.SHARE, "share this")),
        ("Please SIGN UP today", Hint(LabelName.NOTICE, "sign up")),
        ("© 2024 Bee News", Hint(LabelName.LEGAL, "© 20")),
        ("Читайте  также", Hint(LabelName.PROMO, "читаите также")),
        ("Lire\xa0aussi", Hint(LabelName.PROMO, "lire aussi")),
        ("相关阅读：蜜蜂", Hint(LabelName.PROMO, "相关阅读")),
        ("Related", Hint(LabelName.PROMO, "related")),
        ("They are related to wasps", None),
        ("Bees", None),
    ],
)
def test_phrases(text: str, hint: Hint | None) -> None:
    (features,) = read_features(make_page(paragraph(text)), -1)
    assert features.phrase == hint
    assert ("phrase" in features.fired) == (hint is not None)


def test_a_phrase_in_a_long_text_says_nothing() -> None:
    long = f"She would sign up for a year. {STORY} {STORY}"
    (features,) = read_features(make_page(paragraph(long)), -1)
    assert features.phrase is None


def test_phrases_do_not_reach_from_one_block_into_the_next() -> None:
    page = make_page(*map(paragraph, ("Everybody may sign", "up the hill", "Follow", "us")))
    phrases = [features.phrase for features in read_features(page, -1)]
    assert phrases == [None, None, Hint(LabelName.SHARE, "follow"), None]


@pytest.mark.parametrize(
    "url",
    [
        "https://forum.bees.example/hives",
        "https://bees.example/forums/hives.7/",
        "https://bees.example/viewtopic.php?t=7",
        "https://bees.example/t/hives/7",
        "https://BEES.example/Questions/7/hives",
    ],
)
def test_addresses_of_forums(url: str) -> None:
    assert is_forum(make_page(capture=capture(url=url)))


@pytest.mark.parametrize(
    "url", [None, "", "https://bees.example/news/hives", "forum:hives", "https://bees.example/tea"]
)
def test_other_addresses(url: str | None) -> None:
    assert not is_forum(make_page(capture=capture(url=url)))


def test_structured_data_and_software_of_forums() -> None:
    assert is_forum(make_page(json_ld=('{"@type": "DiscussionForumPosting"}',)))
    assert not is_forum(make_page(json_ld=('{"@type": "NewsArticle", "about": "Questions"}',)))
    assert is_forum(make_page(facts=(Fact("meta", "generator", "Discourse 3.2"),)))
    assert not is_forum(make_page(facts=(Fact("meta", "generator", "WordPress 6"),)))
    assert not is_forum(make_page(facts=(Fact("meta", "description", "About Discourse"),)))


def test_ancestors_are_listed_innermost_first() -> None:
    elements = [Element("html", -1), Element("body", 0), Element("nav", 1), Element("p", 1)]
    assert ancestors(elements, 3) == [3, 1, 0]
    assert ancestors(elements, 0) == [0]
    assert ancestors(elements, -1) == []


def test_a_page_without_blocks_has_no_features() -> None:
    assert read_features(make_page(), -1) == []


def test_text_captures_have_features_without_elements() -> None:
    page = make_page(heading(1, "Hives", lines=(1, 1)), paragraph(STORY, lines=(3, 3)))
    title, story = read_features(page, 0)
    assert title.fired == ["base"]
    assert story.fired == ["base", "long_text", "sentence"]
    assert (story.size, story.name, story.phrase) == (len(STORY), None, None)


def test_all_evidence_that_fires_is_in_the_table() -> None:
    page = read(
        f"<nav><a href=/>Home</a></nav><h1>Hives</h1>{PARAGRAPHS}"
        "<table><tr><th>a<th>b<tr><td>1<td>2</table><pre>x</pre><footer>© 2024</footer>"
        "<div class=comments><p>By Ada</p></div>"
    )
    for features in read_features(page, 1):
        assert features.fired[0] == "base"
        assert len(set(features.fired)) == len(features.fired)
        assert set(features.fired) <= set(lexicon().weights)


def test_ten_thousand_blocks_take_about_a_second() -> None:
    page = read(
        "".join(f"<div class='c{n} box'>Share this {n} {STORY}</div>" for n in range(10_000))
    )
    begun = time.process_time()
    assert len(read_features(page, -1)) == 10_000
    assert time.process_time() - begun < 4
