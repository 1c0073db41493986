"""The learned labeler: trees against a slow walk, and models read from their files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from builders import page as make_page
from builders import paragraph
from feature_pages import (
    NAN,
    config_of,
    forest,
    matrix_of,
    model,
    one_question,
    pack,
    parts_of,
    save,
    site,
)
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from cleaner import Options
from cleaner.errors import ModelError
from cleaner.features.words import WordOdds
from cleaner.labels import label_page
from cleaner.model import CHUNK, DEEPEST, Forest, load_model, probabilities, read_model

ODDS = WordOdds({"hive": 1.25, "buy": -2.0}, {"read more": -3.0}, {"größe": 0.5, "<nav>": -1.0})
NAMES = matrix_of(site()).names
LINKED = NAMES.index("linked")
FIRST = len(NAMES)
"""Row of the first opinion in the second forest's features."""

SMALL = model(one_question(LINKED, 0.5, 2.0, -2.0), one_question(FIRST, 0.0, -3.0, 1.0), ODDS)


def slow_log_odds(trees: Forest, values: NDArray[Any]) -> list[float]:
    """Walk each tree for each block, question by question."""
    found = []
    for block in values.T:
        total = trees.bias
        for tree, leaves in enumerate(trees.leaves):
            leaf = 0
            for depth, questions in enumerate(trees.splits):
                question = questions[tree]
                if block[trees.features[question]] > trees.borders[question]:
                    leaf += 2**depth
            total += float(leaves[leaf])
        found.append(total)
    return found


def random_forest(seed: int, depth: int = 3, trees: int = 5, features: int = 4) -> Forest:
    draw = np.random.default_rng(seed)
    return Forest(
        features=draw.integers(0, features, 9),
        borders=draw.normal(size=9).astype(np.float32),
        splits=draw.integers(0, 9, (depth, trees)),
        leaves=draw.normal(size=(trees, 2**depth)).astype(np.float32),
        bias=float(draw.normal()),
    )


def random_values(seed: int, blocks: int, features: int = 4) -> NDArray[Any]:
    draw = np.random.default_rng(seed)
    values = draw.normal(size=(features, blocks)).astype(np.float32)
    values[draw.random(values.shape) < 0.2] = np.nan
    return values


@pytest.mark.parametrize(
    ("log_odds", "expected"),
    [(0.0, 0.5), (2.0, 0.8808), (-2.0, 0.1192), (1e9, 1.0), (-1e9, 0.0), (np.inf, 1.0)],
)
def test_probabilities(log_odds: float, expected: float) -> None:
    assert probabilities(np.array([log_odds])) == pytest.approx(expected, abs=1e-4)


def test_a_tree_by_hand() -> None:
    trees = forest(([0, 1], [1, 2, 4, 8]), asks=[(0, 0.5), (1, -1.0)], bias=0.25)
    values = np.array([[0, 1, 0, 1], [-2, -2, 0, 0]], dtype=np.float32)
    assert trees.log_odds(values).tolist() == [1.25, 2.25, 4.25, 8.25]


def test_trees_add_up() -> None:
    trees = forest(([0], [1, 2]), ([1], [-5, 5]), ([0], [10, 20]), asks=[(0, 0), (1, 0)])
    assert trees.log_odds(np.array([[1.0], [-1.0]], dtype=np.float32)).tolist() == [17]


@pytest.mark.parametrize(("value", "answer"), [(NAN, 0), (0.5, 0), (0.6, 1), (np.inf, 1), (-1, 0)])
def test_the_answer_is_yes_above_the_border_alone(value: float, answer: int) -> None:
    trees = one_question(0, 0.5, 0, 1)
    assert trees.log_odds(np.array([[value]], dtype=np.float32)).tolist() == [answer]


@given(st.integers(0, 10**6), st.integers(1, DEEPEST), st.integers(1, 12), st.integers(0, 9))
def test_forests_answer_as_a_slow_walk_does(seed: int, depth: int, trees: int, blocks: int) -> None:
    drawn = random_forest(seed, depth, trees)
    values = random_values(seed, blocks)
    found = drawn.log_odds(values)
    assert found.dtype == np.float32
    assert found.tolist() == pytest.approx(slow_log_odds(drawn, values), abs=1e-4)


@pytest.mark.parametrize("blocks", [CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 3])
def test_many_blocks_are_answered_in_parts(blocks: int) -> None:
    drawn = random_forest(7)
    values = random_values(7, blocks)
    found = drawn.log_odds(values)
    assert found.shape == (blocks,)
    for start in (0, CHUNK - 5, blocks - 5):
        part = values[:, start : start + 10]
        assert found[start : start + 10].tolist() == drawn.log_odds(part).tolist()


def test_the_second_forest_sees_what_the_first_thinks() -> None:
    page = site()
    matrix, likely = SMALL.judge(page, 3)
    assert matrix.names == NAMES
    kept, dropped = 1 / (1 + np.exp(-1)), 1 / (1 + np.exp(3))
    assert likely.tolist() == pytest.approx([dropped] * 3 + [kept] * 4)


def test_the_second_features_are_the_first_and_more() -> None:
    matrix = matrix_of(site(), 3)
    values, names = SMALL.second_values(matrix, np.zeros(7, dtype=np.float32))
    assert names[:FIRST] == list(NAMES)
    assert names[FIRST] == "first"
    assert len(set(names)) == len(names)
    assert values.shape == (len(names), 7)
    assert values.dtype == np.float32
    assert np.array_equal(values[:FIRST], matrix.values, equal_nan=True)


def test_words_are_looked_up_in_the_models_odds() -> None:
    row = NAMES.index("word_sum")
    judge = model(one_question(row, 0.0, -1, 1), one_question(FIRST, 0.0, -2, 2), ODDS)
    _, likely = judge.judge(make_page(paragraph("A hive"), paragraph("Buy a hive")), -1)
    assert [value > 0.5 for value in likely.tolist()] == [True, False]


def test_a_model_is_read_as_it_was_written(tmp_path: Path) -> None:
    trees = random_forest(3)
    written = model(trees, random_forest(4), ODDS)
    read = load_model(save(written, tmp_path))
    assert read.odds == ODDS
    for found, wanted in ((read.first, written.first), (read.second, written.second)):
        values = random_values(1, 20)
        assert found.log_odds(values).tolist() == wanted.log_odds(values).tolist()
        assert found.bias == wanted.bias


def test_a_model_may_know_no_words(tmp_path: Path) -> None:
    read = load_model(save(model(SMALL.first, SMALL.second), tmp_path))
    assert read.odds == WordOdds()


def test_a_model_is_read_once(tmp_path: Path) -> None:
    name = save(SMALL, tmp_path)
    assert load_model(name) is load_model(name)


def test_a_folder_is_no_model_that_ships(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder here is found by its bare name, but for one named like a model of the package."""
    monkeypatch.chdir(tmp_path)
    shipped = load_model()
    for name in ("folder-here", "base"):
        (tmp_path / name).mkdir()
        save(SMALL, tmp_path / name)
    load_model.cache_clear()
    assert load_model("base").config == shipped.config
    assert load_model("folder-here").config != shipped.config
    load_model.cache_clear()


def test_pages_are_labelled_by_a_model_in_a_folder(tmp_path: Path) -> None:
    found = label_page(site(), Options(model=save(SMALL, tmp_path)))
    assert [label.name.value for label in found.labels] == [
        *["navigation"] * 3,
        "title",
        *["content"] * 3,
    ]


def files_of(**changed: Any) -> tuple[dict[str, Any], bytes]:
    """Return config and arrays of a model; ``changed`` replaces parts, and None leaves them out."""
    parts = parts_of(SMALL) | changed
    arrays = pack({key: part for key, part in parts.items() if part is not None})
    return config_of(arrays, SMALL), arrays


@pytest.mark.parametrize("version", [None, 0, 2, "1"])
def test_other_formats_are_refused(version: object) -> None:
    config, arrays = files_of()
    with pytest.raises(ModelError, match="'mine' has format"):
        read_model("mine", config | {"format": version}, arrays)


@pytest.mark.parametrize("digest", [None, "", "0" * 64])
def test_arrays_of_another_model_are_refused(digest: str | None) -> None:
    config, arrays = files_of()
    with pytest.raises(ModelError, match=r"arrays\.npz is not the file"):
        read_model("mine", config | {"sha256": digest}, arrays)
    with pytest.raises(ModelError, match=r"arrays\.npz is not the file"):
        read_model("mine", config, arrays[:-1])


@pytest.mark.parametrize(
    "changed",
    [
        {"first_features": None},
        {"second_leaves": None},
        {"names_values": None},
        {"words_values": np.array([1], dtype=np.int16)},
        {"texts_keys": np.array([0xFF], dtype=np.uint8)},
        {"first_leaves": np.zeros((1, 4), dtype=np.float32)},
        {"first_splits": np.zeros(3, dtype=np.uint16)},
        {
            "first_splits": np.zeros((DEEPEST + 1, 1), dtype=np.uint16),
            "first_leaves": np.zeros((1, 2 ** (DEEPEST + 1)), dtype=np.float32),
        },
    ],
)
def test_arrays_that_do_not_belong_together_are_refused(changed: dict[str, Any]) -> None:
    config, arrays = files_of(**changed)
    with pytest.raises(ModelError, match="'mine' lacks a part or has a broken one"):
        read_model("mine", config, arrays)


@pytest.mark.parametrize("bias", [None, {}, {"first": 0.0}, {"first": 0.0, "second": "x"}, [1]])
def test_a_bias_that_is_none_is_refused(bias: object) -> None:
    config, arrays = files_of()
    with pytest.raises(ModelError, match="lacks a part"):
        read_model("mine", config | {"bias": bias}, arrays)


@pytest.mark.parametrize("arrays", [b"", b"no archive", b"PK\x03\x04 cut"])
def test_a_file_that_holds_no_arrays_is_refused(arrays: bytes) -> None:
    with pytest.raises(ModelError, match="lacks a part"):
        read_model("mine", config_of(arrays, SMALL), arrays)


@pytest.mark.parametrize("name", ["no-such-model", "no/such/folder", "", "..", "nul\0/byte"])
def test_missing_models(name: str) -> None:
    with pytest.raises(ModelError, match="no readable model"):
        load_model(name)


def test_missing_and_broken_files(tmp_path: Path) -> None:
    name = save(SMALL, tmp_path)
    (tmp_path / "arrays.npz").unlink()
    with pytest.raises(ModelError, match="no readable model"):
        load_model(name)
    (tmp_path / "config.json").write_bytes(b'{"format": 1, \xff')
    with pytest.raises(ModelError, match="no readable model"):
        load_model(name)
    save(SMALL, tmp_path)
    (tmp_path / "config.json").write_text(json.dumps([1]))
    with pytest.raises(ModelError, match="is no table"):
        load_model(name)
    assert load_model(save(SMALL, tmp_path)).odds == ODDS


def test_the_models_of_the_package_fit_its_features() -> None:
    shipped = load_model()
    assert tuple(shipped.config["features"]) == NAMES
    matrix = matrix_of(site(), 3, shipped.odds)
    _, names = shipped.second_values(matrix, np.zeros(7, dtype=np.float32))
    assert shipped.first.features.max() < len(NAMES)
    assert shipped.second.features.max() < len(names)
    for trees in (shipped.first, shipped.second):
        assert trees.splits.max() < len(trees.features) == len(trees.borders)
        assert np.isfinite(trees.leaves).all()


def test_the_probabilities_of_a_page_do_not_depend_on_what_was_judged_before() -> None:
    shipped = load_model()
    page = site()
    before = shipped.judge(page, 3)[1].tolist()
    shipped.judge(make_page(paragraph("Bees")), -1)
    assert shipped.judge(page, 3)[1].tolist() == before
    assert all(0 <= value <= 1 for value in before)
