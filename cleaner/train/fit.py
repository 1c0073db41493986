"""Fit symmetric trees and take them out of the library that grew them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.features.arrays import Floats
from cleaner.model import Forest

_SOFT = (0.2, 0.8)
"""Shares of a block's words between which its target is soft; chance hits make a few."""


def soften(targets: Floats) -> Floats:
    """Return targets (0..1) where most blocks are wholly in or out."""
    low, high = _SOFT
    result: Floats = np.clip((targets - low) / (high - low), 0, 1)
    return result


def fit_forest(
    values: Floats, targets: Floats, weights: Floats, recipe: Mapping[str, Any], stage: str
) -> Forest:
    """Fit trees to rows (rows, features); ``stage`` is ``first`` or ``second``."""
    return _fit(values, targets, weights, recipe["catboost"], stage)


def fit_more(
    values: Floats, targets: Floats, weights: Floats, logits: Floats, recipe: Mapping[str, Any]
) -> Forest:
    """Fit the few trees that ``recipe`` grows to adapt a model, whose log-odds are ``logits``."""
    options = recipe["catboost"] | recipe["adapt"]
    return _fit(values, targets, weights, options, "more", baseline=logits)


def _fit(
    values: Floats,
    targets: Floats,
    weights: Floats,
    recipe: Mapping[str, Any],
    stage: str,
    baseline: Floats | None = None,
) -> Forest:
    from catboost import CatBoost, Pool

    options = {key: value for key, value in recipe.items() if key != "iterations"}
    model = CatBoost(
        options
        | {
            "iterations": recipe["iterations"][stage],
            "thread_count": 2,
            "verbose": False,
            "allow_writing_files": False,
        }
    )
    weights = weights / weights.mean()
    model.fit(Pool(values, soften(targets), weight=weights, baseline=baseline))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        source = json.loads(path.read_text(encoding="utf-8"))
    return read_forest(source)


def read_forest(source: Mapping[str, Any]) -> Forest:
    """Return the trees of a model that CatBoost wrote as JSON. All have the same depth."""
    trees = source["oblivious_trees"]
    depth = max(len(tree["splits"]) for tree in trees)
    questions: dict[tuple[int, float], int] = {}
    splits = np.zeros((depth, len(trees)), dtype=np.int64)
    leaves = np.zeros((len(trees), 2**depth), dtype=np.float32)
    for number, tree in enumerate(trees):
        own = tree["splits"]
        for level, split in enumerate(own):
            key = (int(split["float_feature_index"]), float(split["border"]))
            splits[level, number] = questions.setdefault(key, len(questions))
        # A tree that stopped early answers alike whatever the missing questions say.
        values = np.array(tree["leaf_values"], dtype=np.float32)
        leaves[number] = np.tile(values, 2 ** (depth - len(own)))
    scale, bias = source["scale_and_bias"]
    keys = list(questions)
    return Forest(
        features=np.array([key[0] for key in keys], dtype=np.int64),
        borders=np.array([key[1] for key in keys], dtype=np.float32),
        splits=splits,
        leaves=leaves * np.float32(scale),
        bias=float(bias[0]),
    )


def join_forests(one: Forest, other: Forest) -> Forest:
    """Return the trees of two forests as one; their log-odds add up."""
    depth = max(len(one.splits), len(other.splits))
    return Forest(
        features=np.concatenate([one.features, other.features]),
        borders=np.concatenate([one.borders, other.borders]),
        splits=np.hstack([_deepened(one, depth), _deepened(other, depth, len(one.features))]),
        leaves=np.concatenate(
            [np.tile(each.leaves, 2 ** (depth - len(each.splits))) for each in (one, other)]
        ),
        bias=one.bias + other.bias,
    )


def _deepened(forest: Forest, depth: int, first: int = 0) -> NDArray[np.int64]:
    """Return a forest's splits, whose questions begin at ``first``, with questions that no leaf
    heeds below them."""
    splits = forest.splits + first
    missing = np.full((depth - len(splits), splits.shape[1]), first, dtype=np.int64)
    return np.vstack([splits, missing])
