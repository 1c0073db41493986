"""Ways to read a damaged archive, each as its users would: ``SYSTEM INPUT RESULT``.

This runs in a process of its own, maybe in an environment that knows nothing of ``cleaner``. It
writes a JSON file with the ``texts`` that the system gave, the ``error`` that ended it, and what
it said of damage in ``notes``.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import logging
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

REPORTED = re.compile(r"\b(?:WARNING|ERROR|CRITICAL)\b.*")
PAGE_SECONDS = 20
"""What a page may take, where a system lets its user say so."""
MISSING = 77
"""Exit code where a library is not installed."""


@dataclass(slots=True)
class Result:
    """What a system made of an archive."""

    texts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    error: str = ""


@contextlib.contextmanager
def _ending(result: Result) -> Iterator[None]:
    """Take down the error that ends a reader; what it gave before stays."""
    try:
        yield
    except MemoryError:
        result.error = "MemoryError"
    except Exception as error:
        kind = type(error)
        name = f"{kind.__module__}.error" if kind.__name__ == "error" else kind.__name__
        result.error = f"{name}: {error}"[:200]


def _command(words: list[str], result: Result) -> None:
    """Run a command; its exit code and its log are what it says of damage."""
    ran = subprocess.run([sys.executable, "-m", *words], capture_output=True, check=False)
    said = (ran.stdout + ran.stderr).decode("utf-8", "replace")
    result.notes += [found[0] for found in REPORTED.finditer(said)]
    if ran.returncode:
        result.notes.append(f"exit code {ran.returncode}")


def run_cleaner(path: Path, result: Result) -> None:
    """``cleaner archive``; in quarantine, with a warning or counted as skipped is flagged."""
    with tempfile.TemporaryDirectory() as folder:
        options = ["--format", "jsonl", "--workers", "1", "--quiet"]
        _command(["cleaner", "archive", str(path), "-o", folder, *options], result)
        for row in _rows(Path(folder) / "data"):
            if row["status"] != "empty":
                result.texts.append(row["text"])
            result.notes += [*row["record_warnings"], *row["warnings"]]
            result.notes += [row["status"]] * (row["status"] != "ok")
            result.notes += [row["decode_status"]] * (row["decode_status"] not in ("", "ok"))
        result.notes += [row["reason"] for row in _rows(Path(folder) / "quarantine")]
        for mark in (Path(folder) / "state/shards").glob("*.json"):
            result.notes += json.loads(mark.read_bytes())["ledger"]["skipped"]


def _rows(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.jsonl")):
        yield from map(json.loads, path.read_bytes().splitlines())


def run_fastwarc(path: Path, result: Result) -> None:
    """FastWARC's iterator, decoding what HTTP encoded."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    with path.open("rb") as file, _ending(result):
        for record in ArchiveIterator(file, auto_decode="all"):
            if record.record_type != WarcRecordType.warcinfo:
                result.texts.append(record.reader.read().decode("utf-8", "replace"))


def run_warcio(path: Path, result: Result) -> None:
    """warcio's iterator, decoding what HTTP encoded."""
    from warcio.archiveiterator import ArchiveIterator

    with path.open("rb") as file, _ending(result):
        for record in ArchiveIterator(file):
            if record.rec_type != "warcinfo":
                result.texts.append(record.content_stream().read().decode("utf-8", "replace"))


def run_trafilatura(path: Path, result: Result) -> None:
    """trafilatura's command line over a folder of pages."""
    import trafilatura  # noqa: F401

    with tempfile.TemporaryDirectory() as folder:
        words = ["trafilatura.cli", "--input-dir", str(path), "--output-dir", folder]
        _command(words, result)
        files = sorted(file for file in Path(folder).rglob("*") if file.is_file())
        result.texts += [file.read_text("utf-8", "replace") for file in files]


def run_datatrove(path: Path, result: Result) -> None:
    """datatrove: its reader of archives, its trafilatura, its writer of JSONL, one task."""
    for needed in ("cchardet", "magic", "trafilatura", "warcio"):  # it imports them late
        importlib.import_module(needed)
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.extractors import Trafilatura
    from datatrove.pipeline.readers import WarcReader
    from datatrove.pipeline.writers.jsonl import JsonlWriter

    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "out"
        steps = [
            WarcReader(str(path.parent), glob_pattern=path.name),
            Trafilatura(timeout=PAGE_SECONDS),
            JsonlWriter(str(output), compression=None),
        ]
        with _ending(result):
            LocalPipelineExecutor(steps, tasks=1, logging_dir=f"{folder}/log").run()
        for log in Path(folder).glob("log/logs/*.log"):
            result.notes += REPORTED.findall(log.read_text("utf-8", "replace"))
        result.texts += [row["text"] for row in _rows(output)]


SYSTEMS: dict[str, Callable[[Path, Result], None]] = {
    "cleaner": run_cleaner,
    "FastWARC": run_fastwarc,
    "warcio": run_warcio,
    "trafilatura": run_trafilatura,
    "datatrove": run_datatrove,
}


def main(system: str, path: str, output: str) -> None:
    result = Result()
    notes: list[str] = result.notes
    handler = logging.StreamHandler(stream=sys.stderr)
    handler.emit = lambda entry: notes.append(entry.getMessage())  # type: ignore[method-assign]
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    try:
        SYSTEMS[system](Path(path), result)
    except ImportError as error:
        print(error, file=sys.stderr)
        sys.exit(MISSING)
    Path(output).write_text(json.dumps(asdict(result)), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
