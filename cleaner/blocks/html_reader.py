"""Hears the events of an HTML parser and reads blocks from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cleaner.blocks.html_frames import BLOCK, GAP
from cleaner.blocks.html_roles import (
    CUSTOM,
    LOOKS,
    NAMES,
    OTHER,
    ROLES,
    TRAITS,
)
from cleaner.blocks.html_tables import TableBuffer, judge_tables
from cleaner.blocks.html_walk import Walk
from cleaner.types import Kind

_CODE = Kind.CODE


class UnseenElement:
    """A script, a style or the like while it is open: its text is none of the page's."""

    def __init__(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self._depth = 1

    def start(self, tag: str, attributes: Mapping[str, str], texts: list[str]) -> None:
        """Hear of an element in it, which only broken pages have; the text before it is lost."""
        self._depth += 1
        texts.clear()

    def end(self, texts: list[str]) -> bool:
        """Hear of the end of an element; return whether it is its own."""
        self._depth -= 1
        return self._depth == 0


class HtmlReader(Walk):
    """Reads a page from its events; without recursion, each event once, but for tables twice.

    The methods are those that lxml calls on a parser's target; ``data`` takes a text or a part
    of one. All is read after ``close``.
    """

    def __init__(self) -> None:
        super().__init__()
        self.json_ld: list[str] = []
        self.base = ""
        self._texts: list[str] = []
        """The pieces of a text, which parsers cut at entities."""
        self.data: Callable[[str], None] = self._texts.append
        self._held: TableBuffer | UnseenElement | None = None
        """The open element that is read when it ends."""

    def start(self, tag: str, attrib: Mapping[str, str]) -> None:
        """Hear of the start of an element."""
        if self._held is not None:
            self._held.start(tag, attrib, self._texts)
            return
        if self._texts:
            self._end_text()
        role = ROLES.get(tag) or (CUSTOM if "-" in tag else OTHER)
        if role.is_held and self._hold(tag, attrib):
            return
        context, element = self._context, self._element
        is_block = role.is_block
        if is_block is None:
            is_block = self._is_block_here(tag, context)
        if context.in_drawing and self._stays_in_drawing(tag, is_block):
            closing = GAP if role.is_control else 0
            self._open.append((role, attrib, closing, context, element))
            return
        traits, names, closing, reason = role.traits, "", 0, ""
        for name, value in attrib.items():
            if name in TRAITS:
                trait = TRAITS[name]
                traits |= trait
                if trait & NAMES:
                    names = f"{names} {value}" if names else value
        if role.is_noted and (attrib or role.is_noted_bare):
            closing = self._note_element(tag, attrib, names, traits)
        if traits & LOOKS and not context.hidden:
            reason = self._hidden_reason(tag, attrib, traits)
        if not is_block:
            closing |= self._enter_inline(tag, attrib, role, reason)
        elif context.in_row:
            closing |= self._enter_in_row(tag, attrib, role)
        else:
            closing |= BLOCK
            if self._inline.is_begun:
                self._flush(context, element, 1)
            if reason:
                self._hide(reason)
            if not role.is_neutral:
                self._enter_block(tag, attrib)
        self._open.append((role, attrib, closing, context, element))

    def end(self, tag: str) -> None:
        """Hear of the end of the innermost element; ``tag`` is its name."""
        if self._held is not None:
            if self._held.end(self._texts):
                self._release()
            return
        if self._texts:
            self._end_text()
        self._closed = closed = self._open.pop()
        _, _, closing, context, element = closed
        if closing > BLOCK:
            self._finish(closing)
        if closing & BLOCK:
            self._closed = None
            if self._inline.is_begun:
                self._flush(self._context, self._element)
        self._context = context
        self._element = element

    def close(self) -> None:
        """Hear of the end of the page."""
        if self._texts and self._held is None:
            self._end_text()
        if self._inline.is_begun:
            self._flush(self._context, self._element)

    def _end_text(self) -> None:
        """Read the text that ends here."""
        texts, collectors = self._texts, self.facts.open
        text = texts[0]
        if text.isspace() and not collectors and self._context.kind is not _CODE:
            if self._inline.length or self._inline.is_begun:
                self._inline.gap(" ")
            if len(texts) == 1:
                texts.clear()
                return
        if len(texts) > 1:
            text = "".join(texts)
        texts.clear()
        if collectors:
            self.facts.text(text)
        self._add_text(text)

    def _hold(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """Hold back what an element holds until it ends, unless it is a table judged already."""
        if tag != "table":
            self._held = UnseenElement(tag, attributes)
        elif not self._data_tables:
            self._held = TableBuffer()
            self._held.start(tag, attributes, self._texts)
        return self._held is not None

    def _release(self) -> None:
        """Read the element that was held back and has ended."""
        held, self._held = self._held, None
        if isinstance(held, TableBuffer):
            self._read_table(held)
        elif held is not None:
            self._read_unseen(held)

    def _read_table(self, table: TableBuffer) -> None:
        """Read a table whose end was reached: now it is known what it is for."""
        self._data_tables = judge_tables(table.events)[::-1]
        for event in table.events:
            if event is None:
                self.end("")
            elif isinstance(event, str):
                self.data(event)
            else:
                self.start(*event)

    def _read_unseen(self, element: UnseenElement) -> None:
        """Note what an element without text for a reader tells machines."""
        text = "".join(self._texts)
        self._texts.clear()
        tag, attributes = element.tag, element.attributes
        if tag == "script":
            if "ld+json" in (attributes.get("type") or "").lower() and text:
                self.json_ld.append(text)
        elif tag == "base":
            self.base = self.base or (attributes.get("href") or "").strip()
        elif tag != "style" and not self._context.in_drawing:
            self.facts.head(tag, attributes, text)
