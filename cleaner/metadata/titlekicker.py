"""Titles and their kickers: the heading has one that the stated title lacks, or the other way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cleaner.metadata.evidence import Found
from cleaner.metadata.text import key, words
from cleaner.metadata.titlecut import COLON, SEPARATOR

_FEW = 2
"""Words; fewer than these are no title that could have lost a kicker."""

_SEVERAL, _MOST = 2, 3
"""Tags that give a title without the kicker of its heading: with a sign between, and without."""


class Heading(NamedTuple):
    """A heading that may be the title, without the site's name."""

    text: str
    words: tuple[str, ...]
    level: int
    labelled: bool
    """Whether the block has the label ``title``."""


@dataclass(frozen=True, slots=True)
class StatedTitle:
    """A title as a machine-readable tag gives it, and what is left of it after cutting."""

    source: str
    text: str
    cut: str


def without_kicker(headings: Sequence[Heading], stated: Sequence[StatedTitle]) -> Found[str] | None:
    """Return a title that most tags give alike, where the heading has a kicker before it.

    Where a sign parts the two, it takes fewer tags to tell.
    """
    if not headings:
        return None
    counts = Counter(words(s.cut) for s in stated)
    shown = headings[0].words
    parted = {words(headings[0].text[m.end() :]) for m in separators(headings[0].text)}
    for title in stated:
        found = words(title.cut)
        begun = len(shown) > len(found) >= _FEW and shown[-len(found) :] == found
        least, share = (_SEVERAL, 1) if found in parted else (_MOST, 2)
        if begun and counts[found] >= least and counts[found] > share * counts[shown]:
            return Found(title.cut, title.source)
    return None


def glued_parts(headings: Sequence[Heading], stated: Sequence[StatedTitle]) -> Found[str] | None:
    """Return a stated title with the letters of the first heading, whose parts lack a blank."""
    for title in stated if headings else ():
        if key(title.cut) == key(headings[0].text):
            return Found(title.cut, title.source)
    return None


def with_kicker(headings: Sequence[Heading], stated: Sequence[StatedTitle]) -> Found[str] | None:
    """Return a title that two tags give alike, where the heading has a kicker less or more."""
    first = only_first(headings)
    if first is None:
        return None
    counts = Counter(words(s.cut) for s in stated)
    for title in stated:
        found = words(title.cut)
        if counts[found] < 2 or len(found) < _FEW or len(first.words) < _FEW:
            continue
        if first.words[-len(found) :] == found:
            return Found(title.cut, title.source)
        if found[-len(first.words) :] == first.words and _has_kicker(title.cut, first):
            return Found(title.cut, title.source)
    return None


def _has_kicker(title: str, heading: Heading) -> bool:
    """Whether a colon stands before the heading's words, and no other sign."""
    ends = {words(title[m.end() :]) for m in COLON.finditer(title)}
    return heading.words in ends


def only_first(headings: Sequence[Heading]) -> Heading | None:
    """Return the heading of the first level, if the page has one alone."""
    first = [h for h in headings if h.level == 1]
    return first[0] if len({h.words for h in first}) == 1 else None


def separators(text: str) -> list[re.Match[str]]:
    """Return what may part a title from other names, and the colons inside of it."""
    return [*SEPARATOR.finditer(text), *COLON.finditer(text)]
