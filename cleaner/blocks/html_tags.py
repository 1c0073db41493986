"""What each HTML element means to the reader of blocks, as data."""

from __future__ import annotations

from cleaner.types import Kind, SpanKind

CONTAINERS = frozenset(
    """
    html head body address article aside center details dialog dir div dl fieldset figure footer
    form frameset header hgroup hr main menu nav noframes noscript ol option p search section
    summary table tbody td template tfoot th thead tr ul
    amp-sidebar amp-story amp-story-page amp-carousel amp-accordion
    """.split()
)
"""Elements that begin and end a block and leave its kind as it is."""

KINDS = {
    **{f"h{level}": Kind.HEADING for level in range(1, 7)},
    "li": Kind.LIST_ITEM,
    "dt": Kind.TERM,
    "dd": Kind.DEFINITION,
    "blockquote": Kind.QUOTE,
    "pre": Kind.CODE,
    "listing": Kind.CODE,
    "xmp": Kind.CODE,
    "figcaption": Kind.CAPTION,
    "caption": Kind.CAPTION,
    "select": Kind.CONTROL,
    "textarea": Kind.CONTROL,
    "legend": Kind.CONTROL,
}
"""Elements that begin and end a block and set the kind of the text in them."""

BLOCK_LEVEL = CONTAINERS | frozenset(KINDS)

INLINE_IN_TEXT = frozenset({"button", "label", "output"})
"""Controls: inline within a paragraph, a block of their own elsewhere."""

TEXT_BLOCKS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "pre", "figcaption"})
"""Elements that hold running text: what is undecided stays inline in them."""

SPANS = {
    "a": SpanKind.LINK,
    "em": SpanKind.EMPHASIS,
    "i": SpanKind.EMPHASIS,
    "cite": SpanKind.EMPHASIS,
    "dfn": SpanKind.EMPHASIS,
    "var": SpanKind.EMPHASIS,
    "strong": SpanKind.STRONG,
    "b": SpanKind.STRONG,
    "code": SpanKind.CODE,
    "kbd": SpanKind.CODE,
    "samp": SpanKind.CODE,
    "tt": SpanKind.CODE,
}

APART = frozenset({"a", "button", "label", "time", "option", "summary"})
"""Two of these that touch are two words, as are any two with class names."""

PERMALINK_MARKS = frozenset({"¶", "#", "§", "\U0001f517"})
"""Texts of the links beside headings that lead to them."""

LISTS = frozenset({"ul", "ol", "menu", "dir", "dl"})

IMAGES = frozenset({"img", "amp-img", "amp-anim", "image"})

IMAGE_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-srcset", "srcset", "src")
"""Where an image's address stands; lazy loaders leave a placeholder in ``src``."""

UNSEEN = frozenset({"title", "script", "style", "link", "meta", "base"})
"""Elements without text of their own for a reader."""

VOID = frozenset("br wbr hr img input col area embed frame source track param".split())
"""Elements without content, not listed among a page's elements. The parser puts what follows a
``source`` into it."""

FALLBACKS = frozenset(
    "iframe object video audio canvas noembed noframes map progress meter".split()
)
"""Elements whose text is shown only where a browser cannot show the thing itself."""

DRAWING_TEXTS = frozenset({"desc", "defs", "metadata", "symbol"})
"""Parts of an SVG drawing that nobody reads."""

OFF_SCREEN_NAMES = frozenset(
    """
    sr-only visually-hidden visuallyhidden screen-reader-text screen-reader sr-hint a11y-hidden
    u-visually-hidden assistive-text element-invisible offscreen off-screen screenreader-only
    """.split()
)
"""Class names of the usual tricks that show a text to screen readers alone."""

_OFF_SCREEN_STYLE = r"""(?x)
    (?: left | top | right | margin-left | text-indent ) : -\d{3,}(?:px|em|rem|%)?
    | clip : rect\(\s*0 | clip : rect\(\s*1px | clip-path : inset\(\s*(?:50|100)%
    | (?<![-\w]) font-size : 0(?:px|em|rem|%)? (?:;|$)
"""
_HIDDEN_STYLE = r"(?<![-\w])(?:display:none|visibility:hidden)"

HIDING_STYLES = (
    ("display:none", _HIDDEN_STYLE, "display-none"),
    ("visibility:hidden", _HIDDEN_STYLE, "display-none"),
    (":-", _OFF_SCREEN_STYLE, "off-screen"),
    ("clip", _OFF_SCREEN_STYLE, "off-screen"),
    ("font-size:0", _OFF_SCREEN_STYLE, "off-screen"),
)
"""Inline styles, white space removed, that hide a text or move it out of sight: what they have in
them, which few others do; the whole of them; the reason."""

HIDING = FALLBACKS | frozenset({"dialog", "template"})
"""Elements that hide what is in them by what they are."""

PLAIN = frozenset({"span", "font", "small", "big", "sup", "sub", "u", "s", "mark", "abbr", "nobr"})
"""Inline elements that change nothing but the look."""

INLINE = (PLAIN | frozenset(SPANS) | VOID | IMAGES) - {"cite"}
"""Elements that are inline wherever they stand."""

UNNOTED = PLAIN | frozenset(SPANS)
"""Elements that say nothing of the place of their text unless they have attributes."""

NEUTRAL = CONTAINERS - LISTS - frozenset({"table", "tr", "figure"}) - TEXT_BLOCKS
"""Block-level elements that hand down what they inherit."""
