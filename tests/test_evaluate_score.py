"""The scores of a page, their intervals, the faults shown, and the comparison of metadata."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.evaluate.faults import EXCERPT_LENGTH, EXCERPTS, excerpt, text_faults
from cleaner.evaluate.meta import Outcome, outcome, outcomes, split_authors
from cleaner.evaluate.score import Score, figures, snippet_faults, snippet_score, word_score
from cleaner.evaluate.sets import ScoreKind

TEXTS = st.text(alphabet="abc äЖ你.\n", max_size=60)


def test_word_score_counts_a_bag_of_lower_cased_words() -> None:
    score = word_score("The cat, the Hat", "the cat sat")
    assert score == Score(true_positives=2, false_positives=2, false_negatives=1)
    assert score.precision == 2 / 4
    assert score.recall == 2 / 3
    assert score.f1 == pytest.approx(2 * (0.5 * 2 / 3) / (0.5 + 2 / 3))


@pytest.mark.parametrize(
    ("text", "truth", "expected"),
    [
        ("", "", (1.0, 1.0, 1.0)),
        ("--", "\n", (1.0, 1.0, 1.0)),
        ("words", "", (0.0, 0.0, 0.0)),
        ("", "words", (0.0, 0.0, 0.0)),
    ],
)
def test_word_score_of_nothing(text: str, truth: str, expected: tuple[float, float, float]) -> None:
    score = word_score(text, truth)
    assert (score.precision, score.recall, score.f1) == expected


@given(TEXTS, TEXTS)
def test_word_score_mirrors_when_text_and_truth_change_places(text: str, truth: str) -> None:
    there, back = word_score(text, truth), word_score(truth, text)
    assert (there.precision, there.recall) == (back.recall, back.precision)
    assert there.f1 == back.f1
    assert 0 <= there.f1 <= 1


@given(TEXTS)
def test_a_text_is_all_of_itself(text: str) -> None:
    assert word_score(text, text).f1 == 1
    assert text_faults(text, text) == ((), ())


def test_snippets_are_found_whatever_the_white_space() -> None:
    text = "A boat\n  left the\tharbour.\n\nShare this"
    score = snippet_score(text, ["boat left the harbour", "at night"], ["Share  this", "Log in"])
    assert score == Score(true_positives=1, false_positives=1, false_negatives=1)
    assert snippet_faults(text, ["at night"], ["Share  this", "Log in"]) == (
        ("at night",),
        ("Share  this",),
    )


def test_figures_of_words_are_means_over_pages() -> None:
    result = figures(ScoreKind.WORDS, [Score(2, 2, 0), Score(0, 0, 4)])
    assert result.f1 == pytest.approx((2 / 3 + 0) / 2)
    assert result.precision == pytest.approx(0.25)
    assert result.recall == pytest.approx(0.5)
    assert result.low == 0
    assert result.high == pytest.approx(2 / 3)


def test_figures_of_snippets_are_taken_over_all_of_them() -> None:
    result = figures(ScoreKind.SNIPPETS, [Score(3, 1, 0), Score(1, 0, 3)])
    assert result.f1 == pytest.approx(2 * 4 / (2 * 4 + 1 + 3))
    assert result.precision == pytest.approx(4 / 5)
    assert result.recall == pytest.approx(4 / 7)


@pytest.mark.parametrize("kind", [ScoreKind.WORDS, ScoreKind.SNIPPETS])
def test_interval_holds_the_figure_and_is_the_same_each_time(kind: ScoreKind) -> None:
    scores = [Score(n, 10 - n, n % 3) for n in range(1, 11)] * 10
    result = figures(kind, scores)
    assert result.low < result.f1 < result.high
    assert result == figures(kind, scores)


def test_interval_narrows_with_more_pages() -> None:
    few = figures(ScoreKind.WORDS, [Score(1, 1, 0), Score(1, 0, 0)] * 5)
    many = figures(ScoreKind.WORDS, [Score(1, 1, 0), Score(1, 0, 0)] * 500)
    assert many.high - many.low < (few.high - few.low) / 5


def test_faults_show_the_runs_of_words_that_one_side_lacks() -> None:
    truth = "The ferry left at noon. It carried forty goats and one judge. Nobody was late."
    text = "Sign in to read on. The ferry left at noon. Nobody was late. Read more."
    missed, extra = text_faults(text, truth)
    assert missed == ("[7 words] It carried forty goats and one judge",)
    assert extra == ("[5 words] Sign in to read on", "[2 words] Read more")


def test_text_given_twice_is_let_in_once() -> None:
    truth = "A short note about rain."
    assert text_faults(f"{truth} {truth}", truth) == ((), ("[5 words] A short note about rain",))


def test_faults_of_texts_shorter_than_a_run() -> None:
    assert text_faults("rain", "rain fell") == (("[1 words] fell",), ())
    assert text_faults("", "rain fell") == (("[2 words] rain fell",), ())


def test_faults_keep_the_longest() -> None:
    truth = "one two three four five six"
    text = "a. one two three. b c d. four five six. e f. one two three. g h i j"
    _, extra = text_faults(text, truth)
    assert len(extra) == EXCERPTS
    assert extra[0].startswith("[9 words] e f. one")


@given(st.text())
def test_excerpt_is_short_and_safe_to_print(text: str) -> None:
    line = excerpt(text)
    assert len(line) <= EXCERPT_LENGTH
    assert line.isprintable()


def test_excerpt_shows_both_ends() -> None:
    line = excerpt("start " + "x" * 500 + " end\x1b[31m")
    assert line.startswith("start x")
    assert line.endswith("x end [31m")


@pytest.mark.parametrize(
    ("field", "found", "truth", "expected"),
    [
        ("title", ["A Ferry’s Tale"], ["a ferry s tale!"], Outcome.RIGHT),
        ("title", ["A Ferry’s Tale | The Herald"], ["A Ferry’s Tale"], Outcome.WRONG),
        ("title", [], ["A Ferry’s Tale"], Outcome.MISSING),
        ("title", ["A Ferry’s Tale"], [], Outcome.SPURIOUS),
        ("title", ["—"], [], Outcome.ABSENT),
        ("authors", ["Max Roe", "ada  POE"], ["Ada Poe", "Max Roe"], Outcome.RIGHT),
        ("authors", ["Ada Poe; Max Roe"], ["Ada Poe and Max Roe"], Outcome.RIGHT),
        ("authors", ["Ada Poe"], ["Ada Poe", "Max Roe"], Outcome.WRONG),
        ("date", ["2025-08-24T13:54:00+03:00"], ["2025-08-24"], Outcome.RIGHT),
        ("date", ["2025-08-24"], ["2025-08-25"], Outcome.WRONG),
        ("date", ["2025-08-24"], ["2025-08"], Outcome.RIGHT),
        ("date", ["2025"], ["2025-08-24"], Outcome.WRONG),
        ("date", [], [], Outcome.ABSENT),
    ],
)
def test_outcome(field: str, found: list[str], truth: list[str], expected: Outcome) -> None:
    assert outcome(field, found, truth) is expected


def test_outcomes_are_of_the_fields_that_the_truth_knows() -> None:
    result = outcomes({"title": ("Rain",)}, {"title": ("Rain",), "date": ()}, ("title", "authors"))
    assert result == {"title": Outcome.RIGHT}


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ada Poe", ("Ada Poe",)),
        ("By Ada Poe", ("Ada Poe",)),
        ("Ada Poe, Max Roe, and Ida de la Cruz", ("Ada Poe", "Max Roe", "Ida de la Cruz")),
        ("Ada Poe & Max Roe", ("Ada Poe", "Max Roe")),
        ("Ada and Max", ("Ada", "Max")),
        ("Ada Poe, MD, PhD", ("Ada Poe",)),
        ("Ada Poe, MD; Max Roe, RN", ("Ada Poe", "Max Roe")),
        ("Ada Poe, Head of Ferries and Boat Expert", ("Ada Poe",)),
        ("Office for Ferries and Research", ("Office for Ferries and Research",)),
        ("Poe, Ada B.", ("Poe, Ada B.",)),
        ("ferryfan77", ("ferryfan77",)),
        ("李小船", ("李小船",)),
        ("", ()),
    ],
)
def test_split_authors(line: str, names: tuple[str, ...]) -> None:
    assert split_authors(line) == names
