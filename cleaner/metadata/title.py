"""The title: what headings, meta tags and ``<title>`` agree on, without the site's name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from cleaner.metadata.dateparse import DateHints, find_dates
from cleaner.metadata.evidence import Evidence, Found, is_home
from cleaner.metadata.jsonld import text_of, types_of
from cleaner.metadata.names import NameRules, byline_people
from cleaner.metadata.tables import all_words, signs, table
from cleaner.metadata.text import key, squash, words
from cleaner.types import Block, Kind, LabelName

SEPARATOR = re.compile(
    rf"\s+[{signs('title', 'blanks')}]{{1,2}}\s+|\s*[{signs('title', 'tight')}]\s*|\s*(?:::|--)\s*"
    r"|(?<=[^\x00-\x7f])_+|_+(?=[^\x00-\x7f])"
)
"""What may stand between a title and the names of a section or a site."""

COLON = re.compile(rf"{signs('title', 'colon')}\s+|{signs('title', 'wide_colon')}")
"""The same, but it stands inside of titles as often."""

_SIGN = re.compile(
    f"[{''.join(signs('title', n) for n in ('blanks', 'tight', 'colon', 'wide_colon'))}:_-]"
)
"""The signs of both: most headings have none, which is quicker to see."""

MAX_LENGTH = 300
"""Characters; a longer heading is a paragraph set as a heading."""

_STATED = (
    "og:title", "twitter:title", "dc.title", "dcterms.title", "citation_title",
    "parsely-title", "sailthru.title", "headline",
)  # fmt: skip
_LIKE = 0.5
"""Share of a heading's words that a stated title must hold for the heading to be the title."""

_LIKE_ARTICLE = 0.2
"""The same in an article, whose meta tags are often reworded for search engines."""

_FEW = 2
"""Words; fewer than these are no title that could have lost a kicker."""

_HIGH = 2
"""Level of headings that may be the title if they are a part of the stated one."""

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

_NEAR = 3
"""Blocks from a title to its byline or dateline."""

_RUNNING, _RUNNING_REACH = 180, 12
"""Bytes of running text, and the blocks after a dateline in which it begins.

Bytes of UTF-8, for a Chinese sign says as much as three letters.
"""

_SHORT_NAME = 4
"""Letters; a shorter name must be met exactly, it is in too many words."""

_OBJECT_TITLES = ("headline", "name")
_ARTICLES = ("Article", "Posting", "Report")


class _Heading(NamedTuple):
    """A heading that may be the title, without the site's name."""

    text: str
    words: tuple[str, ...]
    level: int
    labelled: bool
    """Whether the block has the label ``title``."""


@dataclass(frozen=True, slots=True)
class _Stated:
    """A title as a machine-readable tag gives it, and what is left of it after cutting."""

    source: str
    text: str
    cut: str


def find_title(
    evidence: Evidence, language: str | None = None, *, visible: bool = True
) -> Found[str] | None:
    """Return the title of the page, or ``None`` if nothing states one."""
    front = evidence.first("front-matter", "title")
    if front:
        return Found(cut_site(front, evidence), "front-matter:title")
    found = list(_stated(evidence))
    cuts = {text: cut_site(text, evidence) for text in {t for _, t in found}}
    stated = [_Stated(source, text, cuts[text]) for source, text in found]
    stated = [s for s in stated if s.cut and not is_site_name(s.cut, evidence)] or stated
    headings: list[_Heading] = []
    wholes = {words(s.cut) for s in stated} | {words(s.text) for s in stated}
    for heading in _headings(evidence):
        if heading.words and heading.words in wholes:
            return Found(heading.text, "heading:agreed")
        headings.append(heading)
    return (
        _with_kicker(headings, stated)
        or _agreed_in_part(headings, stated)
        or _alike(headings, stated, evidence)
        or (Found(stated[0].cut, stated[0].source) if stated else None)
        or _heading_alone(headings)
        or (_line(evidence, language) if visible else None)
    )


def _stated(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """The titles that machine-readable tags give, the most telling first."""
    for item in evidence.main:
        for name in _OBJECT_TITLES:
            text = text_of(item.get(name))
            if text:
                yield f"json-ld:{name}", text
    for name in _STATED:
        for text in evidence.values("meta", name):
            yield f"meta:{name}", text
    for text in evidence.values("itemprop", "headline"):
        yield "itemprop:headline", text
    text = evidence.first("title", "title") or ""
    if text:
        yield "title", text


def _headings(evidence: Evidence) -> Iterator[_Heading]:
    """Yield the blocks that may show the title: labelled ones, then headings, the highest first.

    Most pages agree on the first: the others are not even cut.
    """
    labelled = evidence.blocks_labelled(LabelName.TITLE)
    chosen = {b.index for b in labelled}
    headings = [b for b in evidence.headings if b.index not in chosen]
    headings.sort(key=lambda b: (b.level > 2, bool(b.hidden), b.level))
    for block in (*labelled, *headings):
        if not block.text or len(block.text) > MAX_LENGTH:
            continue
        high = block.level <= _HIGH
        text = cut_site(block.text, evidence) if high else squash(block.text)
        if not (high and names_site(text, evidence)):
            yield _Heading(text, words(text), block.level, block.index in chosen)


def _with_kicker(headings: Sequence[_Heading], stated: Sequence[_Stated]) -> Found[str] | None:
    """A title that two tags give alike, where the heading has a kicker less or more."""
    first = _only_first(headings)
    if first is None:
        return None
    counts = Counter(words(s.cut) for s in stated)
    for title in stated:
        found = words(title.cut)
        if counts[found] < 2 or len(found) < _FEW or len(first.words) < _FEW:
            continue
        if first.words[-len(found) :] == found:
            return Found(title.cut, title.source)
        if found[-len(first.words) :] == first.words and not _last_cut(title.cut, first):
            return Found(title.cut, title.source)
    return None


def _last_cut(title: str, heading: _Heading) -> bool:
    """Whether a separator other than a colon stands before the heading's words."""
    return any(words(title[m.end() :]) == heading.words for m in SEPARATOR.finditer(title))


def _agreed_in_part(headings: Sequence[_Heading], stated: Sequence[_Stated]) -> Found[str] | None:
    """The first heading that is whole segments at one end of a stated title.

    The beginning counts before the end, where the name of a book or a site's part stands.
    """
    high = [h for h in headings if h.level <= 1] or headings
    bounds = [(text, m) for text in {s.cut for s in stated} for m in _separators(text)]
    beginnings = {words(text[: m.start()]) for text, m in bounds}
    ends = {words(text[m.end() :]) for text, m in bounds}
    for parts, among in ((beginnings, headings), (ends, high)):
        for heading in among:
            if heading.level <= _HIGH and heading.words and heading.words in parts:
                return Found(heading.text, "heading:part")
    return None


def _separators(text: str) -> list[re.Match[str]]:
    return [*SEPARATOR.finditer(text), *COLON.finditer(text)]


def _only_first(headings: Sequence[_Heading]) -> _Heading | None:
    """The heading of the first level, if the page has one alone."""
    first = [h for h in headings if h.level == 1]
    return first[0] if len({h.words for h in first}) == 1 else None


def _alike(
    headings: Sequence[_Heading], stated: Sequence[_Stated], evidence: Evidence
) -> Found[str] | None:
    """The only heading of the first level, if a stated title holds enough of its words.

    A page with no title but ``<title>``, which is written for the tab, needs no likeness.
    """
    first = _only_first(headings)
    if first is None or not stated:
        return None
    found = set(first.words)
    if all(s.source == "title" for s in stated):
        return Found(first.text, "heading:first")
    enough = _LIKE_ARTICLE if is_article(evidence) else _LIKE
    if any(len(found & set(words(s.cut))) >= enough * len(found) for s in stated):
        return Found(first.text, "heading:alike")
    return None


def _heading_alone(headings: Sequence[_Heading]) -> Found[str] | None:
    """The first heading of a page that states no title, if it is labelled or of the first level."""
    for heading in headings:
        if heading.level == 1 or heading.labelled:
            return Found(heading.text, "heading")
    return None


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


def _line(evidence: Evidence, language: str | None) -> Found[str] | None:
    """The line of a text capture without headings that has the form and the place of a title."""
    if not evidence.is_text:
        return None
    blocks = evidence.page.blocks[:_DEEP]
    lines = [b for b in blocks if _may_be_title(b)]
    slug = _slug_words(evidence.page.capture.url)
    for block in lines:
        shared = {key(w) for w in words(block.text)} & slug
        if len(shared) >= _LEAST_SHARED and len(shared) * 2 >= len(slug):
            return Found(squash(block.text), "visible:address")
    return _before_dateline(blocks, lines, language)


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


def _slug_words(address: str | None) -> frozenset[str]:
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
