"""What the walk over an HTML tree remembers of the elements that are open."""

from __future__ import annotations

from collections.abc import Mapping

from cleaner.blocks.html_facts import Collector
from cleaner.blocks.html_look import code_language, whole_number
from cleaner.blocks.html_tags import APART, DRAWING_TEXTS
from cleaner.blocks.inline import InlineText, OpenSpan
from cleaner.types import Kind

SURELY = 2
"""Two inline elements that touch are two words in any script."""

WRAPPERS = 3
"""Elements around preformatted text that may note its language."""


class Counter:
    """The number that the next item of an ordered list gets."""

    __slots__ = ("next",)

    def __init__(self, start: int) -> None:
        self.next = start


class Item:
    """A list item or definition: its first block carries the number, further ones continue it."""

    __slots__ = ("begun", "ordinal")

    def __init__(self, ordinal: int | None) -> None:
        self.ordinal = ordinal
        self.begun = False


class Context:
    """What text inherits from the elements around it. Most elements change nothing of it."""

    __slots__ = (
        "counter",
        "group",
        "hidden",
        "in_drawing",
        "in_row",
        "in_text",
        "is_muted",
        "item",
        "kind",
        "language",
        "level",
        "list_level",
        "quote_depth",
    )

    def __init__(self) -> None:
        self.kind = Kind.PARAGRAPH
        self.level = 0
        self.list_level = 0
        self.quote_depth = 0
        self.counter: Counter | None = None
        self.item: Item | None = None
        self.group = -1
        self.hidden = ""
        self.in_text = False
        self.in_row = False
        self.in_drawing = False
        self.is_muted = False
        self.language = ""

    def copy(self) -> Context:
        """Return a context that may be changed for one element and what is in it."""
        other = Context.__new__(Context)
        other.kind = self.kind
        other.level = self.level
        other.list_level = self.list_level
        other.quote_depth = self.quote_depth
        other.counter = self.counter
        other.item = self.item
        other.group = self.group
        other.hidden = self.hidden
        other.in_text = self.in_text
        other.in_row = self.in_row
        other.in_drawing = self.in_drawing
        other.is_muted = self.is_muted
        other.language = self.language
        return other


class Frame:
    """An open element: its context, and what has to be undone at its end.

    What few elements need stands on the class until it is set: thousands of frames are made.
    """

    is_block = False
    is_cell = False
    span: OpenSpan | None = None
    aside: tuple[InlineText, list[OpenSpan]] | None = None
    collector: Collector | None = None

    def __init__(self, tag: str, attributes: Mapping[str, str], parent: Frame | None) -> None:
        self.tag = tag
        self.attributes = attributes
        self.parent = parent
        if parent is None:
            self.context = Context()
            self.element = -1
        else:
            self.context = parent.context
            self.element = parent.element


def enter_drawing(frame: Frame) -> None:
    """Enter a part of a drawing; the text of some of them nobody reads."""
    if frame.tag in DRAWING_TEXTS and not frame.context.is_muted:
        frame.context = frame.context.copy()
        frame.context.is_muted = True


def language_around(frame: Frame) -> str:
    """Return the language of code: its own, or that which an element around it notes."""
    if frame.context.language:
        return frame.context.language
    around = frame.parent
    for _ in range(WRAPPERS):
        if around is None:
            break
        language = code_language(around.attributes)
        if language:
            return language
        around = around.parent
    return ""


def set_apart(closed: Frame | None, opened: Frame) -> int:
    """Return how surely two inline elements that touch are two words for a reader.

    ``SURELY`` (2) for links, buttons and times; 1 if one is such or the first is hidden, if both
    have a class name to be styled by, or for two spans outside of a paragraph; else 0.
    """
    if closed is None:
        return 0
    apart = (closed.tag in APART or closed.aside is not None) + (opened.tag in APART)
    if apart:
        return apart
    if "class" in closed.attributes and "class" in opened.attributes:
        return 1
    return int(closed.tag == opened.tag == "span" and not opened.context.in_text)


def next_ordinal(attributes: Mapping[str, str], counter: Counter | None) -> int | None:
    """Return an item's number, and count on."""
    if counter is None:
        return None
    number = whole_number(attributes.get("value"), counter.next)
    counter.next = number + 1
    return number
