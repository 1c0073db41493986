"""The dates that readers see: datelines, lines around the title, the beginning of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from cleaner.features.basics import is_forum
from cleaner.metadata.dateparse import DateHints, find_dates
from cleaner.metadata.evidence import Evidence
from cleaner.metadata.relative import relative_date
from cleaner.metadata.tables import all_words, alternatives, signs
from cleaner.metadata.visible import bylines, names_above, surroundings
from cleaner.types import Kind

FOREIGN_NAMES = frozenset(
    {"comment", "comments", "reply", "related", "sidebar", "widget", "footer", "teaser", "card",
     "review", "reviews", "rating", "product", "price", "event", "events", "release", "grid",
     "copyright", "carousel", "latest", "recent", "trending"}
)  # fmt: skip
"""Names of elements whose dates are of something else than the page."""

_DATE_NAME = re.compile(r"date|datum|fecha|publi|posted|meta|info|byline|zeit|submitted")
"""In the names of an element that shows a date."""

_SHOWN_BEFORE, _SHOWN_AFTER = 1, 6
"""Blocks before and after the title whose date is more than what the page states to machines."""

_LINE_PARTS = re.compile(rf"\n|\s*[{signs('names', 'parts')}]\s*")
"""Between the parts of a line."""

_LEAD_REACH, _LEAD = 6, 40
"""Blocks after the title, and characters of one, in which a date may begin the text."""


def read_dateline(modified: bool, evidence: Evidence, hints: DateHints) -> str | None:
    """A date in a short block around the title, or in one that is labelled a byline."""
    near = surroundings(evidence)
    if not modified and is_forum(evidence.page):
        found = [v for b in near if (v := _first_in(b.text, False, hints))]
        if found:
            return min(found)  # the first post's: replies follow it
    for block in [*near, *bylines(evidence)]:
        value = _first_in(block.text, modified, hints)
        if value:
            return value
    return None


def date_beside(modified: bool, evidence: Evidence, hints: DateHints) -> str | None:
    """The first date in a byline right beside the title."""
    if evidence.anchor is None:
        return None
    begin, end = evidence.anchor - _SHOWN_BEFORE, evidence.anchor + _SHOWN_AFTER
    near = (b for b in bylines(evidence) if begin <= b.index <= end)
    return next(filter(None, (_first_in(b.text, modified, hints) for b in near)), None)


def named_date(modified: bool, evidence: Evidence, hints: DateHints) -> str | None:
    """A date in the first short block whose element is named after a date or a byline.

    A line that begins with a word for a change needs no such name.
    """
    for block in evidence.dated:
        text = block.text
        names = names_above(block.element, evidence)
        named = _DATE_NAME.search(" ".join(names)) and not names & FOREIGN_NAMES
        if named or (modified and _change().match(text.casefold())):
            value = _first_in(text, modified, hints)
            if value:
                return value
    return None


def leading_date(evidence: Evidence, hints: DateHints) -> str | None:
    """A date that begins the running text below the title: ``(18.01.2018) The ferry ...``."""
    if evidence.anchor is None:
        return None
    for block in evidence.page.blocks[evidence.anchor + 1 :][:_LEAD_REACH]:
        if block.kind is Kind.PARAGRAPH and not block.hidden and block.text[:2].strip("(["):
            first = next(iter(find_dates(block.text[:_LEAD], hints)), None)
            if first and first.start <= 1:
                return first.value
    return None


def counted_date(evidence: Evidence, hints: DateHints) -> str | None:
    """A day counted from the time of capture, in a byline or right after the title."""
    if hints.captured_at is None or evidence.anchor is None:
        return None
    end = evidence.anchor + _SHOWN_AFTER
    near = [b for b in surroundings(evidence) if evidence.anchor < b.index <= end]
    labelled = [b for b in bylines(evidence) if b.index > evidence.anchor]
    for block in [*near, *labelled[:_SHOWN_AFTER]]:
        if not names_above(block.element, evidence) & FOREIGN_NAMES:
            for line in _LINE_PARTS.split(block.text):
                if not _change().search(line.casefold()):
                    day = relative_date(line, hints)
                    if day:
                        return day
    return None


def _first_in(text: str, modified: bool, hints: DateHints) -> str | None:
    """The first date of a block that is, or is not, a change's."""
    if modified and not _change().search(text.casefold()):
        return None  # most blocks have no word for a change, which is quicker to see
    return next((v for v, change in _dates_of(text, hints) if change is modified), None)


def _dates_of(text: str, hints: DateHints) -> Iterator[tuple[str, bool]]:
    """The dates in a block's text, and whether the words before each speak of a change."""
    begin = 0
    for match in find_dates(text, hints):
        words = text[begin : match.start].casefold()
        if not _other().search(words):
            yield match.value, bool(_change().search(words))
        begin = match.end


@lru_cache(maxsize=1)
def _change() -> re.Pattern[str]:
    return re.compile(rf"(?:last\s)?(?:{alternatives(all_words('dates', 'modified'))})")


@lru_cache(maxsize=1)
def _other() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{alternatives(all_words('dates', 'other'))})(?!\w)")
