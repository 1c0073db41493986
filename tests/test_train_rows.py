"""Samples become rows of features, with a target and a weight for each block."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from builders import page as make_page
from builders import paragraph
from training_pages import RECIPE, TREES, domain_of, text_record, write_set

from cleaner.evaluate.sets import read_set
from cleaner.features.arrays import Floats, read_arrays
from cleaner.features.matrix import read_matrix
from cleaner.features.second import second_columns
from cleaner.features.words import WordOdds
from cleaner.labels import find_title
from cleaner.train.odds import count_opinions, word_odds
from cleaner.train.rows import RowsTask, block_weights, make_rows, second_rows
from cleaner.train.samples import Chunk, Sample, load_samples, make_samples

LONG = "The geese of the village sleep on the roof of the mill when the pond is frozen over. "


def weights_of(
    lengths: list[int],
    *,
    known: int | None = None,
    capture: str = "html",
    name: str = "a",
    labelled: str = "tales",
    **rules: Any,
) -> Floats:
    """Return the weights of blocks of so many words; ``known`` is how many of them are known."""
    page = make_page(*(paragraph(" ".join(["word"] * length)) for length in lengths))
    targets = np.ones(len(lengths), dtype=np.float32)
    targets[len(lengths) if known is None else known :] = np.nan
    sample = Sample(labelled, capture, name, "village.com", page, targets)
    recipe = {**RECIPE, "rows": {**RECIPE["rows"], **rules}}
    return block_weights(sample, read_arrays(page), recipe)


@pytest.mark.parametrize("blocks", [4, 20, 100])
def test_a_page_weighs_the_same_whatever_its_length(blocks: int) -> None:
    assert weights_of([10] * blocks).sum() == pytest.approx(1)


def test_a_page_weighs_as_its_set_does() -> None:
    assert weights_of([10] * 8, labelled="hints").sum() == pytest.approx(0.5)


def test_a_text_capture_weighs_less() -> None:
    assert weights_of([10] * 8, capture="inscriptis").sum() == pytest.approx(0.35)


def test_a_page_of_which_little_is_known_weighs_less() -> None:
    weights = weights_of([10] * 8, known=3)
    assert weights.sum() == pytest.approx(3 / 4)
    assert weights[3:].tolist() == [0] * 5
    assert weights_of([10] * 8, known=4).sum() == pytest.approx(1)
    assert weights_of([10] * 8, known=0).tolist() == [0] * 8


def test_a_block_weighs_by_a_power_of_its_words_up_to_a_bound() -> None:
    weights = weights_of([2, 62, 302, 600], power=0.5, most_words=62)
    assert (weights / weights[0]).tolist() == pytest.approx([1, 4, 4, 4])


def test_a_long_page_gives_about_so_many_blocks() -> None:
    weights = weights_of([10] * 2000, per_page=100)
    assert 70 < (weights > 0).sum() < 130
    captured = weights_of([10] * 2000, per_capture=50, capture="inscriptis")
    assert 30 < (captured > 0).sum() < 70


def test_the_same_blocks_of_a_long_page_are_taken_each_time() -> None:
    first = weights_of([10] * 500, per_page=50)
    np.testing.assert_array_equal(first, weights_of([10] * 500, per_page=50))
    for other in ({"name": "b"}, {"capture": "inscriptis", "per_capture": 50}):
        found = weights_of([10] * 500, per_page=50, **other)
        assert ((first > 0) != (found > 0)).any()


def test_blocks_taken_stand_for_those_left_out() -> None:
    lengths = [3, 30, 300] * 60
    whole = weights_of(lengths, per_page=1000)
    mean = np.mean([weights_of(lengths, name=str(n), per_page=60) for n in range(60)], axis=0)
    assert mean.sum() == pytest.approx(1, abs=0.05)
    for kind in range(3):
        assert mean[kind::3].sum() == pytest.approx(whole[kind::3].sum(), rel=0.1)


@pytest.fixture(scope="module")
def task(tmp_path_factory: pytest.TempPathFactory) -> RowsTask:
    """Return the task to make the rows of four pages of as many domains, and their captures."""
    folder = tmp_path_factory.mktemp("rows")
    path = write_set(folder, "tales", [text_record(tree) for tree in TREES[:4]])
    result = make_samples(Chunk(read_set(path), 1, folder / "samples.pickle"))
    counts = count_opinions(result.opinions, {**RECIPE["odds"], "weakest": 0.0})
    odds = word_odds(counts)
    tables = (odds.words, odds.texts, odds.names)
    changes = {
        domain: tuple(count.changes(domain, t) for count, t in zip(counts, tables, strict=True))
        for domain in result.domains
    }
    return RowsTask(result.path, odds, changes, RECIPE)


def test_rows_are_the_features_that_the_model_reads(task: RowsTask) -> None:
    names, rows = make_rows(task)
    samples = list(load_samples(task.path))
    assert [(r.id, r.capture, r.domain, r.set) for r in rows] == [
        (s.id, s.capture, s.domain, s.set) for s in samples
    ]
    assert len(rows) == 8
    for sample, row in zip(samples, rows, strict=True):
        blocks = len(sample.page.blocks)
        assert row.values.shape == (blocks, len(names))
        assert (row.targets.shape, row.weights.shape) == ((blocks,), (blocks,))
        matrix = read_matrix(sample.page, find_title(sample.page), WordOdds())
        assert matrix.names == names
        column = names.index("length")
        np.testing.assert_array_equal(row.values[:, column], matrix.values[column])


def test_rows_of_a_domain_are_made_without_its_say(task: RowsTask) -> None:
    names, rows = make_rows(task)
    column = names.index("word_odds")
    for sample, row in zip(load_samples(task.path), rows, strict=True):
        assert sample.id in task.odds.words
        assert task.changes[domain_of(sample.id)][0][sample.id] is None
        told = read_matrix(sample.page, find_title(sample.page), task.odds).values[column]
        assert (told != row.values[:, column]).any()


def test_second_rows_are_the_second_features_of_each_sample(task: RowsTask) -> None:
    samples = list(load_samples(task.path))
    generator = np.random.default_rng(5)
    logits = [generator.normal(size=len(s.page.blocks)).astype(np.float32) for s in samples]
    for sample, scores, rows in zip(samples, logits, second_rows(task.path, logits), strict=True):
        columns = second_columns(read_arrays(sample.page), scores)
        assert rows.shape == (len(sample.page.blocks), len(columns))
        assert rows.dtype == np.float32
        np.testing.assert_array_equal(rows[:, 0], columns["first"])
