"""Bytes, text or a parsed tree to a ``Capture``: what came in, decoded and named.

The way of bytes: content encodings off, binary formats refused, MHTML unpacked, the
character set found, the text made tidy, its media type recognised.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from lxml import etree

from cleaner.charset import DecodedText, charset_of_caller, decode_text, mend_text
from cleaner.encoding import undo_encodings
from cleaner.errors import CaptureError, EmptyCaptureError, OptionError, TooLargeError
from cleaner.media import (
    is_mhtml,
    parse_media_type,
    refuse_binary,
    refuse_controls,
    sniff_media_type,
)
from cleaner.types import Capture, MediaType

_MAX_BYTES = 64 << 20
_MIME_HEAD = 16_384  # characters in which a saved page shows its MIME headers
_XHTML_ROOT = "{http://www.w3.org/1999/xhtml}html"


def read_capture(
    body: Any,
    *,
    url: str | None = None,
    headers: Mapping[str, str] | None = None,
    captured_at: datetime | None = None,
    media_type: str = "auto",
    charset: str | None = None,
    max_bytes: int = _MAX_BYTES,
) -> Capture:
    """Read what was captured of a page.

    ``body`` is ``bytes``, ``str``, an lxml element or tree, or a ``BeautifulSoup`` object.
    ``media_type`` is a ``MediaType`` value, ``html``, ``xhtml``, ``mhtml``, ``markdown``,
    ``text`` or ``auto``; ``charset`` a label of a character set, which a byte-order mark
    overrules; ``max_bytes`` the largest body, before and after its content encodings are
    undone (characters, for ``str``).

    Raises ``CaptureError`` or one of its kinds for what is no page, and ``OptionError`` for
    an option that is not one of its values.
    """
    wanted = parse_media_type(media_type)
    _check_options(url, captured_at, max_bytes)
    if charset is not None:
        charset_of_caller(charset)
    base = Capture(
        "", MediaType.HTML, url, captured_at=captured_at, headers=_lower_headers(headers)
    )
    if isinstance(body, etree._Element | etree._ElementTree):
        return _read_tree(body, base, wanted)
    if isinstance(body, bytes | bytearray | memoryview):
        return _read_bytes(bytes(body), base, wanted, charset, max_bytes)
    if isinstance(body, str):
        return _read_str(str(body), base, wanted, max_bytes)
    if _is_soup(body):
        return _read_soup(body, base, wanted, max_bytes)
    raise CaptureError(
        "a page is bytes, str, an lxml element or tree, or a BeautifulSoup object, "
        f"not {type(body).__name__}; read a file or a response first"
    )


def _check_options(url: object, captured_at: object, max_bytes: object) -> None:
    if not isinstance(url, str | None):
        raise OptionError(f"url is a str, not {type(url).__name__}")
    if not isinstance(captured_at, datetime | None):
        raise OptionError(f"captured_at is a datetime, not {type(captured_at).__name__}")
    if not isinstance(max_bytes, int) or max_bytes < 1:
        raise OptionError(f"max_bytes is a number of bytes from 1 on, not {max_bytes!r}")


def _lower_headers(headers: Mapping[Any, Any] | None) -> dict[str, str]:
    """Return headers with lower-case names; frameworks give names and values in bytes, too."""
    if headers is None:
        return {}
    if not hasattr(headers, "items"):
        raise OptionError(f"headers is a mapping, not {type(headers).__name__}")
    lowered: dict[str, str] = {}
    for name, values in headers.items():
        key = _header_text(name).strip().lower()
        several = values if isinstance(values, list | tuple) else (values,)
        given = [lowered[key]] if key in lowered else []
        lowered[key] = ", ".join([*given, *(_header_text(value).strip() for value in several)])
    return lowered


def _header_text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _check_size(size: int, max_bytes: int, unit: str) -> None:
    if not size:
        raise EmptyCaptureError("the input is empty")
    if size > max_bytes:
        raise TooLargeError(
            f"the input has {size} {unit}, more than {max_bytes}; raise max_bytes if that is meant"
        )


def _read_bytes(
    body: bytes, base: Capture, wanted: MediaType | None, charset: str | None, max_bytes: int
) -> Capture:
    _check_size(len(body), max_bytes, "bytes")
    base = replace(base, size=len(body))
    content_type = base.headers.get("content-type", "")
    encoding = base.headers.get("content-encoding", "")
    body, warnings = undo_encodings(body, encoding, max_bytes)
    base = replace(base, warnings=warnings)
    refuse_binary(body)
    if wanted is MediaType.MHTML or (wanted is None and is_mhtml(body, content_type)):
        return _read_saved_page(body, base, charset)
    decoded = decode_text(body, caller=charset, header=content_type)
    return _finish(decoded, base, wanted, b"\0" in body)


def _read_str(text: str, base: Capture, wanted: MediaType | None, max_bytes: int) -> Capture:
    _check_size(len(text), max_bytes, "characters")
    base = replace(base, size=len(text))
    decoded = mend_text(text)
    if wanted is None and is_mhtml(decoded.text[:_MIME_HEAD].encode(), ""):
        wanted = MediaType.MHTML
    if wanted is MediaType.MHTML:
        return _read_saved_page(decoded.text.encode(), base, None)
    return _finish(decoded, base, wanted, "\0" in decoded.text)


def _read_saved_page(body: bytes, base: Capture, charset: str | None) -> Capture:
    from cleaner.mhtml import read_mhtml

    page = read_mhtml(body)
    base = replace(base, url=base.url or page.url, captured_at=base.captured_at or page.captured_at)
    decoded = decode_text(page.body, caller=charset, header=page.content_type)
    return _finish(decoded, base, MediaType.MHTML, b"\0" in page.body)


def _read_tree(tree: Any, base: Capture, wanted: MediaType | None) -> Capture:
    root = tree.getroot() if isinstance(tree, etree._ElementTree) else tree
    if root is None or not (len(root) or (root.text or "").strip()):
        raise EmptyCaptureError("the tree is empty")
    found = MediaType.XHTML if root.tag == _XHTML_ROOT else MediaType.HTML
    media_type = _tree_type(wanted, found)
    return replace(base, media_type=media_type, charset_source="tree", tree=tree)


def _read_soup(soup: Any, base: Capture, wanted: MediaType | None, max_bytes: int) -> Capture:
    found = MediaType.XHTML if getattr(soup, "is_xml", False) else MediaType.HTML
    capture = _read_str(soup.decode(), base, _tree_type(wanted, found), max_bytes)
    return replace(capture, charset_source="tree")


def _is_soup(body: object) -> bool:
    """Tell a parsed page of BeautifulSoup without importing it."""
    return any(c.__name__ == "Tag" and c.__module__.startswith("bs4") for c in type(body).__mro__)


def _tree_type(wanted: MediaType | None, found: MediaType) -> MediaType:
    if wanted not in {None, MediaType.HTML, MediaType.XHTML}:
        raise OptionError(f"a parsed tree is HTML or XHTML, not {wanted}")
    return wanted or found


def _finish(
    decoded: DecodedText, base: Capture, wanted: MediaType | None, holds_nul: bool
) -> Capture:
    """Make the decoded text tidy and name its media type, if that is still open.

    ``holds_nul`` is asked of the bytes where there are any: a NUL is slow to find in wide text.
    """
    text = decoded.text.lstrip("\ufeff")
    warnings = list(base.warnings)
    if decoded.is_doubtful:
        warnings.append("charset-doubtful")
    if holds_nul and "\0" in text:
        text = text.replace("\0", "")
        warnings.append("nul-bytes")
    if not text or text.isspace():
        raise EmptyCaptureError("the input holds white space alone")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    refuse_controls(text)
    content_type = base.headers.get("content-type", "")
    return replace(
        base,
        text=text,
        media_type=wanted or sniff_media_type(text, content_type, base.url),
        charset=decoded.charset,
        charset_source=decoded.source,
        replaced=decoded.replaced,
        warnings=tuple(warnings),
    )
