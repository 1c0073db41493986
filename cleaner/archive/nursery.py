"""The process that forks workers: it has loaded the model once, and its copies share it.

It is started afresh, not forked, so it holds no thread, lock or file of its parent. It forks,
waits for processes that its parent declares dead, and kills all of them when its parent is gone.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from cleaner.archive.worker import Limits, Recipe, receive_frame, send_frame, serve
from cleaner.errors import PoolError

_REQUEST = struct.Struct("!cq")
"""``F`` 0, with a socket beside it, asks for a worker; ``R`` pid asks how a worker ended."""
_ANSWER = struct.Struct("!q")
_START = "import sys; from cleaner.archive.nursery import main; main(int(sys.argv[1]))"


class Nursery:
    """The parent's side."""

    def __init__(self, recipe: Recipe, limits: Limits) -> None:
        """Start the process and wait until it has built the task.

        Raises ``PoolError`` if it cannot.
        """
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _START, str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        try:
            send_frame(self._control, pickle.dumps((recipe, limits)))
            answer = receive_frame(self._control)
        except OSError:
            answer = None
        if answer is None or pickle.loads(answer):
            self.close()
            said = pickle.loads(answer) if answer else "it ended at once"
            raise PoolError(f"workers cannot be started: {said}")

    def fork(self, sock: socket.socket) -> int:
        """Return the process number of a new worker at the other end of a socket."""
        try:
            socket.send_fds(self._control, [_REQUEST.pack(b"F", 0)], [sock.fileno()])
            pid = self._answer()
        except OSError as error:
            raise PoolError(f"no worker can be started: {error}") from error
        if pid < 0:
            raise PoolError(f"no worker can be started: {os.strerror(-pid)}")
        return pid

    def end(self, pid: int) -> int:
        """Kill a worker and all that it started; return its wait status, 0 if nobody knows."""
        kill_group(pid)
        try:
            self._control.sendall(_REQUEST.pack(b"R", pid))
            return self._answer()
        except (OSError, PoolError):
            return 0

    def close(self) -> None:
        """End the process; it takes its workers with it."""
        self._control.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _answer(self) -> int:
        data = self._control.recv(_ANSWER.size, socket.MSG_WAITALL)
        if len(data) < _ANSWER.size:
            raise PoolError("the process that starts workers is gone")
        return int(_ANSWER.unpack(data)[0])


def kill_group(pid: int) -> None:
    """Kill a worker and all that it started; it must not have been waited for."""
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)


def _environment() -> dict[str, str]:
    """Return the environment of workers: one thread each, no chance in the order of sets."""
    path = os.pathsep.join(os.path.abspath(entry) for entry in sys.path)
    single = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**os.environ, **single, "PYTHONPATH": path, "PYTHONHASHSEED": "0"}


def main(number: int) -> None:
    """Run the process: ``number`` is the descriptor of the socket to the parent."""
    control = socket.socket(fileno=number)
    control.set_inheritable(False)
    frame = receive_frame(control)
    if frame is None:
        return
    try:
        recipe, limits = pickle.loads(frame)
        task = recipe.build()
    except Exception as error:
        send_frame(control, pickle.dumps(f"{type(error).__name__}: {error}"))
        return
    gc.collect()
    gc.freeze()  # what is shared stays shared: the collector would write to each page of memory
    send_frame(control, pickle.dumps(""))
    _answer_requests(control, task, limits)


def _answer_requests(control: socket.socket, task: Callable[[Any], Any], limits: Limits) -> None:
    alive: set[int] = set()
    try:
        while True:
            data, descriptors, _, _ = socket.recv_fds(control, _REQUEST.size, 1)
            if len(data) < _REQUEST.size:
                return
            kind, pid = _REQUEST.unpack(data)
            if kind == b"F":
                pid = _fork(control, descriptors[0], task, limits)
                if pid > 0:
                    alive.add(pid)
                control.sendall(_ANSWER.pack(pid))
            else:
                alive.discard(pid)
                control.sendall(_ANSWER.pack(_wait(pid)))
    except OSError:
        return  # the parent is gone
    finally:
        for pid in alive:
            kill_group(pid)


def _wait(pid: int) -> int:
    """Return how a worker ended; 0 for one that another process like this had started."""
    try:
        return os.waitpid(pid, 0)[1]
    except ChildProcessError:
        return 0


def _fork(
    control: socket.socket, descriptor: int, task: Callable[[Any], Any], limits: Limits
) -> int:
    """Return the number of a new process, or the negative number of the system's error."""
    try:
        pid = os.fork()
    except OSError as error:
        os.close(descriptor)
        return -(error.errno or 1)
    if pid:
        os.close(descriptor)
        return pid
    status = 1
    try:
        control.close()
        serve(socket.socket(fileno=descriptor), task, limits)
        status = 0
    finally:
        os._exit(status)
