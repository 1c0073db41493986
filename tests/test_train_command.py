"""The command that trains: what it writes, what it says, and how it fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from training_pages import RECIPE, TREES, domain_of, text_record, write_set

from cleaner.cli import main
from cleaner.evaluate.folds import fold_of
from cleaner.model import load_model
from cleaner.train import command, run


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["train", *map(str, arguments)])


@pytest.fixture
def tales(tmp_path: Path) -> Path:
    return write_set(tmp_path, "tales", [text_record(tree) for tree in TREES])


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Train by the small recipe, in the place of the one that ships."""
    monkeypatch.setattr(run, "read_recipe", lambda: RECIPE)


@pytest.mark.usefixtures("small")
def test_models_are_written_and_each_page_is_scored_by_the_one_that_has_not_seen_it(
    tales: Path, tmp_path: Path
) -> None:
    pytest.importorskip("catboost")
    output = tmp_path / "weights" / "small"
    result = invoke(tales, "--output", output, "--folds", output, "--jobs", "1")
    assert result.exit_code == 0, result.output
    folders = [output, output / "fold-0", output / "fold-1"]
    assert result.stdout.splitlines() == [f"{folder}: written" for folder in folders]
    assert "reading pages: 8\n" in result.stderr
    assert "growing forests of the model without fold 1: 2\n" in result.stderr
    for folder, without in zip(folders, (None, 0, 1), strict=True):
        config = json.loads((folder / "config.json").read_text("utf-8"))
        assert (config["folds"], config["without_fold"]) == (2, without)
        assert config["pages"] == {"tales": 8}
        assert load_model(str(folder)).config["features"] == config["features"]
    scored = CliRunner().invoke(main, ["evaluate", str(tales), "--folds", str(output)])
    assert scored.exit_code == 0, scored.output
    assert "tales: 8 pages, word F1" in scored.output


@pytest.mark.usefixtures("small")
def test_pages_left_out_are_named(tmp_path: Path) -> None:
    pytest.importorskip("catboost")
    ids = [f"deep-{n}" for n in range(4)]
    deep = dict.fromkeys(ids, "<div>" * 1500 + "<p>The alder stands.</p>")
    records = [text_record(tree) for tree in TREES]
    records += [{"id": name, "text": "The alder stands."} for name in ids]
    path = write_set(tmp_path, "tales", records, deep)
    result = invoke(path, "--output", tmp_path / "out", "--jobs", "1")
    assert result.exit_code == 0, result.output
    assert "skipped tales deep-" in result.stderr


def broken(folder: Path) -> Path:
    path = folder / "wcxb.zip"
    path.write_text("no zip")
    return path


def unknown(folder: Path) -> Path:
    return write_set(folder, "gardens", [text_record("rowan")])


def few(folder: Path) -> Path:
    """Write a set of one page, whose domain is in the first fold: none is left to train on."""
    tree = next(tree for tree in TREES if fold_of(domain_of(tree), 5) == 0)
    return write_set(folder, "wcxb", [text_record(tree)])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (broken, "cannot be read as a labelled set"),
        (unknown, "the recipe has no set gardens; it has wcxb, fundus"),
        (few, "too few pages"),
    ],
)
def test_sets_that_nothing_can_be_learned_from_exit_with_two(
    tmp_path: Path, make: Callable[[Path], Path], message: str
) -> None:
    result = invoke(make(tmp_path), "--output", tmp_path / "out", "--jobs", "1")
    assert result.exit_code == 2
    assert message in " ".join(result.output.split())
    assert not (tmp_path / "out").exists()


def test_a_set_given_twice_exits_with_two(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    paths = [write_set(f, "wcxb", [text_record("rowan")]) for f in (tmp_path, tmp_path / "other")]
    result = invoke(*paths, "--output", tmp_path / "out")
    assert result.exit_code == 2
    assert "given twice: wcxb" in result.output


@pytest.mark.parametrize("arguments", [(), ("absent.zip", "--output", "out"), ("SET",)])
def test_bad_usage_exits_with_two(tales: Path, arguments: tuple[str, ...]) -> None:
    result = invoke(*(tales if argument == "SET" else argument for argument in arguments))
    assert result.exit_code == 2
    assert "Error: " in result.output


def test_a_missing_library_exits_with_two(tales: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "LIBRARIES", ("no_such_library",))
    result = invoke(tales, "--output", "out")
    assert result.exit_code == 2
    assert "install the extra 'train'" in " ".join(result.output.split())


@pytest.mark.usefixtures("small")
def test_an_output_that_cannot_be_written_exits_with_one(tales: Path, tmp_path: Path) -> None:
    pytest.importorskip("catboost")
    (tmp_path / "file").write_text("in the way")
    result = invoke(tales, "--output", tmp_path / "file" / "out", "--jobs", "1")
    assert result.exit_code == 1
    assert "Error: " in result.output
    assert "file" in result.output
