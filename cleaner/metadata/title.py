"""The title: what headings, meta tags and ``<title>`` agree on, without the site's name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import unescape

from cleaner.metadata.evidence import Evidence, Found, is_home
from cleaner.metadata.jsonld import text_of, types_of
from cleaner.metadata.text import key, squash, words
from cleaner.metadata.titlecut import (
    BAR,
    SEPARATOR,
    cut_section,
    cut_site,
    is_article,
    is_site_name,
    names_site,
)
from cleaner.metadata.titlekicker import (
    Heading,
    StatedTitle,
    glued_parts,
    only_first,
    separators,
    with_kicker,
    without_kicker,
)
from cleaner.metadata.titleline import find_line, slug_words
from cleaner.types import LabelName

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

_MOST_HEADINGS = 10
"""Headings that may be the title."""

_HIGH = 2
"""Level of headings that may be the title if they are a part of the stated one."""

_SEVERAL = 2
"""Tags that give a title which the address decides for."""

_CLEARLY = 0.15
"""By how much more an address must be like a stated title than like the heading."""

_WHOLE = 0.9
"""How like an address a heading must be to be what it is made of."""

_TELLING = 3
"""Words of an address that are no section's name."""

_OBJECT_TITLES = ("headline", "name")


def find_title(
    evidence: Evidence, language: str | None = None, *, visible: bool = True
) -> Found[str] | None:
    """Return the title of the page, or ``None`` if nothing states one."""
    front = evidence.first("front-matter", "title")
    if front:
        return Found(cut_site(front, evidence), "front-matter:title")
    found = list(_stated(evidence))
    texts = {text for _, text in found}
    cuts = {text: cut_section(cut_site(text, evidence), evidence) for text in texts}
    stated = [StatedTitle(source, text, cuts[text]) for source, text in found]
    stated = [s for s in stated if s.cut and not is_site_name(s.cut, evidence)] or stated
    votes = Counter(w for s in stated for w in {words(s.cut), words(s.text)})
    headings = _likely_headings(evidence, votes)
    return (
        _news_headline(stated, evidence)
        or _without_prefix(headings, stated, evidence)
        or without_kicker(headings, stated)
        or _in_address(headings, stated, evidence)
        or _agreed(headings, votes)
        or glued_parts(headings, stated)
        or with_kicker(headings, stated)
        or _agreed_in_part(headings, stated, home=is_home(evidence.page.capture.url))
        or _addressed(headings, stated, evidence)
        or _alike(headings, stated, evidence)
        or _stated_alone(stated, evidence)
        or _heading_alone(headings)
        or (find_line(evidence, language) if visible else None)
    )


def _stated(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """The titles that machine-readable tags give, the most telling first."""
    for item in evidence.main:
        if "FAQPage" in types_of(item):
            continue
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


def _headings(evidence: Evidence) -> Iterator[Heading]:
    """Yield the blocks that may show the title: labelled ones, then headings, the highest first.

    Those far down the page are left out.
    """
    labelled = evidence.blocks_labelled(LabelName.TITLE)
    chosen = {b.index for b in labelled}
    headings = [b for b in evidence.headings if b.index not in chosen]
    headings.sort(key=lambda b: (b.level > 2, bool(b.hidden), b.level))
    for block in (*labelled, *headings)[:_MOST_HEADINGS]:
        if not block.text or len(block.text) > MAX_LENGTH:
            continue
        high = block.level <= _HIGH
        text = squash(unescape(block.text))
        text = cut_section(cut_site(text, evidence), evidence) if high else text
        if not (high and names_site(text, evidence)):
            yield Heading(text, words(text), block.level, block.index in chosen)


def _likely_headings(evidence: Evidence, votes: Counter[tuple[str, ...]]) -> list[Heading]:
    """The headings up to one that as many stated titles give as any: most pages agree on it."""
    most = max(votes.values(), default=0)
    headings: list[Heading] = []
    for heading in _headings(evidence):
        headings.append(heading)
        if heading.words and votes[heading.words] == most:
            break
    return headings


def _agreed(headings: Sequence[Heading], votes: Counter[tuple[str, ...]]) -> Found[str] | None:
    """The heading with the words of most stated titles, the first of several."""
    best = max((votes[h.words] for h in headings if h.words), default=0)
    if not best:
        return None
    heading = next(h for h in headings if h.words and votes[h.words] == best)
    return Found(heading.text, "heading:agreed")


def _news_headline(stated: Sequence[StatedTitle], evidence: Evidence) -> Found[str] | None:
    """The title of a news report that its JSON-LD and ``og:title`` give alike, unlike a heading."""
    if not _has_type("NewsArticle", evidence):
        return None
    by_source = {s.source: s for s in reversed(stated)}
    headline, shared = by_source.get("json-ld:headline"), by_source.get("meta:og:title")
    if headline and shared and words(headline.cut) == words(shared.cut):
        return Found(headline.cut, headline.source)
    return None


def _agreed_in_part(
    headings: Sequence[Heading], stated: Sequence[StatedTitle], *, home: bool
) -> Found[str] | None:
    """The first heading that is whole segments at one end of a stated title.

    The beginning counts before the end, where the name of a book or a site's part stands; on a
    site's first page what it is for stands there, and is no title.
    """
    high = [h for h in headings if h.level <= 1] or headings
    bounds = [(text, m) for text in {s.cut for s in stated} for m in separators(text)]
    beginnings = {words(text[: m.start()]) for text, m in bounds}
    ends = {words(text[m.end() :]) for text, m in bounds}
    for parts, among in ((beginnings, headings), (ends, () if home else high)):
        for heading in among:
            if heading.level <= _HIGH and heading.words and heading.words in parts:
                return Found(heading.text, "heading:part")
    return None


def _alike(
    headings: Sequence[Heading], stated: Sequence[StatedTitle], evidence: Evidence
) -> Found[str] | None:
    """The only heading of the first level, if a stated title holds enough of its words.

    A page with no title but ``<title>``, which is written for the tab, needs no likeness.
    """
    first = only_first(headings)
    if first is None or not stated:
        return None
    found = set(first.words)
    if all(s.source == "title" for s in stated):
        return Found(first.text, "heading:first")
    enough = _LIKE_ARTICLE if is_article(evidence) else _LIKE
    if any(len(found & set(words(s.cut))) >= enough * len(found) for s in stated):
        return Found(first.text, "heading:alike")
    return None


def _without_prefix(
    headings: Sequence[Heading], stated: Sequence[StatedTitle], evidence: Evidence
) -> Found[str] | None:
    """The title of a forum's thread, where its heading has the thread's kind before it."""
    if not headings or not _has_type("DiscussionForumPosting", evidence):
        return None
    for title in stated:
        found = words(title.cut)
        if title.source == "json-ld:headline" and len(found) >= _FEW:
            longer = len(headings[0].words) > len(found)
            if longer and headings[0].words[-len(found) :] == found:
                return Found(title.cut, title.source)
    return None


def _has_type(name: str, evidence: Evidence) -> bool:
    return any(t.endswith(name) for o in evidence.main for t in types_of(o))


def _stated_alone(stated: Sequence[StatedTitle], evidence: Evidence) -> Found[str] | None:
    """The first stated title, up to its first bar: what follows one is said of it."""
    if not stated:
        return None
    chosen = min((s for s in stated if _begins_all(s.cut, stated)), key=_length, default=stated[0])
    return Found(_before_sign(chosen.cut, evidence), chosen.source)


def _length(title: StatedTitle) -> int:
    return len(title.cut)


def _begins_all(title: str, stated: Sequence[StatedTitle]) -> bool:
    """Whether every stated title begins with this one, and goes on with a sign if at all."""
    rests = [s.cut[len(title) :] for s in stated if s.cut.startswith(title)]
    return len(rests) == len(stated) and all(
        not r or SEPARATOR.match(r) or r[0] == "-" for r in rests
    )


def _before_sign(text: str, evidence: Evidence) -> str:
    """A title up to its first bar, if the address or a block of the page says that it ends there.

    Where it is no article's, it is up to any sign that parts titles.
    """
    if is_home(evidence.page.capture.url):
        return text  # the site's name is the title there, and what follows is said of it
    sign = (BAR if is_article(evidence) else SEPARATOR).search(text)
    if not sign or not words(text[: sign.start()]):
        return text
    slug = slug_words(evidence.page.capture.url)
    before, after = (_shared(t, slug) for t in (text[: sign.start()], text[sign.end() :]))
    return (
        text[: sign.start()]
        if before > after or _is_shown(text[: sign.start()], evidence)
        else text
    )


def _shared(text: str, slug: frozenset[str]) -> int:
    """How many words of an address a text has."""
    return len({key(w) for w in words(text)} & slug)


def _is_shown(text: str, evidence: Evidence) -> bool:
    """Whether a block of the page has a text, and nothing else."""
    wanted = text.casefold()
    return any(
        len(b.text) == len(text) and b.text.casefold() == wanted for b in evidence.page.blocks
    )


def _in_address(
    headings: Sequence[Heading], stated: Sequence[StatedTitle], evidence: Evidence
) -> Found[str] | None:
    """A heading of the first level whose words are the address's, where no stated title's are."""
    slug = slug_words(evidence.page.capture.url)
    if not slug or not stated:
        return None
    best = max(_likeness(words(s.cut), slug) for s in stated)
    for heading in headings:
        sure = heading.level == 1 and (heading.labelled or len(heading.words) >= _TELLING)
        likeness = _likeness(heading.words, slug) if sure else 0.0
        if likeness >= _WHOLE and likeness > best + _CLEARLY:
            return Found(heading.text, "heading:address")
    return None


def _addressed(
    headings: Sequence[Heading], stated: Sequence[StatedTitle], evidence: Evidence
) -> Found[str] | None:
    """A title that several tags give, if the page's address has more of it than of its heading.

    An article's address is made of its heading, or of a title for search engines: it says nothing.
    """
    slug = slug_words(evidence.page.capture.url)
    if not slug or not headings or is_article(evidence):
        return None
    shown = max(_likeness(h.words, slug) for h in headings[:1])
    votes = Counter(words(s.cut) for s in stated)
    for title in stated:
        text = _before_sign(title.cut, evidence)
        likeness = _likeness(words(text), slug)
        if votes[words(title.cut)] >= _SEVERAL and likeness > shown + _CLEARLY:
            return Found(text, title.source)
    return None


def _likeness(found: Sequence[str], slug: frozenset[str]) -> float:
    """How many words a title shares with an address, as a part of those of both (0..1)."""
    keys = {key(w) for w in found}
    return len(keys & slug) / max(1, len(keys | slug))


def _heading_alone(headings: Sequence[Heading]) -> Found[str] | None:
    """The first heading of a page that states no title, if it is labelled or of the first level."""
    for heading in headings:
        if heading.level == 1 or heading.labelled:
            return Found(heading.text, "heading")
    return None
