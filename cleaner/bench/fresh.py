"""What only a new process can tell: how long it takes to start, and its peak of memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cleaner.bench.pages import BenchError, BenchPage
from cleaner.evaluate.progress import Begin, unheard

STARTS = 10
"""Times that each process is started."""

ORDINARY = 100_000
"""Bytes of the page that a process is started for: the page of the bench next to that."""

BARE = "python alone"
IMPORT = "import cleaner"
IMPORT_CLEAN = "from cleaner import clean"
FIRST_PAGE = "first page, from the start of the command"


@dataclass(frozen=True, slots=True)
class Start:
    """How long a process takes from its start to its end, in milliseconds."""

    name: str
    wall: tuple[float, ...]
    cpu: tuple[float, ...]
    """User and system time."""


@dataclass(frozen=True, slots=True)
class Peak:
    """Memory that a system took for a page, over what it holds when all is loaded."""

    system: str
    page: str
    size: int
    """Bytes of the page."""
    taken: int
    """Bytes of memory."""
    how: str
    error: str = ""

    @property
    def times(self) -> float:
        """The memory as a multiple of the page."""
        return self.taken / self.size


def time_starts(
    pages: Sequence[BenchPage], *, starts: int | None = None, begin: Begin = unheard
) -> tuple[Start, ...]:
    """Return how long Python, our imports and the command with a first page take, in turn."""
    starts = starts or STARTS
    page = min(pages, key=lambda each: abs(len(each.body) - ORDINARY))
    with _place() as (path, environment):
        path.write_bytes(page.body)
        commands = {
            BARE: ["-c", "pass"],
            IMPORT: ["-c", "import cleaner"],
            IMPORT_CLEAN: ["-c", "from cleaner import clean"],
            FIRST_PAGE: ["-m", "cleaner", str(path)],
        }
        for command in commands.values():  # writes the compiled modules
            _time_process(command, environment)
        advance = begin("starts", starts)
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for _ in range(starts):
            for name, command in commands.items():
                found[name].append(_time_process(command, environment))
            advance(1)
    return tuple(
        Start(name, tuple(wall for wall, _ in times), tuple(cpu for _, cpu in times))
        for name, times in found.items()
    )


def measure_peaks(
    pages: Sequence[BenchPage], systems: Sequence[str], begin: Begin = unheard
) -> tuple[Peak, ...]:
    """Return what each system takes for the largest page, each in a process of its own."""
    page = max(pages, key=lambda each: len(each.body))
    advance = begin("memory", len(systems))
    peaks: list[Peak] = []
    with _place() as (path, environment):
        path.write_bytes(page.body)
        for system in systems:
            told = json.loads(_run(["-m", "cleaner.bench.peak", system, str(path)], environment))
            size = len(page.body)
            peaks.append(Peak(system, page.name, size, told["bytes"], told["how"], told["error"]))
            advance(1)
    return tuple(peaks)


@contextmanager
def _place() -> Iterator[tuple[Path, Mapping[str, str]]]:
    """Yield a file to write a page to, and the environment of processes to be measured.

    Their compiled modules are kept in a folder of their own, as an installed package has them,
    whatever the environment of this process says.
    """
    with tempfile.TemporaryDirectory(prefix="cleaner-bench-") as folder:
        environment = dict(os.environ)
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = str(Path(folder, "compiled"))
        yield Path(folder, "page.html"), environment


def _run(arguments: Sequence[str], environment: Mapping[str, str]) -> bytes:
    done = subprocess.run([sys.executable, *arguments], capture_output=True, env=environment)
    if done.returncode:
        raise _failed(arguments, done.stderr)
    return done.stdout


def _time_process(arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[float, float]:
    """Return the milliseconds on the wall, and at work, of a process of this Python."""
    with tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=environment,
        )
        _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            raise _failed(arguments, errors.read())
    return took * 1e3, (usage.ru_utime + usage.ru_stime) * 1e3


def _failed(arguments: Sequence[str], told: bytes) -> BenchError:
    last = told.decode("utf-8", "replace").strip().rpartition("\n")[2]
    return BenchError(f"python {' '.join(arguments)}: {last or 'failed'}")
