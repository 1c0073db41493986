"""Zip archives of pages, and WACZ: a zip with WARC files in it. Nothing is unpacked to disk."""

from __future__ import annotations

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from cleaner.archive.inputs.files import item_of_file, refusal_by_name
from cleaner.archive.inputs.options import InputOptions
from cleaner.archive.inputs.views import FileView, is_damage
from cleaner.archive.inputs.warc import open_warc, read_warc
from cleaner.archive.records import Fault, Item, Skip, Source

FOLDER = "folder"
INDEX = "index"
ENCRYPTED = "encrypted"
BROKEN_ZIP = "zip"

_LOCAL_HEAD = 30  # bytes before the name in an entry's own header
_END = 1 << 16  # bytes at the end of a zip in which its directory is named
_IS_ENCRYPTED = 1
_ARCHIVE = re.compile(r"\.w?arc(?:\.gz|\.zst)?\Z", re.I)
_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


def open_zip(file: BinaryIO) -> zipfile.ZipFile:
    """Return an opened zip. Raises ``BadZipFile`` where its directory cannot be read."""
    try:
        return zipfile.ZipFile(file)
    except _ERRORS as error:  # a damaged directory shows as any of these
        if not is_damage(error):
            raise
        # zipfile takes a failing disk for damage, too: read what it should have read.
        file.seek(max(file.seek(0, 2) - _END, 0))
        file.read(_END)
        raise zipfile.BadZipFile(str(error)) from error


def read_zip(
    file: BinaryIO, path: str, start: int, end: int | None, options: InputOptions
) -> Iterator[Item]:
    """Yield the items of a zip whose entries begin in ``start <= offset < end``."""
    try:
        archive = open_zip(file)
    except zipfile.BadZipFile as error:
        if not start:
            size = file.seek(0, 2)
            yield Fault(Source(path, 0, size), BROKEN_ZIP, str(error))
        return
    with archive:
        for info in entries(archive):
            if _belongs(info, start, end):
                yield _read_entry(archive, file, path, info, options)


def entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the entries of a zip in the order they lie in it."""
    return sorted(archive.infolist(), key=entry_offset)


def entry_offset(info: zipfile.ZipInfo) -> int:
    """Return where an entry begins; a damaged directory can place it before the file."""
    return max(info.header_offset, 0)


def _belongs(info: zipfile.ZipInfo, start: int, end: int | None) -> bool:
    offset = entry_offset(info)
    return start <= offset and (end is None or offset < end)


def _data_offset(file: BinaryIO, info: zipfile.ZipInfo) -> int | None:
    """Return where the content of an entry begins, ``None`` where its header is damaged."""
    file.seek(entry_offset(info))
    head = file.read(_LOCAL_HEAD)
    if len(head) < _LOCAL_HEAD or not head.startswith(b"PK\x03\x04"):
        return None
    name, extra = struct.unpack("<HH", head[26:30])
    return entry_offset(info) + _LOCAL_HEAD + int(name) + int(extra)


def is_archive(info: zipfile.ZipInfo) -> bool:
    """Tell a file of records in a WACZ."""
    return _ARCHIVE.search(info.filename) is not None


def _source(file: BinaryIO, path: str, info: zipfile.ZipInfo) -> Source:
    begin = _data_offset(file, info)
    length = None if begin is None else begin + info.compress_size - entry_offset(info)
    return Source(path, entry_offset(info), length, info.filename)


def _read_entry(
    archive: zipfile.ZipFile,
    file: BinaryIO,
    path: str,
    info: zipfile.ZipInfo,
    options: InputOptions,
) -> Item:
    source = _source(file, path, info)
    if info.filename.endswith("/"):
        return Skip(source, FOLDER)
    if info.flag_bits & _IS_ENCRYPTED:
        return Fault(source, ENCRYPTED)
    refusal = refusal_by_name(info.filename, info.file_size, source, options)
    if refusal is not None:
        return refusal
    try:
        with archive.open(info) as entry:
            data = entry.read(options.max_bytes + 1)
            entry.read(1)  # the checksum is compared at the end alone
    except _ERRORS as error:
        if not is_damage(error):
            raise
        return Fault(source, BROKEN_ZIP, str(error))
    return item_of_file(info.filename, data, source, options)


def read_wacz(
    file: BinaryIO, path: str, start: int, end: int | None, options: InputOptions
) -> Iterator[Item]:
    """Yield the items of a WACZ's WARC files that begin in ``start <= offset < end``.

    A WACZ whose directory is lost is read as what most of it is, the gzip members of its records.
    """
    try:
        archive = open_zip(file)
    except zipfile.BadZipFile:
        yield from read_warc(open_warc(FileView(file), path + ".gz"), start, end, options)
        return
    with archive:
        for info, stored in stretches(archive, file):
            if not is_archive(info):
                if _belongs(info, start, end):
                    yield Skip(
                        _source(file, path, info), FOLDER if info.filename.endswith("/") else INDEX
                    )
            elif stored is not None:
                begin, stop = stored
                if start < stop and (end is None or begin < end):
                    warc = open_warc(FileView(file, stop), path, begin, info.filename)
                    yield from read_warc(warc, max(start, begin), end, options)
            elif _belongs(info, start, end):
                yield from _read_packed(archive, file, path, info, options)


def stretches(
    archive: zipfile.ZipFile, file: BinaryIO
) -> Iterator[tuple[zipfile.ZipInfo, tuple[int, int] | None]]:
    """Yield the entries with begin and end of those that are stored as they are.

    The end is never behind the next entry; one whose own header is damaged begins with that.
    """
    found = entries(archive)
    begins = [*(entry_offset(info) for info in found), archive.start_dir]
    for info, limit in zip(found, begins[1:], strict=True):
        if info.compress_type != zipfile.ZIP_STORED:
            yield info, None
            continue
        begin = _data_offset(file, info)
        stop = limit if begin is None else min(begin + info.compress_size, limit)
        begin = entry_offset(info) if begin is None or begin > stop else begin
        yield info, (begin, max(begin, stop))


def _read_packed(
    archive: zipfile.ZipFile,
    file: BinaryIO,
    path: str,
    info: zipfile.ZipInfo,
    options: InputOptions,
) -> Iterator[Item]:
    """Read a WARC file that was compressed once more, against the rules of WACZ."""
    outer = _source(file, path, info)
    try:
        with archive.open(info) as entry:
            view = FileView(entry, size=info.file_size)
            for item in read_warc(open_warc(view, path, 0, info.filename), 0, None, options):
                yield replace(item, source=_inside(outer, item.source))
    except _ERRORS as error:
        if not is_damage(error):
            raise
        yield Fault(outer, BROKEN_ZIP, str(error))


def _inside(outer: Source, inner: Source) -> Source:
    """Return the place of an item in a stream that lies compressed in the file."""
    return replace(
        inner,
        offset=outer.offset,
        length=outer.length,
        inflated_offset=inner.offset,
        inflated_length=inner.length,
    )
