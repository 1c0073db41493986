"""Phrases of boilerplate, and lines that say who wrote a text and when."""

from __future__ import annotations

import pytest
from builders import nasty_texts, page, paragraph
from hypothesis import given
from hypothesis import strategies as st

from cleaner import LabelName
from cleaner.features.own import BYLINE_SIZE
from cleaner.features.phrases import (
    BYLINE,
    MAY_BE_BYLINE,
    SHORT_FOR_PHRASES,
    Hint,
    find_phrases,
)
from cleaner.lexicon import lexicon

STORY = (
    "The beekeeper carried her hives up the hill in June, when the lime trees in the valley had "
    "done flowering, and she carried them down again in the week before the first frost came."
)


def phrases_of(*texts: str) -> dict[int, Hint]:
    return find_phrases(page(*map(paragraph, texts)).blocks)


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
    assert BYLINE.match(text)
    assert MAY_BE_BYLINE.match(text)


@pytest.mark.parametrize(
    "text",
    [
        "By the time the frost came the hives had been in the valley for a whole week or more",
        "Bystanders cheered",
        "Publishedly",
        "In 2024 the bees came early",
        "10.5",
        f"Published {'word ' * 30}",
        "",
    ],
)
def test_what_is_no_byline(text: str) -> None:
    assert not BYLINE.match(text)


@given(
    st.builds(
        str.__add__,
        st.sampled_from(
            ["By ", "von ", "文:", "Stand ", "Mis à jour ", "1. 2. 24", "2024 12:30", ""]
        ),
        st.one_of(nasty_texts, st.text("ab 12.:/-", max_size=30)),
    )
)
def test_every_byline_passes_the_first_look(text: str) -> None:
    if BYLINE.match(text):
        assert MAY_BE_BYLINE.match(text)


def test_bylines_are_shorter_than_what_is_looked_at() -> None:
    dated = "In " + "a" * 20 + " 2024 " + "b" * 10 + " 12:30" + "c" * 40
    assert BYLINE.match(dated)
    assert len(dated) < BYLINE_SIZE


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
        ("", None),
    ],
)
def test_phrases(text: str, hint: Hint | None) -> None:
    assert phrases_of(text).get(0) == hint


def test_a_phrase_in_a_long_text_says_nothing() -> None:
    long = f"She would sign up for a year. {STORY} {STORY}"
    assert len(long) > SHORT_FOR_PHRASES
    assert phrases_of(long, long[:SHORT_FOR_PHRASES]) == {1: Hint(LabelName.NOTICE, "sign up")}


def test_phrases_do_not_reach_from_one_block_into_the_next() -> None:
    found = phrases_of("Everybody may sign", "up the hill", "Follow", "us")
    assert found == {2: Hint(LabelName.SHARE, "follow")}


def test_a_page_without_short_texts_says_nothing() -> None:
    assert phrases_of() == {}
    assert phrases_of("", STORY * 3) == {}


@given(
    st.lists(
        st.one_of(nasty_texts, st.sampled_from([p.strip() for p, _, _ in lexicon().phrases])),
        max_size=6,
    )
)
def test_what_a_block_says_does_not_depend_on_the_others(texts: list[str]) -> None:
    alone = {i: phrases_of(text)[0] for i, text in enumerate(texts) if phrases_of(text)}
    assert phrases_of(*texts) == alone
