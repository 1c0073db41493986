"""The document as XML of the Text Encoding Initiative, TEI P5."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from cleaner.render.inline import Choices, inline, inline_cells
from cleaner.render.markup import (
    InlineElements,
    element,
    phrase,
    start_tag,
    text_markup,
)
from cleaner.render.structure import (
    Definitions,
    ItemList,
    Leaf,
    Node,
    Quote,
    code_language,
    code_text,
    heading_level,
    is_loose,
    outline,
    row_cells,
)
from cleaner.render.urls import safe_address
from cleaner.types import Block, Comment, Kind, Metadata

_NAMESPACE = "http://www.tei-c.org/ns/1.0"
_INLINE = InlineElements(
    code="<code>",
    emphasis='<hi rend="italic">',
    strong='<hi rend="bold">',
    line_break="<lb/>",
    link="ref",
    address="target",
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def render_tei(
    blocks: Sequence[Block],
    metadata: Metadata,
    comments: Sequence[Comment],
    *,
    base_url: str | None,
) -> str:
    """Return a TEI document: header, the article as sections, and the comments apart.

    The words of the first ``div`` of the body are those of ``render_text``; characters that XML
    forbids are blanks.
    """
    writer = _Writer(Choices(base_url))
    lines = [
        start_tag("TEI", {"xmlns": _NAMESPACE}),
        *_header(metadata),
        "<text>",
        "<body>",
        '<div type="article">',
        *writer.sections(outline(blocks)),
        "</div>",
        *_comments(comments),
        "</body>",
        "</text>",
        "</TEI>",
    ]
    return "".join(f"{line}\n" for line in lines)


def _header(metadata: Metadata) -> Iterator[str]:
    yield "<teiHeader>"
    yield "<fileDesc>"
    yield from ("<titleStmt>", *_title_and_authors(metadata), "</titleStmt>")
    publisher = _optional("publisher", metadata.site_name)
    published = [*publisher, *_date(metadata.date)] if publisher else ["<p/>"]
    yield from ("<publicationStmt>", *published, "</publicationStmt>")
    yield from ("<sourceDesc>", "<bibl>", *_source(metadata), "</bibl>", "</sourceDesc>")
    yield "</fileDesc>"
    yield from ("<profileDesc>", *_profile(metadata), "</profileDesc>")
    yield "</teiHeader>"


def _title_and_authors(metadata: Metadata) -> Iterator[str]:
    yield element("title", text_markup(metadata.title or ""))
    for author in metadata.authors:
        yield element("author", text_markup(author))


def _source(metadata: Metadata) -> Iterator[str]:
    yield from _title_and_authors(metadata)
    yield from _optional("publisher", metadata.site_name)
    yield from _date(metadata.date, {"type": "published"})
    yield from _date(metadata.modified, {"type": "modified"})
    for kind, target in (("page", metadata.url), ("image", metadata.image)):
        address = safe_address(target or "", None)
        if address:
            yield element("ref", text_markup(address), {"type": kind, "target": address})


def _profile(metadata: Metadata) -> Iterator[str]:
    for paragraph in _optional("p", metadata.description):
        yield element("abstract", paragraph)
    if metadata.language:
        language = text_markup(metadata.language)
        yield "<langUsage>"
        yield element("language", language, {"ident": metadata.language})
        yield "</langUsage>"
    section = _optional("term", metadata.section, {"type": "section"})
    terms = [*section, *(element("term", text_markup(tag)) for tag in metadata.tags)]
    if terms:
        yield from ("<textClass>", "<keywords>", *terms, "</keywords>", "</textClass>")


def _optional(
    name: str, text: str | None, attributes: Mapping[str, str] | None = None
) -> list[str]:
    """Return an element with a text, or nothing if there is none."""
    return [element(name, text_markup(text), attributes)] if text else []


def _date(date: str | None, attributes: Mapping[str, str] | None = None) -> list[str]:
    """Return a date as the page gives it; ``when`` is its day."""
    day = _DAY.match(date or "")
    when = {"when": day.group()} if day else {}
    return _optional("date", date, {**(attributes or {}), **when})


def _comments(comments: Sequence[Comment]) -> Iterator[str]:
    if not comments:
        return
    yield '<div type="comments">'
    for comment in comments:
        yield '<div type="comment">'
        writer = [*_optional("docAuthor", comment.author), *_date(comment.date)]
        if writer:
            yield element("byline", "\n".join(writer))
        for paragraph in comment.text.split("\n\n"):
            lines = [text_markup(line.strip()) for line in paragraph.split("\n") if line.strip()]
            yield element("p", f"{_INLINE.line_break}\n".join(lines))
        yield "</div>"
    yield "</div>"


class _Writer:
    """Yields the lines of nodes; every block begins a line of its own."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices

    def sections(self, nodes: Sequence[Node]) -> Iterator[str]:
        """Yield the lines of the article: a heading begins a section, in those of lower level."""
        open_levels: list[int] = []
        for node in nodes:
            if not isinstance(node, Leaf) or node.block.kind is not Kind.HEADING:
                yield from self._node(node)
                continue
            level = heading_level(node.block)
            while open_levels and open_levels[-1] >= level:
                open_levels.pop()
                yield "</div>"
            open_levels.append(level)
            yield start_tag("div", {"type": "section", "n": str(level)})
            yield element("head", self._phrase(node.block))
        yield from ["</div>"] * len(open_levels)

    def _nodes(self, nodes: Sequence[Node]) -> Iterator[str]:
        for node in nodes:
            yield from self._node(node)

    def _node(self, node: Node) -> Iterator[str]:
        if isinstance(node, Leaf):
            yield self._leaf(node.block)
        elif isinstance(node, Quote):
            yield "<quote>"
            yield from self._nodes(node.children)
            yield "</quote>"
        elif isinstance(node, ItemList):
            yield start_tag("list", {"rend": "numbered" if node.ordered else "bulleted"})
            for item in node.items:
                number = {} if item.ordinal is None else {"n": str(item.ordinal)}
                yield from self._item(item.children, number)
            yield "</list>"
        elif isinstance(node, Definitions):
            yield from self._glossary(node)
        else:
            yield "<table>"
            for row in node.rows:
                yield from self._row(row)
            yield "</table>"

    def _leaf(self, block: Block) -> str:
        if block.kind is Kind.CODE:
            language = code_language(block)
            names = {"lang": language} if language else {}
            return element("p", element("code", text_markup(code_text(block)), names))
        if block.kind is Kind.HEADING:  # in a quote or an item, where no section can begin
            names = {"type": "heading", "n": str(heading_level(block))}
            return element("ab", self._phrase(block), names)
        names = {"rend": "caption"} if block.kind in (Kind.CAPTION, Kind.IMAGE) else {}
        return element("p", self._phrase(block), names)

    def _phrase(self, block: Block) -> str:
        return phrase(inline(block, self._choices), _INLINE)

    def _item(
        self, children: Sequence[Node], attributes: Mapping[str, str] | None = None
    ) -> Iterator[str]:
        """Yield an item; its text is a paragraph only amid other blocks."""
        start = start_tag("item", attributes or {})
        first = children[0]
        if is_loose(children) or not isinstance(first, Leaf):
            yield start
            yield from self._nodes(children)
        else:
            yield f"{start}{self._phrase(first.block)}"
            yield from self._nodes(children[1:])
        yield "</item>"

    def _glossary(self, definitions: Definitions) -> Iterator[str]:
        """Yield a list of pairs; TEI wants a label and an item in each, empty or not."""
        yield '<list type="gloss">'
        for term, children in _pairs(definitions):
            yield element("label", self._phrase(term.block) if isinstance(term, Leaf) else "")
            yield from self._item(children) if children else ["<item/>"]
        yield "</list>"

    def _row(self, row: Block) -> Iterator[str]:
        yield "<row>"
        for cell, tokens in zip(row_cells(row), inline_cells(row, self._choices), strict=True):
            names = {"role": "label"} if cell.header else {}
            if cell.columns > 1:
                names["cols"] = str(cell.columns)
            yield element("cell", phrase(tokens, _INLINE), names)
        yield "</row>"


def _pairs(definitions: Definitions) -> Iterator[tuple[Node | None, list[Node]]]:
    """Yield each term with the definitions that follow it; either may be missing."""
    term: Node | None = None
    children: list[Node] = []
    for entry in definitions.entries:
        if entry.kind is not Kind.TERM:
            children.extend(entry.children)
            continue
        if term or children:
            yield term, children
        term, children = entry.children[0], []
    yield term, children
