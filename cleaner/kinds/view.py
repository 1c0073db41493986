"""What is known of a page before its dropped blocks get their kinds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cleaner.features.arrays import Floats, PageArrays
from cleaner.features.matrix import Matrix
from cleaner.kinds.places import Places, read_places, text_span
from cleaner.kinds.said import Said, read_said
from cleaner.kinds.tables import NAVIGATION, tables
from cleaner.types import Block

GONE = frozenset({"hidden", "display-none", "aria-hidden", "template"})
"""Ways of hiding text from everyone's eyes."""

NEAR = 10
"""Blocks around the article in which bylines are its own."""

_MAX_TEXT = 30_000
"""Characters of main text in which repeated texts are looked for."""
_MAX_FRAMES = 10
"""Elements among which those that hold the whole page are looked for."""
_MOST = 0.75
"""Share of a hidden list's lines that stand elsewhere, in a copy of a list."""


@dataclass(frozen=True, slots=True)
class View:
    """A page as the rules see it; lists have one entry a block, kinds are numbers."""

    arrays: PageArrays
    blocks: Sequence[Block]
    dropped: Sequence[Block]
    kept: list[bool]
    """Main text and headline."""
    start: int
    end: int
    """The first and the last kept block; both are the number of blocks where there is none."""
    title: int
    headline: str
    text: str
    """The main text."""
    authors: Sequence[str]
    at: Places
    said: Said
    box: list[int]
    """The kind of the box around a block, 0 for none, and how many blocks it holds: by its names,
    and in the end by what heads it."""
    box_size: list[int]
    kinds: list[int]
    """What was found, 0 for nothing yet."""
    size: list[float]
    """Characters, those of dense scripts counted thrice."""
    linked: list[bool]
    """More than half of the text is links."""
    links: list[float]
    is_worded: list[bool]
    """There are letters."""
    is_sign: list[bool]
    """There are neither letters nor digits."""
    in_link: list[bool]
    in_figure: list[bool]
    copies: set[int]
    """Hidden blocks of a list that is there twice."""
    group_size: dict[int, float]
    """Of each list, the mean size of its items."""
    frames: list[int]
    """The elements that hold the whole page."""

    @property
    def is_markup(self) -> bool:
        """Whether the page has elements: text captures have none."""
        return bool(self.arrays.page.elements)

    def is_near(self, i: int) -> bool:
        """Say whether a block is in or near the article."""
        return self.start - NEAR <= i <= self.end + NEAR


def read_view(matrix: Matrix, title: int, keep: Sequence[bool]) -> View:
    """Return what the rules need to know of a page; ``keep`` says what is main text."""
    arrays = matrix.arrays
    blocks = arrays.page.blocks
    kept = np.array(keep, dtype=bool)
    text = "\n".join([block.text for block, main in zip(blocks, keep, strict=True) if main])
    if title >= 0:
        kept[title] = True
    start, end = text_span(arrays, kept)
    is_kept: list[bool] = kept.tolist()
    dropped = [block for block in blocks if not is_kept[block.index]]
    at = read_places(arrays, kept, title)
    counts = arrays.characters
    size = counts.length + 2 * counts.dense
    outer = enumerate(arrays.page.elements[:_MAX_FRAMES])
    return View(
        arrays=arrays,
        blocks=blocks,
        dropped=dropped,
        kept=is_kept,
        start=start,
        end=end if end >= 0 else len(blocks),
        title=title,
        headline=blocks[title].text if title >= 0 else "",
        text=text[:_MAX_TEXT],
        authors=[f.value for f in arrays.page.facts if f.name == "author" and len(f.value) > 3],
        at=at,
        said=read_said(dropped, arrays, _menus(at, start), tables()),
        box=list(at.box),
        box_size=list(at.box_size),
        kinds=[0] * len(blocks),
        size=size.tolist(),
        linked=(arrays.linked * 2 > counts.length).tolist(),
        links=arrays.links.tolist(),
        is_worded=(counts.letters > 0).tolist(),
        is_sign=[len(text) < 5 and not any(map(str.isalnum, text)) for text in arrays.texts],
        in_link=(matrix.column("in_a") > 0).tolist(),
        in_figure=(matrix.column("in_figure") > 0).tolist(),
        copies=_find_copies(blocks, dropped, at),
        group_size=_group_sizes(arrays, size),
        frames=[i for i, element in outer if element.tag in ("html", "body", "main")],
    )


def _menus(at: Places, start: int) -> list[bool]:
    """Say of each block whether it is in the page's header or in a menu above the text."""
    menus = list(at.header)
    for i, (part, size) in enumerate(zip(at.part[:start], at.part_size[:start], strict=True)):
        menus[i] |= part == NAVIGATION and size > 1
    return menus


def _find_copies(blocks: Sequence[Block], dropped: Sequence[Block], at: Places) -> set[int]:
    """Return the hidden blocks that repeat what is seen; of a list most must do so."""
    hidden = [block for block in dropped if block.hidden in GONE]
    if not hidden:
        return set()
    seen = {block.text for block in blocks if not block.hidden}
    copies = {block.index for block in hidden if block.text in seen}
    of_place = Counter(at.container[block.index] for block in hidden)
    of_copies = Counter(at.container[i] for i in copies)
    return {i for i in copies if of_copies[place := at.container[i]] >= _MOST * of_place[place]}


def _group_sizes(arrays: PageArrays, size: Floats) -> dict[int, float]:
    """Return of each list how long its items are on average."""
    listed = arrays.group >= 0
    group = arrays.group[listed]
    count = np.bincount(group)
    mean = np.bincount(group, size[listed]) / np.maximum(count, 1)
    return dict(enumerate(mean.tolist()))
