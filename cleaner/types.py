"""The values that flow through the pipeline, from the capture to the labelled blocks.

All are frozen: a stage takes the earlier value and returns a new one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.errors import OptionError

if TYPE_CHECKING:
    from cleaner.template import SiteTemplate

MAX_STEPS = 30
"""Elements that a block's path names; pages made to be deep would give paths of megabytes."""


class Name(StrEnum):
    """A word of a fixed list. It is hashed as the string that it is: enumerations hash slower."""

    __hash__ = str.__hash__


class MediaType(Name):
    """What a capture is written in."""

    HTML = "text/html"
    XHTML = "application/xhtml+xml"
    MHTML = "multipart/related"
    MARKDOWN = "text/markdown"
    TEXT = "text/plain"


@dataclass(frozen=True, slots=True)
class Capture:
    """A page as it came in, decoded to text.

    ``text`` is the decoded source; it is empty when ``tree``, an lxml element
    that the caller parsed, stands in its place. For MHTML, ``text`` is the
    main HTML part and ``media_type`` says how it came.
    """

    text: str
    media_type: MediaType
    url: str | None = None
    charset: str = "utf-8"
    charset_source: str = "str"
    """One of ``bom``, ``header``, ``meta``, ``detected``, ``caller``, ``str``, ``tree``."""
    replaced: float = 0.0
    """Share of characters that could not be decoded (0..1)."""
    captured_at: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    """HTTP headers of the capture, names in lower case."""
    tree: Any = None
    size: int = 0
    """Bytes of the input (characters, when it came as ``str``)."""
    warnings: tuple[str, ...] = ()


class Kind(Name):
    """What a block is in its page, whatever it is worth."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    TERM = "term"
    """A term of a definition list."""
    DEFINITION = "definition"
    QUOTE = "quote"
    CODE = "code"
    """Code and preformatted text: white space is kept."""
    TABLE_ROW = "table_row"
    CAPTION = "caption"
    IMAGE = "image"
    """An image alone; the text is its alternative text."""
    CONTROL = "control"
    """A button, a choice, a form's label."""


class SpanKind(Name):
    """What a stretch of a block's text is."""

    LINK = "link"
    EMPHASIS = "emphasis"
    STRONG = "strong"
    CODE = "code"
    IMAGE = "image"


class Span(NamedTuple):
    """A stretch of a block's text: ``text[start:end]``.

    An image is empty (``start == end``): its alternative text is not part of
    the words of the block.
    """

    start: int
    end: int
    kind: SpanKind
    target: str = ""
    """A link's or an image's address as the page gives it, not resolved."""
    title: str = ""
    """An image's alternative text."""


class Cell(NamedTuple):
    """A cell of a table row: ``text[start:end]`` of the block."""

    start: int
    end: int
    header: bool = False
    columns: int = 1


class Element(NamedTuple):
    """An element of the source that holds blocks; ``Page.elements`` lists them, parents first.

    ``Block.element`` and ``parent`` are positions in that list; the root's parent is -1.
    A page has thousands: a named tuple is made in a third of a frozen dataclass's time.
    """

    tag: str
    parent: int
    names: str = ""
    """Class, id, role and the like, as the page gives them, separated by blanks."""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph-like unit of a page, in reading order.

    White space in ``text`` is single blanks, and ``\\n`` for line breaks, but for
    code, where it is kept. The cells of a table row are separated by a tab.
    """

    index: int
    kind: Kind
    text: str
    spans: tuple[Span, ...] = ()
    level: int = 0
    """A heading's level (1..6); a list item's nesting (1 is the outermost list)."""
    ordinal: int | None = None
    """The number of an item of an ordered list."""
    continues: bool = False
    """A further paragraph of the same list item, definition or table cell."""
    quote_depth: int = 0
    language: str = ""
    """Of code, as the page notes it: ``python``, ``bash``, ..."""
    cells: tuple[Cell, ...] = ()
    group: int = -1
    """Blocks of one list, table, figure or quotation share a number; -1 outside of them."""
    element: int = -1
    """Position in ``Page.elements``; -1 in text captures."""
    lines: tuple[int, int] | None = None
    """First and last line in the source, counted from 1; text captures, and HTML where known."""
    hidden: str = ""
    """Why a reader does not see it: ``hidden``, ``aria-hidden``, ``display-none``,
    ``off-screen``, ``fallback``, ``template``, ``permalink``; empty for visible blocks."""
    origin: str = ""
    """Empty for text of the page itself; ``json-ld`` for an embedded article body."""


class Fact(NamedTuple):
    """A machine-readable statement outside the running text.

    ``source`` is one of ``meta``, ``link``, ``title``, ``html``, ``itemprop``,
    ``property``, ``time``, ``abbr``, ``rel``, ``front-matter``; ``block`` is the number of
    blocks that stand before it in the page.
    """

    source: str
    name: str
    value: str
    block: int = 0
    element: int = -1


@dataclass(frozen=True, slots=True)
class Page:
    """A capture as a flat list of blocks in reading order, with what its head says."""

    capture: Capture
    blocks: tuple[Block, ...]
    elements: tuple[Element, ...] = ()
    facts: tuple[Fact, ...] = ()
    json_ld: tuple[str, ...] = ()
    """The sources of the JSON-LD scripts, not parsed."""
    base_url: str | None = None
    """What relative addresses resolve against."""
    warnings: tuple[str, ...] = ()

    def path(self, block: Block) -> str:
        """Return the place of a block in the source, e.g. ``html/body/main/div.text/p``.

        At most ``MAX_STEPS`` steps, the innermost; ``…`` stands for those before.
        """
        if block.element < 0:
            return f"lines {block.lines[0]}-{block.lines[1]}" if block.lines else ""
        steps: list[str] = []
        position = block.element
        while position >= 0:
            if len(steps) == MAX_STEPS:
                steps.append("…")
                break
            element = self.elements[position]
            name = element.names.split(None, 1)
            steps.append(f"{element.tag}.{name[0]}" if name else element.tag)
            position = element.parent
        return "/".join(reversed(steps))


class LabelName(Name):
    """What a block is worth to a reader of the article."""

    CONTENT = "content"
    TITLE = "title"
    BYLINE = "byline"
    """Author line, date line, reading time."""
    CAPTION = "caption"
    COMMENT = "comment"
    """A reader's comment under an article."""
    NAVIGATION = "navigation"
    PROMO = "promo"
    """Related and recommended pages, advertising, calls to subscribe or buy."""
    NOTICE = "notice"
    """Comment, cookie, paywall and newsletter notices."""
    SHARE = "share"
    LEGAL = "legal"
    OTHER = "other"


class Label(NamedTuple):
    """What the labeler says of one block."""

    name: LabelName
    probability: float
    """That the block belongs to the main content (0..1), whatever its name."""
    reasons: tuple[str, ...] = ()
    """The two or three things that decided, in words, the weightiest first. The labeler leaves
    them out; ``Document.blocks`` has them."""

    @property
    def reason(self) -> str:
        """What decided, in one line."""
        return "; ".join(self.reasons)


@dataclass(frozen=True, slots=True)
class LabelledBlock:
    """A block and its label, as ``Document.blocks`` lists them."""

    block: Block
    label: Label
    page: Page = field(repr=False)

    @property
    def path(self) -> str:
        """The block's place in the source, as ``Page.path`` gives it."""
        return self.page.path(self.block)

    @property
    def text(self) -> str:
        """The block's text."""
        return self.block.text

    @property
    def kept(self) -> bool:
        """Whether the block is part of the article."""
        return self.label.name is LabelName.CONTENT


@dataclass(frozen=True, slots=True)
class Comment:
    """A reader's comment: its text, and author and date where the page gives them.

    The date is in ISO 8601, or as it stands ("2 days ago") where it gives no day.
    """

    text: str
    author: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself. Absent is ``None`` or empty, never a guess."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    date: str | None = None
    """ISO 8601, as exact as the page gives it: ``2025-08-24``, ``2025-08-24T13:54``,
    ``2025-08-24T13:54:00+03:00``."""
    modified: str | None = None
    site_name: str | None = None
    description: str | None = None
    language: str | None = None
    """BCP 47 tag, e.g. ``en`` or ``pt-BR``."""
    url: str | None = None
    """Canonical address, absolute."""
    image: str | None = None
    tags: tuple[str, ...] = ()
    section: str | None = None
    subtitle: str | None = None
    publisher: str | None = None
    """Who publishes the site; ``site_name`` is what it is called."""
    breadcrumb: tuple[str, ...] = ()
    """The steps that lead to the page, from the site's first page on, without itself."""
    page_type: str | None = None
    """``article``, ``documentation``, ``event``, ``forum``, ``listing``, ``product``,
    ``profile``, ``recipe`` or ``service``."""
    image_text: str | None = None
    """The text that stands in for ``image`` where it is not seen."""
    license: str | None = None
    """Address or name of the licence of the text."""
    free: bool | None = None
    """Whether all may read the page (``isAccessibleForFree``); ``False`` behind a paywall."""
    detected_language: str | None = None
    """That of the main text, ISO 639-1, whatever the page declares; only when metadata is full."""
    language_score: float | None = None
    """How sure ``detected_language`` is (0..1)."""
    direction: str | None = None
    """``ltr`` or ``rtl``."""
    word_count: int | None = None
    """Words of the main text; a sign of Chinese or Japanese is one. ``None`` without labels."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """Field name to where its value came from, e.g. ``{"date": "json-ld:datePublished"}``."""


FOCUSES = ("balanced", "precision", "recall")
"""What a caller may care for."""

METADATA = ("full", "structured")
"""What metadata may be read from."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a caller may choose. Raises ``OptionError`` for an unknown focus or kind of metadata.

    ``metadata``: ``full``, or ``structured`` for what machine-readable markup gives alone.
    ``focus``: ``balanced``, ``precision`` to keep only what is sure to be main text, or
    ``recall`` to keep what may be. ``model``: the name of the labeler's weights, or the path of a
    folder that holds others. ``site``: what repeats across the pages of the page's site; it is
    compared and hashed by its id alone.
    """

    metadata: str = "full"
    focus: str = "balanced"
    model: str = "base"
    site: SiteTemplate | None = None

    def __post_init__(self) -> None:
        for name, value, known in (
            ("metadata", self.metadata, METADATA),
            ("focus", self.focus, FOCUSES),
        ):
            if value not in known:
                raise OptionError(f"{name} is {value!r}, not one of {', '.join(known)}")
