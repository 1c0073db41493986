"""The lines of a Markdown capture made ready for the parser; their number stays the same."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.blocks.signs import BULLETS
from cleaner.blocks.text_lines import ends_sentence

MAX_PREFIX = 80
"""Columns of indentation and container marks that are read; each nests one level at most.

Together with the parser's own limit this keeps every text: the parser drops what nests deeper.
"""

_PREFIX = re.compile(r"(?:[ \t>]|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))*")
_PREFIX_DASH = re.compile(r"^(\s*)([-+])(?=\s+(\S))")
_LAID_OUT = re.compile(r"\s*(?:[-+*#>|]|\d{1,9}[.)])\s")
_NUMBER = re.compile(r"\d{1,9}[.)]")
_PREFIX_NUMBER = re.compile(r"\d{1,9}[.)]")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_BULLET = re.compile(rf"^(\s*)[{BULLETS}](?=\s)")
_DASH = re.compile(r"^(\s*)([-+])(?=\s+(\S))")
_LAID_OUT = re.compile(r"\s*(?:[-+*#>|]|\d{1,9}[.)])\s")
_NUMBER = re.compile(r"^([ \t>]*(?:[-*+][ \t]+)*)(\d{1,9})([.)])(?=\s)")
_NEIGHBOURS = 12
"""Numbered lines before and after one that may hold the number next to its own."""


def prepared(lines: Sequence[str]) -> list[str]:
    """Return the lines with bullets as Markdown has them, and text kept from being read as marks.

    A number that no other one belongs to is no list item but a date or a year
    (``24. August``); nor is a dash amid a sentence that wrapping put first in its
    line. Nesting is bounded, see ``MAX_PREFIX``.
    """
    ready = [_BULLET.sub(r"\1*", _capped(line)) for line in lines]
    for position in range(1, len(ready)):
        dash = _DASH.match(ready[position])
        if dash and dash[3].islower() and _is_amid_sentence(ready, position):
            ready[position] = _DASH.sub(r"\1\\\2", ready[position])
    numbers = _numbered_lines(ready)
    for place, (position, number) in enumerate(numbers):
        near = {n for _, n in numbers[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS + 1]}
        value = int(number)
        is_listed = value <= 1 or bool({str(value - 1), str(value + 1)} & near)
        if number != str(value) or not is_listed:
            ready[position] = _NUMBER.sub(r"\1\2\\\3", ready[position])
    return ready


def _is_amid_sentence(lines: Sequence[str], position: int) -> bool:
    """Say whether the sentence of the line before goes on, and no list does."""
    before = lines[position - 1]
    after = lines[position + 1] if position + 1 < len(lines) else ""
    if not before.strip() or _LAID_OUT.match(before) or _LAID_OUT.match(after):
        return False
    return not ends_sentence(before) and not before.rstrip().endswith(":")


def _numbered_lines(lines: Sequence[str]) -> list[tuple[int, str]]:
    """Return the positions and numbers of the lines that start with one, code aside."""
    found: list[tuple[int, str]] = []
    in_code = False
    for position, line in enumerate(lines):
        if _FENCE.match(line):
            in_code = not in_code
        number = None if in_code else _NUMBER.match(line)
        if number:
            found.append((position, number[2]))
    return found


def _capped(line: str) -> str:
    """Return a line whose indentation and container marks are within ``MAX_PREFIX`` columns."""
    if len(line) <= MAX_PREFIX:
        return line
    prefix = _PREFIX.match(line)
    length = prefix.end() if prefix else 0
    if length <= MAX_PREFIX:
        return line
    # Numbers are words: they stay, escaped so that they open no list.
    numbers = " ".join(_PREFIX_NUMBER.findall(line, MAX_PREFIX, length))
    rest = f"{numbers} {line[length:]}" if numbers else line[length:]
    head = line[:MAX_PREFIX]
    while head and head[-1] not in " \t>":  # amid a mark
        head = head[:-1]
    return head + re.sub(r"^(\d+)([.)])", r"\1\\\2", rest)
