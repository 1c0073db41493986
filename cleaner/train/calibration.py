"""How far probabilities can be trusted: bins of reliability, their error, and the order of pages.

A probability is calibrated if, of the blocks that get .7, seven in ten are main text. The expected
calibration error is the mean distance of the two, over bins of probability, by the weight in each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cleaner.errors import CleanerError

BINS = 15

Floats: TypeAlias = NDArray[np.floating[Any]]


class CalibrationError(CleanerError):
    """Arrays that should belong together do not, or hold values out of their range."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Blocks of about the same probability."""

    low: float
    high: float
    """The bin holds probabilities from ``low`` up to, but not, ``high``; the last one holds 1."""
    share: float
    """Of all weight (0..1)."""
    expected: float
    """Mean probability (0..1)."""
    true: float
    """Share that is main text (0..1)."""


def reliability(
    likely: ArrayLike, targets: ArrayLike, weights: ArrayLike | None = None, bins: int = BINS
) -> tuple[Bin, ...]:
    """Return the bins of equal width that hold something, the lowest first.

    ``likely`` are probabilities, ``targets`` the shares of main text, both (blocks,) and 0..1; a
    target that is ``NaN`` is not known, and left out. ``weights`` (blocks,) are the blocks' words
    where words count; without them each block weighs the same. Raises ``CalibrationError``.
    """
    given, true = _numbers(likely, targets)
    weight = np.ones_like(given) if weights is None else _numbers(weights, likely)[0]
    known = ~np.isnan(true)
    given, true, weight = given[known], true[known], weight[known]
    if bins < 1 or not (_within(given) and _within(true)):
        raise CalibrationError("probabilities and targets must be numbers from 0 to 1")
    if not (np.isfinite(weight) & (weight >= 0)).all():
        raise CalibrationError("weights must be numbers of 0 or more")
    place = np.minimum((given * bins).astype(np.int64), bins - 1)
    whole, expected, right = (
        np.bincount(place, values, bins) for values in (weight, weight * given, weight * true)
    )
    return tuple(
        Bin(
            low=n / bins,
            high=(n + 1) / bins,
            share=float(whole[n] / whole.sum()),
            expected=float(expected[n] / whole[n]),
            true=float(right[n] / whole[n]),
        )
        for n in np.flatnonzero(whole).tolist()
    )


def expected_calibration_error(bins: Sequence[Bin]) -> float:
    """Return the mean distance (0..1) of probability and truth over bins, by their share.

    Raises ``CalibrationError`` if there is no bin.
    """
    if not bins:
        raise CalibrationError("no block whose target is known")
    return sum(each.share * abs(each.expected - each.true) for each in bins)


def spearman(first: ArrayLike, second: ArrayLike) -> float:
    """Return the rank correlation (-1..1) of two arrays (pages,); 0 where one has one value alone.

    Raises ``CalibrationError`` for arrays of fewer than two values, or with ``NaN``.
    """
    one, other = _numbers(first, second)
    if len(one) < 2 or np.isnan(one).any() or np.isnan(other).any():
        raise CalibrationError("ranks need two numbers or more")
    ranks, others = (values - values.mean() for values in (_ranks(one), _ranks(other)))
    spread = float(np.sqrt((ranks**2).sum() * (others**2).sum()))
    return float((ranks * others).sum()) / spread if spread else 0.0


def _ranks(values: Floats) -> Floats:
    """Return the rank of each value from 1; equal values share the mean of their ranks."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    means: Floats = last - (count - 1) / 2
    return means[place]


def _numbers(first: ArrayLike, second: ArrayLike) -> tuple[Floats, Floats]:
    one, other = (np.asarray(values, dtype=np.float64) for values in (first, second))
    if one.ndim != 1 or one.shape != other.shape:
        raise CalibrationError(f"arrays of the shapes {one.shape} and {other.shape}")
    return one, other


def _within(values: Floats) -> bool:
    return bool(((values >= 0) & (values <= 1)).all())


SIDE = 320
"""Pixels of the plot's square."""

LEFT, TOP, RIGHT, BOTTOM = 56, 44, 24, 56
"""Pixels around the square: room for its marks and its title; the key comes below them."""

KEY = 18
"""Pixels of a line of the key."""

COLOURS = ("#1f6fb4", "#c4571b", "#3a8f4a", "#7a4fa3")

_STYLE = (
    "text{font:13px sans-serif;fill:#222}"
    ".title{font-weight:bold}"
    ".frame{fill:#fff;stroke:#888}"
    ".grid{stroke:#ddd}"
    ".even{stroke:#888;stroke-dasharray:4 4}"
    ".curve{fill:none;stroke-width:2}"
)


def reliability_svg(title: str, curves: Mapping[str, Sequence[Bin]]) -> str:
    """Return a plot of probability against truth as SVG: a curve a name, up to four.

    The area of a dot is in proportion to the share of its bin; on the broken line probability
    and truth are the same. Raises ``CalibrationError``.
    """
    if not 0 < len(curves) <= len(COLOURS):
        raise CalibrationError(f"a plot has 1 to {len(COLOURS)} curves")
    width, height = LEFT + SIDE + RIGHT, TOP + SIDE + BOTTOM + len(curves) * KEY
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}</style>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        _text(LEFT, TOP - 18, title, 'class="title"'),
        *_frame(),
    ]
    for number, (name, bins) in enumerate(curves.items()):
        parts += _curve(bins, COLOURS[number])
        error = expected_calibration_error(bins)
        y = TOP + SIDE + BOTTOM + number * KEY
        key = f'x="{LEFT}" y="{y - 10}" width="12" height="10"'
        parts.append(f'<rect {key} fill="{COLOURS[number]}"/>')
        parts.append(_text(LEFT + 18, y, f"{name}: error {error:.3f}"))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _frame() -> list[str]:
    """Return the square with its grid, its marks and its axes' names."""
    parts = [f'<rect class="frame" x="{LEFT}" y="{TOP}" width="{SIDE}" height="{SIDE}"/>']
    for step in range(0, 11, 2):
        x, y = _point(step / 10, step / 10)
        parts.append(f'<line class="grid" x1="{x}" y1="{TOP}" x2="{x}" y2="{TOP + SIDE}"/>')
        parts.append(f'<line class="grid" x1="{LEFT}" y1="{y}" x2="{LEFT + SIDE}" y2="{y}"/>')
        parts.append(_text(x, TOP + SIDE + 18, f"{step / 10:.1f}", 'text-anchor="middle"'))
        parts.append(_text(LEFT - 8, y + 4, f"{step / 10:.1f}", 'text-anchor="end"'))
    parts.append(
        f'<line class="even" x1="{LEFT}" y1="{TOP + SIDE}" x2="{LEFT + SIDE}" y2="{TOP}"/>'
    )
    middle = TOP + SIDE / 2
    turned = f'text-anchor="middle" transform="rotate(-90 14 {middle:g})"'
    parts.append(_text(14, middle, "share that is main text", turned))
    parts.append(
        _text(LEFT + SIDE / 2, TOP + SIDE + 36, "probability given", 'text-anchor="middle"')
    )
    return parts


def _curve(bins: Sequence[Bin], colour: str) -> list[str]:
    """Return a curve through the means of bins, with a dot for each."""
    points = [_point(each.expected, each.true) for each in bins]
    line = " ".join(f"{x:g},{y:g}" for x, y in points)
    parts = [f'<polyline class="curve" points="{line}" stroke="{colour}"/>']
    for each, (x, y) in zip(bins, points, strict=True):
        radius = 2 + 10 * each.share**0.5
        parts.append(
            f'<circle cx="{x:g}" cy="{y:g}" r="{radius:.1f}" fill="{colour}" fill-opacity="0.5"/>'
        )
    return parts


def _point(x: float, y: float) -> tuple[float, float]:
    """Return the pixels of a point of the square, whose sides go from 0 to 1."""
    return round(LEFT + x * SIDE, 1), round(TOP + (1 - y) * SIDE, 1)


def _text(x: float, y: float, words: str, attributes: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" {attributes}>{escape(words)}</text>'
