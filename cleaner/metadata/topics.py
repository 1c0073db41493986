"""What a page is about: its tags, and the section of the site that it is in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import takewhile

from cleaner.metadata.dateparse import DateHints, find_dates
from cleaner.metadata.evidence import Candidate, Evidence, Found, first_found
from cleaner.metadata.jsonld import JsonObject, as_list, text_of, types_of
from cleaner.metadata.tables import all_words, alternatives, signs
from cleaner.metadata.text import key, plain, squash, unique, words
from cleaner.metadata.titlecut import SEPARATOR
from cleaner.metadata.titleline import page_title
from cleaner.metadata.visible import names_above
from cleaner.types import Block, Kind, LabelName, SpanKind

_FOREIGN_NAMES = frozenset({"related", "sidebar", "widget", "cloud", "tagcloud", "teaser", "card"})
"""Names of elements whose tags are of other pages."""

_MAX_TAG = 60
"""Characters of a tag."""

_MAX_TAG_WORDS = 6
"""Words of a link in a line of tags."""

_LIST = re.compile(rf"\s*[{signs('tags', 'between')}]\s*")
_BETWEEN = re.compile(rf"[\s{signs('tags', 'links')}]*")
"""All that may stand between the links of a line of tags."""

_COMMAS = re.compile(f"[{signs('tags', 'commas')}]")
_STEP = re.compile(rf"\s+[{signs('trail', 'blanks')}]\s+|\s*[{signs('trail', 'tight')}]\s*")
"""Between the steps of a trail such as ``Home / World``."""

_MAX_TRAIL = 200
_MAX_STEP = 40
"""Characters of a trail, and of one step of it."""

_MAX_STEPS = 5
"""Steps of a trail that is links and nothing between them; more are a menu."""

_TRAIL_REACH = 12
"""Blocks before the title in which its trail stands."""


_Row = tuple[str, Callable[[Evidence], Iterable[str]]]


def find_tags(evidence: Evidence, *, visible: bool = True) -> Found[tuple[str, ...]] | None:
    """Return what the page is tagged with."""
    return first_found(evidence, _TAGS + (_TAGS_SEEN if visible else ()))


def find_section(
    evidence: Evidence, title: str | None, *, visible: bool = True
) -> Found[str] | None:
    """Return the section: the last named step to the page that is not its title."""
    seen = _SECTION_SEEN if visible else ()
    titled: _Row = ("title:segment", partial(_title_segments, title))
    for name, find in (*_SECTION, *seen, titled):
        for step in reversed(list(find(evidence))):
            if _is_section(step, title, evidence):
                return Found(step, name)
    return None


def _is_section(step: str, title: str | None, evidence: Evidence) -> bool:
    if not step or len(step) > _MAX_STEP or step.startswith(("http:", "https:")):
        return False
    if step.casefold() in all_words("trails", "home") or key(step) in evidence.site_keys:
        return False
    found, whole = words(step), words(title or "")
    return bool(found) and not (len(found) > 1 and whole[: len(found)] == found) and found != whole


def _split(values: Iterable[str]) -> tuple[str, ...]:
    """The tags of values that hold one each, or several with commas between them."""
    tags = (squash(t).strip("#") for v in values for t in _LIST.split(v))
    return unique(t for t in tags if len(t) <= _MAX_TAG)


def _keywords(evidence: Evidence) -> tuple[str, ...]:
    for item in evidence.main:
        values = [v if isinstance(v, str) else text_of(v) for v in as_list(item.get("keywords"))]
        found = _split(plain(v) for v in values)
        if found:
            return found
    return ()


def _meta_tags(name: str, evidence: Evidence) -> tuple[str, ...]:
    return _split(evidence.values("meta", name))


def _front_tags(evidence: Evidence) -> tuple[str, ...]:
    values = (v.strip("[] ") for v in evidence.values("front-matter", "tags", "keywords", "tag"))
    return unique(t.strip("\"' ") for t in _split(values))


def _tag_links(evidence: Evidence) -> tuple[str, ...]:
    facts = evidence.facts.get(("rel", "tag"), ())
    own = (f for f in facts if not names_above(f.element, evidence) & _FOREIGN_NAMES)
    return _split(plain(f.value) for f in own)


def _labelled_tags(evidence: Evidence) -> tuple[str, ...]:
    """What follows a label such as "Tags:", on its line or as a list below it."""
    if evidence.anchor is None:
        return ()
    blocks = evidence.page.blocks
    for block in blocks[evidence.anchor + 1 :]:
        label = _tag_label().match(block.text) if len(block.text) <= _MAX_TRAIL else None
        if not label:
            continue
        links = [t for start, t in _links(block) if start >= label.end()]
        rest = block.text[label.end() :]
        if not rest.strip():
            links = [b.text for b in takewhile(_is_item, blocks[block.index + 1 :])]
        found = unique(squash(t) for t in links) or _split([rest])
        if found and all(len(words(t)) <= _MAX_TAG_WORDS for t in found):
            return found
    return ()


@lru_cache(maxsize=1)
def _tag_label() -> re.Pattern[str]:
    labels = alternatives(all_words("trails", "tags"))
    return re.compile(rf"\W{{0,2}}(?:{labels})\s*(?:[{signs('title', 'wide_colon')}:]\s*|$)", re.I)


def _is_item(block: Block) -> bool:
    return block.kind is Kind.LIST_ITEM


def _links(block: Block) -> list[tuple[int, str]]:
    """Where the links of a block begin, and their texts."""
    links = [s for s in block.spans if s.kind is SpanKind.LINK and s.end > s.start]
    return [(s.start, squash(block.text[s.start : s.end])) for s in links]


def _tag_line(evidence: Evidence) -> tuple[str, ...]:
    """The line of links and nothing else that closes the article of a text capture."""
    if not evidence.is_text or evidence.anchor is None:
        return ()
    lines = [
        (b.index, _links_alone(b) or _hash_tags(b))
        for b in evidence.page.blocks[evidence.anchor + 1 :]
    ]
    lines = [(index, tags) for index, tags in lines if tags]
    last = _last_content(evidence)
    closing = [tags for index, tags in lines if index > last] or [tags for _, tags in lines]
    return unique(closing[0]) if closing else ()


def _last_content(evidence: Evidence) -> int:
    """Position of the last block of the article, or of the title where nothing says so."""
    last = evidence.anchor or 0
    for block in evidence.blocks_labelled(LabelName.CONTENT):
        last = max(last, block.index)
    return last


def _links_alone(block: Block) -> list[str]:
    """The texts of a block's links, if it has nothing else and they are as short as tags."""
    if block.kind is not Kind.PARAGRAPH or len(block.text) > _MAX_TRAIL:
        return []
    rest = block.text
    texts: list[str] = []
    for span in sorted(block.spans, key=lambda s: -s.start):
        if span.kind is SpanKind.LINK and span.end > span.start:
            texts.append(block.text[span.start : span.end].strip("# "))
            rest = rest[: span.start] + rest[span.end :]
    short = all(0 < len(words(t)) <= _MAX_TAG_WORDS for t in texts)
    if not _BETWEEN.fullmatch(rest) or not short or not _separated(block.text, texts, rest):
        return []
    return list(reversed(texts))


def _hash_tags(block: Block) -> list[str]:
    """The words of a line that has nothing but words with a hash before them."""
    tags = block.text.split()
    whole = len(tags) > 1 and all(t[0] == "#" and len(t) > 1 for t in tags)
    return [t.strip("#") for t in tags] if whole else []


def _separated(text: str, links: Sequence[str], rest: str) -> bool:
    """Whether links stand as tags do: with commas between them, or each with a hash."""
    listed = len(links) > 1 and _COMMAS.search(rest) is not None
    return listed or text.count("#") >= len(links) > 0


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
        if any(n.startswith(("breadcrumb", "crumb")) for n in names_above(block.element, evidence)):
            yield from [t for _, t in _links(block)] or _steps(block.text)


def _written_trail(evidence: Evidence) -> Iterator[str]:
    """The steps of a line such as ``24 Aug, 2025 13:54 / Home / World`` before the title."""
    if evidence.anchor is None:
        return
    begin = max(0, evidence.anchor - _TRAIL_REACH)
    for block in reversed(evidence.page.blocks[begin : evidence.anchor]):
        if len(block.text) > _MAX_TRAIL:
            continue
        links = [text for _, text in _links(block)] if evidence.is_text else []
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
    if len(segments) > 2 and words(segments[0]) == words(title or ""):
        yield from segments[1:-1]


def _front_section(evidence: Evidence) -> Sequence[str]:
    return list(evidence.values("front-matter", "section", "category", "categories"))


_TAGS: tuple[Candidate[tuple[str, ...]], ...] = (
    ("front-matter:tags", _front_tags),
    ("json-ld:keywords", _keywords),
    ("meta:article:tag", partial(_meta_tags, "article:tag")),
    ("meta:news_keywords", partial(_meta_tags, "news_keywords")),
    ("meta:parsely-tags", partial(_meta_tags, "parsely-tags")),
    ("meta:keywords", partial(_meta_tags, "keywords")),
    ("rel:tag", _tag_links),
)
_TAGS_SEEN: tuple[Candidate[tuple[str, ...]], ...] = (
    ("visible:labelled", _labelled_tags),
    ("visible:tag-line", _tag_line),
)

_SECTION: tuple[_Row, ...] = (
    ("front-matter:section", _front_section),
    ("meta:article:section", partial(_meta_section, "article:section")),
    ("meta:og:article:section", partial(_meta_section, "og:article:section")),
    ("json-ld:articleSection", _json_ld_section),
    ("meta:parsely-section", partial(_meta_section, "parsely-section")),
    ("json-ld:BreadcrumbList", _trail_objects),
)
_SECTION_SEEN: tuple[_Row, ...] = (
    ("visible:breadcrumb", _named_trail),
    ("visible:trail", _written_trail),
)
