"""The kept blocks as a small tree: quotes, lists, definition lists and tables put together.

Blocks arrive flat, and some are missing: an item may come without its parents, a row without
its head, and levels may jump. Nesting is capped, so that walking the tree by recursion is safe
for any page. The cap leaves room below the 20 levels that common Markdown parsers follow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from cleaner.types import Block, Cell, Kind

MAX_LISTS = 6
"""Lists in lists; deeper items become items of the innermost one."""
MAX_QUOTES = 6
"""Quotes in quotes; deeper ones are printed at this depth."""

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
"""What XML forbids or a parser may read as a line end, a dropped or a replaced character."""

_LANGUAGE = re.compile(r"[A-Za-z0-9_+#.-]{1,40}")

_COMPANIONS = frozenset(
    {Kind.PARAGRAPH, Kind.QUOTE, Kind.CODE, Kind.CAPTION, Kind.IMAGE, Kind.CONTROL}
)
"""Kinds that belong to the list item before them if they share its group."""

_GROUPED = frozenset({Kind.LIST_ITEM, Kind.TERM, Kind.DEFINITION, Kind.TABLE_ROW})
"""Kinds whose group is a list or a table; that of the others may be a figure."""


@dataclass(slots=True)
class Leaf:
    """A block that stands for itself."""

    block: Block


@dataclass(slots=True)
class Table:
    """Rows of one table."""

    group: int
    rows: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class Quote:
    """A quotation of any blocks; ``figure`` is the group of those outside of lists and tables."""

    figure: int | None = None
    children: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Item:
    """A list item; the first child is the block that carries its mark."""

    ordinal: int | None
    children: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class ItemList:
    """An ordered or unordered list; ``level`` is the nesting that the page gives (1..)."""

    group: int
    level: int
    ordered: bool
    items: list[Item] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    """A term, which is one leaf, or a definition with its further blocks; ``kind`` says which."""

    kind: Kind
    children: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Definitions:
    """A definition list."""

    group: int
    entries: list[Entry] = field(default_factory=list)


Node: TypeAlias = Leaf | Table | Quote | ItemList | Definitions


def printable(text: str) -> str:
    """Return text with a blank for each character that some format cannot hold."""
    return _UNPRINTABLE.sub(" ", text)


def has_text(block: Block) -> bool:
    """Return whether a block holds more than white space."""
    return bool(block.text.strip())


def outline(blocks: Iterable[Block], *, shows: Callable[[Block], bool] = has_text) -> list[Node]:
    """Return the tree of the blocks, in their order; those that show nothing are left out.

    A character that some format cannot hold is a blank in the tree's blocks: offsets stay,
    and the words are the same in every format.
    """
    root: list[Node] = []
    for block in blocks:
        clean = _cleaned(block)
        if shows(clean):
            _place(root, clean)
    return root


def is_tight(before: Node, after: Node) -> bool:
    """Return whether a child of a list item follows the one before it without a blank line."""
    if not isinstance(after, ItemList) or not isinstance(before, Leaf):
        return False
    return before.block.kind is not Kind.CODE


def is_loose(children: Sequence[Node]) -> bool:
    """Return whether an item or a definition holds more than one text with nested lists."""
    return not all(isinstance(child, ItemList) for child in children[1:])


def text_lines(block: Block) -> list[str]:
    """Return the lines of a block that is not code: trimmed, without the empty ones."""
    return [line.strip() for line in block.text.split("\n") if line.strip()]


def code_text(block: Block) -> str:
    """Return the text of a code block with its white space, without line ends around it."""
    return block.text.strip("\n")


def code_language(block: Block) -> str:
    """Return the language of a code block, if it has the form of a name."""
    return block.language if _LANGUAGE.fullmatch(block.language) else ""


def heading_level(block: Block) -> int:
    """Return the level of a heading, 1 to 6."""
    return max(1, min(6, block.level))


def row_cells(block: Block) -> Sequence[Cell]:
    """Return the cells of a row, in order, with all its words in them.

    If the block has no cells, or they overlap, leave its text or leave words out, the tabs in
    its text part the cells.
    """
    end = 0
    for cell in block.cells:
        if (
            not end <= cell.start <= cell.end <= len(block.text)
            or block.text[end : cell.start].strip()
        ):
            return _cells_by_tabs(block.text)
        end = cell.end
    if not block.cells or block.text[end:].strip():
        return _cells_by_tabs(block.text)
    return block.cells


def _cells_by_tabs(text: str) -> list[Cell]:
    cells = []
    start = 0
    for part in text.split("\t"):
        cells.append(Cell(start, start + len(part)))
        start += len(part) + 1
    return cells


def _cleaned(block: Block) -> Block:
    text = block.text
    if not _UNPRINTABLE.search(text):
        return block
    if block.kind is Kind.CODE:  # its spans are not printed: offsets may change
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return replace(block, text=printable(text))


def _place(root: list[Node], block: Block) -> None:
    depth = max(block.quote_depth, 1 if block.kind is Kind.QUOTE else 0)
    depth = min(depth, MAX_QUOTES)
    home = _home(root, block, depth)
    if home is not None:
        siblings, quotes = home
        _place_leaf(_quoted(siblings, quotes, block), block)
        return
    siblings = _quoted(root, depth, block)
    if block.kind is Kind.LIST_ITEM:
        _place_item(siblings, block)
    elif block.kind in (Kind.TERM, Kind.DEFINITION):
        _place_entry(siblings, block)
    else:
        _place_leaf(siblings, block)


def _quoted(siblings: list[Node], depth: int, block: Block) -> list[Node]:
    """Return the children of the quote ``depth`` levels down, opening quotes as needed.

    Quotations of two figures stay apart, although nothing may be left between them.
    """
    figure = None if block.kind in _GROUPED else block.group
    for _ in range(depth):
        last = siblings[-1] if siblings else None
        if not isinstance(last, Quote) or not (
            last.figure is None or figure is None or last.figure == figure
        ):
            last = Quote()
            siblings.append(last)
        last.figure = figure if last.figure is None else last.figure
        siblings = last.children
    return siblings


def _home(root: list[Node], block: Block, depth: int) -> tuple[list[Node], int] | None:
    """Find the item or definition that a block goes on with.

    Returns its children and the number of quotes around the block in there.
    """
    if not block.continues and (block.group == -1 or block.kind not in _COMPANIONS):
        return None
    siblings = root
    while depth and siblings and isinstance(siblings[-1], Quote):
        siblings = siblings[-1].children
        depth -= 1
    last = siblings[-1] if siblings else None
    if not isinstance(last, ItemList | Definitions) or block.group not in (-1, last.group):
        return None
    if isinstance(last, Definitions):
        entry = last.entries[-1]  # a term stays one text
        return None if entry.kind is Kind.TERM else (entry.children, depth)
    for listing in reversed(_open_lists(siblings)):
        if block.kind is not Kind.LIST_ITEM or listing.level == _list_level(block):
            return listing.items[-1].children, depth
    return None


def _open_lists(siblings: list[Node]) -> list[ItemList]:
    """Return the lists that a further item may join, outermost first."""
    lists: list[ItemList] = []
    while siblings and isinstance(siblings[-1], ItemList):
        lists.append(siblings[-1])
        siblings = siblings[-1].items[-1].children
    return lists


def _list_level(block: Block) -> int:
    return max(1, min(block.level, MAX_LISTS))


def _place_item(siblings: list[Node], block: Block) -> None:
    level = _list_level(block)
    ordered = block.ordinal is not None
    lists = _open_lists(siblings)
    if lists and lists[0].group != block.group:
        lists = []
    while len(lists) > 1 and lists[-2].level >= level:
        lists.pop()
    parent = lists[-2].items[-1].children if len(lists) > 1 else siblings
    current = lists[-1] if lists else None
    if current and current.level < level:
        parent, current = current.items[-1].children, None
    if current is None or current.ordered != ordered:
        current = ItemList(block.group, level, ordered)
        parent.append(current)
    current.level = level
    current.items.append(Item(block.ordinal, [Leaf(block)]))


def _place_entry(siblings: list[Node], block: Block) -> None:
    last = siblings[-1] if siblings else None
    if not isinstance(last, Definitions) or last.group != block.group:
        last = Definitions(block.group)
        siblings.append(last)
    last.entries.append(Entry(block.kind, [Leaf(block)]))


def _place_leaf(siblings: list[Node], block: Block) -> None:
    if block.kind is not Kind.TABLE_ROW:
        siblings.append(Leaf(block))
        return
    last = siblings[-1] if siblings else None
    if not isinstance(last, Table) or last.group != block.group:
        last = Table(block.group)
        siblings.append(last)
    last.rows.append(block)
