"""What is a page: by its media type, its file name, its first bytes."""

from __future__ import annotations

import re
from typing import Final

PAGE_TYPES: Final = frozenset(
    """text/html application/xhtml+xml application/xhtml text/markdown text/x-markdown text/plain
    multipart/related message/rfc822 application/x-mimearchive application/vnd.wap.xhtml+xml
    """.split()
)
# Types that say nothing, or that servers give to XHTML: the first bytes decide.
OPEN_TYPES: Final = frozenset(
    """application/octet-stream application/binary application/unknown binary/octet-stream
    content/unknown unknown unknown/unknown application/x-unknown no-type none */* text/*
    text/xml application/xml text""".split()
)
# Media type to give to ``clean()`` by suffix; what can be several is found out from the text.
PAGE_SUFFIXES: Final = {
    ".html": "auto",
    ".htm": "auto",
    ".shtml": "auto",
    ".xhtml": "xhtml",
    ".xht": "xhtml",
    ".mhtml": "mhtml",
    ".mht": "mhtml",
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdown": "markdown",
    ".mkd": "markdown",
    ".txt": "auto",
    ".text": "auto",
}
PACKED_SUFFIXES: Final = frozenset({".gz", ".br", ".zst"})
# Suffixes of what is surely no page, whatever its first bytes are.
OTHER_SUFFIXES: Final = frozenset(
    """.css .js .mjs .map .json .jsonl .ndjson .csv .tsv .xml .rss .atom .svg .png .jpg .jpeg .gif
    .webp .avif .ico .bmp .tif .tiff .pdf .ps .doc .docx .xls .xlsx .ppt .pptx .odt .epub .mp3 .mp4
    .ogg .webm .wav .avi .mov .mkv .woff .woff2 .ttf .otf .eot .exe .dll .so .jar .class .py .c .h
    .zip .tar .tgz .gz .bz2 .xz .zst .7z .rar .parquet .warc .arc .wacz .cdx .cdxj .sqlite .db .yaml
    .yml .toml .ini .log .po""".split()
)

SNIFFED = 4096  # bytes of a body that show whether it is a page
_DOCUMENT = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|frameset)\b|<(?:div|p|h1|table|article|main)\b",
    re.I,
)
_BINARY = bytes([*range(9), 11, *range(14, 27), *range(28, 32)])
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")


def named_type(content_type: str) -> str:
    """Return the media type that a Content-Type header names, without its parameters."""
    return content_type.partition(";")[0].partition(",")[0].strip().strip("\"'").lower()


def is_page_type(content_type: str) -> bool | None:
    """Tell whether a Content-Type is that of a page; ``None`` where it leaves that open."""
    name = named_type(content_type)
    if name in PAGE_TYPES:
        return True
    return None if not name or name in OPEN_TYPES or "/" not in name else False


def looks_like_page(body: bytes) -> bool:
    """Tell a page by its first bytes: a tag that documents begin with, and no binary data."""
    sample = body[:SNIFFED]
    if sample.startswith(_WIDE_MARKS):
        sample = sample.replace(b"\0", b"")
    if len(sample) != len(sample.translate(None, _BINARY)):
        return False
    return _DOCUMENT.search(sample) is not None


def page_suffix(name: str) -> str | None:
    """Return the media type of a file by its suffix, ``""`` for no page, ``None`` if it is open.

    A page may be packed: ``a.html.gz`` is one.
    """
    stem, suffix = _split(name.rpartition("/")[2].lower())
    inner = _split(stem)[1] if suffix in PACKED_SUFFIXES else suffix
    if inner in PAGE_SUFFIXES:
        return PAGE_SUFFIXES[inner]
    return "" if suffix in OTHER_SUFFIXES else None


def _split(name: str) -> tuple[str, str]:
    stem, dot, suffix = name.rpartition(".")
    return (stem, dot + suffix) if dot else (name, "")
