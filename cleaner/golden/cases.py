"""A case is a folder: the capture's bytes, ``case.json``, and the expectations beside it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cleaner.document import Document
from cleaner.errors import CleanerError
from cleaner.pipeline import clean
from cleaner.types import Options

TEXT_WIDTH = 100
"""Characters of a block's text that ``labels.tsv`` holds."""

CASE_FILE = "case.json"
TEXT_FILE = "expected.md"
VALUES_FILE = "expected.json"
LABELS_FILE = "labels.tsv"
DECISIONS_FILE = "decisions.tsv"
EXPECTATION_FILES = (TEXT_FILE, VALUES_FILE, LABELS_FILE)
PAGE_NAMES = ("page.html", "page.xhtml", "page.mhtml", "page.md", "page.txt")

_NAMES = (list, "an array of strings")
_FACT_TYPES: dict[str, tuple[type | tuple[type, ...], str]] = {
    "url": (str, "a string"),
    "media_type": (str, "a string"),
    "headers": (dict, "an object"),
    "captured_at": (str, "a string"),
    "shows": (str, "a string"),
    "expected_failures": _NAMES,
    "parts": _NAMES,
    "present": _NAMES,
    "absent": _NAMES,
    "minimum_f1": ((int, float), "a number from 0 to 1"),
}


class CaseError(CleanerError):
    """A case's folder lacks a file, or a file in it cannot be read or written."""


@dataclass(frozen=True, slots=True)
class Case:
    """A page and what is known of its capture; expectations are read when they are asked for."""

    folder: Path
    page: Path
    url: str | None
    media_type: str
    headers: Mapping[str, str]
    captured_at: datetime | None
    shows: str
    expected_failures: tuple[str, ...]
    """Parts that do not pass yet: ``text``, ``labels``, ``warnings``, ``comments``,
    ``metadata.<field>``, ``present``, ``absent``, ``score``."""
    parts: tuple[str, ...] = ()
    """The parts that the case is there for; empty for all that it has. ``metadata`` stands for
    all fields that ``expected.json`` holds."""
    present: tuple[str, ...] = ()
    """Snippets that must be in the text, as ``case.json`` gives them."""
    absent: tuple[str, ...] = ()
    """Snippets that must not be in the text, as ``case.json`` gives them."""
    minimum_f1: float | None = None
    """Word F1 (0..1) that the text must reach against ``expected.md``, instead of being equal."""

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    def clean(self, options: Options | None = None) -> Document:
        """Clean the page with what the case says of its capture.

        Raises ``CaseError`` if the page cannot be read, and what ``clean`` raises.
        """
        return clean(
            self.read_page(),
            url=self.url,
            headers=self.headers,
            captured_at=self.captured_at,
            media_type=self.media_type,
            options=options,
        )

    def read_page(self) -> bytes:
        """Return the capture's bytes. Raises ``CaseError``."""
        try:
            return self.page.read_bytes()
        except OSError as error:
            raise CaseError(f"{self.page}: {error}") from error

    def has(self, name: str) -> bool:
        """Tell whether the case's folder holds a file of this name."""
        return (self.folder / name).is_file()

    def expected_markdown(self) -> str:
        """Return ``expected.md``. Raises ``CaseError``."""
        return read_text(self.folder / TEXT_FILE)

    def expected_values(self) -> dict[str, Any]:
        """Return ``expected.json``: metadata fields, ``warnings``, ``comments``, snippets."""
        return read_object(self.folder / VALUES_FILE)

    def expected_labels(self) -> list[tuple[str, str]]:
        """Return the rows of ``labels.tsv``: label and the beginning of the block's text."""
        return read_rows(self.folder / LABELS_FILE)

    def snippets(
        self, values: Mapping[str, Any] | None = None
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return what must and must not be in the text, as both files give it.

        ``values`` is ``expected.json`` where it was read already.
        """
        path = self.folder / VALUES_FILE
        if values is None:
            values = self.values_or_none()
        present = (*self.present, *_strings(path, values, "present"))
        return present, (*self.absent, *_strings(path, values, "absent"))

    def values_or_none(self) -> dict[str, Any]:
        """Return ``expected.json``, or an empty object where there is none."""
        return self.expected_values() if self.has(VALUES_FILE) else {}


def find_cases(folder: Path) -> list[Path]:
    """Return the folders of the cases in and below ``folder``, in the order of their paths."""
    return sorted(path for path, names in _folders(folder) if CASE_FILE in names)


def find_orphans(folder: Path) -> list[Path]:
    """Return the expectations in and below ``folder`` that belong to no case, in order."""
    return sorted(
        path / name
        for path, names in _folders(folder)
        if CASE_FILE not in names
        for name in EXPECTATION_FILES
        if name in names
    )


def _folders(folder: Path) -> Iterator[tuple[Path, set[str]]]:
    """Yield a folder and those below it with the names of their files; hidden ones are left out."""
    for root, below, names in os.walk(folder):
        below[:] = [name for name in below if not name.startswith(".")]
        yield Path(root), set(names)


def read_case(folder: Path) -> Case:
    """Read a case's ``case.json`` and find its page.

    Raises ``CaseError`` if either is missing or broken, or if there are two pages.
    """
    path = folder / CASE_FILE
    facts = read_object(path)
    pages = [folder / name for name in PAGE_NAMES if (folder / name).is_file()]
    if len(pages) != 1:
        raise CaseError(f"{folder}: it must hold one page, named one of {', '.join(PAGE_NAMES)}")
    for name, (kind, described) in _FACT_TYPES.items():
        if name in facts and not isinstance(facts[name], kind):
            raise CaseError(f"{path}: {name} must be {described}")
    return Case(
        folder=folder,
        page=pages[0],
        url=facts.get("url"),
        media_type=facts.get("media_type", "auto"),
        headers=facts.get("headers", {}),
        captured_at=_time(path, facts.get("captured_at")),
        shows=facts.get("shows", ""),
        expected_failures=_strings(path, facts, "expected_failures"),
        parts=_strings(path, facts, "parts"),
        present=_strings(path, facts, "present"),
        absent=_strings(path, facts, "absent"),
        minimum_f1=_share(path, facts.get("minimum_f1")),
    )


def block_rows(document: Document) -> list[tuple[str, str]]:
    """Return label and the beginning of its text for each block, as ``labels.tsv`` holds them."""
    pairs = zip(document.labels, document.page.blocks, strict=True)
    return [(label.name.value, text_beginning(block.text)) for label, block in pairs]


def text_beginning(text: str) -> str:
    """Return the first characters of a block's text as one line without tabs."""
    return " ".join(text.split())[:TEXT_WIDTH].rstrip()


def read_rows(path: Path) -> list[tuple[str, str]]:
    """Return the rows of a file of labels. Raises ``CaseError``."""
    rows: list[tuple[str, str]] = []
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line:
            continue
        label, tab, text = line.partition("\t")
        if not tab:
            raise CaseError(f"{path}:{number}: no tab after the label")
        rows.append((label, text))
    return rows


def read_object(path: Path) -> dict[str, Any]:
    """Return the one JSON object that a file holds. Raises ``CaseError``."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise CaseError(f"{path}: {error}") from error
    if not isinstance(value, dict):
        raise CaseError(f"{path}: it must hold one JSON object")
    return value


def read_text(path: Path) -> str:
    """Return a file's text. Raises ``CaseError``."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{path}: {error}") from error


def _strings(path: Path, values: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = values.get(name, [])
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        raise CaseError(f"{path}: {name} must be an array of strings")
    return tuple(found)


def _share(path: Path, value: float | None) -> float | None:
    if value is not None and (isinstance(value, bool) or not 0 <= value <= 1):
        raise CaseError(f"{path}: minimum_f1 must be a number from 0 to 1")
    return value


def _time(path: Path, value: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if value else None
    except ValueError as error:
        raise CaseError(f"{path}: captured_at: {error}") from error
