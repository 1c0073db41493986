"""Parquet by Arrow, in row groups of bounded size."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cleaner.archive.schema import Column, arrow_schema
from cleaner.archive.sinks.jsonl import abandon_file

GROUP_ROWS = 1_000
GROUP_BYTES = 32 << 20
"""Rows, and characters of text, after which a row group is written."""


class ParquetSink:
    """Writes a Parquet file, compressed with zstd."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        import pyarrow.parquet as pq

        self.rows = 0
        self._schema = arrow_schema(columns)
        self._json = [column.name for column in columns if column.type == "json"]
        self._buffer: list[dict[str, Any]] = []
        self._size = 0
        self._file = path.open("wb")
        self._writer = pq.ParquetWriter(self._file, self._schema, compression="zstd")

    def write(self, row: dict[str, Any]) -> None:
        """Take a row."""
        row = dict(row)
        for name in self._json:
            if row[name] is not None:
                row[name] = json.dumps(row[name], ensure_ascii=False)
        self._buffer.append(row)
        self.rows += 1
        self._size += sum(len(value) for value in row.values() if isinstance(value, str))
        if len(self._buffer) >= GROUP_ROWS or self._size >= GROUP_BYTES:
            self._flush()

    def close(self) -> None:
        """Write what is left, to the disk itself."""
        self._flush()
        self._writer.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def abandon(self) -> None:
        """Let go of the file."""
        with contextlib.suppress(OSError):
            self._writer.close()
        abandon_file(self._file)

    def _flush(self) -> None:
        import pyarrow as pa

        if self._buffer:
            self._writer.write_table(pa.Table.from_pylist(self._buffer, schema=self._schema))
        self._buffer, self._size = [], 0
