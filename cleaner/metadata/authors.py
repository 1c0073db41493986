"""Who wrote a page: people, as the page names them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from cleaner.features.basics import is_forum
from cleaner.metadata.bylines import (
    LINK_REACH,
    author_boxes,
    author_links,
    first_poster,
    marked_starter,
    named_blocks,
    names_alone,
    portraits,
    read_bylines,
    starter,
    with_others,
    written_at_end,
)
from cleaner.metadata.collectives import shown_collective
from cleaner.metadata.evidence import Evidence, Found, is_home
from cleaner.metadata.jsonld import JsonObject, as_list, resolve, text_of, types_of
from cleaner.metadata.names import NameRules, is_by, is_personal, looks_like_name, stated_people
from cleaner.metadata.search import (
    AUTHOR_NAMES,
    FOREIGN_NAMES,
    Search,
    has_common_word,
)
from cleaner.metadata.text import key, squash, unique
from cleaner.metadata.titlecut import is_article
from cleaner.metadata.visible import names_above
from cleaner.types import Fact, SpanKind

_META = (
    "author", "article:author", "og:article:author", "article:author_name", "og:author",
    "citation_author", "dc.creator", "dc:creator", "dcterms.creator", "parsely-author",
    "sailthru.author", "byl", "cxenseparse:author", "shareaholic:article_author_name",
    "article_author", "authors", "bc:authors", "dc.contributor.author", "citation_authors",
    "creator", "rbauthors", "author_name", "byline",
)  # fmt: skip
_ORGANIZATIONS = ("Organization", "Corporation", "Brand", "Business", "Agency", "WebSite")
"""Endings of types that are no person's."""

_POST_NAMES = frozenset({"post", "entry", "article"})
"""Names of elements whose footer is the page's own."""

_LISTS = frozenset({"Product", "ProductGroup", "ItemList", "CollectionPage", "SearchResultsPage"})
_STATED = ("json-ld:", "meta:")
"""Beginnings of the sources that readers do not see."""

_WEAK = ("visible:", "rel:", "itemprop:")
"""Beginnings of the sources that lists of articles and shops have too, for what they list."""

_LOGIN = re.compile(r"[a-z][\w.-]*|\w*[\d_.-]\w*|[A-Z]+[a-z]+[A-Z]\w*", re.ASCII)
"""A single word that is a log-in rather than a name."""

_REACH = 15
"""Blocks before and after the title in which a stated author of the body stands."""

_MANY = 6
"""More authors than these in the body make a list of articles."""


_Find = Callable[[Search], tuple[str, ...]]


def find_authors(
    evidence: Evidence, language: str | None, *, visible: bool = True
) -> Found[tuple[str, ...]] | None:
    """Return the people who wrote the page, or ``None``: a wrong author is worse than none."""
    search = Search(evidence, _name_rules(evidence, language), is_forum(evidence.page))
    shop = _is_list_or_shop(search)
    unseen: Found[tuple[str, ...]] | None = None
    for name, find in _CANDIDATES:
        if (name.startswith("visible:") and not visible) or (shop and name.startswith(_WEAK)):
            continue
        people = find(search)
        if people and _is_credible(people, search):
            if visible and name.startswith(_STATED):
                shown = _shown_instead(people, search)
                if shown:
                    return Found(shown, "visible:byline")
            return Found(with_others(people, search) if visible else people, name)
        if people and unseen is None:
            unseen = Found(people, name)
    return unseen if is_article(evidence) else None


def _shown_instead(people: Sequence[str], search: Search) -> tuple[str, ...]:
    """The people of the page's byline, where none of the stated ones is named around the title.

    Then these are who put the text into the system, and not who wrote it.
    """
    if search.forum:
        return ()
    seen = " ".join(b.text for b in search.near).casefold()
    return () if any(p.casefold() in seen for p in people) else read_bylines(search)


def _is_list_or_shop(search: Search) -> bool:
    """Whether a page lists others, sells something or is a site's first: it has no author."""
    evidence = search.evidence
    if search.forum or is_article(evidence):
        return False
    kinds = {t for o in evidence.main for t in types_of(o)}
    kind = (evidence.first("meta", "og:type") or "").casefold()
    return bool(kinds & _LISTS) or kind.startswith("product") or is_home(evidence.page.capture.url)


def _name_rules(evidence: Evidence, language: str | None) -> NameRules:
    """How names are read on this page.

    A site's name is no author. But a person may have an own site: its name has the form of a
    full name, and JSON-LD says that it is a person's, or the page states it as its author's, or
    it stands in a byline; and none of its words is a common one.
    """
    stated = {n: key(n) for n in _stated_names(evidence)}
    stated = {n: k for n, k in stated.items() if k in evidence.site_keys and is_personal(n)}
    shown = {n: key(n) for n in evidence.site_names if is_personal(n)}
    if not stated and not shown:
        return NameRules(site_keys=evidence.site_keys, language=language or "en")
    own = {k for n, k in (stated | shown).items() if not has_common_word(n, evidence.prose)}
    objects = list(_all_objects(evidence))
    typed = {key(text_of(o.get("name"))) for o in objects if _is_person(o)}
    firms = {key(text_of(o.get("name"))) for o in objects if _is_firm(o)} - set(stated.values())
    own -= firms
    return NameRules(
        site_keys=evidence.site_keys - (own & (typed | set(stated.values()))),
        own_keys=frozenset(own),
        language=language or "en",
    )


def _stated_names(evidence: Evidence) -> Iterator[str]:
    """The names that meta tags and JSON-LD give as the author's and do not say are a firm's."""
    yield from evidence.values("meta", "author", "article:author", "twitter:data1")
    for item in evidence.main:
        for value in as_list(item.get("author")):
            author = resolve(value, evidence.objects)
            if not isinstance(author, dict) or not _is_firm(author):
                yield text_of(author)


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


def _is_credible(people: Sequence[str], search: Search) -> bool:
    """Whether the names can be believed: a log-in that readers do not see is the last resort."""
    logins = [p for p in people if _LOGIN.fullmatch(p)]
    if search.forum or not logins:
        return True
    seen = " ".join(b.text for b in search.near).casefold()
    return all(p.casefold() in seen for p in logins)


def _json_ld(search: Search) -> tuple[str, ...]:
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


def _people_of(value: Any, search: Search) -> tuple[str, ...]:
    """The people of one JSON-LD author; an organization is none."""
    if not isinstance(value, dict):
        return stated_people(text_of(value), search.rules)
    if _is_firm(value):
        return ()
    names = [text_of(n) for n in as_list(value.get("name"))]
    if not any(names):
        names = [squash(f"{text_of(value.get('givenName'))} {text_of(value.get('familyName'))}")]
    return unique(p for n in names for p in stated_people(n, search.rules))


def _facts(source: str, names: Sequence[str], search: Search) -> tuple[str, ...]:
    if all((source, name) not in search.evidence.facts for name in names):
        return ()
    values = search.evidence.values(source, *names)
    return unique(p for v in values for p in stated_people(v, search.rules))


def _labelled_card(search: Search) -> tuple[str, ...]:
    """The author in a preview card's ``twitter:data1``, whose label is a byline's word."""
    evidence = search.evidence
    for number in "12":
        label = evidence.first("meta", f"twitter:label{number}")
        if label and is_by(label, search.rules):
            values = evidence.values("meta", f"twitter:data{number}")
            return unique(p for v in values for p in stated_people(v, search.rules))
    return ()


def _body_facts(source: str, name: str, search: Search) -> tuple[str, ...]:
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


def _shown_name(fact: Fact, search: Search) -> str:
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


def _own_facts(source: str, name: str, search: Search) -> list[Fact]:
    """Facts of the body outside of comments and author boxes: near the title, or else alone."""
    evidence = search.evidence
    own: list[Fact] = []
    for fact in evidence.facts.get((source, name), ()):
        names = names_above(fact.element, evidence)
        foreign = names & FOREIGN_NAMES
        if foreign == {"footer"} and names & _POST_NAMES:
            foreign = frozenset()
        if not foreign and (name != "name" or names & AUTHOR_NAMES):
            own.append(fact)
    anchor = evidence.anchor
    if anchor is None or search.forum:
        return [f for f in own if evidence.own(f.block)]
    near = [f for f in own if abs(f.block - anchor) <= _REACH and evidence.own(f.block)]
    alone = len({_shown_name(f, search) for f in own}) == 1
    return near or (own if alone else [])


_CANDIDATES: tuple[tuple[str, _Find], ...] = (
    ("front-matter:author", partial(_facts, "front-matter", ("author", "authors", "byline"))),
    ("json-ld:author", _json_ld),
    *((f"meta:{n}", partial(_facts, "meta", (n,))) for n in _META),
    ("meta:twitter:data1", _labelled_card),
    ("visible:starter", marked_starter),
    ("visible:starter", starter),
    ("itemprop:author", partial(_body_facts, "itemprop", "author")),
    ("itemprop:name", partial(_body_facts, "itemprop", "name")),
    ("itemprop:creator", partial(_body_facts, "itemprop", "creator")),
    ("property:author", partial(_body_facts, "property", "author")),
    ("rel:author", partial(_body_facts, "rel", "author")),
    ("visible:author-link", partial(author_links, LINK_REACH)),
    ("visible:portrait", portraits),
    ("visible:named", named_blocks),
    ("visible:byline", read_bylines),
    ("visible:first-post", first_poster),
    ("visible:name", names_alone),
    ("visible:collective", shown_collective),
    ("visible:written", written_at_end),
    ("visible:box", author_boxes),
)
"""Where a page names its authors, the most certain first; the visible ones take a heuristic."""
