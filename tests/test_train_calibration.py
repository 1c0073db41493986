"""Bins of reliability, the calibration error, the rank correlation, and their plot."""

from __future__ import annotations

from math import nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from cleaner.train.calibration import (
    Bin,
    CalibrationError,
    expected_calibration_error,
    reliability,
    reliability_svg,
    spearman,
)


def test_bins_hold_the_mean_probability_and_the_share_that_is_true() -> None:
    likely = [0.05, 0.15, 0.55, 0.6, 0.65, 1.0]
    targets = [0, 0.5, 1, 0, 1, 1]
    found = reliability(likely, targets, bins=5)
    assert [(round(b.low, 2), round(b.high, 2)) for b in found] == [
        (0, 0.2),
        (0.4, 0.6),
        (0.6, 0.8),
        (0.8, 1),
    ]
    assert [b.share for b in found] == pytest.approx([2 / 6, 1 / 6, 2 / 6, 1 / 6])
    assert [b.expected for b in found] == pytest.approx([0.1, 0.55, 0.625, 1])
    assert [b.true for b in found] == pytest.approx([0.25, 1, 0.5, 1])
    error = (2 * 0.15 + 0.45 + 2 * 0.125) / 6
    assert expected_calibration_error(found) == pytest.approx(error)


def test_words_weigh_blocks() -> None:
    likely, targets, words = [0.9, 0.9, 0.1], [1, 0, 0], [30, 10, 60]
    by_words = reliability(likely, targets, words)
    assert [(b.share, b.true) for b in by_words] == [(0.6, 0), (pytest.approx(0.4), 0.75)]
    assert expected_calibration_error(by_words) == pytest.approx(0.6 * 0.1 + 0.4 * 0.15)
    alike = reliability(likely, targets, [2, 2, 2])
    assert alike == reliability(likely, targets)


def test_blocks_whose_target_is_not_known_are_left_out() -> None:
    assert reliability([0.2, 0.7], [nan, 1], [5, 5]) == reliability([0.7], [1], [5])
    assert reliability([0.2], [nan]) == ()
    assert reliability([0.2], [1], [0]) == ()
    with pytest.raises(CalibrationError, match="no block"):
        expected_calibration_error(reliability([0.2], [nan]))


def test_probabilities_that_are_true_have_no_error() -> None:
    generator = np.random.default_rng(1)
    likely = generator.random(100_000)
    targets = generator.random(100_000) < likely
    assert expected_calibration_error(reliability(likely, targets)) < 0.01
    assert len(reliability(likely, targets)) == 15
    sure = np.sqrt(likely)
    assert expected_calibration_error(reliability(sure, targets)) == pytest.approx(1 / 6, abs=0.01)


unit = st.floats(0, 1)


@given(st.lists(st.tuples(unit, unit, st.floats(0.1, 100)), min_size=1), st.integers(1, 20))
def test_bins_share_all_weight_and_hold_their_means(
    rows: list[tuple[float, float, float]], bins: int
) -> None:
    likely, targets, weights = zip(*rows, strict=True)
    found = reliability(likely, targets, weights, bins)
    assert sum(b.share for b in found) == pytest.approx(1)
    assert [b.low for b in found] == sorted({b.low for b in found})
    for b in found:
        assert b.low - 1e-6 <= b.expected <= b.high + 1e-6
        assert -1e-9 <= b.true <= 1 + 1e-9
    assert 0 <= expected_calibration_error(found) <= 1 + 1e-9


@pytest.mark.parametrize(
    ("likely", "targets", "options"),
    [
        ([0.5], [1, 0], {}),
        ([[0.5]], [[1]], {}),
        ([0.5], [1], {"weights": [1, 2]}),
        ([0.5], [1], {"weights": [-1]}),
        ([0.5], [1], {"weights": [nan]}),
        ([1.5], [1], {}),
        ([nan], [1], {}),
        ([0.5], [-1], {}),
        ([0.5], [1], {"bins": 0}),
    ],
)
def test_arrays_that_do_not_fit_are_refused(likely: Any, targets: Any, options: Any) -> None:
    with pytest.raises(CalibrationError):
        reliability(likely, targets, **options)


def test_rank_correlations_by_hand() -> None:
    assert spearman([1, 2, 3, 4], [10, 20, 35, 90]) == pytest.approx(1)
    assert spearman([1, 2, 3, 4], [0.4, 0.3, 0.2, 0.1]) == pytest.approx(-1)
    # Ranks 1, 2.5, 2.5, 4 and 1, 2, 4, 3: from their means -1.5, 0, 0, 1.5 and -1.5, -.5, 1.5, .5.
    assert spearman([0, 5, 5, 9], [1, 2, 8, 3]) == pytest.approx(3 / np.sqrt(4.5 * 5))
    assert spearman([7, 7, 7], [1, 2, 3]) == 0


@given(st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5)), min_size=2))
def test_rank_correlations_are_those_of_ranks(rows: list[tuple[int, int]]) -> None:
    first, second = zip(*rows, strict=True)
    found = spearman(first, second)
    assert -1 - 1e-9 <= found <= 1 + 1e-9
    assert spearman(second, first) == pytest.approx(found)
    assert spearman([x**3 for x in first], [2 * y + 1 for y in second]) == pytest.approx(found)
    assert spearman([-x for x in first], second) == pytest.approx(-found)

    def rank(values: tuple[int, ...]) -> list[float]:
        return [sum(v < x for v in values) + (values.count(x) + 1) / 2 for x in values]

    if len(set(first)) > 1 and len(set(second)) > 1:
        assert found == pytest.approx(np.corrcoef(rank(first), rank(second))[0, 1])


@pytest.mark.parametrize(
    ("first", "second"), [([], []), ([1], [1]), ([1, 2], [1]), ([1, nan], [1, 2])]
)
def test_ranks_need_numbers(first: list[float], second: list[float]) -> None:
    with pytest.raises(CalibrationError):
        spearman(first, second)


BINS = (Bin(0.0, 0.5, 0.25, 0.25, 0.5), Bin(0.5, 1.0, 0.75, 0.75, 1.0))
SVG = "{http://www.w3.org/2000/svg}"


def test_the_plot_is_svg_with_a_curve_and_its_dots_for_each_name() -> None:
    source = reliability_svg("Blocks & words", {"by blocks": BINS, "by <words>": BINS[:1]})
    root = etree.fromstring(source.encode())
    assert root.tag == f"{SVG}svg"
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert {"Blocks & words", "by blocks: error 0.250", "by <words>: error 0.062"} <= set(texts)
    curves = list(root.iter(f"{SVG}polyline"))
    dots = list(root.iter(f"{SVG}circle"))
    assert (len(curves), len(dots)) == (2, 3)
    assert len({curve.get("stroke") for curve in curves}) == 2
    areas = [(float(str(dot.get("r"))) - 2) ** 2 for dot in dots[:2]]
    assert areas[1] / areas[0] == pytest.approx(3, rel=0.05)


def test_the_plot_puts_higher_probabilities_to_the_right_and_truth_up() -> None:
    root = etree.fromstring(reliability_svg("Blocks", {"all": BINS}).encode())
    one, other = root.iter(f"{SVG}circle")
    assert float(str(one.get("cx"))) < float(str(other.get("cx")))
    assert float(str(one.get("cy"))) > float(str(other.get("cy")))
    (frame,) = [shape for shape in root.iter(f"{SVG}rect") if shape.get("class") == "frame"]
    assert float(str(other.get("cy"))) == float(str(frame.get("y")))


def test_the_plot_is_the_same_each_time_and_refuses_what_it_cannot_show() -> None:
    assert reliability_svg("Blocks", {"all": BINS}) == reliability_svg("Blocks", {"all": BINS})
    with pytest.raises(CalibrationError, match="curves"):
        reliability_svg("Blocks", {})
    with pytest.raises(CalibrationError, match="curves"):
        reliability_svg("Blocks", {str(n): BINS for n in range(5)})
    with pytest.raises(CalibrationError, match="no block"):
        reliability_svg("Blocks", {"all": ()})
