"""Labelled pages become samples: the page, text captures of it, and a target for each block."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from training_pages import TREES, domain_of, main_text, snippet_record, text_record, write_set

from cleaner.blocks.html import read_html
from cleaner.errors import CleanerError
from cleaner.evaluate.captures import CONVERTERS, HTML
from cleaner.evaluate.sets import read_set
from cleaner.train.samples import (
    Chunk,
    ChunkResult,
    Sample,
    load_samples,
    make_samples,
    settle_copies,
)
from cleaner.types import Capture, MediaType, Page


def samples_of(path: Path, captures: int = 0) -> tuple[list[Sample], ChunkResult]:
    """Return the samples of all pages of a set, and what else is said of them."""
    result = make_samples(Chunk(read_set(path), captures, path.with_suffix(".pickle")))
    return list(load_samples(result.path)), result


def targets_by_text(sample: Sample) -> Mapping[str, float]:
    texts = (block.text for block in sample.page.blocks)
    return dict(zip(texts, np.nan_to_num(sample.targets, nan=-1).tolist(), strict=True))


def test_a_page_with_its_main_text_is_aligned_with_it(tmp_path: Path) -> None:
    (sample,), result = samples_of(write_set(tmp_path, "tales", [text_record("rowan")]))
    assert (sample.set, sample.id, sample.capture) == ("tales", "rowan", HTML)
    assert sample.domain == domain_of("rowan")
    assert sample.targets.shape == (len(sample.page.blocks),)
    targets = targets_by_text(sample)
    assert {text for text, target in targets.items() if target == 1} == {
        "The rowan is gone",
        *main_text("rowan"),
    }
    assert targets["Read next"] == 0
    assert (result.domains, result.skipped) == (frozenset({domain_of("rowan")}), ())


def test_a_page_with_snippets_is_known_where_they_lie(tmp_path: Path) -> None:
    (sample,), _ = samples_of(write_set(tmp_path, "hints", [snippet_record("elder")]))
    targets = targets_by_text(sample)
    assert targets["Where the geese sleep"] == 0
    assert targets[main_text("elder")[2]] == 1
    assert targets["Ten ponds worth a detour"] == -1


def test_captures_of_a_page_are_the_same_each_time_and_take_turns(tmp_path: Path) -> None:
    path = write_set(tmp_path, "tales", [text_record(tree) for tree in TREES])
    chosen: dict[str, list[str]] = {}
    for sample in samples_of(path, captures=2)[0]:
        chosen.setdefault(sample.id, []).append(sample.capture)
    again = [(sample.id, sample.capture) for sample in samples_of(path, captures=2)[0]]
    assert again == [(tree, capture) for tree in TREES for capture in chosen[tree]]
    assert all(captures[0] == HTML and len(set(captures)) == 3 for captures in chosen.values())
    assert {capture for captures in chosen.values() for capture in captures} == {HTML, *CONVERTERS}
    # They follow from the page alone, whatever else is in the set.
    alone = write_set(tmp_path, "alone", [text_record(TREES[3])])
    assert [s.capture for s in samples_of(alone, captures=2)[0]] == chosen[TREES[3]]


def test_text_captures_are_pages_of_text_with_the_same_main_text(tmp_path: Path) -> None:
    path = write_set(tmp_path, "tales", [text_record("cedar")])
    for sample in samples_of(path, captures=2)[0][1:]:
        assert not sample.page.elements
        kept = " ".join(text for text, x in targets_by_text(sample).items() if x > 0.5)
        assert "counted eighty rings" in kept
        assert "geese" not in kept


def test_opinions_are_those_of_pages_as_html(tmp_path: Path) -> None:
    path = write_set(tmp_path, "tales", [text_record("alder"), text_record("birch")])
    samples, result = samples_of(path, captures=2)
    assert len(samples) == 6
    assert [domain for domain, _ in result.opinions] == [domain_of("alder"), domain_of("birch")]
    words, texts, names = result.opinions[0][1]
    assert words["miller"] == 1
    assert texts["read next"] == 0
    assert names["teasers"] == 0


def test_a_page_that_cannot_be_converted_is_named_and_left_out(tmp_path: Path) -> None:
    ids = [f"page-{n}" for n in range(8)]
    deep = dict.fromkeys(ids, "<div>" * 1500 + "<p>The rowan stands.</p>")
    records: list[dict[str, object]] = [{"id": i, "text": "The rowan stands."} for i in ids]
    path = write_set(tmp_path, "tales", records, deep)
    samples, result = samples_of(path, captures=2)
    assert sum(sample.capture == HTML for sample in samples) == 8
    assert result.skipped
    assert all(line.startswith("tales page-") for line in result.skipped)
    assert len(samples) + len(result.skipped) == 24


def test_a_page_without_blocks_is_no_sample(tmp_path: Path) -> None:
    records: list[dict[str, object]] = [{"id": "empty", "text": ""}, text_record("maple")]
    path = write_set(tmp_path, "tales", records, {"empty": "<html><body></body></html>"})
    assert [sample.id for sample in samples_of(path)[0]] == ["maple"]


def test_a_page_without_an_address_is_a_domain_of_its_own(tmp_path: Path) -> None:
    records = [{"id": "larch", "text": "The larch is gone"}]
    (sample,), _ = samples_of(write_set(tmp_path, "tales", records))
    assert sample.domain == "page:larch"


def test_a_set_without_texts_is_refused(tmp_path: Path) -> None:
    path = write_set(tmp_path, "dates", [{"id": "larch", "date": "2024-05-06"}])
    with pytest.raises(CleanerError, match="dates: no text"):
        samples_of(path)


def cards(*cards: str) -> Page:
    source = f"<body><ul>{''.join(f'<li>{card}</li>' for card in cards)}</ul></body>"
    return read_html(Capture(source, MediaType.HTML))


def settled(page: Page, targets: list[float]) -> dict[str, list[float]]:
    """Return the settled targets by the tag that blocks are in; -1 for unknown."""
    found: dict[str, list[float]] = {}
    array = settle_copies(page, np.array(targets, dtype=np.float32))
    for block, target in zip(page.blocks, np.nan_to_num(array, nan=-1).tolist(), strict=True):
        found.setdefault(page.elements[block.element].tag, []).append(target)
    return found


NAMES = ["Tin kettle", "Oil lamp", "Brass bell"]


def test_the_same_one_of_two_copies_is_main_text_all_over_a_page() -> None:
    page = cards(*(f"<h3>{name}</h3><p>{name.upper()}</p>" for name in NAMES))
    found = settled(page, [1, 0, 0, 1, 1, 0])
    assert found == {"h3": [1, 1, 1], "p": [0, 0, 0]}
    assert settled(page, [0, 1, 0, 1, 1, 0]) == {"h3": [0, 0, 0], "p": [1, 1, 1]}


def test_of_two_copies_a_hidden_one_is_not_main_text() -> None:
    page = cards(*(f"<h3>{name}</h3><p style='display:none'>{name}</p>" for name in NAMES))
    assert [bool(block.hidden) for block in page.blocks] == [False, True] * 3
    assert settled(page, [0, 1, 0, 1, 0, 1]) == {"h3": [1, 1, 1], "p": [0, 0, 0]}


def test_as_many_copies_are_main_text_as_before() -> None:
    page = cards(*["<p>Tin kettle</p><p>Tin kettle</p>"] * 3, "<p>Oil lamp</p>")
    targets = [0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0]
    assert sum(settled(page, targets)["p"]) == sum(targets)


def test_texts_that_are_all_alike_or_not_known_stay_as_they_are() -> None:
    page = cards("<h3>Tin kettle</h3><p>Tin kettle</p><p>Oil lamp</p>")
    targets = np.array([0.75, np.nan, 0], dtype=np.float32)
    assert settle_copies(page, targets) is targets
    both = np.array([1, 1, 0], dtype=np.float32)
    assert settle_copies(page, both) is both
