"""Which templates of sites a run uses: those of a file, or those learned from its own inputs.

::

    OUT/sites.parquet       the templates that the rows were made with
    OUT/state/sketches/     what was found in each shard, of ``auto``
    OUT/state/sites.json    what the templates were learned from; written last
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cleaner.archive.job import AUTO, Job, digest_of
from cleaner.archive.output import Output, write_json
from cleaner.archive.records import Shard
from cleaner.archive.sketching import Failed, put_in_place, sketch_path
from cleaner.errors import OptionError, SiteError, StoppedError

LEARNING = "learning the sites, pass 1 of 2"
CLEANING = "cleaning, pass 2 of 2"


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a run's templates."""

    output: Output | None
    """The output of the job with them; ``None`` as long as they are not learned."""
    failed: Failed = field(default_factory=list)
    """Shards that could not be read, and why."""
    waiting: int = 0
    """Shards that other parts of the run have to read first."""


def with_given_templates(job: Job, *, fresh: bool = False) -> Job:
    """Return a job with the digest of its file of templates, if it names one.

    Raises ``SiteError`` if the file holds no templates or pyarrow is missing, and ``OptionError``
    if ``fresh`` would remove it.
    """
    from cleaner.sites.parquet import import_pyarrow
    from cleaner.sites.store import SiteBook

    import_pyarrow()
    if job.sites == AUTO:
        return job
    path = Path(job.sites)
    SiteBook(path)
    if fresh and job.templates_path.exists() and path.samefile(job.templates_path):
        raise OptionError(f"{path} is removed by --fresh: copy it to another place first")
    return replace(job, templates=file_digest(path))


def keep_templates(output: Output) -> None:
    """Copy the file of templates that a job names into its output; the lock is held.

    So every worker and every resumed run has those very templates. Raises ``OSError``, and
    ``StoppedError`` if the file has changed since the run began.
    """
    job = output.job
    if job.templates_path.exists() and file_digest(job.templates_path) == job.templates:
        return
    made = output.temporary_path("sites", 0)
    shutil.copyfile(job.sites, made)
    if file_digest(made) != job.templates:
        raise StoppedError(f"{job.sites} changed while it was read")
    put_in_place(made, job.templates_path)


def settle_templates(
    output: Output,
    shards: Sequence[Shard],
    mine: Sequence[Shard],
    sketch: Callable[[Sequence[Shard]], Failed],
) -> Settled:
    """Return the output with the templates of all shards, which are learned unless they are known.

    ``sketch`` writes the sketches of ``mine`` that are missing. The templates are learned when
    every shard has been read, by whichever part of the run: no row is made before, so that none
    is made with other templates. Raises ``StoppedError`` and ``OSError``.
    """
    origin = digest_of([output.key(shard) for shard in shards])
    known = _known(output, origin)
    if not known:
        failed = sketch(mine)
        paths = [sketch_path(output, shard) for shard in shards]
        missing = sum(not path.exists() for path in paths) - len(failed)
        if failed or missing:
            return Settled(None, failed, max(missing, 0))
        known = _learn(output, paths, origin)
    return Settled(Output(replace(output.job, templates=known)))


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file. Raises ``SiteError`` if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SiteError(f"{path}: {error.strerror}") from error


def _known(output: Output, origin: str) -> str:
    """Return the digest of the templates that were learned from these inputs, if they are there."""
    try:
        note = json.loads(output.learned.read_bytes())
        if note["learned_from"] == origin:
            digest: str = note["templates"]
            return digest if file_digest(output.job.templates_path) == digest else ""
    except (OSError, ValueError, KeyError, TypeError, SiteError):
        return ""
    return ""


def _learn(output: Output, paths: Sequence[Path], origin: str) -> str:
    """Merge sketches, write the templates and the note of what they are of; return their digest."""
    from cleaner.sites.gather import Gatherer
    from cleaner.sites.learn import learn_template
    from cleaner.sites.store import write_sites

    folder = output.temporary_path("sites", 0)
    output.discard(folder)
    folder.mkdir()
    try:
        made = folder / "sites.parquet"
        learned = map(learn_template, Gatherer(folder).merge(paths))
        write_sites(made, (template for template in learned if template))
        digest = file_digest(made)
        put_in_place(made, output.job.templates_path)
    except SiteError as error:
        raise StoppedError(str(error)) from error
    finally:
        output.discard(folder)
    write_json(output.learned, {"learned_from": origin, "templates": digest}, output.temporary)
    return digest
