"""From labelled pages to a model: samples, word odds, rows, two forests."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from cleaner.errors import CleanerError, WorkerError
from cleaner.evaluate.folds import fold_of
from cleaner.evaluate.progress import Begin, unheard
from cleaner.evaluate.sets import LabelledSet
from cleaner.features.arrays import Floats
from cleaner.features.words import WordOdds
from cleaner.model import Forest
from cleaner.train.fit import fit_forest
from cleaner.train.odds import Counts, count_opinions, word_odds
from cleaner.train.rows import PageRows, RowsTask, make_rows, second_rows
from cleaner.train.samples import CHUNK, Chunk, ChunkResult, make_samples

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")


class TrainingError(CleanerError):
    """The labelled pages are too few, or too little is known of them, to learn from."""


def read_recipe() -> dict[str, Any]:
    """Return what the labeler is trained on, and how."""
    source = files("cleaner").joinpath("train/recipe.toml").read_text(encoding="utf-8")
    return tomllib.loads(source)


@dataclass(frozen=True)
class Dataset:
    """All samples as rows, with the counts behind their word odds."""

    names: tuple[str, ...]
    rows: list[PageRows]
    counts: tuple[Counts, ...]
    files: list[tuple[Path, int]]
    """Each file of samples, and how many it holds."""
    folds: NDArray[np.int64]
    """(samples,): the fold of each sample's domain."""
    skipped: tuple[str, ...]
    """Pages that gave no sample, with the reason."""
    recipe: Mapping[str, Any]

    def gather(self, chosen: NDArray[np.bool_], extra: Sequence[Floats] | None = None) -> Training:
        """Return the rows of the chosen samples that are trained on.

        Raises ``TrainingError`` if there are none.
        """
        values: list[Floats] = []
        targets: list[Floats] = []
        weights: list[Floats] = []
        for i in np.flatnonzero(chosen).tolist():
            rows = self.rows[i]
            taken = rows.weights > 0
            parts = [rows.values[taken]] + ([extra[i][taken]] if extra else [])
            values.append(np.hstack(parts))
            targets.append(rows.targets[taken])
            weights.append(rows.weights[taken])
        if not sum(map(len, targets)):
            raise TrainingError("too few pages of too few domains to learn from")
        return Training(np.concatenate(values), np.concatenate(targets), np.concatenate(weights))


@dataclass(frozen=True)
class Training:
    """Rows to fit to."""

    values: Floats
    targets: Floats
    weights: Floats


@dataclass(frozen=True)
class Trained:
    """What training gives: two forests, and the word odds that their features need."""

    first: Forest
    second: Forest
    odds: WordOdds


@contextmanager
def dataset(
    sets: Sequence[LabelledSet], recipe: Mapping[str, Any], jobs: int, begin: Begin = unheard
) -> Iterator[Dataset]:
    """Read labelled sets into rows; the samples lie in a temporary folder meanwhile.

    Raises ``LabelledSetError``, ``TrainingError`` and ``WorkerError``.
    """
    pages = sum(len(labelled.records) for labelled in sets)
    with TemporaryDirectory(prefix="cleaner-train-") as folder, _workers(jobs) as spread:
        chunks = list(_chunks(sets, recipe, Path(folder)))
        results: list[ChunkResult] = []
        advance = begin("reading pages", pages)
        for chunk, result in zip(chunks, spread(make_samples, chunks), strict=True):
            results.append(result)
            advance(len(chunk.labelled.records))
        opinions = [opinion for result in results for opinion in result.opinions]
        if not any(words for _, (words, _, _) in opinions):
            raise TrainingError("nothing is known of the blocks of any page")
        counts = count_opinions(opinions, recipe["odds"])
        odds = word_odds(counts)
        tasks = [_rows_task(result, counts, odds, recipe) for result in results]
        names: tuple[str, ...] = ()
        rows: list[PageRows] = []
        sources: list[tuple[Path, int]] = []
        advance = begin("making features of pages", pages)
        for chunk, (found, part) in zip(chunks, spread(make_rows, tasks), strict=True):
            names = found or names
            rows += part
            sources.append((chunk.path, len(part)))
            advance(len(chunk.labelled.records))
        folds = np.array([fold_of(row.domain, recipe["folds"]["count"]) for row in rows])
        skipped = tuple(line for result in results for line in result.skipped)
        yield Dataset(names, rows, counts, sources, folds, skipped, recipe)


Spread = Callable[[Callable[[_Task], _Result], Iterable[_Task]], Iterable[_Result]]
"""``map``, or one over several processes: results come in the order of their tasks."""


@contextmanager
def _workers(jobs: int) -> Iterator[Spread[Any, Any]]:
    """Yield what spreads tasks over processes. Raises ``WorkerError`` where one dies."""
    if jobs == 1:
        yield map
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    # Forks of a process that shows progress, from a thread, may never come to an end.
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))
    try:
        yield pool.map
    except BrokenProcessPool as error:
        raise WorkerError("a process died; the memory may be too small for so many") from error
    finally:
        pool.shutdown(cancel_futures=True)


def _rows_task(
    result: ChunkResult, counts: Sequence[Counts], odds: WordOdds, recipe: Mapping[str, Any]
) -> RowsTask:
    tables = (odds.words, odds.texts, odds.names)
    changes = {
        domain: tuple(count.changes(domain, t) for count, t in zip(counts, tables, strict=True))
        for domain in result.domains
    }
    return RowsTask(result.path, odds, changes, recipe)


def _chunks(
    sets: Sequence[LabelledSet], recipe: Mapping[str, Any], folder: Path
) -> Iterator[Chunk]:
    for labelled in sets:
        captures = int(recipe["sets"][labelled.name]["captures"])
        for first in range(0, len(labelled.records), CHUNK):
            part = replace(labelled, records=labelled.records[first : first + CHUNK])
            yield Chunk(part, captures, folder / f"{labelled.name}-{first:06}.pickle")


def first_opinions(data: Dataset, begin: Begin = unheard) -> list[Floats]:
    """Return each sample's log-odds by a first forest that has not seen its domain."""
    count = int(data.recipe["folds"]["count"])
    logits: list[Floats] = [np.zeros(0, dtype=np.float32)] * len(data.rows)
    advance = begin("growing forests for first opinions", count)
    for fold in range(count):
        part = data.gather(data.folds != fold)
        forest = fit_forest(part.values, part.targets, part.weights, data.recipe, "first")
        for i in np.flatnonzero(data.folds == fold).tolist():
            logits[i] = forest.log_odds(data.rows[i].values.T)
        advance(1)
    return logits


def second_features(
    data: Dataset, logits: Sequence[Floats], begin: Begin = unheard
) -> list[Floats]:
    """Return each sample's second features (blocks, features)."""
    found: list[Floats] = []
    advance = begin("making second features of samples", len(data.rows))
    for path, count in data.files:
        found += second_rows(path, logits[len(found) : len(found) + count])
        advance(count)
    return found


def train(
    data: Dataset, second: Sequence[Floats], without: int | None = None, begin: Begin = unheard
) -> Trained:
    """Train on all samples, or on all but those of one fold."""
    chosen = np.ones(len(data.rows), dtype=bool) if without is None else data.folds != without
    domains = {row.domain for row, kept in zip(data.rows, chosen, strict=True) if not kept}
    model = "the model" if without is None else f"the model without fold {without}"
    advance = begin(f"growing forests of {model}", 2)
    part = data.gather(chosen)
    first = fit_forest(part.values, part.targets, part.weights, data.recipe, "first")
    advance(1)
    part = data.gather(chosen, second)
    last = fit_forest(part.values, part.targets, part.weights, data.recipe, "second")
    advance(1)
    return Trained(first, last, word_odds(data.counts, sorted(domains)))
