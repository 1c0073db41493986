"""Forests that CatBoost grew give here what they give there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from training_pages import RECIPE

from cleaner.features.arrays import Floats
from cleaner.model import probabilities
from cleaner.train.fit import fit_forest, read_forest, soften

ROWS, FEATURES = 400, 6


def random_rows(seed: int, rows: int = ROWS) -> Floats:
    """Return rows with absent values, and columns of few values that borders are drawn at."""
    generator = np.random.default_rng(seed)
    values = generator.normal(size=(rows, FEATURES)).astype(np.float32)
    values[:, 3] = generator.integers(0, 4, rows)
    values[generator.random(rows) < 0.3, 1] = np.nan
    values[generator.random(rows) < 0.3, 3] = np.nan
    return values


def random_targets(values: Floats) -> Floats:
    known = np.nan_to_num(values, nan=-1.0)
    return probabilities(known[:, 0] + 2 * (known[:, 1] > 0) - known[:, 3])


def test_targets_near_the_ends_are_the_ends() -> None:
    found = soften(np.array([0, 0.1, 0.2, 0.5, 0.8, 1], dtype=np.float32))
    assert found.tolist() == pytest.approx([0, 0, 0, 0.5, 1, 1], abs=1e-6)


def test_a_forest_read_from_json_predicts_as_catboost_does(tmp_path: Path) -> None:
    catboost = pytest.importorskip("catboost")
    values = random_rows(1)
    options = {**RECIPE["catboost"], "iterations": 20, "thread_count": 1}
    model = catboost.CatBoost({**options, "verbose": False, "allow_writing_files": False})
    model.fit(catboost.Pool(values, random_targets(values)))
    model.save_model(str(tmp_path / "model.json"), format="json")
    forest = read_forest(json.loads((tmp_path / "model.json").read_text("utf-8")))
    unseen = random_rows(2, 5000)
    unseen[:10] = np.nan
    unseen[10:20, 0] = forest.borders[forest.features == 0][0]  # on a border is not above it
    expected = model.predict(unseen, prediction_type="RawFormulaVal")
    np.testing.assert_allclose(forest.log_odds(unseen.T), expected, atol=1e-5)
    assert np.ptp(expected) > 1


def test_a_forest_learns_from_rows_that_weigh_something() -> None:
    pytest.importorskip("catboost")
    values = random_rows(3)
    targets = (np.nan_to_num(values[:, 0]) > 0).astype(np.float32)
    targets[ROWS // 2 :] = 1 - targets[ROWS // 2 :]
    weights = np.ones(ROWS, dtype=np.float32)
    weights[ROWS // 2 :] = 1e-4
    forest = fit_forest(values, targets, weights, RECIPE, "first")
    assert forest.splits.shape == (3, RECIPE["catboost"]["iterations"]["first"])
    likely = probabilities(forest.log_odds(values.T))
    assert ((likely > 0.5) == (np.nan_to_num(values[:, 0]) > 0)).mean() > 0.95


def test_rows_give_the_same_forest_each_time() -> None:
    pytest.importorskip("catboost")
    values = random_rows(4)
    targets, weights = random_targets(values), np.ones(ROWS, dtype=np.float32)
    one, other = (fit_forest(values, targets, weights, RECIPE, "second") for _ in range(2))
    assert one.leaves.tobytes() == other.leaves.tobytes()
    assert one.borders.tobytes() == other.borders.tobytes()
    assert (one.bias, one.splits.tolist()) == (other.bias, other.splits.tolist())


def tree(splits: list[tuple[int, float]], leaves: list[float]) -> dict[str, Any]:
    return {
        "splits": [
            {"float_feature_index": feature, "border": border} for feature, border in splits
        ],
        "leaf_values": leaves,
    }


def test_trees_of_several_depths_are_one_forest() -> None:
    source = {
        "oblivious_trees": [
            tree([(0, 0.5)], [1.0, 2.0]),
            tree([(1, 1.5), (0, 0.5)], [10.0, 20.0, 30.0, 40.0]),
            tree([], [0.25]),
        ],
        "scale_and_bias": [2.0, [100.0]],
    }
    forest = read_forest(source)
    assert len(forest.features) == 2  # a question of two trees is asked once
    values = np.array([[0, 1, 0, 1, np.nan], [1, 1, 2, 2, np.nan]], dtype=np.float32)
    assert forest.log_odds(values).tolist() == [122.5, 164.5, 142.5, 184.5, 122.5]
