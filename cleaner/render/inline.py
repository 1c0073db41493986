"""The inline structure of a block, once for every format.

The spans of a block may overlap, touch, nest in any way and begin or end on white space.
``inline`` and ``inline_cells`` make of them a flat list of tokens whose marks nest properly:
links do not nest in links, a mark does not nest in its own kind, and none begins or ends on
white space. Inline code is a property of the text, so it is always innermost.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from cleaner.render.structure import has_text, printable, row_cells
from cleaner.render.urls import safe_address
from cleaner.types import Block, Kind, SpanKind


@dataclass(frozen=True, slots=True)
class Choices:
    """What the caller of a renderer chose; none of it changes the words."""

    base_url: str | None = None
    links: bool = True
    images: bool = False
    tables: bool = True

    def shows(self, block: Block) -> bool:
        """Return whether anything of a block is printed: its text, or an image."""
        return has_text(block) or (
            self.images and block.kind is not Kind.CODE and bool(_pictures(block, self))
        )


class Run(NamedTuple):
    """A stretch of text without line ends."""

    text: str
    code: bool = False


class Start(NamedTuple):
    """A mark begins; ``address`` is that of a link, absolute and safe."""

    kind: SpanKind
    address: str = ""


class End(NamedTuple):
    """The innermost open mark, of this kind, ends."""

    kind: SpanKind


class Break(NamedTuple):
    """A line break."""


class Picture(NamedTuple):
    """An image between two characters."""

    address: str
    alternative: str


Token: TypeAlias = Run | Start | End | Break | Picture


class _Mark(NamedTuple):
    """A stretch of a block's text; of two with the same ends, the higher ``order`` is outer."""

    start: int
    end: int
    order: int
    kind: SpanKind
    address: str = ""


_Part: TypeAlias = tuple[int, int]
"""Where a cell, or all of the text, begins and ends."""


def inline(block: Block, choices: Choices) -> list[Token]:
    """Return the tokens of a block's text."""
    return _tokens(block, [(0, len(block.text))], choices)[0]


def inline_cells(block: Block, choices: Choices) -> list[list[Token]]:
    """Return the tokens of each cell of a table row, as ``row_cells`` parts it."""
    return _tokens(block, [(cell.start, cell.end) for cell in row_cells(block)], choices)


def _tokens(block: Block, parts: Sequence[_Part], choices: Choices) -> list[list[Token]]:
    text = block.text
    if not block.spans or block.kind is Kind.CODE:
        return [list(_lines(text[start:end], code=False)) for start, end in parts]
    code = _within(_united(block, SpanKind.CODE), parts, text)
    nested = _nested(block, code, parts, choices)
    pictures: list[list[tuple[int, Picture]]] = [[] for _ in parts]
    starts = [start for start, _ in parts]
    for at, picture in _pictures(block, choices):
        number = max(0, bisect_right(starts, at) - 1)
        start, end = parts[number]
        pictures[number].append((max(start, min(at, end)), picture))
    return [
        list(_sweep(text, part, _in_part(nested, part), _in_part(code, part), shown))
        for part, shown in zip(parts, pictures, strict=True)
    ]


def _pictures(block: Block, choices: Choices) -> list[tuple[int, Picture]]:
    """Return the images to print with their places in the text, in order."""
    if not choices.images:
        return []
    found = []
    for span in block.spans:
        if span.kind is SpanKind.IMAGE:
            address = safe_address(span.target, choices.base_url)
            if address:
                found.append(
                    (span.start, Picture(address, " ".join(printable(span.title).split())))
                )
    return sorted(found, key=lambda item: item[0])


def _nested(
    block: Block, code: list[_Mark], parts: Sequence[_Part], choices: Choices
) -> list[_Mark]:
    """Return links, strong and plain emphasis cut so that they nest, the outer before the inner."""
    # Links and code may cross. So marks are cut at code first, and at links, which they must
    # nest with, after it; emphasis is cut last where it crosses what is left of strong.
    text = block.text
    links = _within(_links(block, choices), parts, text)
    strong = _within(_united(block, SpanKind.STRONG), parts, text)
    emphasis = _within(_united(block, SpanKind.EMPHASIS), parts, text)
    strong = _cut(_cut(strong, code, text), links, text)
    strong = [mark for mark in strong if not _is_inside(mark, code)]
    emphasis = _cut(_cut(_cut(emphasis, code, text), links, text), strong, text)
    emphasis = [mark for mark in emphasis if not _is_inside(mark, code)]
    return sorted(links + strong + emphasis, key=lambda m: (m.start, -m.end, -m.order))


def _links(block: Block, choices: Choices) -> list[_Mark]:
    """Return the links that have an address, without overlap: the one that begins first wins."""
    if not choices.links:
        return []
    links: list[_Mark] = []
    for start, end, order, kind, target in _stretches(block, SpanKind.LINK):
        start = max(start, links[-1].end if links else 0)
        address = safe_address(target, choices.base_url) if start < end else None
        if address:
            links.append(_Mark(start, end, order, kind, address))
    return links


def _united(block: Block, kind: SpanKind) -> list[_Mark]:
    """Return the stretches of one kind; those that overlap or touch are one."""
    united: list[_Mark] = []
    for mark in _stretches(block, kind):
        last = united[-1] if united else None
        if last and mark.start <= last.end:
            end, order = max(last.end, mark.end), max(last.order, mark.order)
            united[-1] = _Mark(last.start, end, order, kind)
        else:
            united.append(mark)
    return united


def _stretches(block: Block, kind: SpanKind) -> list[_Mark]:
    """Return the spans of one kind that hold text, by their start; ``address`` is the target."""
    length = len(block.text)
    marks = []
    for order, span in enumerate(block.spans):
        if span.kind is not kind:
            continue
        start, end = max(0, span.start), min(span.end, length)
        if start < end:
            marks.append(_Mark(start, end, order, kind, span.target))
    return sorted(marks, key=lambda mark: mark.start)


def _within(marks: list[_Mark], parts: Sequence[_Part], text: str) -> list[_Mark]:
    """Cut marks, sorted and disjoint, at the ends of the parts."""
    if not marks:
        return marks
    pieces: list[_Mark] = []
    number = 0
    for mark in marks:
        while number < len(parts) and parts[number][1] <= mark.start:
            number += 1
        inner = number
        while inner < len(parts) and parts[inner][0] < mark.end:
            start, end = parts[inner]
            pieces += _trimmed(mark, max(start, mark.start), min(end, mark.end), text)
            inner += 1
    return pieces


def _cut(marks: list[_Mark], fences: list[_Mark], text: str) -> list[_Mark]:
    """Cut marks where they cross a fence; ``fences`` are sorted and disjoint."""
    if not (marks and fences):
        return marks
    pieces: list[_Mark] = []
    for mark in marks:
        edges = [mark.start]
        first = _fence_around(fences, mark.start)
        if first and first.end < mark.end:
            edges.append(first.end)
        last = _fence_around(fences, mark.end)
        if last and last.start > mark.start:
            edges.append(last.start)
        edges.append(mark.end)
        for start, end in pairwise(edges):
            pieces += _trimmed(mark, start, end, text)
    return pieces


def _fence_around(fences: list[_Mark], at: int) -> _Mark | None:
    """Return the fence that begins before and ends after a place."""
    number = bisect_left(fences, at, key=lambda fence: fence.start) - 1
    return fences[number] if number >= 0 and fences[number].end > at else None


def _is_inside(mark: _Mark, code: list[_Mark]) -> bool:
    """Return whether a mark is a part of a stretch of code, but not all of it."""
    number = bisect_right(code, mark.start, key=lambda stretch: stretch.start) - 1
    if number < 0 or code[number].end < mark.end:
        return False
    return (mark.start, mark.end) != (code[number].start, code[number].end)


def _trimmed(mark: _Mark, start: int, end: int, text: str) -> list[_Mark]:
    """Return the mark over ``text[start:end]`` without white space at its ends, if any is left."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return [mark._replace(start=start, end=end)] if start < end else []


def _in_part(marks: list[_Mark], part: _Part) -> list[_Mark]:
    """Return the marks of one part, of marks that are sorted by their start."""
    first = bisect_left(marks, part[0], key=lambda mark: mark.start)
    return marks[first : bisect_left(marks, part[1], lo=first, key=lambda mark: mark.start)]


def _sweep(
    text: str,
    part: _Part,
    marks: list[_Mark],
    code: list[_Mark],
    pictures: list[tuple[int, Picture]],
) -> Iterator[Token]:
    """Yield the tokens of one part, going once over all places where something changes."""
    if not (marks or code or pictures):
        yield from _lines(text[slice(*part)], code=False)
        return
    places = {*part, *(at for at, _ in pictures)}
    places.update(place for mark in (*marks, *code) for place in (mark.start, mark.end))
    open_marks: list[_Mark] = []
    to_open, to_show, stretches = deque(marks), deque(pictures), deque(code)
    ordered = sorted(places)
    for here, there in zip(ordered, [*ordered[1:], part[1]], strict=True):
        while open_marks and open_marks[-1].end == here:
            yield End(open_marks.pop().kind)
        while to_open and to_open[0].start == here:
            open_marks.append(to_open.popleft())
            yield Start(open_marks[-1].kind, open_marks[-1].address)
        while to_show and to_show[0][0] == here:
            yield to_show.popleft()[1]
        while stretches and stretches[0].end <= here:
            stretches.popleft()
        is_code = bool(stretches) and stretches[0].start <= here
        yield from _lines(text[here:there], code=is_code)


def _lines(text: str, *, code: bool) -> Iterator[Token]:
    """Yield text and its line breaks; blanks at the ends of code are no code."""
    for number, line in enumerate(text.split("\n")):
        if number:
            yield Break()
        inner = line.strip() if code else ""
        before, _, after = line.partition(inner) if inner else (line, "", "")
        if before:
            yield Run(before)
        if inner:
            yield Run(inner, code=True)
        if after:
            yield Run(after)
