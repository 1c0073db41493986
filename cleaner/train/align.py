"""The truth of a page as a target for each of its blocks.

A target is the share (0..1) of a block's words that belong to the main text, or ``NaN``
where nothing is known. Words are the ``\\w+`` tokens that pages are scored by; those of
scripts written without blanks are taken apart into characters, for there a token is a
whole clause, and one character more or less would hide the rest of it.

A text is aligned in five steps:

1. The longest common subsequence of the page's words and the truth's.
2. Runs (words that follow each other in both) take over the words next to them that the
   subsequence matched with another copy of the same text: many subsequences are longest.
3. Chance hits are let go: a common word is in the truth somewhere.
4. Words of the truth that are left are looked for in what is left of the page, in any
   order. A word of the truth is used once, so of two copies one is the main text.
5. Of the copies of a block the one is matched that stands nearest to what goes before or
   follows it in the truth.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from cleaner.blocks.signs import DENSE
from cleaner.evaluate.score import word_score, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_CELLS = 3_200_000_000
"""Words of the page times words of the truth that a subsequence is sought in: its matrix takes
a bit for each, 400 MB. Larger pages are aligned by their runs alone, in steps 4 and 5."""

MIN_RUN = 3
"""Words in a row that are no chance hit."""

MIN_MOVED = 5
"""Words in a row that are the same text in another place."""

MAX_GAP = 10
"""Words that may stand between words of the page that follow each other in the truth."""

MAX_PLACES = 20
"""Places in the truth that are tried for three words in a row."""

MAJORITY = 0.5
"""Share of a block's words from which it belongs to the main text."""

_DENSE = DENSE + "\U00020000-\U0003ffff"
UNIT = re.compile(rf"[{_DENSE}]|[^\W{_DENSE}]+")
"""What is matched as one: a character of a script without blanks, a word of any other."""


def align_text(texts: Sequence[str], truth: str) -> NDArray[np.float32]:
    """Return the share of each block's words that belong to the main text.

    ``texts`` are the texts of a page's blocks in reading order, ``truth`` is the main text.
    The result has the shape (blocks,); blocks without words are ``NaN``.
    """
    import numpy as np

    alignment = _Alignment(texts, truth)
    if len(alignment.page) * len(alignment.truth) <= MAX_CELLS:
        alignment.match_subsequence()
        alignment.join_runs()
        alignment.drop_chance_hits()
    alignment.match_leftovers()
    alignment.choose_copies()
    targets = np.full(len(texts), np.nan, dtype=np.float32)  # (blocks,)
    for number, (start, end) in enumerate(alignment.blocks):
        if start < end:
            targets[number] = alignment.share(start, end)
    return targets


def upper_bound(texts: Sequence[str], targets: NDArray[np.float32], truth: str) -> float:
    """Return the word F1 (0..1) of keeping the blocks whose target says main text.

    A labeler that learns from these targets can hardly get a better score.
    """
    kept = [text for text, target in zip(texts, targets, strict=True) if target >= MAJORITY]
    return word_score("\n".join(kept), truth).f1


_Edge: TypeAlias = tuple[bool, str, int]


class _Run(NamedTuple):
    """Words in a row that a page and its truth share, as positions in both."""

    page: int
    truth: int
    size: int

    @property
    def edges(self) -> tuple[_Edge, ...]:
        """Where the run starts and ends in both; whether it is an end comes first."""
        page, truth, size = self
        return (
            (False, "page", page),
            (False, "truth", truth),
            (True, "page", page + size),
            (True, "truth", truth + size),
        )


class _Alignment:
    """The words of a page and of its truth as numbers, and which belongs to which."""

    def __init__(self, texts: Sequence[str], truth: str) -> None:
        numbers: dict[str, int] = {}
        blocks = [_numbered(text, numbers) for text in texts]
        lines = [_numbered(line, numbers) for line in truth.split("\n")]
        self.page = [number for block in blocks for number in block]
        self.truth = [number for line in lines for number in line]
        self.blocks = list(pairwise(accumulate(map(len, blocks), initial=0)))
        """The start and the end of each block in ``page``."""
        self.lines = [*pairwise(accumulate(map(len, lines), initial=0))]
        """The start and the end of each line in ``truth``."""
        self.to_truth = [-1] * len(self.page)
        """Of each word of the page its position in the truth, or -1."""
        self.to_page = [-1] * len(self.truth)
        """The other way round."""

    def share(self, start: int, end: int) -> float:
        """Return the share of the words ``page[start:end]`` that are matched."""
        return sum(position >= 0 for position in self.to_truth[start:end]) / (end - start)

    def match_subsequence(self) -> None:
        """Match the words of a longest common subsequence."""
        from rapidfuzz.distance import LCSseq

        for run in LCSseq.opcodes(self.page, self.truth).as_matching_blocks():
            self._match(_Run(run.a, run.b, run.size))

    def join_runs(self) -> None:
        """Let runs, longest first, take over those whose words stand next to them, too."""
        runs = self._runs()
        edges = {edge: run for run in runs for edge in run.edges}
        gone: set[_Run] = set()
        for run in sorted(runs, key=lambda run: -run.size):
            grown: _Run | None = None if run in gone else run
            while grown:
                grown = self._join_next(grown, edges, gone)

    def drop_chance_hits(self) -> None:
        """Undo scattered matches where most of a block is not matched, and lone short blocks."""
        in_run = [False] * len(self.page)
        for run in self._runs():
            if run.size >= MIN_RUN:
                in_run[run.page : run.page + run.size] = [True] * run.size
        lines = set(self.lines)
        for start, end in self.blocks:
            if start == end or self._is_sound(start, end, lines):
                continue
            for i in range(start, end):
                if self.to_truth[i] >= 0 and not in_run[i]:
                    self._release(_Run(i, self.to_truth[i], 1))

    def match_leftovers(self) -> None:
        """Match words that are left, in any order: long runs first, then whole short blocks."""
        for run in sorted(self._common_runs(), key=lambda run: -run.size):
            for part in self._free_parts(run):
                if part.size >= MIN_MOVED:
                    self._match(part)
        places = self._free_texts()
        for start, end in sorted(self.blocks, key=lambda block: block[0] - block[1]):
            if not self._is_free(start, end - start):
                continue
            for truth in places.get(tuple(self.page[start:end]), ()):
                run = _Run(start, truth, end - start)
                if self._fits(run):
                    self._match(run)
                    break

    def choose_copies(self) -> None:
        """Move the match of a block to its copy that stands nearest to what it goes with."""
        copies: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for start, end in self.blocks:
            if start < end:
                copies[tuple(self.page[start:end])].append(start)
        before = _last_matched(self.to_page)
        after = _last_matched(self.to_page[::-1])[::-1]
        for text, starts in copies.items():
            for start in starts if len(starts) > 1 else ():
                run = _Run(start, self.to_truth[start], len(text))
                if self._is_matched(run):
                    ends = before[run.truth], after[run.truth + run.size - 1]
                    self._move_between(run, starts, *ends)

    def _move_between(self, run: _Run, starts: Sequence[int], before: int, after: int) -> None:
        """Move a run to a free copy nearer to the matched words around it (-1: there are none)."""

        def distance(start: int) -> int:
            gaps = [abs(start - before - 1)] if before >= 0 else []
            return min([*gaps, abs(after - start - run.size)] if after >= 0 else gaps, default=0)

        first = bisect_right(starts, before) if before >= 0 else len(starts)
        last = bisect_right(starts, after - run.size) - 1 if after >= 0 else -1
        copies = [starts[n] for n in (first, last) if 0 <= n < len(starts)]
        free = [copy for copy in copies if self._is_free(copy, run.size)]
        best = min([run.page, *free], key=distance)
        if best != run.page:
            self._release(run)
            self._match(run._replace(page=best))

    def _is_sound(self, start: int, end: int, lines: set[tuple[int, int]]) -> bool:
        """Return whether scattered matches of a block count.

        They do in a block that is matched for the most part; in one of a word or two, where
        it is a line of the truth, or stands near the words next to it there.
        """
        if end - start >= MIN_RUN:
            return self.share(start, end) >= MAJORITY
        run = _Run(start, self.to_truth[start], end - start)
        if not self._is_matched(run):
            return False
        after = run.truth + run.size
        if (run.truth, after) in lines:
            return True
        around = [self.to_page[j] for j in (run.truth - 1, after) if 0 <= j < len(self.truth)]
        return any(i >= 0 and start - MAX_GAP <= i < end + MAX_GAP for i in around)

    def _match(self, run: _Run) -> None:
        self.to_truth[run.page : run.page + run.size] = range(run.truth, run.truth + run.size)
        self.to_page[run.truth : run.truth + run.size] = range(run.page, run.page + run.size)

    def _release(self, run: _Run) -> None:
        self.to_truth[run.page : run.page + run.size] = [-1] * run.size
        self.to_page[run.truth : run.truth + run.size] = [-1] * run.size

    def _join_next(self, run: _Run, edges: dict[_Edge, _Run], gone: set[_Run]) -> _Run | None:
        """Move a run that faces another to it and return both as one; none if no move fits."""
        for is_end, side, position in run.edges:
            other = edges.get((not is_end, side, position))
            if other is None or other in gone:
                continue
            shift = run.size if is_end else -other.size
            place = _Run(run.page + shift, run.truth + shift, other.size)
            self._release(other)
            if not self._fits(place):
                self._match(other)
                continue
            self._match(place)
            gone |= {run, other}
            joined = min(run, place)._replace(size=run.size + other.size)
            edges |= dict.fromkeys(joined.edges, joined)
            return joined
        return None

    def _fits(self, run: _Run) -> bool:
        """Return whether all words of a would-be run are the same, and left."""
        pairs = zip(
            range(run.page, run.page + run.size),
            range(run.truth, run.truth + run.size),
            strict=True,
        )
        room = min(len(self.page) - run.page, len(self.truth) - run.truth)
        return min(run) >= 0 and run.size <= room and all(self._is_pair(i, j) for i, j in pairs)

    def _is_free(self, start: int, size: int) -> bool:
        """Return whether words of the page are left."""
        return all(position < 0 for position in self.to_truth[start : start + size])

    def _is_matched(self, run: _Run) -> bool:
        matched = self.to_truth[run.page : run.page + run.size]
        return run.truth >= 0 and matched == [*range(run.truth, run.truth + run.size)]

    def _runs(self) -> list[_Run]:
        """Return the matched words as runs, in the order of the page."""
        runs: list[_Run] = []
        start = 0
        diagonals = (j - i if j >= 0 else None for i, j in enumerate(self.to_truth))
        for diagonal, group in groupby(diagonals):
            size = sum(1 for _ in group)
            if diagonal is not None:
                runs.append(_Run(start, start + diagonal, size))
            start += size
        return runs

    def _common_runs(self) -> list[_Run]:
        """Return the longest runs that could be made of words that are left."""
        places: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for j in self._free_places(MIN_RUN):
            places[tuple(self.truth[j : j + MIN_RUN])].append(j)
        runs: list[_Run] = []
        ends: dict[int, int] = {}  # diagonal, i - j -> end in the page of its last run
        for i in range(len(self.page) - MIN_RUN + 1) if places else ():
            if not self._is_free(i, MIN_RUN):
                continue
            for j in places.get(tuple(self.page[i : i + MIN_RUN]), ())[:MAX_PLACES]:
                if ends.get(i - j, 0) <= i:
                    run = self._extended(i, j)
                    ends[i - j] = run.page + run.size
                    runs.append(run)
        return runs

    def _extended(self, i: int, j: int) -> _Run:
        """Return the longest run of words that are left, around a position in both."""
        low, high = 0, 0
        while i >= low + 1 and j >= low + 1 and self._is_pair(i - low - 1, j - low - 1):
            low += 1
        bound = min(len(self.page) - i, len(self.truth) - j)
        while high < bound and self._is_pair(i + high, j + high):
            high += 1
        return _Run(i - low, j - low, low + high)

    def _is_pair(self, i: int, j: int) -> bool:
        return self.page[i] == self.truth[j] and self.to_truth[i] < 0 and self.to_page[j] < 0

    def _free_parts(self, run: _Run) -> list[_Run]:
        """Return the parts of a run that are left in both the page and the truth."""
        parts: list[_Run] = []
        size = 0
        for step in range(run.size + 1):
            if step < run.size and self._is_pair(run.page + step, run.truth + step):
                size += 1
            elif size:
                parts.append(_Run(run.page + step - size, run.truth + step - size, size))
                size = 0
        return parts

    def _free_texts(self) -> dict[tuple[int, ...], Iterator[int]]:
        """Return where lines of the truth that are left start, and a few words in a row.

        The places are iterators: what one block took or found taken is no other's.
        """
        places: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for start, end in self.lines:
            if start < end and all(position < 0 for position in self.to_page[start:end]):
                places[tuple(self.truth[start:end])].append(start)
        for size in range(MIN_RUN, MIN_MOVED):
            for start in self._free_places(size):
                places[tuple(self.truth[start : start + size])].append(start)
        return {text: iter(starts) for text, starts in places.items()}

    def _free_places(self, size: int) -> Iterator[int]:
        """Yield where in the truth that many words in a row are left."""
        left = 0
        for j, position in enumerate(self.to_page):
            left = left + 1 if position < 0 else 0
            if left >= size:
                yield j + 1 - size


def _last_matched(positions: Sequence[int]) -> list[int]:
    """Return before each position the last one that is none of -1; -1 where there is none."""
    last = accumulate(positions, lambda before, i: i if i >= 0 else before, initial=-1)
    return list(last)[:-1]


def _numbered(text: str, numbers: dict[str, int]) -> list[int]:
    """Return the words of a text as numbers; new words get the next ones."""
    units = words(text)
    if not text.isascii():
        units = [unit for word in units for unit in UNIT.findall(word)]
    return [numbers.setdefault(unit, len(numbers)) for unit in units]
