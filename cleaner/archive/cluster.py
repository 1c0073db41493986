"""What all engines of a cluster share: an engine schedules tasks, the rest of a run stays ours.

A task is a shard, done by the same function as on one machine: it cleans in workers of its own,
writes under another name, renames, and marks the shard as complete. So a task that is started
again, or twice at once, writes the same bytes, and the output is that of a local run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from cleaner.archive.job import Job
from cleaner.archive.ledger import Ledger
from cleaner.archive.output import Output
from cleaner.archive.records import Shard
from cleaner.archive.runner import Engine, run_locked, run_shards, sort_shards
from cleaner.archive.runs import Reader, Summary, Watcher, said
from cleaner.archive.sketching import sketch_path, sketch_shards
from cleaner.errors import CleanerError

Do = Callable[[Output, Shard, Reader], "list[tuple[Shard, str]]"]
"""Does a shard; returns it, with the reason, if it could not be read."""

Schedule = Callable[[Job, Sequence[Shard], Reader, Do], Iterator[tuple[Shard, str]]]
"""Does shards as tasks, by ``try_shard``; yields each with why it could not be done, or nothing."""

_UNSEEN = "what it wrote cannot be seen here: is the output on every machine?"


def run_on_cluster(
    job: Job,
    schedule: Schedule,
    *,
    fresh: bool = False,
    watcher: Watcher | None = None,
    reader: Reader | None = None,
) -> Summary:
    """Clean all inputs of a job on a cluster, or go on where an earlier run stopped.

    Inputs and output are paths that every machine sees. Raises what ``run_archive`` raises, and
    what the engine does.
    """
    told = watcher or Watcher()

    def tasks(output: Output, todo: Sequence[Shard], read: Reader, do: Do) -> Iterator[_Done]:
        if not todo:
            return iter(())
        # Its default is a view, which cannot be sent to other machines.
        reading = output.job.reading
        sent = replace(output.job, reading=replace(reading, columns=dict(reading.columns)))
        return schedule(sent, todo, read, do)

    def clean(output: Output, shards: Sequence[Shard], read: Reader) -> Summary:
        todo, summary = sort_shards(output, shards)
        told.begin(shards, todo, summary.ledger)
        _note_cleaned(output, tasks(output, todo, read, _clean), summary, told)
        return summary

    def sketch(output: Output, shards: Sequence[Shard], read: Reader) -> list[_Done]:
        todo = [shard for shard in shards if not sketch_path(output, shard).exists()]
        told.begin(shards, todo, Ledger())
        return _note_sketched(output, tasks(output, todo, read, _sketch), told)

    return run_locked(job, Engine(clean, sketch), fresh=fresh, watcher=watcher, reader=reader)


_Done = tuple[Shard, str]


def _note_cleaned(
    output: Output, done: Iterator[_Done], summary: Summary, watcher: Watcher
) -> None:
    for shard, why in done:
        mark = output.committed(shard.index)
        if why or mark is None:
            summary.failed.append((shard, why or _UNSEEN))
            watcher.failed(*summary.failed[-1])
            continue
        ledger = Ledger.from_dict(mark["ledger"])
        summary.done += 1
        summary.ledger = Ledger.total((summary.ledger, ledger))
        watcher.shard(shard, ledger)


def _note_sketched(output: Output, done: Iterator[_Done], watcher: Watcher) -> list[_Done]:
    failed: list[_Done] = []
    for shard, why in done:
        if why or not sketch_path(output, shard).exists():
            failed.append((shard, why or _UNSEEN))
            watcher.failed(*failed[-1])
        else:
            watcher.shard(shard, Ledger())
    return failed


def try_shard(do: Do, job: Job, shard: Shard, reader: Reader) -> str:
    """Do a shard on whichever machine this is; return why it could not be done, or nothing."""
    try:
        return "; ".join(why for _, why in do(Output(job), shard, reader))
    except (CleanerError, OSError) as error:
        return said(error)


def _clean(output: Output, shard: Shard, reader: Reader) -> list[_Done]:
    return run_shards(output, [shard], workers=1, reader=reader).failed


def _sketch(output: Output, shard: Shard, reader: Reader) -> list[_Done]:
    return sketch_shards(output, [shard], workers=1, reader=reader)
