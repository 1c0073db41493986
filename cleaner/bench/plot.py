"""Time against page size, both on logarithmic scales, as SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import ceil, floor, log10

import numpy as np
from numpy.typing import NDArray

Times = NDArray[np.float64]

WIDTH, HEIGHT = 560, 360
"""Pixels of the plot itself."""

LEFT, TOP, RIGHT, BOTTOM = 64, 44, 24, 56
"""Pixels around it; the key comes below."""

KEY = 18
"""Pixels of a line of the key."""

BANDS = 12
"""Bands of page size that a line is drawn through the medians of."""

FEW = 3
"""Pages of a band that has too few for a median."""

COLOURS = (
    "#1f6fb4", "#3a8f4a", "#777777", "#c4571b", "#7a4fa3", "#b8860b", "#008b8b", "#a0305a",
    "#556b2f", "#222222",
)  # fmt: skip

_STYLE = (
    "text{font:13px sans-serif;fill:#222}.title{font-weight:bold}.frame{fill:#fff;stroke:#888}"
    ".grid{stroke:#e4e4e4}.even{stroke:#999;stroke-dasharray:4 4}"
    ".line{fill:none;stroke-width:2}"
    ".dots{fill:none;stroke-width:3;stroke-linecap:round;stroke-opacity:.25}"
)


class _Scales:
    """From bytes and milliseconds to pixels."""

    def __init__(self, sizes: Times, times: Times) -> None:
        self.left, self.right = _decades(sizes)
        self.low, self.high = _decades(times)

    def x(self, size: float) -> float:
        return round(LEFT + WIDTH * (log10(size) - self.left) / (self.right - self.left), 1)

    def y(self, time: float) -> float:
        return round(TOP + HEIGHT * (self.high - log10(time)) / (self.high - self.low), 1)


def size_plot(systems: Sequence[str], sizes: Times, times: Times) -> str:
    """Return the plot: ``sizes`` (pages) in bytes, ``times`` (systems, pages) in milliseconds.

    A dot is a page; a line goes through the medians of pages of about one size.
    """
    scales = _Scales(sizes, times)
    width, height = LEFT + WIDTH + RIGHT, TOP + HEIGHT + BOTTOM + len(systems) * KEY
    title = "Time of a page against its size"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img">',
        f"<title>{title}</title>",
        f"<style>{_STYLE}</style>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        _text(LEFT, TOP - 18, title, 'class="title"'),
        *_frame(scales),
    ]
    lines: list[str] = []
    for number, (name, row) in enumerate(zip(systems, times, strict=True)):
        colour = COLOURS[number % len(COLOURS)]
        dots = "".join(
            f"M{scales.x(size)} {scales.y(time)}h0" for size, time in zip(sizes, row, strict=True)
        )
        parts.append(f'<path class="dots" stroke="{colour}" d="{dots}"/>')
        points = " ".join(
            f"{scales.x(size)},{scales.y(time)}" for size, time in _medians(sizes, row)
        )
        lines.append(f'<polyline class="line" stroke="{colour}" points="{points}"/>')
        y = TOP + HEIGHT + BOTTOM + number * KEY
        lines.append(
            f'<rect x="{LEFT}" y="{y - 10}" width="12" height="10" fill="{colour}"/>'
            + _text(LEFT + 18, y, name)
        )
    return "\n".join([*parts, *lines, "</svg>"]) + "\n"


def _decades(values: Times) -> tuple[int, int]:
    """Return the powers of ten between which all values are."""
    low, high = floor(log10(values.min())), ceil(log10(values.max()))
    return low, max(high, low + 1)


def _medians(sizes: Times, times: Times) -> Iterator[tuple[float, float]]:
    """Yield size and time of the median page in each band of sizes that has a few pages."""
    bounds = np.geomspace(sizes.min(), sizes.max() * 1.001, BANDS + 1)
    band = np.digitize(sizes, bounds)
    for number in range(1, BANDS + 1):
        within = band == number
        if within.sum() >= FEW:
            yield float(np.median(sizes[within])), float(np.median(times[within]))


def _frame(scales: _Scales) -> list[str]:
    """Return the frame with a line for each power of ten, and a slope of 1 to compare with."""
    bottom, right = TOP + HEIGHT, LEFT + WIDTH
    parts = [f'<rect class="frame" x="{LEFT}" y="{TOP}" width="{WIDTH}" height="{HEIGHT}"/>']
    for power in range(scales.left, scales.right + 1):
        x = scales.x(10.0**power)
        parts.append(f'<line class="grid" x1="{x}" y1="{TOP}" x2="{x}" y2="{bottom}"/>')
        parts.append(_text(x, bottom + 18, _bytes(power), 'text-anchor="middle"'))
    for power in range(scales.low, scales.high + 1):
        y = scales.y(10.0**power)
        parts.append(f'<line class="grid" x1="{LEFT}" y1="{y}" x2="{right}" y2="{y}"/>')
        parts.append(_text(LEFT - 8, y + 4, f"{10.0**power:g}", 'text-anchor="end"'))
    powers = min(scales.right - scales.left, scales.high - scales.low)
    x2, y2 = scales.x(10.0 ** (scales.left + powers)), scales.y(10.0 ** (scales.low + powers))
    parts.append(f'<line class="even" x1="{LEFT}" y1="{bottom}" x2="{x2}" y2="{y2}"/>')
    turned = f'text-anchor="middle" transform="rotate(-90 14 {TOP + HEIGHT / 2:g})"'
    parts.append(_text(14, TOP + HEIGHT / 2, "milliseconds", turned))
    middle = LEFT + WIDTH / 2
    about = "bytes of the page (broken line: time in proportion to size)"
    parts.append(_text(middle, bottom + 36, about, 'text-anchor="middle"'))
    return parts


def _bytes(power: int) -> str:
    thousands, rest = divmod(power, 3)
    return f"{10**rest} {('B', 'KB', 'MB', 'GB')[thousands]}"


def _text(x: float, y: float, words: str, attributes: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" {attributes}>{escape(words)}</text>'
