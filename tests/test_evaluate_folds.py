"""Each page is cleaned with the model that has not seen its domain."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from training_pages import TREES, domain_of, main_text, text_record, write_set

from cleaner.cli import main
from cleaner.errors import ModelError
from cleaner.evaluate.folds import Folds, fold_of, read_folds, registered_domain
from cleaner.evaluate.run import Plan, evaluate_sets
from cleaner.evaluate.sets import read_set
from cleaner.features.words import WordOdds
from cleaner.model import Forest
from cleaner.train.export import write_model

pytest.importorskip("tldextract")


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.rowan-village.com/gone", "rowan-village.com"),
        ("http://news.paper.rowan-village.co.uk:8080/a?b=c#d", "rowan-village.co.uk"),
        ("rowan-village.com/gone", "rowan-village.com"),
        ("https://пример.рф/", "пример.рф"),
        ("http://192.0.2.7/page", "192.0.2.7"),
        ("http://localhost/page", "localhost"),
        ("", "page:p7"),
        (None, "page:p7"),
    ],
)
def test_pages_of_one_site_have_one_domain(url: str | None, domain: str) -> None:
    assert registered_domain(url, "p7") == domain


def test_folds_are_the_same_on_every_machine() -> None:
    assert [fold_of(domain_of(tree), 5) for tree in TREES] == [4, 3, 4, 0, 0, 3, 1, 2]


def test_folds_are_about_equal() -> None:
    sizes = np.bincount([fold_of(f"site-{n}.org", 5) for n in range(5000)], minlength=5)
    assert sizes.sum() == 5000
    assert 900 < sizes.min() <= sizes.max() < 1100


def steady(bias: float) -> Forest:
    """Return a forest that says the same of every block."""
    return Forest(
        features=np.zeros(1, dtype=np.int64),
        borders=np.zeros(1, dtype=np.float32),
        splits=np.zeros((1, 1), dtype=np.int64),
        leaves=np.zeros((1, 2), dtype=np.float32),
        bias=bias,
    )


def write_folds(folder: Path, biases: Sequence[float]) -> Path:
    for fold, bias in enumerate(biases):
        forests = {"first": steady(bias), "second": steady(bias)}
        write_model(folder / f"fold-{fold}", forests, WordOdds(), {"folds": len(biases)})
    return folder


def test_fold_models_are_found_by_a_page_s_domain(tmp_path: Path) -> None:
    folds = read_folds(write_folds(tmp_path, [0, 0, 0]))
    assert folds == Folds(tmp_path, 3)
    assert folds.models == tuple(str(tmp_path / f"fold-{n}") for n in range(3))
    for tree in TREES[:4]:
        number = fold_of(domain_of(tree), 3)
        for url in (f"https://{domain_of(tree)}/", f"http://blog.{domain_of(tree)}/a"):
            assert folds.model_for(url, "any") == folds.models[number]


def test_models_do_not_depend_on_where_the_command_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_folds(tmp_path / "weights", [0, 0])
    monkeypatch.chdir(tmp_path)
    assert read_folds(Path("weights")).models[1] == str(tmp_path / "weights" / "fold-1")


def test_pages_are_cleaned_by_the_model_of_their_fold(tmp_path: Path) -> None:
    folds = read_folds(write_folds(tmp_path / "weights", [8.0, -8.0]))  # keeps all, keeps nothing
    labelled = read_set(write_set(tmp_path, "tales", [text_record(tree) for tree in TREES]))
    (result,) = evaluate_sets([labelled], Plan(folds=folds))
    for tree, page in zip(TREES, result.pages, strict=True):
        score = page.texts[0].score
        assert page.texts[0].error == ""
        if fold_of(domain_of(tree), 2) == 0:
            assert score.true_positives >= sum(len(text.split()) for text in main_text(tree)[:2])
            assert score.false_positives > 0
        else:
            assert score.true_positives == score.false_positives == 0


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["evaluate", *map(str, arguments)])


def test_the_command_scores_with_fold_models(tmp_path: Path) -> None:
    path = write_set(tmp_path, "tales", [text_record(tree) for tree in TREES])
    folder = write_folds(tmp_path / "weights", [-8.0, -8.0])
    result = invoke(path, "--folds", folder, "--json", tmp_path / "figures.json")
    assert result.exit_code == 0, result.output
    figures = json.loads((tmp_path / "figures.json").read_text("utf-8"))
    assert figures["sets"][0]["systems"][0]["f1"] == 0


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "no fold models"),
        ({"config.json": "{}"}, "no fold models"),
        ({"fold-0/config.json": "no json"}, "no fold models"),
        ({"fold-0/config.json": "{}"}, "no fold models"),
        ({"fold-0/config.json": '{"folds": null}'}, "no fold models"),
        ({"fold-0/config.json": "[]"}, "no fold models"),
        ({"fold-0/config.json": '{"folds": 2}'}, "no model for fold 1"),
    ],
)
def test_a_folder_without_fold_models_is_named(
    tmp_path: Path, files: dict[str, str], message: str
) -> None:
    folder = tmp_path / "weights"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    with pytest.raises(ModelError, match=message):
        read_folds(folder)
    path = write_set(tmp_path, "tales", [text_record("rowan")])
    result = invoke(path, "--folds", folder)
    assert result.exit_code == 2
    assert message in " ".join(result.output.split())


def test_a_fold_model_whose_files_are_broken_exits_with_two(tmp_path: Path) -> None:
    folder = write_folds(tmp_path / "weights", [0, 0])
    (folder / "fold-1" / "arrays.npz").write_bytes(b"no arrays")
    result = invoke(write_set(tmp_path, "tales", [text_record("rowan")]), "--folds", folder)
    assert result.exit_code == 2
    assert "arrays.npz is not the file" in " ".join(result.output.split())
