"""The accounts of a shard: every record that was read is in exactly one place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cleaner.errors import ArchiveError


@dataclass(slots=True)
class Ledger:
    """Counts of records. ``read`` is counted by the reader's side, the rest by the writer's."""

    read: int = 0
    ok: int = 0
    partial: int = 0
    empty: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    """By reason; so is ``quarantined``."""
    quarantined: Counter[str] = field(default_factory=Counter)

    @property
    def rows(self) -> int:
        """Rows of the output."""
        return self.ok + self.partial + self.empty

    @property
    def pages(self) -> int:
        """Records that were to be cleaned."""
        return self.rows + self.quarantined.total()

    def count_row(self, status: str) -> None:
        """Count a row by its status."""
        setattr(self, status, getattr(self, status) + 1)

    def check(self) -> None:
        """Raise ``ArchiveError`` unless every record that was read is accounted for."""
        known = self.rows + self.skipped.total() + self.quarantined.total()
        if known != self.read:
            raise ArchiveError(f"{self.read} records were read, {known} are accounted for")

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as JSON-ready values, reasons sorted by name."""
        return {
            "read": self.read,
            "ok": self.ok,
            "partial": self.partial,
            "empty": self.empty,
            "skipped": dict(sorted(self.skipped.items())),
            "quarantined": dict(sorted(self.quarantined.items())),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Ledger:
        """Return the counts that ``to_dict`` gave."""
        read, ok, partial, empty = (values[name] for name in ("read", "ok", "partial", "empty"))
        skipped, quarantined = Counter(values["skipped"]), Counter(values["quarantined"])
        return cls(read, ok, partial, empty, skipped, quarantined)

    @classmethod
    def total(cls, ledgers: Iterable[Ledger]) -> Ledger:
        """Return the sum of the counts of shards."""
        whole = cls()
        for ledger in ledgers:
            for name in ("read", "ok", "partial", "empty"):
                setattr(whole, name, getattr(whole, name) + getattr(ledger, name))
            whole.skipped += ledger.skipped
            whole.quarantined += ledger.quarantined
        return whole
