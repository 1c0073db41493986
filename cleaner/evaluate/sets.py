"""Read a labelled set: a zip with ``html/<id>.html`` and ``truth.jsonl``.

``truth.jsonl`` is UTF-8 with one JSON object a line; lines end in ``\\n`` alone, for
texts hold other line separators. Every object has an ``id``, and most have a ``url``.
How a set is scored follows from the other fields, whatever the zip is called:

===========================  ==========================================================
field                        what it is the truth of
===========================  ==========================================================
``text``                     the main text, or a list of its paragraphs: the set is
                             scored by words
``present``, ``absent``      snippets that must and must not be in the main text; they
                             score the set where it has no ``text``
``title``                    metadata; absent, ``null``, ``""`` or ``NaN`` say that the
``author`` or ``authors``    page has none. A set is scored on each of these fields that
``date``                     one of its records names; a set that has nothing else is
                             scored on them alone. ``date`` is ISO 8601, to the day
``page_type``                a group that is also scored apart
``language``                 ISO 639-1 code of the text, for peers that need to know it
===========================  ==========================================================

The set is named after its zip, without the suffix. Other fields are left alone.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isnan
from pathlib import Path
from typing import Any, TypeVar

from cleaner.errors import CleanerError

TRUTH_MEMBER = "truth.jsonl"

T = TypeVar("T")


class LabelledSetError(CleanerError):
    """A zip is no labelled set: a part is missing, or a line of its truth is malformed."""


class ScoreKind(StrEnum):
    """How the pages of a set are scored."""

    WORDS = "words"
    SNIPPETS = "snippets"
    METADATA = "metadata"
    """The truth holds metadata alone."""


@dataclass(frozen=True, slots=True)
class Record:
    """A labelled page: where its bytes are, and its truth."""

    id: str
    url: str | None = None
    text: str | None = None
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    page_type: str = ""
    language: str = ""
    metadata: Mapping[str, tuple[str, ...]] | None = None
    """Field (``title``, ``authors``, ``date``) to values; ``()`` where the page has none."""

    @property
    def member(self) -> str:
        """The name of the page's bytes in the zip."""
        return f"html/{self.id}.html"


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """The records of one zip, and how they are scored."""

    name: str
    path: Path
    kind: ScoreKind
    fields: tuple[str, ...]
    """The metadata fields that the set has a truth for."""
    records: tuple[Record, ...]


_TRUTH_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "authors": ("author", "authors"),
    "date": ("date",),
}
"""Metadata field to the names that it goes by in ``truth.jsonl``."""


def read_set(path: Path, *, limit: int | None = None) -> LabelledSet:
    """Read the truth of a zip; ``limit`` keeps that many pages, spread evenly over the set.

    Raises ``LabelledSetError``.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = frozenset(archive.namelist())
            if TRUTH_MEMBER not in members:
                raise LabelledSetError(f"{path}: no {TRUTH_MEMBER} in the zip")
            source = archive.read(TRUTH_MEMBER).decode("utf-8")
    except (OSError, zipfile.BadZipFile, RuntimeError, UnicodeDecodeError) as error:
        raise LabelledSetError(f"{path}: cannot be read as a labelled set: {error}") from error
    rows = _parse_lines(path, source)
    if not rows:
        raise LabelledSetError(f"{path}: {TRUTH_MEMBER} holds no record")
    fields = tuple(
        field for field, names in _TRUTH_NAMES.items() if any(n in r for r in rows for n in names)
    )
    kind = _score_kind(path, rows, fields)
    records = tuple(_record(path, row, fields) for row in rows)
    _check(path, kind, records, members)
    return LabelledSet(path.stem, path, kind, fields, spread(records, limit))


def read_body(archive: zipfile.ZipFile, record: Record) -> bytes:
    """Return the bytes of a page, read by its name in the zip; nothing is unpacked to disk."""
    try:
        return archive.read(record.member)
    except (KeyError, OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise LabelledSetError(f"{archive.filename}: {record.member}: {error}") from error


def _parse_lines(path: Path, source: str) -> list[dict[str, Any]]:
    """Return the objects of ``truth.jsonl``; blank lines are skipped."""
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(source.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise LabelledSetError(f"{path}: {TRUTH_MEMBER}, line {number}: {error}") from error
        if not isinstance(row, dict):
            raise LabelledSetError(f"{path}: {TRUTH_MEMBER}, line {number}: not an object")
        rows.append(row)
    return rows


def _score_kind(path: Path, rows: Sequence[Mapping[str, Any]], fields: Sequence[str]) -> ScoreKind:
    """Return how a set with these fields is scored."""
    if any("text" in row for row in rows):
        return ScoreKind.WORDS
    if any("present" in row for row in rows):
        return ScoreKind.SNIPPETS
    if fields:
        return ScoreKind.METADATA
    raise LabelledSetError(f"{path}: no record has a text, snippets or metadata to score against")


def _record(path: Path, row: Mapping[str, Any], fields: Sequence[str]) -> Record:
    """Return one line of the truth as a record."""
    identifier = row.get("id")
    if not isinstance(identifier, str) or not identifier:
        raise LabelledSetError(f"{path}: a record of {TRUTH_MEMBER} has no id")
    where = f"{path}: {TRUTH_MEMBER}, record {identifier!r}"
    paragraphs = _strings(where, row, "text", keep_empty=True)
    return Record(
        id=identifier,
        url=next(iter(_strings(where, row, "url")), None),
        text="\n".join(paragraphs) if paragraphs else None,
        present=_strings(where, row, "present"),
        absent=_strings(where, row, "absent"),
        page_type="".join(_strings(where, row, "page_type")),
        language="".join(_strings(where, row, "language")),
        metadata={
            field: tuple(v for name in _TRUTH_NAMES[field] for v in _strings(where, row, name))
            for field in fields
        },
    )


def _strings(
    where: str, row: Mapping[str, Any], name: str, *, keep_empty: bool = False
) -> tuple[str, ...]:
    """Return a field as strings: none for ``null``, ``NaN`` and blanks, one for a string."""
    value = row.get(name)
    if value is None or (isinstance(value, float) and isnan(value)):
        return ()
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str) for item in values):
        raise LabelledSetError(f"{where}: {name!r} is neither a string nor a list of strings")
    return tuple(item for item in values if keep_empty or item.strip())


def _check(path: Path, kind: ScoreKind, records: Sequence[Record], members: frozenset[str]) -> None:
    """Raise ``LabelledSetError`` where records repeat or lack their page or their truth."""
    seen: set[str] = set()
    for record in records:
        if record.id in seen:
            raise LabelledSetError(f"{path}: two records have the id {record.id!r}")
        seen.add(record.id)
        if record.member not in members:
            raise LabelledSetError(f"{path}: no {record.member} in the zip")
        if kind is ScoreKind.WORDS and record.text is None:
            raise LabelledSetError(f"{path}: record {record.id!r} has no text; others have one")


def spread(items: Sequence[T], limit: int | None) -> tuple[T, ...]:
    """Return ``limit`` of the items at even distances, so that a part stands for the whole."""
    if limit is None or limit >= len(items):
        return tuple(items)
    return tuple(items[i * len(items) // limit] for i in range(limit))
