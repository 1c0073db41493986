"""What the first opinion of all blocks says of each: its neighbours', its like's, its page's."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.features.arrays import (
    KINDS,
    Columns,
    Floats,
    Ints,
    PageArrays,
    probabilities,
    share,
)
from cleaner.features.basics import LONG
from cleaner.features.course import shifted, window
from cleaner.types import Kind

_HEADING = KINDS[Kind.HEADING]
LIKELY = 0.5
REGION = 0.5
"""Share of the page's words; the region of a block is the largest element with less."""


def second_columns(page: PageArrays, logits: Floats) -> Columns:
    """Return features from the first model's log-odds, one a block."""
    likely = probabilities(logits).astype(np.float32)
    weight = page.characters.words + 0.5
    columns: Columns = {"first": np.clip(logits, -8, 8)}
    columns |= _near(logits, likely, weight)
    columns |= _sections(page, likely, weight)
    columns |= _trees(page, likely, weight)
    columns |= _whole(page, likely, weight)
    return columns


def _near(logits: Floats, likely: Floats, weight: Floats) -> Columns:
    columns: Columns = {}
    clipped = np.clip(logits, -8, 8)
    for step in (1, 2, 3):
        columns[f"first_before{step}"] = shifted(clipped, step)
        columns[f"first_after{step}"] = shifted(clipped, -step)
    summed = np.array([likely * weight, weight])
    for reach in (2, 5, 15):
        kept, given = window(summed, reach)
        columns[f"first_near{reach}"] = share(kept, given)
    total = np.cumsum(likely * weight)
    whole = max(float(total[-1]), 1e-6)
    columns["content_before"] = ((total - likely * weight) / whole).astype(np.float32)
    columns["content_share"] = (likely * weight / whole).astype(np.float32)
    index = np.arange(len(likely))
    sure = likely > LIKELY
    last = np.maximum.accumulate(np.where(sure, index, -100))
    after = np.minimum.accumulate(np.where(sure, index, len(index) + 100)[::-1])[::-1]
    columns["since_content"] = np.minimum(index - last, 60).astype(np.float32)
    columns["until_content"] = np.minimum(after - index, 60).astype(np.float32)
    return columns


def _mean(group: Ints, likely: Floats, weight: Floats) -> Floats:
    """Return the mean likelihood of each block's group, by words."""
    total = np.bincount(group, likely * weight)
    result: Floats = (total / np.maximum(np.bincount(group, weight), 1e-6))[group]
    return result.astype(np.float32)


def _sections(page: PageArrays, likely: Floats, weight: Floats) -> Columns:
    is_heading = page.kind == _HEADING
    section = np.cumsum(is_heading)
    body = np.where(is_heading, 0, weight)
    return {
        "first_section": _mean(section, likely, body),
        "first_group": _mean(page.lists, likely, weight),
        "first_shape": _mean(page.shape, likely, weight),
        "first_shape_flat": _mean(page.shape, likely, np.ones_like(weight)),
    }


def _trees(page: PageArrays, likely: Floats, weight: Floats) -> Columns:
    """Return the mean likelihood below the elements around each block."""
    kept, total = page.sum_below(likely * weight), page.sum_below(weight)
    mean = kept / np.maximum(total, 1e-6)
    columns: Columns = {}
    for level, place in enumerate(page.wider, start=1):
        columns[f"first_up{level}"] = mean[place].astype(np.float32)
    columns["first_region"] = mean[page.region(total, REGION * total[0])].astype(np.float32)
    columns |= _cards(page, kept, total)
    if not page.page.elements:
        columns = dict.fromkeys(columns, np.full(page.size, np.nan, dtype=np.float32))
    return columns


def _cards(page: PageArrays, kept: NDArray[Any], total: NDArray[Any]) -> Columns:
    """Return the mean likelihood of the elements that stand beside one of their like.

    The other cards, the other posts: of the outermost such element around a block, and of the
    innermost; -1 where there is none.
    """
    around, alike = page.around, page.alike
    every = np.arange(page.size)
    like_kept = np.bincount(alike, kept)
    like_total = np.bincount(alike, total)
    like_mean = (like_kept / np.maximum(like_total, 1e-6))[alike]
    count = np.bincount(alike, page.held > 0)[alike]
    is_card = count[around] >= 3
    outer = page.outermost(is_card)
    inner = around[np.argmax(is_card, axis=0), every]
    none = ~is_card.any(axis=0)
    return {
        "first_cards": np.where(none, -1, like_mean[outer]).astype(np.float32),
        "first_cards_inner": np.where(none, -1, like_mean[inner]).astype(np.float32),
    }


def _whole(page: PageArrays, likely: Floats, weight: Floats) -> Columns:
    """Return what is expected of the page: how much of it is content, and how sure that is."""
    order = np.argsort(-likely, kind="stable")
    kept = np.cumsum(likely[order] * weight[order])
    given = np.cumsum(weight[order])
    due = max(float(kept[-1]), 1e-6)
    expected = 2 * kept / (given + due)
    best = int(np.argmax(expected))
    rank = np.empty(page.size, dtype=np.float32)
    rank[order] = (given - weight[order]) / max(float(given[-1]), 1e-6)
    rank_kept = np.empty(page.size, dtype=np.float32)
    rank_kept[order] = (given - weight[order]) / due
    values = {
        "expected": float(expected[best]),
        "cut": float(likely[order[best]]),
        "due": float(np.log1p(due)),
        "due_share": due / max(float(given[-1]), 1e-6),
        "doubt": float((weight * np.minimum(likely, 1 - likely)).sum())
        / max(float(given[-1]), 1e-6),
        "top": float(likely.max()),
        "likely_blocks": float(np.log1p((likely > LIKELY).sum())),
        "likely_long": float(((likely > LIKELY) * (page.characters.length > LONG)).sum()),
    }
    columns = {f"first_{k}": np.full(page.size, v, dtype=np.float32) for k, v in values.items()}
    columns["first_rank"] = rank
    columns["first_rank_due"] = np.minimum(rank_kept, 20)
    return columns
