"""The article as Markdown: CommonMark with pipe tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cleaner.render.inline import (
    Break,
    Choices,
    Picture,
    Run,
    Start,
    Token,
    inline,
    inline_cells,
)
from cleaner.render.markdown_escape import (
    escape_address,
    escape_heading_end,
    escape_line_start,
    escape_text,
    readable_marks,
)
from cleaner.render.structure import (
    Definitions,
    Item,
    ItemList,
    Leaf,
    Node,
    Quote,
    Table,
    code_language,
    code_text,
    heading_level,
    is_tight,
    outline,
    row_cells,
)
from cleaner.types import Block, Kind, Span, SpanKind

_DEFINITION = re.compile(r"\s*\[(?:[^\[\]\\]|\\.)+\]:", re.DOTALL)
_BACKTICKS = re.compile("`+")
_EMPHASIS = {SpanKind.EMPHASIS: "*", SpanKind.STRONG: "**"}
_MAX_ORDINAL = 999_999_999
"""CommonMark reads no more than nine digits as the number of an item."""
_INTERRUPTING_MARKS = frozenset({"- ", "1. "})
"""Items that may follow a paragraph without a blank line."""

_MAX_SPREAD = 50
"""Columns of a table that gets as many cells in each row; wider ones would grow too large."""


def render_markdown(
    blocks: Sequence[Block],
    *,
    base_url: str | None,
    links: bool = True,
    images: bool = False,
    tables: bool = True,
) -> str:
    """Return the blocks as Markdown; ``fixtures/README.md`` says how it is written.

    ``base_url`` is what relative addresses resolve against. Without ``links`` their texts are
    plain, with ``images`` those with a usable address are printed, without ``tables`` a row is a
    line of its cells. The words are the same whatever is chosen. No blocks give an empty text.
    """
    choices = Choices(base_url, links=links, images=images, tables=tables)
    lines: list[str] = []
    _Writer(choices, lines).nodes(outline(blocks, shows=choices.shows), _Prefix("", ""))
    return "".join(f"{line}\n" for line in lines)


@dataclass(frozen=True, slots=True)
class _Prefix:
    """What stands before the lines of a node: before the first, and before the others."""

    first: str
    rest: str

    def nested(self, mark: str, indent: str) -> _Prefix:
        """Return the prefix of what is in a quote or an item with this mark."""
        return _Prefix(self.first + mark, self.rest + indent)

    def following(self) -> _Prefix:
        """Return the prefix of what comes after the first node."""
        return self if self.first == self.rest else _Prefix(self.rest, self.rest)


class _Writer:
    """Writes nodes as lines, each with the prefix of the quotes and items it stands in."""

    def __init__(self, choices: Choices, lines: list[str]) -> None:
        self._choices = choices
        self._lines = lines

    def nodes(self, nodes: Sequence[Node], prefix: _Prefix, *, in_item: bool = False) -> None:
        """Write sibling nodes, separated by blank lines."""
        before: Node | None = None
        for node in nodes:
            if before is not None:
                if not (in_item and is_tight(before, node) and _may_interrupt(node)):
                    self._lines.append(prefix.rest.rstrip())
                prefix = prefix.following()
            self._node(node, prefix)
            before = node

    def _node(self, node: Node, prefix: _Prefix) -> None:
        if isinstance(node, Leaf):
            self._write(_leaf_lines(node.block, self._choices), prefix)
        elif isinstance(node, Quote):
            self.nodes(node.children, prefix.nested("> ", "> "))
        elif isinstance(node, ItemList):
            for item in node.items:
                mark = _item_mark(item)
                nested = prefix.nested(mark, " " * len(mark))
                self.nodes(item.children, nested, in_item=True)
                prefix = prefix.following()
        elif isinstance(node, Definitions):
            self.nodes([child for entry in node.entries for child in entry.children], prefix)
        else:
            self._write(_table_lines(node, self._choices), prefix)

    def _write(self, lines: Sequence[str], prefix: _Prefix) -> None:
        self._lines.append((prefix.first + lines[0]).rstrip(" "))
        rest = prefix.rest
        self._lines += [rest + line if line else rest.rstrip() for line in lines[1:]]


def _item_mark(item: Item) -> str:
    if item.ordinal is None or not 0 <= item.ordinal <= _MAX_ORDINAL:
        return "- "
    return f"{item.ordinal}. "


def _may_interrupt(node: Node) -> bool:
    return isinstance(node, ItemList) and _item_mark(node.items[0]) in _INTERRUPTING_MARKS


def _leaf_lines(block: Block, choices: Choices) -> list[str]:
    if block.kind is Kind.CODE:
        return _code_lines(block)
    if block.kind is Kind.HEADING:
        text = _one_line(_inline(inline(block, choices)))
        return [f"{'#' * heading_level(block)} {escape_heading_end(text)}"]
    if block.kind is Kind.TERM:
        whole = Span(0, len(block.text), SpanKind.STRONG)
        block = replace(block, spans=(*block.spans, whole))
    return _paragraph_lines(_paragraph(inline(block, choices)).split("\n"))


def _paragraph(tokens: Sequence[Token]) -> str:
    """Return a paragraph's text; code in it is plain text where it would end a link's definition.

    A paragraph may begin with one, ``[name]: address``, which is found before code is.
    """
    text = _inline(tokens)
    if not _DEFINITION.match(text):
        return text
    return _inline([Run(t.text) if isinstance(t, Run) else t for t in tokens])


def _paragraph_lines(texts: Sequence[str]) -> list[str]:
    """Return lines of escaped text as one paragraph, with a backslash at the line breaks."""
    lines: list[str] = []
    for text in texts:
        line = text.strip()
        if line:
            lines.append(escape_line_start(line, first=not lines))
    return [f"{line}\\" for line in lines[:-1]] + lines[-1:]


def _code_lines(block: Block) -> list[str]:
    text = code_text(block)
    fence = _backticks(text, least=3)
    return [f"{fence}{code_language(block)}", *text.split("\n"), fence]


def _backticks(text: str, *, least: int) -> str:
    """Return more backticks than stand together anywhere in the text."""
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    return "`" * max(least, longest + 1)


def _table_lines(table: Table, choices: Choices) -> list[str]:
    if not choices.tables:
        return _paragraph_lines([" ".join(filter(None, _row(row, choices))) for row in table.rows])
    width = max(len(row_cells(row)) for row in table.rows)
    rows = [_spread(row, _row(row, choices), width) for row in table.rows]
    rows[0] += [""] * (width - len(rows[0]))  # a row wider than the head would lose cells
    rows.insert(1, ["---"] * width)
    return ["|" + "".join(f" {cell} |" if cell else " |" for cell in row) for row in rows]


def _row(row: Block, choices: Choices) -> list[str]:
    cells = inline_cells(row, choices)
    return [_one_line(_inline(tokens, in_cell=choices.tables)) for tokens in cells]


def _spread(row: Block, texts: list[str], width: int) -> list[str]:
    """Return a row with empty cells after those that span columns, up to the table's width."""
    if width > _MAX_SPREAD:
        return texts
    spread: list[str] = []
    room = width - len(texts)
    for cell, text in zip(row_cells(row), texts, strict=True):
        further = max(0, min(cell.columns - 1, room))
        room -= further
        spread += [text, *[""] * further]
    return spread + [""] * room


def _inline(tokens: Sequence[Token], *, in_cell: bool = False) -> str:
    """Return tokens as escaped text, with line ends at the line breaks."""
    pieces: list[str] = []
    address: str | None = None  # of the open link
    if in_cell:
        tokens = [_code_in_cell(token) for token in tokens]
    for token in readable_marks(tokens):
        if isinstance(token, Run):
            pieces.append(_run(token, in_link=address is not None, in_cell=in_cell))
        elif isinstance(token, Break):
            pieces.append("\n")
        elif isinstance(token, Picture):
            alternative = escape_text(token.alternative, in_link=True, in_cell=in_cell)
            pieces.append(f"![{alternative}]({escape_address(token.address)})")
        elif token.kind in _EMPHASIS:
            pieces.append(_EMPHASIS[token.kind])
        elif isinstance(token, Start):
            if pieces and pieces[-1].endswith("!"):
                pieces[-1] = pieces[-1][:-1] + "\\!"  # or the link would be an image
            address = token.address
            pieces.append("[")
        else:
            pieces.append(f"]({escape_address(address or '')})")
            address = None
    return "".join(pieces)


def _code_in_cell(token: Token) -> Token:
    """Return code as plain text where parsers disagree: a backslash before a pipe, in a cell."""
    if isinstance(token, Run) and token.code and "\\|" in token.text:
        return Run(token.text)
    return token


def _run(run: Run, *, in_link: bool, in_cell: bool) -> str:
    if not run.code:
        return escape_text(run.text, in_link=in_link, in_cell=in_cell)
    text = run.text.replace("|", "\\|") if in_cell else run.text
    fence = _backticks(text, least=1)
    blank = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{blank}{text}{blank}{fence}"


def _one_line(text: str) -> str:
    return text.replace("\n", " ").strip()
