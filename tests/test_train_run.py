"""From labelled pages to models: one of all pages, and one for each fold without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from training_pages import RECIPE, TREES, snippet_record, text_record, write_set

from cleaner.evaluate.folds import fold_of
from cleaner.evaluate.progress import Advance
from cleaner.evaluate.sets import LabelledSet, read_set
from cleaner.features.arrays import Floats
from cleaner.train.export import write_model
from cleaner.train.run import (
    Dataset,
    Trained,
    TrainingError,
    dataset,
    first_opinions,
    read_recipe,
    second_features,
    train,
)

pytest.importorskip("catboost")


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> list[LabelledSet]:
    folder = tmp_path_factory.mktemp("sets")
    tales = write_set(folder, "tales", [text_record(tree) for tree in TREES])
    hints = write_set(folder, "hints", [snippet_record(tree) for tree in TREES[:3]])
    return [read_set(tales), read_set(hints)]


@pytest.fixture(scope="module")
def data(sets: list[LabelledSet]) -> Iterator[Dataset]:
    with dataset(sets, RECIPE, jobs=1) as rows:
        yield rows


@pytest.fixture(scope="module")
def second(data: Dataset) -> list[Floats]:
    return second_features(data, first_opinions(data))


def bytes_of(trained: Trained, folder: Path) -> tuple[bytes, bytes]:
    write_model(folder, {"first": trained.first, "second": trained.second}, trained.odds, {})
    return (folder / "arrays.npz").read_bytes(), (folder / "config.json").read_bytes()


def test_the_recipe_that_ships_has_all_that_this_one_has() -> None:
    def names(table: dict[str, Any]) -> dict[str, Any]:
        return {key: names(x) if isinstance(x, dict) else ... for key, x in table.items()}

    shipped = read_recipe()
    assert set(shipped["sets"]) == {"wcxb", "fundus", "dragnet", "traf", "cleaneval"}
    more = {"adapt", "sites"}  # what other commands learn by
    ours = names({**RECIPE, "sets": {}, "catboost": {}})
    training = {key: part for key, part in shipped.items() if key not in more}
    assert names({**training, "sets": {}, "catboost": {}}) == ours
    for rules in shipped["sets"].values():
        assert set(rules) == set(RECIPE["sets"]["tales"])
    assert set(RECIPE["catboost"]) <= set(shipped["catboost"])


def test_all_samples_are_rows(data: Dataset) -> None:
    captures = [row.capture for row in data.rows]
    assert len(captures) == 2 * len(TREES) + 3
    assert captures.count("html") == len(TREES) + 3
    assert [count for _, count in data.files] == [2 * len(TREES), 3]
    assert data.folds.tolist() == [fold_of(row.domain, 2) for row in data.rows]
    assert set(data.folds.tolist()) == {0, 1}
    assert data.skipped == ()
    assert all(row.values.shape[1] == len(data.names) for row in data.rows)


def test_pages_of_a_domain_are_in_one_fold_whatever_their_set(data: Dataset) -> None:
    folds: dict[str, set[int]] = {}
    for row, fold in zip(data.rows, data.folds.tolist(), strict=True):
        folds.setdefault(row.domain, set()).add(fold)
    assert len(folds) == len(TREES)
    assert all(len(found) == 1 for found in folds.values())


def test_rows_of_no_weight_are_not_trained_on(data: Dataset) -> None:
    chosen = data.folds == 0
    part = data.gather(chosen)
    kept = [r for r, fold in zip(data.rows, data.folds, strict=True) if fold == 0]
    assert len(part.values) == sum(int((row.weights > 0).sum()) for row in kept)
    assert part.weights.min() > 0
    assert not np.isnan(part.targets).any()


def test_second_features_stand_beside_the_first(data: Dataset, second: Sequence[Floats]) -> None:
    assert [len(rows) for rows in second] == [len(row.values) for row in data.rows]
    part = data.gather(data.folds >= 0, second)
    assert part.values.shape[1] == len(data.names) + second[0].shape[1]


def test_training_twice_gives_the_same_bytes(
    sets: list[LabelledSet], data: Dataset, second: Sequence[Floats], tmp_path: Path
) -> None:
    with dataset(sets, RECIPE, jobs=1) as again:
        other = train(again, second_features(again, first_opinions(again)))
    assert bytes_of(train(data, second), tmp_path / "a") == bytes_of(other, tmp_path / "b")


def test_processes_do_not_change_the_rows(sets: list[LabelledSet], data: Dataset) -> None:
    with dataset(sets, RECIPE, jobs=2) as shared:
        for row, other in zip(data.rows, shared.rows, strict=True):
            assert row.values.tobytes() == other.values.tobytes()
            assert row.weights.tobytes() == other.weights.tobytes()


def test_fold_models_differ(data: Dataset, second: Sequence[Floats], tmp_path: Path) -> None:
    runs = [(None, "all"), (0, "fold-0"), (1, "fold-1")]
    found = {bytes_of(train(data, second, n), tmp_path / name)[0] for n, name in runs}
    assert len(found) == 3


def test_a_fold_model_knows_no_word_of_its_fold_s_domains(
    data: Dataset, second: Sequence[Floats]
) -> None:
    trained = train(data, second, without=0)
    seen = {row.id for row, fold in zip(data.rows, data.folds, strict=True) if fold != 0}
    assert 0 < len(seen) < len(TREES)
    assert set(TREES) & set(trained.odds.words) == seen
    assert set(TREES) <= set(train(data, second).odds.words)


def test_a_fold_model_is_fit_to_no_row_of_its_fold(
    data: Dataset, second: Sequence[Floats], tmp_path: Path
) -> None:
    spoilt = replace(
        data,
        rows=[
            replace(row, values=-row.values, targets=1 - row.targets) if fold == 0 else row
            for row, fold in zip(data.rows, data.folds, strict=True)
        ],
    )
    turned = [-x if fold == 0 else x for x, fold in zip(second, data.folds, strict=True)]
    whole = bytes_of(train(data, second, 0), tmp_path / "a")
    assert bytes_of(train(spoilt, turned, 0), tmp_path / "b") == whole
    assert bytes_of(train(spoilt, turned, 1), tmp_path / "c") != whole


def test_first_opinions_come_from_forests_that_have_not_seen_the_domain(data: Dataset) -> None:
    spoilt = replace(
        data,
        rows=[
            replace(row, targets=1 - row.targets) if fold == 0 else row
            for row, fold in zip(data.rows, data.folds, strict=True)
        ],
    )
    opinions = zip(first_opinions(data), first_opinions(spoilt), strict=True)
    same = [one.tobytes() == other.tobytes() for one, other in opinions]
    assert same == (data.folds == 0).tolist()


def test_progress_is_told_stage_by_stage(sets: list[LabelledSet]) -> None:
    told: dict[str, list[int]] = {}

    def begin(stage: str, total: int) -> Advance:
        told[stage] = [total]
        return told[stage].append

    with dataset(sets, RECIPE, 1, begin) as rows:
        train(rows, second_features(rows, first_opinions(rows, begin), begin), 1, begin)
    assert list(told) == [
        "reading pages",
        "making features of pages",
        "growing forests for first opinions",
        "making second features of samples",
        "growing forests of the model without fold 1",
    ]
    assert all(sum(done) == total for total, *done in told.values())


def test_pages_of_one_fold_alone_are_too_few(tmp_path: Path) -> None:
    labelled = read_set(write_set(tmp_path, "tales", [text_record(TREES[0])]))
    with dataset([labelled], RECIPE, jobs=1) as rows, pytest.raises(TrainingError, match="too few"):
        first_opinions(rows)


def test_pages_of_which_nothing_is_known_are_refused(tmp_path: Path) -> None:
    record = {"id": "rowan", "present": ["nowhere on the page"], "absent": []}
    labelled = read_set(write_set(tmp_path, "hints", [record]))
    with (
        pytest.raises(TrainingError, match="nothing is known"),
        dataset([labelled], RECIPE, jobs=1),
    ):
        pass
