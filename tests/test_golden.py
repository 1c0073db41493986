"""The golden cases: one test for each part of each case."""

from __future__ import annotations

import difflib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cleaner import Document
from cleaner.golden import Case, block_rows, find_cases, read_case

FIXTURES = Path(__file__).parent.parent / "fixtures"
FOLDERS = find_cases(FIXTURES)
FIELDS = (
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


@cache
def case_of(folder: Path) -> Case:
    return read_case(folder)


@cache
def document_of(folder: Path) -> Document:
    return case_of(folder).clean()


def parts_of(folder: Path) -> list[str]:
    """Return the parts of a case that have an expectation of their own."""
    parts = ["text", "labels", *(f"metadata.{field}" for field in FIELDS)]
    expected = case_of(folder).expected_values()
    return parts + [name for name in ("warnings", "comments") if name in expected]


def cases() -> list[Any]:
    """Return a parameter for each part; one that cannot pass yet is a strict expected failure."""
    return [
        pytest.param(
            folder,
            part,
            id=f"{folder.name}-{part}",
            marks=[pytest.mark.xfail(strict=True, reason="named in case.json")]
            if part in case_of(folder).expected_failures
            else [],
        )
        for folder in FOLDERS
        for part in parts_of(folder)
    ]


def difference(expected: str, actual: str) -> str:
    lines = difflib.unified_diff(
        expected.split("\n"), actual.split("\n"), "expected", "actual", lineterm="", n=1
    )
    return "\n".join(lines)


@pytest.mark.parametrize(("folder", "part"), cases())
def test_part(folder: Path, part: str) -> None:
    case, document = case_of(folder), document_of(folder)
    if part == "text":
        expected = case.expected_markdown()
        assert document.markdown == expected, difference(expected, document.markdown)
    elif part == "labels":
        check_labels(case, document)
    elif part == "warnings":
        assert list(document.warnings) == case.expected_values()["warnings"]
    elif part == "comments":
        assert document.to_dict()["comments"] == case.expected_values()["comments"]
    else:
        field = part.partition(".")[2]
        value = getattr(document.metadata, field)
        value = list(value) if isinstance(value, tuple) else value
        assert value == case.expected_values()[field]


def check_labels(case: Case, document: Document) -> None:
    expected = "\n".join("\t".join(row) for row in case.expected_labels())
    actual = "\n".join("\t".join(row) for row in block_rows(document))
    assert actual == expected, difference(expected, actual)


def test_there_are_enough_cases_and_languages() -> None:
    languages = {case_of(f).expected_values()["language"].partition("-")[0] for f in FOLDERS}
    assert len(FOLDERS) >= 30
    assert len(languages) >= 10
    assert {"ar", "he", "zh", "ja", "ko", "hi", "th"} <= languages


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_case_is_whole(folder: Path) -> None:
    """What a case names as failing is a part that it has, and every field is expected."""
    case = case_of(folder)
    assert case.shows
    assert set(case.expected_failures) <= set(parts_of(folder))
    assert set(FIELDS) <= set(case.expected_values())


def test_cases_that_fail_are_listed() -> None:
    """The README of the fixtures lists each part that does not pass yet."""
    readme = (FIXTURES / "README.md").read_text(encoding="utf-8")
    for folder in FOLDERS:
        for part in case_of(folder).expected_failures:
            assert f"| {folder.name} | {part} |" in readme
