"""A new case from a page: a file, standard input, or a record of an archive."""

from __future__ import annotations

import re
import shutil
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cleaner.document import Document
from cleaner.errors import CleanerError
from cleaner.golden.cases import CASE_FILE, Case, CaseError, read_case
from cleaner.golden.check import check_case
from cleaner.golden.files import json_text, write_atomically
from cleaner.golden.store import accept, write_new
from cleaner.pipeline import clean
from cleaner.types import MediaType

NAME_WIDTH = 60
"""Characters of a name that is made from a title or an address."""

_PAGE_NAMES = {
    MediaType.HTML: "page.html",
    MediaType.XHTML: "page.xhtml",
    MediaType.MHTML: "page.mhtml",
    MediaType.MARKDOWN: "page.md",
    MediaType.TEXT: "page.txt",
}
_ARCHIVED = re.compile(r"(.+)#(\d+)")
_WORD = re.compile(r"\w+")
_TOO_MANY = 10_000


class SourceError(CleanerError):
    """What should become a case cannot be read."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A page with what is known of its capture."""

    body: bytes
    url: str | None = None
    media_type: str = "auto"
    headers: Mapping[str, str] = field(default_factory=dict)
    captured_at: datetime | None = None

    def clean(self) -> Document:
        """Clean the page. Raises what ``clean`` raises."""
        return clean(
            self.body,
            url=self.url,
            headers=self.headers,
            captured_at=self.captured_at,
            media_type=self.media_type,
        )


def add_case(
    source: str,
    folder: Path,
    name: str | None = None,
    url: str | None = None,
    *,
    media_type: str = "auto",
    shows: str = "",
    is_pending: bool = False,
) -> Case:
    """Make a case below ``folder`` from a file, ``-`` (standard input) or ``WARC#offset``.

    See ``add_page``. Raises ``SourceError`` if the source cannot be read.
    """
    saved = read_source(source, url=url, media_type=media_type)
    return add_page(saved, folder, name, shows=shows, is_pending=is_pending)


def add_page(
    saved: Saved,
    folder: Path,
    name: str | None = None,
    *,
    shows: str = "",
    facts: Mapping[str, Any] | None = None,
    files: Mapping[str, str] | None = None,
    is_pending: bool = False,
    document: Document | None = None,
) -> Case:
    """Make a case below ``folder`` from a page.

    What the cleaner gives now becomes its expectation, or waits as ``.new`` files if
    ``is_pending``; ``files`` are expectations from elsewhere, in its stead. The name is that
    given, or made of the page's title or address. ``facts`` are further entries of ``case.json``;
    ``document`` is the page cleaned already. A case appears whole or not at all, and never over
    another: raises ``CaseError`` if ``name`` is taken or no name of a folder, and what ``clean``
    raises.
    """
    document = document or saved.clean()
    if name is not None:
        _check_name(name)
    made = name or safe_name(document.metadata.title or "", saved.url)
    place = folder / made if name else free_place(folder, made)
    if place.exists():
        raise CaseError(f"{place}: there is a case of this name already")
    workshop = folder / f".{place.name}.tmp"
    try:
        workshop.mkdir(parents=True)
        _write_page(workshop, saved, document, {"shows": shows, **(facts or {})})
        for file, content in (files or {}).items():
            write_atomically(workshop / file, content)
        if not files:
            write_new(check_case(read_case(workshop)))
            if not is_pending:
                accept(read_case(workshop))
        workshop.rename(place)
    except OSError as error:
        raise CaseError(f"{place}: {error}") from error
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    return read_case(place)


def read_source(source: str, *, url: str | None = None, media_type: str = "auto") -> Saved:
    """Read a file, ``-`` (standard input) or ``WARC#offset``. Raises ``SourceError``."""
    try:
        if source == "-":
            return Saved(sys.stdin.buffer.read(), url, media_type)
        path = Path(source)
        archived = _ARCHIVED.fullmatch(source)
        if archived and not path.is_file():
            return _read_archived(archived[1], int(archived[2]), url, media_type)
        return Saved(path.read_bytes(), url, media_type)
    except OSError as error:
        raise SourceError(f"{source}: {error.strerror or error}") from error


def _read_archived(file: str, offset: int, url: str | None, media_type: str) -> Saved:
    """Read the record that begins at a byte of an archive's file."""
    from cleaner.archive import InputOptions, Source, read_again
    from cleaner.errors import InputError

    try:
        record = read_again(Source(file, offset=offset), InputOptions(error_pages=True))
    except InputError as error:
        raise SourceError(f"{file}#{offset}: {error}") from error
    body = record.body
    return Saved(
        body.encode("utf-8") if isinstance(body, str) else body,
        url or record.url,
        media_type if media_type != "auto" else record.media_type,
        record.headers,
        record.captured_at,
    )


def safe_name(title: str, url: str | None = None) -> str:
    """Return a name for a case's folder from a title, or from an address if there is none.

    Its words in lower case with ``-`` between them, at most ``NAME_WIDTH`` characters.
    """
    parts = urlsplit(url or "")
    for text in (title, f"{parts.hostname or ''} {parts.path}"):
        name = ""
        for word in _WORD.findall(unicodedata.normalize("NFC", text).lower()):
            longer = f"{name}-{word}" if name else word[:NAME_WIDTH]
            if len(longer) > NAME_WIDTH:
                break
            name = longer
        if name.strip("_-"):
            return name
    return "page"


def _check_name(name: str) -> None:
    if not name.strip() or name.startswith(".") or re.search(r'[/\\:*?"<>|\x00-\x1f]', name):
        raise CaseError(f"{name!r}: a case is named like a folder, without / or a leading dot")


def free_place(folder: Path, name: str) -> Path:
    """Return a place that is not taken: the name, or the name with a number."""
    for number in range(1, _TOO_MANY):
        place = folder / (name if number == 1 else f"{name}-{number}")
        if not place.exists():
            return place
    raise CaseError(f"{folder / name}: there are too many cases of this name")


def _write_page(folder: Path, saved: Saved, document: Document, extra: Mapping[str, Any]) -> None:
    media_type = document.page.capture.media_type
    facts = {
        "url": saved.url,
        "media_type": media_type.value,
        "headers": dict(saved.headers),
        "captured_at": saved.captured_at.isoformat() if saved.captured_at else None,
        **extra,
    }
    write_atomically(folder / _PAGE_NAMES[media_type], saved.body)
    held = {key: value for key, value in facts.items() if value not in (None, "", {}, [], ())}
    write_atomically(folder / CASE_FILE, json_text(held))
