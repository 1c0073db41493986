"""What the course of the page says: where a block stands, and what is before and after it."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.features.arrays import (
    KINDS,
    Columns,
    Floats,
    Ints,
    PageArrays,
    log1,
    named_rows,
    share,
)
from cleaner.features.basics import LONG
from cleaner.features.own import PHRASES
from cleaner.features.wording import split_head
from cleaner.types import Kind, Page

NEAR, WIDE = 3, 10
"""Blocks before and after that make the two neighbourhoods."""

FAR = 60
"""Blocks after a phrase of which it says nothing any more."""

BESIDE = ("length", "linked", "last_end", "word_odds")
"""What is seen of the blocks before and after."""

_HEADING = KINDS[Kind.HEADING]
_WORD = re.compile(r"[^\W\d_]+")
_DESCRIPTION = re.compile(r'"(?:description|name|headline)"\s*:\s*"((?:[^"\\]|\\.){1,3000})')
_HIGHER = 1 << 20
MAX_JSON, MAX_DESCRIPTION = 60_000, 6_000
"""Characters of structured data and of descriptions that are read."""


def course_columns(page: PageArrays, title: int, own: Columns) -> Columns:
    """Return where each block stands and what is around it; ``title`` is -1 for none."""
    columns = _position_columns(page, title)
    columns |= _section_columns(page, own)
    columns |= _neighbour_columns(page, own)
    columns |= _likeness(page, title)
    columns |= _with_title(page, title)
    return columns


def _position_columns(page: PageArrays, title: int) -> Columns:
    n = page.size
    index = np.arange(n, dtype=np.float32)
    length = page.characters.length
    before = np.cumsum(length) - length
    whole = max(float(length.sum()), 1.0)
    from_title = index - title if title >= 0 else np.full(n, np.nan, dtype=np.float32)
    text_from = (before - before[title]) / whole if title >= 0 else from_title
    return {
        "index": log1(index),
        "index_back": log1(n - 1 - index),
        "position": index / n,
        "text_before": (before / whole).astype(np.float32),
        "text_after": ((whole - before - length) / whole).astype(np.float32),
        "from_title": np.clip(from_title, -50, 200).astype(np.float32),
        "text_from_title": np.asarray(text_from, dtype=np.float32),
    }


def _sections(page: PageArrays) -> tuple[Ints, Ints]:
    """Number the sections, each begun by a heading; return too the heading's index, -1 for none."""
    is_heading = page.kind == _HEADING
    index = np.arange(page.size)
    heading = np.maximum.accumulate(np.where(is_heading, index, -1))
    return np.cumsum(is_heading), heading


def _section_columns(page: PageArrays, own: Columns) -> Columns:
    section, heading = _sections(page)
    index = np.arange(page.size)
    columns = {
        "from_heading": np.where(heading >= 0, index - heading, np.nan).astype(np.float32),
        "heading_level": np.where(heading >= 0, page.level[heading], 0).astype(np.float32),
    }
    columns |= _group_sums("section", page, section)
    columns |= _group_sums("group", page, page.lists)
    said = np.array([own[f"says_{label}"] for label in PHRASES])
    under = np.where(heading >= 0, said[:, heading], said * 0)
    columns |= named_rows([f"under_{label}" for label in PHRASES], under)
    # What a line such as "Read more" offers stands in the next few lines of a text capture.
    promo = np.maximum.accumulate(np.where(own["says_promo"] > 0, index, -FAR))
    since = np.minimum(index - promo, FAR).astype(np.float32)
    columns["since_promo"] = np.where(np.isnan(own["says_promo"]), np.nan, since)
    return columns


def _group_sums(name: str, page: PageArrays, group: NDArray[np.int64]) -> Columns:
    length = page.characters.length
    count = np.bincount(group)
    total = np.bincount(group, length)
    linked = np.bincount(group, page.linked)
    long_text = np.bincount(group, np.where(length >= LONG, length, 0))
    whole = np.maximum(total, 1)
    return {
        f"{name}_blocks": log1(count[group].astype(np.float32)),
        f"{name}_length": log1(total[group].astype(np.float32)),
        f"{name}_linked": (linked / whole)[group].astype(np.float32),
        f"{name}_long": (long_text / whole)[group].astype(np.float32),
    }


def _neighbour_columns(page: PageArrays, own: Columns) -> Columns:
    columns: Columns = {}
    beside = np.array([own[name] for name in BESIDE])
    for step in (1, 2):
        columns |= named_rows([f"{name}_before{step}" for name in BESIDE], shifted(beside, step))
        columns |= named_rows([f"{name}_after{step}" for name in BESIDE], shifted(beside, -step))
    columns["heading_before"] = shifted(page.kind == _HEADING, 1).astype(np.float32)
    words, odds = own["words"], own["word_odds"]
    summed = np.array([page.characters.length, page.linked, own["last_end"], odds * words, words])
    for reach, name in ((NEAR, "near"), (WIDE, "wide")):
        length, linked, ends, odds, words = window(summed, reach)
        columns[f"{name}_length"] = log1(length)
        columns[f"{name}_linked"] = share(linked, length)
        columns[f"{name}_ends"] = ends
        columns[f"{name}_odds"] = share(odds, words)
    return columns


def shifted(values: NDArray[Any], step: int) -> NDArray[Any]:
    """Return the value ``step`` blocks before each block (after it, if negative); 0 beyond.

    The last axis is that of the blocks.
    """
    result = np.zeros_like(values)
    if step > 0:
        result[..., step:] = values[..., :-step]
    else:
        result[..., :step] = values[..., -step:]
    return result


def window(values: Floats, reach: int) -> Floats:
    """Return the sum over each block's neighbours, ``reach`` to each side, without itself.

    The last axis is that of the blocks.
    """
    count = values.shape[-1]
    sums = np.zeros((*values.shape[:-1], count + 1))
    np.cumsum(values, axis=-1, dtype=np.float64, out=sums[..., 1:])
    index = np.arange(count)
    high = np.minimum(index + reach + 1, count)
    low = np.maximum(index - reach, 0)
    result: Floats = (sums[..., high] - sums[..., low] - values).astype(np.float32)
    return result


def _likeness(page: PageArrays, title: int) -> Columns:
    """Return the share of each block's words that the headline has, and the descriptions have."""
    heads = page.heads
    title_words = split_head(page.texts[title]) if title >= 0 else []
    # Both are counted at once: the second in higher digits, which no beginning's words reach.
    codes = dict.fromkeys(title_words, 1)
    for word in set(_WORD.findall(_descriptions(page.page).lower())):
        codes[word] = codes.get(word, 0) + _HIGHER
    described, titled = np.divmod(
        np.add.reduceat(heads.look_up(codes, np.int64), heads.starts), _HIGHER
    )
    whole = np.maximum(heads.sizes, 1)
    return {
        "like_title": (titled / whole).astype(np.float32),
        "like_description": (described / whole).astype(np.float32),
    }


def _descriptions(page: Page) -> str:
    """Return what the page's head and structured data say the page is about."""
    parts = [fact.value for fact in page.facts if "description" in fact.name.lower()]
    for source in page.json_ld:
        parts += _DESCRIPTION.findall(source[:MAX_JSON])
    return " ".join(parts)[:MAX_DESCRIPTION]


def _with_title(page: PageArrays, title: int) -> Columns:
    """Say how small the smallest element is that holds both a block and the headline."""
    missing = np.full(page.size, np.nan, dtype=np.float32)
    if title < 0 or not page.page.elements:
        return {"with_title_share": missing, "with_title_depth": missing}
    line = np.zeros(page.places, dtype=bool)
    line[page.around[:, title]] = True
    line[-1] = False
    length = page.sum_below(page.characters.length)
    length[-1] = length[0]
    shared = line[page.around]
    row = np.argmax(shared, axis=0)
    place = page.around[row, np.arange(page.size)]
    depth = np.where(shared.any(axis=0), row, len(page.around))
    return {
        "with_title_share": (length[place] / max(float(length[0]), 1)).astype(np.float32),
        "with_title_depth": depth.astype(np.float32),
    }
