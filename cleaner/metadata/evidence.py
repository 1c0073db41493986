"""What a page says of itself, indexed once, and the way a field picks among candidates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Generic, TypeVar
from urllib.parse import unquote, urljoin, urlsplit

from cleaner.metadata.dateparse import LIKE_DATE
from cleaner.metadata.jsonld import (
    JsonObject,
    as_list,
    main_objects,
    read_json_ld,
    text_of,
    types_of,
)
from cleaner.metadata.text import key, plain, unique, words
from cleaner.types import Block, Fact, Kind, Label, LabelName, MediaType, Page

T = TypeVar("T")

_TEXT_CAPTURES = (MediaType.MARKDOWN, MediaType.TEXT)
_SITE_META = ("og:site_name", "application-name", "apple-mobile-web-app-title")
FOREIGN = frozenset({LabelName.COMMENT, LabelName.PROMO, LabelName.LEGAL})
"""Labels of blocks whose authors and dates are not the page's, away from its title."""

SHORT = 120
"""Characters of a block that shows a date and little else."""

_NO_PROSE = frozenset({Kind.CODE, Kind.TABLE_ROW})

NEAR = 4
"""Blocks from the title in which a label does not count: a name with a link looks like a menu."""

_MAX_TITLE = 300
"""Characters of a block that may show the title."""

_SECOND_LEVEL = frozenset({"co", "com", "org", "net", "ac", "gov", "edu", "or", "ne", "go", "gob"})
"""Labels that stand before a country's own: the name of the site is the one before."""


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value and where it came from, e.g. ``json-ld:datePublished``."""

    value: T
    source: str


@dataclass(frozen=True)
class Evidence:
    """All that the fields choose from."""

    page: Page
    labels: Sequence[Label]
    facts: Mapping[tuple[str, str], Sequence[Fact]]
    """Facts by source and name, both in lower case."""
    objects: Sequence[JsonObject]
    """Every object of the JSON-LD scripts."""
    main: Sequence[JsonObject]
    """The JSON-LD objects that speak of this page, the most telling first."""
    site_names: Sequence[str]
    """Names of the site and of its publisher, as the page gives them."""
    site_keys: frozenset[str]
    """The same as ``text.key`` gives them, with the name in the address."""
    section_keys: frozenset[str]
    """Names of the section, as the page and the directories of its address give them."""
    headings: Sequence[Block]
    """The blocks that are headings, in reading order."""
    labelled: Mapping[LabelName, Sequence[Block]]
    """The blocks of each label, in reading order; empty where there are no labels."""
    anchor: int | None = None
    """Position of the block that shows the title."""

    @cached_property
    def names(self) -> dict[int, frozenset[str]]:
        """What ``visible.names_above`` found of elements: many candidates ask for the same."""
        return {}

    @cached_property
    def dated(self) -> list[Block]:
        """The short blocks of prose that may hold a date, in reading order."""
        return [
            b
            for b in self.page.blocks
            if len(b.text) <= SHORT and b.kind not in _NO_PROSE and LIKE_DATE.search(b.text)
        ]

    @cached_property
    def prose(self) -> str:
        """The texts of the page, apart from its code."""
        return "\n".join(b.text for b in self.page.blocks if b.kind is not Kind.CODE)

    @property
    def is_text(self) -> bool:
        """Whether the capture is Markdown or plain text."""
        return self.page.capture.media_type in _TEXT_CAPTURES

    @property
    def captured_at(self) -> datetime | None:
        """When the page was captured."""
        return self.page.capture.captured_at

    def values(self, source: str, *names: str) -> Iterator[str]:
        """Yield the values of the facts of these names, as a reader would see them."""
        for name in names:
            for fact in self.facts.get((source, name), ()):
                value = plain(fact.value)
                if value:
                    yield value

    def first(self, source: str, *names: str) -> str | None:
        """Return the first value of the facts of these names."""
        return next(self.values(source, *names), None)

    def own(self, position: int) -> bool:
        """Whether the block at a position can speak of the page: no comment, teaser or footer."""
        if not self.labels:
            return True
        if self.anchor is not None and abs(position - self.anchor) <= NEAR:
            return True
        return self.labels[min(position, len(self.labels) - 1)].name not in FOREIGN

    def blocks_labelled(self, name: LabelName) -> Sequence[Block]:
        """Return the blocks with this label, in reading order; none where there are no labels."""
        return self.labelled.get(name, ())

    def absolute(self, address: str) -> str | None:
        """Return ``address`` resolved against the page, or ``None`` if it is no web address."""
        return resolve_address(self.page.base_url or self.page.capture.url, address)


Candidate = tuple[str, Callable[[Evidence], T | None]]
"""A name for ``Metadata.sources`` and a function that finds a value, or gives nothing."""


def first_found(evidence: Evidence, candidates: Sequence[Candidate[T]]) -> Found[T] | None:
    """Return what the first candidate that has a value finds."""
    for name, find in candidates:
        value = find(evidence)
        if value:
            return Found(value, name)
    return None


def anchored(evidence: Evidence, title: str | None) -> Evidence:
    """Return the evidence with the place of the title in the page.

    A labelled block comes before a heading, and a heading before any other block with
    the title's words; a first heading of the first level stands in for none.
    """
    labelled = evidence.blocks_labelled(LabelName.TITLE)
    for group in (labelled, evidence.headings, evidence.page.blocks):
        block = _block_with_words(title or "", group)
        if block:
            return replace(evidence, anchor=block.index)
    first = [b for b in evidence.headings if b.level == 1 and not b.hidden]
    likely = [*labelled, *(b for b in first if len(b.text) <= _MAX_TITLE)]
    return replace(evidence, anchor=likely[0].index) if likely else evidence


def _block_with_words(title: str, blocks: Sequence[Block]) -> Block | None:
    """The first block that has the words of the title and no others."""
    wanted = words(title)
    # Words are compared only where the length allows them.
    least, most = sum(map(len, wanted)), min(len(title) * 2, _MAX_TITLE)
    likely = (b for b in blocks if least <= len(b.text) <= most)
    return next((b for b in likely if words(b.text) == wanted), None) if wanted else None


def resolve_address(base: str | None, address: str) -> str | None:
    """Return ``address`` as an absolute ``http`` or ``https`` address, or ``None``."""
    try:
        full = urljoin(base or "", address.strip())
        parts = urlsplit(full)
        if parts.scheme in ("http", "https") and parts.hostname:
            return full
    except ValueError:
        pass
    return None


def is_home(address: str | None) -> bool:
    """Whether an address is that of a site's first page."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return False
    return bool(parts.hostname) and parts.path in ("", "/") and not parts.query


def gather(page: Page, labels: Sequence[Label]) -> Evidence:
    """Index the facts and scripts of a page."""
    facts: dict[tuple[str, str], list[Fact]] = {}
    for fact in page.facts:
        facts.setdefault((fact.source, fact.name.casefold()), []).append(fact)
    scripts = (f.value for f in facts.get(("meta", "script:ld+json"), ()))
    objects = read_json_ld((*page.json_ld, *scripts))  # some frameworks make a meta tag of it
    stated = [f.value for k in _ADDRESS_FACTS for f in facts.get(k, ())]
    titles = [plain(f.value) for k in _TITLE_FACTS for f in facts.get(k, ())]
    labelled: defaultdict[LabelName, list[Block]] = defaultdict(list)
    for block, label in zip(page.blocks, labels, strict=False):
        labelled[label.name].append(block)
    headings = [b for b in page.blocks if b.kind is Kind.HEADING]
    hosts = host_keys(page.base_url or page.capture.url or "")
    names = unique(_site_names(facts, objects))
    if not is_home(page.capture.url):
        # Some systems give the page's own title as the site's name.
        own = {key(t) for t in titles} - hosts
        names = tuple(n for n in names if key(n) not in own)
    keys = {key(n) for n in names} | hosts
    titles += [b.text for b in headings if b.level == 1]
    addresses = [a for a in (page.capture.url, *stated) if a]
    return Evidence(
        page=page,
        labels=labels,
        facts=facts,
        objects=objects,
        main=main_objects(objects, addresses=addresses, titles=titles),
        site_names=names,
        site_keys=frozenset(keys - {""}),
        section_keys=frozenset(_section_keys(page.capture.url, facts, objects)),
        headings=headings,
        labelled=labelled,
    )


_ADDRESS_FACTS = (("link", "canonical"), ("meta", "og:url"))
_TITLE_FACTS = (("meta", "og:title"), ("title", "title"))


def _site_names(
    facts: Mapping[tuple[str, str], Sequence[Fact]], objects: Sequence[JsonObject]
) -> Iterator[str]:
    for name in _SITE_META:
        yield from (plain(f.value) for f in facts.get(("meta", name), ()))
    for item in objects:
        if "WebSite" in types_of(item) or "Organization" in types_of(item):
            yield text_of(item.get("name"))
            yield text_of(item.get("alternateName"))
        if "publisher" in item:
            yield text_of(item["publisher"])


def _section_keys(
    address: str | None,
    facts: Mapping[tuple[str, str], Sequence[Fact]],
    objects: Sequence[JsonObject],
) -> Iterator[str]:
    """The names of sections: stated ones, and the directories of the address."""
    for fact in facts.get(("meta", "article:section"), ()):
        yield key(plain(fact.value))
    for item in objects:
        yield from (key(text_of(v)) for v in as_list(item.get("articleSection")))
    try:
        steps = unquote(urlsplit(address or "").path).strip("/").split("/")
    except ValueError:
        return
    yield from filter(None, map(key, steps[:-1]))


def host_keys(address: str) -> set[str]:
    """The name in an address: of ``https://news.daily-star.co.uk`` it is ``dailystar``."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return set()
    steps = host.removeprefix("www.").split(".")
    if len(steps) < 2:
        return set()
    at = -3 if len(steps) > 2 and steps[-2] in _SECOND_LEVEL else -2
    return {key(host.removeprefix("www.")), key(steps[at]), key("".join(steps[at:]))}
