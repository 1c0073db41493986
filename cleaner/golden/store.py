"""Expectations on disk: new ones beside the old, taken over or thrown away; corrected labels.

A new expectation is written as ``<file>.new`` and never over the old one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from cleaner.golden.cases import (
    CASE_FILE,
    DECISIONS_FILE,
    LABELS_FILE,
    TEXT_FILE,
    VALUES_FILE,
    Case,
    CaseError,
    find_cases,
    read_case,
    read_object,
)
from cleaner.golden.check import (
    CHANGED,
    MISSING,
    ORPHAN,
    UNEXPECTED_PASS,
    CaseResult,
    PartResult,
)
from cleaner.golden.correct import set_label
from cleaner.golden.decisions import decisions_of, format_decisions
from cleaner.golden.files import (
    FILES,
    SUFFIX,
    json_text,
    may_write,
    pending_files,
    pending_names,
    remove_file,
    write_file,
)
from cleaner.golden.parts import LABELS, LISTS, SCORE, TEXT, field_of

__all__ = [
    "accept",
    "expect_failures",
    "may_write",
    "pending",
    "pending_files",
    "reject",
    "set_label",
    "write_new",
]

_FILE_OF = {TEXT: TEXT_FILE, SCORE: TEXT_FILE, LABELS: LABELS_FILE}


def write_new(result: CaseResult) -> list[Path]:
    """Write ``.new`` files for what changed or is missing; return them in a fixed order.

    What passes, fails as expected, or could not be cleaned at all gets none, and one from an
    earlier time that no longer holds is removed. Snippets are a reader's: they are never
    rewritten, and neither is a text that must reach a minimum score. Raises ``CaseError``.
    """
    case = result.case
    if result.error is not None:
        return []
    contents = _new_contents(result)
    written = []
    for name in FILES:
        path = case.folder / (name + SUFFIX)
        if name in contents:
            write_file(case, path.name, contents[name])
            written.append(path)
        else:
            remove_file(path)
    return written


def _new_contents(result: CaseResult) -> dict[str, str]:
    """Return the text of each file that should be written anew, by its name."""
    case, contents = result.case, dict[str, str]()
    for part in result.parts:
        new = part.status == MISSING or (part.status == CHANGED and part.name != SCORE)
        if new and part.name in _FILE_OF:
            contents[_FILE_OF[part.name]] = part.actual
    values = case.values_or_none()
    renewed = _new_values(values, result.parts)
    if renewed != values:
        contents[VALUES_FILE] = json_text(renewed)
    resolved = {p.name for p in result.parts if p.status in (UNEXPECTED_PASS, ORPHAN)}
    if resolved.intersection(case.expected_failures):
        facts = read_object(case.folder / CASE_FILE)
        left = [name for name in case.expected_failures if name not in resolved]
        contents[CASE_FILE] = json_text(_with_failures(facts, left))
    if result.document is not None and contents.keys() & {TEXT_FILE, LABELS_FILE}:
        contents[DECISIONS_FILE] = format_decisions(decisions_of(result.document))
    return contents


def _new_values(values: Mapping[str, Any], parts: Collection[PartResult]) -> dict[str, Any]:
    renewed = dict(values)
    for part in parts:
        name = field_of(part.name) or (part.name if part.name in LISTS else "")
        if name and part.status in (CHANGED, MISSING):
            renewed[name] = json.loads(part.actual)
        elif name and part.status == ORPHAN:
            renewed.pop(name, None)
    return renewed


def pending(folder: Path) -> list[Case]:
    """Return the cases in and below ``folder`` that have ``.new`` files, in order."""
    return [read_case(path) for path in find_cases(folder) if pending_names(path)]


def accept(case: Case, parts: Collection[str] | None = None) -> list[Path]:
    """Take new expectations over, all or those of some parts; return the files that changed.

    The ``.new`` files are gone afterwards, but for what parts that were left out need of them.
    Raises ``CaseError`` if a part has nothing new.
    """
    return _settle(case, parts, _accept_file, _take_over)


def reject(case: Case, parts: Collection[str] | None = None) -> list[Path]:
    """Throw new expectations away, all or those of some parts; return the files that changed.

    Raises ``CaseError`` if a part has nothing new.
    """
    return _settle(case, parts, _reject_file, _put_back)


def _settle(
    case: Case,
    parts: Collection[str] | None,
    whole: Callable[[Case, str], Path],
    keys: Callable[[Case, str, Collection[str]], list[Path]],
) -> list[Path]:
    """Settle whole files with ``whole``, and keys of ``expected.json`` with ``keys``."""
    there = pending_names(case.folder)
    if parts is None:
        return [whole(case, name) for name in there]
    changed: list[Path] = []
    files = {_FILE_OF[part] for part in parts if part in _FILE_OF}
    names = [field_of(p) or p for p in parts if p not in _FILE_OF]
    failures = _resolved_failures(case).intersection(parts)
    for part in parts:
        known = _FILE_OF.get(part) in there or _is_new_value(case, part) or part in failures
        if not known:
            raise CaseError(f"{case.folder}: nothing new for {part}")
    changed += [whole(case, name) for name in FILES if name in files and name in there]
    new_values = [name for name in names if _is_new_value(case, name)]
    if new_values:
        changed += keys(case, VALUES_FILE, new_values)
    if failures:
        changed += keys(case, CASE_FILE, failures)
    if DECISIONS_FILE in there and not {TEXT_FILE, LABELS_FILE}.intersection(
        pending_names(case.folder)
    ):
        changed.append(whole(case, DECISIONS_FILE))
    return changed


def _accept_file(case: Case, name: str) -> Path:
    path = case.folder / name
    try:
        os.replace(case.folder / (name + SUFFIX), path)
    except OSError as error:
        raise CaseError(f"{path}: {error}") from error
    return path


def _reject_file(case: Case, name: str) -> Path:
    path = case.folder / (name + SUFFIX)
    remove_file(path)
    return path


def _take_over(case: Case, name: str, keys: Collection[str]) -> list[Path]:
    """Take some keys of a JSON file's new version over."""
    old, new = _old_and_new(case, name)
    if name == CASE_FILE:
        left = [n for n in old.get("expected_failures", []) if n not in keys]
        old = _with_failures(old, left)
    else:
        old = _with_keys(old, new, keys)
    changed = write_file(case, name, json_text(old))
    _write_new_json(case, name, old, new)
    return [changed]


def _put_back(case: Case, name: str, keys: Collection[str]) -> list[Path]:
    """Make some keys of a JSON file's new version those of the old one."""
    old, new = _old_and_new(case, name)
    if name == CASE_FILE:
        kept = [
            n
            for n in old.get("expected_failures", [])
            if n in keys or n in new.get("expected_failures", [])
        ]
        new = _with_failures(new, kept)
    else:
        new = _with_keys(new, old, keys)
    return [_write_new_json(case, name, old, new)]


def _with_keys(
    target: Mapping[str, Any], source: Mapping[str, Any], keys: Collection[str]
) -> dict[str, Any]:
    result = dict(target)
    for key in keys:
        if key in source:
            result[key] = source[key]
        else:
            result.pop(key, None)
    return result


def _write_new_json(case: Case, name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Path:
    """Write what is left new of a JSON file, or remove its new file if nothing is."""
    if old == new:
        return _reject_file(case, name)
    return write_file(case, name + SUFFIX, json_text(new))


def _old_and_new(case: Case, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    old = read_object(case.folder / name) if case.has(name) else {}
    path = case.folder / (name + SUFFIX)
    return old, read_object(path) if path.is_file() else dict(old)


def _is_new_value(case: Case, part: str) -> bool:
    name = field_of(part) or part
    old, new = _old_and_new(case, VALUES_FILE)
    return (name in old or name in new) and old.get(name, _ABSENT) != new.get(name, _ABSENT)


_ABSENT = object()


def _resolved_failures(case: Case) -> set[str]:
    """Return the parts that the new ``case.json`` no longer expects to fail."""
    old, new = _old_and_new(case, CASE_FILE)
    return set(old.get("expected_failures", [])) - set(new.get("expected_failures", []))


def expect_failures(case: Case, parts: Collection[str]) -> Path:
    """Name parts in ``case.json`` as failing for now, beside those that it names already."""
    facts = read_object(case.folder / CASE_FILE)
    names = dict.fromkeys([*case.expected_failures, *parts])
    return write_file(case, CASE_FILE, json_text(_with_failures(facts, list(names))))


def _with_failures(facts: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    changed = {key: value for key, value in facts.items() if key != "expected_failures"}
    return {**changed, "expected_failures": names} if names else changed
