"""The article as plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleaner.render.structure import (
    Definitions,
    ItemList,
    Leaf,
    Node,
    Quote,
    code_text,
    is_tight,
    outline,
    row_cells,
    text_lines,
)
from cleaner.types import Block, Kind


def render_text(blocks: Sequence[Block]) -> str:
    """Return the blocks as plain text: paragraphs separated by a blank line, no markup.

    Items of one list and rows of one table are on consecutive lines, the cells of a row are
    separated by a tab, code keeps its white space. No blocks give an empty text.
    """
    return "".join(_paragraphs(outline(blocks)))


def _paragraphs(nodes: Sequence[Node], *, in_item: bool = False) -> Iterator[str]:
    """Yield the texts of sibling nodes and what separates them."""
    before: Node | None = None
    for node in nodes:
        if before is not None:
            yield "\n" if in_item and is_tight(before, node) else "\n\n"
        yield from _texts(node)
        before = node


def _texts(node: Node) -> Iterator[str]:
    if isinstance(node, Leaf):
        yield _leaf_text(node.block)
    elif isinstance(node, Quote):
        yield from _paragraphs(node.children)
    elif isinstance(node, ItemList):
        for number, item in enumerate(node.items):
            yield "\n" if number else ""
            yield from _paragraphs(item.children, in_item=True)
    elif isinstance(node, Definitions):
        for number, entry in enumerate(node.entries):
            yield "\n\n" if number else ""
            yield from _paragraphs(entry.children)
    else:
        yield "\n".join(_row_text(row) for row in node.rows)


def _leaf_text(block: Block) -> str:
    """Return the text of a block that is no table row."""
    return code_text(block) if block.kind is Kind.CODE else "\n".join(text_lines(block))


def _row_text(row: Block) -> str:
    """Return the cells of a row, separated by tabs; a cell is one line."""
    cells = (row.text[cell.start : cell.end] for cell in row_cells(row))
    return "\t".join(" ".join(cell.split()) for cell in cells)
