"""Tables: those that hold data, in rows and columns, told from those that lay out a page."""

from __future__ import annotations

from collections.abc import Mapping

Event = tuple[str, Mapping[str, str]] | str | None
"""What a parser tells: the start of an element with its attributes, a text, the end of one."""

LONG_CELL = 400
"""Characters; data tables have few longer cells."""

LONG_PARAGRAPH = 100
"""Characters of a paragraph in a cell that is running text."""

_BLOCKS_IN_CELLS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "form", "article", "section"})


class TableBuffer:
    """Holds the events of a table until its end: only then is it known what the table is for."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._depth = 0

    def start(self, tag: str, attributes: Mapping[str, str], texts: list[str]) -> None:
        """Add the start of an element, and the texts before it."""
        self._add_texts(texts)
        self.events.append((tag, attributes))
        self._depth += 1

    def end(self, texts: list[str]) -> bool:
        """Add the end of an element, and the texts before it; return whether the table ends."""
        self._add_texts(texts)
        self.events.append(None)
        self._depth -= 1
        return self._depth == 0

    def _add_texts(self, texts: list[str]) -> None:
        self.events.extend(texts)
        texts.clear()


class _Table:
    """What is counted of a table while its events pass."""

    __slots__ = (
        "cells",
        "headers",
        "is_layout",
        "long_cells",
        "paragraphs",
        "rows",
        "widest",
        "width",
    )

    def __init__(self, role: str) -> None:
        self.is_layout = role in ("presentation", "none")
        self.rows = self.cells = self.headers = self.width = self.widest = 0
        self.long_cells = self.paragraphs = 0

    def start(self, tag: str) -> None:
        if tag == "tr":
            self.rows += 1
            self.width = 0
        elif tag in ("td", "th"):
            self.cells += 1
            self.width += 1
            self.widest = max(self.widest, self.width)
            self.headers += tag == "th"
        elif tag in ("caption", "thead"):
            self.headers += 1
        elif tag in _BLOCKS_IN_CELLS:
            self.is_layout = True

    def end(self, tag: str, length: int) -> None:
        if tag == "p":
            self.paragraphs += length > LONG_PARAGRAPH
        elif tag in ("td", "th"):
            self.long_cells += length > LONG_CELL

    def holds_data(self) -> bool:
        if self.is_layout or self.widest < 2:
            return False
        if self.long_cells * 4 > self.cells or self.paragraphs > self.cells:
            return False
        return self.headers > 0 or (self.rows >= 3 and self.paragraphs * 4 <= self.cells)


def judge_tables(events: list[Event]) -> list[bool]:
    """Return for each table, in the order of their starts, whether it holds data.

    One pass; a table with another in it lays out a page.
    """
    tables: list[_Table] = []
    around: list[_Table] = []
    tags: list[str] = []
    lengths: list[int] = []  # of the text directly in each open element
    for event in events:
        if event is None:
            tag, length = tags.pop(), lengths.pop()
            if tag == "table":
                around.pop()
            elif around:
                around[-1].end(tag, length)
        elif isinstance(event, str):
            if lengths:
                lengths[-1] += len(event)
        else:
            tag, attributes = event
            tags.append(tag)
            lengths.append(0)
            if tag == "table":
                if around:
                    around[-1].is_layout = True
                around.append(_Table(attributes.get("role") or ""))
                tables.append(around[-1])
            elif around:
                around[-1].start(tag)
    return [table.holds_data() for table in tables]
