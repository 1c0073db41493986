"""From a site's sketch to its template."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence

from cleaner.sites.sketch import PageSketch, SiteSketch
from cleaner.template import SiteTemplate, TemplateBlock

LEAST_PAGES = 3
"""Different pages of a site that a template needs."""

LEAST_SEEN = 3
"""Pages that a block of a template stands on."""

MOST_BLOCKS = 2_000
"""Blocks of a template; those that stand on most pages are kept."""


def learn_template(sketch: SiteSketch) -> SiteTemplate | None:
    """Return the template of a site, or ``None`` where there are too few pages.

    Copies of a page count once: those that name one canonical address, and those that read the
    same.
    """
    pages = _without_copies(sketch.pages)
    if not sketch.site or len(pages) < LEAST_PAGES:
        return None
    seen = Counter(text for page in pages for text in page.prints)
    common = [(count, text) for text, count in seen.items() if count >= LEAST_SEEN]
    common.sort(key=lambda pair: (-pair[0], pair[1]))
    chosen = [text for _, text in common[:MOST_BLOCKS]]
    limits = sorted(page.limit for page in pages)
    places = _count_places(pages, frozenset(chosen))
    shown = _shown(sketch.pages, frozenset(chosen))
    blocks: dict[int, TemplateBlock] = {}
    for text in sorted(chosen):
        place, there = min(places[text].items(), key=lambda item: (-item[1], item[0]))
        of = len(pages) - bisect_left(limits, text)
        blocks[text] = TemplateBlock(seen[text], of, place, there, *shown.get(text, ("", "")))
    members = frozenset(page.key for page in sketch.pages)
    return SiteTemplate(sketch.site, len(pages), blocks, members)


def _without_copies(pages: Iterable[PageSketch]) -> list[PageSketch]:
    """Return the pages, of copies the one with the lowest key."""
    known: set[tuple[str, int]] = set()
    kept: list[PageSketch] = []
    for page in pages:
        names = {("digest", page.digest), ("address", page.canonical or page.key)}
        if not page.prints or not known.isdisjoint(names):
            continue
        known |= names
        kept.append(page)
    return kept


def _count_places(pages: Sequence[PageSketch], chosen: frozenset[int]) -> dict[int, Counter[int]]:
    """Return of each chosen text on how many pages it stands at which place."""
    places: dict[int, Counter[int]] = {text: Counter() for text in chosen}
    for page in pages:
        for text, place in zip(page.prints, page.places, strict=True):
            if text in chosen:
                places[text][place] += 1
    return places


def _shown(pages: Iterable[PageSketch], chosen: frozenset[int]) -> dict[int, tuple[str, str]]:
    """Return of each chosen text that some page keeps to be read how it begins, and its path."""
    shown: dict[int, tuple[str, str]] = {}
    for page in pages:
        for text, words, path in zip(page.prints, page.texts, page.paths, strict=False):
            if text in chosen:
                shown.setdefault(text, (words, path))
    return shown
