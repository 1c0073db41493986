"""A small archive to run on: a folder of invented pages, and a reader of it.

The reader knows no format: a file is a page, but for those that end in ``.skip`` or ``.fault``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cleaner.archive.inputs.options import InputOptions
from cleaner.archive.job import Job
from cleaner.archive.records import Fault, Item, Record, Shard, Skip, Source
from cleaner.archive.runner import run_archive
from cleaner.archive.runs import Reader, Summary

PER_SHARD = 5

PLACES = ("harbour", "orchard", "viaduct", "lighthouse", "weir", "granary", "ferry", "quarry")


def plan(inputs: Sequence[str], options: InputOptions) -> list[Shard]:
    files = [str(path) for name in inputs for path in sorted(Path(name).iterdir())]
    parts = [files[i : i + PER_SHARD] for i in range(0, len(files), PER_SHARD)]
    return [Shard(index, "folder", tuple(part)) for index, part in enumerate(parts)]


def read_shard(shard: Shard, options: InputOptions) -> Iterator[Item]:
    for name in shard.files:
        path = Path(name)
        body = path.read_bytes()
        digest = "sha256:" + hashlib.sha256(body).hexdigest()
        source = Source(name, 0, len(body), payload_digest=digest)
        if path.suffix == ".skip":
            yield Skip(source, "request")
        elif path.suffix == ".fault":
            yield Fault(source, "bad-member", "the member ends early", body)
        elif path.suffix == ".unreadable":
            raise OSError(5, "Input/output error", name)
        else:
            at = datetime(2024, 5, 1, 12, 0, len(body) % 60, tzinfo=UTC)
            yield Record(source, body, f"https://www.{path.stem}.example/a/b.html", captured_at=at)


READER = Reader(plan, read_shard)


def page(number: int) -> str:
    """Return an invented page with an article, a menu and a promo box."""
    place = PLACES[number % len(PLACES)]
    paragraphs = "".join(
        f"<p>The {place} of parish {number} was mended in the {year}s, when the council voted to "
        f"spend what was left of the winter fund on stone, lime and wages for {year % 37} men.</p>"
        for year in range(1700 + number % 50, 1900, 40)
    )
    return (
        f'<html lang="en"><head><title>The {place} of parish {number}</title></head><body>'
        '<nav><a href="/">Home</a> <a href="/map">Map</a></nav>'
        f"<article><h1>The {place} of parish {number}</h1>{paragraphs}</article>"
        '<aside><a href="/more">Ten more places to see</a></aside></body></html>'
    )


def make_folder(folder: Path, pages: int = 12, **others: str) -> Path:
    """Write pages, and other files by their names (``__`` stands for the dot), into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(pages):
        (folder / f"p{number:04}.html").write_text(page(number), encoding="utf-8")
    for name, content in others.items():
        (folder / name.replace("__", ".")).write_text(content, encoding="utf-8")
    return folder


class LightJob(Job):
    """A job that does not mind if the package is being worked on while its tests run."""

    def config(self) -> dict[str, Any]:
        return {**Job.config(self), "code": ""}


def make_job(inputs: Path, output: Path, **choices: Any) -> Job:
    """Return a job whose workers need no model."""
    return LightJob((str(inputs),), output, **{"make": "poison_tasks:make_light", **choices})


def run(job: Job, **choices: Any) -> Summary:
    return run_archive(job, **{"workers": 2, "reader": READER, **choices})


def rows_of(output: Path, kind: str = "data") -> list[dict[str, Any]]:
    """Return the rows of a JSONL output, in the order of the shards."""
    paths = sorted((output / kind).glob("*.jsonl"))
    return [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]


def output_bytes(output: Path) -> dict[str, bytes]:
    """Return the files of rows and quarantine, by their names: what must never differ."""
    found: dict[str, bytes] = {}
    for kind in ("data", "quarantine"):
        for path in sorted((output / kind).rglob("*")):
            if path.is_file():
                found[str(path.relative_to(output))] = path.read_bytes()
    return found
