"""The list of blocks that a page becomes."""

from __future__ import annotations

from cleaner.blocks.html_frames import Context
from cleaner.blocks.inline import InlineText, OpenSpan
from cleaner.types import Block, Kind, Span, SpanKind

# Members of an enumeration are slow to look up, and these are looked up for every block.
_DEFINITION = Kind.DEFINITION
_HEADING = Kind.HEADING
_IMAGE = Kind.IMAGE
_LIST_ITEM = Kind.LIST_ITEM
_PARAGRAPH = Kind.PARAGRAPH
_TABLE_ROW = Kind.TABLE_ROW
_TERM = Kind.TERM


class BlockList:
    """Makes blocks of collected text, in reading order."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._groups = 0

    def add(
        self,
        inline: InlineText,
        spans: list[OpenSpan],
        context: Context,
        element: int,
        language: str,
    ) -> None:
        """Add what was collected in an element, with its open spans; or images, if that is all."""
        if inline.element >= 0:
            element = inline.element
        text, closed, cells = inline.finish(spans)
        if not text or text.isspace():
            for image in inline.images:
                self._add_image(image, element, context)
            return
        kind = context.kind
        if kind is _TABLE_ROW and not cells:
            kind = _PARAGRAPH
        is_item = kind is _LIST_ITEM or kind is _TERM or kind is _DEFINITION
        item = context.item if is_item else None
        self.blocks.append(
            Block(  # in the order of its fields: by name it takes a quarter longer
                len(self.blocks),
                kind,
                text,
                closed,
                context.level if kind is _HEADING or kind is _LIST_ITEM else 0,
                item.ordinal if item and not item.begun else None,
                item is not None and item.begun,
                context.quote_depth,
                language,
                cells,
                context.group,
                element,
                hidden=context.hidden,
            )
        )
        if item:
            item.begun = True

    def _add_image(self, image: Span, element: int, context: Context) -> None:
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

    def add_permalink(self, mark: str, context: Context, element: int) -> None:
        """Add the mark beside a heading, shown when the pointer is over it, as a hidden block."""
        self.blocks.append(
            Block(
                index=len(self.blocks),
                kind=context.kind,
                text=mark,
                element=element,
                hidden=context.hidden or "permalink",
            )
        )

    def new_group(self) -> int:
        """Return the number of a list, table, figure or quotation that begins."""
        self._groups += 1
        return self._groups - 1
