"""Rows to files. The same rows give the same bytes, whenever and wherever they are written."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from cleaner.archive.schema import Column

FORMATS = {
    "parquet": ".parquet",
    "jsonl": ".jsonl",
    "jsonl.gz": ".jsonl.gz",
    "jsonl.zst": ".jsonl.zst",
    "markdown": "",
    "text": "",
    "warc": ".warc.gz",
}
"""A format's name to the suffix of its files; those without write a folder of files."""


class Sink(Protocol):
    """What takes the rows of a shard."""

    rows: int
    """Rows taken."""

    def write(self, row: dict[str, Any]) -> None:
        """Take a row."""

    def close(self) -> None:
        """Write what is left, to the disk itself."""

    def abandon(self) -> None:
        """Let go of all open files."""


def open_sink(name: str, path: Path, columns: Sequence[Column]) -> Sink:
    """Return a sink of that format; it makes ``path``, whose parent must exist.

    Raises ``OSError``, and ``ImportError`` if the format's library is not installed.
    """
    if name == "parquet":
        from cleaner.archive.sinks.parquet import ParquetSink

        return ParquetSink(path, columns)
    if name == "warc":
        from cleaner.archive.sinks.warc import WarcSink

        return WarcSink(path)
    if name in ("markdown", "text"):
        from cleaner.archive.sinks.files import FilesSink

        return FilesSink(path, name)
    from cleaner.archive.sinks.jsonl import JsonlSink

    return JsonlSink(path, name.removeprefix("jsonl").removeprefix("."))


def sync_folder(path: Path) -> None:
    """Make sure that the names in a folder are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
