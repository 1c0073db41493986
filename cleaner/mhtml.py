"""MHTML, a page and its parts saved in one MIME message: find the page among the parts."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime

from cleaner.errors import MediaTypeError

_PAGE_TYPES = ("text/html", "application/xhtml+xml")
_SCHEMES = ("http://", "https://", "file:")
# The email package reads nested parts by recursion and fails on what no browser writes.
_PARSER_ERRORS = (MessageError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class SavedPage:
    """The main HTML part of an MHTML file."""

    body: bytes
    content_type: str
    """The part's own Content-Type, with its character set."""
    url: str | None
    captured_at: datetime | None


def read_mhtml(body: bytes) -> SavedPage:
    """Return the page that an MHTML file was made of.

    Raises ``MediaTypeError`` when no part of it is HTML.
    """
    # The parser takes leading blank lines for the end of the headers.
    try:
        message = message_from_bytes(body.lstrip())
        pages = [part for part in message.walk() if part.get_content_type() in _PAGE_TYPES]
        page = _main_page(message, pages)
        content = page.get_payload(decode=True) if page is not None else None
    except _PARSER_ERRORS as error:
        raise MediaTypeError(f"the MHTML file cannot be read: {error}") from error
    if page is None or not isinstance(content, bytes):
        raise MediaTypeError("the MHTML file holds no HTML part")
    named = [_header(message, "snapshot-content-location"), _header(page, "content-location")]
    return SavedPage(
        body=content,
        content_type=_header(page, "content-type"),
        url=next((name for name in named if name.startswith(_SCHEMES)), None),
        captured_at=_date(_header(message, "date")),
    )


def _main_page(message: Message, pages: list[Message]) -> Message | None:
    """Return the part that the message starts with, else the saved address's, else the first."""
    start = message.get_param("start")
    location = _header(message, "snapshot-content-location")
    by_id = [p for p in pages if start and _header(p, "content-id") == start]
    by_location = [p for p in pages if location and _header(p, "content-location") == location]
    return next(iter(by_id + by_location + pages), None)


def _header(message: Message, name: str) -> str:
    """Return a header in one line, encoded words decoded; empty where there is none."""
    value = str(message.get(name, ""))
    with suppress(*_PARSER_ERRORS):  # a header that isn't encoded as it says stays as it is
        value = str(make_header(decode_header(value)))
    return "".join(value.splitlines()).strip()


def _date(value: str) -> datetime | None:
    try:
        return parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
