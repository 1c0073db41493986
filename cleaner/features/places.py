"""What the elements around a block say: what they are, are called, hold and repeat."""

from __future__ import annotations

import numpy as np

from cleaner.features.arrays import (
    FRAME_HINTS,
    HINT_BITS,
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
from cleaner.features.words import WordOdds, name_odds
from cleaner.types import Kind

TAGS = (
    "nav footer aside header form main article section table ul ol dl blockquote figure a button p "
    "h1 h2 li pre"
).split()
"""Elements whose being around a block is a feature; a bit each."""

_TAG_BITS = {tag: 1 << bit for bit, tag in enumerate(TAGS)}

LEVELS = 4
"""Elements around a block that hold more than the last, for which densities are features."""

REGION = 0.5
"""Share of the page's text; the region of a block is the largest element around it with less."""


def place_columns(page: PageArrays, odds: WordOdds) -> Columns:
    """Return what the elements around each block say; NaN where there are none."""
    columns = _tag_columns(page)
    sums = _sums(page)
    columns |= _name_columns(page, odds, sums)
    columns |= _repeat_columns(page, sums)
    columns |= _level_columns(page, sums)
    if not page.page.elements:
        missing = np.full(page.size, np.nan, dtype=np.float32)
        columns = dict.fromkeys(columns, missing)
    return columns


def _tag_columns(page: PageArrays) -> Columns:
    elements = page.page.elements
    bits = np.array([_TAG_BITS.get(tag, 0) for tag, _ in page.looks])[page.look]
    around = bits[page.around]
    any_of = np.bitwise_or.reduce(around, axis=0)
    depth = (page.around < len(elements)).sum(axis=0)
    columns = named_rows([f"in_{tag}" for tag in TAGS], _flags(any_of, len(TAGS)))
    columns["depth"] = depth.astype(np.float32)
    own = bits[page.around[0]]
    for tag in ("p", "a"):
        columns[f"is_{tag}"] = ((own & _TAG_BITS[tag]) != 0).astype(np.float32)
    return columns


def _flags(bits: Ints, count: int) -> Ints:
    """Return the lowest bits of each block's number, a row a bit."""
    flags: Ints = (bits >> np.arange(count)[:, None]) & 1
    return flags


def _sums(page: PageArrays) -> dict[str, Floats]:
    """Return of each place the sums over the visible blocks below it, and how many are there."""
    characters = page.characters
    seen = page.seen.astype(np.float32)
    is_long = (characters.length >= LONG) & (page.linked * 2 < characters.length)
    is_heading = (page.kind == KINDS[Kind.HEADING]) & (page.level > 0)
    values = {
        "length": characters.length * seen,
        "linked": page.linked * seen,
        "links": page.links * seen,
        "long": characters.length * is_long * seen,
        "ends": characters.ends * seen,
        "heads": is_heading * seen,
    }
    sums = {name: page.sum_below(value).astype(np.float32) for name, value in values.items()}
    return sums | {"blocks": page.held.astype(np.float32)}


def _name_columns(page: PageArrays, odds: WordOdds, sums: dict[str, Floats]) -> Columns:
    least, most, total = name_odds(page, odds)
    around = page.around
    nowhere = len(page.page.elements)
    frame = sums["length"] * 2 > max(float(sums["length"][:nowhere].max(initial=0)), 1)
    small_least = np.where(frame, 0, least)
    columns = {
        "name_min": least[around].min(axis=0),
        "name_max": most[around].max(axis=0),
        "name_min_small": small_least[around].min(axis=0),
        "name_max_small": np.where(frame, 0, most)[around].max(axis=0),
        "name_sum": total[around].sum(axis=0),
        "name_sum_small": np.where(frame, 0, total)[around].sum(axis=0),
        "name_own": total[around[0]],
        "name_own3": total[around[:3]].sum(axis=0),
    }
    hints = np.where(frame, page.hints & FRAME_HINTS, page.hints)
    any_of = np.bitwise_or.reduce(hints[around], axis=0)
    flags = _flags(any_of, len(HINT_BITS))
    return columns | named_rows([f"named_{label}" for label in HINT_BITS], flags)


def _repeat_columns(page: PageArrays, sums: dict[str, Floats]) -> Columns:
    """Say how often the elements around a block stand beside their like, as cards do."""
    alike = page.alike
    holds = sums["blocks"] > 0
    beside = np.bincount(alike, holds)[alike].astype(np.float32)
    beside[-1] = 0
    text = np.bincount(alike, sums["length"] * holds)[alike] / np.maximum(beside, 1)
    links = np.bincount(alike, sums["links"] * holds)[alike] / np.maximum(beside, 1)
    around = page.around
    repeats = beside[around]
    # The outermost element that stands among at least three of its like: the card.
    is_card = repeats >= 3
    depth = len(around)
    chosen = np.where(is_card.any(axis=0), page.outermost(is_card), around[0])
    inner = around[np.argmax(is_card, axis=0), np.arange(page.size)]
    place = page.shape
    count = np.bincount(place)
    same = count[place].astype(np.float32)
    length = page.characters.length
    mean = (np.bincount(place, length) / count)[place].astype(np.float32)
    linked = (np.bincount(place, page.linked) / count)[place].astype(np.float32)
    return {
        "beside_own": beside[around[0]],
        "beside_parent": beside[around[min(1, depth - 1)]],
        "card_beside": log1(beside[chosen]),
        "card_text": log1(text[chosen].astype(np.float32)),
        "card_links": log1(links[chosen].astype(np.float32)),
        "card_blocks": log1(sums["blocks"][chosen]),
        "inner_beside": log1(beside[inner]),
        "inner_text": log1(text[inner].astype(np.float32)),
        "shape_count": log1(same),
        "shape_share": share(same, np.full(page.size, page.size, dtype=np.float32)),
        "shape_length": log1(mean),
        "shape_linked": share(linked, mean),
    }


def _level_columns(page: PageArrays, sums: dict[str, Floats]) -> Columns:
    """Return the densities of the elements around each block: of those that hold ever more."""
    whole = max(float(page.characters.length.sum()), 1.0)
    region = page.region(sums["length"], REGION * whole)
    names = [*(f"up{level}" for level in range(1, LEVELS + 1)), "region"]
    places = np.array([*page.wider[:LEVELS], region])
    length, blocks = sums["length"][places], sums["blocks"][places]
    densities = {
        "length": log1(length),
        "share": length / whole,
        "blocks": log1(blocks),
        "linked": share(sums["linked"][places], length),
        "mean": share(length, blocks),
        "long": share(sums["long"][places], length),
        "ends": share(sums["ends"][places], blocks),
        "heads": share(sums["heads"][places], blocks),
    }
    return {
        f"{name}_{what}": values[number].astype(np.float32)
        for number, name in enumerate(names)
        for what, values in densities.items()
    }
