"""The place in an HTML page: which elements are open, and what they do to the text in them.

Block-level elements end the block at hand; the text between two ends is one block.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from cleaner.blocks.html_blocks import BlockList
from cleaner.blocks.html_facts import FactReader
from cleaner.blocks.html_frames import (
    ASIDE,
    CELL,
    FACTS,
    GAP,
    SPAN,
    SURELY,
    Context,
    Counter,
    Item,
    OpenElement,
    language_around,
    next_ordinal,
    set_apart,
)
from cleaner.blocks.html_look import (
    are_off_screen,
    code_language,
    hidden_reason,
    image_source,
    whole_number,
)
from cleaner.blocks.html_roles import HIDES, STATES, Role
from cleaner.blocks.html_tags import (
    DRAWING_TEXTS,
    IMAGES,
    INLINE_IN_TEXT,
    KINDS,
    LISTS,
    PERMALINK_MARKS,
    TEXT_BLOCKS,
)
from cleaner.blocks.inline import InlineText, OpenSpan
from cleaner.types import Element, Kind, SpanKind

MAX_SPANS = 40
"""Inline elements open at once that become spans; the text of deeper ones loses their mark."""

# Members of an enumeration are slow to look up, and these are looked up for every element.
_CODE = Kind.CODE
_CONTROL = Kind.CONTROL
_DEFINITION = Kind.DEFINITION
_HEADING = Kind.HEADING
_LIST_ITEM = Kind.LIST_ITEM
_PARAGRAPH = Kind.PARAGRAPH
_QUOTE = Kind.QUOTE
_TABLE_ROW = Kind.TABLE_ROW
_TERM = Kind.TERM

_CODE_SPAN = SpanKind.CODE

_new_element = partial(tuple.__new__, Element)
"""Makes an ``Element`` of a tuple; its own constructor is a Python function around this one."""

_SUBMITS = frozenset({"submit", "button", "reset"})


class Walk:
    """Keeps the place in a page while its elements pass, and collects its blocks.

    This is what a reader of events builds on; it says itself when an element begins and ends.
    """

    def __init__(self) -> None:
        self.block_list = BlockList()
        self.elements: list[Element] = []
        self.facts = FactReader()
        self._open: list[OpenElement] = []
        self._context = Context()
        """What the innermost open element hands down to its text."""
        self._element = -1
        """The innermost open element's position among ``elements``."""
        self._data_tables: list[bool] = []
        """Whether the tables to come hold data; the next one stands last."""
        self._inline = InlineText()
        self._spans: list[OpenSpan] = []
        self._asides: list[tuple[InlineText, list[OpenSpan]]] = []
        """The blocks that go on after what is put aside, the innermost last, with open spans."""
        self._closed: OpenElement | None = None
        """The inline element that ended where the text ends now."""
        self._joint = 0
        """How surely the two inline elements that touch here are two words (0..2)."""
        self._plain_names: set[str] = set()
        """Class attributes seen on this page that hide nothing."""

    def _note_element(
        self, tag: str, attributes: Mapping[str, str], names: str, traits: int
    ) -> int:
        """List an element, and what it states; return what is done at its end."""
        parent, self._element = self._element, len(self.elements)
        self.elements.append(_new_element((tag, parent, names)))
        if not traits & STATES:
            return 0
        if tag == "html":
            self.facts.head(tag, attributes)
            return 0
        number = len(self.block_list.blocks)
        return FACTS if self.facts.enter(tag, attributes, number, self._element) else 0

    def _hidden_reason(self, tag: str, attributes: Mapping[str, str], traits: int) -> str:
        if traits & HIDES:
            # Style sheets and scripts show the whole page later: html and body are not hidden.
            return hidden_reason(tag, attributes) if tag not in ("html", "body") else ""
        names = attributes["class"]
        if names in self._plain_names:
            return ""
        if are_off_screen(names):
            return "off-screen"
        self._plain_names.add(names)
        return ""

    def _is_block_here(self, tag: str, context: Context) -> bool:
        """Decide what is a block or not by where it stands: controls, custom elements, sources."""
        if tag == "cite":
            return context.quote_depth > 0 and not context.in_text and not self._inline.is_begun
        if tag in INLINE_IN_TEXT or "-" in tag:
            return not context.in_text and tag not in IMAGES
        return False

    def _stays_in_drawing(self, tag: str, is_block: bool) -> bool:
        """Enter an element in a drawing; return whether it is a part of it.

        The text of some parts nobody reads. A drawing that is not closed as XML holds the rest of
        the page for the parser, so a block ends it.
        """
        if is_block:
            self._context = self._context.copy()
            self._context.in_drawing = self._context.is_muted = False
        elif tag in DRAWING_TEXTS and not self._context.is_muted:
            self._context = self._context.copy()
            self._context.is_muted = True
        return not is_block

    def _hide(self, reason: str) -> None:
        self._context = self._context.copy()
        self._context.hidden = reason

    def _put_aside(self, reason: str) -> None:
        """Unseen text amid a paragraph is a block of its own; the paragraph goes on after it."""
        self._asides.append((self._inline, self._spans))
        self._inline, self._spans = InlineText(), []
        self._context = self._context.copy()
        self._context.hidden, self._context.in_row = reason, False

    def _enter_block(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Set what the text in a block-level element inherits, where it changes anything."""
        kind = KINDS.get(tag)
        if kind is None and tag not in TEXT_BLOCKS and tag not in INLINE_IN_TEXT:
            if tag in LISTS or tag in ("table", "tr", "figure"):
                self._enter_group(tag, attributes)
            return
        context = self._context = self._context.copy()
        context.in_text = context.in_text or tag in TEXT_BLOCKS
        if kind is _HEADING:
            context.kind, context.level = kind, int(tag[1])
        elif kind is _LIST_ITEM:
            context.kind, context.level = kind, max(context.list_level, 1)
            context.item = Item(next_ordinal(attributes, context.counter))
        elif kind is _TERM or kind is _DEFINITION:
            context.kind, context.item = kind, Item(None)
        elif kind is _QUOTE:
            if context.quote_depth == 0:
                context.group = self.block_list.new_group()
            context.quote_depth += 1
            context.kind = kind if context.kind is _PARAGRAPH else context.kind
        elif kind is _CODE:
            context.kind = kind
            context.language = code_language(attributes)
        elif kind is not None or tag in INLINE_IN_TEXT:
            context.kind = kind or _CONTROL

    def _enter_group(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Enter a list, a table, a row or a figure."""
        context = self._context = self._context.copy()
        if tag == "tr":
            context.in_row = context.kind is _TABLE_ROW
        elif tag == "figure":
            context.group = self.block_list.new_group()
        elif tag in LISTS:
            if context.list_level == 0:
                context.group = self.block_list.new_group()
            context.list_level += 1
            start = whole_number(attributes.get("start"), 1)
            context.counter = Counter(start) if tag == "ol" else None
        elif self._data_tables.pop():
            context.group = self.block_list.new_group()
            context.kind = _TABLE_ROW
        elif context.kind is _TABLE_ROW:
            context.kind = _PARAGRAPH

    def _enter_in_row(self, tag: str, attributes: Mapping[str, str], role: Role) -> int:
        """Keep a row one block: cells are parted by tabs, what else is in them by blanks.

        Returns what is done at the end of the element.
        """
        if tag in ("td", "th"):
            columns = whole_number(attributes.get("colspan"), 1, most=1_000)
            self._inline.begin_cell(tag == "th", max(columns, 1))
            return CELL
        self._inline.gap(" ")
        return GAP if role.is_block or role.is_control else 0

    def _enter_inline(
        self, tag: str, attributes: Mapping[str, str], role: Role, reason: str
    ) -> int:
        """Enter an inline element, hidden for a reason; return what is done at its end."""
        closing = GAP if role.is_control else 0
        if reason:
            self._put_aside(reason)
            closing = ASIDE
        if self._closed is not None and self._joint < SURELY:
            joint = set_apart(self._closed, role, attributes, self._context)
            if joint > self._joint:
                self._joint = joint
        if role.is_plain:
            return closing
        if role.span is not None:
            return closing | self._enter_span(role.span, attributes)
        if tag == "br":
            self._line_break()
        elif tag in IMAGES:
            self._image(attributes)
        elif tag == "input":
            self._input(attributes)
        elif tag in ("svg", "math"):
            self._context = self._context.copy()
            self._context.in_drawing = True
        elif role.is_control:
            self._inline.gap(" ")
        return closing

    def _enter_span(self, kind: SpanKind, attributes: Mapping[str, str]) -> int:
        context = self._context
        if kind is _CODE_SPAN and context.kind is _CODE:
            context.language = context.language or code_language(attributes)
            return 0
        if len(self._spans) >= MAX_SPANS:
            return 0
        self._spans.append(OpenSpan(kind, (attributes.get("href") or "").strip()))
        return SPAN

    def _line_break(self) -> None:
        kind = self._context.kind
        if kind is _CODE:
            self._inline.add_preformatted("\n", self._spans)
        elif self._context.in_row:
            self._inline.gap(" ")
        elif self._inline.at_line_break and kind is not _HEADING:
            self._flush(self._context, self._element)
        else:
            self._inline.gap("\n")

    def _image(self, attributes: Mapping[str, str]) -> None:
        title = " ".join((attributes.get("alt") or "").split())
        source = image_source(attributes)
        if title or source:
            self._inline.image(source, title)
            if self._inline.element == -1:
                self._inline.element = self._element

    def _input(self, attributes: Mapping[str, str]) -> None:
        """Make a block of a button's text; in a table row it is a part of its cell."""
        value = (attributes.get("value") or "").strip()
        if (attributes.get("type") or "").lower() not in _SUBMITS or not value:
            return
        if self._context.in_row:
            self._add_text(f" {value} ")
            return
        if self._inline.is_begun:
            self._flush(self._context, self._element)
        self._context = self._context.copy()
        self._context.kind = _CONTROL
        self._add_text(value)
        self._flush(self._context, self._element)

    def _add_text(self, text: str) -> None:
        """Take the text between two tags, whole."""
        context, inline = self._context, self._inline
        if context.is_muted:
            return
        if context.kind is _CODE and not context.in_row:
            inline.add_preformatted(text, self._spans)
        elif text.isspace():
            inline.gap(" ")
            return
        else:
            if self._joint:
                inline.part_words(text, self._joint == SURELY)
            if not inline.add(text, self._spans):
                return
        self._closed, self._joint = None, 0
        if inline.element == -1:
            inline.element = self._element
        elif inline.element != self._element:
            inline.element = -2  # several elements: the block that holds them all

    def _flush(self, context: Context, element: int, inner: int = 0) -> None:
        """End the block at hand in an element, around which all open ones are but ``inner``."""
        inline = self._inline
        self._inline = InlineText()
        language = language_around(context, self._open, inner) if context.kind is _CODE else ""
        self.block_list.add(inline, self._spans, context, element, language)

    def _finish(self, closing: int) -> None:
        """Do what few elements ask for at their end."""
        if closing & FACTS:
            self.facts.leave()
        if closing & SPAN:
            span = self._spans.pop()
            if "#" in span.target:
                self._cut_permalink(span)
            self._inline.close(span)
        if closing & CELL:
            self._inline.end_cell()
        elif closing & GAP:
            self._inline.gap(" ")
        elif closing & ASIDE:
            if self._inline.is_begun:
                self._flush(self._context, self._element)
            self._inline, self._spans = self._asides.pop()

    def _cut_permalink(self, span: OpenSpan) -> None:
        mark = self._inline.cut_mark(span, PERMALINK_MARKS)
        if mark and not self._context.in_row:
            self.block_list.add_permalink(mark, self._context, self._element)
