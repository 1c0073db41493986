"""The blocks around the title, where a page shows its author, its date and its section."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from cleaner.metadata.evidence import Evidence
from cleaner.metadata.text import squash
from cleaner.types import Block, Kind, LabelName, SpanKind

BEFORE = 8
"""Blocks before the title that may say who wrote it, and when."""

AFTER = 14
"""Blocks after it."""

LONG = 250
"""Characters of a block that is running text."""

MAX_LENGTH = 200
"""Characters of a block that is read as a byline or a dateline."""

_LONG_ENOUGH = 2
"""Blocks of running text after the title, after which its surroundings end."""

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_TOPIC = re.compile(r"(?<!\S)(?:category|tag)-\S+")
"""A name of an element that says what a post is about, and not what the element is."""

_DENSE_RUN = re.compile("[\u3040-\u30ff\u3400-\u9fff]+")
"""Chinese and Japanese signs next to each other."""

_UPWARDS = 4
"""Elements above a block whose names say what it is."""

_MAX_NAMES = 200
"""Characters of an element's names that are read."""


def surroundings(evidence: Evidence) -> list[Block]:
    """Return the short blocks around the title: those after it, then those before it.

    Blocks of teasers, comments and legal notes are left out.
    """
    if evidence.anchor is None:
        return []
    blocks = evidence.page.blocks
    after: list[Block] = []
    running = 0
    for block in blocks[evidence.anchor + 1 : evidence.anchor + 1 + AFTER]:
        running += len(block.text) >= LONG and block.kind is Kind.PARAGRAPH
        if running >= _LONG_ENOUGH:
            break
        after.append(block)
    before = list(reversed(blocks[max(0, evidence.anchor - BEFORE) : evidence.anchor]))
    return [b for b in after + before if is_line(b) and evidence.own(b.index)]


def bylines(evidence: Evidence) -> Iterator[Block]:
    """Yield the blocks labelled as bylines, in reading order."""
    yield from filter(is_line, evidence.blocks_labelled(LabelName.BYLINE))


def is_line(block: Block) -> bool:
    """Whether a block can be a byline or a dateline: short, seen, and no code."""
    short = 0 < len(block.text) <= MAX_LENGTH
    return short and block.hidden in ("", "off-screen") and block.kind is not Kind.CODE


def is_labelled(block: Block, names: frozenset[LabelName], evidence: Evidence) -> bool:
    """Whether a block has one of these labels."""
    return bool(evidence.labels) and evidence.labels[block.index].name in names


def count_words(evidence: Evidence) -> int | None:
    """Return the number of words of the main text, or ``None`` where no block is labelled.

    A Chinese or Japanese sign counts as one.
    """
    if not evidence.labels:
        return None
    count = 0
    for block in evidence.blocks_labelled(LabelName.CONTENT):
        count += len(block.text.split())
        if not block.text.isascii():
            count += sum(len(run) - 1 for run in _DENSE_RUN.findall(block.text))
    return count


def links_of(block: Block) -> list[tuple[int, str]]:
    """Return where the links of a block begin, and their texts."""
    links = [s for s in block.spans if s.kind is SpanKind.LINK and s.end > s.start]
    return [(s.start, squash(block.text[s.start : s.end])) for s in links]


def names_above(position: int, evidence: Evidence) -> frozenset[str]:
    """Return the words of the names of an element and of the few above it, in lower case."""
    known = evidence.names.get(position)
    if known is not None:
        return known
    names: list[str] = []
    elements = evidence.page.elements
    above = position
    for _ in range(_UPWARDS):
        if above < 0:
            break
        element = elements[above]
        names.append(element.names[:_MAX_NAMES])
        above = element.parent
    found = evidence.names[position] = _words_of(tuple(names))
    return found


def elements_named(words: frozenset[str], evidence: Evidence) -> set[int]:
    """Return the positions of the elements of which ``names_above`` has one of the words."""
    elements = evidence.page.elements
    different = {element.names for element in elements}
    there = "\n".join(different).lower()
    sought = [word for word in words if word in there]  # few pages have any
    named = {n for n in different if any(word in n.lower() for word in sought)}
    named = {n for n in named if not words.isdisjoint(_words_of((n[:_MAX_NAMES],)))}
    if not named:
        return set()
    steps: list[int] = []
    """How far each element stands below one of them."""
    for element in elements:
        above = steps[element.parent] + 1 if element.parent >= 0 else _UPWARDS
        steps.append(0 if element.names in named else above)
    return {position for position, count in enumerate(steps) if count < _UPWARDS}


@lru_cache(maxsize=2048)
def _words_of(names: tuple[str, ...]) -> frozenset[str]:
    """The words of several elements' names; the items of a list have the same ones."""
    texts = (_TOPIC.sub("", t) if "category-" in t or "tag-" in t else t for t in names)
    return frozenset(w.lower() for text in texts for w in _WORD.findall(text))
