"""From features to log-odds: the weights' sum, the main part, the neighbours, the headings."""

from __future__ import annotations

import math
import time

import pytest
from builders import any_blocks, code, heading, link, paragraph
from builders import page as make_page
from hypothesis import given, settings

from cleaner import Block, Capture, LabelName, MediaType, Page
from cleaner.blocks.html import read_html
from cleaner.features import Features, read_features
from cleaner.labels import THRESHOLD, label_page
from cleaner.lexicon import lexicon
from cleaner.model import REACH, probability, score_blocks

STORY = (
    "The stonemason cut one letter a day into the wall of the chapel, and as the inscription has "
    "four hundred and twelve letters she had a good year's work before her when she began it."
)
LINE = "One letter a day, and none on Sundays"


def read(source: str) -> Page:
    return read_html(Capture(f"<html><body>{source}</body></html>", MediaType.HTML))


def scored(page: Page) -> tuple[list[float], list[Features]]:
    features = read_features(page, -1)
    return score_blocks(page, features), features


def score_of(page: Page, text: str) -> float:
    (index,) = [block.index for block in page.blocks if block.text == text]
    return scored(page)[0][index]


def fired_of(page: Page, text: str) -> list[str]:
    (index,) = [block.index for block in page.blocks if block.text == text]
    return scored(page)[1][index].fired


def story(number: int) -> str:
    return f"{STORY} Letter {number}."


def stories(count: int) -> str:
    return "".join(f"<p>{story(number)}</p>" for number in range(count))


@pytest.mark.parametrize(
    ("log_odds", "expected"),
    [(0.0, 0.5), (2.0, 0.8808), (-2.0, 0.1192), (1e9, 1.0), (-1e9, 0.0), (math.inf, 1.0)],
)
def test_probabilities(log_odds: float, expected: float) -> None:
    assert probability(log_odds) == pytest.approx(expected, abs=1e-4)


def test_a_page_without_blocks_has_no_scores() -> None:
    assert score_blocks(make_page(), []) == []


def test_a_score_is_the_sum_of_the_weights_of_what_fired() -> None:
    page = read(f"<nav><a href=/>Home</a></nav>{stories(3)}<div class=promo>{LINE}</div>")
    scores, features = scored(page)
    for score, seen in zip(scores, features, strict=True):
        weights = [lexicon().weights[name] for name in seen.fired]
        assert score == pytest.approx(sum(weights))


def test_running_text_scores_higher_than_links() -> None:
    page = make_page(paragraph(STORY), paragraph(link("/a", "Home"), " ", link("/b", "News")))
    text, links = scored(page)[0]
    assert text > 1 > -2 > links


def test_the_main_part_is_the_innermost_element_with_most_of_the_text() -> None:
    page = read(
        f"<div id=top><p>{LINE}</p></div><div id=page><div id=text>{stories(4)}</div></div>"
        f"<div id=side><p>{STORY}</p></div>"
    )
    assert "inside" in fired_of(page, story(2))
    assert "outside" in fired_of(page, LINE)
    assert "outside" in fired_of(page, STORY)
    assert score_of(page, STORY) < score_of(page, story(2))


def test_a_page_in_two_equal_parts_has_its_main_part_around_both() -> None:
    page = read(
        f"<main><div>{stories(2)}</div><div><p>{STORY} A.</p><p>{STORY} B.</p></div></main>"
    )
    for text in (story(0), f"{STORY} A."):
        assert "outside" not in fired_of(page, text)
        assert "inside" in fired_of(page, text)


def test_one_endless_text_does_not_outweigh_an_article_of_paragraphs() -> None:
    page = read(f"<div id=terms><p>{STORY * 60}</p></div><div id=text>{stories(20)}</div>")
    assert "outside" in fired_of(page, " ".join((STORY * 60).split()))
    assert "inside" in fired_of(page, story(3))


def test_text_captures_have_no_main_part() -> None:
    page = make_page(*(paragraph(story(number)) for number in range(4)))
    for features in scored(page)[1]:
        assert not {"inside", "outside"} & set(features.fired)


def test_a_page_without_main_text_has_no_main_part() -> None:
    for features in scored(read("<nav><a href=/>Home</a></nav><nav><a href=/>News</a></nav>"))[1]:
        assert not {"inside", "outside"} & set(features.fired)


def test_a_short_line_among_main_text_is_lifted() -> None:
    page = make_page(paragraph(story(1)), paragraph(LINE), paragraph(story(2)))
    assert "neighbours_for" in fired_of(page, LINE)
    assert score_of(page, LINE) > score_of(make_page(paragraph(LINE)), LINE) + 1


def test_a_short_line_among_boilerplate_is_pressed() -> None:
    links = [paragraph(link(f"/{n}", f"Another page of this site, number {n}")) for n in range(6)]
    page = make_page(*links[:3], paragraph(LINE), *links[3:])
    assert "neighbours_against" in fired_of(page, LINE)
    assert score_of(page, LINE) < score_of(make_page(paragraph(LINE)), LINE)


def test_neighbours_have_a_say_within_reach_alone() -> None:
    empty = [paragraph("") for _ in range(REACH)]
    near = make_page(paragraph(story(1)), paragraph(story(2)), *empty[1:], paragraph(LINE))
    far = make_page(paragraph(story(1)), paragraph(story(2)), *empty, paragraph(LINE))
    assert "neighbours_for" not in fired_of(far, LINE)
    assert scored(near)[0][-1] >= scored(far)[0][-1]


def test_neighbours_do_not_count_themselves() -> None:
    (features,) = scored(make_page(paragraph(STORY)))[1]
    assert "neighbours_for" not in features.fired


def score_of_heading(*under: Block) -> float:
    return scored(make_page(heading(2, "The wall"), *under))[0][0]


def test_a_heading_goes_with_what_stands_under_it() -> None:
    text = score_of_heading(paragraph(STORY), paragraph(story(1)))
    links = score_of_heading(paragraph(link("/a", "A wall")), paragraph(link("/b", "A gate")))
    assert text > 0 > links


def test_a_heading_with_nothing_under_it_is_none_of_the_article() -> None:
    assert score_of_heading() < 0
    assert score_of_heading(heading(3, "The gate")) < 0


def test_headings_in_a_row_go_with_the_text_under_the_last() -> None:
    page = make_page(heading(2, "The wall"), heading(3, "Its letters"), paragraph(STORY))
    assert min(scored(page)[0]) > 0


def test_an_empty_section_takes_the_word_of_the_next_text() -> None:
    assert score_of_heading(paragraph("None."), heading(2, "The gate"), paragraph(STORY)) > 0


def test_what_is_said_against_a_heading_counts() -> None:
    text = paragraph(STORY)
    promo = make_page(heading(2, "Related"), text)
    assert scored(promo)[0][0] < score_of_heading(text) - 1


def test_hidden_text_and_pictures_are_nothing_under_a_heading() -> None:
    hidden = paragraph(STORY, hidden="display-none")
    assert score_of_heading(hidden) == score_of_heading()


def test_labels_follow_the_scores() -> None:
    page = read(
        f"<nav><a href=/>Home</a></nav><h1>The wall</h1>{stories(3)}<p>Yes.</p><pre>cut(A)</pre>"
        f"<aside><p>{LINE}</p></aside><p><a href=/x>More</a></p>"
    )
    for label in label_page(page):
        assert 0 < label.probability < 1
        if label.name is not LabelName.TITLE:
            assert (label.name is LabelName.CONTENT) == (label.probability >= THRESHOLD)


def test_code_among_text_is_content() -> None:
    page = make_page(paragraph(STORY), code("cut()"), paragraph(story(2)))
    assert [label.name.value for label in label_page(page)] == ["content"] * 3


@given(any_blocks)
@settings(max_examples=100, deadline=None)
def test_any_blocks_get_finite_scores_and_a_label_each(blocks: list[Block]) -> None:
    page = make_page(*blocks)
    scores, _ = scored(page)
    assert all(math.isfinite(score) for score in scores)
    labels = label_page(page)
    assert len(labels) == len(page.blocks) == len(scores)
    assert all(0 <= label.probability <= 1 and label.reason for label in labels)


def test_the_labels_of_a_page_do_not_depend_on_what_was_labelled_before() -> None:
    page = read(f"<div class=promo>{LINE}</div>{stories(3)}")
    before = label_page(page)
    label_page(read(f"<div class=article-body>{LINE}</div>{stories(9)}"))
    assert label_page(page) == before


def test_ten_thousand_blocks_take_about_a_second() -> None:
    page = read("<div>" * 50 + "".join(f"<h2>T</h2><p>{story(n)}</p>" for n in range(5_000)))
    features = read_features(page, -1)
    begun = time.process_time()
    assert len(score_blocks(page, features)) == 10_000
    assert time.process_time() - begun < 4
