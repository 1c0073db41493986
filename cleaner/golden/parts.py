"""The parts of a case: what it expects, what it lacks, and what belongs to nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from cleaner.golden.cases import CASE_FILE, LABELS_FILE, TEXT_FILE, VALUES_FILE, Case
from cleaner.types import Metadata

FIELDS = tuple(field.name for field in fields(Metadata) if field.name != "sources")
"""The metadata fields that ``expected.json`` may hold."""

REQUIRED = (
    "title",
    "authors",
    "date",
    "modified",
    "site_name",
    "description",
    "language",
    "url",
    "image",
    "tags",
    "section",
)
"""Those that a whole case's must hold; the others follow from these or from the text."""

TEXT = "text"
SCORE = "score"
LABELS = "labels"
PRESENT = "present"
ABSENT = "absent"
LISTS = ("warnings", "comments")
"""What ``expected.json`` may hold beside metadata."""

METADATA = "metadata"
PREFIX = f"{METADATA}."


class Standing(StrEnum):
    """How a part stands before anything is cleaned."""

    EXPECTED = "expected"
    MISSING = "missing"
    """The case should say what it expects, and does not."""
    ORPHAN = "orphan"
    """There is an expectation, or a name, that belongs to no part."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a case by its name, and what is wrong with it, if anything is."""

    name: str
    standing: Standing = Standing.EXPECTED
    note: str = ""


def field_of(name: str) -> str:
    """Return the metadata field of a part ``metadata.<field>``, or an empty string."""
    return name.removeprefix(PREFIX) if name.startswith(PREFIX) else ""


def parts_of(case: Case, values: Mapping[str, Any] | None = None) -> tuple[Part, ...]:
    """Return the parts of a case in a fixed order, without cleaning its page.

    A whole case expects text, labels and the ``REQUIRED`` metadata. One that says what it is there
    for (``parts``), has snippets or a minimum score may leave out the rest. ``values`` is
    ``expected.json`` where it was read already. Raises ``CaseError``.
    """
    if values is None:
        values = case.values_or_none()
    parts = {part.name: part for part in _own(case, values)}
    if case.parts:
        parts = {part.name: part for part in _wanted(case, parts)}
    for name in case.expected_failures:
        if name not in parts:
            note = f"{CASE_FILE} names it in expected_failures, but the case has no such part"
            parts[name] = Part(name, Standing.ORPHAN, note)
    return tuple(parts.values())


def _own(case: Case, values: Mapping[str, Any]) -> Iterator[Part]:
    """Yield the parts for which there is an expectation, or should be one."""
    present, absent = case.snippets(values)
    lenient = bool(present or absent or case.minimum_f1 is not None or case.parts)
    if case.minimum_f1 is not None:
        yield _file_part(case, SCORE, TEXT_FILE)
    elif not lenient or case.has(TEXT_FILE):
        yield _file_part(case, TEXT, TEXT_FILE)
    if not lenient or case.has(LABELS_FILE):
        yield _file_part(case, LABELS, LABELS_FILE)
    for name in FIELDS:
        if name in values:
            yield Part(PREFIX + name)
        elif name in REQUIRED and not lenient:
            yield Part(PREFIX + name, Standing.MISSING, f"{VALUES_FILE} has no {name}")
    yield from (Part(name) for name in LISTS if name in values)
    if present:
        yield Part(PRESENT)
    if absent:
        yield Part(ABSENT)
    for name in values:
        if name not in (*FIELDS, *LISTS, PRESENT, ABSENT):
            yield Part(PREFIX + name, Standing.ORPHAN, f"{VALUES_FILE}: {name} is no field")


def _file_part(case: Case, name: str, file: str) -> Part:
    if case.has(file):
        return Part(name)
    return Part(name, Standing.MISSING, f"there is no {file}")


def _wanted(case: Case, parts: Mapping[str, Part]) -> Iterator[Part]:
    """Yield the parts that ``case.json`` names, and those that it should name."""
    whole = METADATA in case.parts
    for name in case.parts:
        if name != METADATA:
            note = "case.json names it in parts, but nothing says what is expected"
            yield parts.get(name, Part(name, Standing.MISSING, note))
    for part in parts.values():
        if part.name in case.parts:
            continue
        if (whole and field_of(part.name)) or part.standing is not Standing.EXPECTED:
            yield part
        else:
            note = f"there is an expectation, but {CASE_FILE} does not name it in parts"
            yield Part(part.name, Standing.ORPHAN, note)
