"""WARC and ARC files, plain or compressed: every byte as a record, a skip or a fault.

A compressed file is walked stream by stream, gzip members or zstd frames, so that a damaged one
costs no other. A stream usually holds one record; where it holds several, each has its place in
the inflated stream as well.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from functools import partial

from cleaner.archive.inputs.codecs import (
    DICTIONARY_MAGIC,
    GZIP_MAGIC,
    ZSTD_MAGIC,
    Codec,
    GzipCodec,
    ZstdCodec,
    peek,
)
from cleaner.archive.inputs.heads import ARC, WARC, Format, begins_record
from cleaner.archive.inputs.items import Built, build_item, with_hints
from cleaner.archive.inputs.options import InputOptions
from cleaner.archive.inputs.splitter import NO_RECORD, ZEROS, split_records
from cleaner.archive.inputs.views import InflatedView, View, end_of, search
from cleaner.archive.records import Fault, Item, Record, Skip, Source

EMPTY_STREAM = "empty-member"
SKIPPABLE = "skippable-frame"

_MAGIC = {GZIP_MAGIC: ".gz", ZSTD_MAGIC: ".zst", DICTIONARY_MAGIC: ".zst"}
_NOT_ZERO = re.compile(rb"[^\0]")
_KEEP = 2 << 20  # bytes of an inflated stream kept besides the largest page


@dataclass(frozen=True, slots=True)
class WarcFile:
    """An opened WARC or ARC file, or one that lies in a WACZ."""

    view: View
    file: str
    codec: Codec | None
    """``None`` for a plain file."""
    form: Format
    member: str = ""

    def source(self, offset: int, length: int | None) -> Source:
        """Return the place of a stretch of the file."""
        return Source(self.file, offset, length, self.member)


def open_warc(view: View, file: str, start: int = 0, member: str = "") -> WarcFile:
    """Return a file of records by what its first bytes are; ``file`` and ``member`` name it."""
    head = view.read(start, 1 << 14)
    codec = find_codec(view, file=member or file, start=start)
    if codec is not None and codec.begins(head):
        head = peek(codec.open(view, start))
    name = (member or file).lower()
    is_arc = ARC.begins(head) or (not begins_record(head) and ".arc" in name[-8:])
    return WarcFile(view, file, codec, ARC if is_arc else WARC, member)


def find_codec(view: View, file: str, start: int = 0) -> Codec | None:
    """Return how a file is compressed: by its name where its first bytes are damaged."""
    head = view.read(start, 1 << 14)
    if begins_record(head):
        return None
    named = next((suffix for suffix in (".gz", ".zst") if file.lower().endswith(suffix)), "")
    shown = next((suffix for magic, suffix in _MAGIC.items() if head.startswith(magic)), "")
    if shown and shown != named:
        codec = _codec(shown, view, start)
        first = codec.open(view, codec.skippable(view, start) or start)
        shown = shown if peek(first) and not first.problem else ""
    return _codec(shown or named, view, start) if shown or named else None


def _codec(suffix: str, view: View, start: int) -> Codec:
    return GzipCodec() if suffix == ".gz" else ZstdCodec.of_file(view, start)


def read_warc(warc: WarcFile, start: int, end: int | None, options: InputOptions) -> Iterator[Item]:
    """Yield the items that begin in ``start <= offset < end``, in the order of the file."""
    built = _read_streams(warc, start, options) if warc.codec else _read_plain(warc, start, options)
    held: Record | None = None
    for each in built:
        if held is not None:
            yield with_hints(held, each.hints) if each.hints else held
            held = None
        if end is not None and (each.item.source.offset or 0) >= end:
            return
        if isinstance(each.item, Record):
            held = each.item  # the next record may say what character set it is in
        else:
            yield each.item
    if held is not None:
        yield held


def _read_plain(warc: WarcFile, start: int, options: InputOptions) -> Iterator[Built]:
    for stretch in split_records(warc.view, start, warc.form):
        source = warc.source(stretch.start, stretch.end - stretch.start)
        yield build_item(warc.view, stretch, source, options)


def _read_streams(warc: WarcFile, start: int, options: InputOptions) -> Iterator[Built]:
    codec = warc.codec
    if codec is None:
        return
    position = start
    while head := warc.view.read(position, 8):
        if codec.begins(head):
            position = yield from _read_stream(warc, codec, position, options)
            continue
        skipped = codec.skippable(warc.view, position)
        if skipped is not None and warc.view.read(skipped - 1, 1):
            yield Built(Skip(warc.source(position, skipped - position), SKIPPABLE))
            position = skipped
            continue
        after = next_stream(warc, codec, position)
        reason = ZEROS if search(warc.view, _NOT_ZERO, position, after) is None else NO_RECORD
        source = warc.source(position, after - position)
        yield Built(Fault(source, reason, f"{after - position} bytes"))
        position = after


def next_stream(warc: WarcFile, codec: Codec, position: int) -> int:
    """Return where the next stream with records begins behind a position, or the file's end."""
    found = codec.find(warc.view, position + 1, warc.form.begins)
    return end_of(warc.view, position) if found is None else found


def _read_stream(
    warc: WarcFile, codec: Codec, position: int, options: InputOptions
) -> Generator[Built, None, int]:
    """Yield the items of one stream; return where the next one begins."""
    inflated = InflatedView(partial(codec.open, warc.view, position), options.max_bytes + _KEEP)
    after: int | None = None
    for stretch in split_records(inflated, 0, warc.form):
        source = warc.source(position, None)
        is_alone = False
        if not inflated.read(stretch.end, 1):  # the end of the stream is known
            after = inflated.compressed_end
            after = next_stream(warc, codec, position) if after is None else after
            is_alone = stretch.start == 0
            if is_alone or inflated.problem:
                source = replace(source, length=after - position)
        if not is_alone:
            length = stretch.end - stretch.start
            source = replace(source, inflated_offset=stretch.start, inflated_length=length)
        yield build_item(inflated, stretch, source, options)
        if after is not None:
            return after
    after = inflated.compressed_end
    if after is not None:
        yield Built(Skip(warc.source(position, after - position), EMPTY_STREAM))
        return after
    after = next_stream(warc, codec, position)
    yield Built(Fault(warc.source(position, after - position), inflated.problem))
    return after
