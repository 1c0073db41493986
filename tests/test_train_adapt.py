"""A model that learns from a user's own golden cases."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from cleaner import Options
from cleaner.cli import main
from cleaner.golden import read_case
from cleaner.model import Forest, load_model
from cleaner.train.adapt import adapt, read_rows, write_adapted
from cleaner.train.fit import join_forests
from cleaner.train.run import TrainingError, read_recipe

NAVIGATION = "".join(f"<li><a href=/{word}>{word}</a>" for word in "News Sport Culture".split())
SLOGAN = "Kept dry and warm since the flood of 1953, by the lighthouse keepers of the north shore."


def page(number: int) -> str:
    story = " ".join(
        f"On day {number} the keeper counted {n} ships and wrote each of them into the book."
        for n in range(12)
    )
    return (
        f"<html><head><title>Day {number}</title></head><body><nav><ul>{NAVIGATION}</ul></nav>"
        f"<main><h1>Day {number}</h1><p>{story}</p><p>{story[::-1]}</p>"
        f"<p class=slogan>{SLOGAN}</p></main></body></html>"
    )


def write_case(folder: Path, number: int) -> None:
    """Write a case whose reader wants the slogan that stands under every text."""
    case = folder / f"day-{number}"
    case.mkdir(parents=True)
    (case / "page.html").write_text(page(number), encoding="utf-8")
    (case / "case.json").write_text("{}", encoding="utf-8")
    document = read_case(case).clean()
    paragraphs = [b.text for b in document.blocks if b.path.endswith(("/p", "/p.slogan"))]
    (case / "expected.md").write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("golden")
    for number in range(8):
        write_case(folder, number)
    return folder


def test_cases_held_out_get_better_and_others_stay(cases: Path, tmp_path: Path) -> None:
    output, told = tmp_path / "own", tmp_path / "told.json"
    arguments = ["train", "--fixtures", str(cases), "--output", str(output), "--json", str(told)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    before, after = next(
        map(float, line.split()[:2]) for line in result.output.splitlines() if "mean of 8" in line
    )
    assert after > before
    figures = json.loads(told.read_text(encoding="utf-8"))
    assert (figures["base"], figures["output"]) == ("base", str(output))
    assert [case["folder"] for case in figures["cases"]] == [
        str(cases / f"day-{number}") for number in range(8)
    ]
    for moment, mean in (("before", before), ("after", after)):
        assert round(figures["mean"][moment], 3) == mean
        values = [case[moment] for case in figures["cases"]]
        assert sum(values) / 8 == pytest.approx(figures["mean"][moment])
    document = read_case(cases / "day-3").clean(Options(model=str(output)))
    assert SLOGAN in document.text
    assert SLOGAN not in read_case(cases / "day-3").clean().text
    assert "day 3" in document.text
    config = json.loads((output / "config.json").read_text(encoding="utf-8"))
    assert config["adapted_to"] == [f"day-{number}" for number in range(8)]


def test_the_same_cases_give_the_same_bytes(cases: Path, tmp_path: Path) -> None:
    recipe = read_recipe()
    rows = read_rows([read_case(f) for f in sorted(cases.iterdir())], "base", recipe)
    for name in ("one", "two"):
        write_adapted(tmp_path / name, "base", adapt(rows, "base", recipe), ["a"])
    for file in ("arrays.npz", "config.json"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_labels_say_what_is_main_text(cases: Path, tmp_path: Path) -> None:
    folder = tmp_path / "golden"
    shutil.copytree(cases, folder)
    case = read_case(folder / "day-1")
    blocks = case.clean().blocks
    lines = [("content" if i == 3 else "other") + "\t" + b.text[:100] for i, b in enumerate(blocks)]
    (case.folder / "labels.tsv").write_text("\n".join(line.rstrip() for line in lines) + "\n")
    found = read_rows([read_case(f) for f in sorted(folder.iterdir())], "base", read_recipe())
    row = next(row for row in found if row.case.name == "day-1")
    assert row.targets.tolist() == [float(i == 3) for i in range(len(blocks))]


def test_too_few_cases_are_refused(cases: Path, tmp_path: Path) -> None:
    few = [read_case(cases / f"day-{number}") for number in range(3)]
    with pytest.raises(TrainingError, match="3 golden cases"):
        read_rows(few, "base", read_recipe())
    result = CliRunner().invoke(main, ["train", "--output", str(tmp_path / "own")])
    assert result.exit_code == 2
    assert "--fixtures" in result.output


def test_cases_of_which_nothing_is_known_do_not_count(cases: Path, tmp_path: Path) -> None:
    few = [f"--fixtures={cases / f'day-{number}'}" for number in range(3)]
    empty = tmp_path / "empty"
    shutil.copytree(cases / "day-3", empty)
    (empty / "page.html").write_text("<html><body></body></html>", encoding="utf-8")
    arguments = ["train", *few, f"--fixtures={empty}", "--output", str(tmp_path / "own")]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "3 golden cases with expected.md are too few" in result.output
    assert not (tmp_path / "own").exists()


def test_scores_are_written_for_an_adaptation_alone(cases: Path, tmp_path: Path) -> None:
    output = ["train", "--output", str(tmp_path / "own")]
    for arguments, said in (
        (["--json", str(tmp_path / "told.json")], "--json is for"),
        (["--fixtures", str(cases), "--json", str(tmp_path / "no" / "told.json")], "no directory"),
    ):
        result = CliRunner().invoke(main, [*output, *arguments])
        assert (result.exit_code, said in result.output) == (2, True), result.output


def test_joined_forests_add_up() -> None:
    def forest(depth: int, trees: int, seed: int) -> Forest:
        draw = np.random.default_rng(seed)
        return Forest(
            features=draw.integers(0, 4, 9),
            borders=draw.normal(size=9).astype(np.float32),
            splits=draw.integers(0, 9, (depth, trees)),
            leaves=draw.normal(size=(trees, 2**depth)).astype(np.float32),
            bias=float(seed),
        )

    values = np.random.default_rng(7).normal(size=(4, 50)).astype(np.float32)
    for one, other in ((forest(5, 6, 1), forest(2, 3, 2)), (forest(2, 3, 2), forest(5, 6, 1))):
        together = join_forests(one, other).log_odds(values)
        apart = one.log_odds(values) + other.log_odds(values)
        np.testing.assert_allclose(together, apart, atol=1e-4)


def test_an_adapted_model_belongs_together(cases: Path, tmp_path: Path) -> None:
    recipe = read_recipe()
    rows = read_rows([read_case(f) for f in sorted(cases.iterdir())], "base", recipe)
    write_adapted(tmp_path / "own", "base", adapt(rows, "base", recipe), ["a"])
    own, base = load_model(str(tmp_path / "own")), load_model()
    assert len(own.second.leaves) > len(base.second.leaves)
    assert own.config["features"] == base.config["features"]
