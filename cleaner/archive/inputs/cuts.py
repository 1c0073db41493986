"""Where big files can be cut, so that the parts give the same items as the whole.

A cut must be a place that every reading of the file comes by. In plain files, zstd frames, zips and
tars that is known by walking from the start. Gzip members show their ends only when inflated,
so a cut is looked for near where it is wanted: a member of an unbroken chain of members that
is longer than what could lie stored inside of another one.
"""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from cleaner.archive.inputs import detect
from cleaner.archive.inputs.codecs import Codec, GzipCodec, ZstdCodec, peek, walk_frame
from cleaner.archive.inputs.jsonl import count_lines, next_line
from cleaner.archive.inputs.splitter import split_records
from cleaner.archive.inputs.tables import row_groups
from cleaner.archive.inputs.tars import open_inflated
from cleaner.archive.inputs.views import FileView
from cleaner.archive.inputs.warc import WarcFile, find_codec, next_stream, open_warc
from cleaner.archive.inputs.zips import entry_offset, is_archive, open_zip, stretches

# Deflate stores what it cannot compress in blocks of at most 65,535 bytes, each with a head of
# five: a chain of members that is longer cannot lie inside of another member.
_PROOF = 65_536 + 5

Cut = tuple[int, int]
"""An offset (or row of Parquet), and the number of lines before it."""


def cuts_of(file: BinaryIO, path: str, kind: str, step: int) -> Iterator[Cut]:
    """Yield the cuts of a file, about ``step`` bytes apart; none where ``step`` is 0."""
    view = FileView(file)
    if not step or (view.end <= step and kind != detect.PARQUET):
        return
    if kind == detect.JSONL:
        yield from _line_cuts(view, path, step)
        return
    if kind == detect.WARC:
        found = _warc_cuts(open_warc(view, path), 0, view.end, step)
    elif kind == detect.PARQUET:
        found = _row_cuts(file, step)
    elif kind == detect.TAR:
        found = _spaced(_tar_starts(file), step)
    else:
        found = _zip_cuts(file, path, kind, step)
    for cut in found:
        yield cut, 0


def _spaced(starts: Iterator[int], step: int) -> Iterator[int]:
    """Yield the first of the starts in every ``step`` bytes."""
    last = 0
    for start in starts:
        if start - last >= step:
            yield start
            last = start


def _line_cuts(view: FileView, path: str, step: int) -> Iterator[Cut]:
    if find_codec(view, path) is not None:
        return
    row = last = 0
    while (cut := next_line(view, last + step)) is not None and cut < view.end:
        row += count_lines(view, last, cut)
        yield cut, row
        last = cut


def _warc_cuts(warc: WarcFile, start: int, end: int, step: int) -> Iterator[int]:
    if warc.codec is None:
        stretches = split_records(warc.view, start, warc.form)
        yield from (cut + start for cut in _spaced((s.start - start for s in stretches), step))
    elif isinstance(warc.codec, ZstdCodec):
        frames = _frame_starts(warc, warc.codec, start)
        yield from (cut + start for cut in _spaced((f - start for f in frames), step))
    elif isinstance(warc.codec, GzipCodec):
        while (cut := _chained_start(warc, warc.codec, start + step, end)) is not None:
            yield cut
            start = cut


def _frame_starts(warc: WarcFile, codec: ZstdCodec, position: int) -> Iterator[int]:
    """Yield where the frames of a file begin that hold records."""
    while head := warc.view.read(position, 8):
        after = codec.skippable(warc.view, position)
        if after is None and codec.begins(head):
            if warc.form.begins(peek(codec.open(warc.view, position))):
                yield position
            after = walk_frame(warc.view, position)
        position = next_stream(warc, codec, position) if after is None else after


def _chained_start(warc: WarcFile, codec: Codec, position: int, end: int) -> int | None:
    """Return the first member from a position on that begins a long unbroken chain."""
    found = codec.find(warc.view, position, warc.form.begins) if position < end else None
    while found is not None and not _is_chained(warc, codec, found, end):
        found = codec.find(warc.view, found + 1, warc.form.begins)
    return found


def _is_chained(warc: WarcFile, codec: Codec, start: int, end: int) -> bool:
    position = start
    while position < end and position - start < _PROOF:
        if not codec.begins(warc.view.read(position, 8)):
            return False
        member = codec.open(warc.view, position)
        while member.read():
            pass
        if member.end is None:
            return False
        position = member.end
    return True


def _zip_cuts(file: BinaryIO, path: str, kind: str, step: int) -> Iterator[int]:
    """Yield cuts at entries; in a WACZ also inside its files of records."""
    try:
        archive = open_zip(file)
    except zipfile.BadZipFile:
        return
    last = 0
    with archive:
        for info, stored in stretches(archive, file):
            offset = entry_offset(info)
            if offset - last >= step:
                yield offset
                last = offset
            if kind == detect.WACZ and is_archive(info) and stored is not None:
                begin, end = stored
                warc = open_warc(FileView(file, end), path, begin, info.filename)
                for cut in _warc_cuts(warc, begin, end, step):
                    yield cut
                    last = cut


def _tar_starts(file: BinaryIO) -> Iterator[int]:
    if open_inflated(file) is not None:
        return
    file.seek(0)
    try:
        opened: Any = tarfile.open(fileobj=file, mode="r:", ignore_zeros=True)  # noqa: SIM115
        with opened as archive:
            while (info := archive.next()) is not None:
                archive.members.clear()
                yield info.offset
    except (tarfile.TarError, OSError, ValueError):
        return


def _row_cuts(file: BinaryIO, step: int) -> Iterator[int]:
    size = 0
    for first, length in row_groups(file):
        if size >= step:
            yield first
            size = 0
        size += length
