"""Reader comments, apart from the article: blocks labelled so, gathered one by one."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import NamedTuple

from cleaner.features.basics import elements_around
from cleaner.features.wording import split_looks
from cleaner.kinds.tables import COMMENT, say_names
from cleaner.lexicon import name_labels
from cleaner.metadata.dateparse import DateHints, find_dates, parse_date
from cleaner.metadata.dates import date_hints
from cleaner.metadata.tables import all_words
from cleaner.types import Block, Comment, Element, Kind, Label, LabelName, Page

_AUTHOR_NAMES = re.compile(
    r"(?i)author|user|name|\bfn\b|poster|commenter|\bby(?:line)?\b|vcard|profile"
)
_DATE_NAMES = re.compile(r"(?i)date|time|ago|posted|published|permalink")
_CONTROL_NAMES = re.compile(
    r"(?i)reply|respond|vote|like|flag|report|action|share|count|badge|helpful"
)
_NUMBER = re.compile(r"\d+")
_LONGEST_NAME = 60
_MOST_WORDS = 5
"""Words of a name that is told from a line by the date after it alone."""
_AROUND_NAMES = " \t\n,;:|·•–—-"
_SKIPPED_KINDS = frozenset({Kind.CONTROL, Kind.IMAGE})

_COMMENT_PARTS = frozenset({LabelName.COMMENT, LabelName.BYLINE})

_ONE_COMMENT = frozenset({"comment", "commentbody", "review"})
"""Words of class names that speak of one comment, not of all."""

_WHOLE_NAMES = frozenset({"comment", "review"})
_WHOLE_TAGS = frozenset({"div", "section", "details"})
"""An element with such a tag and just such a class is one comment."""

_ITEM_TAGS = frozenset({"li", "article"})

_SEVERAL, _ITEM, _ONE = range(3)
"""How surely an element holds one comment: some of them, a list item, or named as one."""


class _Holder(NamedTuple):
    """An element that holds a whole comment, or several if nothing tells them apart."""

    element: int
    rank: int
    numbers: frozenset[str] = frozenset()
    """Numbers in the names that call it a comment: its parts carry the same."""


class _Times(NamedTuple):
    """What is known of the times of comments."""

    marked: dict[int, str]
    """What a ``time`` element in a block says to machines, by the block's index."""
    hints: DateHints

    def of(self, block: Block) -> str:
        """Return the marked time, or the one that the text gives; empty if there is none."""
        marked = self.marked.get(block.index)
        return parse_date(marked or block.text, self.hints) or marked or ""


def gather_comments(
    page: Page, labels: Sequence[Label], language: str | None = None
) -> tuple[Comment, ...]:
    """Return the comments in the order of the page; ``language`` says how it writes dates.

    The blocks of one comment stand in one element; author and date come from the class names
    and ``time`` elements in it. Of what only stands among comments, notices for instance, that
    with author or date is a comment. Text captures have no elements: each block is a comment.
    """
    if not any(label.name is LabelName.COMMENT for label in labels):
        return ()
    around = elements_around(page.elements, _labelled(page, labels, _COMMENT_PARTS))
    holders = _find_holders(page.elements, sorted(around))
    in_form = _find_forms(page, labels)
    groups: dict[_Holder, list[Block]] = {}
    for block, label in zip(page.blocks, labels, strict=True):
        if label.name not in _COMMENT_PARTS or block.kind in _SKIPPED_KINDS or block.hidden:
            continue
        if block.element >= 0 and in_form[block.element]:
            continue
        holder = holders[block.element]
        is_byline = label.name is LabelName.BYLINE and holder is not None and holder.rank == _ONE
        if label.name is not LabelName.COMMENT and not is_byline:
            continue
        groups.setdefault(holder or _Holder(-1 - block.index, _ONE), []).append(block)
    times = _Times({}, date_hints(page, language))
    for fact in page.facts:
        if fact.source == "time" and fact.name == "datetime":
            times.marked.setdefault(fact.block, fact.value)
    return tuple(
        comment
        for holder, blocks in groups.items()
        for comment in _comments(page, labels, blocks, times, parted=holder.rank == _SEVERAL)
        if holder.rank == _ONE or comment.author or comment.date
    )


def _labelled(page: Page, labels: Sequence[Label], names: Container[LabelName]) -> Iterator[Block]:
    """Yield the blocks that have one of the labels."""
    for block, label in zip(page.blocks, labels, strict=True):
        if label.name in names:
            yield block


def _find_holders(
    elements: Sequence[Element], positions: Sequence[int]
) -> Mapping[int, _Holder | None]:
    """Return for each of the elements, parents first, what holds the comment that it is in."""
    holders: dict[int, _Holder | None] = {-1: None}
    looks = [(elements[position].tag, elements[position].names) for position in positions]
    boxes = say_names(looks, split_looks(looks))[0].tolist() if looks else []
    for position, box in zip(positions, boxes, strict=True):
        element = elements[position]
        holders[position] = _holder(position, element, holders[element.parent], box == COMMENT)
    return holders


def _holder(
    position: int, element: Element, outer: _Holder | None, is_named: bool
) -> _Holder | None:
    named = is_named or any(label is LabelName.COMMENT for label, _ in name_labels(element.names))
    own = [name for name in element.names.split() if _names_one(name)] if named else []
    numbers = frozenset(number for name in own for number in _NUMBER.findall(name))
    if numbers:
        is_part = outer is not None and not numbers.isdisjoint(outer.numbers)
        return outer if is_part else _Holder(position, _ONE, numbers)
    rank = _SEVERAL if outer is None else outer.rank
    if outer is not None and outer.numbers:
        return outer
    in_comments = named or outer is not None
    if element.tag in _ITEM_TAGS and in_comments and (own or rank < _ONE):
        return _Holder(position, _ONE if own else _ITEM)
    if rank != _ITEM and element.tag in _WHOLE_TAGS and not _WHOLE_NAMES.isdisjoint(own):
        return _Holder(position, _ONE)
    return outer or (_Holder(position, _SEVERAL) if named else None)


def _names_one(name: str) -> bool:
    """Return whether a class name speaks of one comment, and of no part of it."""
    found = name_labels(name)
    return bool(found) and all(
        label is LabelName.COMMENT and word in _ONE_COMMENT for label, word in found
    )


def _find_forms(page: Page, labels: Sequence[Label]) -> list[bool]:
    """Return for each element whether it is in a form, but for one that holds the article, too."""
    content = _labelled(page, labels, {LabelName.CONTENT})
    around_content = elements_around(page.elements, content)
    in_form: list[bool] = []
    for position, element in enumerate(page.elements):
        is_form = element.tag == "form" and position not in around_content
        in_form.append(is_form or (element.parent >= 0 and in_form[element.parent]))
    return in_form


def _comments(
    page: Page,
    labels: Sequence[Label],
    blocks: Sequence[Block],
    times: _Times,
    *,
    parted: bool,
) -> Iterator[Comment]:
    """Yield the comment of the blocks; if they are ``parted``, an author's line begins the next."""
    author = date = None
    texts: list[str] = []
    for block in blocks:
        names = _own_names(page, block)
        short = len(block.text) <= _LONGEST_NAME
        is_timed = block.index in times.marked
        is_date = short and (is_timed or bool(_DATE_NAMES.search(names)))
        is_author = short and not is_date and bool(_AUTHOR_NAMES.search(names))
        if parted and is_author and texts:
            yield Comment("\n\n".join(texts), author, date)
            author, date, texts = None, None, []
        if is_date and date is None:
            date = times.of(block) or block.text
            author = author or _name_beside(block, times.hints, is_head=is_timed and not texts)
        elif is_author and author is None and (not texts or "author" in names.lower()):
            author = _marked_name(block) or _without_says(block.text.rstrip(" :"))
        elif labels[block.index].name is LabelName.BYLINE or block.kind is Kind.HEADING:
            continue
        elif is_author and not texts:
            continue  # a rank or a badge beside the name
        elif not (short and _is_control(block, names)):
            texts.append(block.text)
    if texts:
        yield Comment("\n\n".join(texts), author, date)


def _marked_name(block: Block) -> str | None:
    """Return the name in a line like ``Ada says:`` or ``Ada, 3 May``: its marked beginning.

    A link to a place on the page is the comment's date.
    """
    for span in block.spans:
        if span.start == 0 and 1 < span.end < len(block.text) and "#" not in span.target:
            return block.text[: span.end]
    return None


def _name_beside(block: Block, hints: DateHints, *, is_head: bool) -> str | None:
    """Return the name before the date in a line, if it is marked or begins a comment.

    Below a comment a marked beginning is a name if it leads to one.
    """
    name = _marked_name(block)
    if name:
        to_name = any(s.start == 0 and _AUTHOR_NAMES.search(s.target) for s in block.spans)
        return name if is_head or to_name else None
    if not is_head:
        return None
    first = min((found.start for found in find_dates(block.text, hints)), default=0)
    name = block.text[:first].strip(_AROUND_NAMES)
    is_name = name[:1].isupper() and not any(map(str.isdigit, name))
    return _without_says(name) if is_name and len(name.split()) <= _MOST_WORDS else None


def _without_says(name: str) -> str:
    """Return the name in a line like ``Ada says``."""
    for says in all_words("persons", "says"):
        if name.casefold().endswith(f" {says}"):
            return name[: -len(says) - 1].rstrip()
    return name


def _is_control(block: Block, names: str) -> bool:
    """Return whether a short block is a link to reply, vote or report."""
    linked = any(s.start == 0 and s.end == len(block.text) for s in block.spans if s.target)
    return linked or bool(_CONTROL_NAMES.search(names))


def _own_names(page: Page, block: Block) -> str:
    """Return tag and names of a block's element and of the one around it."""
    if block.element < 0:
        return ""
    own = page.elements[block.element]
    around = (own, page.elements[own.parent]) if own.parent >= 0 else (own,)
    return " ".join(f"{element.tag} {element.names}" for element in around)
