"""The walk over an HTML page that fills the flat list of blocks, in reading order.

It hears of each element once, from a parser or a tree, without recursion. Block-level elements
end the block at hand; the text between two ends is one block.
"""

from __future__ import annotations

from collections.abc import Mapping

from cleaner.blocks.html_facts import FactReader
from cleaner.blocks.html_frames import (
    SURELY,
    Context,
    Counter,
    Frame,
    Item,
    enter_drawing,
    language_around,
    next_ordinal,
    set_apart,
)
from cleaner.blocks.html_look import (
    code_language,
    hidden_reason,
    image_source,
    whole_number,
)
from cleaner.blocks.html_tags import (
    BLOCK_LEVEL,
    HIDING,
    IMAGES,
    INLINE,
    INLINE_IN_TEXT,
    KINDS,
    LISTS,
    NEUTRAL,
    PERMALINK_MARKS,
    PLAIN,
    SPANS,
    TEXT_BLOCKS,
    UNNOTED,
    VOID,
)
from cleaner.blocks.inline import InlineText, OpenSpan
from cleaner.types import Block, Element, Kind, Span, SpanKind

MAX_SPANS = 40
"""Inline elements open at once that become spans; the text of deeper ones loses their mark."""

_NAMING_ATTRIBUTES = frozenset(
    {"class", "id", "role", "itemprop", "data-testid", "data-component", "name"}
)
# Members of an enumeration are slow to look up, and these are looked up for every element.
_CODE = Kind.CODE
_CONTROL = Kind.CONTROL
_DEFINITION = Kind.DEFINITION
_HEADING = Kind.HEADING
_IMAGE = Kind.IMAGE
_LIST_ITEM = Kind.LIST_ITEM
_PARAGRAPH = Kind.PARAGRAPH
_QUOTE = Kind.QUOTE
_TABLE_ROW = Kind.TABLE_ROW
_TERM = Kind.TERM

_CODE_SPAN = SpanKind.CODE

_ITEM_KINDS = frozenset({Kind.LIST_ITEM, Kind.TERM, Kind.DEFINITION})
_LEVEL_KINDS = frozenset({Kind.HEADING, Kind.LIST_ITEM})
_SUBMITS = frozenset({"submit", "button", "reset"})


class Walk:
    """Keeps the place in a page while its elements pass, and collects blocks.

    A reader calls ``enter``, ``text`` and ``leave`` in the order of the page, and ``finish`` at its
    end.
    """

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.elements: list[Element] = []
        self.facts = FactReader()
        self.frame = Frame("", {}, None)
        """The innermost open element."""
        self.data_tables: list[bool] = []
        """Whether the tables to come hold data; the next one stands last."""
        self._inline = InlineText()
        self._spans: list[OpenSpan] = []
        self._groups = 0
        self._closed: Frame | None = None
        """The inline element that ended where the text ends now."""
        self._joint = 0
        """How surely the two inline elements that touch here are two words (0..2)."""
        self._plain_names: set[str] = set()
        """Class attributes seen on this page that hide nothing."""

    def enter(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Enter an element."""
        parent = self.frame
        context = parent.context
        frame = self.frame = Frame(tag, attributes, parent)
        is_block = tag in BLOCK_LEVEL or (tag not in INLINE and self._is_block_here(tag, context))
        if context.in_drawing:
            if not is_block:
                enter_drawing(frame)
                return
            # A drawing that is not closed as XML holds the rest of the page for the parser.
            frame.context = context = context.copy()
            context.in_drawing = context.is_muted = False
        if tag not in VOID and (attributes or tag not in UNNOTED):
            self._note_element(tag, attributes, frame)
        reason = ""
        if not context.hidden and (attributes or tag in HIDING):
            reason = self._hidden_reason(tag, attributes)
        if not is_block:
            if reason:
                self._put_aside(frame, reason)
            if self._closed is not None:
                self._joint = max(self._joint, set_apart(self._closed, frame))
            if tag not in PLAIN:
                self._enter_inline(tag, attributes, frame)
        elif context.in_row:
            self._enter_in_row(tag, attributes, frame)
        else:
            if self._inline.is_begun:
                self._flush(parent)
            frame.is_block = True
            if reason:
                frame.context = context.copy()
                frame.context.hidden = reason
            if tag not in NEUTRAL:
                self._enter_block(tag, attributes, frame)

    def _hidden_reason(self, tag: str, attributes: Mapping[str, str]) -> str:
        if (
            "style" in attributes
            or "hidden" in attributes
            or "aria-hidden" in attributes
            or tag in HIDING
        ):
            # Style sheets and scripts show the whole page later: html and body are not hidden.
            return hidden_reason(tag, attributes) if tag not in ("html", "body") else ""
        names = attributes.get("class")
        if names is None or names in self._plain_names:
            return ""
        reason = hidden_reason(tag, attributes)
        if not reason:
            self._plain_names.add(names)
        return reason

    def _note_element(self, tag: str, attributes: Mapping[str, str], frame: Frame) -> None:
        names = ""
        for name, value in attributes.items():
            if name in _NAMING_ATTRIBUTES:
                names = f"{names} {value}" if names else value
        parent, frame.element = frame.element, len(self.elements)
        self.elements.append(Element(tag, parent, names))
        if tag == "html":
            self.facts.head(tag, attributes)
        elif (
            tag == "time"
            or "itemprop" in attributes
            or "property" in attributes
            or "rel" in attributes
        ):
            frame.collector = self.facts.enter(tag, attributes, len(self.blocks), frame.element)

    def _is_block_here(self, tag: str, context: Context) -> bool:
        """Decide what is a block or not by where it stands: controls, custom elements, sources."""
        if tag == "cite":
            return context.quote_depth > 0 and not context.in_text and not self._inline.is_begun
        if tag in INLINE_IN_TEXT or "-" in tag:
            return not context.in_text and tag not in IMAGES
        return False

    def _put_aside(self, frame: Frame, reason: str) -> None:
        """Unseen text amid a paragraph is a block of its own; the paragraph goes on after it."""
        frame.aside = (self._inline, self._spans)
        self._inline, self._spans = InlineText(), []
        frame.context = frame.context.copy()
        frame.context.hidden, frame.context.in_row = reason, False

    def _enter_block(self, tag: str, attributes: Mapping[str, str], frame: Frame) -> None:
        """Set what the text in a block-level element inherits, where it changes anything."""
        kind = KINDS.get(tag)
        if kind is None and tag not in TEXT_BLOCKS and tag not in INLINE_IN_TEXT:
            if tag in LISTS or tag in ("table", "tr", "figure"):
                self._enter_group(tag, attributes, frame)
            return
        context = frame.context = frame.context.copy()
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
                context.group = self._new_group()
            context.quote_depth += 1
            context.kind = kind if context.kind is _PARAGRAPH else context.kind
        elif kind is _CODE:
            context.kind = kind
            context.language = code_language(attributes)
        elif kind is not None or tag in INLINE_IN_TEXT:
            context.kind = kind or _CONTROL

    def _enter_group(self, tag: str, attributes: Mapping[str, str], frame: Frame) -> None:
        """Enter a list, a table, a row or a figure."""
        context = frame.context = frame.context.copy()
        if tag == "tr":
            context.in_row = context.kind is _TABLE_ROW
        elif tag == "figure":
            context.group = self._new_group()
        elif tag in LISTS:
            if context.list_level == 0:
                context.group = self._new_group()
            context.list_level += 1
            start = whole_number(attributes.get("start"), 1)
            context.counter = Counter(start) if tag == "ol" else None
        elif self.data_tables.pop():
            context.group = self._new_group()
            context.kind = _TABLE_ROW
        elif context.kind is _TABLE_ROW:
            context.kind = _PARAGRAPH

    def _enter_in_row(self, tag: str, attributes: Mapping[str, str], frame: Frame) -> None:
        """Keep a row one block: cells are parted by tabs, what else is in them by blanks."""
        if tag in ("td", "th"):
            frame.is_cell = True
            columns = whole_number(attributes.get("colspan"), 1, most=1_000)
            self._inline.begin_cell(tag == "th", max(columns, 1))
        else:
            self._inline.gap(" ")

    def _enter_inline(self, tag: str, attributes: Mapping[str, str], frame: Frame) -> None:
        if tag == "br":
            self._line_break(frame)
        elif tag in IMAGES:
            self._image(attributes, frame)
        elif tag == "input":
            self._input(attributes, frame)
        elif tag in ("svg", "math"):
            frame.context = frame.context.copy()
            frame.context.in_drawing = True
        elif tag in INLINE_IN_TEXT:
            self._inline.gap(" ")
        kind = SPANS.get(tag)
        if kind is _CODE_SPAN and frame.context.kind is _CODE:
            frame.context.language = frame.context.language or code_language(attributes)
        elif kind is not None and len(self._spans) < MAX_SPANS:
            frame.span = OpenSpan(kind, (attributes.get("href") or "").strip())
            self._spans.append(frame.span)

    def _line_break(self, frame: Frame) -> None:
        if frame.context.kind is _CODE:
            self._inline.add_preformatted("\n", self._spans)
        elif frame.context.in_row:
            self._inline.gap(" ")
        elif self._inline.at_line_break and frame.context.kind is not _HEADING:
            self._flush(frame)
        else:
            self._inline.gap("\n")

    def _image(self, attributes: Mapping[str, str], frame: Frame) -> None:
        title = " ".join((attributes.get("alt") or "").split())
        source = image_source(attributes)
        if title or source:
            self._inline.image(source, title)
            if self._inline.element == -1:
                self._inline.element = frame.element

    def _input(self, attributes: Mapping[str, str], frame: Frame) -> None:
        """Make a block of a button's text; in a table row it is a part of its cell."""
        value = (attributes.get("value") or "").strip()
        if (attributes.get("type") or "").lower() not in _SUBMITS or not value:
            return
        if frame.context.in_row:
            self.text(f" {value} ")
            return
        if self._inline.is_begun:
            self._flush(frame)
        frame.context = frame.context.copy()
        frame.context.kind = _CONTROL
        self.text(value)
        self._flush(frame)

    @property
    def keeps_white_space(self) -> bool:
        """Whether white space is text here."""
        return self.frame.context.kind is _CODE

    def gap(self) -> None:
        """Take white space alone."""
        self._inline.gap(" ")

    def text(self, text: str) -> None:
        """Take the text between two tags, whole."""
        frame, inline = self.frame, self._inline
        context = frame.context
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
            inline.element = frame.element
        elif inline.element != frame.element:
            inline.element = -2  # several elements: the block that holds them all

    def leave(self) -> None:
        """Leave the innermost element."""
        frame = self.frame
        self.frame = frame.parent or frame
        tag = frame.tag
        if frame.collector is not None:
            self.facts.leave(frame.collector)
        if frame.span is not None:
            if "#" in frame.span.target:
                self._cut_permalink(frame, frame.span)
            self._inline.close(frame.span)
            self._spans.remove(frame.span)
        if frame.is_cell:
            self._inline.end_cell()
        elif frame.is_block or frame.aside:
            if self._inline.is_begun:
                self._flush(frame)
        elif tag in INLINE_IN_TEXT or (frame.context.in_row and tag in BLOCK_LEVEL):
            self._inline.gap(" ")
        if frame.aside:
            self._inline, self._spans = frame.aside
        self._closed = None if frame.is_block else frame

    def finish(self) -> None:
        """End the page."""
        if self._inline.is_begun:
            self._flush(self.frame)

    def _cut_permalink(self, frame: Frame, span: OpenSpan) -> None:
        """Make a hidden block of the mark beside a heading, shown when the pointer is over it."""
        mark = self._inline.cut_mark(span, PERMALINK_MARKS)
        if mark and not frame.context.in_row:
            self.blocks.append(
                Block(
                    index=len(self.blocks),
                    kind=frame.context.kind,
                    text=mark,
                    element=frame.element,
                    hidden=frame.context.hidden or "permalink",
                )
            )

    def _flush(self, frame: Frame) -> None:
        """End the block at hand."""
        inline = self._inline
        self._inline = InlineText()
        element = inline.element if inline.element >= 0 else frame.element
        context = frame.context
        text, spans, cells = inline.finish(self._spans)
        if not text.strip():
            for image in inline.images:
                self._append_image(image, element, context)
            return
        kind = context.kind
        if kind is _TABLE_ROW and not cells:
            kind = _PARAGRAPH
        item = context.item if kind in _ITEM_KINDS else None
        self.blocks.append(
            Block(
                index=len(self.blocks),
                kind=kind,
                text=text,
                spans=spans,
                level=context.level if kind in _LEVEL_KINDS else 0,
                ordinal=item.ordinal if item and not item.begun else None,
                continues=bool(item and item.begun),
                quote_depth=context.quote_depth,
                language=language_around(frame) if kind is _CODE else "",
                cells=cells,
                group=context.group,
                element=element,
                hidden=context.hidden,
            )
        )
        if item:
            item.begun = True

    def _append_image(self, image: Span, element: int, context: Context) -> None:
        span = Span(0, 0, SpanKind.IMAGE, image.target, image.title)
        self.blocks.append(
            Block(
                index=len(self.blocks),
                kind=_IMAGE,
                text=image.title,
                spans=(span,),
                group=context.group,
                element=element,
                hidden=context.hidden,
            )
        )

    def _new_group(self) -> int:
        self._groups += 1
        return self._groups - 1
