"""A JSON object a line, plain or compressed."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import IO, Any, Protocol

LEVEL = {"gz": 6, "zst": 3}
"""Compression levels: changing them changes the bytes of every output."""


class _Stream(Protocol):
    def write(self, data: bytes, /) -> object: ...

    def close(self) -> object: ...


class JsonlSink:
    """Writes ``.jsonl``, ``.jsonl.gz`` or ``.jsonl.zst``; ``compression`` is "", ``gz`` or
    ``zst``."""

    def __init__(self, path: Path, compression: str = "") -> None:
        self.rows = 0
        self._file = path.open("wb")
        self._stream: _Stream = self._file
        if compression == "gz":
            # Neither name nor time: they would differ from run to run.
            self._stream = gzip.GzipFile("", "wb", LEVEL["gz"], self._file, mtime=0)
        elif compression == "zst":
            import zstandard

            compressor = zstandard.ZstdCompressor(LEVEL["zst"], write_checksum=True)
            self._stream = compressor.stream_writer(self._file, closefd=False)

    def write(self, row: dict[str, Any]) -> None:
        """Take a row."""
        line = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        self._stream.write(line.encode() + b"\n")
        self.rows += 1

    def close(self) -> None:
        """Write what is left, to the disk itself."""
        if self._stream is not self._file:
            self._stream.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def abandon(self) -> None:
        """Let go of the file."""
        abandon_file(self._file)


def abandon_file(file: IO[bytes]) -> None:
    """Close a file whose content no longer matters: a full disk must not raise again."""
    try:
        file.close()
    except OSError:
        return
