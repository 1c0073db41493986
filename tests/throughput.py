"""What ``cleaner archive`` costs beside ``clean()``: both clean the pages of one archive.

``python tests/throughput.py ARCHIVE [--workers N] [--times T]`` runs each in a process of its own,
in turn, and prints the best of each: wall-clock, and processor time of all processes, which others
on the machine disturb less. The share is how much of (cores x pages a second of ``clean()``) the
run reaches where it keeps all cores busy, the work of its parent included.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

LOOP = """
import gc, json, resource, sys, time
from cleaner import clean
from cleaner.archive import Record, read_items
pages = [item for item in read_items([sys.argv[1]]) if isinstance(item, Record)]
clean("<p>" + "Words that load the model and all tables. " * 20).metadata
gc.collect(); gc.freeze()
began, used = time.perf_counter(), time.process_time()
for page in pages:
    document = clean(page.body, **page.told)
    document.text, document.metadata
print(json.dumps([len(pages), time.perf_counter() - began, time.process_time() - used]))
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Pages, and seconds of the clock and of processors."""

    pages: int
    clock: float
    processor: float

    def line(self, name: str) -> str:
        return (
            f"| {name} | {self.pages / self.clock:.1f} | {1e3 * self.processor / self.pages:.1f} |"
        )


def alone(archive: Path) -> Cost:
    """Return what ``clean()`` alone costs in one process: no reading, no start, no writing."""
    single = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    command = [sys.executable, "-c", LOOP, str(archive)]
    found = subprocess.run(command, check=True, capture_output=True, env={**os.environ, **single})
    return Cost(*json.loads(found.stdout))


def whole(archive: Path, workers: int, folder: Path) -> Cost:
    """Return what the whole run costs: start, reading, cleaning, rows, writing."""
    command = [sys.executable, "-m", "cleaner", "archive", str(archive), "--quiet", "--fresh"]
    began, before = time.perf_counter(), os.times()
    code = subprocess.run([*command, "-o", str(folder), "--workers", str(workers)]).returncode
    if code not in (0, 1):
        sys.exit(f"ended with {code}")
    after = os.times()
    marks = [json.loads(path.read_bytes()) for path in folder.glob("state/shards/*.json")]
    pages = sum(mark["ledger"]["ok"] + mark["ledger"]["empty"] for mark in marks)
    used = sum(after[2:4]) - sum(before[2:4])
    return Cost(pages, time.perf_counter() - began, used)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    singles, runs = [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(given.times):
            singles.append(alone(given.archive))
            runs.append(whole(given.archive, given.workers, Path(folder) / "out"))
    single = min(singles, key=lambda cost: cost.processor)
    run = min(runs, key=lambda cost: cost.processor)
    fastest = min(cost.clock for cost in runs), min(cost.clock for cost in singles)
    print("| | pages a second | ms of processor time a page |\n|---|---:|---:|")
    print(single.line("`clean()` in one process"))
    print(run.line(f"`cleaner archive --workers {given.workers}`"))
    print(f"\n{single.processor / run.processor:.0%} by processor time, ", end="")
    print(f"{fastest[1] / fastest[0]:.2f} times as fast by the clock")


if __name__ == "__main__":
    main()
