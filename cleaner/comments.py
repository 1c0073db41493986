"""Reader comments, apart from the article: blocks labelled so, gathered one by one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.features import ancestors
from cleaner.lexicon import name_labels
from cleaner.types import Block, Comment, Fact, Kind, Label, LabelName, Page

_AUTHOR_NAMES = re.compile(r"(?i)author|user|name|\bfn\b|poster|commenter|\bby\b|vcard|profile")
_DATE_NAMES = re.compile(r"(?i)date|time|ago|posted|published|permalink")
_CONTROL_NAMES = re.compile(r"(?i)reply|respond|vote|like|flag|report|action|share|count|badge")
_NUMBERED = re.compile(r"\d+")
_LONGEST_NAME = 60
_SKIPPED_KINDS = frozenset({Kind.CONTROL, Kind.IMAGE, Kind.HEADING})


def gather_comments(page: Page, labels: Sequence[Label]) -> tuple[Comment, ...]:
    """Return the comments in the order of the page.

    The blocks of one comment stand in one element; author and date come from the class names
    and ``time`` elements in it. Text captures have no elements: each block is a comment.
    """
    groups: dict[int, list[Block]] = {}
    for block, label in zip(page.blocks, labels, strict=True):
        if label.name is not LabelName.COMMENT or block.kind in _SKIPPED_KINDS or block.hidden:
            continue
        if not any(page.elements[p].tag == "form" for p in ancestors(page.elements, block.element)):
            groups.setdefault(_holder(page, block), []).append(block)
    times = [fact for fact in page.facts if fact.source == "time"]
    made = (_comment(page, blocks, times) for blocks in groups.values())
    return tuple(comment for comment in made if comment is not None)


def _holder(page: Page, block: Block) -> int:
    """Return the element that holds one whole comment, or a number of the block's own.

    It is the innermost list item or article, or the outermost element named as one comment.
    """
    line = ancestors(page.elements, block.element)
    for position in line:
        element = page.elements[position]
        if element.tag in ("li", "article"):
            return position
    named = [
        p for p in line if any(n is LabelName.COMMENT for n, _ in name_labels(_names(page, p)))
    ]
    single = [p for p in named if _siblings_alike(page, p)]
    if single:
        return single[-1]
    return named[0] if named else -1 - block.index


def _names(page: Page, position: int) -> str:
    return page.elements[position].names


def _siblings_alike(page: Page, position: int) -> bool:
    """Return whether an element's names carry a number of their own, as one comment's do."""
    return bool(_NUMBERED.search(_names(page, position)))


def _comment(page: Page, blocks: Sequence[Block], times: Sequence[Fact]) -> Comment | None:
    author = date = None
    texts: list[str] = []
    for block in blocks:
        names = _own_names(page, block)
        time = _time_in(block, times)
        short = len(block.text) <= _LONGEST_NAME
        if short and date is None and (time or _DATE_NAMES.search(names)):
            date = time or block.text
        elif short and author is None and not texts and _AUTHOR_NAMES.search(names):
            author = _name(block)
        elif not (short and _is_control(block, names)):
            texts.append(block.text)
    if not texts:
        return None
    return Comment("\n\n".join(texts), author, date)


def _name(block: Block) -> str:
    """Return the name in an author line: the marked part of ``Ada says:``, if one is marked."""
    for span in block.spans:
        if span.start == 0 and span.end > 1:
            return block.text[: span.end]
    return block.text.rstrip(" :")


def _is_control(block: Block, names: str) -> bool:
    """Return whether a short block is a link to reply, vote or report."""
    linked = any(s.start == 0 and s.end == len(block.text) for s in block.spans if s.target)
    return linked or bool(_CONTROL_NAMES.search(names))


def _own_names(page: Page, block: Block) -> str:
    line = ancestors(page.elements, block.element)[:2]
    return " ".join(f"{page.elements[p].tag} {page.elements[p].names}" for p in line)


def _time_in(block: Block, times: Sequence[Fact]) -> str | None:
    """Return the machine-readable time within a block."""
    for fact in times:
        if fact.block == block.index and fact.name == "datetime":
            return fact.value
    return None
