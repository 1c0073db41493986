"""Templates of the sites of any input that archives are read from, or of labelled pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile, is_zipfile

from cleaner.archive.pool import Pool
from cleaner.archive.records import Fault, Item, Record, Source
from cleaner.archive.sketching import MAKE_SKETCHER, wanted
from cleaner.archive.worker import Recipe
from cleaner.errors import SiteError
from cleaner.sites.gather import Gatherer
from cleaner.sites.learn import learn_template
from cleaner.sites.store import write_sites

if TYPE_CHECKING:
    from cleaner.archive.inputs.options import InputOptions

LABELS = "truth.jsonl"
"""The file that makes a zip one of labelled pages, whose addresses stand in it."""


@dataclass(slots=True)
class Counts:
    """What was read to learn from."""

    sites: int = 0
    """Sites that have a template."""
    read: int = 0
    """Pages."""
    unnamed: int = 0
    """Pages whose site is not known."""
    broken: int = 0
    """Pages, and parts of the input, that cannot be read."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """An item without its content."""

    source: Source
    is_page: bool
    problem: str = ""


def learn_sites(
    inputs: Sequence[str],
    output: Path,
    options: InputOptions,
    site: str = "",
    workers: int | None = None,
    tell: Callable[[str, str], None] = lambda name, problem: None,
) -> Counts:
    """Write the templates of the sites of inputs to a file; return what was read.

    ``site`` is that of pages without an address; ``tell`` hears the name of each page that cannot
    be read, and why. A page that hangs or crashes its process is one of those. Raises
    ``InputError`` for an input that is missing, and ``SiteError``.
    """
    from cleaner.cores import cores

    counts = Counts()
    with TemporaryDirectory(prefix="cleaner-sites-") as folder:
        gatherer = Gatherer(Path(folder))
        items = read_inputs(inputs, options)
        with Pool[_Seen](Recipe(MAKE_SKETCHER, site), workers=workers or cores()) as pool:
            for outcome in pool.run(_feed(items, gatherer)):
                seen = outcome.tag
                counts.read += seen.is_page
                problem = seen.problem or outcome.detail or outcome.reason
                if problem:
                    counts.broken += 1
                    tell(":".join(filter(None, (seen.source.file, seen.source.member))), problem)
                elif outcome.value:
                    name, sketch = outcome.value
                    counts.unnamed += not name
                    if sketch:
                        gatherer.take(name, sketch)
        templates = map(learn_template, gatherer.sketches())
        counts.sites = write_sites(output, (each for each in templates if each))
    return counts


def read_inputs(inputs: Sequence[str], options: InputOptions) -> Iterator[Item]:
    """Yield the items of inputs; at last labelled pages, with their addresses.

    Raises ``InputError`` for an input that is missing, before anything is read, and ``SiteError``.
    """
    from cleaner.archive.plan import read_items

    labelled = [name for name in inputs if _is_labelled(Path(name))]
    yield from read_items([name for name in inputs if name not in labelled], options)
    for name in labelled:
        yield from _read_labelled(Path(name))


def _feed(items: Iterable[Item], gatherer: Gatherer) -> Iterator[tuple[_Seen, Record | None]]:
    for item in items:
        problem = item.detail or item.reason if isinstance(item, Fault) else ""
        yield _Seen(item.source, isinstance(item, Record), problem), wanted(gatherer, item)


def _is_labelled(path: Path) -> bool:
    try:
        if not path.is_file() or not is_zipfile(path):
            return False
        with ZipFile(path) as archive:
            return any(name.rpartition("/")[2] == LABELS for name in archive.namelist())
    except (OSError, BadZipFile):
        return False  # its reader tells what is wrong


def _read_labelled(path: Path) -> Iterator[Item]:
    from cleaner.evaluate.sets import LabelledSetError, read_body, read_set

    try:
        labelled = read_set(path)
        with ZipFile(path) as archive:
            for record in labelled.records:
                source = Source(str(path), member=record.member)
                yield Record(source, read_body(archive, record), record.url)
    except LabelledSetError as error:
        raise SiteError(str(error)) from error
