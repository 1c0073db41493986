"""The article as clean HTML that is well-formed XML, too.

It is built from escaped text and the tags named here alone, so that no script, style or event
attribute of a page can come out, and from addresses that ``safe_address`` let through.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from cleaner.render.inline import Choices, Picture, inline, inline_cells
from cleaner.render.markup import (
    InlineElements,
    element,
    end_tag,
    phrase,
    start_tag,
    text_markup,
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
    is_loose,
    outline,
    row_cells,
)
from cleaner.types import Block, Kind

_INLINE = InlineElements(
    code="<code>",
    emphasis="<em>",
    strong="<strong>",
    line_break="<br/>",
    link="a",
    address="href",
)
_MAX_COLUMNS = 1000
"""HTML knows no larger ``colspan``."""


def render_html(
    blocks: Sequence[Block],
    *,
    base_url: str | None,
    links: bool = True,
    images: bool = False,
    tables: bool = True,
) -> str:
    """Return the blocks as one ``article`` element.

    ``base_url`` is what relative addresses resolve against. Without ``links`` their texts are
    plain, with ``images`` those with a usable address are shown, without ``tables`` a row is a
    line of its cells. The words are the same whatever is chosen.
    """
    choices = Choices(base_url, links=links, images=images, tables=tables)
    lines = _Writer(choices).nodes(outline(blocks, shows=choices.shows))
    return "".join(f"{line}\n" for line in ("<article>", *lines, "</article>"))


class _Writer:
    """Yields the lines of nodes; every block begins a line of its own."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices

    def nodes(self, nodes: Sequence[Node]) -> Iterator[str]:
        """Yield the lines of sibling nodes."""
        for node in nodes:
            yield from self._node(node)

    def _node(self, node: Node) -> Iterator[str]:
        if isinstance(node, Leaf):
            yield self._leaf(node.block)
        elif isinstance(node, Quote):
            yield "<blockquote>"
            yield from self.nodes(node.children)
            yield "</blockquote>"
        elif isinstance(node, ItemList):
            yield from self._list(node)
        elif isinstance(node, Definitions):
            yield "<dl>"
            for entry in node.entries:
                name = "dt" if entry.kind is Kind.TERM else "dd"
                yield from self._holder(f"<{name}>", entry.children)
            yield "</dl>"
        elif self._choices.tables:
            yield from self._table(node)
        else:
            yield element("p", "<br/>\n".join(self._row_line(row) for row in node.rows))

    def _leaf(self, block: Block) -> str:
        if block.kind is Kind.CODE:
            language = code_language(block)
            names = {"class": f"language-{language}"} if language else {}
            return element("pre", element("code", text_markup(code_text(block)), names))
        if block.kind is Kind.HEADING:
            return element(f"h{heading_level(block)}", self._phrase(block))
        if block.kind in (Kind.CAPTION, Kind.IMAGE):
            return self._figure(block)
        return element("p", self._phrase(block))

    def _phrase(self, block: Block) -> str:
        return phrase(inline(block, self._choices), _INLINE)

    def _figure(self, block: Block) -> str:
        tokens = inline(block, self._choices)
        images = phrase((t for t in tokens if isinstance(t, Picture)), _INLINE)
        words = phrase((t for t in tokens if not isinstance(t, Picture)), _INLINE)
        caption = element("figcaption", words) if words else ""
        return element("figure", images + caption)

    def _list(self, listing: ItemList) -> Iterator[str]:
        number = listing.items[0].ordinal
        start = {} if number in (None, 1) else {"start": str(number)}
        yield start_tag("ol" if listing.ordered else "ul", start)
        for item in listing.items:
            yield from self._item(item, number)
            number = None if item.ordinal is None else item.ordinal + 1
        yield "</ol>" if listing.ordered else "</ul>"

    def _item(self, item: Item, expected: int | None) -> Iterator[str]:
        value = {} if item.ordinal == expected else {"value": str(item.ordinal)}
        return self._holder(start_tag("li", value), item.children)

    def _holder(self, start: str, children: Sequence[Node]) -> Iterator[str]:
        """Yield an item or a definition; its text is a paragraph only amid other blocks."""
        end = end_tag(start)
        first = children[0]
        if is_loose(children) or not isinstance(first, Leaf):
            yield start
            yield from self.nodes(children)
            yield end
        elif len(children) == 1:
            yield f"{start}{self._phrase(first.block)}{end}"
        else:
            yield f"{start}{self._phrase(first.block)}"
            yield from self.nodes(children[1:])
            yield end

    def _table(self, table: Table) -> Iterator[str]:
        head = list(takewhile(_is_head, table.rows))
        body = table.rows[len(head) :]
        yield "<table>"
        for name, rows in (("thead", head), ("tbody", body)):
            if rows:
                yield f"<{name}>"
                for row in rows:
                    yield from self._row(row)
                yield f"</{name}>"
        yield "</table>"

    def _row(self, row: Block) -> Iterator[str]:
        yield "<tr>"
        for cell, tokens in zip(row_cells(row), inline_cells(row, self._choices), strict=True):
            columns = min(cell.columns, _MAX_COLUMNS)
            span = {"colspan": str(columns)} if columns > 1 else {}
            yield element("th" if cell.header else "td", phrase(tokens, _INLINE), span)
        yield "</tr>"

    def _row_line(self, row: Block) -> str:
        cells = (phrase(tokens, _INLINE) for tokens in inline_cells(row, self._choices))
        return " ".join(filter(None, cells))


def _is_head(row: Block) -> bool:
    return all(cell.header for cell in row_cells(row))
