"""Read the pages of a bench: a labelled set, another zip, or a folder."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from cleaner.errors import CleanerError
from cleaner.evaluate.sets import TRUTH_MEMBER, read_body, read_set, spread

SUFFIXES = frozenset({".htm", ".html", ".xhtml"})
"""Of files that are pages, where no truth lists them."""


class BenchError(CleanerError):
    """The pages of a bench cannot be read, or a measurement failed."""


@dataclass(frozen=True, slots=True)
class BenchPage:
    """A page as captured."""

    name: str
    body: bytes
    url: str | None = None
    language: str = ""
    """ISO 639-1, for systems that need to know it."""


def read_pages(path: Path, *, limit: int | None = None) -> tuple[BenchPage, ...]:
    """Return the pages of a zip or a folder; ``limit`` keeps that many, spread evenly.

    A zip with ``truth.jsonl`` is a labelled set; of other zips and of folders, all HTML files are
    taken, in the order of their names. Raises ``BenchError`` where there is none or one cannot be
    read, and ``LabelledSetError``.
    """
    try:
        pages = _read_folder(path, limit) if path.is_dir() else _read_zip(path, limit)
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise BenchError(f"{path}: {error}") from error
    if not pages:
        raise BenchError(f"{path}: no pages ({', '.join(sorted(SUFFIXES))})")
    return pages


def _read_folder(path: Path, limit: int | None) -> tuple[BenchPage, ...]:
    found = sorted(each for each in path.rglob("*") if _is_page(each.name) and each.is_file())
    names = (each.relative_to(path).as_posix() for each in spread(found, limit))
    return tuple(BenchPage(name, (path / name).read_bytes()) for name in names)


def _read_zip(path: Path, limit: int | None) -> tuple[BenchPage, ...]:
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if TRUTH_MEMBER not in names:
            found = sorted(name for name in names if _is_page(name))
            return tuple(BenchPage(name, archive.read(name)) for name in spread(found, limit))
        records = read_set(path, limit=limit).records
        return tuple(
            BenchPage(each.id, read_body(archive, each), each.url, each.language)
            for each in records
        )


def _is_page(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in SUFFIXES
