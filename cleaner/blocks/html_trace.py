"""Where each block of an HTML page stands in its source: for views of the page, not for cleaning.

The reader that makes the blocks is asked itself, with the parser's events numbered; so a text in a
bare ``div``, or between two ``<br>``, is found as surely as a paragraph. Cleaning pays nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cleaner.blocks.html import read_capture_events
from cleaner.blocks.html_blocks import BlockList
from cleaner.blocks.html_frames import Context
from cleaner.blocks.html_reader import HtmlReader
from cleaner.blocks.html_tables import Event
from cleaner.blocks.inline import InlineText, OpenSpan
from cleaner.types import Block, Capture, Kind


class SourceText(str):
    """A text between two tags, whole, and its position among the events."""

    __slots__ = ("position",)
    position: int


class SourceAttributes(dict[str, str]):
    """An element's attributes, and the position of its start among the events."""

    __slots__ = ("position",)
    position: int


@dataclass(frozen=True, slots=True)
class Trace:
    """The events of a page's source, and which block each of them gave its text to."""

    events: tuple[Event, ...]
    owners: Mapping[int, int]
    """Position of a text, an image or a button among ``events`` to its block's index."""
    blocks: tuple[Block, ...]
    """The blocks as ``read_html`` gives them."""


class EventList:
    """Hears a parser, and holds what it tells; a text between two tags is one event."""

    def __init__(self) -> None:
        self.elements: list[Event] = []
        self._texts: list[str] = []

    def start(self, tag: str, attrib: Mapping[str, str]) -> None:
        """Hear of the start of an element."""
        self._end_text()
        attributes = SourceAttributes(attrib)
        attributes.position = len(self.elements)
        self.elements.append((tag, attributes))

    def data(self, text: str) -> None:
        """Hear of a text, or a part of one."""
        self._texts.append(text)

    def end(self, tag: str) -> None:
        """Hear of the end of the innermost element."""
        self._end_text()
        self.elements.append(None)

    def close(self) -> None:
        """Hear of the end of the page."""
        self._end_text()

    def _end_text(self) -> None:
        if not self._texts:
            return
        text = SourceText("".join(self._texts))
        text.position = len(self.elements)
        self.elements.append(text)
        self._texts.clear()


def trace_html(capture: Capture) -> Trace:
    """Read an HTML capture once more, and note which block each text of its source is in.

    Raises ``ParseError`` where ``read_html`` does.
    """
    events = EventList()
    read_capture_events(capture, events)
    reader = _TracingReader()
    for event in events.elements:
        if event is None:
            reader.end("")
        elif isinstance(event, str):
            reader.data(event)
        else:
            reader.start(*event)
    reader.close()
    traced = reader.traced
    return Trace(tuple(events.elements), traced.owners, tuple(traced.blocks))


class _TracedBlocks(BlockList):
    """Notes which events a block came from when it is made."""

    def __init__(self) -> None:
        super().__init__()
        self.owners: dict[int, int] = {}
        self.texts: dict[InlineText, list[int]] = {}
        """The positions of the texts, images and buttons in a block that is not made yet."""
        self.images: dict[InlineText, list[int]] = {}

    def add(
        self,
        inline: InlineText,
        spans: list[OpenSpan],
        context: Context,
        element: int,
        language: str,
    ) -> None:
        """Add what was collected, and note where it came from."""
        first = len(self.blocks)
        super().add(inline, spans, context, element, language)
        texts, images = self.texts.pop(inline, []), self.images.pop(inline, [])
        added = range(first, len(self.blocks))
        if not added:
            return
        if self.blocks[first].kind is Kind.IMAGE:
            self.owners.update(zip(images, added, strict=False))
        else:
            self.owners.update(dict.fromkeys([*texts, *images], first))


class _TracingReader(HtmlReader):
    """Reads blocks, and notes the position of each event that gives its text to one."""

    def __init__(self) -> None:
        super().__init__()
        self.block_list = self.traced = _TracedBlocks()
        self._button = -1

    def _add_text(self, text: str) -> None:
        inline, length = self._inline, self._inline.length
        super()._add_text(text)
        position = text.position if isinstance(text, SourceText) else self._button
        if inline.length > length and position >= 0:
            self.traced.texts.setdefault(inline, []).append(position)

    def _image(self, attributes: Mapping[str, str]) -> None:
        inline, count = self._inline, len(self._inline.images)
        super()._image(attributes)
        if len(inline.images) > count and isinstance(attributes, SourceAttributes):
            self.traced.images.setdefault(inline, []).append(attributes.position)

    def _input(self, attributes: Mapping[str, str]) -> None:
        self._button = attributes.position if isinstance(attributes, SourceAttributes) else -1
        super()._input(attributes)
        self._button = -1

    def _cut_permalink(self, span: OpenSpan) -> None:
        inline, length = self._inline, self._inline.length
        first = len(self.traced.blocks)
        super()._cut_permalink(span)
        texts = self.traced.texts.get(inline)
        if inline.length >= length or not texts:
            return
        position = texts.pop()
        if len(self.traced.blocks) > first:
            self.traced.owners[position] = first
