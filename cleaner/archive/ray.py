"""Archives on Ray: it schedules shards; pages, files and commits stay ours.

Tasks are Ray Core's, since Ray Data gives up whole blocks for a bad row, or tries it for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleaner.archive.cluster import Do, run_on_cluster, try_shard
from cleaner.archive.job import Job
from cleaner.archive.records import Shard
from cleaner.archive.runs import Reader, Summary, Watcher, said

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
    return run_on_cluster(job, _schedule, fresh=fresh, watcher=watcher, reader=reader)


def _schedule(
    job: Job, todo: Sequence[Shard], reader: Reader, do: Do
) -> Iterator[tuple[Shard, str]]:
    import ray
    from ray.exceptions import RayError

    task = ray.remote(max_retries=RETRIES)(try_shard)
    shared = ray.put(job)
    for shard, reference in [(shard, task.remote(do, shared, shard, reader)) for shard in todo]:
        try:
            yield shard, ray.get(reference)
        except RayError as error:
            yield shard, said(error)
