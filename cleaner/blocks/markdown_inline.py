"""The text of one Markdown block: inline marks become spans."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from markdown_it.token import Token

from cleaner.blocks.html_tags import CONTAINERS, KINDS, SPANS
from cleaner.blocks.markdown_parser import markdown_parser
from cleaner.blocks.markdown_repair import repaired
from cleaner.blocks.text_lines import glue
from cleaner.blocks.text_spans import Range
from cleaner.types import Span, SpanKind

LONGEST_CONTENT = 10_000
"""Characters parsed in one go; longer text is parsed in parts, so that cost stays linear."""
MOST_OPEN_BRACKETS = 50
"""Brackets that are never closed, in one part; with more of them they are taken as text."""

_MARK_SPANS = {
    "em": SpanKind.EMPHASIS,
    "strong": SpanKind.STRONG,
    "link": SpanKind.LINK,
}
_BREAKING_TAGS = (CONTAINERS | frozenset(KINDS) | {"br"}) - {"td", "th"}
_INLINE_TAGS = frozenset(
    """
    abbr acronym area audio base basefont bdi bdo big blink button canvas col colgroup data datalist
    del embed font g iframe input ins label link map mark marquee math meta meter nobr object
    optgroup option output param path picture progress q rp rt ruby s small source span strike sub
    sup svg time track u use video wbr
    """.split()
)
_KNOWN_TAGS = _INLINE_TAGS | {"td", "th"}
_UNSEEN_TAGS = frozenset({"script", "style"})
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_ATTRIBUTE = re.compile(r"\b(href|src|alt)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))", re.I)


@dataclass(slots=True)
class InlineText:
    """The text of a block as parsed, before white space is squashed and stray marks are dropped.

    ``raw`` holds ``\\n`` for line breaks alone; ``literal`` are the ranges of
    ``raw`` in which every character is meant as it stands.
    """

    raw: str = ""
    spans: list[Span] = field(default_factory=list)
    literal: list[Range] = field(default_factory=list)


def parse_inline(content: str, env: dict[str, object]) -> InlineText:
    """Return the text and spans of a block's content; ``env`` holds the link references."""
    content = repaired(content)
    reader = _InlineReader()
    for part in _parts(content):
        reader.read(markdown_parser().inline.parse(part, markdown_parser(), env, []))
    return reader.result()


def _parts(content: str) -> list[str]:
    """Split very long content, at white space if there is any, and defuse endless brackets."""
    if len(content) <= LONGEST_CONTENT:
        return [_fewer_brackets(content)]
    parts: list[str] = []
    start = 0
    while start < len(content):
        end = start + LONGEST_CONTENT
        if end < len(content):
            cut = max(content.rfind(" ", start, end), content.rfind("\n", start, end))
            end = cut + 1 if cut > start else end
        parts.append(_fewer_brackets(content[start:end]))
        start = end
    return parts


def _fewer_brackets(part: str) -> str:
    """Escape the opening brackets of a part that leaves too many of them open."""
    if part.count("[") - part.count("]") <= MOST_OPEN_BRACKETS:
        return part
    return re.sub(r"(?<!\\)\[", r"\\[", part)


class _InlineReader:
    """Collects the text of inline tokens, and the spans that are open."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._spans: list[Span] = []
        self._literal: list[Range] = []
        self._open: list[tuple[str, SpanKind, int, str]] = []  # name, kind, start, target
        self._after_image = -1  # where the last image stands
        self._after_link = -1  # where the last link ends
        self._last_closings: dict[str, int] = {}  # of each tag, in the tokens at hand
        self._unseen = ""  # the name of the tag whose content is skipped

    def result(self) -> InlineText:
        return InlineText("".join(self._pieces), self._spans, self._literal)

    def read(self, tokens: list[Token]) -> None:
        self._last_closings = {
            token.content[2:-1].strip().lower(): position
            for position, token in enumerate(tokens)
            if token.type == "html_inline" and token.content.startswith("</")
        }
        for position, token in enumerate(tokens):
            if token.type == "html_inline":
                self._tag(token.content, position)
            elif self._unseen:
                continue
            elif token.type == "text":
                self._add(token.content)
            elif token.type in ("text_special", "code_inline"):
                self._code_or_escape(token)
            elif token.type == "hardbreak":
                self._add("\n")
            elif token.type == "softbreak":
                following = tokens[position + 1].content if position + 1 < len(tokens) else ""
                before = self._pieces[-1] if self._pieces else ""
                self._add(glue(before, following) if following else " ")
            elif token.type == "image":
                self._image(str(token.attrs.get("src", "")), _alternative(token))
            else:
                self._mark(token)

    def _add(self, text: str) -> None:
        if self._after_image == self._length and text[:1].isalnum():
            if self._pieces and self._pieces[-1][-1:].isalnum():
                self._pieces.append(" ")
                self._length += 1
            self._after_image = -1
        if "\xad" in text:
            text = text.replace("\xad", "")
        self._pieces.append(text)
        self._length += len(text)

    def _code_or_escape(self, token: Token) -> None:
        start = self._length
        self._add(token.content)
        self._literal.append((start, self._length))
        if token.type == "code_inline":
            self._spans.append(Span(start, self._length, SpanKind.CODE))

    def _image(self, source: str, alternative: str) -> None:
        if source or alternative:
            place = self._length
            self._after_image = place
            self._spans.append(Span(place, place, SpanKind.IMAGE, source, alternative))

    def _mark(self, token: Token) -> None:
        name, _, end = token.type.rpartition("_")
        kind = _MARK_SPANS.get(name)
        if kind is None:
            return
        if end == "open":
            self._begin(name, kind, str(token.attrs.get("href", "")))
            return
        start = self._end(name)
        if token.markup == "autolink" and start is not None:
            self._literal.append((start, self._length))

    def _begin(self, name: str, kind: SpanKind, target: str) -> None:
        # Two links that touch are still two words: style sheets set them apart.
        if kind is SpanKind.LINK and self._after_link == self._length > 0:
            self._add(" ")
        self._open.append((name, kind, self._length, target))

    def _end(self, name: str) -> int | None:
        """Close the innermost open span of that name; return its start."""
        for position in range(len(self._open) - 1, -1, -1):
            if self._open[position][0] == name:
                _, kind, start, target = self._open.pop(position)
                if kind is SpanKind.LINK:
                    self._after_link = self._length
                if start < self._length:
                    self._spans.append(Span(start, self._length, kind, target))
                return start
        return None

    def _tag(self, source: str, position: int) -> None:
        """Read a raw HTML tag: it vanishes, unless it is none that HTML knows."""
        match = _TAG.match(source)
        if match is None:  # a comment or a declaration
            return
        closing, name = bool(match[1]), match[2].lower()
        if self._unseen:
            if closing and name == self._unseen:
                self._unseen = ""
            return
        if name in _UNSEEN_TAGS:
            if not closing and self._last_closings.get(name, -1) > position:
                self._unseen = name
        elif name in _BREAKING_TAGS:
            self._add("\n")
        elif name in ("td", "th"):
            self._add(" ")
        elif name == "img":
            attributes = _attributes(source)
            self._image(attributes.get("src", ""), attributes.get("alt", ""))
        elif name in SPANS:
            if closing:
                self._end(f"<{name}>")
            else:
                self._begin(f"<{name}>", SPANS[name], _attributes(source).get("href", ""))
        elif name not in _KNOWN_TAGS and "-" not in name:
            start = self._length
            self._add(source)
            self._literal.append((start, self._length))


def _attributes(source: str) -> dict[str, str]:
    return {
        m[1].lower(): unescape(m[2] or m[3] or m[4] or "").strip()
        for m in _ATTRIBUTE.finditer(source)
    }


def _alternative(token: Token) -> str:
    children = token.children or []
    return " ".join("".join(c.content or " " for c in children).split())
