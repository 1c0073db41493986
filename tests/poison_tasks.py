"""Tasks for the pool that do what the worst pages do to an extractor."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from cleaner.archive.records import Record
from cleaner.archive.rows import Cleaning, Row, page_row
from cleaner.archive.worker import RefusedError


def make_task(config: Any) -> Callable[[Any], Any]:
    """Return a task that answers ``(config, payload)``, but for the names of poisons."""

    def task(payload: Any) -> Any:
        poison = POISONS.get(payload)
        if poison:
            poison()
        return config, payload

    return task


def make_light(cleaning: Cleaning) -> Callable[[Record], Row]:
    """Return a stand-in for the cleaner that needs no model; ``POISON name`` in a page works."""

    def task(record: Record) -> Row:
        text = record.body if isinstance(record.body, str) else record.body.decode()
        if text.startswith("POISON "):
            POISONS[text.split()[1]]()
        if text.startswith("REFUSE"):
            raise RefusedError("media-type", "an image is no page")
        if text.startswith("SLOW"):
            time.sleep(0.02)
        row = page_row(record, None, cleaning)
        return {**row, "text": text, "status": "ok" if text else "empty"}

    return task


def make_broken(config: Any) -> Callable[[Any], Any]:
    raise ValueError("no model of that name")


def make_pid(config: Any) -> Callable[[Any], Any]:
    return lambda payload: os.getpid()


def _hang_in_python() -> None:
    while True:
        pass


def _hang_in_c() -> None:
    """Hold the interpreter's lock and never give it back, as a native parser does."""
    ctypes.PyDLL(None).sleep(1_000)


def _segfault() -> None:
    ctypes.string_at(0)


def _abort() -> None:
    os.abort()


def _exit() -> None:
    os._exit(3)


def _leave() -> None:
    sys.exit("a page that ends the program")


def _allocate() -> None:
    bytearray(8 << 30)


def _print() -> None:
    os.write(1, b"\0" * 1_000)
    print("a parser's debug line", flush=True)


def _leak_files() -> None:
    for _ in range(50):
        os.open(os.devnull, os.O_RDONLY)


def _fork() -> None:
    os.fork()


def _fork_and_stay() -> None:
    if not os.fork():
        time.sleep(1_000)


def _stop() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def _garble() -> None:
    """Write to every file that is open, the socket to the parent among them."""
    for number in range(3, 64):
        with contextlib.suppress(OSError):
            os.write(number, (4).to_bytes(8, "big") + b"what")


def _raise() -> None:
    raise RuntimeError("a fault of the cleaner")


POISONS: dict[Any, Callable[[], None]] = {
    "hang-python": _hang_in_python,
    "hang-c": _hang_in_c,
    "segfault": _segfault,
    "abort": _abort,
    "exit": _exit,
    "leave": _leave,
    "allocate": _allocate,
    "print": _print,
    "leak": _leak_files,
    "fork": _fork,
    "fork-and-stay": _fork_and_stay,
    "stop": _stop,
    "raise": _raise,
    "garble": _garble,
}


def make_sketcher(site: str) -> Callable[[Record], Any]:
    """Return what sketches a page; ``POISON name`` in a page works."""
    from cleaner.archive.sketching import make_sketcher as make

    sketch = make(site)

    def task(record: Record) -> Any:
        body = record.body if isinstance(record.body, bytes) else record.body.encode()
        for name, poison in POISONS.items():
            if f"POISON {name} ".encode() in body:
                poison()
        return sketch(record)

    return task
