"""What the elements around dropped blocks say: boxes of one kind, parts, regions of the page."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.features.arrays import Ints, PageArrays
from cleaner.kinds.tables import (
    BYLINE,
    CAPTION,
    COMMENT,
    NAVIGATION,
    NOTICE,
    PROMO,
    Region,
    say_names,
)

Bools = NDArray[np.bool_]

SMALL = 30
"""Blocks of the largest form or dialog: more is the page."""
FEW = 12
"""Blocks of the largest promo box that stands before the text: more is the page's header."""
FAR = 1 << 30
"""The size of no box."""

_PIECES = [BYLINE, NAVIGATION, CAPTION]
_SINGLE_ITEMS = ("article", "dt", "dd", "blockquote")
"""Elements that are an item of a list of comments even if they hold one block."""


# Numbers: an operation of flags with arrays takes an enumeration's long way.
_HEADER, _FOOTER, _ASIDE, _FORM, _DIALOG, _ITEM, _TOP, _BOTTOM = map(int, Region)


class Places(NamedTuple):
    """Each list has one entry a block; kinds as their numbers, sizes in blocks."""

    box: list[int]
    """The kind of the innermost box around the block, 0 for none."""
    box_size: list[int]
    part: list[int]
    """The kind that the innermost names speak for which speak of single texts, 0 for none."""
    part_size: list[int]
    header: list[bool]
    footer: list[bool]
    aside: list[bool]
    form: list[bool]
    dialog: list[bool]
    comments: list[int]
    """Blocks in the outermost box of comments around the block, 0 for none."""
    item: list[bool]
    """In one comment of a box of them."""
    container: list[int]
    """The smallest element around a block that holds another too."""
    counts: Ints
    """Of each place, how many blocks it holds."""
    first: Ints
    last: Ints
    """Of each place, the first and last block in it."""


class Names(NamedTuple):
    """What the names of elements say of blocks; arrays of the shape (blocks,), kinds as numbers."""

    box: Ints
    box_size: Ints
    part: Ints
    part_size: Ints
    item: Bools
    """In one comment of a box of them."""


def read_names(page: PageArrays, kept: Bools, title: int) -> Names:
    """Return what the names around blocks say: what of ``read_places`` is quick to know."""
    around, counts = page.around, page.held
    box, part, regions = _spoken(page, counts, kept, title)
    box_kind, box_size = _innermost(page, box)
    part_kind, part_size = _innermost(page, part)
    named_item = (regions & _ITEM > 0)[around].any(axis=0)
    return Names(
        box=box_kind,
        box_size=box_size,
        part=part_kind,
        part_size=part_size,
        item=named_item | _comments(page, box, counts)[1],
    )


def read_places(page: PageArrays, kept: Bools, title: int) -> Places:
    """Return what the elements around blocks say; ``kept`` are main text and headline."""
    around, counts = page.around, page.held
    first, last = _extents(page)
    box, part, regions = _spoken(page, counts, kept, title)
    start, end = text_span(page, kept)
    own = _below(page, ("article", "main"))
    top = (regions & _HEADER > 0) & (last < start) & ~own & (counts > 1)
    bottom = (regions & _FOOTER > 0) & (first > end) & ~own
    regions[top] |= _TOP
    regions[bottom] |= _BOTTOM
    # What holds so much before the text is the page's header, whatever it is called.
    box[(box == PROMO) & (last < start) & (counts > FEW)] = 0
    there = np.bitwise_or.reduce(regions[around], axis=0)
    box_kind, box_size = _innermost(page, box)
    # An offer in a paywall or a word on advertising in a consent box is part of it.
    if (box == NOTICE).any() and (box == PROMO).any():
        in_notice = (box[around] == NOTICE).any(axis=0)
        box_kind = np.where((box_kind == PROMO) & in_notice, NOTICE, box_kind)
    part_kind, part_size = _innermost(page, part)
    comments, items = _comments(page, box, counts)
    container = _containers(page)
    return Places(
        box=box_kind.tolist(),
        box_size=box_size.tolist(),
        part=part_kind.tolist(),
        part_size=part_size.tolist(),
        header=(there & _TOP > 0).tolist(),
        footer=(there & _BOTTOM > 0).tolist(),
        aside=(there & _ASIDE > 0).tolist(),
        form=(there & _FORM > 0).tolist(),
        dialog=(there & _DIALOG > 0).tolist(),
        comments=comments.tolist(),
        item=((there & _ITEM > 0) | items).tolist(),
        container=container.tolist(),
        counts=counts,
        first=first,
        last=last,
    )


def _spoken(page: PageArrays, counts: Ints, kept: Bools, title: int) -> tuple[Ints, Ints, Ints]:
    """Return of each place the kind that it is a box of, that of its own text, and its regions.

    What holds mostly main text, or the headline, says nothing of the rest.
    """
    says = say_names(page.looks, page.called)[:, page.look]
    mixed = _mostly_kept(page, kept)
    if title >= 0:
        mixed[page.around[:, title]] = True
    mixed[-1] = True
    says[:, mixed] = 0
    box, part, regions = says[0], says[1], says[2]
    regions[counts > SMALL] &= ~(_FORM | _DIALOG)
    box[(regions & _DIALOG > 0) & (box == 0) & (part == 0)] = NOTICE
    # The kicker of a teaser is no teaser.
    box[(box == PROMO) & np.isin(part, _PIECES) & (counts == 1)] = 0
    return box, part, regions


def _containers(page: PageArrays) -> Ints:
    """Return the smallest element around each block that holds another, and is no header."""
    headers = np.array([tag == "header" for tag, _ in page.looks])[page.look]
    grouped = (page.held[page.around] > 1) & ~headers[page.around]
    container = page.around[np.argmax(grouped, axis=0), np.arange(page.size)]
    result: Ints = np.where(grouped.any(axis=0), container, page.places - 1)
    return result


def text_span(page: PageArrays, kept: Bools) -> tuple[int, int]:
    """Return the first and the last kept block of the page; what is embedded stands nowhere."""
    nowhere = page.places - 1
    found = np.flatnonzero(kept & ((page.around[0] < nowhere) | (nowhere == 0)))
    return (int(found[0]), int(found[-1])) if len(found) else (page.size, -1)


def _comments(page: PageArrays, box: Ints, counts: Ints) -> tuple[Ints, Bools]:
    """Return how many blocks the box of comments around each block holds, 0 for none, and
    whether the block is in one of its items: an element that stands beside others of its like."""
    around = page.around
    comments = (box == COMMENT)[around]
    if not comments.any():
        return np.zeros(page.size, dtype=np.int64), np.zeros(page.size, dtype=bool)
    every, size = np.arange(page.size), counts[around]
    outer = len(around) - 1 - np.argmax(comments[::-1], axis=0)
    area = np.where(comments.any(axis=0), size[outer, every], 0)
    single = np.array([tag in _SINGLE_ITEMS for tag, _ in page.looks])[page.look]
    listed = np.array([tag == "li" for tag, _ in page.looks])[page.look]
    alike = np.bincount(page.alike, counts > 0)[page.alike] > 1
    is_item = single[around] | ((listed | alike)[around] & (size > 1))
    inside = is_item & (size < area)
    return area, np.asarray(inside.any(axis=0), dtype=bool)


def _innermost(page: PageArrays, kinds: Ints) -> tuple[Ints, Ints]:
    """Return of each block the kind of the innermost element around it that has one, and how many
    blocks that element holds; 0 and ``FAR`` for none."""
    around = kinds[page.around]
    place = page.around[np.argmax(around > 0, axis=0), np.arange(page.size)]
    kind = kinds[place]
    return kind, np.where(kind > 0, page.held[place], FAR)


def _extents(page: PageArrays) -> tuple[Ints, Ints]:
    """Return the first and the last block in each place."""
    n = page.size
    first = np.full(page.places, n)
    last = np.full(page.places, -1)
    every = np.arange(n)
    for row in page.around:
        np.minimum.at(first, row, every)
        np.maximum.at(last, row, every)
    return first, last


def _mostly_kept(page: PageArrays, kept: Bools) -> Bools:
    """Say of each place whether most of its text is kept."""
    weight = page.characters.length + 1
    weight = np.tile(np.where(kept, weight, -weight), len(page.around))
    return np.asarray(np.bincount(page.around.ravel(), weight, page.places) > 0, dtype=bool)


def _below(page: PageArrays, tags: tuple[str, ...]) -> Bools:
    """Say of each place whether it is in an element of one of the tags."""
    hit = np.array([tag in tags for tag, _ in page.looks])[page.look][page.around]
    seen = np.logical_or.accumulate(hit[::-1], axis=0)[::-1]
    result = np.zeros(page.places, dtype=bool)
    result[page.around[:-1]] = seen[1:]
    return result
