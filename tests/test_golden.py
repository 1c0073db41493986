"""The project's own golden cases: there are enough, each is whole, and failures are listed.

The plugin runs one test for each part of each case: `golden_paths` in pyproject.toml.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner.golden import find_cases, read_case
from cleaner.golden.cases import find_orphans
from cleaner.golden.parts import PREFIX, REQUIRED, Standing, parts_of

FIXTURES = Path(__file__).parent.parent / "fixtures"
FOLDERS = find_cases(FIXTURES)


def test_pytest_runs_the_cases(pytestconfig: pytest.Config) -> None:
    assert pytestconfig.pluginmanager.has_plugin("golden-cases")
    assert pytestconfig.getini("golden_paths") == [FIXTURES]
    assert not pytestconfig.getini("golden_extractor")


def test_there_are_enough_cases_and_languages() -> None:
    languages = {read_case(f).expected_values()["language"].partition("-")[0] for f in FOLDERS}
    assert len(FOLDERS) >= 30
    assert len(languages) >= 10
    assert {"ar", "he", "zh", "ja", "ko", "hi", "th"} <= languages


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_case_is_whole(folder: Path) -> None:
    """It says what it shows, expects every part, and names as failing what it has."""
    case = read_case(folder)
    parts = parts_of(case)
    assert case.shows
    assert [part for part in parts if part.standing is not Standing.EXPECTED] == []
    names = {part.name for part in parts}
    assert set(case.expected_failures) <= names
    assert {"text", "labels", *(PREFIX + field for field in REQUIRED)} <= names


def test_no_expectation_is_left_over() -> None:
    assert find_orphans(FIXTURES) == []
    assert list(FIXTURES.glob("**/*.new")) == []


def test_cases_that_fail_are_listed() -> None:
    """The README of the fixtures lists each part that does not pass yet, and no other."""
    readme = (FIXTURES / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## What does not pass yet")[2]
    listed = {line for line in section.split("\n") if line.startswith("| ")}
    failing = {
        f"| {folder.name} | {part} |"
        for folder in FOLDERS
        for part in read_case(folder).expected_failures
    }
    assert listed - {"| case | part |"} == failing
