"""Samples as rows of the training matrix: a row a block, with its weight."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.evaluate.captures import HTML
from cleaner.features.arrays import Floats, PageArrays, read_arrays
from cleaner.features.matrix import read_matrix
from cleaner.features.second import second_columns
from cleaner.features.words import WordOdds
from cleaner.labels import find_title
from cleaner.train.odds import Changes, changed
from cleaner.train.samples import Sample, load_samples


@dataclass(frozen=True, slots=True)
class PageRows:
    """The rows of one sample: all its blocks."""

    set: str
    capture: str
    id: str
    domain: str
    values: Floats
    """(blocks, features)."""
    targets: Floats
    """(blocks,); NaN where unknown."""
    weights: Floats
    """(blocks,); 0 for blocks that are not trained on."""


@dataclass(frozen=True, slots=True)
class RowsTask:
    """What a process needs to make the rows of a file of samples."""

    path: Path
    odds: WordOdds
    changes: Mapping[str, tuple[Changes, ...]]
    """Domain to what its absence changes in words, texts and names."""
    recipe: Mapping[str, Any]


def make_rows(task: RowsTask) -> tuple[tuple[str, ...], list[PageRows]]:
    """Return the names of the features and the rows of each sample of a file."""
    names: tuple[str, ...] = ()
    rows: list[PageRows] = []
    for sample in load_samples(task.path):
        tables = (task.odds.words, task.odds.texts, task.odds.names)
        odds = WordOdds(*map(changed, tables, task.changes[sample.domain]))
        matrix = read_matrix(sample.page, find_title(sample.page), odds)
        names = matrix.names
        weights = block_weights(sample, matrix.arrays, task.recipe)
        rows.append(
            PageRows(
                sample.set,
                sample.capture,
                sample.id,
                sample.domain,
                np.ascontiguousarray(matrix.values.T),
                sample.targets,
                weights,
            )
        )
    return names, rows


def block_weights(sample: Sample, arrays: PageArrays, recipe: Mapping[str, Any]) -> Floats:
    """Return the weight of each block: a page's weigh 1 together, times the weight of its set."""
    rules = recipe["rows"]
    words = np.minimum(arrays.characters.words, rules["most_words"])
    weights: NDArray[np.float64] = (words + 2).astype(np.float64) ** rules["power"]
    weights[np.isnan(sample.targets)] = 0
    known = int((weights > 0).sum())
    if not known:
        return weights.astype(np.float32)
    share = float(recipe["sets"][sample.set]["weight"]) * min(1.0, known / rules["known"])
    most = rules["per_page"]
    if sample.capture != HTML:
        share *= rules["capture_weight"]
        most = rules["per_capture"]
    weights *= share / weights.sum()
    return _thinned(weights, most, f"{sample.set} {sample.id} {sample.capture}")


def _thinned(weights: NDArray[np.float64], most: int, seed: str) -> Floats:
    """Keep about ``most`` blocks, the weighty ones likelier; those kept weigh more for it."""
    if (weights > 0).sum() > most:
        chance = np.sqrt(weights)
        chance = np.minimum(1, chance / chance.sum() * most)
        draw = np.random.default_rng(zlib.crc32(seed.encode())).random(len(weights))
        kept = draw < chance
        weights = np.where(kept, weights / np.maximum(chance, 1e-12), 0)
    return weights.astype(np.float32)


def second_rows(path: Path, logits: Sequence[Floats]) -> Iterator[Floats]:
    """Yield the second features (blocks, features) of each sample of a file."""
    for sample, scores in zip(load_samples(path), logits, strict=True):
        columns = second_columns(read_arrays(sample.page), scores)
        yield np.array(list(columns.values()), dtype=np.float32).T
