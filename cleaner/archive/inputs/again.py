"""A record read again from where its source says it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

from cleaner.archive.inputs import detect
from cleaner.archive.inputs.options import InputOptions
from cleaner.archive.inputs.reader import read_shard
from cleaner.archive.inputs.tables import row_groups
from cleaner.archive.records import Item, Record, Shard, Source
from cleaner.errors import InputError


def read_again(source: Source, options: InputOptions | None = None) -> Record:
    """Return the record that a source is of, the same as it was read at first.

    What the source leaves open may be anything: a file and an offset are enough for a WARC file.
    A page in a folder has no address here, whatever ``options.base`` says: the row has it.
    Raises ``InputError`` where the file is missing, or holds no such record (any more).
    """
    chosen = replace(options or InputOptions(), base=None)
    for item in _items_at(source, chosen):
        if not _agrees(item.source, source):
            continue
        if isinstance(item, Record):
            return item
        raise InputError(f"{source.file!r} holds no page at {_place(source)}, but: {item.reason}")
    raise InputError(f"{source.file!r} holds no record at {_place(source)}: was it changed?")


def _agrees(found: Source, source: Source) -> bool:
    """Return whether a source is the one that is sought, as far as that says."""
    names = (field.name for field in fields(Source))
    return all(getattr(source, n) in (None, "", getattr(found, n)) for n in names)


def _place(source: Source) -> str:
    """Return all that a source says of the place, in words."""
    known = ((field.name, getattr(source, field.name)) for field in fields(Source)[1:])
    said = [f"{name.replace('_', ' ')} {value}" for name, value in known if value not in (None, "")]
    return ", ".join(said) or "its beginning"


def read_raw(source: Source, max_bytes: int) -> bytes:
    """Return the bytes that a source covers in its file, at most ``max_bytes``.

    They are compressed where the file is. Raises ``InputError`` where the file cannot be read.
    """
    try:
        with open(source.file, "rb") as file:
            file.seek(source.offset or 0)
            size = max_bytes if source.length is None else min(source.length, max_bytes)
            return file.read(size)
    except OSError as error:
        raise InputError(f"{source.file!r} cannot be read: {error.strerror}") from error


def _items_at(source: Source, options: InputOptions) -> Iterator[Item]:
    try:
        with open(source.file, "rb") as file:
            kind = detect.find_kind(file, source.file)
    except OSError as error:
        raise InputError(f"{source.file!r} cannot be read: {error.strerror}") from error
    shard = Shard(0, kind, (source.file,))
    if kind == detect.PARQUET:
        start = _group_of(source)
        return read_shard(replace(shard, start=start, end=start + 1), options)
    start = source.offset or 0
    if kind == detect.TAR and source.inflated_offset is not None:
        start = source.inflated_offset
    row = source.row or 0
    return read_shard(replace(shard, start=start, end=start + 1, first_row=row), options)


def _group_of(source: Source) -> int:
    """Return the first row of the row group that a row is in; 0 where the file is broken."""
    with open(source.file, "rb") as file:
        starts = [0, *(first for first, _ in row_groups(file))]
    return max(start for start in starts if start <= (source.row or 0))
