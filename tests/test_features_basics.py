"""What is plain to see of texts, trees and pages."""

from __future__ import annotations

import pytest
from builders import capture, paragraph
from builders import page as make_page
from hypothesis import given
from hypothesis import strategies as st

from cleaner.features.basics import elements_around, is_forum, text_size
from cleaner.types import Element, Fact


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


def test_elements_around_blocks() -> None:
    elements = [Element("html", -1), Element("nav", 0), Element("p", 0), Element("b", 2)]
    assert elements_around(elements, [paragraph("a", element=3)]) == {0, 2, 3}
    assert elements_around(elements, [paragraph("a", element=1), paragraph("b")]) == {0, 1}
    assert elements_around(elements, []) == set()
