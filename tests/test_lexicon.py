"""The tables of words: well-formed, and each word found where it stands."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import builders
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import LabelName
from cleaner.features.arrays import HINTS
from cleaner.features.phrases import Hint, find_phrases
from cleaner.lexicon import MAX_NAMES, fold, lexicon, name_labels, name_words

WARNINGS = {"paywall", "script-shell", "consent-wall", "error-page"}


@cache
def tables() -> dict[str, Any]:
    source = files("cleaner").joinpath("data/labels.toml").read_text(encoding="utf-8")
    return tomllib.loads(source)


def phrases_of(table: str) -> list[tuple[str, str]]:
    """Return label and phrase of each row of a table, white space squashed."""
    return [
        (label, " ".join(phrase.split()))
        for label, text in tables()[table].items()
        for phrase in text.split("|")
    ]


def all_words() -> list[tuple[str, str]]:
    return [(label, word) for label, words in tables()["names"].items() for word in words.split()]


def hints_of(texts: Iterable[str]) -> dict[int, Hint]:
    return find_phrases(builders.page(*map(builders.paragraph, texts)).blocks)


def test_the_tables_are_those_that_are_read() -> None:
    assert {"names", "forum", "phrases", "wall_phrases"} <= set(tables())
    assert set(tables()["forum"]) == {"paths", "types", "generators"}
    assert all(words.split() for words in tables()["forum"].values())
    assert set(tables()["wall_phrases"]) == WARNINGS


@pytest.mark.parametrize("table", ["names", "phrases"])
def test_every_label_is_one(table: str) -> None:
    assert set(tables()[table]) <= {name.value for name in LabelName}


def test_every_label_that_names_speak_for_is_a_feature() -> None:
    assert set(tables()["names"]) <= {label.value for label in HINTS}


def test_no_word_speaks_for_two_labels() -> None:
    counts = Counter(word for _, word in all_words())
    assert [word for word, count in counts.items() if count > 1] == []


def test_words_of_names_are_lower_case_and_found_in_names() -> None:
    for label, word in all_words():
        assert word == word.lower()
        for names in (word, f"c-{word}__part", f"x {word} y", f"{word}Part", word.upper()):
            assert (LabelName(label), word) in name_labels(names), names


@pytest.mark.parametrize("table", ["phrases", "wall_phrases"])
def test_no_phrase_is_empty_or_stands_twice(table: str) -> None:
    found = phrases_of(table)
    for label, phrase in found:
        assert phrase.removeprefix("^").strip(), label
        assert "^" not in phrase[1:]
        assert phrase == phrase.lower()
    counts = Counter(fold(phrase).removeprefix("^") for _, phrase in found)
    assert [phrase for phrase, count in counts.items() if count > 1] == []


def test_wall_phrases_have_no_anchor() -> None:
    assert not [phrase for _, phrase in phrases_of("wall_phrases") if phrase.startswith("^")]


def test_every_phrase_is_found_in_a_text() -> None:
    """In its own letters and in capitals; amid other words unless it has to begin the text."""
    rows = phrases_of("phrases")
    texts = [
        text
        for _, phrase in rows
        for bare in [phrase.removeprefix("^")]
        for text in (
            f"{bare} 7.",
            bare if "ı" in bare else bare.upper(),  # its capital is that of "i", too
            bare if phrase[0] == "^" else f"So: {bare}, yes",
        )
    ]
    hints = hints_of(texts)
    assert [text for index, text in enumerate(texts) if index not in hints] == []
    named = {phrase: {LabelName(label) for label, p in rows if p == phrase} for _, phrase in rows}
    known = {fold(phrase).removeprefix("^"): labels for phrase, labels in named.items()}
    for hint in hints.values():
        assert hint.label in known[hint.words]


def test_anchored_phrases_are_found_at_the_beginning_alone() -> None:
    for _, phrase in phrases_of("phrases"):
        if phrase.startswith("^"):
            hints = hints_of([f"Zwei {phrase[1:]}"])
            assert not hints or hints[0].words != fold(phrase[1:])


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        ("", ()),
        ("content-block", ()),
        ("article-body", ("content",)),
        ("ArticleBody", ("content",)),
        ("article_body", ("content",)),
        ("site-header c-nav__item", ("navigation", "navigation")),
        ("postRelatedLinks", ("promo",)),
        ("COOKIE", ("notice",)),
        ("navy", ()),
        ("ad", ("promo",)),
        ("load shadow header", ()),
        ("comments-42", ("comment",)),
        ("Überschrift", ()),
    ],
)
def test_names_of_elements(names: str, labels: tuple[str, ...]) -> None:
    assert tuple(label.value for label, _ in name_labels(names)) == labels


def test_endless_names_are_read_in_part() -> None:
    assert name_labels("x " * MAX_NAMES + "cookie") == ()
    assert name_labels("cookie " + "x " * MAX_NAMES) == ((LabelName.NOTICE, "cookie"),)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Plain TEXT", "plain text"),
        ("À LIRE", "a lire"),
        ("ΔΙΑΦΉΜΙΣΗ", "διαφημιση"),
        ("Żółć", "zołc"),
        ("Обновлён", "обновлен"),
        ("分享到", "分享到"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_what_was_folded_stays_as_it_is(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert not re.search("[\u0300-\u036f]", once)


def test_the_tables_are_read_once() -> None:
    assert lexicon() is lexicon()


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("", ()),
        ("post", ("post",)),
        ("c-postMeta", ("c", "post", "meta", "cpost", "postmeta")),
        ("AD_box2", ("ad", "box", "adbox")),
    ],
)
def test_words_of_names_come_alone_and_in_pairs(names: str, words: tuple[str, ...]) -> None:
    assert name_words(names) == words
