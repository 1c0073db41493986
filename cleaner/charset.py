"""Bytes to text: which character set a page is in, by what it says and by what it reads like.

The order: byte-order mark, the caller, the HTTP header, the page's own declaration, UTF-8,
then detection. A declared character set is decoded strictly; one that doesn't fit competes
with all the others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from cleaner.detection import (
    UTF8,
    charset_data,
    count_high,
    decode_leniently,
    decode_strictly,
    detect_charset,
    visible_text,
)
from cleaner.errors import CharsetError

_MARKS = (  # the little-endian UTF-32 mark begins with the UTF-16 one
    (b"\xef\xbb\xbf", UTF8),
    (b"\xff\xfe\x00\x00", "utf-32le"),
    (b"\x00\x00\xfe\xff", "utf-32be"),
    (b"\xff\xfe", "utf-16le"),
    (b"\xfe\xff", "utf-16be"),
)
_WIDE = frozenset({"utf-16le", "utf-16be", "utf-32le", "utf-32be"})
_WIDE_SAMPLE = 4096  # bytes
_MANY_NULS = 0.4  # least share of NULs among the high bytes of UTF-16 markup
_FEW_NULS = 0.1  # largest share among the low bytes

_HEAD = 4096  # bytes in which a page declares its character set
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.S)
_META = re.compile(rb"<meta\b[^<>]*?\bcharset\s*=\s*(?:[\"']\s*)?([\w.:()-]+)", re.I)
_XML_DECLARATION = re.compile(rb"\s*<\?xml[^<>]*?\bencoding\s*=\s*[\"']([\w.:()-]+)", re.I)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*(?:[\"']\s*)?([^\s\"';,]+)", re.I)
_ISO_2022_JP = re.compile(rb"\x1b\$[@B]")
_C1_CONTROLS = re.compile("[\x80-\x9f]")
_NOT_LETTERS = bytes(b for b in range(256) if not (chr(b).isascii() and chr(b).isalpha()))

# Text that is valid UTF-8 by chance: next to impossible in single bytes, but two or three
# words of Chinese can be (GBK has pairs that are also one UTF-8 character).
_CHANCE_UTF8 = 8  # characters
_MULTI_BYTE = frozenset({"shift_jis", "euc-jp", "euc-kr", "gb18030", "big5"})
# A damaged UTF-8 page stays UTF-8 while this many characters are whole for each broken one.
_WHOLE_PER_BROKEN = 4
# No language that is written in windows-1252 has so many letters with accents.
_MAX_ACCENTED = 0.3
_WORTH_COUNTING = 0.02  # share of bytes outside ASCII in the whole source

_DOUBTFUL = 0.01  # share of replaced characters


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A body as text, and how it came to be."""

    text: str
    charset: str
    """Name in the WHATWG Encoding Standard: ``utf-8``, ``windows-1251``, ``shift_jis``."""
    source: str
    """``bom``, ``caller``, ``header``, ``meta``, ``detected`` or ``str``."""
    replaced: float = 0.0
    """Share of characters that could not be decoded (0..1)."""
    is_doubtful: bool = False


def find_charset(label: str) -> str | None:
    """Return the name of the character set that a page means by a label, if it is known."""
    key = "".join(c for c in label.lower() if c.isascii() and c.isalnum())
    return UTF8 if key == "utf8" else _labels().get(key)


@cache
def _labels() -> dict[str, str]:
    rows = charset_data()["charset"]
    return {label: row["name"] for row in rows for label in row["labels"].split()}


def charset_of_caller(label: str) -> str:
    """Return the character set that the caller names; raise ``CharsetError`` if unknown."""
    charset = find_charset(label) if isinstance(label, str) else None
    if charset is None:
        raise CharsetError(f"unknown character set {str(label)[:40]!r}")
    return charset


def charset_of_header(content_type: str) -> str | None:
    """Return the character set that a Content-Type header names, if it is known."""
    match = _HEADER_CHARSET.search(content_type)
    return find_charset(match[1]) if match else None


def charset_of_source(body: bytes) -> str | None:
    """Return what the page's ``meta`` elements or its XML declaration name, if it is known."""
    if b"<!--" in body:
        body = _COMMENT.sub(b"", body)
    for match in (_META.search(body), _XML_DECLARATION.match(body)):
        charset = find_charset(match[1].decode("ascii", "replace")) if match else None
        if charset is not None:
            # Where a declaration can be read as ASCII, the bytes are not UTF-16.
            return UTF8 if charset in _WIDE else charset
    return None


def decode_text(body: bytes, *, caller: str | None = None, header: str = "") -> DecodedText:
    """Decode the bytes of a page.

    ``caller`` is a label given by the caller, ``header`` the Content-Type header.
    Raises ``CharsetError`` when the caller's label is unknown; no bytes make it fail.
    """
    declared: dict[str, str] = {}  # character set to where it was named
    mark, charset = next((m for m in _MARKS if body.startswith(m[0])), (b"", ""))
    if charset:
        body = body[len(mark) :]
        declared[charset] = "bom"
    if caller is not None:
        declared.setdefault(charset_of_caller(caller), "caller")
    for charset, source in _declarations(body, header):
        declared.setdefault(charset, source)
    for charset, source in declared.items():
        decoded = _decode_declared(body, charset, source)
        if decoded is not None:
            return decoded
    return _decode_undeclared(body, declared)


def mend_text(text: str) -> DecodedText:
    """Return text that came as ``str``; surrogates without a partner become U+FFFD."""
    if text.isascii():
        return DecodedText(text, UTF8, "str")
    try:
        text.encode()
    except UnicodeEncodeError:
        mended = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        broken = mended.count("\ufffd") - text.count("\ufffd")
        return _decoded(mended, UTF8, "str", broken)
    return DecodedText(text, UTF8, "str")


def _declarations(body: bytes, header: str) -> list[tuple[str, str]]:
    """Return what the bytes show beyond doubt, what the header and what the page declares."""
    declared = []
    wide = _wide_charset(body)
    if wide is not None:
        declared.append((wide, "detected"))
    if b"\x1b" in body and body.isascii() and _ISO_2022_JP.search(body):
        declared.append(("iso-2022-jp", "detected"))
    named = charset_of_header(header)
    if named is not None and (named not in _WIDE or b"\0" in body):
        declared.append((named, "header"))
    named = charset_of_source(body[:_HEAD])
    if named is not None:
        declared.append((named, "meta"))
    return declared


def _wide_charset(body: bytes) -> str | None:
    """Recognise UTF-16 and UTF-32 without a mark by where their NULs are."""
    sample = body[:_WIDE_SAMPLE]
    if b"\0" not in sample or len(sample) < 4:
        return None
    nuls = [sample[i::4].count(0) / len(sample[i::4]) for i in range(4)]
    if min(nuls[2:]) == 1 > nuls[0]:
        return "utf-32le"
    if min(nuls[:2]) == 1 > nuls[3]:
        return "utf-32be"
    if min(nuls[1], nuls[3]) > _MANY_NULS and max(nuls[0], nuls[2]) < _FEW_NULS:
        return "utf-16le"
    if min(nuls[0], nuls[2]) > _MANY_NULS and max(nuls[1], nuls[3]) < _FEW_NULS:
        return "utf-16be"
    return None


def _decode_declared(body: bytes, charset: str, source: str) -> DecodedText | None:
    """Decode strictly; ``None`` when the bytes do not fit the declaration."""
    if source in {"header", "meta"} and charset != UTF8:
        text = decode_strictly(body, UTF8)
        if text is not None and _is_utf8_on_purpose(body, text, charset):
            return DecodedText(text, UTF8, "detected")
    text = decode_strictly(body, charset)
    if text is None or (source != "caller" and _is_implausible(body, text, charset)):
        return None
    return DecodedText(text, charset, source)


def _is_utf8_on_purpose(body: bytes, text: str, charset: str) -> bool:
    """Tell a UTF-8 page that declares something else from one that is valid by chance."""
    if body.isascii() or charset in _WIDE:
        return False
    return charset not in _MULTI_BYTE or _count_not_ascii(text) >= _CHANCE_UTF8


def _count_not_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _is_implausible(body: bytes, text: str, charset: str) -> bool:
    """Tell text that decodes without an error, but can't have been meant."""
    if charset == UTF8 or body.isascii():
        return False
    if charset.startswith("iso-8859-"):
        return _C1_CONTROLS.search(text) is not None
    return charset == "windows-1252" and _has_too_many_accents(body)


def _has_too_many_accents(body: bytes) -> bool:
    if count_high(body) < _WORTH_COUNTING * len(body):
        return False
    visible = visible_text(body)
    high = count_high(visible)
    return high > _MAX_ACCENTED * (high + len(visible.translate(None, _NOT_LETTERS)))


def _decode_undeclared(body: bytes, declared: dict[str, str]) -> DecodedText:
    """Decode a body that declares nothing, or nothing that fits."""
    for charset, source in declared.items():
        if charset in _WIDE and (source != "caller" or b"\0" in body):
            return _decode_damaged(body, charset, source)
    text, broken = decode_leniently(body, UTF8)
    if not broken or _count_not_ascii(text) - broken >= _WHOLE_PER_BROKEN * broken:
        return _decoded(text, UTF8, declared.get(UTF8, "detected"), broken)
    late = charset_of_source(body)
    if late is not None and late not in declared:
        declared = {**declared, late: "meta"}
        decoded = _decode_declared(body, late, "meta")
        if decoded is not None:
            return decoded
    charset, is_close_call = detect_charset(body, tuple(declared))
    return _decode_damaged(body, charset, declared.get(charset, "detected"), is_close_call)


def _decode_damaged(
    body: bytes, charset: str, source: str, is_close_call: bool = False
) -> DecodedText:
    text, broken = decode_leniently(body, charset)
    return _decoded(text, charset, source, broken, is_close_call)


def _decoded(
    text: str, charset: str, source: str, broken: int, is_close_call: bool = False
) -> DecodedText:
    replaced = broken / max(len(text), 1)
    return DecodedText(text, charset, source, replaced, is_close_call or replaced > _DOUBTFUL)
