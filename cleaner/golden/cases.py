"""A case is a folder: the capture's bytes, ``case.json``, and the expectations beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cleaner.document import Document
from cleaner.errors import CleanerError
from cleaner.pipeline import clean

TEXT_WIDTH = 100
"""Characters of a block's text that ``labels.tsv`` holds."""

CASE_FILE = "case.json"
PAGE_NAMES = ("page.html", "page.xhtml", "page.mhtml", "page.md", "page.txt")

_FACT_TYPES: dict[str, tuple[type, str]] = {
    "url": (str, "a string"),
    "media_type": (str, "a string"),
    "headers": (dict, "an object"),
    "captured_at": (str, "a string"),
    "shows": (str, "a string"),
    "expected_failures": (list, "an array"),
}


class CaseError(CleanerError):
    """A case's folder lacks a file, or a file in it cannot be read."""


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
    ``metadata.<field>``."""

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    def clean(self) -> Document:
        """Clean the page with what the case says of its capture."""
        return clean(
            self.page.read_bytes(),
            url=self.url,
            headers=self.headers,
            captured_at=self.captured_at,
            media_type=self.media_type,
        )

    def expected_markdown(self) -> str:
        """Return ``expected.md``. Raises ``CaseError``."""
        return self._read("expected.md")

    def expected_values(self) -> dict[str, Any]:
        """Return ``expected.json``: metadata fields, ``warnings``, ``comments``."""
        return _object(self.folder / "expected.json")

    def expected_labels(self) -> list[tuple[str, str]]:
        """Return the rows of ``labels.tsv``: label and the beginning of the block's text."""
        rows: list[tuple[str, str]] = []
        for number, line in enumerate(self._read("labels.tsv").split("\n"), 1):
            if not line:
                continue
            label, tab, text = line.partition("\t")
            if not tab:
                raise CaseError(f"{self.folder / 'labels.tsv'}:{number}: no tab after the label")
            rows.append((label, text))
        return rows

    def _read(self, name: str) -> str:
        try:
            return (self.folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CaseError(f"{self.folder / name}: {error}") from error


def find_cases(folder: Path) -> list[Path]:
    """Return the folders of the cases below ``folder``, in the order of their names."""
    return sorted(path.parent for path in folder.glob(f"*/{CASE_FILE}"))


def read_case(folder: Path) -> Case:
    """Read a case's ``case.json`` and find its page.

    Raises ``CaseError`` if either is missing or broken, or if there are two pages.
    """
    facts = _object(folder / CASE_FILE)
    pages = [folder / name for name in PAGE_NAMES if (folder / name).is_file()]
    if len(pages) != 1:
        raise CaseError(f"{folder}: it must hold one page, named one of {', '.join(PAGE_NAMES)}")
    for name, (kind, described) in _FACT_TYPES.items():
        if name in facts and not isinstance(facts[name], kind):
            raise CaseError(f"{folder / CASE_FILE}: {name} must be {described}")
    return Case(
        folder=folder,
        page=pages[0],
        url=facts.get("url"),
        media_type=facts.get("media_type", "auto"),
        headers=facts.get("headers", {}),
        captured_at=_time(folder / CASE_FILE, facts.get("captured_at")),
        shows=facts.get("shows", ""),
        expected_failures=tuple(facts.get("expected_failures", ())),
    )


def block_rows(document: Document) -> list[tuple[str, str]]:
    """Return label and the beginning of its text for each block, as ``labels.tsv`` holds them."""
    return [(block.label.name.value, _beginning(block.text)) for block in document.blocks]


def _beginning(text: str) -> str:
    return " ".join(text.split())[:TEXT_WIDTH].rstrip()


def _time(path: Path, value: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if value else None
    except ValueError as error:
        raise CaseError(f"{path}: captured_at: {error}") from error


def _object(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CaseError(f"{path}: {error}") from error
    if not isinstance(value, dict):
        raise CaseError(f"{path}: it must hold one JSON object")
    return value
