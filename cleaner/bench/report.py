"""Figures -> tables on the terminal, and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.bench.doubts import Machine
from cleaner.bench.figures import Estimate, Ratio, Speed, Times
from cleaner.bench.fresh import Peak, Start
from cleaner.bench.goals import Verdict
from cleaner.bench.run import Timings
from cleaner.bench.stages import STAGES
from cleaner.evaluate.report import markdown_table, print_heading, print_line

if TYPE_CHECKING:
    from rich.console import Console

VERSION = 1
"""Of the JSON document."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of our system over all pages."""

    name: str
    mean: float
    """Milliseconds a page."""
    median: float
    share: float
    """Of the time of all pages (0..1)."""
    rate: float
    """Megabytes of pages a second; infinite for a stage that takes no time."""


@dataclass(frozen=True, slots=True)
class Bench:
    """All that was measured."""

    clock: str
    machine: Machine
    timings: Timings
    speeds: tuple[Speed, ...]
    ratios: tuple[Ratio, ...]
    stages: tuple[Stage, ...]
    peaks: tuple[Peak, ...]
    starts: tuple[Start, ...]
    verdicts: tuple[Verdict, ...]
    doubts: tuple[str, ...]


def summarize_stages(times: Times, size: float) -> tuple[Stage, ...]:
    """Return the figures of (stages, pages) milliseconds for pages of ``size`` bytes in all."""
    totals, whole = times.sum(axis=1), times.sum()
    return tuple(
        Stage(
            name=name,
            mean=float(row.mean()),
            median=float(np.median(row)),
            share=float(total / whole),
            rate=float(size / 1e3 / total) if total else float("inf"),
        )
        for name, row, total in zip(STAGES, times, totals, strict=True)
    )


def print_bench(console: Console, bench: Bench) -> None:
    """Print all tables; the ratios come before the milliseconds, which are this machine's."""
    rounds, pages = bench.timings.wall.shape[1:]
    size = bench.timings.sizes.sum()
    print_line(
        console,
        f"{pages:,} pages, {size / 1e6:,.1f} MB, {rounds} rounds, {bench.clock} time "
        "(a page's time is the median of its rounds)",
    )
    _print_goals(console, bench.verdicts)
    _print_ratios(console, bench.ratios)
    _print_speeds(console, bench.speeds)
    _print_stages(console, bench.stages)
    _print_fresh(console, bench.peaks, bench.starts)
    print_heading(console, "not measured cleanly")
    for doubt in bench.doubts or ("Nothing.",):
        print_line(console, f"- {doubt}")


def _print_goals(console: Console, verdicts: Sequence[Verdict]) -> None:
    table = markdown_table("goal", "at most", "found", "met")
    for each in verdicts:
        goal = each.goal.removeprefix("at most ")
        table.add_row(each.what, goal, each.found, "yes" if each.met else "no")
    print_heading(console, "goals")
    console.print(table)


def _print_ratios(console: Console, ratios: Sequence[Ratio]) -> None:
    table = markdown_table("time of / time of", "medians", "95 %", "means", "95 %")
    for each in ratios:
        table.add_row(f"{each.system} / {each.other}", *_cells(each.medians), *_cells(each.means))
    print_heading(console, "ratios")
    console.print(table)


def _cells(estimate: Estimate) -> tuple[str, str]:
    return f"{estimate.value:.3g}", f"{estimate.low:.3g}-{estimate.high:.3g}"


def _print_speeds(console: Console, speeds: Sequence[Speed]) -> None:
    table = markdown_table(
        "system", "median ms", "mean ms", "95 % of pages", "MB/s", "spread", "growth"
    )
    for each in speeds:
        table.add_row(
            each.system,
            f"{each.median:.2f}",
            f"{each.mean:.2f}",
            f"{each.high:.1f}",
            f"{each.rate:.1f}",
            f"{each.spread:.1%}",
            f"size^{each.growth:.2f}",
        )
    print_heading(console, "systems")
    console.print(table)


def _print_stages(console: Console, stages: Sequence[Stage]) -> None:
    table = markdown_table("stage of cleaner", "mean ms", "median ms", "share", "MB/s")
    for each in stages:
        rate = "-" if each.rate == float("inf") else f"{each.rate:,.1f}"
        table.add_row(
            each.name, f"{each.mean:.2f}", f"{each.median:.2f}", f"{each.share:.1%}", rate
        )
    whole = sum(each.mean for each in stages)
    table.add_row("all", f"{whole:.2f}", "", "100.0%", "")
    print_heading(console, "stages (in another run, with a clock between them)")
    console.print(table)


def _print_fresh(console: Console, peaks: Sequence[Peak], starts: Sequence[Start]) -> None:
    table = markdown_table("system", "peak MB", "times the page")
    for peak in peaks:
        table.add_row(peak.system, f"{peak.taken / 1e6:,.1f}", f"{peak.times:.1f}")
    print_heading(console, f"memory of the largest page, {peaks[0].page} ({peaks[0].size:,} bytes)")
    console.print(table)
    table = markdown_table(
        "process", "least ms", "median ms", "least ms at work", "median ms at work"
    )
    for start in starts:
        cells = (each for times in (start.wall, start.cpu) for each in (min(times), median(times)))
        table.add_row(start.name, *(f"{value:.0f}" for value in cells))
    print_heading(console, "start-up, from the start of the process to its end")
    console.print(table)


def to_json(bench: Bench) -> dict[str, Any]:
    """Return all figures, and the times of each page and round, as JSON-ready values."""
    timings = bench.timings
    document = asdict(bench)
    document["machine"] = bench.machine._asdict()
    document["verdicts"] = [each._asdict() for each in bench.verdicts]
    document["stages"] = [
        {**asdict(each), "rate": None if each.rate == float("inf") else each.rate}
        for each in bench.stages
    ]
    document["speeds"] = [
        {**asdict(each), "growth": None if each.growth != each.growth else each.growth}
        for each in bench.speeds
    ]
    document["timings"] = {
        "systems": list(timings.systems),
        "sizes": timings.sizes.tolist(),
        "wall": timings.wall.round(4).tolist(),
        "cpu": timings.cpu.round(4).tolist(),
        "failures": dict(timings.failures),
        "left_out": timings.left_out,
    }
    return {"version": VERSION, **document}
