"""Templates in the evaluation, and the fit of what they say."""

from __future__ import annotations

import json
import tomllib
import zipfile
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from site_pages import SITES, read_page, site_files, story

from cleaner.cli import main
from cleaner.evaluate.run import Plan, evaluate_sets
from cleaner.evaluate.sets import LabelledSet, read_set
from cleaner.evaluate.templates import learn_templates, of_sites
from cleaner.evidence import weights
from cleaner.train.sites import (
    SiteSample,
    SiteTrainingError,
    cross_validate,
    fit_weights,
)

pytest.importorskip("pyarrow")


def write_fixtures(path: Path, *, lone: bool = False) -> Path:
    """Write the pages of the invented sites as a labelled set, and a page of a site alone."""
    with zipfile.ZipFile(path, "w") as archive:
        lines: list[str] = []
        for name in SITES:
            for number, (url, body, expected) in enumerate(site_files(name)):
                identifier = f"{name}-{number}"
                lines.append(json.dumps({"id": identifier, "url": url, "text": expected}))
                archive.writestr(f"html/{identifier}.html", body)
        if lone:
            lines.append(json.dumps({"id": "lone", "url": "https://lone.example/", "text": "Any"}))
            archive.writestr("html/lone.html", story(1))
        archive.writestr("truth.jsonl", "\n".join(lines) + "\n")
    return path


@pytest.fixture
def labelled(tmp_path: Path) -> LabelledSet:
    return read_set(write_fixtures(tmp_path / "invented.zip", lone=True))


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_templates_are_learned_from_a_set(labelled: LabelledSet) -> None:
    templates = learn_templates(labelled)
    assert sorted(templates) == [
        "docs.tessel.example",
        "harrowferrycourier.example",
        "slowlarder.example",
    ]
    assert len(of_sites(labelled, templates).records) == 36
    assert len(labelled.records) == 37


def test_pages_are_scored_with_templates_and_without(labelled: LabelledSet) -> None:
    (result,) = evaluate_sets([labelled], Plan(sites=True))
    assert len(result.pages) == 36
    for page in result.pages:
        given, without = page.texts
        assert (given.system, without.system) == ("cleaner", "without templates")
        assert given.score.f1 == 1.0
        assert without.score.f1 < 1.0
        assert without.score.false_negatives == 0


def test_text_captures_have_templates_of_their_own(labelled: LabelledSet) -> None:
    pytest.importorskip("markdownify")
    pytest.importorskip("resiliparse")
    (result,) = evaluate_sets([labelled], Plan(capture="markdownify", sites=True))
    assert len(result.pages) == 36
    for page in result.pages:
        given, without = page.texts
        assert given.score.f1 > without.score.f1
        assert given.score.false_negatives == 0


def test_processes_give_the_same_scores(labelled: LabelledSet) -> None:
    (one,) = evaluate_sets([labelled], Plan(sites=True))
    (two,) = evaluate_sets([labelled], Plan(sites=True), jobs=2)
    for first, second in zip(one.pages, two.pages, strict=True):
        assert [text.score for text in first.texts] == [text.score for text in second.texts]


def test_the_command_shows_both(tmp_path: Path) -> None:
    result = run("evaluate", write_fixtures(tmp_path / "invented.zip"), "--sites", "--worst", "0")
    assert result.exit_code == 0
    lines = result.output.split("\n")
    given, without = (
        next(line.split("|")[2] for line in lines if line.startswith(f"| {name} "))
        for name in ("cleaner", "without templates")
    )
    assert float(given) == 1.0 > float(without)


def test_sites_of_one_page_cannot_be_scored(tmp_path: Path) -> None:
    path = tmp_path / "lone.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("truth.jsonl", '{"id": "lone", "url": "https://a.example", "text": "A"}\n')
        archive.writestr("html/lone.html", story(1))
    result = run("evaluate", path, "--sites")
    assert result.exit_code == 2
    assert "no site has three pages that differ" in result.output


def sample(columns: list[list[float]], targets: list[float], domain: str) -> SiteSample:
    """Return a sample of blocks on which the model is of no opinion."""
    size = len(targets)
    page = read_page("".join(f"<p>Block number {n} of few.</p>" for n in range(size)), None)
    return SiteSample(
        set="made",
        domain=domain,
        siblings=4,
        page=page,
        truth="Block number 0 of few.",
        logits=np.zeros(size),
        columns=np.array(columns, dtype=np.float64),
        targets=np.array(targets),
        rates=np.full(size, 1 / size),
        words=np.full(size, 5.0),
    )


def test_weights_are_those_that_explain_the_targets() -> None:
    samples = [
        sample([[1, 1, 0, 0], [0, 1, 0, 1]], [0.2, 0.1, 0.5, 1 / 3], f"d{n}") for n in range(40)
    ]
    found = fit_weights(samples, 1e-6)
    expected = np.log([0.2 / 0.8, (1 / 3) / (2 / 3)])
    # Log-odds of .2 and 1/3 by themselves; of the block with both they say .111, and .1 was due.
    assert np.allclose(found, expected, atol=0.06)
    assert np.abs(fit_weights(samples, 1e6)).max() < 1e-2


def test_the_fit_needs_sites() -> None:
    with pytest.raises(SiteTrainingError, match="three labelled pages"):
        fit_weights([], 1.0)


def test_each_domain_is_judged_by_weights_that_have_not_seen_it() -> None:
    right = [sample([[0, 3]], [1.0, 0.0], f"right-{n}.example") for n in range(30)]
    gains = cross_validate(right, 1.0, 5)
    assert gains["made"].pages == 30
    assert gains["made"].given > gains["made"].without
    assert gains["made"].loss_given < gains["made"].loss_without
    lone = cross_validate([*right[:1], *(sample([[0, 0]], [1.0, 1.0], "x.example"),)], 1.0, 5)
    assert lone["made"].pages == 2


def test_the_weights_are_fitted_and_written(tmp_path: Path) -> None:
    pytest.importorskip("catboost")
    pytest.importorskip("rapidfuzz")
    folds = tmp_path / "folds"
    shipped = Path(__file__).parent.parent / "cleaner" / "weights" / "base"
    for number in range(5):
        place = folds / f"fold-{number}"
        place.mkdir(parents=True)
        config = json.loads((shipped / "config.json").read_text(encoding="utf-8"))
        (place / "config.json").write_text(json.dumps(config), encoding="utf-8")
        (place / "arrays.npz").write_bytes((shipped / "arrays.npz").read_bytes())
    output = tmp_path / "sites.toml"
    data = write_fixtures(tmp_path / "invented.zip")
    result = run("fit-sites", data, "--folds", folds, "--output", output)
    assert result.exit_code == 0, result.output
    values = tomllib.loads(output.read_text(encoding="utf-8"))["weights"]
    assert list(values) == list(weights())
    assert values["repeated"] + values["length"] + values["doubt"] < -1
    row = next(line for line in result.output.split("\n") if line.startswith("| invented"))
    pages, without, given = (float(cell) for cell in row.split("|")[2:5])
    assert pages == 36
    assert given == without  # all sites are below the one domain “example”, and of one fold
