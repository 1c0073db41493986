"""HTTP responses as they stand in archives: the head, and the body without its encodings.

Lenient, since crawlers store what they got, and often not what the headers say of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cleaner.archive.inputs.heads import parse_fields
from cleaner.encoding import undo_encodings

MAX_HTTP_HEAD = 1 << 18  # bytes
CHUNKS_MISMATCH = "transfer-encoding-mismatch"
CHUNKS_TRUNCATED = "transfer-encoding-truncated"
CHUNKS_BROKEN = "transfer-encoding-broken"
CHUNKS_UNDECLARED = "transfer-encoding-undeclared"

_STATUS = re.compile(rb"[\r\n]{0,4}HTTP/\d{1,2}(?:\.\d)?[ \t]+(\d{3})\b")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,15})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
_NEWLINE = re.compile(rb"\r?\n")
_UNDONE = ("content-encoding", "transfer-encoding")


@dataclass(frozen=True, slots=True)
class HttpHead:
    """The head of a response."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    size: int
    """Bytes of the head, with its blank line."""


def read_http_head(data: bytes) -> HttpHead | None:
    """Return the head that a block begins with, ``None`` where it begins with none.

    Interim responses (status 100 to 199) before the response itself are passed over.
    """
    start = 0
    while match := _STATUS.match(data, start):
        blank = _BLANK_LINE.search(data, match.end())
        end = blank.end() if blank else len(data)
        status = int(match[1])
        if 100 <= status < 200 and _STATUS.match(data, end):
            start = end
            continue
        lines = data[match.start() : blank.start() if blank else end].lstrip(b"\r\n")
        return HttpHead(status, parse_fields(lines), end)
    return None


def undo_http(body: bytes, headers: Mapping[str, str], max_bytes: int) -> tuple[bytes, str]:
    """Return a body without its transfer and content encodings, and what was wrong with them.

    The second value is ``ok``, or words separated by commas. Raises ``DecodeError`` where
    nothing of the body can be read, ``TooLargeError`` where it inflates to more than ``max_bytes``.
    """
    problems: list[str] = []
    transfer = headers.get("transfer-encoding", "").lower()
    body = _undo_chunks(body, "chunked" in transfer, problems)
    layers = [name.strip() for name in transfer.split(",") if name.strip() not in {"chunked", ""}]
    layers.insert(0, headers.get("content-encoding", ""))
    declared = ", ".join(layer for layer in layers if layer)
    if body:
        body, warnings = undo_encodings(body, declared, max_bytes, keep_partial=True)
        problems.extend(warnings)
    return body, ",".join(dict.fromkeys(problems)) or "ok"


def plain_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return headers without those of encodings that were undone."""
    return {name: value for name, value in headers.items() if name not in _UNDONE}


def _undo_chunks(body: bytes, is_declared: bool, problems: list[str]) -> bytes:
    if not body or not (is_declared or _CHUNK_SIZE.match(body)):
        return body
    plain, problem, end = _dechunk(body)
    if is_declared:
        problems.extend([problem] if problem else [])
        return plain
    # Crawlers drop the header at times; then the chunks must be whole to be believed.
    if problem or not plain or body[end:].strip():
        return body
    problems.append(CHUNKS_UNDECLARED)
    return plain


def _dechunk(body: bytes) -> tuple[bytes, str, int]:
    """Return the chunks' content, what is wrong with them in a word, and where they end."""
    output = bytearray()
    position = 0
    while True:
        match = _CHUNK_SIZE.match(body, position)
        if match is None:
            if not position:
                return body, CHUNKS_MISMATCH, 0
            problem = CHUNKS_TRUNCATED if position >= len(body) else CHUNKS_BROKEN
            return bytes(output), problem, position
        size = int(match[1], 16)
        if not size:
            return bytes(output), "", match.end()
        begin, end = match.end(), match.end() + size
        output += body[begin:end]
        if end > len(body):
            return bytes(output), CHUNKS_TRUNCATED, len(body)
        newline = _NEWLINE.match(body, end)
        position = newline.end() if newline else end
