"""The pages that templates are learned from: folders of captures, and zips of labelled pages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from zipfile import is_zipfile

from cleaner.errors import SiteError

SUFFIXES = frozenset(".html .htm .xhtml .mhtml .mht .md .markdown .txt".split())
"""Of the files of a folder that are read."""


class SourcePage(NamedTuple):
    """A page as it is stored."""

    name: str
    """Where it is, for messages."""
    body: bytes
    url: str | None
    problem: str = ""
    """Why it cannot be read; the body is empty then."""


def read_pages(paths: list[Path], base: str | None = None) -> Iterator[SourcePage]:
    """Yield the pages of files, folders and zips of labelled pages, in their order.

    ``base`` is the address of the folders: a page's is its path below it. Raises ``SiteError``
    for a zip that is no set of labelled pages.
    """
    for path in paths:
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


def _read(path: Path, url: str | None) -> SourcePage:
    try:
        return SourcePage(str(path), path.read_bytes(), url)
    except OSError as error:
        return SourcePage(str(path), b"", url, error.strerror or str(error))


def _labelled(path: Path) -> Iterator[SourcePage]:
    from zipfile import ZipFile

    from cleaner.evaluate.sets import LabelledSetError, read_body, read_set

    try:
        labelled = read_set(path)
        with ZipFile(path) as archive:
            for record in labelled.records:
                yield SourcePage(f"{path}:{record.id}", read_body(archive, record), record.url)
    except LabelledSetError as error:
        raise SiteError(str(error)) from error
