"""Why blocks got their labels: what moved their log-odds, in words."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from builders import any_blocks, heading, link, paragraph
from builders import page as make_page
from feature_pages import (
    forest,
    matrix_of,
    model,
    one_question,
    save,
    site,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaner import Block, Label, LabelName, Options, Page
from cleaner.labels import label_page
from cleaner.model import DEFAULT, Forest, Model
from cleaner.reasons import MOST, _group_of, _groups, find_reasons, moved

NAMES = matrix_of(site()).names
FIRST = len(NAMES)
EMPTY = model(one_question(0, 0, 0, 0), one_question(0, 0, 0, 0))
SECOND = EMPTY.second_values(matrix_of(site()), np.zeros(7, dtype=np.float32))[1][FIRST:]
CONTENT, OTHER = Label(LabelName.CONTENT, 0.9), Label(LabelName.OTHER, 0.1)

CHARACTERS = """
word_length digits upper currency marks first_upper first_letter
last_comma
"""
"""Features that say of what characters a text is: those that the last group is for."""


def rows() -> list[dict[str, str]]:
    source = files("cleaner").joinpath("data/reasons.toml").read_text(encoding="utf-8")
    table: list[dict[str, str]] = tomllib.loads(source)["group"]
    return table


def row_of(name: str) -> Forest:
    """Return a tree for the first forest that is moved by one feature above 0."""
    return one_question(NAMES.index(name), 0.0, -2.0, 2.0)


def reasons(page: Page, judge: Model, labels: list[Label], folder: Path) -> list[tuple[str, ...]]:
    folder.mkdir()
    return list(find_reasons(page, labels, save(judge, folder)))


@given(st.integers(0, 10**6), st.integers(1, 6), st.integers(1, 9), st.integers(0, 6))
def test_what_moved_adds_up_to_the_log_odds(seed: int, depth: int, trees: int, blocks: int) -> None:
    draw = np.random.default_rng(seed)
    drawn = Forest(
        features=draw.integers(0, 5, 7),
        borders=draw.normal(size=7).astype(np.float32),
        splits=draw.integers(0, 7, (depth, trees)),
        leaves=draw.normal(size=(trees, 2**depth)).astype(np.float32),
        bias=float(draw.normal()),
    )
    values = draw.normal(size=(5, blocks)).astype(np.float32)
    values[draw.random(values.shape) < 0.2] = np.nan
    found = moved(drawn, values)
    assert found.shape == values.shape
    start = drawn.bias + drawn.leaves.mean(axis=1).sum()
    np.testing.assert_allclose(found.sum(axis=0), drawn.log_odds(values) - start, atol=1e-4)


def test_what_moved_by_hand() -> None:
    # Feature 1 is asked first: its answer moves the mean of all leaves to that of half of them.
    trees = forest(([0, 1], [0, 4, 8, 20]), asks=[(1, 0.0), (0, 0.0)])
    values = np.array([[1, -1], [1, 1], [5, 5]], dtype=np.float32)
    assert moved(trees, values).tolist() == [[8, -8], [4, 4], [0, 0]]


def test_a_feature_that_no_tree_asks_of_moves_nothing() -> None:
    found = moved(one_question(2, 0.0, -1, 1), np.ones((4, 3), dtype=np.float32))
    assert found.tolist() == [[0] * 3, [0] * 3, [1] * 3, [0] * 3]


def test_the_table_of_groups_is_well_formed() -> None:
    table = rows()
    assert len(table) == len(_groups())
    for row in table:
        assert set(row) == {"match", "for", "against"}
        assert row["for"].strip() == row["for"] != ""
        assert row["against"].strip() == row["against"] != ""
    assert len({row["match"] for row in table}) == len(table)


def test_every_feature_is_in_a_group_that_says_what_it_is() -> None:
    last = len(rows()) - 1
    unnamed = {name for name in (*NAMES, *SECOND) if _group_of(name) == last}
    assert unnamed == {*CHARACTERS.split(), "first"}  # the first opinion is shared out


def test_no_group_is_in_vain() -> None:
    found = {_group_of(name) for name in (*NAMES, *SECOND)}
    assert found == set(range(len(rows())))


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ("linked links link_length", "few links"),
        ("length words last_end commas", "text as sentences have it"),
        ("word_odds word_max words_known text_odds says_promo", "words that main text has"),
        ("in_nav is_a depth", "the kind of elements around it"),
        ("name_min named_promo", "class names of elements around it that main text has"),
        ("hidden hidden_how", "readers see it"),
        ("kind_heading level images", "what kind of block it is"),
        ("like_title like_description", "words of the headline or the page's description"),
        ("seen_before seen_after", "stands once on the page"),
        ("index text_before from_title with_title_share", "its place on the page"),
        (
            "under_promo section_long from_heading",
            "the heading and the section that it stands under",
        ),
        ("group_long", "the list or table that it is in"),
        ("card_text inner_beside shape_count", "how often its like stands on the page"),
        (
            "up1_long region_share first_up3 first_region",
            "in a part of the page that holds running text",
        ),
        ("near_odds length_before1 first_after2 first_near5 since_content", "among main text"),
        ("first_shape first_cards_inner", "blocks like it are main text"),
        ("first_rank first_cut content_share", "as likely as the rest of this page's main text"),
        ("page_hidden page_url_list", "the kind of page"),
        ("byline", "no author or date line"),
        (CHARACTERS, "the characters it is made of"),
    ],
)
def test_groups_of_features(names: str, reason: str) -> None:
    for name in names.split():
        assert name in NAMES or name in SECOND, name
        assert rows()[_group_of(name)]["for"] == reason, name


def test_a_page_without_blocks_has_no_reasons() -> None:
    assert find_reasons(make_page(), [], DEFAULT) == ()


def test_reasons_speak_for_what_was_kept_and_against_what_was_dropped(tmp_path: Path) -> None:
    page = make_page(paragraph(link("/", "Bees")), paragraph("Bees"))
    against = one_question(NAMES.index("linked"), 0.5, 2.0, -2.0)
    judge = model(EMPTY.first, against)
    found = reasons(page, judge, [OTHER, CONTENT], tmp_path / "a")
    assert found == [("mostly links",), ("few links",)]
    wrong_way = reasons(page, judge, [CONTENT, OTHER], tmp_path / "b")
    assert wrong_way == [("little speaks against it",), ("little speaks for it",)]


def test_what_made_the_first_opinion_is_named(tmp_path: Path) -> None:
    first = one_question(NAMES.index("linked"), 0.5, 2.0, -2.0)
    judge = model(first, one_question(FIRST, 0.0, -1.0, 1.0))
    page = make_page(paragraph(link("/", "Bees")), paragraph("Bees"))
    found = reasons(page, judge, [OTHER, CONTENT], tmp_path / "a")
    assert found == [("mostly links",), ("few links",)]


def test_the_weightiest_reasons_come_first_and_slight_ones_are_left_out(tmp_path: Path) -> None:
    asks = ["linked", "length", "depth", "hidden", "byline", "seen_before"]
    sizes = [3.0, 10.0, 0.1, 9.0, 4.0, 1.5]
    trees = [([n], [size, -size]) for n, size in enumerate(sizes)]
    judge = model(EMPTY.first, forest(*trees, asks=[(NAMES.index(name), 99.0) for name in asks]))
    found = reasons(make_page(paragraph("Bees")), judge, [CONTENT], tmp_path / "a")
    assert found == [("text as sentences have it", "readers see it", "no author or date line")]
    few = model(EMPTY.first, forest(*trees[:3], asks=[(NAMES.index(name), 99.0) for name in asks]))
    found = reasons(make_page(paragraph("Bees")), few, [CONTENT], tmp_path / "b")
    assert found == [("text as sentences have it", "few links")]


def test_the_headline_and_phrases_are_named(tmp_path: Path) -> None:
    page = make_page(heading(1, "Bees"), paragraph("Share this"), paragraph("Share this"))
    labels = [Label(LabelName.TITLE, 0.5), Label(LabelName.SHARE, 0.1), CONTENT]
    judge = model(EMPTY.first, row_of("length"))
    title, dropped, kept = reasons(page, judge, labels, tmp_path / "a")
    assert title == ("headline of the page",)
    assert dropped == ("says “share this”",)
    assert kept == ("text as sentences have it",)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50
)
@given(any_blocks, st.data())
def test_every_block_has_one_to_three_reasons(blocks: list[Block], data: st.DataObject) -> None:
    page = make_page(*blocks)
    names = st.sampled_from([LabelName.CONTENT, LabelName.OTHER, LabelName.TITLE])
    labels = [Label(data.draw(names), 0.5) for _ in blocks]
    found = find_reasons(page, labels, DEFAULT)
    assert len(found) == len(blocks)
    for said in found:
        assert 1 <= len(said) <= MOST
        assert all(said)
        assert len(set(said)) == len(said)


def test_reasons_of_a_labelled_page() -> None:
    labels = label_page(site(), Options()).labels
    found = find_reasons(site(), labels, DEFAULT)
    assert [1 <= len(said) <= MOST for said in found] == [True] * 7
