"""WARC ``conversion`` records: the text of a page, with a pointer to the record it came from."""

from __future__ import annotations

import base64
import gzip
import hashlib
import os
import uuid
from pathlib import Path
from typing import Any

from cleaner.archive.sinks.jsonl import LEVEL, abandon_file

UNKNOWN = "1970-01-01T00:00:00Z"
"""``WARC-Date`` is mandatory; this stands where the time of capture is not known."""

_SPACE = uuid.UUID("6f7d3c3e-2f0b-5a55-9a0e-5f6a1b0c7d11")
"""Record ids are made from rows' ids in this name space: the same in every run."""


class WarcSink:
    """Writes ``.warc.gz``, a gzip member for each record."""

    def __init__(self, path: Path) -> None:
        self.rows = 0
        self._file = path.open("wb")

    def write(self, row: dict[str, Any]) -> None:
        """Take a row."""
        if not self.rows:
            self._write_info(row)
        body = row["text"].encode()
        digest = base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()
        fields = {
            "WARC-Type": "conversion",
            "WARC-Record-ID": f"<{uuid.uuid5(_SPACE, row['id']).urn}>",
            "WARC-Date": row["captured_at"] or UNKNOWN,
            "WARC-Target-URI": row["url"],
            "WARC-Refers-To": row["source"]["record_id"],
            "WARC-Block-Digest": f"sha1:{digest}",
            "WARC-Truncated": row["truncated"],
            "Content-Type": "text/plain; charset=utf-8",
        }
        self._write(fields, body)
        self.rows += 1

    def close(self) -> None:
        """Write what is left, to the disk itself."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def abandon(self) -> None:
        """Let go of the file."""
        abandon_file(self._file)

    def _write_info(self, row: dict[str, Any]) -> None:
        software = f"cleaner/{row['cleaner_version']}"
        body = f"software: {software}\r\nformat: WARC File Format 1.1\r\n".encode()
        fields = {
            "WARC-Type": "warcinfo",
            "WARC-Record-ID": f"<{uuid.uuid5(_SPACE, 'info ' + row['id']).urn}>",
            "WARC-Date": row["captured_at"] or UNKNOWN,
            "Content-Type": "application/warc-fields",
        }
        self._write(fields, body)

    def _write(self, fields: dict[str, str | None], body: bytes) -> None:
        lines = [f"{name}: {_one_line(value)}\r\n" for name, value in fields.items() if value]
        head = f"WARC/1.1\r\n{''.join(lines)}Content-Length: {len(body)}\r\n\r\n"
        record = head.encode() + body + b"\r\n\r\n"
        self._file.write(gzip.compress(record, LEVEL["gz"], mtime=0))


def _one_line(value: str) -> str:
    """Return a header's value: an address with a line end must not make another header."""
    return " ".join(value.split())
