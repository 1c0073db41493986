"""Who wrote a page, as readers see it: bylines, links to people, names beside the title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from cleaner.metadata.dateparse import DateHints, find_dates
from cleaner.metadata.names import (
    NameRules,
    by_pattern,
    byline_people,
    has_by,
    is_by,
    is_personal,
    name_parts,
    stated_people,
    written_people,
)
from cleaner.metadata.search import AUTHOR_NAMES, FOREIGN_NAMES, Search, is_full_name
from cleaner.metadata.tables import all_words, alternatives
from cleaner.metadata.text import squash, unique
from cleaner.metadata.titlecut import is_article
from cleaner.metadata.visible import (
    bylines,
    elements_named,
    is_labelled,
    is_line,
    names_above,
    surroundings,
)
from cleaner.types import Block, Kind, LabelName, SpanKind

_STARTER_REACH = 6
"""Blocks from the title in which a link to who started a thread stands."""

LINK_REACH = 30
"""Blocks after the title in which a link to an author's page counts."""

_BEFORE, _AFTER = 3, 5
"""Blocks before and after the title in which a name alone is its author's."""

_BYLINE = frozenset({LabelName.BYLINE})
_NO_LINE = frozenset(
    {LabelName.NAVIGATION, LabelName.PROMO, LabelName.SHARE, LabelName.NOTICE, LabelName.LEGAL}
)
_CAPTION = frozenset({LabelName.CAPTION})
_NO_BOX = frozenset({Kind.IMAGE, Kind.CODE, Kind.TABLE_ROW})
_OTHERS = frozenset(
    {"comment", "comments", "reply", "related", "sidebar", "teaser", "review", "reviews",
     "testimonial", "testimonials", "recommended", "latest", "trending", "popular", "card",
     "reviewer"}
)  # fmt: skip
"""Names of elements below an article whose people wrote something else than it."""

_LAYOUT = frozenset({"sidebar", "card"})
"""Those that a byline has too: a page with a sidebar names its columns after it."""

_MAX_BOX = 80
"""Characters of a name in a box."""

_ASIDE = re.compile(r"\s+on behalf of\s|\s{2,}|\s+[\u2013\u2014\u25cf-]\s+")
"""What ends a name in a line without a byline's word."""

_POST_REACH = 10
"""Blocks before the title in which a thread's first post may begin, with its poster."""

_POSTER = re.compile(r"(?=.*[^\W\d_])[\w.' -]{2,30}")
"""The name of a member of a forum."""

_POSTER_WORDS = 3

_DATED = 2
"""Blocks between a name alone and the date that shows that it stands in a byline."""

_NOTE = re.compile(r"(?<=[a-z])\d{1,2}(?=\s*(?:[;,]|$))")
"""The number of a note after a name, as papers have it."""

_MOST = 12
"""More people than these do not stand in one line with the stated author of a page."""

_MANY = 5
"""More people than these have not written one page together."""


def starter(search: Search) -> tuple[str, ...]:
    """Who started a forum's thread, where that stands beside the title."""
    return author_links(_STARTER_REACH, search) if search.forum else ()


def marked_starter(search: Search) -> tuple[str, ...]:
    """Who started a thread, where a line says so: ``gale42 Discussion starter``."""
    if not search.forum:
        return ()
    begin = max(0, (search.evidence.anchor or 0) - _POST_REACH)
    for block in search.evidence.page.blocks[begin : begin + 4 * _POST_REACH]:
        mark = _starter_mark().search(block.text) if is_line(block) else None
        if mark:
            linked = tuple(_linked_people(block, search))
            rest = f"{block.text[: mark.start()]} {block.text[mark.end() :]}"
            name = linked[0] if linked else _poster(rest, search.rules.language)
            return (name,) if name and search.is_apart(name) else ()
    return ()


@lru_cache(maxsize=1)
def _starter_mark() -> re.Pattern[str]:
    words = alternatives(all_words("persons", "starter"))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


def first_poster(search: Search) -> tuple[str, ...]:
    """Who wrote the first post of a thread: the name in the first byline around the title."""
    if not search.forum or is_article(search.evidence):
        return ()
    begin = (search.evidence.anchor or 0) - _POST_REACH
    for block in bylines(search.evidence):
        if block.index < begin or block.kind is Kind.IMAGE:
            continue
        if block.index > begin + 2 * _POST_REACH:
            break
        name = next(_linked_people(block, search), "") or _poster(block.text, search.rules.language)
        if name and search.is_apart(name):
            return (name,)
    return ()


def _poster(text: str, language: str) -> str:
    """The name at the beginning of a post's byline: one to three words before its date."""
    parts = name_parts(text.split("\n")[0], language)
    begin = by_pattern(language).match(parts[0]) if parts else None
    name = parts[0][begin.end() if begin else 0 :].strip(" :") if parts else ""
    whole = _POSTER.fullmatch(name) and not _checked().match(name.casefold())
    return name if whole and len(name.split()) <= _POSTER_WORDS else ""


def author_links(reach: int, search: Search) -> tuple[str, ...]:
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
        if found and not names_above(block.element, evidence) & FOREIGN_NAMES:
            return found[:1] if search.forum else found
    return ()


def _linked_people(block: Block, search: Search) -> Iterator[str]:
    for span in block.spans:
        if span.kind is not SpanKind.LINK:
            continue
        author = bool(_person_address("address").search(span.target))
        if not author and not _person_address("member_address").search(span.target):
            continue
        if _checked().search(block.text[: span.start].casefold()):
            continue
        text = squash(block.text[span.start : span.end]).removeprefix("u/")
        for name in byline_people(text, search.rules) or stated_people(text, search.rules):
            in_forum = search.forum and len(name.split()) <= 2 and search.is_apart(name)
            full = is_full_name(name) and (author or (" " in name and search.is_apart(name)))
            if in_forum or full:
                yield name


@lru_cache(maxsize=2)
def _person_address(section: str) -> re.Pattern[str]:
    """A word of an address, between its signs, that says that the page is about a person."""
    words = alternatives(all_words("persons", section))
    return re.compile(rf"(?:^|[/?&._])(?:{words})(?:[/.?]|=\w)", re.IGNORECASE)


@lru_cache(maxsize=1)
def _checked() -> re.Pattern[str]:
    """Words before the name of one who checked the page and did not write it."""
    return re.compile(rf"(?:{alternatives(all_words('persons', 'not_by'))})\W*$")


def portraits(search: Search) -> tuple[str, ...]:
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
        if pictured and is_personal(name) and search.is_name(name):
            return stated_people(name, search.rules)
    return ()


def named_blocks(search: Search) -> tuple[str, ...]:
    """The names in blocks around the title whose elements are named after an author."""
    for block in surroundings(search.evidence):
        names = names_above(block.element, search.evidence)
        if names & AUTHOR_NAMES and not names & FOREIGN_NAMES:
            found = _line_people(block, search)
            if found and all(map(search.is_apart, found)):
                return found
    return ()


def _line_people(block: Block, search: Search) -> tuple[str, ...]:
    """The people of a block's first line that has any, as a byline or as full names alone."""
    for line in block.text.split("\n"):
        found = byline_people(line, search.rules)
        if not found and not has_by(line, search.rules):
            found = tuple(n for n in written_people(line, search.rules) if is_full_name(n))
        if found:
            return found
    return ()


def read_bylines(search: Search) -> tuple[str, ...]:
    """The first line with the form of a byline, around the title or labelled as one.

    Where the byline's word stands alone, the names are in the line below it.
    """
    for block in search.near:
        lines = block.text.split("\n")
        following = search.evidence.page.blocks[block.index + 1 : block.index + 2]
        lines += [b.text for b in following if is_line(b)]
        found = _people_in(lines, search.rules)
        if found and not names_above(block.element, search.evidence) & FOREIGN_NAMES:
            return found
    return ()


def _people_in(lines: Sequence[str], rules: NameRules) -> tuple[str, ...]:
    """The people of the first line that is a byline, or of the one below a byline's word."""
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        found = byline_people(line, rules)
        if not found and is_by(line, rules):
            found = tuple(n for n in written_people(below, rules) if is_full_name(n))
        if found:
            return found
    return ()


def names_alone(search: Search) -> tuple[str, ...]:
    """The names that stand without a byline's word beside the title, as bylines and datelines do.

    ``Ada Poe``, ``Dec 17, 2025 · Ada Poe``, ``Ada Poe and Max Roe — 6 min read``.
    """
    if search.forum:
        return ()
    for block in _beside(search):
        if not _is_set_as_byline(block, search):
            continue
        labelled = is_labelled(block, _BYLINE, search.evidence)
        others = _OTHERS - _LAYOUT if labelled else FOREIGN_NAMES
        if names_above(block.element, search.evidence) & others:
            continue
        for part in _parts_alone(block.text, search.rules.language):
            found = () if has_by(part, search.rules) else written_people(part, search.rules)
            if 0 < len(found) <= _MANY and all(_is_alone(n, search) for n in found):
                return found
    return ()


def _beside(search: Search) -> list[Block]:
    """The short blocks next to the title, those after it first."""
    anchor = search.evidence.anchor
    if anchor is None:
        return []
    blocks = search.evidence.page.blocks
    before = reversed(blocks[max(0, anchor - _BEFORE) : anchor])
    near = [*blocks[anchor + 1 : anchor + 1 + _AFTER], *before]
    near = [b for b in near if is_line(b) and b.kind is not Kind.IMAGE]
    evidence = search.evidence
    return [b for b in near if b.kind is not Kind.HEADING or is_labelled(b, _BYLINE, evidence)]


def _is_set_as_byline(block: Block, search: Search) -> bool:
    """Whether a block beside a title is labelled as a byline, or one or a date is next to it."""
    evidence = search.evidence
    if is_labelled(block, _BYLINE, evidence):
        return True
    if is_labelled(block, _NO_LINE, evidence):
        return False
    lines = evidence.page.blocks[max(0, block.index - _DATED) : block.index + _DATED + 1]
    hints = DateHints(search.rules.language, captured_at=evidence.captured_at)
    return any(
        (abs(b.index - block.index) <= 1 and is_labelled(b, _BYLINE, evidence))
        or (is_line(b) and find_dates(b.text, hints))
        for b in lines
    )


def _parts_alone(text: str, language: str) -> list[str]:
    """The parts of a byline's lines, each of which may be a name."""
    lines = [line for line in text.split("\n") if line.strip()]
    return [p for line in lines for part in name_parts(line, language) for p in _ASIDE.split(part)]


def _is_alone(name: str, search: Search) -> bool:
    return is_personal(name) and search.is_name(name)


def written_at_end(search: Search) -> tuple[str, ...]:
    """The people that lines such as "Written by" name below the article, if all name the same."""
    evidence = search.evidence
    if search.forum:
        return ()
    found: set[tuple[str, ...]] = set()
    written_by = _written_by()
    for block in evidence.page.blocks[(evidence.anchor or 0) + 1 :]:
        begin = written_by.match(block.text)
        if not begin or not is_line(block) or names_above(block.element, evidence) & _OTHERS:
            continue
        people = written_people(block.text[begin.end() :], search.rules)
        if people and all(_is_alone(n, search) for n in people):
            found.add(people)
    return found.pop() if len(found) == 1 else ()


@lru_cache(maxsize=1)
def _written_by() -> re.Pattern[str]:
    """A byline's words that stand in no other line, in any language."""
    words = alternatives(all_words("persons", "written"))
    return re.compile(rf"\W{{0,3}}(?:{words})\s*:?\s+", re.IGNORECASE)


def author_boxes(search: Search) -> tuple[str, ...]:
    """The name in boxes whose elements are named after an author, if there is but one."""
    evidence = search.evidence
    if search.forum:
        return ()
    boxes = elements_named(AUTHOR_NAMES, evidence)
    if not boxes:
        return ()
    article = is_article(evidence)
    found: dict[str, None] = {}
    for block in evidence.page.blocks[(evidence.anchor or 0) + 1 :]:
        text = block.text
        if not 0 < len(text) <= _MAX_BOX or block.kind in _NO_BOX or " " not in text:
            continue
        if not text[0].isupper() and text[0].isascii():
            continue  # most of what is short is no name, which is quicker to see
        if block.element not in boxes:
            continue
        names = names_above(block.element, evidence)
        sure = article or is_labelled(block, _BYLINE, evidence)
        if sure and not names & _OTHERS:
            people = written_people(block.text.split("\n")[0], search.rules)
            found.update(dict.fromkeys(n for n in people if _is_alone(n, search)))
    return tuple(found) if len(found) == 1 else ()


def with_others(people: tuple[str, ...], search: Search) -> tuple[str, ...]:
    """All names of the byline beside the title that names a page's only stated author too."""
    if len(people) != 1 or search.forum:
        return people
    wanted = people[0].casefold()
    for block in surroundings(search.evidence):
        captioned = block.kind is Kind.CAPTION or is_labelled(block, _CAPTION, search.evidence)
        if captioned or wanted not in block.text.casefold():
            continue
        for line in _NOTE.sub("", block.text).split("\n"):
            found = byline_people(line, search.rules) or written_people(line, search.rules)
            named = any(n.casefold().endswith(wanted) for n in found)
            if 1 < len(found) <= _MOST and named and all(map(is_full_name, found)):
                return found
    return people
