"""Archives on Apache Spark: it schedules shards; pages, files and commits stay ours.

A task is a shard, done by the same function as on one machine: it cleans in workers of its own,
writes under another name, renames, and marks the shard as complete. So a task that Spark starts
again, or twice at once, writes the same bytes, and the output is that of a local run.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.archive.job import MAKE_CLEANER, Job, cleaner_version, digest_of
from cleaner.archive.ledger import Ledger
from cleaner.archive.output import Output
from cleaner.archive.pool import Pool
from cleaner.archive.records import Record, Shard, Source
from cleaner.archive.rows import Cleaning, Stamp
from cleaner.archive.runner import (
    Engine,
    Reader,
    Summary,
    Watcher,
    run_locked,
    run_shards,
    said,
    sort_shards,
)
from cleaner.archive.schema import STRUCTS, Column, arrow_type, page_columns
from cleaner.archive.sketching import sketch_path, sketch_shards
from cleaner.archive.templates import file_digest
from cleaner.archive.worker import Limits, Recipe
from cleaner.errors import CleanerError
from cleaner.types import Options

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

Batches = Iterable["pa.RecordBatch"]
Do = Callable[[Output, Shard, Reader], "list[tuple[Shard, str]]"]

_UNSEEN = "what it wrote cannot be seen here: is the output on every machine?"

_DDL = {
    "string": "string",
    "json": "string",
    "integer": "bigint",
    "number": "double",
    "strings": "array<string>",
}
_NO_PLACE = ("id", "source", "extra")
"""Columns that a page of a data frame does not have: it stands beside its other columns."""

CLEANED = (
    Column("reason", "string", "why the page could not be cleaned; empty if it was"),
    Column("detail", "string", "what happened, in words"),
)
"""What a cleaned column has beside the columns of a page."""


def make_session(master: str | None = None) -> SparkSession:
    """Return the session that there is, or a new one at ``master`` whose workers run this Python.

    Without this, workers take the first ``python3`` of their path, which knows no ``cleaner``.
    """
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("cleaner archive")
    return (builder.master(master) if master else builder).getOrCreate()


def run_on_spark(
    job: Job,
    session: SparkSession,
    *,
    fresh: bool = False,
    watcher: Watcher | None = None,
    reader: Reader | None = None,
) -> Summary:
    """Clean all inputs of a job on a cluster, or go on where an earlier run stopped.

    Inputs and output are paths that every machine sees. Raises what ``run_archive`` raises; a
    shard that fails in all of Spark's attempts ends the run, with what is committed kept.
    """

    watcher = watcher or Watcher()

    def clean(output: Output, shards: Sequence[Shard], read: Reader) -> Summary:
        return _clean_shards(_Schedule(output, session, read, watcher), shards)

    def sketch(output: Output, shards: Sequence[Shard], read: Reader) -> list[tuple[Shard, str]]:
        return _sketch_shards(_Schedule(output, session, read, watcher), shards)

    engine = Engine(clean, sketch)
    return run_locked(job, engine, fresh=fresh, watcher=watcher, reader=reader)


@dataclass(frozen=True, slots=True)
class _Schedule:
    """What a pass over shards needs."""

    output: Output
    session: SparkSession
    reader: Reader
    watcher: Watcher

    def run(self, todo: Sequence[Shard], do: Do) -> Iterator[tuple[Shard, str]]:
        """Do shards as tasks; yield each with why it could not be done, or nothing."""
        if not todo:
            return
        # Its default is a view, which cannot be sent to other machines.
        reading = self.output.job.reading
        reading = replace(reading, columns=dict(reading.columns))
        job = replace(self.output.job, reading=reading)
        tasks = self.session.range(len(todo), numPartitions=len(todo))
        work = _task(job, todo, self.reader, do)
        for row in tasks.mapInArrow(work, "number bigint, why string").collect():
            yield todo[row.number], row.why


def _clean_shards(schedule: _Schedule, shards: Sequence[Shard]) -> Summary:
    output, watcher = schedule.output, schedule.watcher
    todo, summary = sort_shards(output, shards)
    watcher.begin(shards, todo, summary.ledger)
    for shard, why in schedule.run(todo, _clean):
        mark = output.committed(shard.index)
        if why or mark is None:
            why = why or _UNSEEN
            summary.failed.append((shard, why))
            watcher.failed(shard, why)
            continue
        ledger = Ledger.from_dict(mark["ledger"])
        summary.done += 1
        summary.ledger = Ledger.total((summary.ledger, ledger))
        watcher.shard(shard, ledger)
    return summary


def _sketch_shards(schedule: _Schedule, shards: Sequence[Shard]) -> list[tuple[Shard, str]]:
    output, watcher = schedule.output, schedule.watcher
    todo = [shard for shard in shards if not sketch_path(output, shard).exists()]
    watcher.begin(shards, todo, Ledger())
    failed: list[tuple[Shard, str]] = []
    for shard, why in schedule.run(todo, _sketch):
        if why or not sketch_path(output, shard).exists():
            failed.append((shard, why or _UNSEEN))
            watcher.failed(*failed[-1])
        else:
            watcher.shard(shard, Ledger())
    return failed


def _task(job: Job, todo: Sequence[Shard], reader: Reader, do: Do) -> Callable[[Batches], Any]:
    """Return what a task does: the shards of the numbers it is given."""

    def work(batches: Batches) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        for batch in batches:
            numbers = batch.column("id").to_pylist()
            whys = [_try(do, Output(job), todo[number], reader) for number in numbers]
            yield pa.RecordBatch.from_pydict({"number": numbers, "why": whys})

    return work


def _try(do: Do, output: Output, shard: Shard, reader: Reader) -> str:
    """Do a shard; return why it could not be done, or nothing."""
    try:
        return "; ".join(why for _, why in do(output, shard, reader))
    except (CleanerError, OSError) as error:
        return said(error)


def _clean(output: Output, shard: Shard, reader: Reader) -> list[tuple[Shard, str]]:
    return run_shards(output, [shard], workers=1, reader=reader).failed


def _sketch(output: Output, shard: Shard, reader: Reader) -> list[tuple[Shard, str]]:
    return sketch_shards(output, [shard], workers=1, reader=reader)


@dataclass(frozen=True, slots=True)
class _Column:
    """How a column is cleaned."""

    body: str
    url: str | None
    cleaning: Cleaning
    limits: Limits
    columns: tuple[Column, ...]
    into: str


def clean_column(
    frame: DataFrame,
    column: str,
    *,
    url: str | None = None,
    into: str = "cleaned",
    asked: Sequence[str] = (),
    options: Options | None = None,
    limits: Limits | None = None,
    sites: str | Path = "",
) -> DataFrame:
    """Return a data frame with one more column, ``into``: what each page of ``column`` gives.

    The pages are strings or bytes; ``url`` names a column with their addresses. The new column is
    a structure with the columns of a page (``docs/archive-schema.md``), but for ``id``, ``source``
    and ``extra``, and with ``reason`` and ``detail``, which are empty for a page that was cleaned.
    ``asked`` names optional columns, ``sites`` a file of templates that every machine sees. A null
    gives a null. Raises ``SiteError`` if the file cannot be read.
    """
    options = options or Options()
    templates = file_digest(Path(sites)) if sites else ""
    shaping = [options.metadata, options.focus, options.model, templates]
    stamp = Stamp(cleaner_version(), digest_of(shaping))
    cleaning = Cleaning(options, tuple(asked), stamp, str(sites))
    columns = tuple(c for c in page_columns(asked) if c.name not in _NO_PLACE) + CLEANED
    how = _Column(column, url, cleaning, limits or Limits(), columns, into)
    struct = ", ".join(f"{c.name}: {_ddl(c.type)}" for c in columns)
    schema = f"{_frame_ddl(frame)}, `{into}` struct<{struct}>"
    return frame.mapInArrow(_cleaner(how), schema)


def _cleaner(how: _Column) -> Callable[[Batches], Any]:
    def work(batches: Batches) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        struct = pa.struct([(column.name, arrow_type(column.type)) for column in how.columns])
        recipe = Recipe(MAKE_CLEANER, how.cleaning)
        with Pool[int](recipe, workers=1, limits=how.limits) as pool:
            for batch in batches:
                rows = pa.array(list(_clean_batch(pool, batch, how)), type=struct)
                names = [*batch.schema.names, how.into]
                yield pa.RecordBatch.from_arrays([*batch.columns, rows], names=names)

    return work


def _clean_batch(
    pool: Pool[int], batch: pa.RecordBatch, how: _Column
) -> Iterator[dict[str, Any] | None]:
    bodies = batch.column(how.body).to_pylist()
    urls = batch.column(how.url).to_pylist() if how.url else [None] * len(bodies)
    pages = (
        (number, None if body is None else Record(Source(""), body, url))
        for number, (body, url) in enumerate(zip(bodies, urls, strict=True))
    )
    for outcome in pool.run(pages):
        if outcome.reason:
            yield {"reason": outcome.reason, "detail": outcome.detail}
        elif outcome.value is None:
            yield None
        else:
            yield {**outcome.value, "reason": "", "detail": ""}


def _frame_ddl(frame: DataFrame) -> str:
    fields = frame.schema.fields
    return ", ".join(f"`{field.name}` {field.dataType.simpleString()}" for field in fields)


def _ddl(name: str) -> str:
    if name not in STRUCTS:
        return _DDL[name]
    columns, is_list = STRUCTS[name]
    struct = ", ".join(f"{column.name}: {_ddl(column.type)}" for column in columns)
    return f"array<struct<{struct}>>" if is_list else f"struct<{struct}>"
