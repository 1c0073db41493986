"""Differences a person can read, at a cost that no page can drive up."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from cleaner import clean
from cleaner.golden.decisions import Decision, decisions_of, format_decisions
from cleaner.golden.difference import (
    MOST_LINES,
    Why,
    clip,
    label_difference,
    opcodes,
    text_difference,
    value_difference,
)

NOTHING = Why(None)


@given(st.lists(st.sampled_from("abcd"), max_size=12), st.lists(st.sampled_from("abcd")))
def test_steps_lead_from_one_list_to_the_other(old: list[str], new: list[str]) -> None:
    made: list[str] = []
    place = 0
    for operation, i1, i2, j1, j2 in opcodes(old, new):
        assert i1 == place
        place = i2
        assert (operation == "equal") == (old[i1:i2] == new[j1:j2])
        made += new[j1:j2]
    assert place == len(old)
    assert made == new


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_texts_have_a_difference_that_no_page_can_steer(old: str, new: str) -> None:
    difference = text_difference(old, new, NOTHING)
    assert difference
    assert not set(difference) & {"\x1b", "\x00", "\r", "\x9b"}


def test_lines_are_told_after_the_line_before() -> None:
    difference = text_difference("one\n\ntwo\n\nthree\n", "one\n\nthree\n\nfour\n", NOTHING)
    assert difference.split("\n") == ["@@ after “one”", "- two", "@@ after “three”", "+ four"]


def test_blank_lines_alone_are_named() -> None:
    assert "blank lines" in text_difference("one\ntwo\n", "one\n\ntwo\n", NOTHING)


def test_scripts_without_blanks_are_compared_by_letters() -> None:
    difference = text_difference(
        "天気がいいから散歩しましょう", "天気がよいから散歩しましょう", NOTHING
    )
    assert difference.endswith("~ 天気が[-い-]{+よ+}いから散歩しましょう")


def test_long_differences_are_cut_and_counted() -> None:
    old = "\n".join(f"line {i} of many" for i in range(500))
    difference = text_difference(old, "", NOTHING)
    assert difference.count("\n- ") == MOST_LINES
    assert difference.endswith(f"… and {500 - MOST_LINES} more")
    rows = [("content", f"line {i}") for i in range(500)]
    other = [("promo", text) for _, text in rows]
    assert label_difference(rows, other, NOTHING).endswith(f"… and {500 - MOST_LINES} more")


def test_blocks_that_come_and_go_are_told() -> None:
    expected = [("content", "one"), ("promo", "two"), ("other", "three")]
    actual = [("content", "one"), ("notice", "three"), ("legal", "four")]
    assert label_difference(expected, actual, NOTHING).split("\n") == [
        "- two",
        "    expected promo; there is no such block now",
        "~ three",
        "    expected other; now notice",
        "+ four",
        "    a new block; now legal",
    ]


def test_values_of_lists_are_told_by_items() -> None:
    assert value_difference(["a", "b"], ["b", "c"]) == "- a\n+ c"
    assert value_difference(["a", "b"], ["b", "a"]).startswith("the same items")
    assert value_difference([{"text": "é"}], []) == '- {"text": "é"}'
    assert value_difference(None, "x") == '- null\n+ "x"'


def test_a_clipped_line_cannot_steer_the_terminal() -> None:
    assert clip("a\x1b[2Jb\nc") == "a\ufffd[2Jb c"
    assert len(clip("x" * 1000)) == 160


def test_a_line_finds_its_block_whatever_its_markup() -> None:
    page = clean(
        "<p>The <b>sea</b> comes in <a href='https://tide.example/x'>twice</a> a day, and goes "
        "out again before anybody in the village has noticed that it was ever there.</p>",
    )
    line = f"> {page.markdown.strip()}"
    why = Why(page, [Decision("promo", 0.2, "a reason", page.blocks[0].text[:30].rstrip())])
    said = why.of_line(line, kept=True)
    assert said.startswith("block 0: now content 0.")
    assert said.endswith("; before promo 0.20 (a reason)")
    assert why.of_line("---", kept=True) == ""
    assert why.of_line("no such words here", kept=False) == "no block of the page holds these words"


def test_a_line_that_is_gone_says_what_was_before() -> None:
    page = clean("<p>The sea comes in twice a day.</p>")
    why = Why(page, [Decision("content", 0.9, "long", "A line that was there once")])
    said = why.of_line("A line that was there once upon a time", kept=False)
    assert said.endswith("now; before content 0.90 (long)")


def test_decisions_hold_a_line_a_block() -> None:
    page = clean("<nav><a href=/>Home\tpage</a></nav><p>The sea comes\nin twice a day.</p>")
    lines = format_decisions(decisions_of(page)).split("\n")
    assert len(lines) == len(page.blocks) + 1
    assert all(line.count("\t") == 3 and len(line) < 140 for line in lines[:-1])


def test_hostile_pages_do_not_drive_the_cost_up() -> None:
    repeated = [("other", "Share") for _ in range(3000)]
    mixed = [("other", "Share" if i % 2 else "Like") for i in range(3000)]
    many = "\n".join(f"line {i % 190}" for i in range(20000))
    others = "\n".join(f"line {i % 171}" for i in range(20000))
    begin = time.process_time()
    label_difference(repeated, mixed, NOTHING)
    text_difference(many, others, NOTHING)
    text_difference("the of " * 50000, "of the " * 50000, NOTHING)
    assert time.process_time() - begin < 5
