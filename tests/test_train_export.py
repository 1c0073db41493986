"""A model's files: the same bytes each time, and read back as they were."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from cleaner.errors import ModelError
from cleaner.features.words import WordOdds
from cleaner.model import FORMAT, Forest, load_model, read_model
from cleaner.train.export import write_model

VALUES = np.array([[0, 1, np.nan], [2, -2, 7]], dtype=np.float32)
ODDS = WordOdds({"water": 1.25, "été": -0.5, "山羊": 2.0}, {"read on": -3.14}, {"div.nav": -1.0})


def forest(bias: float) -> Forest:
    return Forest(
        features=np.array([0, 1]),
        borders=np.array([0.5, 1.5], dtype=np.float32),
        splits=np.array([[0, 1], [1, 0]]),
        leaves=np.arange(8, dtype=np.float32).reshape(2, 4),
        bias=bias,
    )


def write(folder: Path) -> tuple[bytes, bytes]:
    forests = {"first": forest(0.25), "second": forest(-1.0)}
    write_model(folder, forests, ODDS, {"features": ["a", "b"], "folds": 5})
    return (folder / "arrays.npz").read_bytes(), (folder / "config.json").read_bytes()


def test_the_same_model_is_the_same_bytes(tmp_path: Path) -> None:
    assert write(tmp_path / "deep" / "one") == write(tmp_path / "other")


def test_a_model_is_read_back_as_it_was(tmp_path: Path) -> None:
    write(tmp_path / "model")
    model = load_model(str(tmp_path / "model"))
    assert model.odds == ODDS
    for read, written in ((model.first, forest(0.25)), (model.second, forest(-1.0))):
        assert read.bias == written.bias
        np.testing.assert_array_equal(read.log_odds(VALUES), written.log_odds(VALUES))


def test_the_config_says_what_the_arrays_are(tmp_path: Path) -> None:
    arrays, config = write(tmp_path / "model")
    said = json.loads(config)
    assert (said["format"], said["folds"], said["features"]) == (FORMAT, 5, ["a", "b"])
    assert said["sha256"] == hashlib.sha256(arrays).hexdigest()
    assert said["bias"] == {"first": 0.25, "second": -1.0}


def test_files_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    arrays, config = write(tmp_path)
    with pytest.raises(ModelError, match="not the file"):
        read_model("odd", json.loads(config), arrays + b" ")
    with pytest.raises(ModelError, match="has format 0"):
        read_model("old", json.loads(config) | {"format": 0}, arrays)


def test_words_that_files_cannot_hold_are_left_out(tmp_path: Path) -> None:
    odds = WordOdds({"two\nlines": 1.0, "one": 0.333}, {"a": 1.0}, {"b": 1.0})
    write_model(tmp_path, {"first": forest(0), "second": forest(0)}, odds, {})
    read = load_model(str(tmp_path)).odds
    assert read.words == {"one": 0.33}
