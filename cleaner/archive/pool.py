"""Pages to killable workers and back, in order: whatever a page does, only that page is lost."""

from __future__ import annotations

import os
import pickle
import selectors
import signal
import socket
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, TypeVar

from cleaner.archive.nursery import Nursery
from cleaner.archive.post import Post
from cleaner.archive.worker import Limits, Recipe, Reply
from cleaner.errors import PoolError

T = TypeVar("T")

ATTEMPTS = {"timeout": 1, "memory": 2, "error": 2, "stopped": 2, "crashed": 3}
"""How often a page may end so before it is blamed. All but the first attempt are made by a fresh
worker: an older one may have suffered from the pages before, or from someone else's signal."""

MAX_HELD = 4_096
"""Pages under way or waiting for one before them."""

MAX_BYTES = 128 << 20
"""Bytes of those."""

DEPTH = 2
"""Pages that a worker is sent ahead, so that it need not wait for the next."""

_SUSPENDED = 2.0
"""Seconds without a look at the workers from which the whole machine stood still."""


@dataclass(slots=True)
class Outcome(Generic[T]):
    """What became of a page."""

    tag: T
    """What the caller gave beside the payload."""
    value: Any = None
    """What the task returned; ``None`` if it did not, or if there was no payload."""
    reason: str = ""
    """Empty, a key of ``ATTEMPTS``, or that of the task's ``RefusedError``."""
    detail: str = ""
    ms: float = 0.0
    payload: Any = None
    """The payload again, if there is a reason."""


@dataclass(slots=True)
class _Slot(Generic[T]):
    """A place in the order of the output."""

    outcome: Outcome[T]
    frame: bytes = b""
    size: int = 0
    """Bytes that it holds: the frame, or what came of it."""
    done: bool = False
    attempts: int = 0


@dataclass(slots=True)
class _Worker(Generic[T]):
    pid: int
    post: Post
    fresh: bool = True
    slots: deque[_Slot[T]] = field(default_factory=deque)
    """Sent and not answered, the one at work first."""
    since: float = 0.0
    """When the one at work began."""


class Pool(Generic[T]):
    """Workers that do a recipe's task, each page under its limits.

    A page that hangs, crashes its worker or takes too much memory is given back with a reason;
    the worker is killed and another takes its place.
    """

    def __init__(self, recipe: Recipe, *, workers: int = 1, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._recipe = recipe
        self._size = workers
        self._nursery: Nursery | None = None
        self._workers: list[_Worker[T]] = []
        self._selector = selectors.DefaultSelector()
        self._slots: deque[_Slot[T]] = deque()
        self._unsent: deque[_Slot[T]] = deque()
        self._suspects: deque[_Slot[T]] = deque()
        """To be tried again by a fresh worker."""
        self._held = 0
        self._looked = 0.0

    def __enter__(self) -> Pool[T]:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pids(self) -> list[int]:
        """The process numbers of the workers."""
        return [worker.pid for worker in self._workers]

    def run(self, pages: Iterable[tuple[T, Any]]) -> Iterator[Outcome[T]]:
        """Yield what became of each page, in their order; pages are taken as workers get free.

        A page is a tag and a payload; one without (``None``) only takes its place in the order.
        Raises ``PoolError`` if no worker can be started, and what ``pages`` raises.
        """
        source = iter(pages)
        more = True
        while more or self._slots:
            while more and self._has_room():
                page = next(source, None)
                if page is None:
                    more = False
                else:
                    self._add(*page)
            while self._slots and self._slots[0].done:
                slot = self._slots.popleft()
                self._held -= slot.size
                yield slot.outcome
            if self._unsent or self._suspects or any(w.slots for w in self._workers):
                self._work()

    def close(self) -> None:
        """Kill the workers and end the process that starts them."""
        for worker in list(self._workers):
            self._retire(worker)
        if self._nursery:
            self._nursery.close()
            self._nursery = None
        self._selector.close()

    def _has_room(self) -> bool:
        """Return whether to take a page: a worker could do it, and memory stays bounded."""
        waiting = len(self._unsent) + len(self._suspects)
        free = self._size * DEPTH - sum(len(worker.slots) for worker in self._workers)
        return waiting < free and len(self._slots) < MAX_HELD and self._held < MAX_BYTES

    def _add(self, tag: T, payload: Any) -> None:
        slot = _Slot(Outcome(tag))
        if payload is None:
            slot.done = True
        else:
            slot.frame = pickle.dumps(payload, protocol=5)
            slot.size = len(slot.frame)
            self._held += slot.size
            self._unsent.append(slot)
        self._slots.append(slot)

    def _work(self) -> None:
        """Give work out, then hear of work done or of a deadline."""
        while len(self._workers) < self._size:
            self._hire()
        for worker in self._workers:
            self._feed(worker)
        pause = max(0.0, min((self._left(w) for w in self._workers if w.slots), default=0.0))
        events = self._selector.select(min(pause, 1.0))
        for key, mask in events:
            worker = key.data
            if mask & selectors.EVENT_WRITE:
                worker.post.write()
            if mask & selectors.EVENT_READ:
                self._hear(worker)
        self._mind_deadlines()

    def _hire(self) -> None:
        post, theirs = Post.pair()
        try:
            worker: _Worker[T] = _Worker(self._fork(theirs), post)
        except PoolError:
            post.close()
            raise
        finally:
            theirs.close()
        self._workers.append(worker)
        self._selector.register(post.sock, selectors.EVENT_READ, worker)

    def _fork(self, theirs: socket.socket) -> int:
        """Return a new worker's number; a nursery that is gone is replaced, once."""
        if self._nursery:
            try:
                return self._nursery.fork(theirs)
            except PoolError:
                self._nursery.close()
        self._nursery = Nursery(self._recipe, self.limits)
        return self._nursery.fork(theirs)

    def _feed(self, worker: _Worker[T]) -> None:
        """Send a worker pages: a suspect alone, or as many as keep it from waiting."""
        if self._suspects and worker.fresh and not worker.slots:
            self._send(worker, self._suspects.popleft())
        alone = bool(worker.slots and worker.slots[0].attempts)
        while self._unsent and len(worker.slots) < (1 if alone else DEPTH):
            self._send(worker, self._unsent.popleft())
        writing = selectors.EVENT_WRITE if worker.post.pending else 0
        if self._selector.get_key(worker.post.sock).events != selectors.EVENT_READ | writing:
            self._selector.modify(worker.post.sock, selectors.EVENT_READ | writing, worker)

    def _send(self, worker: _Worker[T], slot: _Slot[T]) -> None:
        if not worker.slots:
            worker.since = time.monotonic()
        worker.slots.append(slot)
        worker.post.put(slot.frame)

    def _hear(self, worker: _Worker[T]) -> None:
        frames, open_ = worker.post.read()
        for frame in frames:
            reply = _read_reply(frame)
            if reply is None or not worker.slots:
                open_ = False  # a page wrote to the socket: no word of this worker counts
                break
            slot = worker.slots.popleft()
            worker.since = time.monotonic()
            worker.fresh = False
            suspect = reply.reason in ATTEMPTS
            if suspect or reply.worn:
                self._retire(worker)
            if suspect:
                self._blame(slot, reply.reason, reply.detail)
            else:
                self._answer(slot, reply, len(frame))
            if suspect or reply.worn:
                return
        if not open_:
            slots = [worker.slots.popleft()] if worker.slots else []
            status = self._retire(worker)
            for slot in slots:
                self._blame(slot, "crashed", _ending(status))

    def _mind_deadlines(self) -> None:
        now = time.monotonic()
        still = now - self._looked
        self._looked = now
        for worker in list(self._workers):
            if worker.slots and still > _SUSPENDED:
                worker.since = min(now, worker.since + still)
            elif worker.slots and self._left(worker) <= 0:
                slot = worker.slots.popleft()
                reason = "stopped" if _is_stopped(worker.pid) else "timeout"
                self._retire(worker)
                self._blame(slot, reason, f"no result after {self.limits.seconds:g} s")

    def _left(self, worker: _Worker[T]) -> float:
        """Return the seconds until the deadline of the page at work."""
        return worker.since + self.limits.seconds - time.monotonic()

    def _retire(self, worker: _Worker[T]) -> int:
        """Kill a worker and all it started; return its wait status.

        What it was sent and had not begun waits for another, before all else.
        """
        self._workers.remove(worker)
        self._selector.unregister(worker.post.sock)
        worker.post.close()
        self._unsent.extendleft(reversed(worker.slots))
        return self._nursery.end(worker.pid) if self._nursery else 0

    def _blame(self, slot: _Slot[T], reason: str, detail: str) -> None:
        """Let a page be tried again, or give it back with the reason.

        Its worker is gone, so there will be a fresh one for it.
        """
        slot.attempts += 1
        if slot.attempts < ATTEMPTS[reason]:
            self._suspects.append(slot)
            return
        self._answer(slot, Reply(None, reason, detail, 0.0, worn=True), len(slot.frame))

    def _answer(self, slot: _Slot[T], reply: Reply, size: int) -> None:
        """Put what became of a page in its place; with its payload, if there is a reason."""
        payload = pickle.loads(slot.frame) if reply.reason else None
        tag = slot.outcome.tag
        slot.outcome = Outcome(tag, reply.value, reply.reason, reply.detail, reply.ms, payload)
        size = len(slot.frame) if reply.reason else size
        self._held += size - slot.size
        slot.frame, slot.size = b"", size
        slot.done = True


def _read_reply(frame: bytes) -> Reply | None:
    """Return what a worker said; ``None`` if it is no reply."""
    try:
        reply = pickle.loads(frame)
    except Exception:
        return None
    return reply if isinstance(reply, Reply) else None


def _ending(status: int) -> str:
    """Return how a process ended, in words."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return f"its process was ended by signal {number} ({signal.Signals(number).name})"
    return f"its process ended with exit code {os.waitstatus_to_exitcode(status)}"


def _is_stopped(pid: int) -> bool:
    """Return whether a process is stopped by a signal; Linux alone tells."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="latin-1")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] == "T"
