"""Archives on Ray: it schedules shards; pages, files and commits stay ours.

A task is a shard, done by the same function as on one machine, so that one which Ray starts again
writes the same bytes. Tasks are Ray Core's, since Ray Data gives up whole blocks for a bad row, or
tries it for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cleaner.archive.job import Job
from cleaner.archive.ledger import Ledger
from cleaner.archive.output import Output
from cleaner.archive.records import Shard
from cleaner.archive.runner import (
    Reader,
    Summary,
    Watcher,
    run_locked,
    run_shards,
    said,
    sort_shards,
)
from cleaner.errors import CleanerError

RETRIES = 2
"""Times that a task is started again whose process died."""


def run_on_ray(
    job: Job,
    *,
    fresh: bool = False,
    watcher: Watcher | None = None,
    reader: Reader | None = None,
) -> Summary:
    """Clean all inputs of a job on a cluster, or go on where an earlier run stopped.

    ``ray.init`` says which cluster; without it, Ray starts on this machine. Inputs and output are
    paths that every machine sees. Raises what ``run_archive`` raises; a shard whose task fails
    counts as failed, and costs no other.
    """

    def run(output: Output, shards: Sequence[Shard], read: Reader) -> Summary:
        return _run_shards(output, shards, read, watcher or Watcher())

    return run_locked(job, run, fresh=fresh, reader=reader)


def _run_shards(
    output: Output, shards: Sequence[Shard], reader: Reader, watcher: Watcher
) -> Summary:
    import ray
    from ray.exceptions import RayError

    todo, summary = sort_shards(output, shards)
    watcher.begin(shards, todo, summary.ledger)
    # Its default is a view, which cannot be sent to other machines.
    reading = replace(output.job.reading, columns=dict(output.job.reading.columns))
    task = ray.remote(max_retries=RETRIES)(_do)
    job = ray.put(replace(output.job, reading=reading)) if todo else None
    for shard, reference in [(shard, task.remote(job, shard, reader)) for shard in todo]:
        try:
            why = ray.get(reference)
        except RayError as error:
            why = said(error)
        mark = output.committed(shard.index)
        if why or mark is None:
            why = why or "its mark cannot be seen here: is the output on every machine?"
            summary.failed.append((shard, why))
            watcher.failed(shard, why)
            continue
        ledger = Ledger.from_dict(mark["ledger"])
        summary.done += 1
        summary.ledger = Ledger.total((summary.ledger, ledger))
        watcher.shard(shard, ledger)
    return summary


def _do(job: Job, shard: Shard, reader: Reader) -> str:
    """Do a shard; return why it could not be done, or nothing."""
    try:
        summary = run_shards(Output(job), [shard], workers=1, reader=reader)
    except (CleanerError, OSError) as error:
        return said(error)
    return "; ".join(why for _, why in summary.failed)
