"""What each block shows by itself: its kind and its text."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from cleaner.features.arrays import KINDS, Columns, Floats, PageArrays, log1, named_rows, share
from cleaner.features.chars import COMMA, END, LETTER, UPPER, Characters
from cleaner.features.phrases import BYLINE, MAY_BE_BYLINE, Hint
from cleaner.types import LabelName

PHRASES = (
    LabelName.NAVIGATION,
    LabelName.PROMO,
    LabelName.NOTICE,
    LabelName.SHARE,
    LabelName.LEGAL,
    LabelName.COMMENT,
    LabelName.BYLINE,
)
BYLINE_SIZE = 110
"""Characters; a text as long as this is no byline, whatever it begins with."""


def own_columns(page: PageArrays, phrases: Mapping[int, Hint]) -> Columns:
    """Return what each block shows by itself."""
    codes = np.arange(len(KINDS))[:, None]
    columns = named_rows([f"kind_{kind}" for kind in KINDS], page.kind == codes)
    columns["hidden"] = _is(page.hidden > 0)
    columns["embedded"] = np.array([bool(b.origin) for b in page.page.blocks], dtype=np.float32)
    columns["hidden_how"] = page.hidden.astype(np.float32)
    columns["level"] = page.level.astype(np.float32)
    columns |= _text_columns(page)
    columns |= _character_columns(page.characters)
    columns |= {
        "lines": np.array([text.count("\n") for text in page.texts], dtype=np.float32),
        "byline": np.array([_is_byline(text) for text in page.texts], dtype=np.float32),
        "seen_before": _repeated(page.texts),
        "seen_after": _repeated(page.texts[::-1])[::-1],
    }
    return columns | _phrase_columns(page, phrases)


def _phrase_columns(page: PageArrays, phrases: Mapping[int, Hint]) -> Columns:
    """Return what the phrases of a text capture speak for; NaN where elements tell more."""
    said = np.full((len(PHRASES), page.size), np.nan if page.page.elements else 0, dtype=np.float32)
    for i, hint in phrases.items():
        if hint.label in PHRASES:
            said[PHRASES.index(hint.label), i] = 1
    return named_rows([f"says_{label}" for label in PHRASES], said)


def _text_columns(page: PageArrays) -> Columns:
    """Return how long each text is, and how much of it is links or bold."""
    counts = page.characters
    length, letters = counts.length, np.maximum(counts.letters, 1)
    return {
        "length": log1(length),
        "size": log1(length + 2 * counts.dense),
        "words": log1(counts.words),
        "word_length": share(letters, np.maximum(counts.words, 1)),
        "linked": share(page.linked, length),
        "links": log1(page.links),
        "link_length": share(page.linked, np.maximum(page.links, 1)),
        "images": page.images,
        "strong": share(page.strong, length),
    }


def _character_columns(counts: Characters) -> Columns:
    """Return what characters each text is made of, begins with and ends with."""
    return {
        "digits": share(counts.digits, counts.length),
        "upper": share(counts.upper, np.maximum(counts.letters, 1)),
        "ends": log1(counts.ends),
        "commas": log1(counts.commas),
        "commas_share": share(counts.commas, counts.words),
        "currency": log1(counts.currency),
        "marks": log1(counts.marks),
        "quotes": share(counts.quotes, counts.length),
        "punctuation": share(counts.punctuation, counts.length),
        "first_upper": _is((counts.first & UPPER) != 0),
        "first_letter": _is((counts.first & LETTER) != 0),
        "last_end": _is((counts.last & END) != 0),
        "last_comma": _is((counts.last & COMMA) != 0),
    }


def _is_byline(text: str) -> bool:
    if len(text) >= BYLINE_SIZE:
        return False
    return bool(MAY_BE_BYLINE.match(text) and BYLINE.match(text))


def _is(condition: NDArray[np.bool_]) -> Floats:
    return condition.astype(np.float32)


def _repeated(texts: list[str]) -> Floats:
    """Say of each text how often it stood earlier on the page."""
    seen: dict[str, int] = {}
    before: list[int] = []
    for text in texts:
        count = seen.get(text, 0)
        before.append(count)
        seen[text] = count + 1
    return np.array(before, dtype=np.float32)
