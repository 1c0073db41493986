"""What words and names speak for: log-odds learned from labelled pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from cleaner.features.arrays import Columns, Floats, PageArrays

WHOLE = 40
"""Characters of a text that is also looked up as a whole."""

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


def word_columns(page: PageArrays, odds: WordOdds) -> Columns:
    """Return what each block's first words speak for, and its whole text if short."""
    heads = page.heads
    values = heads.look_up(odds.words, np.float32)
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
    values, starts = page.called.look_up(odds.names, np.float64), page.called.starts
    summed = (ufunc.reduceat(values, starts) for ufunc in (np.minimum, np.maximum, np.add))
    table = np.array([*summed], dtype=np.float32)[:, page.look]
    table[:, -1] = 0  # of the place for none
    return table[0], table[1], table[2]
