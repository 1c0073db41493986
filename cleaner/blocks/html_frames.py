"""What the reader of HTML remembers of the elements that are open."""

from __future__ import annotations

from collections.abc import Mapping

from cleaner.blocks.html_look import code_language, whole_number
from cleaner.blocks.html_roles import ROLES, Role
from cleaner.types import Kind

SURELY = 2
"""Two inline elements that touch are two words in any script."""

WRAPPERS = 3
"""Elements around preformatted text that may note its language."""

# What is done at the end of an element; a sum of these is kept of each that is open.
BLOCK = 1
"""It ends the block at hand."""
GAP = 2
"""A blank follows it."""
CELL = 4
"""It ends a table cell."""
SPAN = 8
"""It ends the innermost span."""
FACTS = 16
"""It ends the innermost text that a fact is made of."""
ASIDE = 32
"""It ends a block amid another, which goes on."""

_SPAN_ROLE = ROLES["span"]


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


OpenElement = tuple[Role, Mapping[str, str], int, Context, int]
"""Role, attributes, what is done at its end, and context and position of the element around it,
which hold again after it. A plain tuple: one is made for each element of a page."""


def language_around(context: Context, opened: list[OpenElement], inner: int) -> str:
    """Return the language of code: its own, or that which an element around it notes.

    The last ``inner`` of the open elements are not around it.
    """
    if context.language:
        return context.language
    end = len(opened) - inner
    around = opened[max(end - WRAPPERS, 0) : end]
    return next(filter(None, (code_language(element[1]) for element in reversed(around))), "")


def set_apart(
    closed: OpenElement, role: Role, attributes: Mapping[str, str], context: Context
) -> int:
    """Return how surely two inline elements that touch are two words for a reader.

    The second one is given by its parts. ``SURELY`` (2) for links, buttons and times; 1 if one is
    such or the first is hidden, if both have a class name to be styled by, or for two spans
    outside of a paragraph; else 0.
    """
    before, attributes_before, closing, _, _ = closed
    apart = (before.is_apart or closing & ASIDE > 0) + role.is_apart
    if apart:
        return apart
    if "class" in attributes_before and "class" in attributes:
        return 1
    return int(before is role is _SPAN_ROLE and not context.in_text)


def next_ordinal(attributes: Mapping[str, str], counter: Counter | None) -> int | None:
    """Return an item's number, and count on."""
    if counter is None:
        return None
    number = whole_number(attributes.get("value"), counter.next)
    counter.next = number + 1
    return number
