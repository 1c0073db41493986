"""Rows of JSONL and Parquet: which column is the page, which its address, and so on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from cleaner.archive.inputs.digests import sha256
from cleaner.archive.inputs.heads import parse_time
from cleaner.archive.inputs.options import InputOptions
from cleaner.archive.records import Fault, Item, Record, Skip, Source
from cleaner.charset import find_charset
from cleaner.encoding import undo_encodings
from cleaner.errors import DecodeError, TooLargeError

NO_PAGE_COLUMN = "no-page-column"
NOT_TEXT = "not-text"

# Names by role, the likeliest first; they are compared without case.
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "page": (
        *("html", "raw_html", "html_content", "content_html", "page_html", "html_body", "raw"),
        *("markdown", "md", "text", "raw_text", "raw_content", "content", "body", "page"),
        *("document", "response_body", "payload"),
    ),
    "url": ("url", "uri", "target_uri", "warc_target_uri", "source_url", "page_url", "u", "link"),
    "captured_at": (
        *("captured_at", "crawl_date", "crawled_at", "fetched_at", "fetch_time", "warc_date"),
        *("date_download", "timestamp", "crawl_timestamp", "ts", "date"),
    ),
    "charset": ("charset", "encoding", "content_charset"),
    "languages": ("languages", "language", "lang", "content_languages"),
}
_MARKDOWN = ("markdown", "md")


@dataclass(frozen=True, slots=True)
class Columns:
    """The column of each role; empty where there is none."""

    page: str = ""
    url: str = ""
    captured_at: str = ""
    charset: str = ""
    languages: str = ""


def find_columns(names: Iterable[str], options: InputOptions) -> Columns:
    """Return the columns of a row or a table by the caller's choice, else by their names."""
    by_lower: dict[str, str] = {}
    for name in names:
        by_lower.setdefault(name.lower(), name)
    known = set(by_lower.values())
    roles = {}
    for role, likely in NAMES.items():
        given = options.columns.get(role)
        if given is not None:
            roles[role] = given if given in known else by_lower.get(given.lower(), "")
        else:
            roles[role] = next((by_lower[name] for name in likely if name in by_lower), "")
    return Columns(**roles)


def item_of_row(
    row: Mapping[str, Any], columns: Columns, source: Source, options: InputOptions
) -> Item:
    """Return a row as an item."""
    if not columns.page:
        return Fault(source, NO_PAGE_COLUMN, _missing(row, options))
    body = row.get(columns.page)
    if body is None or (isinstance(body, str | bytes) and not body):
        return Skip(source, "empty")
    if not isinstance(body, str | bytes):
        return Fault(source, NOT_TEXT, f"{columns.page!r} is {type(body).__name__}")
    size = len(body)
    if size > options.max_bytes:
        return Fault(source, "too-large", f"{size} bytes or characters, more than max_bytes")
    stored = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    source = replace(source, payload_digest=sha256(stored))
    status: tuple[str, ...] = ()
    if isinstance(body, bytes):
        try:
            body, status = undo_encodings(body, "", options.max_bytes, keep_partial=True)
        except TooLargeError as error:
            return Fault(source, "too-large", str(error))
        except DecodeError as error:
            return Fault(source, "content-encoding", str(error))
    used = {columns.page, columns.url, columns.captured_at, columns.charset, columns.languages}
    return Record(
        source=source,
        body=body,
        url=_text(row, columns.url) or None,
        media_type="markdown" if columns.page.lower() in _MARKDOWN else "auto",
        charset=find_charset(_text(row, columns.charset)) if isinstance(body, bytes) else None,
        captured_at=_time(row.get(columns.captured_at)),
        decode_status=",".join(status) or "ok",
        languages=_languages(row.get(columns.languages)),
        extra={name: value for name, value in row.items() if name not in used},
    )


def _missing(row: Mapping[str, Any], options: InputOptions) -> str:
    wanted = options.columns.get("page") or "html, text or the like"
    there = ", ".join(list(row)[:20])
    return f"no column {wanted}; name one of: {there}"


def _text(row: Mapping[str, Any], column: str) -> str:
    value = row.get(column) if column else None
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else ""


def _languages(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(str(part) for part in value)
    return value if isinstance(value, str) else ""


def _time(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, str):
        return parse_time(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _epoch(value)
    return None


def _epoch(value: float) -> datetime | None:
    """Return a time counted in seconds or milliseconds since 1970, or a stamp of 14 digits."""
    if isinstance(value, int) and 10**13 <= value < 10**14:
        return parse_time(str(value))
    try:
        return datetime.fromtimestamp(value / 1000 if abs(value) > 10**11 else value, tz=UTC)
    except (OverflowError, ValueError, OSError):
        return None
