"""The learned labeler: a feature matrix in, each block's probability of being main content out.

Two ensembles of symmetric trees: the first judges each block by itself and what is around it, the
second also by what the first thinks of its neighbours, of blocks of its like and of the page.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from cleaner.errors import ModelError
from cleaner.features.arrays import Floats, probabilities
from cleaner.features.matrix import Matrix, read_matrix
from cleaner.features.second import second_columns
from cleaner.features.words import WordOdds
from cleaner.types import Page

DEFAULT = "base"
FORMAT = 1
DEEPEST = 8
"""Questions of a tree: a leaf's number is a byte."""

CHUNK = 4_096
"""Blocks evaluated at a time: the largest pages must not take memory by their square."""


@dataclass(frozen=True)
class Forest:
    """Symmetric trees: all nodes of one depth ask the same question, so a tree is a bit mask."""

    features: NDArray[np.int64]
    """(questions,): row of the feature matrix that each question asks of."""
    borders: Floats
    """(questions,): the answer is yes above it; never for an absent value."""
    splits: NDArray[np.int64]
    """(depth, trees): the question that each tree asks at each depth; at most ``DEEPEST``."""
    leaves: Floats
    """(trees, 2**depth): log-odds."""
    bias: float

    def log_odds(self, values: Floats) -> Floats:
        """Return the log-odds of each column of ``values`` (features, blocks)."""
        blocks = values.shape[1]
        if blocks > CHUNK:
            parts = [self.log_odds(values[:, i : i + CHUNK]) for i in range(0, blocks, CHUNK)]
            return np.concatenate(parts)
        answers = (values.take(self.features, axis=0) > self.borders[:, None]).view(np.uint8)
        leaf = np.zeros((self.splits.shape[1], blocks), dtype=np.uint8)
        for split in self.splits[::-1]:
            leaf += leaf
            leaf |= answers.take(split, axis=0)
        place = leaf.astype(np.int64)
        place += np.arange(len(self.leaves))[:, None] * self.leaves.shape[1]
        chosen = self.leaves.ravel().take(place)
        return np.asarray(chosen.sum(axis=0) + self.bias, dtype=np.float32)


@dataclass(frozen=True)
class Model:
    """A labeler's weights: ``weights/<name>/`` as read."""

    name: str
    first: Forest
    second: Forest
    odds: WordOdds
    config: Mapping[str, Any]

    def judge(self, page: Page, title: int) -> tuple[Matrix, Floats]:
        """Return the features of a page that has blocks, and each block's probability (0..1)."""
        matrix = read_matrix(page, title, self.odds)
        values, _ = self.second_values(matrix, self.first.log_odds(matrix.values))
        return matrix, probabilities(self.second.log_odds(values))

    def second_values(self, matrix: Matrix, logits: Floats) -> tuple[Floats, list[str]]:
        """Return the second forest's features (features, blocks) and their names."""
        columns = second_columns(matrix.arrays, logits)
        values = np.vstack([matrix.values, *(column[None] for column in columns.values())])
        return values, [*matrix.names, *columns]


@cache
def load_model(name: str = DEFAULT) -> Model:
    """Return the model of that name, or that in a folder if none ships with it; it is read once.

    Raises ``ModelError`` if there is none, or if its files do not belong together.
    """
    folder: Traversable = files("cleaner").joinpath("weights", name)
    if "/" in name or os.sep in name or not folder.is_dir():
        folder = Path(name)
    try:
        config: Any = json.loads(folder.joinpath("config.json").read_bytes())
        arrays = folder.joinpath("arrays.npz").read_bytes()
    except (OSError, ValueError) as error:
        raise ModelError(f"no readable model {name!r}: {error}") from error
    if not isinstance(config, dict):
        raise ModelError(f"model {name!r}: config.json is no table")
    return read_model(name, config, arrays)


def read_model(name: str, config: Mapping[str, Any], arrays: bytes) -> Model:
    """Return a model from its files. Raises ``ModelError`` if they do not belong together."""
    if config.get("format") != FORMAT:
        raise ModelError(f"model {name!r} has format {config.get('format')}, not {FORMAT}")
    if hashlib.sha256(arrays).hexdigest() != config.get("sha256"):
        raise ModelError(f"model {name!r}: arrays.npz is not the file that config.json describes")
    try:
        with np.load(BytesIO(arrays)) as table:
            parts = {key: table[key] for key in table.files}
        first, second = (_forest(parts, config, key) for key in ("first", "second"))
        odds = WordOdds(*(_odds(parts, key) for key in ("words", "texts", "names")))
    except (KeyError, TypeError, ValueError, OSError, EOFError, BadZipFile) as error:
        raise ModelError(f"model {name!r} lacks a part or has a broken one: {error}") from error
    return Model(name, first, second, odds, config)


def _forest(parts: Mapping[str, NDArray[Any]], config: Mapping[str, Any], key: str) -> Forest:
    forest = Forest(
        features=parts[f"{key}_features"].astype(np.int64),
        borders=parts[f"{key}_borders"],
        splits=parts[f"{key}_splits"].astype(np.int64),
        leaves=parts[f"{key}_leaves"],
        bias=float(config["bias"][key]),
    )
    depth, trees = forest.splits.shape
    if depth > DEEPEST or forest.leaves.shape != (trees, 2**depth):
        raise ValueError(f"{trees} trees of depth {depth} with leaves {forest.leaves.shape}")
    return forest


def _odds(parts: Mapping[str, NDArray[Any]], key: str) -> dict[str, float]:
    values = parts[f"{key}_values"].astype(np.float64) / 100
    source = parts[f"{key}_keys"].tobytes().decode("utf-8")
    words = source.split("\n") if len(values) else []
    return dict(zip(words, values.tolist(), strict=True))
