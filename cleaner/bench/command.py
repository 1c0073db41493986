"""The command ``cleaner bench``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.evaluate.command import TABLE_WIDTH, peer_names
from cleaner.evaluate.peers import OURS, PEER_NAMES

if TYPE_CHECKING:
    from cleaner.bench.pages import BenchPage
    from cleaner.bench.report import Bench
    from cleaner.evaluate.peers import System
    from cleaner.evaluate.progress import Begin

_FILE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command(name="bench")
@click.argument("pages", metavar="ZIP|DIR", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--against",
    metavar="NAME,...",
    callback=peer_names,
    help=f"Time other systems beside ours: {', '.join(PEER_NAMES)}.",
)
@click.option(
    "--rounds",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="How often all systems go through all pages.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Take N pages, spread evenly.")
@click.option(
    "--clock",
    type=click.Choice(["wall", "cpu"]),
    default="wall",
    show_default=True,
    help="Time that passes, or that the process is at work: for machines with other work.",
)
@click.option("--json", "json_path", type=_FILE, help="Write all figures and times to this file.")
@click.option("--plot", "plot_path", type=_FILE, help="Draw time against page size, as SVG.")
def bench_command(
    pages: Path,
    against: tuple[str, ...],
    rounds: int,
    limit: int | None,
    clock: str,
    json_path: Path | None,
    plot_path: Path | None,
) -> None:
    """Measure speed and memory on pages, beside other systems.

    Takes a labelled set (as `cleaner evaluate` does), another zip of HTML files, or a folder of
    them. Always timed: cleaner with all metadata, cleaner-structured with what is marked up
    alone, and lxml, the parse alone.

    Exit code: 0 all was measured, 2 bad usage.
    """
    from rich.console import Console

    from cleaner.bench.figures import page_times
    from cleaner.bench.pages import read_pages
    from cleaner.bench.plot import size_plot
    from cleaner.bench.report import print_bench, to_json
    from cleaner.bench.systems import find_systems
    from cleaner.errors import CleanerError
    from cleaner.evaluate.progress import progress

    for path, option in ((json_path, "--json"), (plot_path, "--plot")):
        if path and not path.absolute().parent.is_dir():
            raise click.BadParameter(f"no directory {path.parent}", param_hint=option)
    try:
        systems = find_systems(against)
        with progress() as begin:
            bench = _measure(read_pages(pages, limit=limit), systems, rounds, clock, begin)
    except CleanerError as error:
        raise click.UsageError(str(error)) from error
    print_bench(Console(width=TABLE_WIDTH), bench)
    if json_path:
        json_path.write_text(json.dumps(to_json(bench)) + "\n", encoding="utf-8")
    if plot_path:
        timings = bench.timings
        plot = size_plot(timings.systems, timings.sizes, page_times(timings, clock))
        plot_path.write_text(plot, encoding="utf-8")


def _measure(
    pages: Sequence[BenchPage], systems: Sequence[System], rounds: int, clock: str, begin: Begin
) -> Bench:
    """Measure all there is to measure. Raises ``BenchError``."""
    from cleaner.bench.doubts import find_doubts, look_at_machine
    from cleaner.bench.figures import ratio, speeds
    from cleaner.bench.fresh import measure_peaks, time_starts
    from cleaner.bench.goals import judge
    from cleaner.bench.report import Bench, summarize_stages
    from cleaner.bench.run import time_systems
    from cleaner.bench.stages import time_stages
    from cleaner.bench.systems import STRUCTURED

    machine = look_at_machine()
    timings = time_systems(pages, systems, rounds, begin)
    found = speeds(timings, clock)
    ratios = tuple(
        ratio(timings, clock, ours, other)
        for other in timings.systems
        for ours in (OURS, STRUCTURED)
        if other not in (OURS, ours)
    )
    stages, size = time_stages(pages, rounds, clock, begin)
    peaks = measure_peaks(pages, timings.systems, begin)
    starts = time_starts(pages, begin=begin)
    return Bench(
        clock=clock,
        machine=machine,
        timings=timings,
        speeds=found,
        ratios=ratios,
        stages=summarize_stages(stages, size),
        peaks=peaks,
        starts=starts,
        verdicts=judge(ratios, peaks, starts, clock),
        doubts=find_doubts(machine, timings, found, peaks, clock),
    )
