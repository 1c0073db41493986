"""What passes over an archive share: how inputs are read, who hears of it, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from cleaner.archive.inputs.options import InputOptions
from cleaner.archive.ledger import Ledger
from cleaner.archive.records import Item, Shard, Source
from cleaner.errors import CleanerError


@dataclass(frozen=True, slots=True)
class Reader:
    """How inputs are cut into shards, and how a shard is read."""

    plan: Callable[[Sequence[str], InputOptions], list[Shard]]
    read_shard: Callable[[Shard, InputOptions], Iterable[Item]]


class Watcher:
    """Hears how a run goes on. This one shows nothing."""

    def enter(self, name: str) -> None:
        """Hear which of several passes begins."""

    def begin(self, plan: Sequence[Shard], todo: Sequence[Shard], before: Ledger) -> None:
        """Hear what is planned, what is still to be done, and the accounts of what is not."""

    def record(self, shard: Shard, source: Source, became: str) -> None:
        """Hear of a record that is done: ``kept``, ``skipped`` or ``quarantined``.

        While sites are learned: ``sketched`` or ``passed``.
        """

    def shard(self, shard: Shard, ledger: Ledger) -> None:
        """Hear of a shard that is committed."""

    def failed(self, shard: Shard, why: str) -> None:
        """Hear of a shard that could not be done."""


@dataclass(slots=True)
class Summary:
    """How a run ended."""

    shards: int
    """Planned for this run's part."""
    done: int
    ledger: Ledger
    """Of all shards that are committed."""
    last: bool = True
    """Whether no other part of the output is left to do."""
    failed: list[tuple[Shard, str]] = field(default_factory=list)
    """Shards that could not be read, and why."""
    waiting: int = 0
    """Shards that other parts of the run have to read before the sites are learned."""

    @property
    def complete(self) -> bool:
        """Whether every shard is committed."""
        return self.done == self.shards and not self.waiting


def said(error: BaseException) -> str:
    """Return what an error says, for a person."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    if isinstance(error, CleanerError):
        return str(error)
    return f"{type(error).__name__}: {error}"
