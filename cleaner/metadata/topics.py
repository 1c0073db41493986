"""What a page is about: its tags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from itertools import takewhile

from cleaner.metadata.evidence import Candidate, Evidence, Found, first_found
from cleaner.metadata.jsonld import as_list, text_of
from cleaner.metadata.tables import all_words, alternatives, signs
from cleaner.metadata.text import plain, squash, unique, words
from cleaner.metadata.visible import links_of, names_above
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
_MAX_TRAIL = 200
_MAX_LABEL = 40
"""Characters of a label that stands without a colon."""


def find_tags(evidence: Evidence, *, visible: bool = True) -> Found[tuple[str, ...]] | None:
    """Return what the page is tagged with."""
    return first_found(evidence, _TAGS + (_TAGS_SEEN if visible else ()))


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
    blocks, tag_label = evidence.page.blocks, _tag_label()
    for block in blocks[evidence.anchor + 1 :]:
        text = block.text
        if len(text) > _MAX_LABEL and ":" not in text and text.isascii():
            continue  # most blocks, which is quicker to see
        label = tag_label.match(text) if len(text) <= _MAX_TRAIL else None
        if not label:
            continue
        links = [t for start, t in links_of(block) if start >= label.end()]
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
