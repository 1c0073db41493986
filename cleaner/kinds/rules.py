"""The rules: of all that speaks for a kind, the strongest decides.

A box, that is an element whose names or whose heading speak for all in it, comes first; then what a
block says itself, what its own element is called, what the rest of its box is, and where it stands.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from cleaner.features.matrix import Matrix
from cleaner.kinds.heads import FEW, HEADLINE, SMALL, head_boxes
from cleaner.kinds.own import own_kind
from cleaner.kinds.tables import (
    BOXES,
    BYLINE,
    CAPTION,
    CODES,
    LEGAL,
    NAVIGATION,
    NOTICE,
    OTHER,
    PROMO,
    SHARE,
)
from cleaner.kinds.view import View, read_view
from cleaner.types import Block, Kind, LabelName

DECISIVE = frozenset({BYLINE, CAPTION, SHARE})
"""Kinds that are never main text, however well their words are written."""


def find_kinds(
    matrix: Matrix, title: int, keep: Sequence[bool], doubtful: Collection[int] = ()
) -> list[LabelName]:
    """Return the kind of boilerplate that each dropped block of a page is.

    ``keep`` says which blocks are main text, ``title`` is the headline's index, -1 for none; for
    these the kind is ``other``. Blocks that are ``doubtful``, by index, are taken for dropped;
    those that turn out to be no byline, caption or share line are ``content`` after all.
    """
    view = read_view(matrix, title, [k and i not in doubtful for i, k in enumerate(keep)])
    head_boxes(view)
    for block in view.dropped:
        view.kinds[block.index] = own_kind(view, block)
    content = {i for i in doubtful if not _is_decided(view, i)}
    for i in content:
        view.kept[i] = True
    dropped = [block for block in view.dropped if block.index not in content]
    view = replace(view, dropped=dropped)
    if view.is_markup:
        _fill(view)
    else:
        _fill_lines(view)
    for block in reversed(view.dropped):
        if not view.kinds[block.index]:
            view.kinds[block.index] = _place(view, block)
    kinds = [CODES[code] or LabelName.OTHER for code in view.kinds]
    for i in content:
        kinds[i] = LabelName.CONTENT
    return kinds


def _is_decided(view: View, i: int) -> bool:
    """Say whether a doubtful block is boilerplate for sure; a heading is no caption."""
    is_heading = view.blocks[i].kind is Kind.HEADING
    return view.kinds[i] in DECISIVE and not (is_heading and view.kinds[i] == CAPTION)


def _fill(view: View) -> None:
    """Give blocks of which nothing speaks the kind of most others in a small box."""
    arrays = view.arrays
    codes = np.array(view.kinds)
    known = np.flatnonzero(codes > 0)
    open_ = np.array([b.index for b in view.dropped if not codes[b.index]], dtype=np.int64)
    if not len(known) or not len(open_):
        return
    around = arrays.around
    width = len(CODES)
    flat = around[:, known] * width + codes[known]
    votes = np.bincount(flat.ravel(), minlength=arrays.places * width)
    votes = votes.reshape(arrays.places, width)
    total = votes.sum(axis=1)
    best = votes.argmax(axis=1)
    kept = np.flatnonzero(np.array(view.kept))
    usable = (total > 0) & (view.at.counts <= SMALL) & (votes.max(axis=1) * 2 >= total)
    usable[around[:, kept].ravel()] = False
    usable[[-1, *view.frames]] = False
    is_box = np.isin(np.arange(width), BOXES)
    usable &= is_box[best] | ((best == BYLINE) & (view.at.counts <= FEW // 2))
    hit = usable[around[:, open_]]
    row = np.argmax(hit, axis=0)
    for column, i in enumerate(open_.tolist()):
        if hit[row[column], column] and not view.at.header[i] and not view.at.footer[i]:
            view.kinds[i] = int(best[around[row[column], i]])


def _fill_lines(view: View) -> None:
    """Give lines of a text capture between two of one kind that kind."""
    for block in view.dropped:
        i = block.index
        if 0 < i < len(view.kinds) - 1 and not view.kinds[i] and not view.linked[i]:
            before, after = view.kinds[i - 1], view.kinds[i + 1]
            if before in BOXES and before == (after or PROMO * view.linked[i + 1]):
                view.kinds[i] = before


def _place(view: View, block: Block) -> int:
    """Return the kind that goes with the place of a block."""
    i = block.index
    at = view.at
    if at.footer[i]:
        is_text = not view.linked[i] and block.kind is not Kind.HEADING
        return LEGAL if is_text and block.kind is not Kind.CONTROL else NAVIGATION
    if at.dialog[i] or at.form[i]:
        return NOTICE
    if block.kind is Kind.CONTROL:
        return OTHER
    if at.aside[i]:
        return PROMO
    after = _after(view, i)
    is_head = not view.is_markup and i > view.end and view.kinds[i - 1] not in (0, NAVIGATION)
    if view.linked[i]:
        return PROMO if is_head and after == PROMO else _link(view, block)
    is_lead = view.is_markup and i > view.end and after == PROMO
    if after and (block.kind is Kind.HEADING or is_lead):
        return after
    if not view.is_markup and after == PROMO and not view.is_worded[i]:
        return PROMO
    if 0 <= view.title - i <= 2 and not block.hidden:
        return NAVIGATION
    return OTHER


def _link(view: View, block: Block) -> int:
    """Return the kind of a link of which nothing else is known."""
    i = block.index
    size = view.group_size.get(block.group, view.size[i] / max(view.links[i], 1.0))
    if i >= view.start and size >= HEADLINE:
        return PROMO
    # A short link alone is a button that offers something, but for one beside a linked heading.
    is_beside = i > 0 and view.blocks[i - 1].kind is Kind.HEADING and view.linked[i - 1]
    is_alone = block.kind is Kind.PARAGRAPH and i > view.start and view.is_markup
    return PROMO if is_alone and not is_beside else NAVIGATION


def _after(view: View, i: int) -> int:
    """Return the kind of the next block but for images, 0 where none is dropped."""
    for j in range(i + 1, min(i + 3, len(view.blocks))):
        if view.kept[j]:
            return 0
        if view.blocks[j].kind is not Kind.IMAGE:
            return view.kinds[j]
    return 0
