"""A shard as a row of items: the one place that knows all readers."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO
from urllib.parse import quote

from cleaner.archive.inputs import detect
from cleaner.archive.inputs.files import EMPTY, SPECIAL, read_files, refused
from cleaner.archive.inputs.jsonl import read_jsonl
from cleaner.archive.inputs.options import InputOptions
from cleaner.archive.inputs.tables import read_parquet
from cleaner.archive.inputs.tars import read_tar
from cleaner.archive.inputs.views import FileView
from cleaner.archive.inputs.warc import open_warc, read_warc
from cleaner.archive.inputs.zips import read_wacz, read_zip
from cleaner.archive.records import Fault, Item, Record, Shard, Skip, Source
from cleaner.errors import OptionError


def read_shard(shard: Shard, options: InputOptions) -> Iterator[Item]:
    """Yield the items of a shard in the order of the input, in bounded memory.

    Bad input never raises: what cannot be read is a ``Fault`` with its place and a reason.
    Raises ``OSError`` where the disk or the network fails amid a file, ``InputError`` where a
    library is missing, and ``OptionError`` for an unknown kind of shard.
    """
    items = _read_all(shard, options)
    if options.base and shard.kind in (detect.FOLDER, detect.ZIP, detect.TAR):
        return (_with_address(item, shard, options.base) for item in items)
    return items


def _read_all(shard: Shard, options: InputOptions) -> Iterator[Item]:
    if shard.kind == detect.FOLDER:
        yield from read_files(shard.files, options)
        return
    for path in shard.files:
        file = _open(path)
        if isinstance(file, Fault | Skip):
            yield file
            continue
        with file:
            yield from _read(file, path, shard, options)


def _with_address(item: Item, shard: Shard, base: str) -> Item:
    """Return a page with the address that its path gives it; MHTML knows its own."""
    if not isinstance(item, Record) or item.url or item.media_type == "mhtml":
        return item
    file = item.source.file
    path = item.source.member or os.path.relpath(file, shard.root or os.path.dirname(file) or ".")
    name = quote(os.fsencode(path.replace(os.sep, "/")))
    return replace(item, url=f"{base.rstrip('/')}/{name}")


def _open(path: str) -> BinaryIO | Fault | Skip:
    """Return an opened file, or why it is not read."""
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for its writer
            return Skip(Source(path), SPECIAL)
        if not status.st_size:
            return Skip(Source(path, 0, 0), EMPTY)
        return open(path, "rb")
    except OSError as error:
        return refused(Source(path), error)


def _read(file: BinaryIO, path: str, shard: Shard, options: InputOptions) -> Iterator[Item]:
    start, end = shard.start, shard.end
    if shard.kind == detect.WARC:
        return read_warc(open_warc(FileView(file), path), start, end, options)
    if shard.kind == detect.JSONL:
        return read_jsonl(FileView(file), path, start, end, shard.first_row, options)
    readers = {
        detect.WACZ: read_wacz,
        detect.ZIP: read_zip,
        detect.TAR: read_tar,
        detect.PARQUET: read_parquet,
    }
    reader = readers.get(shard.kind)
    if reader is None:
        raise OptionError(f"unknown kind of shard {shard.kind!r}")
    return reader(file, path, start, end, options)
