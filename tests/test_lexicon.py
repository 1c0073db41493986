"""The labeler's tables: well-formed, each word found where it stands, and nothing in vain."""

from __future__ import annotations

import ast
import math
import re
import tomllib
from collections import Counter
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import builders
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleaner
from cleaner import LabelName
from cleaner.features import read_features
from cleaner.lexicon import MAX_NAMES, fold, lexicon, name_labels

PACKAGE = Path(cleaner.__file__).parent
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


def test_the_tables_are_those_that_are_read() -> None:
    assert set(tables()) == {"evidence", "names", "forum", "phrases", "wall_phrases"}
    assert set(tables()["forum"]) == {"paths", "types", "generators"}
    assert all(words.split() for words in tables()["forum"].values())
    assert set(tables()["wall_phrases"]) == WARNINGS


@pytest.mark.parametrize("table", ["names", "phrases"])
def test_every_label_is_one(table: str) -> None:
    assert set(tables()[table]) <= {name.value for name in LabelName}


def test_every_weight_is_finite_and_has_a_reason() -> None:
    for name, weight in lexicon().weights.items():
        assert math.isfinite(weight), name
        assert 0 < abs(weight) <= 10, name
        reason = lexicon().reasons[name]
        assert reason.strip() == reason != "", name
    reasons = Counter(lexicon().reasons.values())
    assert max(reasons.values()) == 1


def test_all_evidence_in_the_code_is_in_the_table_and_the_other_way_round() -> None:
    used: set[str] = set()
    for name in ("features", "model", "labels"):
        tree = ast.parse((PACKAGE / f"{name}.py").read_text(encoding="utf-8"))
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        used |= {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docs
        }
    evidence = set(lexicon().weights)
    assert evidence <= used
    assert {word for word in used if re.fullmatch(r"[a-z]+(_[a-z]+)+", word)} <= evidence


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
    page = builders.page(*map(builders.paragraph, texts))
    hints = [feature.phrase for feature in read_features(page, -1)]
    missed = [text for text, hint in zip(texts, hints, strict=True) if hint is None]
    assert missed == []
    named = {phrase: {LabelName(label) for label, p in rows if p == phrase} for _, phrase in rows}
    known = {fold(phrase).removeprefix("^"): labels for phrase, labels in named.items()}
    for hint in hints:
        assert hint is not None
        assert hint.label in known[hint.words]


def test_anchored_phrases_are_found_at_the_beginning_alone() -> None:
    for _, phrase in phrases_of("phrases"):
        if phrase.startswith("^"):
            page = builders.page(builders.paragraph(f"Zwei {phrase[1:]}"))
            (feature,) = read_features(page, -1)
            assert feature.phrase is None or feature.phrase.words != fold(phrase[1:])


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
