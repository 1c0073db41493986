"""Blocks that the names of the elements around them call boilerplate, whatever their words say."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from cleaner.features.arrays import HIDDEN, KINDS, Floats
from cleaner.features.basics import is_forum
from cleaner.features.matrix import Matrix
from cleaner.kinds.places import Names, read_names
from cleaner.kinds.tables import (
    BYLINE,
    COMMENT,
    NAVIGATION,
    NOTICE,
    OTHER,
    PROMO,
)
from cleaner.types import Kind

FEW = 4
"""Blocks of an element whose names speak of its own text."""
SMALL = 30
"""Blocks of a box that its names speak for; what holds more often holds the article, too."""

LEAST = {COMMENT: 0.9, OTHER: 0.8, NOTICE: 0.7, BYLINE: 0.7, PROMO: 0.65, NAVIGATION: 0.65}
"""How likely a block must be to be main text against what its element is called, by kind.

Set where keeping and dropping such blocks gave labelled pages the same score; names of comments are
the most reliable, but for those of forums.
"""
MANY = 10
"""Bylines and offers of a page; more are the cards of a listing, which is made of them."""
LEAST_OUTSIDE = 0.02
"""Text that is no comment, for each character of comments that would be kept."""
LEAST_COPY = 0.9
"""The same for a hidden block whose text is seen elsewhere."""

NEAR = 3
"""Blocks from one that is off the screen to the next kept one, for it to be amid seen text."""

_OFF_SCREEN = HIDDEN["off-screen"]
_HEADING = KINDS[Kind.HEADING]


def find_named(matrix: Matrix, likely: Floats, title: int) -> set[int]:
    """Return the blocks that are not as likely main text as their elements' names ask for.

    ``likely`` has the shape (blocks,), 0 for blocks that are not kept anyway.
    """
    page = matrix.arrays.page
    if not page.elements:
        return set()
    off_screen = _off_screen(matrix, likely)
    highest = max(LEAST.values())
    doubtful = np.flatnonzero((likely > 0) & (likely < highest)).tolist()
    if not doubtful:
        return off_screen
    sure = likely >= highest
    names = read_names(matrix.arrays, sure, title)
    comments = _find_comments(matrix, names, likely, sure)
    # A listing's cards, and the headings over them, may be called menus too; kickers are no links.
    is_card = (matrix.arrays.linked * 2 > matrix.arrays.characters.length) & (
        matrix.arrays.links < 2
    )
    is_card |= matrix.arrays.kind == _HEADING
    found = _hidden_copies(matrix, likely, doubtful) | off_screen
    by_kind: dict[int, list[int]] = {}
    for i in doubtful:
        kind = COMMENT if i in comments else _named(names, i, bool(is_card[i]))
        if likely[i] < LEAST.get(kind, 0.0):
            by_kind.setdefault(kind, []).append(i)
    for kind, blocks in by_kind.items():
        if kind not in (BYLINE, PROMO) or len(blocks) <= MANY:
            found.update(blocks)
    return found


def _find_comments(
    matrix: Matrix, names: Names, likely: Floats, sure: NDArray[np.bool_]
) -> set[int]:
    """Return the blocks of readers' comments, which stand below the text that they speak of.

    Where hardly any text is outside of what is called comments, they are what the page is for.
    """
    inside = names.box == COMMENT
    if not inside.any() or is_forum(matrix.arrays.page):
        return set()
    length = matrix.arrays.characters.length
    if (likely * length)[~inside].sum() < LEAST_OUTSIDE * length[inside & (likely > 0)].sum():
        return set()
    end = int(np.flatnonzero(sure & ~inside).max(initial=-1))
    return {i for i in np.flatnonzero(inside).tolist() if i > end and names.item[i]}


def _named(names: Names, i: int, is_card: bool) -> int:
    """Return the kind that names speak for, 0 for none."""
    if names.part_size[i] <= FEW and names.part_size[i] <= names.box_size[i]:
        return 0 if is_card and names.part[i] == NAVIGATION else int(names.part[i])
    is_small = names.box_size[i] <= SMALL and names.box[i] != COMMENT
    return int(names.box[i]) if is_small else 0


def _hidden_copies(matrix: Matrix, likely: Floats, doubtful: Iterable[int]) -> set[int]:
    """Return the blocks that are signs of permanent links, or hidden while their text is seen."""
    blocks = matrix.arrays.page.blocks
    hidden = [i for i in doubtful if blocks[i].hidden and likely[i] < LEAST_COPY]
    if not hidden:
        return set()
    seen = {block.text for block in blocks if not block.hidden}
    return {i for i in hidden if blocks[i].hidden == "permalink" or blocks[i].text in seen}


def _off_screen(matrix: Matrix, likely: Floats) -> set[int]:
    """Return the few blocks amid seen text that are there for those who hear the page."""
    kept = np.flatnonzero(likely > 0)
    is_off = matrix.arrays.hidden[kept] == _OFF_SCREEN
    alone = is_off[1:-1] & ~is_off[:-2] & ~is_off[2:]
    near = (kept[2:] - kept[:-2]) <= 2 * NEAR
    return set(kept[1:-1][alone & near].tolist())
