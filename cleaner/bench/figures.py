"""Times -> medians, ratios with their intervals, growth with page size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.bench.run import Timings

Times = NDArray[np.float64]

RESAMPLES = 1_000
SEED = 20_260_101
PARTS = 50
"""Resamples at a time: of thousands of pages, all at once would take much memory."""


@dataclass(frozen=True, slots=True)
class Speed:
    """A system over all pages; a page's time is the median of its rounds."""

    system: str
    median: float
    """Milliseconds a page."""
    mean: float
    high: float
    """Milliseconds that one page in 20 takes at least."""
    rate: float
    """Megabytes (1,000,000 bytes) a second over all pages."""
    spread: float
    """Mean of the slowest round over that of the fastest, less 1."""
    growth: float
    """The power of the size that the time of pages grows with: 1 is in proportion."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A ratio with its 95 % interval, by resampling the pages."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Ratio:
    """The time of one system over that of another, on the same pages."""

    system: str
    other: str
    medians: Estimate
    means: Estimate


def page_times(timings: Timings, clock: str) -> Times:
    """Return milliseconds (systems, pages) on a clock, the median of the rounds."""
    return np.asarray(np.median(_clocked(timings, clock), axis=1))


def speeds(timings: Timings, clock: str) -> tuple[Speed, ...]:
    """Return the figures of each system on a clock, ``wall`` or ``cpu``."""
    times = page_times(timings, clock)
    rounds = _clocked(timings, clock).mean(axis=2)  # (systems, rounds)
    return tuple(
        Speed(
            system=system,
            median=float(np.median(row)),
            mean=float(row.mean()),
            high=float(np.percentile(row, 95)),
            rate=float(timings.sizes.sum() / 1e3 / row.sum()),
            spread=float(by_round.max() / by_round.min() - 1),
            growth=growth(timings.sizes, row),
        )
        for system, row, by_round in zip(timings.systems, times, rounds, strict=True)
    )


def growth(sizes: Times, times: Times) -> float:
    """Return the slope of times against sizes where both are logarithms; NaN for equal sizes."""
    if sizes.min() == sizes.max():
        return float("nan")
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])


def ratio(timings: Timings, clock: str, system: str, other: str) -> Ratio:
    """Return how the times of two systems compare. The same pages give the same intervals."""
    times = page_times(timings, clock)
    pair = times[[timings.systems.index(system), timings.systems.index(other)]]  # (2, pages)
    generator = np.random.default_rng(SEED)
    pages = pair.shape[1]
    medians: list[Times] = []
    means: list[Times] = []
    for _ in range(RESAMPLES // PARTS):
        drawn = pair[:, generator.integers(0, pages, (PARTS, pages))]  # (2, PARTS, pages)
        medians.append(_quotient(np.median(drawn, axis=2)))
        means.append(_quotient(drawn.mean(axis=2)))
    return Ratio(
        system,
        other,
        _estimate(_quotient(np.median(pair, axis=1)), medians),
        _estimate(_quotient(pair.mean(axis=1)), means),
    )


def _quotient(pair: Times) -> Times:
    return np.asarray(pair[0] / pair[1])


def _estimate(value: Times, resampled: list[Times]) -> Estimate:
    low, high = np.percentile(np.concatenate(resampled), (2.5, 97.5))
    return Estimate(float(value), float(low), float(high))


def _clocked(timings: Timings, clock: str) -> Times:
    return timings.wall if clock == "wall" else timings.cpu
