"""Bytes by their position: of a file, or of a compressed stream inside it.

Readers ask a view for bytes at a position and never hold a file as a whole. A view of a compressed
stream inflates as it is asked, keeps a bounded stretch, and starts over when it is asked for
what it let go.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Iterator
from typing import Protocol

_CHUNK = 1 << 18  # bytes read from a file at once
_SEARCHED = 1 << 20  # bytes searched at once
_SEARCHED_FIRST = 1 << 14  # bytes searched at first: what is looked for is mostly near


def is_damage(error: BaseException) -> bool:
    """Tell an error that damaged data makes from one of the disk or the network.

    The libraries raise ``OSError`` of their own for damage, without a number, and the system says
    ``EINVAL`` of a place that no file has.
    """
    return not isinstance(error, OSError) or error.errno in {None, errno.EINVAL}


class View(Protocol):
    """Bytes that can be read at any position."""

    @property
    def problem(self) -> str:
        """What cut the bytes short, in a word; empty while nothing did."""

    def read(self, position: int, size: int) -> bytes:
        """Return ``size`` bytes from ``position`` on; fewer at the end alone."""

    def forget(self, position: int) -> None:
        """Say that what lies before a position is hardly asked for any more."""


class Readable(Protocol):
    """A file to read from, as far as a view needs it."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Move to an offset."""

    def read(self, size: int = -1, /) -> bytes:
        """Return bytes from the offset on."""


class FileView:
    """A file, or a part of it, by the positions in the file."""

    problem = ""

    def __init__(self, file: Readable, end: int | None = None, size: int | None = None) -> None:
        self._file = file
        size = file.seek(0, 2) if size is None else size
        self.end = size if end is None else min(end, size)
        self._base = 0
        self._buffer = b""

    def read(self, position: int, size: int) -> bytes:
        """Return ``size`` bytes from ``position`` on; fewer at the end alone."""
        size = min(size, self.end - position)
        if size <= 0:
            return b""
        start = position - self._base
        if start < 0 or start + size > len(self._buffer):
            self._file.seek(position)
            data = self._file.read(max(size, min(_CHUNK, self.end - position)))
            if size > _CHUNK:
                return data  # large pieces are not kept
            self._buffer, self._base, start = data, position, 0
        return self._buffer[start : start + size]

    def forget(self, position: int) -> None:
        """Do nothing: a file is read anew at no cost."""


class Inflater(Protocol):
    """A compressed stream that gives its content piece by piece."""

    end: int | None
    """Position in the file after the stream, once it ended well."""
    problem: str
    """What is wrong with the stream, in a word, once that showed."""

    def read(self) -> bytes:
        """Return the next bytes, a bounded number; none at the end."""


class InflatedView:
    """The content of a compressed stream, as a view."""

    def __init__(self, open_stream: Callable[[], Inflater], keep: int) -> None:
        """``keep`` is how many bytes are kept, at most, before those that were asked for last."""
        self._open = open_stream
        self._keep = keep
        self._restart()

    @property
    def problem(self) -> str:
        """What cut the stream short; empty while nothing did."""
        return self._stream.problem

    @property
    def compressed_end(self) -> int | None:
        """Position in the file after the stream, once it was read to a good end."""
        return self._stream.end if self._ended else None

    def _restart(self) -> None:
        self._stream = self._open()
        self._buffer = bytearray()
        self._base = 0
        self._mark = 0
        self._ended = False

    def forget(self, position: int) -> None:
        """Let what lies before a position go, when there is need."""
        self._mark = position

    def read(self, position: int, size: int) -> bytes:
        """Return ``size`` bytes from ``position`` on; fewer at the end alone."""
        if position < self._base:
            self._restart()
        while not self._ended and self._base + len(self._buffer) < position + size:
            self._grow(position)
        start = position - self._base
        with memoryview(self._buffer) as buffer:  # one copy instead of two
            return bytes(buffer[start : start + size])

    def _grow(self, position: int) -> None:
        """Inflate a piece; let go of what is no longer needed, or too far before ``position``."""
        needed = min(max(self._mark, position - self._keep), position)
        done = min(needed - self._base, len(self._buffer))
        if done > _CHUNK and 3 * done > len(self._buffer):  # what is kept is moved
            del self._buffer[:done]
            self._base += done
        piece = self._stream.read()
        self._buffer += piece
        self._ended = not piece


def search(
    view: View, pattern: re.Pattern[bytes], start: int, end: int | None = None, reach: int = 128
) -> int | None:
    """Return where a pattern is first matched from ``start`` on, its begin before ``end``.

    ``reach`` is the most bytes that a match takes, with what the pattern looks ahead for.
    """
    return next(search_all(view, pattern, start, end, reach), None)


def search_all(
    view: View, pattern: re.Pattern[bytes], start: int, end: int | None = None, reach: int = 128
) -> Iterator[int]:
    """Yield where a pattern is matched from ``start`` on, each begin before ``end``."""
    position = start
    size = _SEARCHED_FIRST
    while end is None or position < end:
        size = size if end is None else min(size, end - position)
        # One byte before, for what a pattern looks behind at.
        back = 1 if position else 0
        data = view.read(position - back, back + size + reach)
        match = pattern.search(data, back)
        while match and match.start() < back + size:
            yield position - back + match.start()
            match = pattern.search(data, match.start() + 1)
        position += size
        if len(data) < back + size:
            return
        size = min(4 * size, _SEARCHED)


def chunks(view: View, start: int, end: int) -> Iterator[bytes]:
    """Yield the bytes of a stretch in pieces."""
    while start < end:
        data = view.read(start, min(_SEARCHED, end - start))
        if not data:
            return
        yield data
        start += len(data)


def end_of(view: View, start: int) -> int:
    """Return the position after the last byte of a view; ``start`` is one that it reaches."""
    if isinstance(view, FileView):
        return view.end
    while data := view.read(start, _SEARCHED):
        start += len(data)
    return start
