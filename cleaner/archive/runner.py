"""The run: shards through the pool, their results to the disk, one commit after the other.

Kill it anywhere and run it again: what is committed stays, the rest is done anew, and the output
is the same bytes as that of an undisturbed run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from cleaner.archive.job import AUTO, WRITERS, Job
from cleaner.archive.ledger import Ledger
from cleaner.archive.output import Output, unreadable
from cleaner.archive.pool import Outcome, Pool
from cleaner.archive.records import Fault, Record, Shard, Skip, Source
from cleaner.archive.runs import Reader, Summary, Watcher, said
from cleaner.archive.writer import ShardWriter
from cleaner.cores import cores
from cleaner.errors import ArchiveError, OptionError, OutputError, StoppedError


def archive_reader() -> Reader:
    """Return the reader of all kinds of archives."""
    from cleaner.archive.inputs.reader import read_shard
    from cleaner.archive.plan import plan

    return Reader(plan, read_shard)


@dataclass(frozen=True, slots=True)
class Engine:
    """What does the shards of a run: those that are not done yet."""

    clean: Callable[[Output, Sequence[Shard], Reader], Summary]
    sketch: Callable[[Output, Sequence[Shard], Reader], list[tuple[Shard, str]]]
    """For ``sites`` of ``auto``: returns the shards that could not be read, and why."""


@dataclass(slots=True)
class _Begin:
    shard: Shard
    key: str


@dataclass(slots=True)
class _Page:
    source: Source


@dataclass(slots=True)
class _End:
    shard: Shard
    read: int
    why: str
    """Empty, or why the shard cannot be committed."""


_Tag = _Begin | _Page | Skip | Fault | _End


def run_archive(
    job: Job,
    *,
    workers: int | None = None,
    part: tuple[int, int] = (0, 1),
    fresh: bool = False,
    watcher: Watcher | None = None,
    reader: Reader | None = None,
) -> Summary:
    """Clean all inputs of a job, or go on where an earlier run stopped.

    ``workers`` processes clean at a time (as many as there are cores); of the shards, those are
    done whose number leaves ``part[0]`` when divided by ``part[1]``. Raises ``InputError``,
    ``OutputError`` if the output is another job's or under way elsewhere, ``StoppedError`` if the
    disk or the machine does not let it go on, and ``KeyboardInterrupt`` after tidying up.
    """

    from cleaner.archive.sketching import sketch_shards

    def clean(output: Output, shards: Sequence[Shard], read: Reader) -> Summary:
        return run_shards(output, shards, workers=workers, watcher=watcher, reader=read)

    def sketch(output: Output, shards: Sequence[Shard], read: Reader) -> list[tuple[Shard, str]]:
        return sketch_shards(output, shards, workers=workers, watcher=watcher, reader=read)

    engine = Engine(clean, sketch)
    return run_locked(job, engine, part=part, fresh=fresh, watcher=watcher, reader=reader)


def run_locked(
    job: Job,
    engine: Engine,
    *,
    part: tuple[int, int] = (0, 1),
    fresh: bool = False,
    watcher: Watcher | None = None,
    reader: Reader | None = None,
) -> Summary:
    """Plan, hold the output's lock, make sure that it is this job's, and run the part's shards."""
    from cleaner.archive.templates import with_given_templates

    reader = reader or archive_reader()
    _check_libraries(job)
    if job.sites:
        job = with_given_templates(job, fresh=fresh)
    shards = reader.plan(job.inputs, job.reading)
    output = Output(job)
    try:
        output.check()
        with output.lock(part):
            output.prepare(fresh=fresh)
            _check_inputs(output, shards, part)
            output.write_plan(len(shards))
            return _run_part(output, shards, part, engine, watcher or Watcher(), reader)
    except OSError as error:
        raise StoppedError(said(error)) from error


def _run_part(
    output: Output,
    shards: Sequence[Shard],
    part: tuple[int, int],
    engine: Engine,
    watcher: Watcher,
    reader: Reader,
) -> Summary:
    """Find or learn the templates, if any are asked for, and clean the part's shards."""
    from cleaner.archive.templates import CLEANING, LEARNING, keep_templates, settle_templates

    mine = [shard for shard in shards if shard.index % part[1] == part[0]]
    if output.job.sites == AUTO:

        def sketch(those: Sequence[Shard]) -> list[tuple[Shard, str]]:
            watcher.enter(LEARNING)
            return engine.sketch(output, those, reader)

        settled = settle_templates(output, shards, mine, sketch)
        if settled.output is None:
            waiting = settled.waiting
            return Summary(len(mine), 0, Ledger(), False, settled.failed, waiting)
        watcher.enter(CLEANING)
        output = settled.output
    elif output.job.sites:
        keep_templates(output)
    summary = engine.clean(output, mine, reader)
    summary.last = len(output.marked()) == len(shards)
    return summary


def run_shards(
    output: Output,
    shards: Sequence[Shard],
    *,
    workers: int | None = None,
    watcher: Watcher | None = None,
    reader: Reader | None = None,
) -> Summary:
    """Do those of the shards that are not committed. The output is prepared.

    Raises ``StoppedError``, ``PoolError`` and ``OSError``.
    """
    reader = reader or archive_reader()
    watcher = watcher or Watcher()
    todo, summary = sort_shards(output, shards)
    watcher.begin(shards, todo, summary.ledger)
    if todo:
        job = output.job
        with Pool[_Tag](job.recipe(), workers=workers or cores(), limits=job.limits) as pool:
            outcomes = pool.run(_feed(output, todo, reader))
            _write(output, outcomes, summary, watcher)
    return summary


def _check_libraries(job: Job) -> None:
    """Raise ``OptionError`` if a library that writes the output is not installed."""
    for name in (job.format, job.quarantine_format):
        library = WRITERS.get(name, "zlib")
        if find_spec(library) is None:
            raise OptionError(f"{name} needs {library}: pip install 'cleaner[archive]'")


def sort_shards(output: Output, shards: Sequence[Shard]) -> tuple[list[Shard], Summary]:
    """Return the shards that are to be done, and the accounts of the others.

    What is there of a shard whose input changed is withdrawn, unless the input cannot be read
    now: then what was made of it stays, and the shard counts as failed.
    """
    todo: list[Shard] = []
    summary = Summary(len(shards), 0, Ledger())
    for shard in shards:
        row = output.committed(shard.index)
        if row and output.is_done(shard, row):
            summary.done += 1
            summary.ledger = Ledger.total((summary.ledger, Ledger.from_dict(row["ledger"])))
        elif row and (why := unreadable(shard)):
            summary.failed.append((shard, why))
        else:
            output.withdraw(shard.index)
            todo.append(shard)
    return todo, summary


def _check_inputs(output: Output, shards: Sequence[Shard], part: tuple[int, int]) -> None:
    """Raise ``OutputError`` if what is committed came from files that are gone.

    Or if the inputs are of the output itself, which a list of paths may name. Shards beyond the
    plan are withdrawn, if their files are still there: they were cut otherwise.
    """
    files = {name for shard in shards for name in shard.files}
    own = os.path.join(os.path.abspath(output.root), "")
    for name in files:
        if os.path.abspath(name).startswith(own):
            raise OutputError(f"the input {name} lies in the output {output.root}")
    planned = {shard.index for shard in shards}
    for row in output.all_committed(part):
        gone = [name for name in row["files"] if name not in files]
        if gone:
            raise OutputError(
                f"{output.root} has pages of {gone[0]}, which is no input any more; "
                "bring it back, or start over with --fresh"
            )
        if row["index"] not in planned:
            output.withdraw(row["index"])


def _feed(
    output: Output, todo: Sequence[Shard], reader: Reader
) -> Iterator[tuple[_Tag, Record | None]]:
    """Yield each shard's beginning, its items, and its end."""
    for shard in todo:
        count, why = 0, ""
        key = output.key(shard)
        yield _Begin(shard, key), None
        try:
            for item in reader.read_shard(shard, output.job.reading):
                count += 1
                if isinstance(item, Record):
                    yield _Page(item.source), item
                else:
                    yield item, None
            if output.key(shard) != key:
                why = "a file changed while it was read"
        except Exception as error:  # whatever a reader stumbles over costs its shard alone
            why = said(error)
        yield _End(shard, count, why), None


def _write(
    output: Output, outcomes: Iterator[Outcome[_Tag]], summary: Summary, watcher: Watcher
) -> None:
    """Write outcomes, which come in order, and commit each shard at its end."""
    stamp = output.job.stamp()
    writer: ShardWriter | None = None
    try:
        for outcome in outcomes:
            tag = outcome.tag
            if isinstance(tag, _Begin):
                writer = ShardWriter(output, tag.shard, tag.key, stamp)
            elif writer is None:
                raise ArchiveError("a record outside of a shard")
            elif isinstance(tag, _End):
                _close(writer, tag, summary, watcher)
                writer = None
            else:
                _add(writer, tag, outcome, watcher)
    except OSError as error:
        raise StoppedError(said(error)) from error
    finally:
        if writer:
            writer.abandon()


def _add(
    writer: ShardWriter, tag: _Page | Skip | Fault, outcome: Outcome[_Tag], watcher: Watcher
) -> None:
    became = "quarantined"
    if isinstance(tag, Skip):
        writer.add_skip(tag)
        became = "skipped"
    elif isinstance(tag, Fault):
        writer.add_fault(tag)
    elif outcome.reason:
        writer.add_refused(outcome.payload, outcome.reason, outcome.detail)
    else:
        writer.add_row(outcome.value, outcome.ms)
        became = "kept"
    watcher.record(writer.shard, tag.source, became)


def _close(writer: ShardWriter, end: _End, summary: Summary, watcher: Watcher) -> None:
    if end.why:
        writer.abandon()
        summary.failed.append((end.shard, end.why))
        watcher.failed(end.shard, end.why)
        return
    writer.commit(end.read)
    summary.done += 1
    summary.ledger = Ledger.total((summary.ledger, writer.ledger))
    watcher.shard(end.shard, writer.ledger)
