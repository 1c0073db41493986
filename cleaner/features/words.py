"""What words and names speak for: log-odds learned from labelled pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

import numpy as np

from cleaner.features.arrays import Columns, Floats, PageArrays
from cleaner.lexicon import MAX_NAMES

WHOLE = 40
"""Characters of a text that is also looked up as a whole."""

_NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_]+")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class WordOdds:
    """Log-odds of being main content, as learned: of words, of whole short texts, of names."""

    words: Mapping[str, float] = field(default_factory=dict)
    texts: Mapping[str, float] = field(default_factory=dict)
    names: Mapping[str, float] = field(default_factory=dict)


def whole_text(text: str) -> str:
    """Return a short text as it is looked up: lower case, numbers as 0; empty for long ones."""
    return _DIGITS.sub("0", text.lower()).strip() if len(text) <= WHOLE else ""


@lru_cache(maxsize=65_536)
def split_names(tag: str, names: str) -> tuple[str, ...]:
    """Return what is looked up of an element: the words of its names, pairs of them, its tag."""
    if not names:
        return (f"<{tag}>",)
    words = [word.lower() for word in _NAME.findall(names[:MAX_NAMES])]
    pairs = [f"{a}-{b}" for a, b in pairwise(words)]
    return tuple(dict.fromkeys([f"<{tag}>", *words, *pairs, f"{tag}.{words[0] if words else ''}"]))


def word_columns(page: PageArrays, odds: WordOdds) -> Columns:
    """Return what each block's first words speak for, and its whole text if short."""
    heads = page.heads
    look_up = odds.words.get
    values = np.array([look_up(word, 0.0) for word in heads.words], dtype=np.float32)
    known = np.add.reduceat(values != 0, heads.starts, dtype=np.float32)
    total = np.add.reduceat(values, heads.starts)
    whole = [
        odds.texts.get(whole_text(text), 0.0) if len(text) <= WHOLE else 0.0 for text in page.texts
    ]
    return {
        "word_odds": total / np.maximum(known, 1),
        "word_sum": total,
        "word_min": np.minimum.reduceat(values, heads.starts),
        "word_max": np.maximum.reduceat(values, heads.starts),
        "words_known": known,
        "text_odds": np.array(whole, dtype=np.float32),
    }


def name_odds(page: PageArrays, odds: WordOdds) -> tuple[Floats, Floats, Floats]:
    """Return of each place what its names speak for: the least, the most and the sum."""
    look_up = odds.names.get
    rows: list[tuple[float, float, float]] = []
    for tag, names in page.looks[:-1]:
        values = [look_up(word, 0.0) for word in split_names(tag, names)]
        rows.append((min(values), max(values), sum(values)))
    rows.append((0.0, 0.0, 0.0))
    table = np.array(rows, dtype=np.float32)[page.look]
    return table[:, 0], table[:, 1], table[:, 2]
