"""The media type of a capture: what it is written in, or why it is no page at all.

A Content-Type header is a hint, not a verdict: captures keep the header of the page they
were made from, and servers call anything ``text/plain``. The text itself decides.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from cleaner.errors import MediaTypeError, OptionError
from cleaner.types import MediaType

_SHORT_NAMES: Final = {
    "html": MediaType.HTML,
    "htm": MediaType.HTML,
    "xhtml": MediaType.XHTML,
    "mhtml": MediaType.MHTML,
    "mht": MediaType.MHTML,
    "markdown": MediaType.MARKDOWN,
    "md": MediaType.MARKDOWN,
    "text": MediaType.TEXT,
    "txt": MediaType.TEXT,
}
_HEADER_TYPES: Final = {
    "text/html": MediaType.HTML,
    "application/xhtml+xml": MediaType.XHTML,
    "text/markdown": MediaType.MARKDOWN,
    "text/x-markdown": MediaType.MARKDOWN,
    "text/plain": MediaType.TEXT,
}
_SUFFIX_TYPES: Final = {
    ".md": MediaType.MARKDOWN,
    ".mdown": MediaType.MARKDOWN,
    ".mkd": MediaType.MARKDOWN,
    ".markdown": MediaType.MARKDOWN,
    ".xhtml": MediaType.XHTML,
    ".xht": MediaType.XHTML,
}
_MHTML_HEADER_TYPES: Final = ("multipart/related", "message/rfc822", "application/x-mimearchive")

_TAKE_OUT = "take the page out of it first"
_AS_TEXT = "convert it to HTML or text first"
_NO_TEXT = "it holds no text to clean"
# Offset, magic bytes, what they begin, what to do with it.
_MAGIC: Final = (
    (0, b"%PDF-", "a PDF document", _AS_TEXT),
    (0, b"%!PS-", "a PostScript document", _AS_TEXT),
    (0, b"{\\rtf", "an RTF document", _AS_TEXT),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document", _AS_TEXT),
    (0, b"AT&TFORM", "a DjVu document", _AS_TEXT),
    (30, b"mimetypeapplication/epub", "an EPUB book", _TAKE_OUT),
    (30, b"[Content_Types].xml", "an Office document", _AS_TEXT),
    (30, b"mimetypeapplication/vnd.oasis", "an OpenDocument file", _AS_TEXT),
    (0, b"PK\x03\x04", "a zip archive", _TAKE_OUT),
    (0, b"PK\x05\x06", "an empty zip archive", _TAKE_OUT),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _TAKE_OUT),
    (0, b"Rar!\x1a\x07", "a RAR archive", _TAKE_OUT),
    (0, b"BZh", "bzip2 data", _TAKE_OUT),
    (0, b"\xfd7zXZ\x00", "xz data", _TAKE_OUT),
    (257, b"ustar", "a tar archive", _TAKE_OUT),
    (0, b"WARC/", "a WARC archive", "give its records one by one"),
    (0, b"\x89PNG\r\n\x1a\n", "a PNG image", _NO_TEXT),
    (0, b"\xff\xd8\xff", "a JPEG image", _NO_TEXT),
    (0, b"GIF87a", "a GIF image", _NO_TEXT),
    (0, b"GIF89a", "a GIF image", _NO_TEXT),
    (0, b"II*\x00", "a TIFF image", _NO_TEXT),
    (0, b"MM\x00*", "a TIFF image", _NO_TEXT),
    (0, b"\x00\x00\x01\x00", "an icon", _NO_TEXT),
    (8, b"WEBPVP8", "a WebP image", _NO_TEXT),
    (4, b"ftypavif", "an AVIF image", _NO_TEXT),
    (4, b"ftyphei", "a HEIF image", _NO_TEXT),
    (4, b"ftyp", "an MP4 video", _NO_TEXT),
    (8, b"WAVEfmt", "a WAV recording", _NO_TEXT),
    (8, b"AVI LIST", "an AVI video", _NO_TEXT),
    (0, b"\x1aE\xdf\xa3", "a Matroska or WebM video", _NO_TEXT),
    (0, b"OggS\x00", "an Ogg recording", _NO_TEXT),
    (0, b"fLaC\x00", "a FLAC recording", _NO_TEXT),
    (0, b"ID3\x02", "an MP3 recording", _NO_TEXT),
    (0, b"ID3\x03", "an MP3 recording", _NO_TEXT),
    (0, b"ID3\x04", "an MP3 recording", _NO_TEXT),
    (0, b"wOFF\x00", "a font", _NO_TEXT),
    (0, b"wOF2\x00", "a font", _NO_TEXT),
    (0, b"\x7fELF", "a program", _NO_TEXT),
    (0, b"\x00asm\x01", "a WebAssembly program", _NO_TEXT),
    (0, b"\xca\xfe\xba\xbe", "a Java class", _NO_TEXT),
    (0, b"SQLite format 3\x00", "an SQLite database", _NO_TEXT),
    (0, b"PAR1", "a Parquet table", "give its rows one by one"),
)
_CONTROL_SAMPLE = 4096  # characters
_MAX_CONTROLS = 0.05  # share of control characters that text may have by damage
_CONTROLS = re.compile(r"[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")

# Text that is no page: header types, and roots of XML documents.
_OTHER_TYPES: Final = {
    "application/json": "JSON",
    "application/ld+json": "JSON",
    "application/feed+json": "a JSON feed",
    "text/css": "a style sheet",
    "text/csv": "a CSV table",
    "text/calendar": "a calendar",
    "text/javascript": "a script",
    "application/javascript": "a script",
    "application/x-javascript": "a script",
}
_XML_ROOTS: Final = {
    "rss": "an RSS feed",
    "rdf": "an RDF document or RSS feed",
    "feed": "an Atom feed",
    "urlset": "a sitemap",
    "sitemapindex": "a sitemap",
    "opml": "an OPML outline",
    "svg": "an SVG image",
    "tei": "a TEI document",
}
_GIVE_PAGES = "give the pages themselves"

_MIME_HEAD = re.compile(rb"\s*(?:From |[A-Za-z][A-Za-z0-9-]*:[ \t])")
_MIME_VERSION = re.compile(rb"^mime-version:", re.I | re.M)
_MIME_TYPE = re.compile(
    rb"^content-type:\s*(?:multipart/(?:related|alternative|mixed)|text/html|application/xhtml)",
    re.I | re.M,
)
_HEAD = 16_384  # bytes of MIME headers worth a look

# A document begins with one of these; a Markdown capture with raw HTML in it never does.
_DOCUMENT_START = re.compile(
    r"<(?:!doctype\s+html|(?:html|head|body|title|meta|link|base|style|script|frameset)\b)", re.I
)
_PROLOG = re.compile(
    r"\s+|<!--.*?-->|<\?.*?\?>|<!doctype(?!\s+html\b)[^<>\[]*(?:\[[^\]]*\]\s*)?>", re.S | re.I
)
_XML_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_JSON_OBJECT = re.compile(r'\{\s*(?:"(?:[^"\\\n]|\\.){0,1000}"\s*:|\}\s*\Z)')
_JSON_ARRAY = re.compile(r'\[\s*\{\s*"')

_EARLY = 4096  # characters in which a document begins, though junk stands before it

# What is cut away before tags are counted: no words of the page, or words about HTML.
_NOT_COUNTED = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)|^```.*?(?:^```|\Z)|`[^`\n]*`|&nbsp;",
    re.S | re.I | re.M,
)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)(?=[\s/>])[^<>]*>", re.I)
_BLOCK_TAGS: Final = frozenset(
    """address article aside blockquote body center dd details dir div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 head header html li main nav noscript ol p pre section
    select summary table tbody td tfoot th thead title tr ul""".split()
)
_BREAK_TAGS: Final = frozenset({"br", "hr"})
_HTML_COVERAGE = 0.5  # least share of the text inside block elements that makes it HTML
_HTML_COVERAGE_DECLARED = 0.1  # where the header says HTML
_FEW_TAGS = 2  # in text that does not begin with one: it may well be about HTML
_HTML_COVERAGE_MARKED = 0.9  # where it is full of Markdown marks

_SNIFFED = 65_536  # characters that decide
# Markdown marks: points a hit, and how many hits count. A plain text has the weak ones too,
# and a shell comment in it looks like a heading.
_MARKDOWN_MARKS: Final = (
    (r"\A\s*#{1,6}[ \t]+\S|\n[ \t]*\n#{1,6}[ \t]+\S.*\n[ \t]*\n", 1, 1),  # heading, set off
    (r"^#{1,6}[ \t]+\S", 2, 3),  # heading
    (r"\]\((?:<?[^\s()<>]*[./#:?]|\))", 3, 2),  # link
    (r"^ {0,3}\[[^\]\n]{1,80}\]:[ \t]+\S", 3, 1),  # link definition
    (r"^ {0,3}(?:```|~~~)", 3, 1),  # code fence
    (r"^ {0,3}\|?[ \t]*:?-{2,}:?[ \t]*\|[-:| \t]*$", 3, 1),  # table
    (r"\A---[ \t]*\n(?:\w[\w-]*:.*\n|[ \t-].*\n)+(?:---|\.\.\.)[ \t]*$", 3, 1),  # front matter
    (r"^Markdown Content:[ \t]*$", 3, 1),  # the head of a reader service
    (r"(?<![a-zA-Z0-9*])\*\*[^\s*](?:[^*\n]*[^\s*])?\*\*(?![a-zA-Z0-9*])", 2, 2),  # strong
    (r"^\S.*\n={3,}[ \t]*$", 2, 1),  # underlined heading
    (r"^\S.*\n-{3,}[ \t]*$", 1, 1),
    (
        r"(?<![\w*])\*[^\s*](?:[^*\n]*[^\s*])?\*(?![\w*])"
        r"|(?<!\w)_[^\s_](?:[^_\n]*[^\s_])?_(?!\w)",  # emphasis
        1,
        1,
    ),
    (r"^ {0,3}[-*+][ \t]+\S", 1, 1),  # list item
    (r"^ {0,3}>[ \t]?\S", 1, 1),  # quotation
)
_IS_MARKDOWN = 3  # points
_IS_SURELY_MARKDOWN = 6


def parse_media_type(name: str) -> MediaType | None:
    """Return the media type that a caller names, ``None`` for ``auto``.

    Raises ``OptionError`` for any other value.
    """
    key = name.partition(";")[0].strip().lower() if isinstance(name, str) else ""
    if key == "auto":
        return None
    if key in _SHORT_NAMES:
        return _SHORT_NAMES[key]
    try:
        return MediaType(key)
    except ValueError:
        values = ", ".join(["auto", *MediaType, *_SHORT_NAMES])
        raise OptionError(f"unknown media type {str(name)[:40]!r}; one of: {values}") from None


def refuse_binary(body: bytes) -> None:
    """Raise ``MediaTypeError`` for bytes that begin like an image, a PDF, an archive, ..."""
    for offset, magic, name, advice in _MAGIC:
        if body.startswith(magic, offset):
            raise MediaTypeError(f"the input is no page but looks like {name}: {advice}")


def refuse_controls(text: str) -> None:
    """Raise ``MediaTypeError`` for a text that is full of control characters."""
    sample = text[:_CONTROL_SAMPLE]
    if len(_CONTROLS.findall(sample)) > _MAX_CONTROLS * len(sample):
        raise MediaTypeError("the input is no page but looks like binary data: " + _NO_TEXT)


def is_mhtml(body: bytes, content_type: str) -> bool:
    """Tell a saved page in MIME form by its own headers, or by the HTTP header."""
    if _named_type(content_type) in _MHTML_HEADER_TYPES:
        return not body.lstrip().startswith(b"<")
    if not _MIME_HEAD.match(body):
        return False
    head = re.split(rb"\r?\n[ \t]*\r?\n", body[:_HEAD].lstrip(), maxsplit=1)[0]
    return bool(_MIME_VERSION.search(head) and _MIME_TYPE.search(head))


def sniff_media_type(text: str, content_type: str, url: str | None) -> MediaType:
    """Return what a text is written in; raise ``MediaTypeError`` for what is no page.

    ``content_type`` is the header, or empty; ``url`` the address or file name, if any.
    """
    named = _named_type(content_type)
    declared = _HEADER_TYPES.get(named)
    hint = declared or _SUFFIX_TYPES.get(_suffix(url))
    start = _skip_prolog(text)
    if _begins_document(text, start):
        return MediaType.XHTML if hint is MediaType.XHTML else MediaType.HTML
    _refuse_other(text, start, named)
    text = text[:_SNIFFED]
    points = _markdown_points(text)
    if _is_html(text, declared in {MediaType.HTML, MediaType.XHTML}, points):
        return MediaType.XHTML if hint is MediaType.XHTML else MediaType.HTML
    if points >= _IS_MARKDOWN or hint is MediaType.MARKDOWN:
        return MediaType.MARKDOWN
    return MediaType.TEXT


def _named_type(content_type: str) -> str:
    return content_type.partition(";")[0].partition(",")[0].strip().lower()


def _suffix(url: str | None) -> str:
    try:
        path = urlsplit(url or "").path
    except ValueError:  # an address that is none, e.g. with an open bracket
        return ""
    name = path.rpartition("/")[2]
    return "." + name.rpartition(".")[2].lower() if "." in name else ""


def _skip_prolog(text: str) -> int:
    """Return where the text begins after white space, comments and what XML puts first."""
    position = 0
    while match := _PROLOG.match(text, position):
        position = match.end()
    return position


def _begins_document(text: str, start: int) -> bool:
    """Tell a document by its first tag, or by an early one after the tags of an archive."""
    if _DOCUMENT_START.match(text, start):
        return True
    if not text.startswith("<", start):
        return False
    match = _DOCUMENT_START.search(text, start, start + _EARLY)
    return match is not None and "`" not in text[start : match.start()]


def _refuse_other(text: str, start: int, named: str) -> None:
    """Raise ``MediaTypeError`` for JSON, feeds and other text that is not written to be read."""
    name = _OTHER_TYPES.get(named, "")
    is_array = _JSON_ARRAY.match(text, start) and text.rstrip().endswith("]")
    if is_array or _JSON_OBJECT.match(text, start):
        name = "JSON"
    elif root := _XML_ROOT.match(text, start):
        name = _XML_ROOTS.get(root[1].lower(), name)
    if name:
        raise MediaTypeError(f"the input is no page but looks like {name}: {_GIVE_PAGES}")


def _markdown_points(text: str) -> int:
    return sum(
        weight * sum(1 for _ in islice(re.finditer(mark, text, re.M), most))
        for mark, weight, most in _MARKDOWN_MARKS
    )


def _is_html(text: str, is_declared: bool, points: int) -> bool:
    """Tell HTML by the share of the text that stands inside of block elements."""
    if "<" not in text:
        return False
    covered, total, tags = _block_coverage(_NOT_COUNTED.sub(" ", text))
    if not total:
        return tags > 0
    if points >= _IS_SURELY_MARKDOWN:
        # One stray tag that is never closed must not outweigh the marks.
        return covered >= _HTML_COVERAGE_MARKED * total and tags >= points
    if tags < _FEW_TAGS and not text.startswith("<", _skip_prolog(text)):
        return False
    if points < _IS_MARKDOWN and _begins_with_block(text):
        return True
    return covered >= (_HTML_COVERAGE_DECLARED if is_declared else _HTML_COVERAGE) * total


def _begins_with_block(text: str) -> bool:
    tag = _TAG.match(text, _skip_prolog(text))
    return tag is not None and tag[2].lower() in _BLOCK_TAGS


def _block_coverage(text: str) -> tuple[int, int, int]:
    """Return the characters inside of block elements, all characters, and the number of tags.

    An element that is never closed covers all that follows, as it does for a browser.
    """
    covered = total = tags = depth = position = 0
    for tag in _TAG.finditer(text):
        name = tag[2].lower()
        before = text[position : tag.start()]
        size = len(before.strip())
        total += size
        if depth:
            covered += size
        elif name in _BREAK_TAGS:
            covered += len(before.rpartition("\n")[2].strip())
        if name in _BLOCK_TAGS:
            depth = max(depth - 1, 0) if tag[1] else depth + 1
        tags += name in _BLOCK_TAGS or name in _BREAK_TAGS
        position = tag.end()
    size = len(text[position:].strip())
    return covered + (size if depth else 0), total + size, tags
