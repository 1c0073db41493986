"""Layout in plain text: columns of a table, marks of lists, underlines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cleaner.blocks.signs import BULLETS, DASHES, INVISIBLE, RULES, SPEECH_DASHES
from cleaner.blocks.text_lines import columns, ends_sentence

_GAP = re.compile(r"[ \u00a0]*\t[ \t\u00a0]*|[ \u00a0]{2,}")
_SENTENCE_GAP = re.compile(r"(?<=[.!?:]) {2}(?=\S)")
"""Two blanks between sentences, as typists set them."""
_ITEM = re.compile(rf"(?:[{re.escape(BULLETS + DASHES)}]|\d{{1,3}}[.)])\s")
_STRONG_BULLET = re.compile(rf"([{BULLETS}])\s+(?=\S)")
_WEAK_BULLET = re.compile(rf"([{re.escape(DASHES)}])\s+(?=[^\s{re.escape(DASHES)}])")
_NUMBER = re.compile(r"(0|[1-9][0-9]{0,2})[.)]\s+(?=\S)")
_RULE = re.compile(rf"^(?:[\s{re.escape(RULES)}]{{3,}}|[{re.escape(BULLETS + DASHES)}_—]+)$")
_UNDERLINE = re.compile(r"^(?:={3,}|-{3,}|~{3,})$")

_LONG_ITEM = 60
"""Columns of an item that may be a paragraph of speech instead."""
_NEAR = 3
"""Lines with text, at most, from one item of a list to the next."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line with text: its number, counted from 1, its text, and where the text starts."""

    number: int
    text: str
    indent: int
    source: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of a list item: its character or number, and its width with the blank after it."""

    sign: str
    width: int
    ordinal: int | None = None


def lines_with_text(lines: Sequence[str], first: int = 0) -> list[Line]:
    """Return the lines that hold words, from line ``first`` (counted from 0) on."""
    found: list[Line] = []
    for number in range(first, len(lines)):
        text = lines[number].strip().strip(INVISIBLE).strip()
        if text:
            space = lines[number][: lines[number].index(text[0])].expandtabs(8)
            found.append(Line(number + 1, text, len(space), space + text))
    return found


def is_rule(text: str) -> bool:
    """Say whether a line is drawn rather than written: a rule, a row of dots, a lone bullet."""
    return _RULE.match(text) is not None


def underlines(text: str, title: str) -> bool:
    """Say whether a line is the underline of a title: as wide as it, more or less."""
    if not _UNDERLINE.match(text):
        return False
    return 0.6 * columns(title) <= len(text) <= 1.5 * columns(title) + 2


def cells_of(line: Line) -> list[tuple[int, str]]:
    """Return the cells of a line with the columns they start in; one cell if it has no gaps."""
    cells: list[tuple[int, str]] = []
    start = line.indent
    source = line.source
    gaps = list(_GAP.finditer(source, line.indent))
    if len(gaps) == 1 and _SENTENCE_GAP.search(source, max(0, gaps[0].start() - 1)):
        gaps = []
    for gap in [*gaps, None]:
        end = gap.start() if gap else len(source)
        if source[start:end].strip():
            cells.append((start, source[start:end].strip()))
        start = gap.end() if gap else end
    return cells


def table_rows(lines: Sequence[Line]) -> dict[int, int]:
    """Return the positions of the lines that are rows of a table, each with its table's number.

    Rows stand on consecutive lines, have two cells or more, and share a column
    or are split by tabs. A line with one cell in a known column continues a table.
    """
    rows: dict[int, int] = {}
    tables = 0
    position = 0
    cells = [
        cells_of(line)
        if _GAP.search(line.source, line.indent) and not _ITEM.match(line.text)
        else []
        for line in lines
    ]
    while position + 1 < len(lines):
        end = position
        while end + 1 < len(lines) and _follows(lines, cells, end):
            end += 1
        while end > position and len(cells[end]) < 2:
            end -= 1
        if end > position:
            rows.update(dict.fromkeys(range(position, end + 1), tables))
            tables += 1
        position = end + 1
    return rows


def _follows(
    lines: Sequence[Line], cells: Sequence[Sequence[tuple[int, str]]], position: int
) -> bool:
    """Say whether the next line belongs to the same table as a row."""
    first, second = lines[position], lines[position + 1]
    if second.number != first.number + 1:
        return False
    above, below = cells[position], cells[position + 1]
    if len(below) < 2:
        return len(above) >= 2 and second.indent in [start for start, _ in above[1:]]
    if len(above) < 2:
        return first.indent in [start for start, _ in below[1:]]
    if "\t" in first.source.strip() and "\t" in second.source.strip():
        return True
    starts = {start for start, _ in above[1:]} & {start for start, _ in below[1:]}
    ends = {start + len(text) for start, text in above[1:]}
    return bool(starts or ends & {start + len(text) for start, text in below[1:]})


def list_marks(lines: Sequence[Line]) -> dict[int, Mark]:
    """Return the list marks of the lines that are items, by position.

    A bullet that is used for nothing else makes an item; a dash, an asterisk or
    a number does so only near another one, since text may start with them, too.
    """
    marks = [(position, mark) for position, line in enumerate(lines) if (mark := _mark_of(line))]
    found: dict[int, Mark] = {}
    for place, (position, mark) in enumerate(marks):
        near = [*marks[max(0, place - 2) : place], *marks[place + 1 : place + 3]]
        if mark.sign in BULLETS or any(
            _belong(mark, lines[position], other, lines[there], there - position)
            for there, other in near
        ):
            found[position] = mark
    return found


def _mark_of(line: Line) -> Mark | None:
    bullet = _STRONG_BULLET.match(line.text) or _WEAK_BULLET.match(line.text)
    if bullet:
        return Mark(bullet[1], bullet.end())
    number = _NUMBER.match(line.text)
    if number:
        return Mark(line.text[len(number[1])], number.end(), int(number[1]))
    return None


def _belong(mark: Mark, line: Line, other: Mark, there: Line, distance: int) -> bool:
    """Say whether two marked lines are items of one list; ``distance`` is in lines with text."""
    if mark.sign != other.sign or abs(distance) > _NEAR:
        return False
    if mark.ordinal is not None and other.ordinal is not None:
        return other.ordinal - mark.ordinal == (1 if distance > 0 else -1)
    if mark.ordinal is not None or other.ordinal is not None:
        return False
    # Speech begins with a dash in many languages; its paragraphs do not stand close.
    speaks = mark.sign in SPEECH_DASHES and ends_sentence(line.text)
    is_long = columns(line.text) > _LONG_ITEM
    return not (speaks and is_long) or abs(there.number - line.number) == 1
