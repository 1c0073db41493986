"""Snippets of the main text, and of what is none of it, as targets for blocks.

Some labelled pages come without their main text: a few snippets must be in it, others must not.
They tell the blocks that they lie in, and leave the others unknown.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from cleaner.evaluate.score import words
from cleaner.train.align import UNIT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MIN_SNIPPET = 3
"""Words of a block from which it is told by lying in a snippet."""


def align_snippets(
    texts: Sequence[str], present: Sequence[str], absent: Sequence[str]
) -> NDArray[np.float32]:
    """Return 1 for blocks of snippets of the main text, 0 for those of snippets outside of it.

    A snippet tells the blocks that it lies in, be it within one or across several; one that
    is nowhere whole tells the blocks of ``MIN_SNIPPET`` words or more that lie in it. White
    space is squashed, and words are not cut. A snippet of the main text that is in several
    places tells nothing: more often than not the others are menus and teasers. Blocks of
    neither kind of snippet are ``NaN``, and so are those of both.
    The result has the shape (blocks,).
    """
    import numpy as np

    blocks = [" ".join(text.split()) for text in texts]
    inside = _told(blocks, present, max_places=1)
    outside = _told(blocks, absent, max_places=len(blocks))
    targets = np.full(len(blocks), np.nan, dtype=np.float32)  # (blocks,)
    targets[sorted(inside - outside)] = 1.0
    targets[sorted(outside - inside)] = 0.0
    return targets


def _told(blocks: Sequence[str], snippets: Sequence[str], max_places: int) -> set[int]:
    """Return the numbers of the blocks that snippets tell, but for those in too many places."""
    page = " ".join(blocks)
    starts = list(accumulate((len(block) + 1 for block in blocks), initial=0))[:-1]
    told: set[int] = set()
    for snippet in {" ".join(snippet.split()) for snippet in snippets} - {""}:
        places = list(_places(snippet, page))
        if not places:
            told.update(i for i, block in enumerate(blocks) if _lies_in(block, snippet))
        for start, end in places if len(places) <= max_places else ():
            told.update(range(bisect_right(starts, start) - 1, bisect_left(starts, end)))
    return told


def _lies_in(block: str, snippet: str) -> bool:
    """Return whether a block is a part of a snippet that is long enough to tell by."""
    return (
        block in snippet
        and len(words(block)) >= MIN_SNIPPET
        and any(True for _ in _places(block, snippet))
    )


def _places(part: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where a part stands in a text and cuts no word."""
    start = text.find(part)
    while start >= 0:
        end = start + len(part)
        if not _is_cut(text, start) and not _is_cut(text, end):
            yield start, end
        start = text.find(part, start + 1)


def _is_cut(text: str, position: int) -> bool:
    """Return whether a position is amid a word; in dense scripts each character is one."""
    around = text[max(position - 1, 0) : position + 1]
    return 0 < position < len(text) and UNIT.fullmatch(around) is not None
