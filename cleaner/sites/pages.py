"""The pages that templates are learned from: folders of captures, and zips of labelled pages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from zipfile import is_zipfile

from cleaner.archive.records import Fault, Item, Record, Source
from cleaner.errors import SiteError

SUFFIXES = frozenset(".html .htm .xhtml .mhtml .mht .md .markdown .txt".split())
"""Of the files of a folder that are read."""


def read_items(path: Path, base: str | None = None) -> Iterator[Item]:
    """Yield the pages of a file, a folder or a zip of labelled pages, in their order.

    ``base`` is the address of a folder: a page's is its path below it. Raises ``SiteError`` for a
    zip that is no set of labelled pages.
    """
    if path.is_dir():
        for file in _files(path):
            yield _read(file, _address(base, path, file))
    elif is_zipfile(path):
        yield from _labelled(path)
    else:
        yield _read(path, _address(base, path.parent, path))


def _files(folder: Path) -> Iterator[Path]:
    """Yield the pages below a folder, by their names; links to folders are not followed."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(place, name)
            if path.suffix.lower() in SUFFIXES and path.is_file():
                yield path


def _address(base: str | None, folder: Path, file: Path) -> str | None:
    if not base:
        return None
    from urllib.parse import quote

    return base.rstrip("/") + "/" + quote(os.fsencode(file.relative_to(folder).as_posix()))


def _read(path: Path, url: str | None) -> Item:
    source = Source(str(path))
    try:
        return Record(source, path.read_bytes(), url)
    except OSError as error:
        return Fault(source, "unreadable", error.strerror or str(error))


def _labelled(path: Path) -> Iterator[Item]:
    from zipfile import ZipFile

    from cleaner.evaluate.sets import LabelledSetError, read_body, read_set

    try:
        labelled = read_set(path)
        with ZipFile(path) as archive:
            for record in labelled.records:
                source = Source(str(path), member=record.member)
                yield Record(source, read_body(archive, record), record.url)
    except LabelledSetError as error:
        raise SiteError(str(error)) from error
