"""Teams, agencies and firms that a byline names where no person is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from cleaner.metadata.evidence import Evidence, is_home
from cleaner.metadata.jsonld import as_list, resolve, text_of
from cleaner.metadata.names import MAX_NAME, by_pattern, is_by, name_parts
from cleaner.metadata.search import AUTHOR_NAMES, FOREIGN_NAMES, Search, has_common_word
from cleaner.metadata.tables import all_words, alternatives
from cleaner.metadata.text import key
from cleaner.metadata.titlecut import is_article
from cleaner.metadata.visible import is_labelled, names_above
from cleaner.types import Block, Kind, LabelName

_BYLINE = frozenset({LabelName.BYLINE})
_STATED = ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author")
_MAX_WORDS = 6
_ARTICLE = 3
"""Letters of "the", "our", "die", which say not whose a team is."""


def shown_collective(search: Search) -> tuple[str, ...]:
    """The team, agency or firm that a page's byline names.

    A team has a word that tells it; another name must be what the markup of an article gives as
    its author too, or stand after a byline's word and be the site's or an agency's. "Staff" and
    "admin" alone are nobody.
    """
    evidence = search.evidence
    article = is_article(evidence)
    if (search.forum and not article) or is_home(evidence.page.capture.url):
        return ()
    stated = {key(n) for n in _stated_names(search)} if article else set()
    for name, by in _byline_names(search):
        if _is_nobody(name) or not 1 < len(name) <= MAX_NAME or len(name.split()) > _MAX_WORDS:
            continue
        known = by and (key(name) in evidence.site_keys or _is_agency(name))
        if known or key(name) in stated or _is_team(name, by, search):
            return (name,)
    return ()


def _stated_names(search: Search) -> Iterator[str]:
    """Whom markup gives as the page's author, be it a person or not."""
    evidence = search.evidence
    for item in evidence.main:
        for value in as_list(item.get("author")):
            yield text_of(resolve(value, evidence.objects))
    yield from evidence.values("meta", *_STATED)
    for number in "12":
        label = evidence.first("meta", f"twitter:label{number}")
        if label and is_by(label, search.rules):
            yield from evidence.values("meta", f"twitter:data{number}")
    for source in ("itemprop", "rel"):
        yield from evidence.values(source, "author")


def _byline_names(search: Search) -> Iterator[tuple[str, bool]]:
    """What stands after a byline's word, or alone in a block that is set as a byline."""
    begin = by_pattern(search.rules.language)
    for block in search.near:
        if block.kind is Kind.IMAGE or names_above(block.element, search.evidence) & FOREIGN_NAMES:
            continue
        set_apart = _is_byline(block, search.evidence)
        for line in block.text.split("\n"):
            for part in name_parts(line, search.rules.language):
                by = begin.match(part)
                if by or set_apart:
                    name = _end().split(part[by.end() :] if by else part)[0]
                    yield name.strip(" ,;-–"), bool(by)


@lru_cache(maxsize=1)
def _end() -> re.Pattern[str]:
    """What ends a name: minutes of reading, a number of comments, another name, a date, a place."""
    joints = alternatives(all_words("persons", "joint"))
    return re.compile(
        rf"\s+\d+(?:[-–]\d+)?(?:\s+[^\W\d_]+){{1,2}}\s*$|\s+/\s+|\s+(?:{joints})\s", re.IGNORECASE
    )


def _is_byline(block: Block, evidence: Evidence) -> bool:
    names = names_above(block.element, evidence)
    return is_labelled(block, _BYLINE, evidence) or bool(names & AUTHOR_NAMES)


def _is_nobody(name: str) -> bool:
    return name.casefold() in all_words("persons", "nobody")


def _is_agency(name: str) -> bool:
    return name.casefold() in all_words("persons", "agency")


def _is_team(name: str, by: bool, search: Search) -> bool:
    """Whether a name has a word for a team, and others that say whose.

    Without a byline's word before it none of those may be a common one: "Team Building" is a topic.
    """
    team = all_words("persons", "team")
    others = [t for t in name.split() if t.casefold() not in team]
    if len(others) in (0, len(name.split())) or name == name.casefold():
        return False
    whose = " ".join(t for t in others if len(t) > _ARTICLE)
    own = key(whose) in search.evidence.site_keys
    return by or own or not has_common_word(whose, search.evidence.prose)
