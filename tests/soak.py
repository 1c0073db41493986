"""A long run, watched: resident memory of the parent and of each worker while pages pass.

``python tests/soak.py [PAGES]`` makes an archive of the fixtures' pages, each page another, cleans
it with ``cleaner archive`` and prints a table: a line for each tenth of the pages. With ``--real
ZIP...`` the pages are those of labelled sets, as captured, over and over.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from archive_files import http, record
from real_archives import zipped_pages

FIXTURES = Path(__file__).parent.parent / "fixtures"
LONG_EVERY, LONG_TIMES = 200, 20
"""Of so many pages one is so many times as long, as it is in a crawl."""
WAIT = 1.0
"""Seconds between two looks."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen at one moment; memory in MB, that of workers the largest of any."""

    seconds: float
    pages: int
    parent: float
    nursery: float
    worker: float
    unique: float
    """Of the largest worker, its own part of memory that it shares with others."""
    files: int
    """That the parent has open."""


def originals() -> list[str]:
    pages = sorted(FIXTURES.rglob("*.html"))
    texts = [path.read_text("utf-8", errors="replace") for path in pages if path.name[0] != "."]
    return [text for text in texts if 1_000 < len(text) < 60_000]


def varied(text: str, number: int) -> bytes:
    """Return the page as another page of its kind: every paragraph says something new."""
    counter = itertools.count(number * 1_000)
    text = re.sub(r"</p>", lambda _: f" It was note {next(counter)} of the day.</p>", text)
    if number % LONG_EVERY == LONG_EVERY - 1:
        start, end = text.find("<p"), text.rfind("</p>") + 4
        text = text[:start] + text[start:end] * LONG_TIMES + text[end:]
    return text.encode()


def invented_pages() -> Iterator[bytes]:
    texts = originals()
    for number in itertools.count():
        yield varied(texts[number % len(texts)], number)


def real_pages(zips: Sequence[Path]) -> Iterator[bytes]:
    while True:
        for path in zips:
            yield from (body for _, body in zipped_pages(path))


def make_archive(path: Path, bodies: Iterator[bytes], pages: int) -> None:
    with path.open("wb") as file:
        for number, body in enumerate(itertools.islice(bodies, pages)):
            block = http(body, "Content-Type: text/html")
            file.write(gzip.compress(record(number, block), 1, mtime=0))


def children(process: int) -> list[int]:
    try:
        text = Path(f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return []
    return [int(word) for word in text.split()]


def megabytes(process: int, field: str) -> float:
    """Return ``Rss`` or ``Pss`` of a process; 0 of one that has ended."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    found = re.search(rf"^{field}: +(\d+) kB", text, re.M)
    return int(found[1]) / 1024 if found else 0.0


def pages_done(output: Path) -> int:
    """Return the pages of the shards that are committed."""
    marks = (json.loads(path.read_bytes()) for path in (output / "state/shards").glob("*.json"))
    return sum(mark["ledger"]["read"] for mark in marks)


def looks(process: subprocess.Popen[bytes], output: Path) -> Iterator[Look]:
    began = time.monotonic()
    while process.poll() is None:
        nurseries = children(process.pid)
        workers = [worker for nursery in nurseries for worker in children(nursery)]
        yield Look(
            time.monotonic() - began,
            pages_done(output),
            megabytes(process.pid, "Rss"),
            max((megabytes(nursery, "Rss") for nursery in nurseries), default=0),
            max((megabytes(worker, "Rss") for worker in workers), default=0),
            max((megabytes(worker, "Pss") for worker in workers), default=0),
            len(list(Path(f"/proc/{process.pid}/fd").glob("*"))),
        )
        time.sleep(WAIT)


def soak(bodies: Iterator[bytes], pages: int, workers: int, folder: Path) -> list[Look]:
    source, output = folder / "soak.warc.gz", folder / "out"
    make_archive(source, bodies, pages)
    print(f"{source.stat().st_size / 1e6:.0f} MB packed, {pages} pages", file=sys.stderr)
    command = ["archive", str(source), "-o", str(output), "--quiet", "--shard-size", "1"]
    run = [sys.executable, "-m", "cleaner", *command, "--workers", str(workers)]
    with subprocess.Popen(run) as process:
        found = list(looks(process, output))
    if process.returncode not in (0, 1) or pages_done(output) != pages:
        sys.exit(f"ended with {process.returncode} after {pages_done(output)} pages")
    return found


def table(found: list[Look], pages: int) -> str:
    """Return a line for each tenth of the pages: medians, and the most that was seen."""
    lines = [
        "| pages | seconds | parent | nursery | worker, median | worker, most | its own part, most "
        "| open files |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for tenth in range(10):
        low, high = pages * tenth / 10, pages * (tenth + 1) / 10
        part = [look for look in found if low <= look.pages < high and look.worker]
        if part:
            lines.append(
                f"| {high:,.0f} | {part[-1].seconds:.0f} "
                f"| {median(look.parent for look in part):.0f} "
                f"| {median(look.nursery for look in part):.0f} "
                f"| {median(look.worker for look in part):.0f} "
                f"| {max(look.worker for look in part):.0f} "
                f"| {max(look.unique for look in part):.0f} "
                f"| {max(look.files for look in part)} |"
            )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=int, nargs="?", default=50_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--real", type=Path, nargs="+", metavar="ZIP", help="labelled sets")
    given = parser.parse_args()
    bodies = real_pages(given.real) if given.real else invented_pages()
    with tempfile.TemporaryDirectory() as folder:
        found = soak(bodies, given.pages, given.workers, Path(folder))
    print(table(found, given.pages))


if __name__ == "__main__":
    main()
