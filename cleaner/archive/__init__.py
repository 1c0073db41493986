"""Archives of any size: records in, rows out, the runner between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleaner.late import late_name

if TYPE_CHECKING:
    from cleaner.archive.inputs import InputOptions, read_again, read_raw, read_shard
    from cleaner.archive.job import Job
    from cleaner.archive.plan import read_items
    from cleaner.archive.records import Fault, Item, Record, Shard, Skip, Source
    from cleaner.archive.rows import source_of
    from cleaner.archive.runner import run_archive
    from cleaner.archive.runs import Summary, Watcher
    from cleaner.archive.worker import Limits

__all__ = [
    "Fault",
    "InputOptions",
    "Item",
    "Job",
    "Limits",
    "Record",
    "Shard",
    "Skip",
    "Source",
    "Summary",
    "Watcher",
    "read_again",
    "read_items",
    "read_raw",
    "read_shard",
    "run_archive",
    "source_of",
]

_MODULES = ("records", "inputs", "plan", "rows", "worker", "job", "runner")
"""Where the names are. Each is imported when one of its names is asked for."""


def __getattr__(name: str) -> Any:
    return late_name(__name__, _MODULES, __all__, name)
