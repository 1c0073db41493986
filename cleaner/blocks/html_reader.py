"""Hears the events of an HTML parser and gives a walk what it can use of them."""

from __future__ import annotations

from collections.abc import Mapping

from cleaner.blocks.html_tables import Event, TableBuffer, judge_tables
from cleaner.blocks.html_tags import UNSEEN
from cleaner.blocks.html_walk import Walk


class HtmlReader:
    """Joins texts, waits for the end of tables, and keeps scripts and styles from the walk.

    The methods are those that lxml calls on a parser's target. ``walk`` is complete after
    ``close``.
    """

    def __init__(self) -> None:
        self.walk = Walk()
        self.json_ld: list[str] = []
        self.base = ""
        self._texts: list[str] = []
        """The pieces of a text, which parsers cut at entities."""
        self._table: TableBuffer | None = None
        self._unseen = 0
        """How many elements are open from a script, a style or the like inwards."""
        self._unseen_tag: tuple[str, Mapping[str, str]] = ("", {})

    def start(self, tag: str, attrib: Mapping[str, str]) -> None:
        """Hear of the start of an element."""
        if self._table is not None:
            self._table.add((tag, attrib))
            return
        if self._texts:
            self._end_text()
        if self._unseen:
            self._unseen += 1
        elif tag in UNSEEN:
            self._unseen = 1
            self._unseen_tag = (tag, attrib)
        elif tag == "table" and not self.walk.data_tables:
            self._table = TableBuffer()
            self._table.add((tag, attrib))
        else:
            self.walk.enter(tag, attrib)

    def data(self, data: str) -> None:
        """Hear a text, or a part of one."""
        walk = self.walk
        if self._table is not None:
            self._table.add(data)
        elif self._texts or self._unseen or not data.isspace():
            self._texts.append(data)
        elif walk.keeps_white_space or walk.facts.open:
            self._texts.append(data)
        else:
            walk.gap()

    def end(self, tag: str) -> None:
        """Hear of the end of the innermost element; ``tag`` is its name."""
        if self._table is not None:
            if self._table.add(None):
                self._read_table(self._table.events)
            return
        if self._unseen:
            self._unseen -= 1
            if not self._unseen:
                self._end_unseen()
            return
        if self._texts:
            self._end_text()
        self.walk.leave()

    def close(self) -> None:
        """Hear of the end of the page."""
        if self._texts:
            self._end_text()
        self.walk.finish()

    def _read_table(self, events: list[Event]) -> None:
        """Read a table whose end was reached: now it is known what it is for."""
        self._table = None
        self.walk.data_tables = judge_tables(events)[::-1]
        for event in events:
            if event is None:
                self.end("")
            elif isinstance(event, str):
                self.data(event)
            else:
                self.start(*event)

    def _end_text(self) -> None:
        text = self._texts[0] if len(self._texts) == 1 else "".join(self._texts)
        self._texts.clear()
        if not self._unseen:
            if self.walk.facts.open:
                self.walk.facts.text(text)
            self.walk.text(text)

    def _end_unseen(self) -> None:
        """Note what an element without text for a reader tells machines."""
        text = "".join(self._texts)
        self._texts.clear()
        tag, attributes = self._unseen_tag
        if tag == "script":
            if "ld+json" in (attributes.get("type") or "").lower() and text:
                self.json_ld.append(text)
        elif tag == "base":
            self.base = self.base or (attributes.get("href") or "").strip()
        elif tag != "style" and not self.walk.frame.context.in_drawing:
            self.walk.facts.head(tag, attributes, text)
