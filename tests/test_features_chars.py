"""Counts of characters, against a count of each text by itself."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pytest
from builders import nasty_texts
from hypothesis import example, given
from hypothesis import strategies as st

from cleaner.features.chars import (
    COMMA,
    DENSE,
    DIGIT,
    END,
    LETTER,
    MARK,
    PUNCTUATION,
    QUOTE,
    UPPER,
    count_characters,
)

ENDS = ".!?…。！？؟۔।॥።"
COMMAS = ",;:،؛、，；："
MARKS = "|·•›»→/>«‹#@©®™+*"
QUOTES = "\"'„“”"

any_texts = st.text(
    st.one_of(st.characters(), st.characters(categories=["Cs"]), st.sampled_from("\0 .\"'1字ก𝛼"))
)
"""All scripts, lone surrogates, characters beyond the basic plane, NUL."""


def is_letter(character: str) -> bool:
    category = unicodedata.category(character)
    return ord(character) > 0xFFFF or category[0] == "L" or category in ("Mn", "Mc")


def is_dense(character: str) -> bool:
    """Say whether a letter is one of Thai, Lao, Burmese, Khmer, kana or Chinese."""
    ranges = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"
    return is_letter(character) and re.fullmatch(ranges, character) is not None


def in_category(text: str, *categories: str) -> int:
    return sum(c <= "\uffff" and unicodedata.category(c) in categories for c in text)


def bits_of(character: str) -> int:
    """Return the classes that features ask of a first or last character."""
    found = {
        LETTER: is_letter(character),
        DENSE: is_dense(character),
        UPPER: in_category(character, "Lu", "Lt") > 0,
        DIGIT: in_category(character, "Nd") > 0,
        END: character in ENDS,
        COMMA: character in COMMAS,
        MARK: character in MARKS or in_category(character, "Sm", "So") > 0,
        QUOTE: character in QUOTES or in_category(character, "Pi", "Pf") > 0,
        PUNCTUATION: in_category(character, "Po", "Pd", "Ps", "Pe") > 0,
    }
    return sum(bit for bit, holds in found.items() if holds)


def last_bits(text: str) -> int:
    if len(text) > 1:
        last = bits_of(text[-1])
        if last & (QUOTE | PUNCTUATION) and not last & (END | COMMA):
            return bits_of(text[-2])
    return bits_of(text[-1]) if text else 0


def slow_counts(text: str) -> dict[str, float]:
    dense = sum(map(is_dense, text))
    plain = [(is_letter(c) or in_category(c, "Nd") > 0) and not is_dense(c) for c in text]
    runs = sum(now and not before for before, now in zip([False, *plain], plain, strict=False))
    asked = LETTER | DENSE | UPPER | DIGIT | END | COMMA | MARK | QUOTE | PUNCTUATION
    return {
        "length": len(text),
        "words": runs + dense / 2,
        "letters": sum(map(is_letter, text)),
        "digits": in_category(text, "Nd"),
        "upper": in_category(text, "Lu", "Lt"),
        "dense": dense,
        "ends": sum(c in ENDS for c in text),
        "commas": sum(c in COMMAS for c in text),
        "currency": in_category(text, "Sc"),
        "marks": sum(bool(bits_of(c) & MARK) for c in text),
        "quotes": sum(bool(bits_of(c) & QUOTE) for c in text),
        "punctuation": in_category(text, "Po", "Pd", "Ps", "Pe"),
        "first": bits_of(text[0]) & asked if text else 0,
        "last": last_bits(text) & asked,
    }


def assert_counted(texts: list[str]) -> None:
    counts = count_characters(texts)
    asked = LETTER | DENSE | UPPER | DIGIT | END | COMMA | MARK | QUOTE | PUNCTUATION
    for position, text in enumerate(texts):
        found = {name: float(getattr(counts, name)[position]) for name in counts._fields}
        for name in ("first", "last"):
            found[name] = int(found[name]) & asked
        assert found == slow_counts(text), text


@given(st.lists(any_texts, min_size=1, max_size=8))
@example(["", "", ""])
@example(["a\0b", "\0", "\0\0", "c"])
@example(["\ud800", "\udfff1", "𝛼𝛽 𝛾", "字", "x\u0301"])
def test_counts_are_those_of_each_text_by_itself(texts: list[str]) -> None:
    assert_counted(texts)


@given(st.lists(nasty_texts, min_size=1, max_size=8))
def test_counts_of_texts_full_of_signs(texts: list[str]) -> None:
    assert_counted(texts)


def test_every_character_of_the_basic_plane_is_of_its_classes() -> None:
    assert_counted(list(map(chr, range(0x10000))))


def test_counts_of_a_sentence() -> None:
    counts = count_characters(['Ada paid 12 €: "No, 3!"'])
    assert [float(part[0]) for part in counts[:12]] == [23, 5, 9, 3, 2, 0, 1, 2, 1, 0, 2, 5]
    assert counts.first[0] & UPPER
    assert counts.last[0] & END


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("—", 0),
        ("one two", 2),
        ("don't", 2),
        ("naïve", 1),
        ("nai\u0308ve", 1),
        ("v2 3", 2),
        ("船が来た", 2),
        ("iPhone発売", 2),
        ("배가 왔다", 2),
        ("เรือ", 2),
        ("🚢🚢 a", 2),
    ],
)
def test_words(text: str, words: float) -> None:
    assert count_characters([text]).words.tolist() == [words]


@pytest.mark.parametrize(
    ("text", "bit"),
    [
        ("Yes.", END),
        ('Yes."', END),
        ("Yes.)", END),
        ("そう。」", END),
        ("Yes,", COMMA),
        ("More →", MARK),
        ('"', QUOTE),
        ("Yes", LETTER),
        ("In 1999", DIGIT),
    ],
)
def test_the_last_character_is_that_before_a_closing_mark(text: str, bit: int) -> None:
    assert count_characters([text]).last[0] & bit


def test_counts_are_float32_one_a_text() -> None:
    counts = count_characters(["a", "", "b c"])
    for part in counts[:12]:
        assert part.dtype == np.float32
        assert part.shape == (3,)
