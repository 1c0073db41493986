"""Snippets tell the blocks that they lie in, and no others."""

from __future__ import annotations

import numpy as np

from cleaner.train.snippets import align_snippets

FIRST = "The ferry left the harbour at dawn with forty goats and one piano on board."
SECOND = "By noon the wind had turned, and the captain asked the pianist to play louder."
MENU = "Home News Weather Sport Contact"


def snippet_targets(texts: list[str], present: list[str], absent: list[str]) -> list[float]:
    found = align_snippets(texts, present, absent)
    assert found.dtype == np.float32
    return [float(x) for x in np.nan_to_num(found, nan=-1.0)]


def test_snippets_tell_the_blocks_that_they_lie_in() -> None:
    texts = [MENU, FIRST, SECOND]
    assert snippet_targets(texts, ["forty goats  and\none piano"], ["Weather Sport"]) == [0, 1, -1]


def test_a_snippet_across_blocks_tells_them_all() -> None:
    texts = [MENU, "Two of them,", "and the third,", "stayed", "behind."]
    assert snippet_targets(texts, ["of them, and the third, stayed"], []) == [-1, 1, 1, 1, -1]


def test_blocks_lie_in_a_snippet_that_is_nowhere_whole() -> None:
    texts = ["By noon the wind", "Share this", "had turned", "and the captain asked"]
    snippet = "By noon the wind had turned, and the captain asked"
    assert snippet_targets(texts, [snippet], []) == [1, -1, -1, 1]
    assert snippet_targets([*texts, snippet], [snippet], []) == [-1, -1, -1, -1, 1]


def test_a_present_snippet_in_several_places_tells_nothing_but_an_absent_one_does() -> None:
    texts = [SECOND, MENU, SECOND]
    assert snippet_targets(texts, [SECOND], []) == [-1, -1, -1]
    assert snippet_targets(texts, [], [SECOND]) == [0, -1, 0]


def test_a_block_of_both_kinds_of_snippets_is_unknown() -> None:
    assert snippet_targets([f"{MENU} {FIRST}"], [FIRST], [MENU]) == [-1]


def test_snippets_cut_no_words_but_in_scripts_without_blanks() -> None:
    assert snippet_targets(["Homeland"], [], ["Home"]) == [-1]
    assert snippet_targets(["山羊とピアノ"], ["ピアノ"], []) == [1]


def test_blank_snippets_and_pages_without_blocks_tell_nothing() -> None:
    assert snippet_targets([FIRST, ""], [" ", ""], [""]) == [-1, -1]
    assert snippet_targets([], [FIRST], [MENU]) == []
