"""Text with inline spans: white space squashed, marks dropped, offsets carried along."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from cleaner.blocks.signs import AFTER_ADDRESS
from cleaner.types import Block, Cell, Span, SpanKind

Range = tuple[int, int]

_WORD = re.compile(r"\S+")
_BARE_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"“”„«»]+", re.IGNORECASE)


def squash(
    raw: str,
    spans: Sequence[Span] = (),
    drops: Sequence[Range] = (),
    *,
    paragraphs: bool = False,
) -> tuple[str, tuple[Span, ...]]:
    """Return a text with single blanks, ``\\n`` for line breaks, and its spans.

    ``drops`` are ranges of ``raw`` that vanish; ``spans`` are in offsets of
    ``raw``. Spans that end up empty vanish, but for images. With ``paragraphs``,
    two line breaks or more between words become two. Linear.
    """
    if not spans and not drops and "\n" not in raw:
        return " ".join(raw.split()), ()
    parts: list[str] = []
    words: list[tuple[int, int, int]] = []  # of each word: start and end in raw, place in text
    length = 0
    gap = ""
    for begin, end in _kept(len(raw), drops):
        position = begin
        for word in _WORD.finditer(raw, begin, end):
            gap = _wider(gap, raw[position : word.start()])
            if parts and gap:
                gap = gap if paragraphs or gap == " " else "\n"
                parts.append(gap)
                length += len(gap)
            gap = ""
            parts.append(word[0])
            words.append((word.start(), word.end(), length))
            length += len(word[0])
            position = word.end()
        gap = _wider(gap, raw[position:end])
    return "".join(parts), _moved(spans, words, length)


def bare_links(text: str, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Add a link span for each address that stands in the text as it is, unless it is in one."""
    if "://" not in text and "www." not in text.lower():
        return spans
    taken = sorted((s.start, s.end) for s in spans if s.kind in (SpanKind.LINK, SpanKind.CODE))
    found: list[Span] = []
    place = 0
    for match in _BARE_LINK.finditer(text):
        start, address = match.start(), match[0].rstrip(AFTER_ADDRESS)
        if match[0][len(address) :].startswith(")") and "(" in address:
            address += ")"
        end = start + len(address)
        while place < len(taken) and taken[place][1] <= start:
            place += 1
        if "." not in address[4:] or (place < len(taken) and taken[place][0] < end):
            continue
        target = address if "://" in address else f"http://{address}"
        found.append(Span(start, end, SpanKind.LINK, target))
    return tuple(sorted((*spans, *found), key=lambda s: (s.start, -s.end))) if found else spans


def row(
    cells: Iterable[tuple[str, tuple[Span, ...], bool]],
) -> tuple[str, tuple[Span, ...], tuple[Cell, ...]]:
    """Return the text, spans and cells of a table row, from the text, spans and header mark of
    its cells. Breaks inside of a cell become blanks: the row is one line."""
    texts: list[str] = []
    spans: list[Span] = []
    places: list[Cell] = []
    offset = 0
    for text, inner, header in cells:
        texts.append(text.replace("\n", " "))
        places.append(Cell(offset, offset + len(text), header))
        spans.extend(s._replace(start=s.start + offset, end=s.end + offset) for s in inner)
        offset += len(text) + 1
    return "\t".join(texts), tuple(spans), tuple(places)


def numbered(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Return the blocks with their positions as ``index``."""
    return tuple(replace(block, index=index) for index, block in enumerate(blocks))


def _kept(length: int, drops: Sequence[Range]) -> list[Range]:
    kept: list[Range] = []
    position = 0
    for start, end in sorted(drops):
        if start > position:
            kept.append((position, start))
        position = max(position, end)
    kept.append((position, length))
    return kept


def _wider(gap: str, space: str) -> str:
    """Return the gap with a stretch of white space added: a line break outdoes a blank."""
    breaks = min(gap.count("\n") + space.count("\n"), 2)
    return "\n" * breaks or gap or (" " if space else "")


def split_paragraphs(text: str, spans: Sequence[Span]) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """Split a text at its double line breaks; a span over several parts goes to each of them."""
    parts = text.split("\n\n")
    if len(parts) == 1:
        yield text, tuple(spans)
        return
    starts = [0]
    for part in parts[:-1]:
        starts.append(starts[-1] + len(part) + 2)
    shares: list[list[Span]] = [[] for _ in parts]
    for span in spans:
        first = bisect_right(starts, span.start) - 1
        last = max(first, bisect_left(starts, span.end) - 1)
        for number in range(first, last + 1):
            start = max(span.start - starts[number], 0)
            end = min(span.end - starts[number], len(parts[number]))
            if start < end or span.kind is SpanKind.IMAGE:
                shares[number].append(span._replace(start=min(start, end), end=end))
    for part, share in zip(parts, shares, strict=True):
        yield part, tuple(share)


def _moved(
    spans: Sequence[Span], words: Sequence[tuple[int, int, int]], length: int
) -> tuple[Span, ...]:
    """Return the spans in offsets of the squashed text, in their order there."""
    starts = [start for start, _, _ in words]
    ends = [end for _, end, _ in words]
    moved: list[Span] = []
    for span in spans:
        first = bisect_right(ends, span.start)  # the first word that ends behind the start
        begin = length
        if first < len(words):
            begin = words[first][2] + max(0, span.start - starts[first])
        if span.kind is SpanKind.IMAGE:
            moved.append(Span(begin, begin, span.kind, span.target, span.title))
            continue
        last = bisect_left(starts, span.end) - 1  # the last word that starts before the end
        if last >= 0:
            finish = words[last][2] + min(span.end, ends[last]) - starts[last]
            if begin < finish:
                moved.append(Span(begin, finish, span.kind, span.target))
    return tuple(sorted(moved, key=lambda span: (span.start, -span.end)))
