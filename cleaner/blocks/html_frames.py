"""What the walk over an HTML tree remembers of the elements that are open."""

from __future__ import annotations

from cleaner.blocks.inline import InlineText, OpenSpan
from cleaner.types import Kind


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
        other.language = self.language
        return other


class Frame:
    """An open element: its context, and what has to be undone at its end."""

    __slots__ = (
        "aside",
        "context",
        "element",
        "has_class",
        "is_block",
        "is_cell",
        "parent",
        "span",
        "tag",
    )

    def __init__(self, tag: str, context: Context, element: int, parent: Frame | None) -> None:
        self.tag = tag
        self.context = context
        self.element = element
        self.parent = parent
        self.has_class = False
        self.is_block = False
        self.is_cell = False
        self.span: OpenSpan | None = None
        self.aside: tuple[InlineText, list[OpenSpan]] | None = None
