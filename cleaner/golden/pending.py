"""What the ``.new`` files of a case would change, part by part."""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.errors import CleanerError
from cleaner.golden.cases import (
    CASE_FILE,
    LABELS_FILE,
    TEXT_FILE,
    VALUES_FILE,
    Case,
    CaseError,
    read_object,
    read_rows,
    read_text,
)
from cleaner.golden.check import CHANGED, MISSING, UNEXPECTED_PASS, PartResult, format_rows
from cleaner.golden.decisions import read_decisions
from cleaner.golden.difference import (
    Why,
    label_difference,
    text_difference,
    value_difference,
    value_text,
)
from cleaner.golden.files import SUFFIX, pending_names
from cleaner.golden.parts import FIELDS, LABELS, PREFIX, TEXT


def pending_parts(case: Case) -> list[PartResult]:
    """Return what accepting a case's ``.new`` files would change; empty if there are none.

    ``expected`` is what is expected now, ``actual`` what would be. Raises ``CaseError`` if a file
    is broken.
    """
    names = pending_names(case.folder)
    if not names:
        return []
    why = Why(None)
    if TEXT_FILE in names or LABELS_FILE in names:
        try:
            why = Why(case.clean(), read_decisions(case.folder))
        except CaseError:
            raise
        except CleanerError:
            pass  # a page that cannot be cleaned any more has no reasons to tell
    return list(_parts(case, names, why))


def _parts(case: Case, names: list[str], why: Why) -> Iterator[PartResult]:
    if TEXT_FILE in names:
        old = case.expected_markdown() if case.has(TEXT_FILE) else ""
        new = read_text(case.folder / (TEXT_FILE + SUFFIX))
        yield _part(case, TEXT_FILE, TEXT, old, new, text_difference(old, new, why))
    if LABELS_FILE in names:
        rows = case.expected_labels() if case.has(LABELS_FILE) else []
        fresh = read_rows(case.folder / (LABELS_FILE + SUFFIX))
        difference = label_difference(rows, fresh, why)
        yield _part(case, LABELS_FILE, LABELS, format_rows(rows), format_rows(fresh), difference)
    if VALUES_FILE in names:
        yield from _values(case)
    if CASE_FILE in names:
        new = read_object(case.folder / (CASE_FILE + SUFFIX)).get("expected_failures", [])
        for name in case.expected_failures:
            if name not in new:
                yield PartResult(name, UNEXPECTED_PASS, difference="no longer expected to fail")


def _values(case: Case) -> Iterator[PartResult]:
    old = case.values_or_none()
    new = read_object(case.folder / (VALUES_FILE + SUFFIX))
    for name in dict.fromkeys([*old, *new]):
        if old.get(name, _ABSENT) != new.get(name, _ABSENT):
            yield PartResult(
                PREFIX + name if name in FIELDS else name,
                CHANGED if name in old else MISSING,
                value_text(old.get(name)),
                value_text(new.get(name)),
                value_difference(old.get(name), new.get(name)),
            )


_ABSENT = object()


def _part(case: Case, file: str, name: str, old: str, new: str, difference: str) -> PartResult:
    return PartResult(name, CHANGED if case.has(file) else MISSING, old, new, difference)
