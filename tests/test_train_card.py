"""The card of a model says what was measured, and no more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cleaner.evaluate.export import VERSION, to_json
from cleaner.evaluate.results import PageResult, SetResult, TextResult
from cleaner.evaluate.score import Score
from cleaner.evaluate.sets import LabelledSet, Record, ScoreKind
from cleaner.evaluate.summary import summarize
from cleaner.train.card import CardError, Measured, card_text, write_card

CONFIG: dict[str, Any] = {
    "features": ["length", "linked", "depth"],
    "folds": 5,
    "pages": {"traf": 482, "wcxb": 1358, "gardens": 3},
}


def result(name: str, kind: ScoreKind, scores: list[tuple[str, int, int, int]]) -> SetResult:
    """Return a set's results: a page type, and the counts behind its score, a page each."""
    records = tuple(Record(str(n), text="x", page_type=row[0]) for n, row in enumerate(scores))
    pages = tuple(
        PageResult(
            record, (TextResult("cleaner", Score(*row[1:]), 0.01), TextResult("x", Score(), 1.0))
        )
        for record, row in zip(records, scores, strict=True)
    )
    return SetResult(LabelledSet(name, Path(f"{name}.zip"), kind, (), records), pages)


def evaluation(capture: str = "html") -> dict[str, Any]:
    """Return what the evaluation of two sets writes, read back as JSON."""
    pages = [("article", 9, 1, 1)] * 4 + [("listing", 1, 3, 3), ("listing", 9, 1, 1)]
    results = [
        result("wcxb", ScoreKind.WORDS, pages),
        result("traf", ScoreKind.SNIPPETS, [("", 8, 2, 2), ("", 8, 2, 2)]),
    ]
    document = to_json(capture, results, [summarize(each) for each in results])
    read: dict[str, Any] = json.loads(json.dumps(document))
    return read


def measured(*evaluations: Mapping[str, Any]) -> Measured:
    return Measured(
        evaluations or (evaluation(),),
        block_error=0.0123,
        word_error=0.0301,
        page_order=0.567,
        milliseconds=1.84,
        failures=("Takes the shop's advice for the product.",),
    )


def card(given: Measured | None = None, **config: Any) -> str:
    return card_text("base", {**CONFIG, **config}, 2_345_678, given or measured())


def section(text: str, name: str) -> str:
    return text.split(f"## {name}\n")[1].split("\n## ")[0]


def test_a_card_has_its_sections_in_order() -> None:
    titles = [line for line in card().splitlines() if line.startswith("#")]
    assert titles == [
        "# Model `base`",
        "## Data",
        "## Split",
        "## Scores",
        "## Calibration",
        "## Size and speed",
        "## Known failures",
        "## How to retrain",
    ]
    assert "reads 3 features" in card()


def test_sets_have_their_pages_origin_and_licence() -> None:
    data = section(card(), "Data")
    assert "| `wcxb` | 1,358 |" in data
    assert "CC BY 4.0 |" in data
    assert "WCXB by Murrough Foley (2026), licensed under CC BY 4.0" in data
    assert "| `gardens` | 3 | not described | not described | not described |" in data
    assert "adbar/trafilatura | not stated |" in data


def test_a_card_of_other_sets_owes_nothing_to_wcxb() -> None:
    assert "Murrough" not in section(card(pages={"traf": 482}), "Data")


def test_the_split_names_the_folds() -> None:
    assert "dealt into 5 folds" in section(card(), "Split")
    assert "dealt into 7 folds" in section(card(folds=7), "Split")


def test_scores_have_intervals_by_set_and_by_kind_of_page() -> None:
    document = evaluation()
    scores = section(card(measured(document)), "Scores")
    ours = document["sets"][0]["systems"][0]
    interval = f"{ours['low']:.3f}-{ours['high']:.3f}".replace("0.", ".")
    assert f"| `wcxb` | 6 | words | .792 | {interval} | .792 | .792 |" in scores
    assert "| `traf` | 2 | snippets | .800 | .800-.800 | .800 | .800 |" in scores
    assert "Kinds of pages of `wcxb`:" in scores
    assert "| article | 4 | words | .900 | .900-.900 | .900 | .900 |" in scores
    assert "| listing | 2 | words | .575 | .250-.900 |" in scores
    assert "Kinds of pages of `traf`" not in scores
    assert "Text captures" not in scores


def test_text_captures_stand_beside_each_other() -> None:
    captured = evaluation("inscriptis")
    only = evaluation("html2text")
    del only["sets"][1]
    scores = section(card(measured(evaluation(), captured, only)), "Scores")
    assert "| set | inscriptis | html2text |\n| --- | ---: | ---: |" in scores
    assert "| `traf` | .800 (.800-.800) |  |" in scores


def test_calibration_size_and_speed_are_as_measured() -> None:
    text = card()
    assert ".012 by blocks, .030 by words" in text
    assert "Spearman correlation of 0.57" in text
    assert "2.35 MB; 1.8 ms a page" in text


def test_failures_are_those_known_and_the_hardest_kinds_first() -> None:
    lines = section(card(), "Known failures").strip().splitlines()
    assert lines == [
        "- Takes the shop's advice for the product.",
        "- listing (`wcxb`): F1 .575; below .500 on 1 of 2 pages.",
        "- article (`wcxb`): F1 .900; below .500 on 0 of 4 pages.",
        "- `wcxb`: below .500 on 1 of 6 pages.",
    ]


def test_a_card_says_how_to_retrain() -> None:
    lines = section(card(), "How to retrain")
    assert (
        "cleaner train data/traf.zip data/wcxb.zip data/gardens.zip --output base --folds folds\n"
        in lines
    )


def test_no_line_is_cut_by_what_a_set_is_called() -> None:
    for line in card().splitlines():
        if line.startswith("|"):
            assert line.endswith("|")


def test_a_card_is_written_beside_its_model(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    (folder / "arrays.npz").write_bytes(b"x" * 3_000_000)
    write_card(folder, measured())
    text = (folder / "CARD.md").read_text("utf-8")
    size = 3_000_000 + (folder / "config.json").stat().st_size
    assert text == card_text("small", CONFIG, size, measured())


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(CardError, match="no readable"):
        write_card(tmp_path, measured())
    (tmp_path / "config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    with pytest.raises(CardError, match="no readable"):
        write_card(tmp_path, measured())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": VERSION + 1}, "version"),
        ({"capture": "inscriptis"}, "no scores of pages as HTML"),
        ({"sets": []}, "no scores of pages as HTML"),
        ({"sets": [{"name": "wcxb"}]}, "another form"),
        ({"sets": None}, "another form"),
    ],
)
def test_figures_of_another_form_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(CardError, match=message):
        card(replace(measured(), evaluations=({**evaluation(), **change},)))
