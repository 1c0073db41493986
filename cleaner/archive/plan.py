"""Inputs to shards: which reader each is for, and where big files can be cut.

A plan depends on the inputs alone. Cuts are placed where a record begins in any reading of the
file, so that its parts give the same items as the whole.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from cleaner.archive.inputs import detect
from cleaner.archive.inputs.cuts import cuts_of
from cleaner.archive.inputs.files import matches
from cleaner.archive.inputs.options import InputOptions
from cleaner.archive.inputs.reader import read_shard
from cleaner.archive.records import Item, Shard
from cleaner.errors import InputError

_LIST = "@"
_STANDARD_INPUT = "-"


def plan(
    inputs: Sequence[str | Path], options: InputOptions, *, listing: BinaryIO | None = None
) -> list[Shard]:
    """Return the shards of inputs, in their order; folders in the order of their paths.

    An input is a file or a folder; ``-`` stands for the paths on standard input (or in
    ``listing``), a path a line, and ``@FILE`` for those in a file. Files of records in folders
    are read by their own readers; all others are pages or skipped.

    Raises ``InputError`` for an input that is missing or cannot be read.
    """
    shards: list[Shard] = []
    for path in _expand(inputs, listing):
        for shard in _plan_input(path, options):
            shards.append(replace(shard, index=len(shards)))
    return shards


def read_items(
    inputs: Sequence[str | Path],
    options: InputOptions | None = None,
    *,
    listing: BinaryIO | None = None,
) -> Iterator[Item]:
    """Yield the items of inputs, one after the other, in bounded memory.

    Raises what ``plan`` and ``read_shard`` raise.
    """
    chosen = options or InputOptions()
    for shard in plan(inputs, replace(chosen, shard_bytes=0), listing=listing):
        yield from read_shard(shard, chosen)


def _expand(inputs: Iterable[str | Path], listing: BinaryIO | None) -> Iterator[str]:
    for given in inputs:
        path = os.fspath(given)
        if path == _STANDARD_INPUT:
            yield from _lines(listing or sys.stdin.buffer)
        elif path.startswith(_LIST) and not os.path.lexists(path):
            try:
                with open(path[1:], "rb") as file:
                    yield from _lines(file)
            except OSError as error:
                raise InputError(
                    f"the list {path[1:]!r} cannot be read: {error.strerror}"
                ) from error
        else:
            yield path


def _lines(file: BinaryIO) -> Iterator[str]:
    for line in file:
        if path := line.rstrip(b"\r\n"):
            yield os.fsdecode(path)


def _plan_input(path: str, options: InputOptions) -> Iterator[Shard]:
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        raise InputError(_what_to_do(path, error)) from error
    if stat.S_ISDIR(mode):
        yield from _plan_folder(path, options)
    elif not stat.S_ISREG(mode):
        raise InputError(f"{path!r} is no file or folder but a pipe or device: save it to a file")
    else:
        try:
            yield from _plan_file(path, options)
        except OSError as error:
            raise InputError(_what_to_do(path, error)) from error


def _what_to_do(path: str, error: OSError) -> str:
    if "://" in path:
        return f"{path!r} is an address: download it, and give the file"
    if not isinstance(error, FileNotFoundError):
        return f"{path!r} cannot be read: {error.strerror}"
    if any(mark in path for mark in "*?["):
        return f"no file is named {path!r}, and the shell found none by it: check the pattern"
    return f"there is no file or folder {path!r}: check the path"


def _plan_file(path: str, options: InputOptions) -> Iterator[Shard]:
    with open(path, "rb") as file:
        kind = detect.find_kind(file, path)
        if kind == detect.FOLDER:
            yield Shard(0, kind, (path,))
            return
        start, first_row = 0, 0
        for cut, row in cuts_of(file, path, kind, options.shard_bytes):
            yield Shard(0, kind, (path,), start, cut, first_row)
            start, first_row = cut, row
        yield Shard(0, kind, (path,), start, None, first_row)


def _plan_folder(folder: str, options: InputOptions) -> Iterator[Shard]:
    """Yield the shards of a folder: pages grouped, files of records on their own."""
    group: list[str] = []
    size = 0
    for path, length in _walk(folder):
        is_archive = length is not None and detect.kind_by_name(path) is not None
        if is_archive and _is_wanted(path, options):
            if group:
                yield Shard(0, detect.FOLDER, tuple(group), root=folder)
                group, size = [], 0
            yield from _plan_archive(path, options)
            continue
        is_full = (
            len(group) >= options.shard_files or size + (length or 0) > options.shard_bytes > 0
        )
        if group and is_full:
            yield Shard(0, detect.FOLDER, tuple(group), root=folder)
            group, size = [], 0
        group.append(path)
        size += length or 0
    if group:
        yield Shard(0, detect.FOLDER, tuple(group), root=folder)


def _is_wanted(path: str, options: InputOptions) -> bool:
    is_included = not options.include or matches(path, options.include)
    return is_included and not matches(path, options.exclude)


def _plan_archive(path: str, options: InputOptions) -> Iterator[Shard]:
    """Yield the shards of an archive in a folder; one that cannot be read is a fault later."""
    try:
        yield from list(_plan_file(path, options))
    except OSError:
        yield Shard(0, detect.kind_by_name(path) or detect.FOLDER, (path,))


def _walk(folder: str) -> Iterator[tuple[str, int | None]]:
    """Yield all that is in a folder but folders, sorted, with the sizes of files.

    Links to folders are not followed; they and folders that cannot be listed are yielded, too.
    """
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        try:
            is_folder = path == folder or stat.S_ISDIR(os.lstat(path).st_mode)
            if is_folder:
                names = sorted(os.listdir(os.fsencode(path)), reverse=True)
                waiting.extend(os.path.join(path, os.fsdecode(name)) for name in names)
                continue
            status = os.stat(path)
        except OSError:
            yield path, None
            continue
        yield path, status.st_size if stat.S_ISREG(status.st_mode) else None
