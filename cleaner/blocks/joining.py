"""Sentences that a capture broke in two across a blank line become one block again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cleaner.blocks.signs import (
    BEFORE_QUOTE,
    INTRODUCING,
    OPENING_QUOTES,
    QUOTES,
    SENTENCE_END,
    SPACED_QUOTES,
)
from cleaner.blocks.text_lines import glue
from cleaner.types import Block, Kind, Span, SpanKind

WIDEST_GAP = 3
"""Lines from the end of a block to the start of its continuation, at most."""

MOST_PARTS = 4
"""Blocks that become one, at most."""

_JOINED_KINDS = frozenset({Kind.PARAGRAPH, Kind.QUOTE})
_EMPHASIS = frozenset({SpanKind.EMPHASIS, SpanKind.STRONG})

_ALL_QUOTES = frozenset(QUOTES) | frozenset("".join(QUOTES.values()))
_ENDS = frozenset(SENTENCE_END + INTRODUCING)
"""Marks after which a text is whole, or introduces what follows."""


def join_broken(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with broken sentences joined; a joined block spans the lines of both.

    Two paragraphs are joined only where the first ends inside a quotation or an
    emphasis, not at the end of a sentence, and the second goes on: in lower case,
    with the emphasis taken up again, or, in scripts without case, by closing the
    quotation. List items and headings never join.
    """
    joined: list[Block] = []
    parts = 1
    for block in blocks:
        if joined and parts < MOST_PARTS and _continues(joined[-1], block):
            joined[-1] = _merged(joined[-1], block)
            parts += 1
        else:
            joined.append(block)
            parts = 1
    return joined


def _continues(first: Block, second: Block) -> bool:
    if first.kind not in _JOINED_KINDS or second.kind is not first.kind:
        return False
    if first.quote_depth != second.quote_depth or not _are_close(first, second):
        return False
    last = first.text.rstrip("*_")[-1:]
    if last in _ENDS or not last or (last in _ALL_QUOTES and not _is_opening(first.text)):
        return False
    initial = next((c for c in second.text if c.isalnum()), "")
    resumes = _ends_emphasized(first) and _starts_emphasized(second)
    open_quotes = _open_quotes(first.text)
    if not open_quotes:
        return resumes and initial.islower()
    closes = _closes(second.text, open_quotes[-1])
    if initial.islower():
        return second.text[:1] not in QUOTES or closes
    return closes and (resumes or not initial.isupper())


def _is_opening(text: str) -> bool:
    """Say whether the quotation mark at the end of a text opens a quotation."""
    return len(text) == 1 or text[-2].isspace()


def _are_close(first: Block, second: Block) -> bool:
    if first.lines is None or second.lines is None:
        return False
    return 0 < second.lines[0] - first.lines[1] <= WIDEST_GAP


def _ends_emphasized(block: Block) -> bool:
    return any(s.kind in _EMPHASIS and s.end == len(block.text) for s in block.spans)


def _starts_emphasized(block: Block) -> bool:
    return any(s.kind in _EMPHASIS and s.start == 0 < s.end for s in block.spans)


def _open_quotes(text: str) -> list[str]:
    """Return the quotation marks of a text that are opened and not closed, outermost first."""
    opened: list[str] = []
    for position, char in enumerate(text):
        if char not in _ALL_QUOTES:
            continue
        if opened and char in QUOTES[opened[-1]] and not _stands_open(text, position):
            opened.pop()
        elif char in QUOTES and _stands_open(text, position):
            opened.append(char)
    return opened


def _stands_open(text: str, position: int) -> bool:
    """Say whether a quotation mark stands as an opening one: before a word, not after one."""
    char = text[position]
    if char in OPENING_QUOTES:
        return True
    before = text[position - 1] if position else " "
    after = text[position + 1] if position + 1 < len(text) else " "
    starts = before.isspace() or before in BEFORE_QUOTE or before in _ALL_QUOTES
    # French sets a blank after the opening mark, too.
    return starts and (char in SPACED_QUOTES or not after.isspace())


def _closes(text: str, opening: str) -> bool:
    """Say whether a text closes the quotation that was open before it."""
    opened = [opening]
    for position, char in enumerate(text):
        if char not in _ALL_QUOTES:
            continue
        if char in QUOTES[opened[-1]] and not _stands_open(text, position):
            opened.pop()
            if not opened:
                return True
        elif char in QUOTES and _stands_open(text, position):
            return False
    return False


def _merged(first: Block, second: Block) -> Block:
    """Return one block with the text, spans and lines of two."""
    between = glue(first.text, second.text)
    offset = len(first.text) + len(between)
    moved = [s._replace(start=s.start + offset, end=s.end + offset) for s in second.spans]
    spans = list(first.spans)
    for span in moved:
        touching = next((i for i, s in enumerate(spans) if _is_one(s, span, len(between))), None)
        if touching is None:
            spans.append(span)
        else:
            spans[touching] = spans[touching]._replace(end=span.end)
    lines = (first.lines[0], second.lines[1]) if first.lines and second.lines else None
    ordered = tuple(sorted(spans, key=lambda span: (span.start, -span.end)))
    return replace(first, text=first.text + between + second.text, spans=ordered, lines=lines)


def _is_one(first: Span, second: Span, gap: int) -> bool:
    """Say whether an emphasis goes on in the next block."""
    return first.kind is second.kind and first.kind in _EMPHASIS and first.end + gap == second.start
