"""The words of texts and of elements' names, as they are looked up."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import chain, repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from cleaner.lexicon import name_words

HEAD = 160
"""Characters of a text whose words are looked at: boilerplate says what it is at once."""

_WORD = re.compile(r"[^\W\d_]+")
_WORD_OR_TEXT = re.compile(r"\0|[^\W\d_]+")
"""A word, or the NUL that begins a text."""


class Words(NamedTuple):
    """The words of several texts, or of the names of several elements, one after the other."""

    words: list[str]
    """Those of each text follow a NUL, those of an element its tag (`split_names`)."""
    starts: NDArray[np.int64]
    """(texts,): where each text's begin."""

    @property
    def sizes(self) -> NDArray[np.int64]:
        """(texts,): how many words each text has."""
        sizes: NDArray[np.int64] = np.diff(self.starts, append=len(self.words)) - 1
        return sizes

    def look_up(self, values: Mapping[str, float], dtype: DTypeLike) -> NDArray[Any]:
        """Return the number that a table has for each word, 0 for none."""
        found = map(values.get, self.words, repeat(0))
        return np.fromiter(found, dtype=dtype, count=len(self.words))


def split_head(text: str) -> list[str]:
    """Return the words of a text's beginning, in lower case, without numbers."""
    return _WORD.findall(text[:HEAD].lower())


def split_heads(texts: Sequence[str]) -> Words:
    """Return the words of the beginnings of all texts; all are split as one."""
    joined = "".join(["\0" + text[:HEAD].replace("\0", " ") for text in texts])
    words = _WORD_OR_TEXT.findall(joined.lower())
    starts = [place for place, word in enumerate(words) if word == "\0"]
    return Words(words, np.array(starts, dtype=np.int64))


def split_names(tag: str, names: str) -> tuple[str, ...]:
    """Return what is looked up of an element: its tag, its tag with its first name's first word,
    the words of its names and pairs of them."""
    if not names:
        return (f"<{tag}>",)
    words = name_words(names)
    return (f"<{tag}>", f"{tag}.{words[0] if words else ''}", *words)


def split_looks(looks: Sequence[tuple[str, str]]) -> Words:
    """Return the words of elements, each given by its tag and its names."""
    parts = [split_names(tag, names) for tag, names in looks]
    sizes = np.fromiter(map(len, parts), dtype=np.int64, count=len(parts))
    return Words([*chain.from_iterable(parts)], np.cumsum(sizes) - sizes)
