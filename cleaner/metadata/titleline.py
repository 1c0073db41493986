"""The title of a text capture without headings: the line that has its form and its place."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from cleaner.metadata.dateparse import DateHints, find_dates
from cleaner.metadata.evidence import Evidence, Found
from cleaner.metadata.names import NameRules, byline_people
from cleaner.metadata.tables import all_words, table
from cleaner.metadata.text import key, squash, words
from cleaner.metadata.titlecut import SEPARATOR
from cleaner.types import Block, Kind, Page

_HEAD = 3
"""Blocks at the head of a text capture, among which the page's own title may stand."""

_DEEP = 80
"""Blocks of a text capture among which its title is looked for."""

_HEAD_TEXT = 120
"""Characters at the beginning of a block that may be a dateline."""

_LEAST_WORDS = 4
_LEAST_LINE, _MOST_LINE = 12, 140
"""Letters and digits of a line that may be a title."""

_LEAST_SHARED = 3
"""Words of a title that must be in the page's address."""

_LEAST_LIKE = 0.33
"""Share of the words of a line and an address that both must have."""

_DEEPER, _LONGEST = 200, 200
"""Blocks, and the characters of each, that are compared with the address."""

_NEAR = 3
"""Blocks from a title to its byline or dateline."""

_RUNNING, _RUNNING_REACH = 180, 12
"""Bytes of running text, and the blocks after a dateline in which it begins.

Bytes of UTF-8, for a Chinese sign says as much as three letters.
"""


def page_title(evidence: Evidence, title: str | None) -> str:
    """Return the text of ``<title>``, or the line that stands for it at a text capture's head."""
    stated = evidence.first("title", "title")
    if stated or not title:
        return stated or ""
    for block in evidence.page.blocks[:_HEAD]:
        text = squash(block.text)
        if len(text) > len(title) and words(SEPARATOR.split(text)[0]) == words(title):
            return text
    return ""


def find_line(evidence: Evidence, language: str | None) -> Found[str] | None:
    """The line of a text capture without headings that has the form and the place of a title."""
    if not evidence.is_text:
        return None
    blocks = evidence.page.blocks[:_DEEP]
    lines = [b for b in blocks if _may_be_title(b)]
    slug = slug_words(evidence.page.capture.url)
    for block in lines:
        shared = {key(w) for w in words(block.text)} & slug
        if len(shared) >= _LEAST_SHARED and len(shared) * 2 >= len(slug):
            return Found(squash(block.text), "visible:address")
    return _before_dateline(blocks, lines, language)


def find_named_line(page: Page) -> Block | None:
    """Return the block of a text capture that its first line or its address names as the title.

    The first line may be the page's own title, with the names of section and site behind it.
    """
    for block in page.blocks[:_HEAD]:
        parts = SEPARATOR.split(squash(block.text))
        own = words(parts[0]) if len(parts) > 1 else ()
        for line in page.blocks[block.index + 1 :] if own else ():
            if len(line.text) <= 2 * len(block.text) and words(line.text) == own:
                return line
    slug = slug_words(page.capture.url)
    best, most = None, _LEAST_LIKE
    for block in page.blocks[:_DEEPER] if len(slug) >= _LEAST_SHARED else ():
        line_words = {key(w) for w in words(block.text)} if len(block.text) <= _LONGEST else set()
        shared = len(line_words & slug)
        if shared >= _LEAST_SHARED and shared > most * len(line_words | slug):
            best, most = block, shared / len(line_words | slug)
    return best


def _before_dateline(
    blocks: Sequence[Block], lines: Sequence[Block], language: str | None
) -> Found[str] | None:
    """The line right before the first byline or dateline that running text follows."""
    rules, hints = NameRules(language=language or "en"), DateHints(language or "en")
    for block in blocks:
        if not (find_dates(block.text[:_HEAD_TEXT], hints) or byline_people(block.text, rules)):
            continue
        following = blocks[block.index : block.index + _RUNNING_REACH]
        before = [n for n in lines if block.index - _NEAR <= n.index < block.index]
        before = [n for n in before if not SEPARATOR.search(n.text) and not n.text.istitle()]
        if before and any(len(b.text.encode()) >= _RUNNING for b in following):
            return Found(squash(before[-1].text), "visible:line")
    return None


def slug_words(address: str | None) -> frozenset[str]:
    """The words of the longest step of an address: ``/world/ferry-returns-12.html`` has two."""
    try:
        steps = unquote(urlsplit(address or "").path).split("/")
    except ValueError:
        return frozenset()
    found = words(max(steps, key=len).rpartition(".")[0] or max(steps, key=len))
    return frozenset(key(w) for w in found if not w.isdigit())


def _may_be_title(block: Block) -> bool:
    """Whether a line of a text capture has the form of a title: some words, no full stop."""
    count = len(words(block.text))
    letters = len(key(block.text))
    return (
        block.kind is Kind.PARAGRAPH
        and not block.text.endswith(tuple(table("signs")["standfirst"]["stops"].replace("?", "")))
        and (count >= _LEAST_WORDS or not block.text.isascii())
        and _LEAST_LINE <= letters <= _MOST_LINE
        and "://" not in block.text
        and words(block.text)[0] not in all_words("trails", "home")
    )
