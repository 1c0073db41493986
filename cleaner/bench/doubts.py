"""What could not be measured cleanly, in words."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from cleaner.bench.figures import Speed
from cleaner.bench.fresh import Peak
from cleaner.bench.peak import USAGE
from cleaner.bench.run import Timings

FEW_PAGES = 100
FEW_ROUNDS = 3
MOST_SPREAD = 0.1
"""Slowest over fastest round, less 1."""

MOST_WAITING = 0.05
"""Share of the time on the wall that the process did not run."""

MOST_LOAD = 0.5
"""Processes at work on average before the bench began."""

_GOVERNOR = Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")


class Machine(NamedTuple):
    """What is known of the machine before the bench begins."""

    load: float | None
    """Processes at work in the last minute; ``None`` where the system does not tell."""
    governor: str | None
    """What sets the clock rate of the processor; ``None`` where the system does not tell."""


def look_at_machine() -> Machine:
    """Return what the system tells of its load and its clock rate."""
    try:
        load: float | None = os.getloadavg()[0]
    except (OSError, AttributeError):
        load = None
    try:
        governor: str | None = _GOVERNOR.read_text(encoding="ascii").strip()
    except OSError:
        governor = None
    return Machine(load, governor)


def find_doubts(
    machine: Machine, timings: Timings, found: Sequence[Speed], peaks: Sequence[Peak], clock: str
) -> tuple[str, ...]:
    """Return a sentence for each thing that makes the figures less certain."""
    return (
        *_of_machine(machine, timings, clock),
        *_of_sample(timings),
        *_of_rounds(found),
        *_of_peaks(peaks),
    )


def _of_machine(machine: Machine, timings: Timings, clock: str) -> Iterator[str]:
    if machine.load is not None and machine.load > MOST_LOAD:
        yield f"Other work was under way: load {machine.load:.1f} before the bench began."
    waiting = 1 - timings.cpu.sum() / timings.wall.sum()
    if clock == "wall" and waiting > MOST_WAITING:
        yield (
            f"The process did not run for {waiting:.0%} of the time: other work had the processor. "
            "`--clock cpu` leaves that out."
        )
    if machine.governor is None:
        yield "The clock rate of the processor is unknown: it may have changed underway."
    elif machine.governor != "performance":
        yield f"The clock rate of the processor may have changed (governor {machine.governor})."


def _of_sample(timings: Timings) -> Iterator[str]:
    pages, rounds = timings.sizes.size, timings.wall.shape[1]
    if pages < FEW_PAGES:
        yield f"{pages} pages are few: medians of other pages may be far from these."
    if rounds < FEW_ROUNDS:
        yield f"{rounds} rounds are few: one bad moment is in the figures."
    if timings.left_out:
        by = ", ".join(f"{name} on {len(of)}" for name, of in timings.failures.items() if of)
        yield f"{timings.left_out} pages are left out for all: {by} raised."


def _of_rounds(found: Sequence[Speed]) -> Iterator[str]:
    for each in found:
        if each.spread > MOST_SPREAD:
            yield f"The rounds of {each.system} differ by {each.spread:.0%} (slowest over fastest)."


def _of_peaks(peaks: Sequence[Peak]) -> Iterator[str]:
    if any(peak.how == USAGE for peak in peaks):
        yield "Memory is that of the whole process: a peak at its start may hide that of the page."
    for peak in peaks:
        if peak.error:
            yield f"{peak.system} raised on the largest page: its memory says little."
