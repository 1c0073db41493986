"""Real pages as archives of several kinds: each page has its row, and the rows are the same.

``python tests/real_archives.py OUT PAGES... [--base URL]`` takes zips of labelled pages and folders
of HTML, packs all their pages as ``.warc.gz``, ``.warc.zst`` and WACZ, cleans each with ``cleaner
archive``, and prints a table. It ends with an error where a page has no row, or rows differ.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from archive_files import PACKERS, http, record, wacz

KINDS = ("warc.gz", "warc.zst", "wacz")
PLACE = ("id", "source")
"""Columns that say where a row came from: the same page stands elsewhere in each kind."""

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Run:
    """What became of the pages of one kind of archive."""

    kind: str
    megabytes: float
    processor: float
    """Seconds, of all processes."""
    empty: int
    """Pages without text."""
    rows: list[Row]
    """In the order of the input, without their place."""
    quarantined: list[str]


def zipped_pages(path: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        for line in archive.read("truth.jsonl").decode().split("\n"):
            if line:
                truth = json.loads(line)
                yield truth["url"] or "", archive.read(f"html/{truth['id']}.html")


def folder_pages(path: Path, base: str) -> Iterator[tuple[str, bytes]]:
    for page in sorted(path.rglob("*.html")):
        if page.is_file():
            name = quote(page.relative_to(path).as_posix())
            yield f"{base.rstrip('/')}/{name}", page.read_bytes()


def all_pages(inputs: Sequence[Path], base: str) -> Iterator[tuple[str, bytes]]:
    for path in inputs:
        yield from folder_pages(path, base) if path.is_dir() else zipped_pages(path)


def make_archives(inputs: Sequence[Path], base: str, folder: Path) -> int:
    """Write the pages as archives of each kind; return how many there are."""
    count = 0
    with (folder / "pages.warc.gz").open("wb") as gz, (folder / "pages.warc.zst").open("wb") as zst:
        for count, (url, body) in enumerate(all_pages(inputs, base), 1):
            # Nothing but the page tells its character set: so it is with files that were kept.
            one = record(count, http(body, "Content-Type: text/html"), url=url or None)
            gz.write(PACKERS[".warc.gz"]([one])[0])
            zst.write(PACKERS[".warc.zst"]([one])[0])
    members = {"data.warc.gz": (folder / "pages.warc.gz").read_bytes()}
    (folder / "pages.wacz").write_bytes(wacz(members))
    return count


def clean(kind: str, folder: Path, more: Sequence[str]) -> Run:
    source, output = folder / f"pages.{kind}", folder / f"out-{kind}"
    command = [sys.executable, "-m", "cleaner", "archive", str(source), "-o", str(output)]
    before = os.times()
    code = subprocess.run([*command, "--format", "jsonl", "--quiet", *more]).returncode
    after = os.times()
    if code not in (0, 1):
        sys.exit(f"{source} ended with {code}")
    marks = [json.loads(path.read_bytes()) for path in output.glob("state/shards/*.json")]
    rows = [row for path in sorted(output.glob("data/*")) for row in read_lines(path)]
    lost = [row for path in sorted(output.glob("quarantine/*")) for row in read_lines(path)]
    return Run(
        kind,
        source.stat().st_size / 1e6,
        sum(after[2:4]) - sum(before[2:4]),
        sum(mark["ledger"]["empty"] for mark in marks),
        [{name: row[name] for name in row if name not in PLACE} for row in rows],
        [f"{row['reason']}: {row['detail']} ({row['url']})" for row in lost],
    )


def read_lines(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    parser.add_argument("inputs", type=Path, nargs="+")
    parser.add_argument("--base", default="https://docs.example/", help="address of folders")
    given, more = parser.parse_known_args()
    given.output.mkdir(parents=True, exist_ok=True)
    pages = make_archives(given.inputs, given.base, given.output)
    first: Run | None = None
    print("| archive | MB | pages | rows | without text | quarantined | ms a page |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for kind in KINDS:
        run = clean(kind, given.output, more)
        print(
            f"| {kind} | {run.megabytes:.0f} | {pages:,} | {len(run.rows):,} "
            f"| {run.empty} | {len(run.quarantined)} "
            f"| {1e3 * run.processor / pages:.0f} |",
            flush=True,
        )
        print(*run.quarantined, sep="\n", file=sys.stderr)
        if len(run.rows) + len(run.quarantined) != pages:
            sys.exit("pages without a row")
        if first and (first.rows, first.quarantined) != (run.rows, run.quarantined):
            sys.exit(f"{kind} gives other rows than {first.kind}")
        first = first or run


if __name__ == "__main__":
    main()
