"""The first pass of a run with ``--sites auto``: a file of sketches for each shard.

A shard's sketches depend on nothing but its pages, and merge in any order; so this pass, too, is
killed and gone on with at will. Pages are parsed in the same workers as they are cleaned in.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.archive.ledger import Ledger
from cleaner.archive.output import Output
from cleaner.archive.pool import Outcome, Pool
from cleaner.archive.records import Item, Record, Shard, Source
from cleaner.archive.rows import REASONS
from cleaner.archive.runs import Reader, Watcher, said
from cleaner.archive.sinks import sync_folder
from cleaner.archive.worker import Recipe, RefusedError
from cleaner.cores import cores
from cleaner.errors import SiteError, StoppedError
from cleaner.sites.gather import Gatherer

if TYPE_CHECKING:
    from cleaner.sites.sketch import PageSketch

MAKE_SKETCHER = "cleaner.archive.sketching:make_sketcher"

Sketched = tuple[str, "PageSketch | None"]
Failed = list[tuple[Shard, str]]


@dataclass(slots=True)
class _Step:
    """A record of a shard, or with ``source`` left out its end."""

    shard: Shard
    gatherer: Gatherer
    target: Path
    source: Source | None = None
    why: str = ""
    """Of an end: empty, or why the shard could not be read."""


def make_sketcher(site: str) -> Callable[[Record], Sketched]:
    """Return what sketches a page, with the name of its site; ``site`` is that of pages without.

    There is no sketch of a page that has no site, or cannot be parsed.
    """
    from cleaner.capture import read_capture
    from cleaner.errors import CaptureError
    from cleaner.fingerprints import site_of
    from cleaner.sites.gather import sketch_capture

    def sketch_record(record: Record) -> Sketched:
        try:
            capture = read_capture(record.body, **record.told)
        except CaptureError as error:
            raise RefusedError(REASONS.get(type(error).__name__, "empty"), str(error)) from error
        name = site_of(capture.url) or site
        return name, sketch_capture(capture) if name else None

    return sketch_record


def is_wanted(gatherer: Gatherer, record: Record) -> bool:
    """Return whether a page may change the sketches: of a large site, most do not."""
    from cleaner.fingerprints import address_key, site_of

    site = site_of(record.url)
    return not site or gatherer.wants(site, address_key(record.url or ""))


def sketch_path(output: Output, shard: Shard) -> Path:
    """Return the place of a shard's sketches; another input or job has another."""
    return output.sketches / f"{shard.index:06d}-{output.key(shard)[:32]}.parquet"


def sketch_shards(
    output: Output,
    shards: Sequence[Shard],
    *,
    workers: int | None = None,
    watcher: Watcher | None = None,
    reader: Reader,
) -> Failed:
    """Write the sketches of those shards that have none; return which cannot be read, and why.

    Raises ``StoppedError``, ``PoolError`` and ``OSError``.
    """
    watcher = watcher or Watcher()
    todo = [(shard, path) for shard in shards if not (path := sketch_path(output, shard)).exists()]
    watcher.begin(shards, [shard for shard, _ in todo], Ledger())
    failed: Failed = []
    if not todo:
        return failed
    output.sketches.mkdir(parents=True, exist_ok=True)
    recipe = Recipe(MAKE_SKETCHER, "")
    try:
        with Pool[_Step](recipe, workers=workers or cores(), limits=output.job.limits) as pool:
            for outcome in pool.run(_feed(output, todo, reader)):
                step = outcome.tag
                if step.source is not None:
                    became = "sketched" if _take(step.gatherer, outcome) else "passed"
                    watcher.record(step.shard, step.source, became)
                elif step.why:
                    failed.append((step.shard, step.why))
                    watcher.failed(step.shard, step.why)
                else:
                    _commit(output, step)
                    watcher.shard(step.shard, Ledger())
    finally:
        for shard, _ in todo:
            output.discard(_workshop(output, shard))
    return failed


def _feed(
    output: Output, todo: Sequence[tuple[Shard, Path]], reader: Reader
) -> Iterator[tuple[_Step, Record | None]]:
    """Yield the records of each shard, those alone to be worked on that are wanted, and its end."""
    for shard, target in todo:
        folder = _workshop(output, shard)
        output.discard(folder)
        folder.mkdir()
        gatherer = Gatherer(folder)
        why = ""
        try:
            for item in reader.read_shard(shard, output.job.reading):
                yield _Step(shard, gatherer, target, item.source), wanted(gatherer, item)
            if sketch_path(output, shard) != target:
                why = "a file changed while it was read"
        except Exception as error:  # whatever a reader stumbles over costs its shard alone
            why = said(error)
        yield _Step(shard, gatherer, target, why=why), None


def _workshop(output: Output, shard: Shard) -> Path:
    """Return a folder for the sketches of a shard under way."""
    return output.temporary_path("sketches", shard.index)


def wanted(gatherer: Gatherer, item: Item) -> Record | None:
    """Return an item if it is a page that may change the sketches."""
    return item if isinstance(item, Record) and is_wanted(gatherer, item) else None


def _take(gatherer: Gatherer, outcome: Outcome[_Step]) -> bool:
    """Take a sketch in, if there is one. A page without, for whatever reason, says nothing."""
    name, sketch = outcome.value or ("", None)
    if sketch is None:
        return False
    try:
        gatherer.take(name, sketch)
    except SiteError as error:
        raise StoppedError(str(error)) from error
    return True


def _commit(output: Output, step: _Step) -> None:
    """Put a shard's sketches in their place, and remove those of an earlier input."""
    from cleaner.sites.store import write_sketches

    made = step.gatherer.folder / "all.parquet"
    try:
        write_sketches(made, step.gatherer.sketches())
    except SiteError as error:
        raise StoppedError(str(error)) from error
    put_in_place(made, step.target)
    for path in output.sketches.glob(f"{step.shard.index:06d}-*"):
        if path != step.target:
            output.discard(path)
    output.discard(step.gatherer.folder)


def put_in_place(made: Path, final: Path) -> None:
    """Bring a file to the disk itself, then give it its name."""
    with made.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(made, final)
    sync_folder(final.parent)
