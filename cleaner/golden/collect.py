"""What pytest collects of golden cases: a file for each case, a test for each of its parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from cleaner.errors import CleanerError
from cleaner.golden.cases import (
    CASE_FILE,
    EXPECTATION_FILES,
    Case,
    find_cases,
    find_orphans,
    read_case,
)
from cleaner.golden.check import PartResult, check_case
from cleaner.golden.extract import Extractor, ExtractorError, load_extractor
from cleaner.golden.files import may_write
from cleaner.golden.parts import parts_of
from cleaner.golden.store import pending, write_new

BROKEN = "case"
"""The name of the one test of a case whose own files cannot be read."""


class Mismatch(Exception):
    """A part is not as its case expects it; the message says what differs and why."""


class Unchecked(Exception):
    """The page could not be cleaned, or the case's files cannot be read."""


class GoldenCases:
    """The plugin at work: registered for runs that have golden cases alone."""

    def __init__(
        self, config: pytest.Config, asked: Sequence[Path], configured: Sequence[Path]
    ) -> None:
        self.config = config
        self.folders = list(dict.fromkeys(path.resolve() for path in (*asked, *configured)))
        self.update = bool(config.getoption("golden_update")) and may_write()
        self.extractor = self._extractor()
        _refuse_empty("--golden", asked)
        _refuse_empty("golden_paths", configured)
        self._add_to_run(asked)
        if config.args_source is not pytest.Config.ArgsSource.ARGS:
            self._add_to_run(configured)

    def _extractor(self) -> Extractor | None:
        option = self.config.getoption("golden_extractor")
        name = option or self.config.getini("golden_extractor")
        if not name:
            return None
        try:
            return load_extractor(name, self.config.rootpath)
        except ExtractorError as error:
            raise pytest.UsageError(str(error)) from error

    def _add_to_run(self, folders: Iterable[Path]) -> None:
        """Name folders as arguments of the run, but for those that an argument holds already."""
        base = self.config.invocation_params.dir
        for folder in folders:
            held = [(base / arg.partition("::")[0]).resolve() for arg in self.config.args]
            if not any(folder.resolve().is_relative_to(path) for path in held):
                self.config.args.append(str(folder))

    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> pytest.Collector | None:
        """Collect a case by its ``case.json``, and expectations that belong to no case."""
        name = file_path.name
        if name != CASE_FILE and name not in EXPECTATION_FILES:
            return None
        place = file_path.resolve()
        if not any(place.is_relative_to(folder) for folder in self.folders):
            return None
        if name == CASE_FILE:
            return CaseFile.from_parent(parent, path=file_path, golden=self)
        if (file_path.parent / CASE_FILE).is_file():
            return None
        return OrphanFile.from_parent(parent, path=file_path)

    def pytest_report_header(self) -> str:
        """Say which folders hold the cases, and why nothing is written if it was asked for."""
        names = ", ".join(_shown(folder, self.config.rootpath) for folder in self.folders)
        stopped = self.config.getoption("golden_update") and not self.update
        return f"golden: {names}" + ("; CI is set: no .new files" if stopped else "")

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say which cases wait to be accepted or rejected."""
        cases = []
        for folder in self.folders:
            try:
                cases += [_shown(case.folder, self.config.rootpath) for case in pending(folder)]
            except CleanerError:
                continue  # a broken case has failed as a test
        if cases:
            terminalreporter.section("golden cases with .new files")
            for name in dict.fromkeys(cases):
                terminalreporter.line(name)
            terminalreporter.line(
                "see `cleaner golden diff`, then `cleaner golden accept|reject`; or do both in the "
                "browser: `cleaner golden review`"
            )


class CaseFile(pytest.File):
    """A case: its page is cleaned once, when the first of its tests runs."""

    def __init__(self, *, golden: GoldenCases, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._golden = golden
        self._case: Case | None = None
        self._checked: dict[str, PartResult] | None = None
        self._error: str | None = None

    def collect(self) -> Iterator[pytest.Item]:
        """Yield a test for each part of the case."""
        try:
            case = self._case = read_case(self.path.parent)
            parts = parts_of(case)
        except CleanerError as error:
            yield BrokenItem.from_parent(self, name=BROKEN, note=str(error))
            return
        for part in parts:
            item = PartItem.from_parent(self, name=part.name)
            if part.name in case.expected_failures and part.standing == "expected":
                item.add_marker(
                    pytest.mark.xfail(reason=f"named in {CASE_FILE}", strict=True, raises=Mismatch)
                )
            yield item

    def part(self, name: str) -> PartResult | None:
        """Return the result of a part, ``None`` if the extractor does not give it.

        Raises ``Unchecked`` if there are no results at all.
        """
        if self._checked is None:
            self._check()
        if self._error is not None:
            raise Unchecked(self._error)
        return (self._checked or {}).get(name)

    def _check(self) -> None:
        """Check the case and keep what the tests need: pages and documents are large."""
        self._checked = {}
        try:
            result = check_case(self._case or read_case(self.path.parent), self._golden.extractor)
            if self._golden.update:
                write_new(result)
        except CleanerError as error:
            self._error = str(error)
            return
        self._error = result.error
        self._checked = {part.name: part for part in result.parts}

    def teardown(self) -> None:
        """Forget the results when the last test is done."""
        self._checked = None


class OrphanFile(pytest.File):
    """An expectation in a folder that is no case."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield a test that fails."""
        note = f"{self.path}: an expectation without a {CASE_FILE}"
        yield BrokenItem.from_parent(self, name="orphan", note=note)


class GoldenItem(pytest.Item):
    """A test whose failure is told without a traceback."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Say what differs; any other error keeps its traceback."""
        if isinstance(excinfo.value, (Mismatch, Unchecked)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where the test is, and ``case: part``."""
        return self.path, None, f"{self.path.parent.name}: {self.name}"


class PartItem(GoldenItem):
    """One part of a case."""

    parent: CaseFile

    def runtest(self) -> None:
        """Fail if the part is not as expected; skip it if the extractor does not give it."""
        part = self.parent.part(self.name)
        if part is None:
            pytest.skip(f"the extractor gives no {self.name}")
        if part.status not in ("same", "unexpected-pass"):
            raise Mismatch(f"{part.status}: {self.name}\n{part.difference}")


class BrokenItem(GoldenItem):
    """A test that fails, for what cannot be a case."""

    def __init__(self, *, note: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._note = note

    def runtest(self) -> None:
        """Fail with what is wrong."""
        raise Mismatch(self._note)


def _refuse_empty(option: str, folders: Iterable[Path]) -> None:
    """Raise ``UsageError`` for a folder without cases: a wrong name must not pass as green."""
    for folder in folders:
        if not folder.is_dir():
            raise pytest.UsageError(f"{option}: {folder}: there is no such folder")
        if not find_cases(folder) and not find_orphans(folder):
            raise pytest.UsageError(f"{option}: {folder}: there is no case in it")


def _shown(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
