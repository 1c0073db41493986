"""Files of pages: in folders, and the rules by which any stored file is a page or none."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from cleaner.archive.inputs.digests import sha256
from cleaner.archive.inputs.options import InputOptions
from cleaner.archive.inputs.pages import looks_like_page, page_suffix
from cleaner.archive.records import Fault, Item, Record, Skip, Source
from cleaner.encoding import undo_encodings
from cleaner.errors import DecodeError, TooLargeError

EXCLUDED = "excluded"
MEDIA_TYPE = "media-type"
TOO_LARGE = "too-large"
EMPTY = "empty"
SPECIAL = "special-file"
UNREADABLE = "unreadable"
MISSING = "missing"
SYMLINK = "symlink-to-folder"

_REFUSALS = {errno.EACCES, errno.EPERM, errno.ELOOP, errno.ENAMETOOLONG, errno.ENOTDIR}


def matches(path: str, globs: Sequence[str]) -> bool:
    """Tell whether a glob matches a path or its end; ``*`` matches slashes, too."""
    path = path.replace(os.sep, "/")
    return any(fnmatchcase(path, glob) or fnmatchcase(path, f"*/{glob}") for glob in globs)


def refusal_by_name(name: str, size: int, source: Source, options: InputOptions) -> Item | None:
    """Return why a stored file is not read, by its name and size; ``None`` if it is."""
    if matches(name, options.exclude) or (options.include and not matches(name, options.include)):
        return Skip(source, EXCLUDED)
    if not size:
        return Skip(source, EMPTY)
    if page_suffix(name) == "" and not options.include:
        return Skip(source, MEDIA_TYPE, name.rpartition(".")[2][:20])
    if size > options.max_bytes:
        return Fault(source, TOO_LARGE, f"{size} bytes, more than max_bytes")
    return None


def item_of_file(name: str, data: bytes, source: Source, options: InputOptions) -> Item:
    """Return the content of a stored file as an item."""
    source = replace(source, payload_digest=sha256(data))
    declared = "br" if name.lower().endswith(".br") else ""
    try:
        body, problems = undo_encodings(data, declared, options.max_bytes, keep_partial=True)
    except TooLargeError as error:
        return Fault(source, TOO_LARGE, str(error))
    except DecodeError as error:
        return Fault(source, "content-encoding", str(error))
    if not body:
        return Skip(source, EMPTY)
    media_type = page_suffix(name)
    if not media_type and not options.include and not looks_like_page(body):
        return Skip(source, MEDIA_TYPE)
    return Record(
        source=source,
        body=body,
        media_type=media_type or "auto",
        decode_status=",".join(problems) or "ok",
    )


def read_files(paths: Sequence[str], options: InputOptions) -> Iterator[Item]:
    """Yield one item for each path, in their order."""
    for path in paths:
        yield _read_file(path, options)


def _read_file(path: str, options: InputOptions) -> Item:
    source = Source(path)
    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            # The plan lists folders only where they are links, or cannot be listed.
            if os.path.islink(path):
                return Skip(source, SYMLINK)
            return Fault(source, UNREADABLE, "the folder cannot be listed")
        if not stat.S_ISREG(status.st_mode):
            return Skip(source, SPECIAL)
        source = Source(path, 0, status.st_size)
        refusal = refusal_by_name(path, status.st_size, source, options)
        if refusal is not None:
            return refusal
        with open(path, "rb") as file:
            data = file.read(options.max_bytes + 1)
    except OSError as error:
        return refused(source, error)
    if len(data) > options.max_bytes:
        return Fault(source, TOO_LARGE, "the file grew while it was read")
    return item_of_file(path, data, replace(source, length=len(data)), options)


def refused(source: Source, error: OSError) -> Fault:
    """Return the fault of a file that the system does not give.

    Raises the error itself where the disk or the network fails: another try may go well.
    """
    if isinstance(error, FileNotFoundError):
        return Fault(source, MISSING, error.strerror or "")
    if error.errno not in _REFUSALS:
        raise error
    return Fault(source, UNREADABLE, error.strerror or "")
