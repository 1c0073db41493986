"""What an archive's reader hands to the runner: records, skips and faults, each with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Source:
    """Where an item stands in the input: enough to read it again."""

    file: str
    """As the file system names it; a name that is no UTF-8 holds lone surrogates."""
    offset: int | None = None
    """First byte in ``file``; for JSONL of the line, for Parquet ``None``."""
    length: int | None = None
    """Bytes in ``file`` from ``offset`` on, compressed as they stand there; ``None`` where a
    compressed stream holds several items and its end is not known yet."""
    member: str = ""
    """Name inside a zip, tar or WACZ; empty elsewhere."""
    row: int | None = None
    """Row of a Parquet file or line of a JSONL file, counted from 0."""
    record_id: str | None = None
    payload_digest: str | None = None
    """As ``sha256:<hex>`` of the payload as it was stored, before content decoding."""
    inflated_offset: int | None = None
    """First byte in the inflated stream that begins at ``offset`` (a gzip member, a zstd frame, a
    deflated file of a zip, a compressed tar) where that stream holds more than this item."""
    inflated_length: int | None = None
    """Bytes from ``inflated_offset`` on."""


@dataclass(frozen=True, slots=True)
class Record:
    """A page to clean."""

    source: Source
    body: bytes | str
    """The payload after transfer and content decoding."""
    url: str | None = None
    media_type: str = "auto"
    headers: Mapping[str, str] = field(default_factory=dict)
    """HTTP headers, names in lower case; content and transfer encodings are undone."""
    charset: str | None = None
    """Only from a source outside the page, such as Common Crawl's metadata record."""
    captured_at: datetime | None = None
    truncated: str = ""
    """As ``WARC-Truncated`` says; empty when whole."""
    decode_status: str = "ok"
    """``ok``, or what was wrong with the transfer or content encoding."""
    languages: str = ""
    """What the archive says of the page's languages."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Other columns of a row, carried through."""
    warnings: tuple[str, ...] = ()

    @property
    def told(self) -> dict[str, Any]:
        """What the archive tells of the page, as ``clean`` and ``read_capture`` take it."""
        return {
            "url": self.url,
            "headers": self.headers,
            "captured_at": self.captured_at,
            "media_type": self.media_type,
            "charset": self.charset,
        }


@dataclass(frozen=True, slots=True)
class Skip:
    """A record that is no page, with the reason in a word: ``revisit``, ``request``, ..."""

    source: Source
    reason: str
    detail: str = ""
    """What the reason leaves open: the status, the media type, what a revisit refers to."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A record, or a gap between records, that could not be read."""

    source: Source
    reason: str
    """A word, for counting."""
    detail: str = ""
    raw: bytes | None = None


Item = Record | Skip | Fault


@dataclass(frozen=True, slots=True)
class Shard:
    """A part of the input that is read, written and committed as one."""

    index: int
    kind: str
    """Which reader: ``warc``, ``wacz``, ``folder``, ``zip``, ``tar``, ``jsonl``, ``parquet``."""
    files: tuple[str, ...]
    """One path, or those of a part of a folder or list."""
    start: int = 0
    end: int | None = None
    """Bytes of the file (rows of Parquet) whose records belong to the shard: those that begin in
    ``start <= offset < end``."""
    first_row: int = 0
    """Number of the first line, for a part of a JSONL file."""
    root: str = ""
    """The folder that was given, for files in it."""
