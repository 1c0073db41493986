"""The process that cleans: frames in, frames out, under limits that the kernel holds.

A worker is forked by the nursery. Whatever a page does to it, its parent sees an end of the
socket or a deadline that passed, and starts another.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle
import resource
import signal
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

HEAD = struct.Struct("!Q")
"""A frame is the number of its bytes, then a pickled value."""

SPARE_FILES = 16
"""Open files beyond those at the start from which a worker is worn out: a page leaks them."""

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What a page may take of a worker, and a worker's life."""

    seconds: float = 20.0
    """Wall-clock time of a page."""
    memory: int = 2 << 30
    """Bytes of address space beyond what a worker has at its start."""
    pages: int = 1_000
    """Pages after which a worker is replaced."""
    growth: int = 256 << 20
    """Bytes of resident memory, beyond those at the start, from which a worker is replaced."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What workers do: ``make(config)``, named as ``module:function``, returns a page's task."""

    make: str
    config: Any

    def build(self) -> Callable[[Any], Any]:
        """Return the task; it takes a payload and returns a value that can be pickled."""
        module, _, name = self.make.partition(":")
        task: Callable[[Any], Any] = getattr(importlib.import_module(module), name)(self.config)
        return task


class RefusedError(Exception):
    """What a task raises for a payload that it refuses, whoever asks: ``reason``, ``detail``."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


class Reply(NamedTuple):
    """What a worker says of a page."""

    value: Any
    reason: str
    """Empty if the task returned; ``memory``, ``error``, or that of a ``RefusedError``."""
    detail: str
    ms: float
    worn: bool
    """The worker ends after this page."""


def serve(sock: socket.socket, task: Callable[[Any], Any], limits: Limits) -> None:
    """Do the task for each frame that arrives; return at the end of the socket, or worn out."""
    _enter_cell(limits)
    own, files, memory = os.getpid(), _open_files(), _resident()
    for served in count(1):
        frame = receive_frame(sock)
        if frame is None:
            return
        reply = _attempt(task, frame)
        if os.getpid() != own:
            return  # the page forked: this is the copy
        _reap_children()
        worn = (
            served >= limits.pages
            or _open_files() > files + SPARE_FILES
            or _resident() > memory + limits.growth
        )
        send_frame(sock, _pickled(reply._replace(worn=worn)))
        if worn:
            return


def receive_frame(sock: socket.socket) -> bytearray | None:
    """Return the next frame's bytes, or ``None`` where the other side has closed."""
    head = _receive(sock, HEAD.size)
    return _receive(sock, HEAD.unpack(head)[0]) if head else None


def send_frame(sock: socket.socket, data: bytes) -> None:
    """Send a frame whole."""
    sock.sendall(HEAD.pack(len(data)))
    sock.sendall(data)


def _receive(sock: socket.socket, size: int) -> bytearray | None:
    data = bytearray(size)
    view, got = memoryview(data), 0
    while got < size:
        read = sock.recv_into(view[got : got + _CHUNK])
        if not read:
            return None
        got += read
    return data


def _attempt(task: Callable[[Any], Any], frame: bytearray) -> Reply:
    """Do the task. Whatever it raises is its result: a page must not end its worker."""
    began = time.perf_counter()
    value, reason, detail = None, "", ""
    try:
        value = task(pickle.loads(frame))
    except RefusedError as refused:
        reason, detail = refused.reason, refused.detail
    except MemoryError:
        reason, detail = "memory", "the memory limit was reached"
    except BaseException as error:
        reason, detail = "error", f"{type(error).__name__}: {error}"[:1_000]
    return Reply(value, reason, detail, (time.perf_counter() - began) * 1e3, worn=False)


def _pickled(reply: Reply) -> bytes:
    try:
        return pickle.dumps(reply, protocol=5)
    except Exception as error:
        detail = f"the result cannot be sent: {type(error).__name__}: {error}"
        return pickle.dumps(reply._replace(value=None, reason="error", detail=detail), protocol=5)


def _enter_cell(limits: Limits) -> None:
    """Take a session of its own, the memory limit, and no way to the terminal."""
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.close(null)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    size = _statm(0) + limits.memory
    if hard == resource.RLIM_INFINITY or size < hard:
        with contextlib.suppress(ValueError, OSError):  # not every system limits address space
            resource.setrlimit(resource.RLIMIT_AS, (size, hard))


def _statm(field: int) -> int:
    """Return a field of Linux's memory statistics in bytes; 0 where there are none."""
    try:
        return int(Path("/proc/self/statm").read_bytes().split()[field]) * resource.getpagesize()
    except (OSError, MemoryError):
        return 0


def _resident() -> int:
    return _statm(1)


def _open_files() -> int:
    for folder in ("/proc/self/fd", "/dev/fd"):
        with contextlib.suppress(OSError):
            return len(os.listdir(folder))
    return 0


def _reap_children() -> None:
    """Take leave of processes that a page started and that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
