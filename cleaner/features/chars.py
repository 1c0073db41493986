"""What the characters of each text are: one table look-up for all texts of a page at a time."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.blocks.signs import DENSE_RANGES

Array = NDArray[np.floating[Any]]

LETTER, DIGIT, UPPER, DENSE, END, COMMA, SPACE, CURRENCY, MARK, QUOTE, PUNCTUATION = (
    1 << bit for bit in range(11)
)
"""Classes of characters; a character may be of several."""

_OF_CATEGORY = {
    "Lu": LETTER | UPPER,
    "Lt": LETTER | UPPER,
    "Ll": LETTER,
    "Lm": LETTER,
    "Lo": LETTER,
    "Mn": LETTER,
    "Mc": LETTER,
    "Nd": DIGIT,
    "Sc": CURRENCY,
    "Zs": SPACE,
    "Pi": QUOTE,
    "Pf": QUOTE,
    "Po": PUNCTUATION,
    "Pd": PUNCTUATION,
    "Ps": PUNCTUATION,
    "Pe": PUNCTUATION,
    "Sm": MARK,
    "So": MARK,
}
_ENDS = ".!?…。！？؟۔।॥።"
_COMMAS = ",;:،؛、，；："  # noqa: RUF001
_MARKS = "|·•›»→/>«‹#@©®™+*"  # noqa: RUF001

_TABLE_SIZE = 0x10000
DENSE_WORD = 2
"""Letters of a dense script that count as a word."""


class Characters(NamedTuple):
    """Counts of each text of a page; arrays of float32, one number a text."""

    length: Array
    words: Array
    letters: Array
    digits: Array
    upper: Array
    dense: Array
    ends: Array
    commas: Array
    currency: Array
    marks: Array
    quotes: Array
    punctuation: Array
    first: NDArray[np.uint16]
    """Class of the first character; 0 of an empty text."""
    last: NDArray[np.uint16]
    """Class of the last character; of the one before it where it is a closing mark."""


@cache
def _classes() -> NDArray[np.uint16]:
    """Return the class of each character of the basic plane; all later ones count as letters."""
    category = unicodedata.category
    found = map(_OF_CATEGORY.get, map(category, map(chr, range(_TABLE_SIZE))), repeat(0))
    table = np.fromiter(found, dtype=np.uint16, count=_TABLE_SIZE)
    for start, end in DENSE_RANGES:
        table[start : end + 1] |= np.where(table[start : end + 1] & LETTER, DENSE, 0).astype("u2")
    for characters, bits in ((_ENDS, END), (_COMMAS, COMMA), (_MARKS, MARK), ("\"'„“”", QUOTE)):
        for character in characters:
            table[ord(character)] |= bits
    table[[9, 10, 13]] = SPACE
    return table


def count_characters(texts: Sequence[str]) -> Characters:
    """Count the characters of each text by their class."""
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    codes = np.frombuffer("\0".join((*texts, "")).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    classes = _classes()[np.minimum(codes, _TABLE_SIZE - 1)]
    classes[codes >= _TABLE_SIZE] = LETTER
    starts = np.zeros(len(texts), dtype=np.int64)
    np.cumsum(lengths[:-1] + 1, out=starts[1:])

    def count(bits: int) -> Array:
        return np.add.reduceat((classes & bits) != 0, starts, dtype=np.float32)

    wordy = (classes & (LETTER | DIGIT)) != 0
    dense = (classes & DENSE) != 0
    plain = wordy & ~dense
    begins = plain.copy()
    begins[1:] &= ~plain[:-1]
    dense_count = np.add.reduceat(dense, starts, dtype=np.float32)
    words = np.add.reduceat(begins, starts, dtype=np.float32) + dense_count / DENSE_WORD
    return Characters(
        length=lengths.astype(np.float32),
        words=words,
        letters=count(LETTER),
        digits=count(DIGIT),
        upper=count(UPPER),
        dense=dense_count,
        ends=count(END),
        commas=count(COMMA),
        currency=count(CURRENCY),
        marks=count(MARK),
        quotes=count(QUOTE),
        punctuation=count(PUNCTUATION),
        first=np.where(lengths > 0, classes[starts], 0).astype(np.uint16),
        last=_last(classes, starts + lengths, lengths),
    )


def _last(
    classes: NDArray[np.uint16], ends: NDArray[np.int64], lengths: NDArray[np.int64]
) -> NDArray[np.uint16]:
    """Return the class of each text's last character, or of the one before a closing mark."""
    last = classes[np.maximum(ends - 1, 0)]
    before = classes[np.maximum(ends - 2, 0)]
    closing = ((last & (QUOTE | PUNCTUATION)) != 0) & ((last & (END | COMMA)) == 0) & (lengths > 1)
    return np.where(lengths > 0, np.where(closing, before, last), 0).astype(np.uint16)
