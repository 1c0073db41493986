"""A page as flat arrays: what the features are computed from, all blocks at a time."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.features.chars import Characters, count_characters
from cleaner.lexicon import name_labels
from cleaner.types import Block, Element, Kind, LabelName, Page, SpanKind

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int64]
Columns = dict[str, Floats]
"""Feature name to its values, one a block, in the order of the matrix."""

HEAD = 160
"""Characters of a text whose words are looked at: boilerplate says what it is at once."""

_WORD = re.compile(r"[^\W\d_]+")

MAX_DEPTH = 60
"""Elements around a block that are looked at, the innermost."""

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


class Heads(NamedTuple):
    """The words of the beginnings of all texts, in lower case, without numbers."""

    words: list[str]
    """Each text's begin with a NUL."""
    starts: Ints
    """(texts,): where each text's begin."""
    sizes: Floats
    """(texts,): how many words each has."""

    def among(self, found: Container[str]) -> Floats:
        """Return how many words of each text are among some."""
        values = np.fromiter(map(found.__contains__, self.words), np.float32, len(self.words))
        return np.add.reduceat(values, self.starts)


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
    look: Ints
    """Of each place its position in ``looks``."""
    looks: list[tuple[str, str]]
    """The different tags and names of elements, the last for none."""
    shape: Ints
    """Of each block a number for its kind and the tags and first names down to it."""
    alike: Ints
    """Of each place a number that it shares with those beside it of its tag and first name."""
    hints: Ints
    """Of each place the labels that its names speak for, a bit each (``HINT_BITS``)."""
    heads: Heads

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
    around = _elements_around(page.elements, blocks)
    tree = _read_tree(page.elements, around)
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
        look=tree.look,
        looks=tree.looks,
        shape=tree.shape[around[0]] * len(KINDS) + kind,
        alike=tree.alike,
        hints=_hints(tree.looks)[tree.look],
        heads=_split_heads(texts),
    )


def split_head(text: str) -> list[str]:
    """Return the words of a text's beginning, in lower case, without numbers."""
    return _WORD.findall(text[:HEAD].lower())


def _split_heads(texts: Sequence[str]) -> Heads:
    joined = "\0".join([text[:HEAD].replace("\0", " ") for text in texts]).lower()
    parts = [_WORD.findall(head) for head in joined.split("\0")]
    words: list[str] = []
    for part in parts:
        words.append("\0")
        words += part
    sizes = np.fromiter(map(len, parts), dtype=np.int64, count=len(parts))
    return Heads(words, np.cumsum(sizes + 1) - sizes - 1, sizes.astype(np.float32))


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


def _elements_around(elements: Sequence[Element], blocks: Sequence[Block]) -> Ints:
    nowhere = len(elements)
    parents = np.array([element[1] for element in elements] + [nowhere])
    parents[parents < 0] = nowhere
    place = np.array([block.element for block in blocks])
    place[place < 0] = nowhere
    rows = [place]
    while len(rows) < MAX_DEPTH:
        place = parents[place]
        if not (place != nowhere).any():
            break
        rows.append(place)
    return np.array(rows)


class _Tree(NamedTuple):
    look: Ints
    looks: list[tuple[str, str]]
    shape: Ints
    alike: Ints


def _read_tree(elements: Sequence[Element], around: Ints) -> _Tree:
    """Number the elements that hold blocks by what they look like; parents come first.

    Elements without blocks, and the place for none, share the numbers of the place for none.
    """
    nowhere = len(elements)
    looks: dict[tuple[str, str], int] = {}
    firsts: dict[tuple[str, str], int] = {}
    first_of: list[int] = []
    shapes: dict[tuple[int, int], int] = {}
    alikes: dict[tuple[int, int], int] = {}
    look, shape, alike = [-1] * (nowhere + 1), [-1] * (nowhere + 1), [-1] * (nowhere + 1)
    for place in np.unique(around).tolist():
        if place == nowhere:
            break
        tag, parent, names = elements[place]
        key = (tag, names)
        number = looks.get(key)
        if number is None:
            number = looks[key] = len(looks)
            first_of.append(firsts.setdefault((tag, names.partition(" ")[0]), len(firsts)))
        first = first_of[number]
        look[place] = number
        shape[place] = shapes.setdefault((shape[parent] if parent >= 0 else -1, first), len(shapes))
        alike[place] = alikes.setdefault((parent, first), len(alikes))
    tree = np.array((look, shape, alike))
    tree[0][tree[0] < 0] = len(looks)
    tree[1][tree[1] < 0] = len(shapes)
    tree[2][tree[2] < 0] = len(alikes)
    return _Tree(tree[0], [*looks, ("", "")], tree[1], tree[2])


def _hints(looks: Sequence[tuple[str, str]]) -> Ints:
    bits = [0] * len(looks)
    for number, (_, names) in enumerate(looks):
        if names:
            for label, _ in name_labels(names):
                bits[number] |= HINT_BITS[label]
    return np.array(bits)


def wider_elements(around: Ints, blocks: NDArray[Any], levels: int) -> list[Ints]:
    """Return of each block the elements around it that hold ever more blocks, level by level.

    The first holds more than the innermost, the next more than the first; the root where there
    are no more. ``blocks`` says of each place how many it holds.
    """
    held = blocks[around]
    grows = np.ones_like(held, dtype=bool)
    grows[1:] = held[1:] > held[:-1]
    rank = np.cumsum(grows, axis=0)
    every = np.arange(around.shape[1])
    found: list[Ints] = []
    for level in range(2, levels + 2):
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
