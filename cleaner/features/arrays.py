"""A page as flat arrays: what the features are computed from, all blocks at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.features.chars import Characters, count_characters
from cleaner.features.wording import Words, split_heads, split_looks
from cleaner.lexicon import lexicon
from cleaner.types import Block, Element, Kind, LabelName, Page, SpanKind

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int64]
Columns = dict[str, Floats]
"""Feature name to its values, one a block, in the order of the matrix."""

_MIX = np.uint64(0x9E3779B97F4A7C15)
"""An odd number without pattern: multiplied by it, numbers spread over all bits."""

MAX_DEPTH = 60
"""Elements around a block that are looked at, the innermost."""

WIDER = 5
"""Levels of elements around a block that hold more than the last."""

KINDS: Mapping[str, int] = {kind: code for code, kind in enumerate(Kind)}
HIDDEN: Mapping[str, int] = {
    "": 0,
    "permalink": 1,
    "aria-hidden": 2,
    "off-screen": 3,
    "fallback": 4,
    "template": 5,
    "hidden": 6,
    "display-none": 7,
}
UNSEEN = HIDDEN["fallback"]
"""From this code of ``HIDDEN`` on a block counts as not seen by readers."""

HINTS = (
    LabelName.CONTENT,
    LabelName.NAVIGATION,
    LabelName.PROMO,
    LabelName.NOTICE,
    LabelName.SHARE,
    LabelName.LEGAL,
    LabelName.COMMENT,
    LabelName.BYLINE,
    LabelName.CAPTION,
    LabelName.OTHER,
)
HINT_BITS = {label: 1 << bit for bit, label in enumerate(HINTS)}
FRAME_HINTS = HINT_BITS[LabelName.CONTENT] | HINT_BITS[LabelName.COMMENT]
"""What the names of an element that holds most of the page may say of it."""

_LINK, _IMAGE, _STRONG = SpanKind.LINK, SpanKind.IMAGE, SpanKind.STRONG


@dataclass(frozen=True, slots=True)
class PageArrays:
    """The blocks of a page, column by column, and the tree around them."""

    page: Page
    texts: list[str]
    characters: Characters
    kind: Ints
    hidden: Ints
    level: Ints
    group: Ints
    linked: Floats
    """Characters of links."""
    links: Floats
    images: Floats
    strong: Floats
    """Characters in bold."""
    around: Ints
    """(depth, blocks): the elements around each block, the innermost first. Where there are no
    more, and in text captures, ``len(page.elements)``, a place that holds nothing."""
    held: Ints
    """Of each place, how many blocks it holds; 0 for none."""
    wider: list[Ints]
    """The elements around each block that hold ever more, level by level: the first holds more
    than the innermost, the next more than the first; the root where there are no more."""
    look: Ints
    """Of each place its position in ``looks``."""
    looks: list[tuple[str, str]]
    """The different tags and names of elements, the last for none."""
    called: Words
    """The words of the names in ``looks``."""
    shape: Ints
    """Of each block a number for its kind and the tags and first names down to it."""
    alike: Ints
    """Of each place a number that it shares with those beside it of its tag and first name,
    whether they hold blocks or not."""
    hints: Ints
    """Of each place the labels that its names speak for, a bit each (``HINT_BITS``)."""
    heads: Words
    """The words of the beginnings of all texts, in lower case, without numbers."""

    @property
    def size(self) -> int:
        """The number of blocks."""
        return len(self.texts)

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Whether readers may see each block."""
        return self.hidden < UNSEEN

    @property
    def lists(self) -> Ints:
        """The list or table of each block, by number; a block outside of them stands alone."""
        alone = self.group.max(initial=0) + 1 + np.arange(self.size)
        return np.where(self.group >= 0, self.group, alone)

    def sum_below(self, values: Floats) -> NDArray[Any]:
        """Return of each place the sum over the blocks below it; 0 for none."""
        depth, flat = len(self.around), self.around.ravel()
        sums: NDArray[Any] = np.bincount(flat, np.tile(values, depth), self.places)
        sums[-1] = 0
        return sums

    def region(self, sizes: NDArray[Any], limit: float) -> Ints:
        """Return the largest element around each block whose size is below a limit, else the root.

        ``sizes`` are those of all places.
        """
        is_part = (sizes[self.around] < limit) & (self.around < self.places - 1)
        return np.where(is_part.any(axis=0), self.outermost(is_part), 0)

    def outermost(self, chosen: NDArray[np.bool_]) -> Ints:
        """Return the outermost chosen element around each block; ``chosen`` is (depth, blocks)."""
        row = len(self.around) - 1 - np.argmax(chosen[::-1], axis=0)
        result: Ints = self.around[row, np.arange(self.size)]
        return result

    @property
    def places(self) -> int:
        """The number of elements, and one for none."""
        return len(self.page.elements) + 1


def read_arrays(page: Page) -> PageArrays:
    """Return the arrays of a page that has blocks."""
    blocks = page.blocks
    texts = [block.text for block in blocks]
    linked, links, images, strong = _count_spans(blocks)
    parents = np.array([*(element[1] for element in page.elements), -1])
    around = _elements_around(parents, blocks)
    held = np.bincount(around.ravel(), minlength=len(parents))
    held[-1] = 0
    look, looks = _read_looks(page.elements, held)
    called = split_looks(looks)
    first = _first_names(looks)[look]
    alike = _numbered(parents * len(looks) + first)
    kind = np.array([KINDS[block.kind] for block in blocks])
    return PageArrays(
        page=page,
        texts=texts,
        characters=count_characters(texts),
        kind=kind,
        hidden=np.array([HIDDEN.get(block.hidden, HIDDEN["hidden"]) for block in blocks]),
        level=np.array([block.level for block in blocks]),
        group=np.array([block.group for block in blocks]),
        linked=linked,
        links=links,
        images=images,
        strong=strong,
        around=around,
        held=held,
        wider=_wider_elements(around, held),
        look=look,
        looks=looks,
        called=called,
        shape=_numbered(_shapes(around, first) + kind.astype(np.uint64)),
        alike=alike,
        hints=_hints(called)[look],
        heads=split_heads(texts),
    )


def _count_spans(blocks: Sequence[Block]) -> tuple[Floats, Floats, Floats, Floats]:
    counts = np.zeros((4, len(blocks)), dtype=np.float32)
    for i, block in enumerate(blocks):
        if not block.spans:
            continue
        linked = links = images = strong = 0
        for span in block.spans:
            if span.kind is _LINK:
                linked += span.end - span.start
                links += 1
            elif span.kind is _IMAGE:
                images += 1
            elif span.kind is _STRONG:
                strong += span.end - span.start
        counts[:, i] = linked, links, images, strong
    return counts[0], counts[1], counts[2], counts[3]


def _elements_around(parents: Ints, blocks: Sequence[Block]) -> Ints:
    nowhere = len(parents) - 1
    parents = np.where(parents < 0, nowhere, parents)
    place = np.array([block.element for block in blocks])
    place[place < 0] = nowhere
    rows = [place]
    while len(rows) < MAX_DEPTH:
        place = parents[place]
        if not (place != nowhere).any():
            break
        rows.append(place)
    return np.array(rows)


def _read_looks(elements: Sequence[Element], held: Ints) -> tuple[Ints, list[tuple[str, str]]]:
    """Number the elements that hold blocks by their tag and names.

    Those that hold none, and the place for none, share the last number.
    """
    looks: dict[tuple[str, str], int] = {}
    number = looks.setdefault
    look = [
        number((tag, names), len(looks)) if count else -1
        for (tag, _, names), count in zip(elements, held.tolist(), strict=False)
    ]
    numbers = np.array([*look, -1])
    numbers[numbers < 0] = len(looks)
    return numbers, [*looks, ("", "")]


def _first_names(looks: Sequence[tuple[str, str]]) -> Ints:
    """Number the looks by their tag and first name."""
    firsts: dict[tuple[str, str], int] = {}
    number = firsts.setdefault
    return np.array([number((tag, names.partition(" ")[0]), len(firsts)) for tag, names in looks])


def _shapes(around: Ints, first: Ints) -> NDArray[np.uint64]:
    """Return of each block a number for the tags and first names down to it.

    ``first`` numbers those of all places. The numbers are hashes, alike for like paths: two that
    differ meet by a chance of one in 2**64.
    """
    steps = first.astype(np.uint64) + np.uint64(1)
    shape = np.zeros(around.shape[1], dtype=np.uint64)
    for row in around[::-1]:
        shape = (shape ^ (shape >> np.uint64(29)) ^ steps[row]) * _MIX
    return shape


def _hints(called: Words) -> Ints:
    bits = called.look_up(_hint_bits(), np.int64)
    hints: Ints = np.bitwise_or.reduceat(bits, called.starts)
    return hints


@cache
def _hint_bits() -> Mapping[str, int]:
    """Return the bit of each word of names that speaks for a label."""
    return {word: HINT_BITS[label] for word, label in lexicon().names.items()}


def _numbered(values: NDArray[Any]) -> Ints:
    """Return of each value its number among the different ones."""
    return np.unique(values, return_inverse=True)[1]


def _wider_elements(around: Ints, held: Ints) -> list[Ints]:
    within = held[around]
    grows = np.ones_like(within, dtype=bool)
    grows[1:] = within[1:] > within[:-1]
    rank = np.cumsum(grows, axis=0, dtype=np.int16)
    every = np.arange(around.shape[1])
    found: list[Ints] = []
    for level in range(2, WIDER + 2):
        reached = rank >= level
        place = around[np.argmax(reached, axis=0), every]
        found.append(np.where(reached.any(axis=0), place, 0))
    return found


def named_rows(names: Iterable[str], values: NDArray[Any]) -> Columns:
    """Return the rows of a matrix (names, blocks) as columns, each by its name."""
    return dict(zip(names, values.astype(np.float32), strict=True))


def share(part: Floats, whole: Floats) -> Floats:
    """Return the ratio of two arrays, 0 where the whole is 0."""
    result: Floats = part / np.maximum(whole, 1e-9)
    return result


def probabilities(log_odds: Floats) -> Floats:
    """Return the probabilities (0..1) of log-odds."""
    result: Floats = 1 / (1 + np.exp(-np.clip(log_odds, -30, 30)))
    return result


def log1(values: Floats) -> Floats:
    """Return the logarithm of counts, 0 for 0."""
    result: Floats = np.log1p(values)
    return result
