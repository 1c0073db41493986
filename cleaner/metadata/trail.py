"""Where a page stands in its site: the trail that leads to it, and its section."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from cleaner.metadata.dateparse import DateHints, find_dates
from cleaner.metadata.evidence import Evidence, Found
from cleaner.metadata.jsonld import JsonObject, as_list, text_of, types_of
from cleaner.metadata.tables import all_words, signs
from cleaner.metadata.text import key, squash, unique, words
from cleaner.metadata.titlecut import SEPARATOR
from cleaner.metadata.titleline import page_title
from cleaner.metadata.visible import links_of, names_above

_STEP = re.compile(rf"\s+[{signs('trail', 'blanks')}]\s+|\s*[{signs('trail', 'tight')}]\s*")
"""Between the steps of a trail such as ``Home / World``."""

_MAX_TRAIL = 200
"""Characters of a trail."""

_MAX_STEP = 40
"""Characters of a section."""

_MAX_STEPS = 5
"""Steps of a trail that is links and nothing between them; more are a menu."""

_TRAIL_REACH = 12
"""Blocks before the title in which its trail stands."""


_Row = tuple[str, Callable[[Evidence], Iterable[str]]]


def find_section(
    evidence: Evidence, title: str | None, *, visible: bool = True
) -> Found[str] | None:
    """Return the section: the last named step to the page that is not its title.

    Of the steps that readers see, the one that the page's own title names too comes first.
    """
    named = {words(s) for s in _title_segments(title, evidence)}
    titled: _Row = ("title:segment", partial(_title_segments, title))
    for name, find in (*_SECTION, *(_TRAILS if visible else _TRAILS[:1]), titled):
        steps = [s for s in find(evidence) if _is_section(s, title, evidence)]
        chosen = [s for s in steps if words(s) in named] or steps
        if chosen:
            return Found(chosen[-1], name)
    return None


def find_breadcrumb(
    evidence: Evidence, title: str | None, *, visible: bool = True
) -> Found[tuple[str, ...]] | None:
    """Return the steps that lead to the page, from the site's first page on, without itself."""
    whole = words(title or "")
    for name, find in _TRAILS if visible else _TRAILS[:1]:
        steps = [s for s in find(evidence) if 0 < len(s) <= _MAX_TRAIL]
        if steps and whole and words(steps[-1]) == whole[: len(words(steps[-1]))]:
            steps.pop()
        if steps:
            return Found(unique(steps), name)
    return None


def _is_section(step: str, title: str | None, evidence: Evidence) -> bool:
    if not step or len(step) > _MAX_STEP or step.startswith(("http:", "https:")):
        return False
    if step.casefold() in all_words("trails", "home") or key(step) in evidence.site_keys:
        return False
    found, whole = words(step), words(title or "")
    return bool(found) and not (len(found) > 1 and whole[: len(found)] == found) and found != whole


def _json_ld_section(evidence: Evidence) -> Iterator[str]:
    for item in evidence.main:
        names = [text_of(v) for v in as_list(item.get("articleSection"))]
        yield from reversed(names)


def _meta_section(name: str, evidence: Evidence) -> Iterator[str]:
    yield from reversed(list(evidence.values("meta", name)))


def _trail_objects(evidence: Evidence) -> Iterator[str]:
    """The steps of the last JSON-LD ``BreadcrumbList``, in their order."""
    trails = [o for o in evidence.objects if "BreadcrumbList" in types_of(o)]
    trails += [
        v for o in evidence.objects for v in as_list(o.get("breadcrumb")) if isinstance(v, dict)
    ]
    if trails:
        steps = [s for s in as_list(trails[-1].get("itemListElement")) if isinstance(s, dict)]
        for step in sorted(steps, key=_position):
            yield text_of(step.get("name")) or text_of(step.get("item"))


def _position(step: JsonObject) -> float:
    try:
        return float(step.get("position") or 0)
    except (TypeError, ValueError):
        return 0.0


def _named_trail(evidence: Evidence) -> Iterator[str]:
    """The blocks before the title whose element is named after a breadcrumb."""
    if evidence.anchor is None:
        return
    begin = max(0, evidence.anchor - _TRAIL_REACH)
    for block in evidence.page.blocks[begin : evidence.anchor]:
        names = names_above(block.element, evidence)
        if any(n.startswith(("breadcrumb", "crumb")) for n in names):
            yield from [t for _, t in links_of(block)] or _steps(block.text)


def _written_trail(evidence: Evidence) -> Iterator[str]:
    """The steps of a line such as ``24 Aug, 2025 13:54 / Home / World`` before the title."""
    if evidence.anchor is None:
        return
    begin = max(0, evidence.anchor - _TRAIL_REACH)
    for block in reversed(evidence.page.blocks[begin : evidence.anchor]):
        if len(block.text) > _MAX_TRAIL:
            continue
        if not evidence.is_text and not _STEP.search(block.text):
            continue  # most blocks, which is quicker to see
        links = [text for _, text in links_of(block)] if evidence.is_text else []
        alone = 1 < len(links) <= _MAX_STEPS and words(" ".join(links)) == words(block.text)
        steps = links if alone else _steps(block.text)
        home = len(steps) > 1 and any(s.casefold() in all_words("trails", "home") for s in steps)
        if home:
            yield from steps
            return


def _steps(text: str) -> list[str]:
    """The steps of a trail, without those that hold a date."""
    steps = [squash(s) for s in _STEP.split(text)]
    hints = DateHints()
    return [s for s in steps if s and not find_dates(s, hints)]


def _title_segments(title: str | None, evidence: Evidence) -> Iterator[str]:
    """The segments between the title and the site's name in ``<title>``."""
    segments = SEPARATOR.split(page_title(evidence, title))
    whole = words(title or "")
    if len(segments) > 2 and whole and words(segments[0])[-len(whole) :] == whole:
        yield from segments[1:-1]


def _front_section(evidence: Evidence) -> Sequence[str]:
    return list(evidence.values("front-matter", "section", "category", "categories"))


_SECTION: tuple[_Row, ...] = (
    ("front-matter:section", _front_section),
    ("meta:article:section", partial(_meta_section, "article:section")),
    ("meta:og:article:section", partial(_meta_section, "og:article:section")),
    ("json-ld:articleSection", _json_ld_section),
    ("meta:parsely-section", partial(_meta_section, "parsely-section")),
)
_TRAILS: tuple[_Row, ...] = (
    ("json-ld:BreadcrumbList", _trail_objects),
    ("visible:breadcrumb", _named_trail),
    ("visible:trail", _written_trail),
)
"""Trails that lead to the page: the first for machines, the others for readers."""
