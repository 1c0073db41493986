"""The text of one block while it is read: white space collapsed, spans with their offsets."""

from __future__ import annotations

import re
import unicodedata

from cleaner.blocks.signs import DENSE
from cleaner.types import Cell, Span, SpanKind

_EDGES = " \n\t\u200b\u2060\ufeff"
_LONGEST_MARK = 3
_SENTENCE_ENDS = frozenset(".!?…")

_DENSE = re.compile(rf"[{DENSE}\d]")
"""Letters of scripts that are written without blanks, and the digits amid them."""

_LEADING = re.compile("(?:[ \t]*\n)*[\u200b\u2060\ufeff]*")
"""Blank lines before preformatted text, whose first line keeps its indent."""

_MAY_LEAD = frozenset(" \t\n\u200b\u2060\ufeff")


class OpenSpan:
    """An inline element that is open; it may run over several blocks, as a card's link does."""

    __slots__ = ("kind", "start", "target")

    def __init__(self, kind: SpanKind, target: str = "") -> None:
        self.kind = kind
        self.target = target
        self.start = -1  # where its text begins in the block at hand; -1: no text yet


class InlineText:
    """Collects the text and spans of one block.

    A blank or a line break is held back until text follows, so that blocks neither begin nor
    end with white space and no two blanks meet. What few blocks change stands on the class until
    it is set.
    """

    element = -1
    """The element that all text so far stands in; -1 before there is any."""
    is_begun = False
    """Whether there is text or an image."""
    length = 0
    """Characters so far, but for white space held back."""
    _gap = ""
    _image_after_gap = False
    _cell: tuple[int, bool, int] | None = None

    def __init__(self) -> None:
        self.images: list[Span] = []
        self._pieces: list[str] = []
        self._spans: list[Span] = []
        self._cells: list[Cell] = []

    @property
    def at_line_break(self) -> bool:
        """Whether a line break is held back, with nothing after it."""
        return self._gap == "\n" and not self._image_after_gap

    def part_words(self, text: str, any_script: bool) -> None:
        """Ask for a blank where the text would run into the last word.

        Between letters of scripts that are written without blanks only with ``any_script``.
        """
        if self._gap or not self._pieces:
            return
        last, first = self._pieces[-1][-1:], text[0]
        if not last:  # all text so far was taken back
            return
        if not first.isalnum() or not _ends_word(last, first):
            return
        is_dense = _DENSE.match(last) and _DENSE.match(first) and not (last + first).isdigit()
        if any_script or not is_dense:
            self._gap = " "

    def add(self, text: str, open_spans: list[OpenSpan]) -> bool:
        """Add text that is not white space alone, with its white space collapsed.

        Returns whether anything is left of it.
        """
        if "\xad" in text:
            text = text.replace("\xad", "")
        words = " ".join(text.split())
        if not words:
            return False
        if text[0] != words[0] and self._gap != "\n":
            self._gap = " "
        self.add_preformatted(words, open_spans)
        if text[-1] != words[-1]:
            self._gap = " "
        return True

    def add_preformatted(self, text: str, open_spans: list[OpenSpan]) -> None:
        """Add text with its white space kept."""
        length = self.length
        if self._gap:
            if length:
                self._pieces.append(self._gap)
                length += 1
            self._gap = ""
        if open_spans:
            for span in reversed(open_spans):
                if span.start >= 0:
                    break  # it and all around it have text already
                span.start = length
        self._pieces.append(text)
        self.length = length + len(text)
        self.is_begun = True

    def gap(self, character: str) -> None:
        """Ask for a blank, or the stronger line break, before the next text."""
        if self._gap != "\n":
            self._gap = character
        self._image_after_gap = False

    def cut_mark(self, span: OpenSpan, marks: frozenset[str]) -> str:
        """Take back the text of a span that ends here, if it is one of the marks; return it."""
        if span.start < 0 or self.length - span.start > _LONGEST_MARK:
            return ""
        text = "".join(self._pieces)
        mark = text[span.start :]
        if mark.strip() not in marks:
            return ""
        rest = text[: span.start].rstrip(" ")
        self._pieces, self.length = [rest], len(rest)
        self.is_begun = bool(rest or self.images)
        span.start = -1
        return mark.strip()

    def close(self, span: OpenSpan) -> None:
        """End a span where the text ends now."""
        if 0 <= span.start < self.length:
            self._spans.append(Span(span.start, self.length, span.kind, span.target))
        span.start = -1

    def image(self, target: str, title: str) -> None:
        """Note an image at the end of the text so far."""
        self.is_begun = self._image_after_gap = True
        self.images.append(Span(self.length, self.length, SpanKind.IMAGE, target, title))

    def begin_cell(self, header: bool, columns: int) -> None:
        """Begin a table cell; a tab parts it from the one before."""
        self.end_cell()
        if self._cells:
            self._pieces.append("\t")
            self.length += 1
        self._gap = ""
        self._cell = (self.length, header, columns)

    def end_cell(self) -> None:
        """End the open cell, if there is one."""
        if self._cell is not None:
            start, header, columns = self._cell
            self._cells.append(Cell(start, self.length, header, columns))
            self._cell = None
            self._gap = ""

    def finish(self, open_spans: list[OpenSpan]) -> tuple[str, tuple[Span, ...], tuple[Cell, ...]]:
        """Return text, spans in their order, and cells. Open spans go on in the next block."""
        if self._cell is not None:
            self.end_cell()
        if open_spans:
            for span in reversed(open_spans):
                self.close(span)
        text = "".join(self._pieces)
        spans = self._spans + self.images if self.images else self._spans
        if self._cells:
            return text, _sorted(spans), tuple(self._cells)
        shift = _LEADING.match(text).end() if text[:1] in _MAY_LEAD else 0  # type: ignore[union-attr]
        trimmed = text[shift:].rstrip(_EDGES)
        if spans:
            if len(trimmed) < len(text):
                spans = _moved(spans, shift, len(trimmed))
            return trimmed, _sorted(spans), ()
        return trimmed, (), ()


def _ends_word(last: str, first: str) -> bool:
    """Return whether a word or a sentence ends with ``last``, seen from the letter after it."""
    if last.isalnum() or last in _SENTENCE_ENDS:
        return True
    return (last == ":" and not first.isdigit()) or unicodedata.category(last)[0] == "M"


def _moved(spans: list[Span], shift: int, length: int) -> list[Span]:
    """Return the spans after ``shift`` characters were cut before them, within ``length``."""
    moved: list[Span] = []
    for span in spans:
        start = min(max(span.start - shift, 0), length)
        end = min(max(span.end - shift, 0), length)
        if start < end or span.kind is SpanKind.IMAGE:
            moved.append(Span(start, end, span.kind, span.target, span.title))
    return moved


def _sorted(spans: list[Span]) -> tuple[Span, ...]:
    if len(spans) < 2:
        return tuple(spans)
    return tuple(sorted(spans, key=lambda span: (span.start, -span.end)))
