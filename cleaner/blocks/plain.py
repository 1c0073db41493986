"""Plain-text captures become a page of blocks: lines, their layout, then paragraphs.

Nothing marks up plain text, so its form is read from the lines: blank ones
between paragraphs, their width, indentation, columns, and bullets.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cleaner.blocks.joining import join_broken
from cleaner.blocks.plain_layout import (
    Line,
    Mark,
    cells_of,
    is_rule,
    lines_with_text,
    list_marks,
    table_rows,
    underlines,
)
from cleaner.blocks.signs import AFTER_SENTENCE, NO_HEADING_END
from cleaner.blocks.text_head import read_head
from cleaner.blocks.text_lines import (
    columns,
    ends_sentence,
    glue,
    is_wrapped,
    split_lines,
    wrap_width,
)
from cleaner.blocks.text_spans import bare_links, numbered, row, squash
from cleaner.types import Block, Capture, Kind, Page

HEADING_COLUMNS = 80
"""Widest heading, in columns."""
HEADING_WORDS = 14
PARAGRAPH_COLUMNS = 40
"""Narrowest text that counts as a paragraph next to a heading."""

MOST_CONTINUING = 4
"""Lines of further paragraphs that an item of a list may have."""

_NO_HEADING = re.compile(
    r"©|https?://|www\.|\S@\S|\w\.[a-z]{2,4}$|\d{1,2}:\d{2}|\b(?:19|20)\d\d$| \| |\w{3}\.\s",
    re.IGNORECASE,
)
"""What stands in date lines, credits, menus and links rather than in headings."""
_NAME = r"[^\W\d_][\w.'\u2019-]*"
_BYLINE = re.compile(
    rf"^(?:By|Von|Par|Por|Di|Door|Av|Af|Autor|Автор)\s+(?:{_NAME}\s+){{0,3}}{_NAME}$"
)
"""An author's name after the word for it, in the languages of many captures."""


def read_plain(capture: Capture) -> Page:
    """Return the blocks of a plain-text capture, each with its lines.

    Never raises for any text; cost grows linearly with it.
    """
    lines = split_lines(capture.text)
    facts, first = read_head(lines)
    filled = lines_with_text(lines, first)
    width = wrap_width(lines[first:])
    blocks = join_broken(_with_headings(list(_Reader(filled, width).blocks())))
    return Page(
        capture=capture,
        blocks=numbered(blocks),
        facts=facts,
        base_url=capture.url,
        warnings=capture.warnings,
    )


@dataclass(slots=True)
class _OpenItem:
    """An open list item: its bullet, and the columns in which bullet and text start."""

    sign: str
    indent: int
    text_indent: int


class _Reader:
    """Reads lines into blocks, keeping track of the open list."""

    def __init__(self, lines: Sequence[Line], width: int | None) -> None:
        self._lines = lines
        self._width = width
        self._rows = table_rows(lines)
        self._marks = {p: m for p, m in list_marks(lines).items() if p not in self._rows}
        self._items: list[_OpenItem] = []
        self._groups = 0
        self._group = -1

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks, with index 0."""
        position = 0
        table = group = -1
        while position < len(self._lines):
            line = self._lines[position]
            if is_rule(line.text):
                position += 1
                continue
            if position in self._rows:
                if self._rows[position] != table:
                    table, group = self._rows[position], self._new_group()
                    self._close_list()
                yield self._row(line, group)
                position += 1
                continue
            mark = self._marks.get(position)
            end = self._end_of_paragraph(position)
            yield self._block(position, end, mark)
            position = end

    def _new_group(self) -> int:
        self._groups += 1
        return self._groups - 1

    def _close_list(self) -> None:
        self._items.clear()
        self._group = -1

    def _row(self, line: Line, group: int) -> Block:
        text, spans, cells = row((*squash(cell), False) for _, cell in cells_of(line))
        lines = (line.number, line.number)
        return Block(
            0,
            Kind.TABLE_ROW,
            text,
            bare_links(text, spans),
            cells=cells,
            group=group,
            lines=lines,
        )

    def _end_of_paragraph(self, position: int) -> int:
        """Return the position after the last line of the paragraph that starts here."""
        end = position + 1
        while end < len(self._lines) and self._goes_on(end):
            end += 1
        return end

    def _goes_on(self, position: int) -> bool:
        """Say whether a line was cut off the one before by wrapping."""
        before, line = self._lines[position - 1], self._lines[position]
        if self._width is None or line.number != before.number + 1:
            return False
        if position in self._marks or position in self._rows or is_rule(line.text):
            return False
        if before.text.startswith("[") and before.text.endswith("]"):
            return False  # a note in place of an image or a video
        return is_wrapped(before.source, line.text, self._width)

    def _block(self, first: int, end: int, mark: Mark | None) -> Block:
        raw = self._lines[first].text[mark.width if mark else 0 :]
        for line in self._lines[first + 1 : end]:
            raw += glue(raw, line.text) + line.text
        text, spans = squash(raw)
        lines = (self._lines[first].number, self._lines[end - 1].number)
        block = Block(0, Kind.PARAGRAPH, text, bare_links(text, spans), lines=lines)
        if mark:
            return self._item(block, self._lines[first], mark)
        if self._items and self._continues_item(self._lines[first].indent, end):
            return replace(
                block,
                kind=Kind.LIST_ITEM,
                level=len(self._items),
                continues=True,
                group=self._group,
            )
        self._close_list()
        return replace(block, kind=Kind.HEADING, level=2) if self._is_underlined(end) else block

    def _item(self, block: Block, line: Line, mark: Mark) -> Block:
        sign = mark.sign
        while self._items and self._items[-1].indent >= line.indent:
            sign = self._items.pop().sign
        if self._group < 0 or (not self._items and sign != mark.sign):
            self._group = self._new_group()
        self._items.append(_OpenItem(mark.sign, line.indent, line.indent + mark.width))
        return replace(
            block,
            kind=Kind.LIST_ITEM,
            level=len(self._items),
            ordinal=mark.ordinal,
            group=self._group,
        )

    def _continues_item(self, indent: int, end: int) -> bool:
        """Say whether a paragraph belongs to an open item: it starts where the item's text does.

        ``end`` is the position after the paragraph.

        The list must go on soon after: some converters never take back the
        indentation of a list, and the whole page after it would belong to it.
        """
        depth = next((d for d, i in enumerate(self._items) if i.text_indent == indent), None)
        if depth is None or indent == 0:
            return False
        open_items = self._items[: depth + 1]
        for later in range(end, min(end + MOST_CONTINUING, len(self._lines))):
            if later in self._marks:
                goes_on = any(self._lines[later].indent == item.indent for item in open_items)
                self._items = open_items if goes_on else self._items
                return goes_on
            if self._lines[later].indent != indent:
                return False
        return False

    def _is_underlined(self, end: int) -> bool:
        """Say whether the line at ``end`` is drawn right under the one before."""
        if end >= len(self._lines):
            return False
        title, line = self._lines[end - 1], self._lines[end]
        return line.number == title.number + 1 and underlines(line.text, title.text)


def _with_headings(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with the paragraphs that are headings marked so.

    The level is 2. Only a title on top of the capture, underlined or in
    capitals, has level 1: elsewhere nothing tells levels apart.
    """
    counts = Counter(block.text for block in blocks)
    marked: list[Block] = []
    for number, block in enumerate(blocks):
        after = blocks[number + 1] if number + 1 < len(blocks) else None
        before = blocks[number - 1] if number else None
        if block.kind is Kind.PARAGRAPH and counts[block.text] == 1 and after is not None:
            capitals = _is_in_capitals(block.text)
            if _is_title(block) and _heads(block, after) and (capitals or _may_precede(before)):
                block = replace(block, kind=Kind.HEADING, level=1 if capitals and not number else 2)
        marked.append(block)
    return marked


def _is_title(block: Block) -> bool:
    """Say whether a block has the form of a heading: short, in one line, not a sentence."""
    text = block.text
    if block.lines is None or block.lines[0] != block.lines[1]:
        return False
    if text.rstrip(AFTER_SENTENCE).endswith(tuple(NO_HEADING_END)):
        return False
    if columns(text) > HEADING_COLUMNS or len(text.split()) > HEADING_WORDS:
        return False
    if _NO_HEADING.search(text) or _BYLINE.match(text):
        return False
    initial = next((char for char in text if char.isalpha()), "")
    return bool(initial) and not initial.islower()


def _heads(title: Block, after: Block) -> bool:
    """Say whether a block is a paragraph that a title may stand over."""
    return _is_prose(after) and columns(after.text) > columns(title.text)


def _may_precede(before: Block | None) -> bool:
    """Say whether a heading may follow: after a paragraph, or on top of the capture."""
    return before is None or _is_prose(before)


def _is_prose(block: Block) -> bool:
    prose = block.kind in (Kind.PARAGRAPH, Kind.LIST_ITEM) and ends_sentence(block.text)
    return prose and columns(block.text) >= PARAGRAPH_COLUMNS


def _is_in_capitals(text: str) -> bool:
    return text.isupper() and len(text.split()) > 1
