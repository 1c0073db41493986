"""Sketches: what is kept of a site's pages while they are read, small and mergeable.

A site keeps the pages whose keys, which are hashes, are lowest; a page keeps its lowest
fingerprints. Both choices depend on nothing but the pages themselves, so sketches of parts of an
archive merge to the same sketch in any order and any grouping, and merging one twice changes
nothing. Of equal texts on different pages all are kept or none, up to each page's own limit, so
counts stay exact: a page whose limit is below a fingerprint is not counted for it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import groupby

from cleaner.errors import SiteError
from cleaner.fingerprints import LONGEST_TEXT, canonical_key, page_key, page_prints
from cleaner.types import Page

PAGES = 64
"""Pages of a site that are kept."""

PRINTS = 1_024
"""Fingerprints of a page that are kept."""

SHOWN = 8
"""Pages of a site whose texts are kept too, for people to read."""

EXCERPT = 80
"""Characters of a block's text that are kept for people to read."""

STEPS = 3
"""Innermost steps of a block's path that are kept for people to read."""

NO_LIMIT = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class PageSketch:
    """What is kept of one page."""

    key: int
    """64 bits of the page's address, as ``page_key`` gives them."""
    digest: int
    """64 bits of all fingerprints: equal for pages that are the same to a reader."""
    canonical: int
    """64 bits of the address that the page gives as its own; 0 for none."""
    limit: int
    """The highest fingerprint that would have been kept; ``NO_LIMIT`` where all are."""
    prints: tuple[int, ...]
    """Fingerprints of texts, ascending, each once."""
    places: tuple[int, ...]
    """The place of each text; where it stands in several, the first."""
    texts: tuple[str, ...] = ()
    """The beginning of each text, or nothing at all."""
    paths: tuple[str, ...] = ()
    """The end of each block's path; as long as ``texts``."""


def sketch_page(page: Page, *, shown: bool = True) -> PageSketch:
    """Return the sketch of a page; ``shown`` keeps what people read of it."""
    found: dict[int, tuple[int, int]] = {}
    for index, each in enumerate(page_prints(page)):
        if each is not None:
            found.setdefault(each.text, (each.place, index))
    order = sorted(found)
    kept = order[:PRINTS]
    digest = blake2b(b"".join(key.to_bytes(8, "big") for key in order), digest_size=8).digest()
    blocks = [page.blocks[found[key][1]] for key in kept] if shown else []
    paths = ("/".join(page.path(block).split("/")[-STEPS:]) for block in blocks)
    return PageSketch(
        key=page_key(page.capture),
        digest=int.from_bytes(digest, "big"),
        canonical=canonical_key(page),
        limit=kept[-1] if len(order) > PRINTS else NO_LIMIT,
        prints=tuple(kept),
        places=tuple(found[key][0] for key in kept),
        texts=tuple(_excerpt(block.text) for block in blocks),
        paths=tuple(map(sys.intern, paths)),
    )


def _excerpt(text: str) -> str:
    line = " ".join(text[:LONGEST_TEXT].split())
    line = line.encode("utf-8", "replace").decode("utf-8")
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1] + "…"


@dataclass(frozen=True, slots=True)
class SiteSketch:
    """The sketch of a site, or of the part of it that was read."""

    site: str
    pages: tuple[PageSketch, ...] = ()
    """Those with the lowest keys, in their order, one a key."""

    def wants(self, key: int) -> bool:
        """Return whether a page of that key could change the sketch: most need not be parsed."""
        return len(self.pages) < PAGES or key <= self.pages[-1].key

    def shows(self, key: int) -> bool:
        """Return whether the texts of a page of that key could be kept."""
        return len(self.pages) < SHOWN or key <= self.pages[SHOWN - 1].key

    def add(self, page: Page) -> SiteSketch:
        """Return the sketch with one page more."""
        key = page_key(page.capture)
        if not self.wants(key):
            return self
        return self.with_pages([sketch_page(page, shown=self.shows(key))])

    def with_pages(self, pages: Iterable[PageSketch]) -> SiteSketch:
        """Return the sketch with more pages. Of two captures of a page the same one stays."""
        return SiteSketch(self.site, tuple(_settle([*self.pages, *pages])))


def merge(first: SiteSketch, second: SiteSketch) -> SiteSketch:
    """Return the sketch of all pages of two: the order and the grouping of merges never matter.

    Raises ``SiteError`` if they are of different sites.
    """
    if first.site != second.site:
        raise SiteError(f"sketches of two sites: {first.site!r} and {second.site!r}")
    return first.with_pages(second.pages)


def _rank(page: PageSketch) -> tuple[object, ...]:
    """Return what pages are sorted by: a full order, so that the first of any two is the same.

    A copy that keeps its texts comes before one that gave them up.
    """
    kept = page.key, page.digest, page.canonical, page.limit, page.prints, page.places
    return *kept, not page.texts, page.texts, page.paths


def _settle(pages: Iterable[PageSketch]) -> Iterator[PageSketch]:
    """Yield the pages that are kept, in the order of their keys."""
    ordered = sorted(pages, key=_rank)
    for rank, (_, captures) in enumerate(groupby(ordered, key=lambda page: page.key)):
        if rank == PAGES:
            return
        page = next(captures)
        yield page if rank < SHOWN or not page.texts else replace(page, texts=(), paths=())
