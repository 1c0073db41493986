"""The table of ``docs/reliability.md``: what each system makes of each fault.

``python tests/compare_faults.py`` runs every system in a process of its own, under a limit of time
and memory, and prints the table; ``--write`` puts it into the page. ``--python datatrove=PATH``
names the Python of a system that cannot be installed beside the others.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fault_cases import ALL, CASES, COUNT, Case, lines, write_case
from fault_systems import MISSING, SYSTEMS

PAGE = Path(__file__).parent.parent / "docs" / "reliability.md"
BEGIN, END = "<!-- table: make faults-table -->", "<!-- end of table -->"
SECONDS = 120
MEMORY = 8 << 30
LARGE = 500
"""Peak memory in MB from which a cell tells it."""
READERS = ("FastWARC", "warcio")
"""They read archives and clean no pages."""
CLEANERS = ("trafilatura",)
"""They clean pages and read no archives."""
MARK = re.compile(r"Marker(\d{5})x")


@dataclass(frozen=True, slots=True)
class Run:
    """How a system's process ended; ``texts`` and ``notes`` as in its result."""

    ending: str
    """Empty, or why there is no result."""
    texts: Sequence[str] = ()
    notes: Sequence[str] = ()
    error: str = ""
    peak: int = 0
    """MB that the largest of its processes took."""


def run_system(system: str, case: Case, python: str = sys.executable) -> Run:
    """Let a system read a case, for at most ``SECONDS`` and in at most ``MEMORY`` bytes."""
    if shutil.which(python) is None:
        return Run("not installed")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive, pages = write_case(case, folder)
        result = folder / "result.json"
        script = Path(__file__).with_name("fault_systems.py")
        source = pages if system in CLEANERS else archive
        words = [python, str(script), system, str(source), str(result)]
        with open(folder / "log", "wb") as log:
            process = subprocess.Popen(
                words, stdout=log, stderr=log, start_new_session=True, preexec_fn=_limit
            )
            code, peak = _wait(process)
        if code is None:
            return Run("hangs", peak=peak)
        if code == MISSING:
            return Run("not installed")
        if not result.exists():
            return Run("crashes", peak=peak)
        found = json.loads(result.read_bytes())
        return Run("", found["texts"], found["notes"], found["error"], peak)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _wait(process: subprocess.Popen[bytes]) -> tuple[int | None, int]:
    """Return the exit code, ``None`` where the time was up, and the peak of memory in MB."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, usage.ru_maxrss // 1024
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = -signal.SIGKILL
    return None, usage.ru_maxrss // 1024


@dataclass(frozen=True, slots=True)
class Found:
    """What the texts of a run hold."""

    whole: frozenset[int]
    """Pages with every line of theirs, in a text with no other page's."""
    partly: frozenset[int]
    foreign: bool
    """Whether bytes of a neighbour, or of an archive's own lines, stand in a page."""


def look_at(texts: Iterable[str]) -> Found:
    """Tell which pages the texts hold, whole or in part."""
    whole, partly, foreign = set(), set(), False
    for text in texts:
        plain = " ".join(text.split())
        numbers = {int(number) for number in MARK.findall(plain)}
        mixed = len(numbers) > 1 or (bool(numbers) and "WARC-Record-ID:" in plain)
        foreign = foreign or mixed
        for number in numbers:
            complete = all(line in plain for line in lines(number))
            (whole if complete and not mixed else partly).add(number)
    return Found(frozenset(whole), frozenset(partly - whole), foreign)


def cell(run: Run, case: Case) -> str:
    """Say what a run made of a case: the undamaged pages, the damaged one, and what was said."""
    if run.ending:
        return run.ending if run.ending == "not installed" else f"**{run.ending}**{_memory(run)}"
    found = look_at(run.texts)
    safe = ALL - case.hurt
    kept = len(found.whole & safe)
    flagged = bool(run.notes or run.error)
    words = [f"{kept}/{len(safe)}" if kept == len(safe) else f"**{kept}/{len(safe)}**"]
    if found.foreign:
        words.append("**foreign bytes**")
    words += _of_the_hurt(found, case)
    if run.error:
        words.append(f"stops: {run.error.split(':')[0]}")
    elif flagged:
        words.append("flagged")
    elif kept < len(safe) or case.hurt - (found.whole if case.genuine else frozenset()):
        words.append("silent")
    return ", ".join(words) + _memory(run)


def _of_the_hurt(found: Found, case: Case) -> list[str]:
    if case.hurt and case.hurt <= found.whole:
        return ["damaged one kept"]
    return ["damaged one kept in part"] if case.hurt & found.partly else []


def _memory(run: Run) -> str:
    return f", {run.peak / 1000:.1f} GB" if run.peak >= LARGE else ""


def applies(system: str, case: Case) -> bool:
    """Tell whether the case is one for the system."""
    return system not in (READERS if case.pages else CLEANERS) or case.title == CASES[0].title


def row(case: Case, pythons: Mapping[str, str]) -> str:
    """Return a line of the table."""
    cells = [case.title]
    for system in SYSTEMS:
        if not applies(system, case):
            cells.append("–")
            continue
        found = cell(run_system(system, case, pythons.get(system, sys.executable)), case)
        cells.append(found)
        print(f"{case.title}: {system}: {found}", file=sys.stderr)
    return f"| {' | '.join(cells)} |"


def table(cases: Iterable[Case], pythons: Mapping[str, str]) -> str:
    """Return the whole table."""
    head = [f"| one fault in {COUNT} pages | {' | '.join(SYSTEMS)} |", "|---" * 6 + "|"]
    return "\n".join([*head, *(row(case, pythons) for case in cases)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into the page")
    parser.add_argument("--python", action="append", default=[], metavar="SYSTEM=PATH")
    parser.add_argument("--only", default="", metavar="WORDS", help="cases with these in the title")
    given = parser.parse_args()
    pythons = dict(pair.split("=", 1) for pair in given.python)
    found = table([case for case in CASES if given.only in case.title], pythons)
    if not given.write:
        print(found)
        return
    before, rest = PAGE.read_text("utf-8").split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n\n{found}\n\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
