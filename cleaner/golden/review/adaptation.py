"""An adaptation of the model to the cases under review: ``cleaner train`` in a process of its own.

Golden comes before training, and imports nothing of it: the command is started as a user would
start it, its progress is read from what it says, its scores from the file that it writes.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cleaner.errors import CleanerError
from cleaner.golden.cases import find_cases

TRAIN = (sys.executable, "-m", "cleaner", "train")
"""The command that adapts a model."""

IDLE, RUNNING, DONE, FAILED, STOPPED = "idle", "running", "done", "failed", "stopped"

GRACE = 5.0
"""Seconds that a process has to end when it is asked to."""

MODEL_FILES = {"arrays.npz", "config.json"}
"""What a folder that was written before holds; nothing else is written over."""

_LINES_KEPT = 40
_FAR = re.compile(r"(?P<stage>.+): (?:(?P<done>\d+) of )?(?P<total>\d+)")
_ERROR = re.compile(r"^Error: ", re.MULTILINE)


class AdaptationError(CleanerError):
    """An adaptation cannot begin."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an adaptation is, and what it gave."""

    state: str = IDLE
    stage: str = ""
    done: int = 0
    total: int = 0
    error: str = ""
    """Why it failed."""
    figures: dict[str, Any] = field(default_factory=dict)
    """What ``cleaner train --json`` wrote: ``output``, ``mean`` and ``cases``, with word F1
    (0..1) ``before`` and ``after``."""


class Adaptation:
    """At most one process that adapts the model, and what the last one gave.

    ``command`` is what to start; the tests have others.
    """

    def __init__(self, command: Sequence[str] = TRAIN) -> None:
        self._command = tuple(command)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._watcher: threading.Thread | None = None
        self._progress = Progress()

    @property
    def progress(self) -> Progress:
        """How far the adaptation is."""
        return self._progress

    def start(self, folders: Sequence[Path], output: Path) -> None:
        """Adapt the model to cases, and write it to a folder.

        Raises ``AdaptationError`` if one is under way, there are no cases, or the folder holds
        anything but a model; ``OSError`` if no process can be started.
        """
        with self._lock:
            if self._progress.state == RUNNING:
                raise AdaptationError("an adaptation is under way: one at a time")
            if not folders:
                raise AdaptationError("there are no cases to learn from yet")
            _check_output(output)
            scratch = tempfile.TemporaryDirectory(prefix="cleaner-review-")
            try:
                self._process = self._open(folders, output, Path(scratch.name))
            except OSError:
                scratch.cleanup()
                raise
            self._progress = Progress(RUNNING, "starting")
            self._watcher = threading.Thread(
                target=self._watch, args=(self._process, scratch), daemon=True
            )
            self._watcher.start()

    def _open(self, folders: Sequence[Path], output: Path, scratch: Path) -> subprocess.Popen[str]:
        arguments = [f"--fixtures={folder}" for folder in folders]
        arguments += [f"--output={output}", f"--json={_figures_file(scratch)}"]
        # What the process leaves behind when it is stopped lies in the scratch folder.
        places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))
        return subprocess.Popen(
            [*self._command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, **places, "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"},
        )

    def _watch(
        self, process: subprocess.Popen[str], scratch: tempfile.TemporaryDirectory[str]
    ) -> None:
        """Follow the process to its end."""
        lines: list[str] = []
        with scratch, process:
            for line in process.stderr or ():
                lines = [*lines[1 - _LINES_KEPT :], line]
                self._hear(line.strip())
            code = process.wait()
            figures = _read_figures(_figures_file(Path(scratch.name)))
        with self._lock:
            if self._progress.state != RUNNING:
                return
            if code == 0 and figures is not None:
                self._progress = Progress(DONE, figures=figures)
            else:
                self._progress = Progress(FAILED, error=_reason("".join(lines), code))

    def _hear(self, line: str) -> None:
        found = _FAR.fullmatch(line)
        if found is None:
            return
        done, total = int(found["done"] or 0), int(found["total"])
        with self._lock:
            if self._progress.state == RUNNING:
                self._progress = replace(
                    self._progress, stage=found["stage"], done=done, total=total
                )

    def stop(self) -> None:
        """End the process, if one runs, and wait until it has."""
        with self._lock:
            if self._progress.state != RUNNING or self._process is None:
                return
            self._progress = Progress(STOPPED)
            process, watcher = self._process, self._watcher
        process.terminate()
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
        if watcher is not None:
            watcher.join(GRACE)


def cases_to_name(folders: Sequence[Path], home: Path) -> list[Path]:
    """Return the folders that stand for the cases: ``home`` alone if it holds them and no more."""
    return [home] if folders and sorted(folders) == find_cases(home) else list(folders)


def _check_output(output: Path) -> None:
    if output.is_dir():
        with suppress(OSError):
            names = {path.name for path in output.iterdir()}
            if names and names != MODEL_FILES:
                raise AdaptationError(
                    f"{output} holds other files, {min(names)} for one: name a folder of its own"
                )
    elif output.exists():
        raise AdaptationError(f"{output} is a file: name a folder")


def _figures_file(scratch: Path) -> Path:
    return scratch / "figures.json"


def _read_figures(path: Path) -> dict[str, Any] | None:
    try:
        figures = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return figures if isinstance(figures, dict) else None


def _reason(said: str, code: int) -> str:
    """Return what a command said went wrong; its exit code if it said nothing."""
    return _ERROR.split(said)[-1].strip() or f"cleaner train ended with exit code {code}"
