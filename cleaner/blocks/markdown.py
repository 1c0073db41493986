"""Markdown captures become a page of blocks: markdown-it-py reads lines, one walk collects blocks.

Three steps: the parser's tokens become drafts, the marks that it left as text
are settled over all drafts, and the drafts become blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from markdown_it.token import Token

from cleaner.blocks.joining import join_broken
from cleaner.blocks.markdown_inline import InlineText, parse_inline
from cleaner.blocks.markdown_marks import Settled, settle_marks
from cleaner.blocks.markdown_parser import markdown_parser
from cleaner.blocks.markdown_source import prepared
from cleaner.blocks.text_head import read_head
from cleaner.blocks.text_lines import ends_sentence, is_wrapped, split_lines, wrap_width
from cleaner.blocks.text_spans import bare_links, numbered, row, split_paragraphs, squash
from cleaner.types import Block, Capture, Kind, Page, Span, SpanKind

_IMAGE = r"!\[[^\]\n]*\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"\n]*\")?\)"
_IMAGE_LINE = re.compile(rf"^\s*(?:(?:{_IMAGE}|\[\s*{_IMAGE}\s*\]\([^()\s]*\))\s*)+\\?$")
_HASHES = re.compile(r"\s*(?:(#{1,6})\s+(?=\S)|(#{2,6})(?=\w))")
_OPEN_TARGET = re.compile(r"\]\([^)]*$")
_BRACKETS = "[]! \n"
_DOUBLE_BLANK = re.compile(r" {2,}$")

_LONGEST_UNDERLINED = 120
"""Characters of an underlined heading; longer text over a rule is a paragraph."""
_PROSE = 80
"""Characters of a single cell that is a paragraph rather than a row."""
_FEWEST_LOOSE = 6
_LOOSE_SHARE = 0.9
"""A capture of so many lines, with so few blank ones between, has a paragraph a line."""


def read_markdown(capture: Capture) -> Page:
    """Return the blocks of a Markdown capture, each with its lines.

    Front matter and a reader service's head become facts. Never raises for any
    text; cost grows linearly with it.
    """
    lines = split_lines(capture.text)
    facts, first = read_head(lines)
    source = [*[""] * first, *prepared(lines[first:])]
    env: dict[str, object] = {}
    tokens: list[Token] = []
    parser = markdown_parser()
    parser.block.parse("\n".join(source), parser, env, tokens)
    drafts = _Walk(source, env).drafts(tokens)
    settled = iter(settle_marks([text for draft in drafts for text in draft.texts]))
    blocks = (b for d in drafts for b in _blocks(d, [next(settled) for _ in d.texts]))
    return Page(
        capture=capture,
        blocks=numbered(join_broken(list(blocks))),
        facts=facts,
        base_url=capture.url,
        warnings=capture.warnings,
    )


@dataclass(slots=True)
class _Draft:
    """A block before its text is settled: ``texts`` are the cells of a row, else one text."""

    block: Block
    texts: list[InlineText] = field(default_factory=list)
    header: bool = False


@dataclass(slots=True)
class _Item:
    """An open list item; its first block carries the number, further ones continue it."""

    ordinal: int | None
    begun: bool = False


class _Walk:
    """Turns the parser's flat tokens into drafts; a stack holds the open lists."""

    def __init__(self, source: Sequence[str], env: dict[str, object]) -> None:
        self._source = source
        self._env = env
        self._width = wrap_width(source)
        self._is_loose = self._width is None and _is_loose(source)
        self._items: list[_Item] = []
        self._lists = 0
        self._quotes = 0
        self._groups = 0
        self._group = -1
        self._table_group = -1
        self._table_end = -1

    def drafts(self, tokens: Sequence[Token]) -> list[_Draft]:
        """Return the drafts of a page."""
        found: list[_Draft] = []
        heading: Token | None = None
        for token in self._with_whole_headings(tokens):
            if token.type == "heading_open":
                heading = token
            elif token.type == "heading_close":
                heading = None
            elif token.type == "inline":
                found.extend(self._text(token, heading))
            elif token.type in ("fence", "code_block"):
                found.append(_Draft(self._code(token)))
            elif token.type == "table_row":
                found.append(self._row(token))
            else:
                self._nest(token)
        return found

    def _with_whole_headings(self, tokens: Sequence[Token]) -> Iterator[Token]:
        """Yield the tokens; a heading takes back the lines that wrapping cut off it.

        Converters wrap headings, too, and Markdown then reads their further
        lines as a paragraph.
        """
        position = 0
        while position < len(tokens):
            token = tokens[position]
            following = tokens[position + 1 : position + 5]
            if token.type == "heading_open" and self._is_cut(token, following):
                text, close, _, rest = following
                lines = [_lines(token)[0] - 1, _lines(rest)[1]]
                yield token.copy(map=lines)
                yield text.copy(content=f"{text.content}\n{rest.content}", map=lines)
                yield close
                position += 6
            else:
                yield token
                position += 1

    def _is_cut(self, heading: Token, following: Sequence[Token]) -> bool:
        """Say whether a heading goes on in the paragraph on the very next line."""
        if len(following) < 4 or following[2].type != "paragraph_open":
            return False
        text, rest = following[0], following[3]
        _, last = _lines(heading)
        if heading.markup in ("-", "=") or _lines(rest)[0] != last + 1:
            return False
        if text.content.count("[") > text.content.count("]") or _OPEN_TARGET.search(text.content):
            return True
        before, after = self._source[last - 1].rstrip(), self._source[last].strip()
        return self._width is not None and is_wrapped(before, after, self._width)

    def _nest(self, token: Token) -> None:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            if not self._lists:
                self._group = self._new_group()
            self._lists += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self._lists -= 1
            if not self._lists:
                self._group = -1
        elif token.type == "list_item_open":
            self._items.append(_Item(int(token.info) if token.info else None))
        elif token.type == "list_item_close":
            self._items.pop()
        elif token.type in ("blockquote_open", "blockquote_close"):
            self._quotes += token.nesting

    def _new_group(self) -> int:
        self._groups += 1
        return self._groups - 1

    def _block(self, kind: Kind, lines: tuple[int, int]) -> Block:
        """Return an empty block with what the place in lists and quotes gives it."""
        return Block(0, kind, "", quote_depth=self._quotes, group=self._group, lines=lines)

    def _code(self, token: Token) -> Block:
        language = token.info.split()[0].strip("{}.") if token.info.split() else ""
        block = self._block(Kind.CODE, _lines(token))
        return replace(block, text=token.content.strip("\n").rstrip(), language=language)

    def _row(self, token: Token) -> _Draft:
        block = self._block(Kind.TABLE_ROW, _lines(token))
        if block.lines and block.lines[0] != self._table_end + 1:
            self._table_group = self._new_group()
        self._table_end = block.lines[1] if block.lines else -1
        cells = [parse_inline(cell, self._env) for cell in token.meta["cells"]]
        return _Draft(replace(block, group=self._table_group), cells, token.meta["header"])

    def _text(self, token: Token, heading: Token | None) -> Iterator[_Draft]:
        first, last = _lines(token)
        if heading is not None and self._is_heading(token, heading):
            block = self._block(Kind.HEADING, _lines(heading))
            yield self._draft(replace(block, level=int(heading.tag[1])), token.content)
            return
        for content, begin, end in _split_lines_apart(token.content, self._is_loose):
            # The parser trims blank lines off a content; its lines then start with the block's.
            lines = (min(first + begin, last), min(first + end, last))
            yield self._draft(self._block(self._text_kind(), lines), content)

    def _text_kind(self) -> Kind:
        if self._items:
            return Kind.LIST_ITEM
        return Kind.QUOTE if self._quotes else Kind.PARAGRAPH

    def _draft(self, block: Block, content: str) -> _Draft:
        text = parse_inline(content, self._env)
        # An item begins with its first words: brackets alone are those of a linked image.
        if block.kind is Kind.LIST_ITEM and text.raw.strip(_BRACKETS):
            item = self._items[-1]
            block = replace(
                block,
                level=self._lists,
                ordinal=None if item.begun else item.ordinal,
                continues=item.begun,
            )
            item.begun = True
        return _Draft(block, [text])

    def _is_heading(self, token: Token, heading: Token) -> bool:
        """Say whether a line over a rule is its heading; one with ``#`` always is."""
        if heading.markup not in ("-", "="):
            return True
        content = token.content
        underline = self._source[_lines(heading)[1] - 1]
        if _DOUBLE_BLANK.search(underline):  # html2text's rule in a table of one column
            return False
        if abs(len(underline.strip()) - len(content)) <= 2:
            return True
        single = "\n" not in content and len(content) <= _LONGEST_UNDERLINED
        return single and not ends_sentence(content) and not content.endswith((",", ";", ":"))


def _lines(token: Token) -> tuple[int, int]:
    """Return the first and last line of a token, counted from 1."""
    start, end = token.map or (0, 1)
    return start + 1, max(end, start + 1)


def _is_loose(lines: Sequence[str]) -> bool:
    """Say whether every line is a paragraph: there is hardly a blank one between them."""
    filled = [bool(line.strip()) for line in lines]
    while filled and not filled[-1]:
        filled.pop()
    pairs = sum(a and b for a, b in pairwise(filled))
    count = sum(filled)
    return count >= _FEWEST_LOOSE and pairs >= _LOOSE_SHARE * (count - 1)


def _split_lines_apart(content: str, is_loose: bool) -> list[tuple[str, int, int]]:
    """Return the parts of a paragraph that are blocks of their own, with first and last line.

    Lines of images before and after the text are; in a loose capture, every line is.
    """
    lines = content.split("\n")
    if is_loose:
        return [(line, n, n) for n, line in enumerate(lines)]
    first, last = 0, len(lines)
    while first < last and _IMAGE_LINE.match(lines[first]):
        first += 1
    while last > first and _IMAGE_LINE.match(lines[last - 1]):
        last -= 1
    parts = [(lines[n], n, n) for n in range(first)]
    if first < last:
        parts.append(("\n".join(lines[first:last]), first, last - 1))
    return [*parts, *((lines[n], n, n) for n in range(last, len(lines)))]


def _images(block: Block, spans: Iterable[Span]) -> Iterator[Block]:
    """Return a block for each image of a text that holds nothing else."""
    for span in spans:
        if span.kind is SpanKind.IMAGE:
            image = (span._replace(start=0, end=0),)
            yield replace(block, kind=Kind.IMAGE, text=span.title, spans=image, level=0)


def _blocks(draft: _Draft, settled: Sequence[Settled]) -> Iterator[Block]:
    """Return the blocks of a draft: none if no text is left, several if a link held paragraphs."""
    block = draft.block
    if block.kind is Kind.CODE:
        if block.text.strip():
            yield block
    elif block.kind is Kind.TABLE_ROW:
        yield from _row_blocks(draft, settled)
    else:
        text, marks = draft.texts[0], settled[0]
        hashes = _HASHES.match(text.raw) if block.kind is not Kind.HEADING else None
        if hashes:
            marks.drops.append(hashes.span())
        paragraphs = block.kind is not Kind.HEADING
        squashed = squash(text.raw, marks.spans, marks.drops, paragraphs=paragraphs)
        for number, (part, spans) in enumerate(split_paragraphs(*squashed)):
            made = replace(block, text=part, spans=bare_links(part, spans))
            if number and block.kind is Kind.LIST_ITEM:
                made = replace(made, ordinal=None, continues=True)
            if hashes and not number and "\n" not in part:
                level = len(hashes[1] or hashes[2])
                made = replace(made, kind=Kind.HEADING, level=level, ordinal=None, continues=False)
            if part:
                yield made
        if not squashed[0]:
            yield from _images(block, squashed[1])


def _row_blocks(draft: _Draft, settled: Sequence[Settled]) -> Iterator[Block]:
    cells = [
        (*squash(text.raw, marks.spans, marks.drops), draft.header)
        for text, marks in zip(draft.texts, settled, strict=True)
    ]
    text, spans, places = row(cells)
    if len(cells) == 1 and len(text) >= _PROSE and ends_sentence(text):
        # A paragraph that a page laid out in a table: one cell over all columns.
        yield replace(draft.block, kind=Kind.PARAGRAPH, text=text, spans=bare_links(text, spans))
    elif text.strip():
        yield replace(draft.block, text=text, spans=bare_links(text, spans), cells=places)
    else:
        yield from _images(draft.block, spans)
