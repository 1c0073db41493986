"""One shard's results on their way to the disk."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from cleaner.archive.ledger import Ledger
from cleaner.archive.output import KINDS, Output
from cleaner.archive.records import Fault, Record, Shard, Skip
from cleaner.archive.rows import Row, Stamp, fault_row, refused_row
from cleaner.archive.schema import QUARANTINE, TIMES, page_columns
from cleaner.archive.sinks import Sink, open_sink
from cleaner.archive.stats import Stats
from cleaner.errors import ArchiveError


class ShardWriter:
    """Takes what became of a shard's records, in their order, and commits all or nothing."""

    def __init__(self, output: Output, shard: Shard, key: str, stamp: Stamp) -> None:
        self.shard = shard
        self.key = key
        self.ledger = Ledger()
        self._output = output
        self._stamp = stamp
        self._stats = Stats()
        self._sinks: dict[str, Sink] = {}
        self._began = time.time()

    def add_row(self, row: Row, ms: float) -> None:
        """Write a page's row."""
        self._sink("data").write(row)
        self._sink("times").write({"id": row["id"], "ms": round(ms, 3)})
        self.ledger.count_row(row["status"])
        self._stats.add_row(row, ms)
        self._stats.add_time(time.time())

    def add_refused(self, record: Record, reason: str, detail: str) -> None:
        """Write a page that could not be cleaned to the quarantine."""
        job = self._output.job
        self._quarantine(refused_row(record, reason, detail, self._stamp, raw=job.raw))
        self._stats.add_time(time.time())

    def add_fault(self, fault: Fault) -> None:
        """Write a record that could not be read to the quarantine."""
        self._quarantine(fault_row(fault, self._stamp, raw=self._output.job.raw))

    def add_skip(self, skip: Skip) -> None:
        """Count a record that is no page."""
        self.ledger.skipped[skip.reason] += 1

    def commit(self, read: int) -> None:
        """Put the files in their places, and the mark that the shard is complete.

        ``read`` is how many records the reader gave. Raises ``ArchiveError`` if the accounts do
        not balance, and ``OSError``.
        """
        self.ledger.read = read
        self.ledger.check()
        written = {kind: sink.rows for kind, sink in self._sinks.items()}
        expected = {"data": self.ledger.rows, "quarantine": self.ledger.quarantined.total()}
        for kind, rows in expected.items():
            if written.get(kind, 0) != rows:
                raise ArchiveError(f"{kind}: {written.get(kind, 0)} rows written, not {rows}")
        for sink in self._sinks.values():
            sink.close()
        index = self.shard.index
        files = {kind: self._output.temporary_path(kind, index) for kind in self._sinks}
        self._output.commit(index, files, self._mark())

    def abandon(self) -> None:
        """Forget all."""
        for sink in self._sinks.values():
            sink.abandon()
        self._sinks = {}
        for kind in KINDS:
            self._output.discard(self._output.temporary_path(kind, self.shard.index))

    def _mark(self) -> dict[str, Any]:
        """Return the manifest's row of the shard."""
        shard = self.shard
        return {
            "index": shard.index,
            "key": self.key,
            "kind": shard.kind,
            "files": list(shard.files),
            "start": shard.start,
            "end": shard.end,
            "ledger": self.ledger.to_dict(),
            "began": round(self._began, 3),
            "seconds": round(time.time() - self._began, 3),
            "stats": self._stats.to_dict(),
        }

    def _quarantine(self, row: Row) -> None:
        self._sink("quarantine").write(row)
        self.ledger.quarantined[row["reason"]] += 1
        self._stats.add_refused(row)

    def _sink(self, kind: str) -> Sink:
        if kind not in self._sinks:
            path = self._output.temporary_path(kind, self.shard.index)
            self._output.discard(path)
            self._sinks[kind] = self._open(kind, path)
        return self._sinks[kind]

    def _open(self, kind: str, path: Path) -> Sink:
        job = self._output.job
        if kind == "data":
            return open_sink(job.format, path, page_columns(job.columns))
        if kind == "quarantine":
            return open_sink(job.quarantine_format, path, QUARANTINE)
        return open_sink("jsonl", path, TIMES)
