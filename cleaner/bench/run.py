"""Time every system on every page, in turn, for several rounds.

All run in one process on bytes that are in memory. A round goes through all pages before the next
one begins, so that what a system remembers of a page is as cold as it would be in a long run. Which
system goes first changes from page to page and from round to round.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cleaner.bench.pages import BenchError, BenchPage
from cleaner.bench.systems import page_input
from cleaner.evaluate.peers import PageInput, System
from cleaner.evaluate.progress import Begin, unheard
from cleaner.evaluate.run import WARM_UP, describe, quiet

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Times = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Timings:
    """Times of the pages on which no system failed."""

    systems: tuple[str, ...]
    sizes: Times
    """(pages,): bytes."""
    wall: Times
    """(systems, rounds, pages): milliseconds by the clock on the wall."""
    cpu: Times
    """The same shape: milliseconds that the process was at work."""
    failures: Mapping[str, tuple[str, ...]]
    """System to the pages on which it raised, with the error; these are left out for all."""
    left_out: int = 0
    """Pages on which some system failed."""


def time_systems(
    pages: Sequence[BenchPage], systems: Sequence[System], rounds: int, begin: Begin = unheard
) -> Timings:
    """Return the times of all systems on all pages. Raises ``BenchError`` if no page is left."""
    import numpy as np

    for system in systems:
        timed(system, WARM_UP)
    shape = (len(systems), rounds, len(pages))
    wall, cpu = np.zeros(shape), np.zeros(shape)
    errors: dict[tuple[int, int], str] = {}
    advance = begin("pages", rounds * len(pages))
    with _frozen_heap():
        for number in range(rounds):
            for place, page in enumerate(pages):
                for turn in range(len(systems)):
                    chosen = (turn + place + number) % len(systems)
                    took, worked, error = timed(systems[chosen], page_input(page))
                    wall[chosen, number, place], cpu[chosen, number, place] = took, worked
                    if error:
                        errors[chosen, place] = error
                advance(1)
    failed = {place for _, place in errors}
    kept = [place for place in range(len(pages)) if place not in failed]
    if not kept:
        raise BenchError(f"no page that every system reads; the first error: {errors.popitem()[1]}")
    failures = {
        system.name: tuple(
            f"{pages[place].name}: {error}"
            for (number, place), error in sorted(errors.items())
            if number == index
        )
        for index, system in enumerate(systems)
    }
    return Timings(
        systems=tuple(system.name for system in systems),
        sizes=np.asarray([len(pages[place].body) for place in kept], dtype=np.float64),
        wall=wall[:, :, kept],
        cpu=cpu[:, :, kept],
        failures=failures,
        left_out=len(failed),
    )


def timed(system: System, page: PageInput) -> tuple[float, float, str]:
    """Run a system on a page: milliseconds on the wall, those at work, and what it raised.

    What earlier systems left to the garbage collector is collected first, at no one's cost.
    """
    error = ""
    gc.collect()
    with quiet():
        wall, cpu = time.perf_counter_ns(), time.process_time_ns()
        try:
            system.extract(page)
        except Exception as raised:
            error = describe(raised)
        worked, took = time.process_time_ns() - cpu, time.perf_counter_ns() - wall
    return took / 1e6, worked / 1e6, error


@contextmanager
def _frozen_heap() -> Iterator[None]:
    """Keep what is loaded already out of the collector's sight: it need not be looked at again."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
