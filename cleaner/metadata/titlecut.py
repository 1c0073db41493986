"""Titles without the names of the site and the section that stand at their ends."""

from __future__ import annotations

import re

from cleaner.metadata.evidence import Evidence, is_home
from cleaner.metadata.jsonld import types_of
from cleaner.metadata.tables import signs
from cleaner.metadata.text import key, squash, words

SEPARATOR = re.compile(
    rf"\s+[{signs('title', 'blanks')}]{{1,2}}\s+|\s*[{signs('title', 'tight')}]\s*|\s*(?:::|--)\s*"
    r"|(?<=[^\x00-\x7f])_+|_+(?=[^\x00-\x7f])"
)
"""What may stand between a title and the names of a section or a site."""

BAR = re.compile(rf"\s*[{signs('title', 'bar')}]\s*")
"""What stands in no title: what follows it is said of the title, or of the site."""

COLON = re.compile(rf"{signs('title', 'colon')}\s+|{signs('title', 'wide_colon')}")
"""The same, but it stands inside of titles as often."""

_SIGN = re.compile(
    f"[{''.join(signs('title', n) for n in ('blanks', 'tight', 'colon', 'wide_colon'))}:_-]"
)
"""The signs of both: most headings have none, which is quicker to see."""

_SHORT_NAME = 4
"""Letters; a shorter name must be met exactly, it is in too many words."""

_ARTICLES = ("Article", "Posting", "Report")
_FEW = 2
"""Words that may stand beside the site's name in a segment that is no more than that name."""


def is_article(evidence: Evidence) -> bool:
    """Whether the page says that it is an article: by its type, or by a date of publication."""
    kind = evidence.first("meta", "og:type") or ""
    return (
        kind.casefold() == "article"
        or evidence.first("meta", "article:published_time") is not None
        or any(t.endswith(_ARTICLES) for item in evidence.main for t in types_of(item))
    )


def is_site_name(text: str, evidence: Evidence) -> bool:
    """Whether a text is the site's name, as the page or its address gives it."""
    return key(text) in evidence.site_keys


def names_site(segment: str, evidence: Evidence) -> bool:
    """Whether a text is the site's name, a part of it, or that name with a word or two."""
    name = key(segment)
    if name in evidence.site_keys:
        return True
    if len(name) < _SHORT_NAME:
        return False
    count = len(words(segment))
    for known in evidence.site_keys:
        if name in known and len(name) * 2 >= len(known):
            return True
        if len(known) >= _SHORT_NAME and known in name and count <= _FEW + 1:
            return True
    return False


def cut_site(title: str, evidence: Evidence) -> str:
    """Return a title without the names of the site at its ends; ``""`` if it is nothing else."""
    text = squash(title)
    while True:
        cut = _cut_once(text, evidence)
        if cut is None:
            return text
        text = cut


def _cut_once(text: str, evidence: Evidence) -> str | None:
    """The title without one name of the site, or ``None`` if none stands at its ends."""
    if not _SIGN.search(text):
        return None
    bounds = [m.span() for m in SEPARATOR.finditer(text)]
    for start, end in reversed(bounds):
        if not text[end:] or names_site(text[end:], evidence):
            return text[:start]
    if is_home(evidence.page.capture.url):
        return None  # its name is the title there, what follows is said of it
    for start, end in bounds:
        if not text[:start] or is_site_name(text[:start], evidence):
            return text[end:]
    colon = COLON.search(text)
    if colon and is_site_name(text[: colon.start()], evidence):
        return text[colon.end() :]
    return None


def cut_section(title: str, evidence: Evidence) -> str:
    """Return a title without the name of its section at its end."""
    bounds = [m.span() for m in SEPARATOR.finditer(title)] if _SIGN.search(title) else []
    if bounds and bounds[-1][0] and key(title[bounds[-1][1] :]) in evidence.section_keys:
        return title[: bounds[-1][0]]
    return title
