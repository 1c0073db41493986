"""The difference of two texts in full."""

from __future__ import annotations

from lxml import html

from cleaner import clean
from cleaner.golden.difference import Why
from cleaner.golden.review.text_changes import LONGEST, text_changes
from tests.review_cases import PAGE, SENTENCES


def changes(expected: str, actual: str) -> list[tuple[str, str]]:
    shown = text_changes(expected, actual, Why(None))
    return [
        (str(row.get("class")), "".join(row.xpath("./span[@dir]//text()")) or row.text_content())
        for row in html.fragments_fromstring(shown)[0]
    ]


def test_the_same_lines_have_no_difference() -> None:
    assert text_changes("One.\n\nTwo.\n", "One.\nTwo.", Why(None)) == ""


def test_lines_that_are_gone_and_came_are_shown_in_full() -> None:
    long = "A line <b>with</b> words. " * 40
    assert changes("One.\n\nTwo is here.", f"One.\n\n{long}\n\nTwo is here.\n\nThree") == [
        ("place", "after “One.”"),
        ("come", long),
        ("place", "after “Two is here.”"),
        ("come", "Three"),
    ]
    assert changes("One.\n\nTwo.", "Two.") == [("place", "at the beginning"), ("gone", "One.")]


def test_words_that_changed_are_marked_in_their_line() -> None:
    shown = text_changes("The <old> boat left in May.", "The new boat left in May.", Why(None))
    assert "The <del>&lt;old&gt;</del><ins>new</ins> boat left in May." in shown


def test_lines_of_many_words_are_not_compared_word_by_word() -> None:
    words = "word " * LONGEST
    assert [kind for kind, _ in changes(words, words + "more")] == ["place", "gone", "come"]


def test_each_line_says_what_decided() -> None:
    document = clean(PAGE)
    shown = text_changes("", document.markdown, Why(document))
    reason = document.blocks[document.content[0].index].label.reason
    assert SENTENCES[0] in shown
    assert reason in html.fragment_fromstring(shown, create_parent="div").text_content()
