"""A record of an archive as an item: a page, a skip with its reason, or a fault."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cleaner.archive.inputs.digests import sha256
from cleaner.archive.inputs.heads import RecordHead, parse_fields, parse_time
from cleaner.archive.inputs.http import (
    MAX_HTTP_HEAD,
    HttpHead,
    plain_headers,
    read_http_head,
    undo_http,
)
from cleaner.archive.inputs.options import InputOptions
from cleaner.archive.inputs.pages import is_page_type, looks_like_page, named_type
from cleaner.archive.inputs.splitter import PADDING, Stretch, check_digests
from cleaner.archive.inputs.views import View
from cleaner.archive.records import Fault, Item, Record, Skip, Source
from cleaner.charset import charset_of_header, find_charset
from cleaner.errors import DecodeError, TooLargeError

DIGEST_MISMATCH = "digest-mismatch"
NO_HTTP_HEADERS = "no-http-headers"
NO_TYPE = "no-record-type"
SEGMENTED = "segmented"
PARTIAL = "partial-content"

_SKIPPED_KINDS = frozenset({"request", "metadata", "revisit", "warcinfo", "continuation"})
_PAGE_SCHEMES = frozenset({"http", "https", "file", "ftp", ""})
_MAX_HINTS = 1 << 16  # bytes of a metadata record that are read
_CHARSET_HINT = "charset-detected"
_LANGUAGES_HINT = "languages-cld2"


@dataclass(frozen=True, slots=True)
class Hints:
    """What Common Crawl's metadata record says of the response before it."""

    about: str
    """ID of the record that it is about."""
    url: str
    charset: str
    languages: str


@dataclass(frozen=True, slots=True)
class Built:
    """An item, and what it says of the item before it."""

    item: Item
    hints: Hints | None = None


def build_item(view: View, stretch: Stretch, source: Source, options: InputOptions) -> Built:
    """Return what a stretch of an archive is."""
    head = stretch.head
    if head is None:
        if stretch.doubt == PADDING:
            return Built(Skip(source, PADDING))
        return Built(Fault(source, stretch.doubt, f"{stretch.end - stretch.start} bytes"))
    source = replace(source, record_id=head.get("warc-record-id") or None)
    if stretch.doubt:
        return Built(Fault(source, stretch.doubt, _describe(head)))
    if head.kind in _SKIPPED_KINDS:
        return _skipped(view, stretch, head, source)
    return Built(_Builder(view, stretch, head, source, options).item())


def _describe(head: RecordHead) -> str:
    declared = head.get("content-length")[:40] or head.length
    return f"{head.kind or 'record'} of {head.get('warc-target-uri')[:200]}, length {declared}"


def _skipped(view: View, stretch: Stretch, head: RecordHead, source: Source) -> Built:
    if head.kind != "metadata":
        return Built(Skip(source, head.kind, head.get("warc-refers-to-target-uri")))
    size = min(stretch.block_end - stretch.block_start, _MAX_HINTS)
    fields = parse_fields(b"\n" + view.read(stretch.block_start, size))
    hints = Hints(
        about=head.get("warc-concurrent-to") or head.get("warc-refers-to"),
        url=head.get("warc-target-uri"),
        charset=fields.get(_CHARSET_HINT, ""),
        languages=_languages(fields.get(_LANGUAGES_HINT, "")),
    )
    return Built(Skip(source, "metadata"), hints if hints.charset or hints.languages else None)


def _languages(text: str) -> str:
    """Return the codes of a CLD2 result, the likeliest first, separated by commas."""
    try:
        found: Any = json.loads(text)["languages"]
        return ",".join(str(language["code-iso-639-3"]) for language in found)
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def with_hints(record: Record, hints: Hints) -> Record:
    """Return a record with what the metadata record after it says, if it is about it."""
    if hints.about != record.source.record_id and (hints.about or hints.url != record.url):
        return record
    charset = record.charset
    named = charset_of_header(record.headers.get("content-type", ""))
    if charset is None and named is None:
        charset = find_charset(hints.charset)
    return replace(record, charset=charset, languages=record.languages or hints.languages)


class _Builder:
    """The way of one response, resource or conversion record to a page."""

    def __init__(
        self, view: View, stretch: Stretch, head: RecordHead, source: Source, options: InputOptions
    ) -> None:
        self.view = view
        self.stretch = stretch
        self.head = head
        self.source = source
        self.options = options
        self.url = head.get("warc-target-uri").strip().strip("<>") or None
        self.warnings = [*head.warnings, *stretch.warnings]

    def item(self) -> Item:
        """Return the record's item."""
        first = self._read(0, MAX_HTTP_HEAD)
        http = self._http_head(first)
        content_type = http.headers.get("content-type", "") if http else self._block_type()
        refusal = self._refusal(http, content_type)
        if refusal is not None:
            return refusal
        size = self.stretch.block_end - self.stretch.block_start
        if size > self.options.max_bytes:
            return Fault(self.source, "too-large", f"{size} bytes, more than max_bytes")
        block = first if size <= len(first) else self._read(0, size)
        if check_digests(self.view, self.stretch) is False:
            self.warnings.append(DIGEST_MISMATCH)
        payload = block[http.size :] if http else block
        self.source = replace(self.source, payload_digest=sha256(payload))
        return self._page(payload, http, content_type)

    def _read(self, start: int, size: int) -> bytes:
        begin = self.stretch.block_start + start
        return self.view.read(begin, min(size, self.stretch.block_end - begin))

    def _http_head(self, first: bytes) -> HttpHead | None:
        if self.head.kind in {"resource", "conversion"} and not self._is_http():
            return None
        head = read_http_head(first)
        if head is None and (self.head.kind == "response" or self._is_http()):
            self.warnings.append(NO_HTTP_HEADERS)
        if head is not None and head.status == 206:
            self.warnings.append(PARTIAL)
        return head

    def _is_http(self) -> bool:
        return named_type(self.head.get("content-type")) == "application/http"

    def _block_type(self) -> str:
        """Return the media type of a block that has no HTTP head."""
        return "" if self._is_http() else self.head.get("content-type")

    def _refusal(self, http: HttpHead | None, content_type: str) -> Item | None:
        """Return why a record is no page by what its heads say."""
        kind = self.head.kind
        if not kind:
            if http is None:
                return Fault(self.source, NO_TYPE, _describe(self.head))
            self.warnings.append(NO_TYPE)
        elif kind not in {"response", "resource", "conversion"}:
            return Skip(self.source, "unknown-type", kind)
        if kind == "conversion" and not self.options.conversions:
            return Skip(self.source, "conversion")
        scheme, colon, _ = (self.url or "").partition(":")
        # What came by HTTP is a page, whatever its address looks like ("host:8080/page").
        if http is None and colon and scheme.lower() not in _PAGE_SCHEMES:
            return Skip(self.source, "scheme", scheme[:40])
        if http and not self.options.error_pages and not 200 <= http.status < 300:
            return Skip(self.source, "http-status", str(http.status))
        if is_page_type(content_type) is False:
            return Skip(self.source, "media-type", named_type(content_type)[:100])
        if self.stretch.block_end - self.stretch.block_start <= (http.size if http else 0):
            return Skip(self.source, "empty")
        return None

    def _page(self, payload: bytes, http: HttpHead | None, content_type: str) -> Item:
        headers: Mapping[str, str] = http.headers if http else {}
        try:
            body, status = undo_http(payload, headers, self.options.max_bytes)
        except TooLargeError as error:
            return Fault(self.source, "too-large", str(error))
        except DecodeError as error:
            return Fault(self.source, "content-encoding", str(error))
        if not body:
            return Skip(self.source, "empty", "" if status == "ok" else status)
        if not is_page_type(content_type) and not looks_like_page(body):
            return Skip(self.source, "media-type", named_type(content_type)[:100])
        if self.head.get("warc-segment-number"):
            self.warnings.append(SEGMENTED)
        return Record(
            source=self.source,
            body=body,
            url=self.url,
            headers=plain_headers(headers) if http else _as_headers(content_type),
            captured_at=parse_time(self.head.get("warc-date")),
            truncated=self.head.get("warc-truncated"),
            decode_status=status,
            languages=self.head.get("warc-identified-content-language"),
            warnings=tuple(dict.fromkeys(self.warnings)),
        )


def _as_headers(content_type: str) -> dict[str, str]:
    return {"content-type": content_type} if content_type else {}
