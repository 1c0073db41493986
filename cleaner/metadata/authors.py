"""Who wrote a page: people, as the page names them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from cleaner.features.basics import is_forum
from cleaner.metadata.evidence import Evidence, Found, is_home
from cleaner.metadata.jsonld import JsonObject, as_list, resolve, text_of, types_of
from cleaner.metadata.names import (
    NameRules,
    byline_people,
    has_by,
    is_by,
    is_personal,
    is_role,
    looks_like_name,
    stated_people,
    written_people,
)
from cleaner.metadata.tables import all_words, alternatives
from cleaner.metadata.text import key, squash, unique
from cleaner.metadata.titlecut import is_article
from cleaner.metadata.visible import bylines, is_line, names_above, surroundings
from cleaner.types import Block, Fact, Kind, SpanKind

_META = (
    "author", "article:author", "og:article:author", "article:author_name", "og:author",
    "citation_author", "dc.creator", "dc:creator", "dcterms.creator", "parsely-author",
    "sailthru.author", "byl", "cxenseparse:author", "shareaholic:article_author_name",
    "article_author", "authors", "bc:authors", "dc.contributor.author", "citation_authors",
    "creator", "rbauthors", "author_name", "byline",
)  # fmt: skip
_ORGANIZATIONS = ("Organization", "Corporation", "Brand", "Business", "Agency", "WebSite")
"""Endings of types that are no person's."""

_AUTHOR_NAMES = frozenset(
    {"author", "authors", "byline", "bylines", "autor", "autoren", "auteur", "autore", "writer",
     "creator", "autorin", "contributor", "contributors"}
)  # fmt: skip
_FOREIGN_NAMES = frozenset(
    {"comment", "comments", "reply", "related", "sidebar", "widget", "footer", "bio", "teaser",
     "review", "reviews", "testimonial", "testimonials", "recommended", "latest", "quote",
     "trending", "popular"}
)  # fmt: skip
"""Names of elements whose authors wrote something else than the page."""

_POST_NAMES = frozenset({"post", "entry", "article"})
"""Names of elements whose footer is the page's own."""

_LISTS = frozenset({"Product", "ProductGroup", "ItemList", "CollectionPage", "SearchResultsPage"})
_WEAK = ("visible:", "rel:", "itemprop:")
"""Beginnings of the sources that lists of articles and shops have too, for what they list."""

_LOGIN = re.compile(r"[a-z][\w.-]*|\w*[\d_.-]\w*|[A-Z]+[a-z]+[A-Z]\w*", re.ASCII)
"""A single word that is a log-in rather than a name."""

_REACH = 15
"""Blocks before and after the title in which a stated author of the body stands."""

_STARTER_REACH = 6
"""The same for who started a thread."""

_LINK_REACH = 30
"""Blocks after the title in which a link to an author's page counts."""

_MANY = 6
"""More authors than these in the body make a list of articles."""


@dataclass(frozen=True, slots=True)
class _Search:
    """The evidence, and what it says of how names are written."""

    evidence: Evidence
    rules: NameRules
    forum: bool


_Find = Callable[[_Search], tuple[str, ...]]


def find_authors(
    evidence: Evidence, language: str | None, *, visible: bool = True
) -> Found[tuple[str, ...]] | None:
    """Return the people who wrote the page, or ``None``: a wrong author is worse than none."""
    search = _Search(evidence, _name_rules(evidence, language), is_forum(evidence.page))
    shop = _is_list_or_shop(search)
    for name, find in _CANDIDATES:
        if (name.startswith("visible:") and not visible) or (shop and name.startswith(_WEAK)):
            continue
        people = find(search)
        if people and _is_credible(people, search):
            return Found(people, name)
    return None


def _is_list_or_shop(search: _Search) -> bool:
    """Whether a page lists others, sells something or is a site's first: it has no author."""
    evidence = search.evidence
    if search.forum or is_article(evidence):
        return False
    kinds = {t for o in evidence.main for t in types_of(o)}
    kind = (evidence.first("meta", "og:type") or "").casefold()
    return bool(kinds & _LISTS) or kind.startswith("product") or is_home(evidence.page.capture.url)


def _name_rules(evidence: Evidence, language: str | None) -> NameRules:
    """How names are read on this page.

    A site's name is no author. But a person may have an own site: a name that JSON-LD
    says is a person's, or that stands in a byline and has the form of a full name.
    """
    personal = {key(n) for n in evidence.site_names if is_personal(n)}
    objects = list(_all_objects(evidence)) if personal else []
    personal -= {key(text_of(o.get("name"))) for o in objects if _is_firm(o)}
    typed = {key(text_of(o.get("name"))) for o in objects if _is_person(o)}
    return NameRules(
        site_keys=evidence.site_keys - (personal & typed),
        own_keys=frozenset(personal),
        language=language or "en",
    )


def _all_objects(evidence: Evidence) -> Iterator[JsonObject]:
    """Every JSON-LD object, and the authors and publishers inside of each."""
    for item in evidence.objects:
        yield item
        for name in ("author", "publisher", "creator"):
            yield from (v for v in as_list(item.get(name)) if isinstance(v, dict))


def _is_person(item: JsonObject) -> bool:
    return any(t.casefold() == "person" for t in types_of(item))


def _is_firm(item: JsonObject) -> bool:
    return any(t.endswith(_ORGANIZATIONS) for t in types_of(item)) and not _is_person(item)


def _is_credible(people: Sequence[str], search: _Search) -> bool:
    """Whether the names can be believed: a log-in must be seen by readers too."""
    logins = [p for p in people if _LOGIN.fullmatch(p)]
    if search.forum or not logins:
        return True
    seen = " ".join(b.text for b in _near(search)).casefold()
    return all(p.casefold() in seen for p in logins)


def _near(search: _Search) -> list[Block]:
    return [*surroundings(search.evidence), *bylines(search.evidence)]


def _json_ld(search: _Search) -> tuple[str, ...]:
    for item in search.evidence.main:
        for name in ("author", "creator"):
            found = unique(
                person
                for value in as_list(item.get(name))
                for person in _people_of(resolve(value, search.evidence.objects), search)
            )
            if found:
                return found
    return ()


def _people_of(value: Any, search: _Search) -> tuple[str, ...]:
    """The people of one JSON-LD author; an organization is none."""
    if not isinstance(value, dict):
        return stated_people(text_of(value), search.rules)
    if _is_firm(value):
        return ()
    names = [text_of(n) for n in as_list(value.get("name"))]
    if not any(names):
        names = [squash(f"{text_of(value.get('givenName'))} {text_of(value.get('familyName'))}")]
    return unique(p for n in names for p in stated_people(n, search.rules))


def _facts(source: str, names: Sequence[str], search: _Search) -> tuple[str, ...]:
    if all((source, name) not in search.evidence.facts for name in names):
        return ()
    values = search.evidence.values(source, *names)
    return unique(p for v in values for p in stated_people(v, search.rules))


def _body_facts(source: str, name: str, search: _Search) -> tuple[str, ...]:
    """Authors that the body states near the title; in a forum the first of them.

    In a list of articles each names its own: many names are none.
    """
    found: list[str] = []
    for fact in _own_facts(source, name, search):
        value = _shown_name(fact, search)
        people = stated_people(value, search.rules)
        if search.forum and people and len(value.split()) <= 3:
            return people[:1]
        found.extend(p for p in people if looks_like_name(p))
    return unique(found) if len(unique(found)) <= _MANY else ()


def _shown_name(fact: Fact, search: _Search) -> str:
    """The name at the beginning of a stated author that holds ranks and numbers too."""
    blocks = search.evidence.page.blocks
    if fact.block >= len(blocks):
        return fact.value
    block = blocks[fact.block]
    texts = [block.text[s.start : s.end] for s in block.spans if s.kind is SpanKind.LINK]
    for text in (*texts, block.text):
        if text and fact.value.startswith(squash(text)):
            return squash(text)
    return fact.value


def _own_facts(source: str, name: str, search: _Search) -> list[Fact]:
    """Facts of the body outside of comments and author boxes: near the title, or else alone."""
    evidence = search.evidence
    own: list[Fact] = []
    for fact in evidence.facts.get((source, name), ()):
        names = names_above(fact.element, evidence)
        foreign = names & _FOREIGN_NAMES
        if foreign == {"footer"} and names & _POST_NAMES:
            foreign = frozenset()
        if not foreign and (name != "name" or names & _AUTHOR_NAMES):
            own.append(fact)
    anchor = evidence.anchor
    if anchor is None or search.forum:
        return [f for f in own if evidence.own(f.block)]
    near = [f for f in own if abs(f.block - anchor) <= _REACH and evidence.own(f.block)]
    alone = len({_shown_name(f, search) for f in own}) == 1
    return near or (own if alone else [])


def _starter(search: _Search) -> tuple[str, ...]:
    """Who started a forum's thread, where that stands beside the title."""
    return _author_links(_STARTER_REACH, search) if search.forum else ()


def _author_links(reach: int, search: _Search) -> tuple[str, ...]:
    """The text of links near the title that lead to a page about a person."""
    evidence = search.evidence
    anchor = evidence.anchor
    if anchor is None:
        return ()
    blocks = evidence.page.blocks
    for block in (*blocks[anchor + 1 : anchor + 1 + reach], *blocks[max(0, anchor - 3) : anchor]):
        if not block.spans or not is_line(block) or not evidence.own(block.index):
            continue
        found = unique(_linked_people(block, search))
        if found and not names_above(block.element, evidence) & _FOREIGN_NAMES:
            return found[:1] if search.forum else found
    return ()


def _linked_people(block: Block, search: _Search) -> Iterator[str]:
    for span in block.spans:
        if span.kind is not SpanKind.LINK:
            continue
        author = bool(_person_address("address").search(span.target))
        if not author and not _person_address("member_address").search(span.target):
            continue
        if _checked().search(block.text[: span.start].casefold()):
            continue
        text = squash(block.text[span.start : span.end])
        for name in byline_people(text, search.rules) or stated_people(text, search.rules):
            in_forum = search.forum and len(name.split()) <= 2
            if in_forum or (_is_full(name) and (author or " " in name)):
                yield name


@lru_cache(maxsize=2)
def _person_address(section: str) -> re.Pattern[str]:
    """A word of an address, between its signs, that says that the page is about a person."""
    words = alternatives(all_words("persons", section))
    return re.compile(rf"(?:^|[/?&.])(?:{words})(?:[/.?]|=\w)", re.IGNORECASE)


@lru_cache(maxsize=1)
def _checked() -> re.Pattern[str]:
    """Words before the name of one who checked the page and did not write it."""
    return re.compile(rf"(?:{alternatives(all_words('persons', 'not_by'))})\W*$")


def _is_full(name: str) -> bool:
    """Whether a text has the form of a full name; one word is one in Chinese or Korean alone."""
    return looks_like_name(name) and not is_role(name) and (" " in name or not name.isascii())


def _portraits(search: _Search) -> tuple[str, ...]:
    """A name alone in a block, beside a picture that has the same name as its alternative."""
    blocks = search.evidence.page.blocks
    if not is_article(search.evidence):
        return ()
    for block in surroundings(search.evidence):
        near = blocks[max(0, block.index - 2) : block.index + 3]
        portraits = [b.text for b in near if b.kind is Kind.IMAGE]
        if not portraits or block.kind is Kind.IMAGE:
            continue
        name = squash(block.text)
        pictured = any(text.startswith(name) for text in portraits)
        if pictured and is_personal(name) and not is_role(name):
            return stated_people(name, search.rules)
    return ()


def _named_blocks(search: _Search) -> tuple[str, ...]:
    """The names in blocks around the title whose elements are named after an author."""
    for block in surroundings(search.evidence):
        names = names_above(block.element, search.evidence)
        if names & _AUTHOR_NAMES and not names & _FOREIGN_NAMES:
            found = _line_people(block, search)
            if found:
                return found
    return ()


def _line_people(block: Block, search: _Search) -> tuple[str, ...]:
    """The people of a block's first line that has any, as a byline or as full names alone."""
    for line in block.text.split("\n"):
        found = byline_people(line, search.rules)
        if not found and not has_by(line, search.rules):
            found = tuple(n for n in written_people(line, search.rules) if _is_full(n))
        if found:
            return found
    return ()


def _bylines(search: _Search) -> tuple[str, ...]:
    """The first line with the form of a byline, around the title or labelled as one.

    Where the byline's word stands alone, the names are in the line below it.
    """
    for block in _near(search):
        lines = block.text.split("\n")
        following = search.evidence.page.blocks[block.index + 1 : block.index + 2]
        lines += [b.text for b in following if is_line(b)]
        found = _people_in(lines, search.rules)
        if found and not names_above(block.element, search.evidence) & _FOREIGN_NAMES:
            return found
    return ()


def _people_in(lines: Sequence[str], rules: NameRules) -> tuple[str, ...]:
    """The people of the first line that is a byline, or of the one below a byline's word."""
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        found = byline_people(line, rules)
        if not found and is_by(line, rules):
            found = tuple(n for n in written_people(below, rules) if _is_full(n))
        if found:
            return found
    return ()


_CANDIDATES: tuple[tuple[str, _Find], ...] = (
    ("front-matter:author", partial(_facts, "front-matter", ("author", "authors", "byline"))),
    ("json-ld:author", _json_ld),
    *((f"meta:{n}", partial(_facts, "meta", (n,))) for n in _META),
    ("visible:starter", _starter),
    ("itemprop:name", partial(_body_facts, "itemprop", "name")),
    ("itemprop:author", partial(_body_facts, "itemprop", "author")),
    ("itemprop:creator", partial(_body_facts, "itemprop", "creator")),
    ("property:author", partial(_body_facts, "property", "author")),
    ("rel:author", partial(_body_facts, "rel", "author")),
    ("visible:author-link", partial(_author_links, _LINK_REACH)),
    ("visible:portrait", _portraits),
    ("visible:named", _named_blocks),
    ("visible:byline", _bylines),
)
"""Where a page names its authors, the most certain first; the visible ones take a heuristic."""
