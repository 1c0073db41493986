"""Tar archives of pages, plain or compressed. Nothing is unpacked to disk."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from cleaner.archive.inputs.codecs import MAX_WINDOW, zstd_errors, zstd_library
from cleaner.archive.inputs.files import SPECIAL, item_of_file, refusal_by_name
from cleaner.archive.inputs.options import InputOptions
from cleaner.archive.inputs.splitter import NO_RECORD
from cleaner.archive.inputs.views import FileView, is_damage, search
from cleaner.archive.inputs.zips import FOLDER
from cleaner.archive.records import Fault, Item, Skip, Source

LINK = "link"
BROKEN_TAR = "tar"

_MAX_TAR_HEAD = 1 << 20  # bytes; long names and attributes are far below
_NOT_ZERO = re.compile(rb"[^\0]")
_OPENERS: dict[bytes, Callable[[BinaryIO], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZ": bz2.open,
    b"\xfd7": lzma.open,
}
_ERRORS = (tarfile.TarError, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError)


class _Guarded:
    """A file that refuses reads larger than any honest tar asks for."""

    def __init__(self, file: Any, max_bytes: int) -> None:
        self._file = file
        self._max_bytes = max_bytes
        self.seek = file.seek
        self.tell = file.tell

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= self._max_bytes:
            raise tarfile.ReadError("a header is larger than any can be")
        data: bytes = self._file.read(size)
        return data


def open_inflated(file: BinaryIO) -> Any | None:
    """Return the content of a compressed tar as a file, ``None`` for a plain one."""
    head = file.read(4)
    file.seek(0)
    if head == b"\x28\xb5\x2f\xfd":
        zstd = zstd_library().ZstdDecompressor(max_window_size=MAX_WINDOW)
        return zstd.stream_reader(file, read_across_frames=True)
    opener = _OPENERS.get(head[:2])
    return opener(file) if opener else None


def read_tar(
    file: BinaryIO, path: str, start: int, end: int | None, options: InputOptions
) -> Iterator[Item]:
    """Yield the items of a tar whose entries begin in ``start <= offset < end``.

    Offsets of a compressed tar are those of its content. After a damaged header, the next one
    that is whole is looked for.
    """
    size = file.seek(0, 2)
    file.seek(0)
    inflated = open_inflated(file)
    content = file if inflated is None else inflated
    places = _Places(path, FileView(file) if inflated is None else None, size)
    broken: tuple[type[Exception], ...] = (*_ERRORS, *zstd_errors())
    done = start
    try:
        content.seek(start)
        guarded: Any = _Guarded(content, options.max_bytes + _MAX_TAR_HEAD)
        # Of no declared type, for its list of entries read so far is not either.
        opened: Any = tarfile.open(fileobj=guarded, mode="r:", ignore_zeros=True)  # noqa: SIM115
        with opened as archive:
            while (info := archive.next()) is not None and (end is None or info.offset < end):
                archive.members.clear()  # else it keeps all entries
                yield from places.gap(done, info.offset)
                done = _padded(info)
                yield _read_entry(archive, info, places.of(info), options)
            yield from places.gap(done, size if info is None else info.offset)
    except broken as error:
        if not is_damage(error):
            raise
        yield places.rest(done, str(error))


def _padded(info: tarfile.TarInfo) -> int:
    size = info.size if info.isreg() else 0
    return info.offset_data + -(-size // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE


class _Places:
    """Where the entries of a tar lie."""

    def __init__(self, path: str, view: FileView | None, size: int) -> None:
        self._path = path
        self._view = view
        """``None`` for a compressed tar."""
        self._size = size

    def _stretch(self, start: int, end: int, member: str = "") -> Source:
        if self._view is None:
            source = Source(self._path, 0, self._size, member)
            return replace(source, inflated_offset=start, inflated_length=end - start)
        return Source(self._path, start, min(end, self._size) - start, member)

    def of(self, info: tarfile.TarInfo) -> Source:
        """Return the place of an entry with its headers."""
        return self._stretch(info.offset, _padded(info), info.name)

    def gap(self, start: int, end: int) -> Iterator[Fault]:
        """Yield the gap between two entries, if anything is in it."""
        if self._view is not None and search(self._view, _NOT_ZERO, start, end) is not None:
            yield Fault(self._stretch(start, end), NO_RECORD, f"{end - start} bytes")

    def rest(self, start: int, detail: str) -> Fault:
        """Return all that follows a place where the file cannot be read on."""
        if self._view is None:
            return Fault(
                Source(self._path, 0, self._size, inflated_offset=start), BROKEN_TAR, detail
            )
        return Fault(self._stretch(start, max(self._size, start)), BROKEN_TAR, detail)


def _read_entry(
    archive: tarfile.TarFile, info: tarfile.TarInfo, source: Source, options: InputOptions
) -> Item:
    if info.isdir():
        return Skip(source, FOLDER)
    if not info.isreg():
        is_link = info.issym() or info.islnk()
        return Skip(source, LINK if is_link else SPECIAL, info.linkname[:200] if is_link else "")
    refusal = refusal_by_name(info.name, info.size, source, options)
    if refusal is not None:
        return refusal
    content = archive.extractfile(info)
    data = content.read() if content else b""
    if len(data) < info.size:
        return Fault(source, BROKEN_TAR, "the file is cut off")
    return item_of_file(info.name, data, source, options)
