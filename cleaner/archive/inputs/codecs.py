"""Compressed files as a row of streams: gzip members and zstd frames, each inflated alone.

A damaged stream costs itself: the next one is found by its magic bytes and by what its first
bytes inflate to.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from typing import Any, Protocol

from cleaner.archive.inputs.views import Inflater, View, search_all
from cleaner.encoding import inflate_to_error
from cleaner.errors import InputError

GZIP_MAGIC = b"\x1f\x8b\x08"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
DICTIONARY_MAGIC = b"\x5d\x2a\x4d\x18"
_SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18", re.S)

_FEED = 1 << 16  # compressed bytes given to a decoder at once
_FIRST_FEED = 1 << 14  # most records end in it; what is fed in vain is copied
_PIECE = 1 << 18  # bytes inflated in one step
_HEAD = 512  # bytes that show what a stream holds
MAX_WINDOW = 1 << 27  # bytes; what the zstd command reads without being told to
_MAX_DICTIONARY = 64 << 20  # bytes
_BOMB_BYTES = 256 << 20  # a stream that inflates to more than this ...
_BOMB_RATIO = 500  # ... from so many times less is made to fill memory

BROKEN, CUT, CRC, TOO_LARGE = "broken", "cut", "crc", "too-large"


class Codec(Protocol):
    """How a file of compressed streams is walked."""

    def begins(self, head: bytes) -> bool:
        """Tell whether a stream begins with these bytes."""

    def open(self, view: View, position: int) -> Inflater:
        """Return the stream at a position."""

    def skippable(self, view: View, position: int) -> int | None:
        """Return where a part without content ends, if there is one at the position."""

    def find(self, view: View, position: int, holds: Callable[[bytes], bool]) -> int | None:
        """Return where the next stream begins whose content starts as it should."""


def is_bomb(inflated: int, compressed: int) -> bool:
    """Tell a stream that inflates out of all proportion."""
    return inflated > _BOMB_BYTES and inflated > _BOMB_RATIO * compressed


def _find(
    codec: Codec,
    view: View,
    position: int,
    magic: re.Pattern[bytes],
    holds: Callable[[bytes], bool],
) -> int | None:
    starts = search_all(view, magic, position)
    return next((start for start in starts if holds(peek(codec.open(view, start)))), None)


def peek(stream: Inflater) -> bytes:
    """Return the first bytes of a stream's content, as many as show what it is."""
    head = b""
    while len(head) < _HEAD and (piece := stream.read()):
        head += piece
    return head


class GzipCodec:
    """Gzip members, one after another."""

    _MAGIC = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]", re.S)

    def begins(self, head: bytes) -> bool:
        """Tell whether a member begins with these bytes."""
        return head.startswith(GZIP_MAGIC)

    def open(self, view: View, position: int) -> Inflater:
        """Return the member at a position."""
        return GzipInflater(view, position)

    def skippable(self, view: View, position: int) -> int | None:
        """Return ``None``: all of gzip's members hold content."""
        return None

    def find(self, view: View, position: int, holds: Callable[[bytes], bool]) -> int | None:
        """Return where the next member begins whose content starts as it should."""
        return _find(self, view, position, self._MAGIC, holds)


class GzipInflater:
    """One gzip member. What stands before an error is given, and the checksum is told apart."""

    def __init__(self, view: View, position: int) -> None:
        self.end: int | None = None
        self.problem = ""
        self._view = view
        self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
        self._begin = position
        self._rest = b""
        self._crc = 0
        self._size = 0
        header = view.read(position, _FIRST_FEED)
        length = _gzip_header(header)
        if length is None:
            self.problem = CUT if len(header) < _FIRST_FEED else BROKEN
        self._feed = _FIRST_FEED
        self._at = position + (length or 0)

    def read(self) -> bytes:
        """Return the next bytes, a bounded number; none at the end or where the member breaks."""
        while not self.problem and self.end is None:
            data = self._rest or self._view.read(self._at, self._feed)
            self._feed = _FEED
            if not self._rest:
                self._at += len(data)
            piece = self._inflate(data)
            if self._stream.eof:
                self._finish(piece)
            elif not data and not piece:
                self.problem = CUT
            elif is_bomb(self._size + len(piece), self._at - self._begin):
                self.problem = TOO_LARGE
                return b""
            if piece:
                self._crc = zlib.crc32(piece, self._crc)
                self._size += len(piece)
                return piece
        return b""

    def _inflate(self, data: bytes) -> bytes:
        before = self._stream.copy()
        try:
            piece = self._stream.decompress(data, _PIECE)
        except zlib.error:
            self.problem = BROKEN
            return inflate_to_error(before, data)
        self._rest = self._stream.unconsumed_tail
        return piece

    def _finish(self, piece: bytes) -> None:
        """Compare the trailer with what was inflated."""
        end = self._at - len(self._stream.unused_data)
        trailer = self._view.read(end, 8)
        size = (self._size + len(piece)) & 0xFFFFFFFF
        expected = zlib.crc32(piece, self._crc).to_bytes(4, "little") + size.to_bytes(4, "little")
        if len(trailer) < 8:
            self.problem = CUT
        elif trailer != expected:
            self.problem = CRC
        else:
            self.end = end + 8


def _gzip_header(data: bytes) -> int | None:
    """Return the length of a member's header; ``None`` where it is cut off or none."""
    if len(data) < 10 or not data.startswith(GZIP_MAGIC):
        return None
    flags, length = data[3], 10
    if flags & 4:
        length += 2 + int.from_bytes(data[length : length + 2], "little")
    for flag in (8, 16):  # name, comment
        if flags & flag:
            length = data.find(b"\0", length) + 1
            if not length:
                return None
    length += 2 if flags & 2 else 0
    return length if length <= len(data) else None


class ZstdCodec:
    """Zstd frames, one after another, with the dictionary that the file may begin with."""

    _MAGIC = re.compile(re.escape(ZSTD_MAGIC), re.S)

    def __init__(self, dictionary: bytes | None = None) -> None:
        zstandard = zstd_library()
        self._library = zstandard
        data = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
        self._decompressor = zstandard.ZstdDecompressor(dict_data=data, max_window_size=MAX_WINDOW)

    @classmethod
    def of_file(cls, view: View, start: int = 0) -> ZstdCodec:
        """Return the codec of a file, with the dictionary in its first frame, if it has one."""
        head = view.read(start, 8)
        if not head.startswith(DICTIONARY_MAGIC) or len(head) < 8:
            return cls()
        size = int.from_bytes(head[4:8], "little")
        dictionary = view.read(start + 8, size) if size <= _MAX_DICTIONARY else b""
        if dictionary.startswith(ZSTD_MAGIC):
            whole = FrameInflater(cls(), io.BytesIO(dictionary), len(dictionary))
            dictionary = b""
            while len(dictionary) <= _MAX_DICTIONARY and (piece := whole.read()):
                dictionary += piece
        return cls(dictionary)

    def begins(self, head: bytes) -> bool:
        """Tell whether a frame begins with these bytes."""
        return head.startswith(ZSTD_MAGIC)

    def open(self, view: View, position: int) -> Inflater:
        """Return the frame at a position."""
        end = walk_frame(view, position)
        return FrameInflater(self, _Stretch(view, position, end), end)

    def stream_reader(self, source: Any) -> Any:
        """Return a reader of the first frame in a source."""
        return self._decompressor.stream_reader(source, read_size=_FEED, read_across_frames=False)

    @property
    def error(self) -> type[Exception]:
        """The error that the library raises for a broken frame."""
        error: type[Exception] = self._library.ZstdError
        return error

    def skippable(self, view: View, position: int) -> int | None:
        """Return where a skippable frame ends, if there is one at the position."""
        head = view.read(position, 8)
        if len(head) < 8 or not _SKIPPABLE.match(head):
            return None
        return position + 8 + int.from_bytes(head[4:], "little")

    def find(self, view: View, position: int, holds: Callable[[bytes], bool]) -> int | None:
        """Return where the next frame begins whose content starts as it should."""
        return _find(self, view, position, self._MAGIC, holds)


class _Stretch:
    """A part of a view as a file to read from."""

    def __init__(self, view: View, position: int, end: int | None) -> None:
        self._view = view
        self.start = self.position = position
        self._end = end

    def read(self, size: int = -1) -> bytes:
        size = _FEED if size < 0 else size
        if self._end is not None:
            size = min(size, self._end - self.position)
        data = self._view.read(self.position, size)
        self.position += len(data)
        return data


class FrameInflater:
    """One zstd frame; its end is known from the sizes of its blocks."""

    def __init__(self, codec: ZstdCodec, source: Any, end: int | None) -> None:
        self.end: int | None = None
        self.problem = ""
        self._end = end
        self._source = source
        self._error = codec.error
        self._reader = codec.stream_reader(source)
        self._size = 0

    def read(self) -> bytes:
        """Return the next bytes, a bounded number; none at the end or where the frame breaks."""
        if self.problem or self.end is not None:
            return b""
        try:
            piece: bytes = self._reader.read(_FEED)
        except self._error as error:
            self.problem = CRC if "checksum" in str(error) else BROKEN
            return b""
        except MemoryError:
            self.problem = TOO_LARGE
            return b""
        self._size += len(piece)
        if isinstance(self._source, _Stretch) and is_bomb(
            self._size, self._source.position - self._source.start
        ):
            self.problem = TOO_LARGE
            return b""
        if not piece:
            self.end = self._end
            self.problem = CUT if self._end is None else ""
        return piece


def walk_frame(view: View, position: int) -> int | None:
    """Return where a zstd frame ends, by its headers alone; ``None`` where it is cut or broken."""
    head = view.read(position, 5)
    if len(head) < 5 or not head.startswith(ZSTD_MAGIC):
        return None
    descriptor = head[4]
    single = descriptor >> 5 & 1
    content_size = (single, 2, 4, 8)[descriptor >> 6]
    position += 5 + (1 - single) + (0, 1, 2, 4)[descriptor & 3] + content_size
    while True:
        header = view.read(position, 3)
        if len(header) < 3:
            return None
        block = int.from_bytes(header, "little")
        kind, size = block >> 1 & 3, block >> 3
        if kind == 3:
            return None
        position += 3 + (1 if kind == 1 else size)
        if block & 1:
            break
    position += 4 if descriptor & 4 else 0
    return position if view.read(position - 1, 1) else None


def zstd_library() -> Any:
    """Return the zstd library. Raises ``InputError`` where it is not installed."""
    try:
        import zstandard
    except ImportError as error:
        raise InputError(
            "the input is compressed with zstd; to read it, install the extra: "
            "pip install 'cleaner[archive]' (or zstandard alone)"
        ) from error
    return zstandard


def zstd_errors() -> tuple[type[Exception], ...]:
    """Return the errors that the zstd library raises for broken data; none without it."""
    try:
        return (zstd_library().ZstdError,)
    except InputError:
        return ()
