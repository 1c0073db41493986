"""Archives on Apache Spark: it schedules shards; pages, files and commits stay ours."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.archive.cluster import Do, run_on_cluster, try_shard
from cleaner.archive.job import MAKE_CLEANER, Job, cleaner_version, digest_of
from cleaner.archive.pool import Pool
from cleaner.archive.records import Record, Shard, Source
from cleaner.archive.rows import Cleaning, Stamp
from cleaner.archive.runs import Reader, Summary, Watcher
from cleaner.archive.schema import STRUCTS, Column, arrow_type, page_columns
from cleaner.archive.templates import file_digest
from cleaner.archive.worker import Limits, Recipe
from cleaner.types import Options

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

Batches = Iterable["pa.RecordBatch"]

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

    def schedule(
        job: Job, todo: Sequence[Shard], read: Reader, do: Do
    ) -> Iterator[tuple[Shard, str]]:
        tasks = session.range(len(todo), numPartitions=len(todo))
        work = _task(job, todo, read, do)
        for row in tasks.mapInArrow(work, "number bigint, why string").collect():
            yield todo[row.number], row.why

    return run_on_cluster(job, schedule, fresh=fresh, watcher=watcher, reader=reader)


def _task(job: Job, todo: Sequence[Shard], reader: Reader, do: Do) -> Callable[[Batches], Any]:
    """Return what a task does: the shards of the numbers it is given."""

    def work(batches: Batches) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        for batch in batches:
            numbers = batch.column("id").to_pylist()
            whys = [try_shard(do, job, todo[number], reader) for number in numbers]
            yield pa.RecordBatch.from_pydict({"number": numbers, "why": whys})

    return work


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
