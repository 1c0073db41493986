"""The truth of a page becomes a target for each of its blocks."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.train import align
from cleaner.train.align import align_text, upper_bound

FIRST = "The ferry left the harbour at dawn with forty goats and one piano on board."
SECOND = "By noon the wind had turned, and the captain asked the pianist to play louder."
THIRD = "Nobody on the island had heard such music since the lighthouse keeper retired."
MENU = "Home News Weather Sport Contact"


def targets(texts: list[str], truth: str) -> list[float]:
    """Return the targets of blocks, rounded; -1 stands for unknown."""
    return [round(float(x), 2) for x in np.nan_to_num(align_text(texts, truth), nan=-1.0)]


def test_blocks_of_the_main_text_are_told_from_others() -> None:
    texts = [MENU, FIRST, "Advertisement", SECOND, "All rights reserved"]
    assert targets(texts, f"{FIRST}\n{SECOND}") == [0, 1, 0, 1, 0]


def test_targets_are_float32_with_nan_for_blocks_without_words() -> None:
    found = align_text([FIRST, "", "* * *"], FIRST)
    assert found.dtype == np.float32
    assert found.shape == (3,)
    assert found[0] == 1
    assert np.isnan(found[1:]).all()


def test_a_page_without_blocks_has_no_targets() -> None:
    assert align_text([], FIRST).shape == (0,)


def test_nothing_is_main_text_where_the_truth_is_empty() -> None:
    assert targets([MENU, FIRST], "") == [0, 0]


def test_case_and_punctuation_do_not_matter() -> None:
    assert targets([FIRST.upper()], FIRST.replace(" ", " - ")) == [1]


def test_a_target_is_the_share_of_words_that_belong() -> None:
    assert targets(
        ["Marta wrote: The boat is small but it is dry"], "The boat is small but it is dry"
    ) == [0.8]


def test_common_words_of_other_blocks_are_chance_hits() -> None:
    missing = "The keeper of the tower and the owner of the inn were at the gate."
    teaser = "Read the full list of prizes and find the winner of our raffle at the kiosk"
    assert targets([FIRST, teaser], f"{FIRST}\n{missing}") == [1, 0]


def test_a_lone_short_block_is_a_chance_hit_unless_it_is_a_line_of_the_truth() -> None:
    texts = [FIRST, *["Weather in the valley"] * 6, "Music"]
    assert targets(texts, f"{FIRST}\nThey call it music or noise")[-1] == 0
    assert targets(texts, f"{FIRST}\nMusic")[-1] == 1


def test_short_blocks_near_the_words_next_to_them_are_no_chance_hits() -> None:
    texts = ["Lantern", "Compare", "9.1", "Kettle", "Compare", "8.4"]
    assert targets(texts, "Lantern - 9.1\nKettle - 8.4") == [1, 0, 1, 1, 0, 1]


def test_text_in_another_order_is_found() -> None:
    assert targets([THIRD, FIRST, MENU, SECOND], f"{SECOND}\n{FIRST}\n{THIRD}") == [1, 1, 0, 1]


def test_short_blocks_in_another_order_are_found_as_lines_or_few_words() -> None:
    texts = ["Two blue kettles", FIRST, "Red", SECOND]
    assert targets(texts, f"{FIRST}\n{SECOND}\nRed\nWith two blue kettles") == [1, 1, 1, 1]


def test_text_that_is_twice_in_the_page_is_matched_once() -> None:
    assert sum(targets([FIRST, MENU, FIRST, MENU, FIRST], FIRST)) == 1


def test_text_that_is_twice_in_the_truth_is_matched_twice() -> None:
    assert targets([FIRST, MENU, FIRST], f"{FIRST}\n{FIRST}") == [1, 0, 1]


@pytest.mark.parametrize("copies_before", [True, False])
def test_of_two_copies_the_one_beside_the_main_text_is_matched(copies_before: bool) -> None:
    article = [FIRST, SECOND, THIRD]
    teasers = [SECOND, MENU, MENU]
    texts = [*teasers, *article] if copies_before else [*article, *teasers[::-1]]
    expected = [0, 0, 0, 1, 1, 1] if copies_before else [1, 1, 1, 0, 0, 0]
    assert targets(texts, "\n".join(article)) == expected


def test_of_two_copies_the_nearer_one_is_matched_where_other_blocks_stand_between() -> None:
    title = "Goats at sea again"
    texts = [title, *[MENU] * 3, title, "Share", FIRST, SECOND]
    assert targets(texts, f"{title}\n{FIRST}\n{SECOND}") == [0, 0, 0, 0, 1, 0, 1, 1]


def test_a_caption_that_repeats_the_heading_leaves_the_heading_whole() -> None:
    texts = ["Tin kettles", "Tin kettles (158)", "Oil lamps", "Oil lamps (44)"]
    assert targets(texts, "Tin kettles (158)\nOil lamps (44)") == [0, 1, 0, 1]


def test_scripts_without_blanks_are_matched_by_characters() -> None:
    sentence = "港を出た船には山羊と古いピアノが積まれていた"
    assert targets(["天気予報と番組表", f"{sentence}らしい"], sentence) == [0, 0.88]


def test_words_of_korean_stay_whole() -> None:
    assert targets(["배가 항구를 떠났다", "배추 항아리"], "배가 항구를 떠났다") == [1, 0]


def test_large_pages_are_aligned_by_their_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(align, "MAX_CELLS", 0)
    texts = [SECOND, MENU, FIRST, SECOND, "Advertisement", THIRD]
    assert targets(texts, f"{FIRST}\n{SECOND}\n{THIRD}") == [0, 0, 1, 1, 0, 1]


def test_alignment_is_fast_on_pages_that_repeat_themselves() -> None:
    texts = ["Reply", "1 point", "Reply to this post now"] * 4000
    truth = "\n".join(["Reply to this post now", "Reply"] * 2000)
    begin = time.process_time()
    found = align_text(texts, truth)
    assert time.process_time() - begin < 20
    assert np.nansum(found >= 0.5) >= 3000


words_of_few = st.lists(st.sampled_from("ant bee cat dog 港 船 ".split(" ")), max_size=8).map(
    " ".join
)


@given(st.lists(words_of_few, max_size=8), words_of_few)
def test_targets_are_shares_and_use_no_word_of_the_truth_twice(
    texts: list[str], truth: str
) -> None:
    found = align_text(texts, truth)
    sizes = [len(text.replace(" ", "")) for text in texts]
    assert [np.isnan(x) for x in found] == [size == 0 for size in sizes]
    assert np.nan_to_num(found).max(initial=0) <= 1
    units = [len(text.split()) for text in texts]
    matched = sum(float(x) * n for x, n in zip(np.nan_to_num(found), units, strict=True))
    assert matched <= len(truth.split()) + 1e-4


@given(st.lists(words_of_few, max_size=8))
def test_a_page_that_is_all_main_text_is_matched_whole(texts: list[str]) -> None:
    found = align_text(texts, "\n".join(texts))
    assert np.all(np.isnan(found) | (found == 1))


def test_the_upper_bound_is_the_score_of_the_blocks_that_mostly_belong() -> None:
    texts = ["alpha beta gamma", "delta epsilon", "zeta"]
    found = np.array([1, 0.5, 0.4], dtype=np.float32)
    assert upper_bound(texts, found, "alpha beta gamma delta") == pytest.approx(8 / 9)
    assert upper_bound(texts, np.full(3, np.nan, dtype=np.float32), "alpha") == 0
