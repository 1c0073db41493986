"""The files of a case on disk: which have a new one beside them, and writing them whole.

Every file is written under a temporary name and then renamed, and no file outside of the case's
folder is touched.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
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
)

SUFFIX = ".new"

FILES = (TEXT_FILE, VALUES_FILE, LABELS_FILE, DECISIONS_FILE, CASE_FILE)
"""The files of a case that may have a new one beside them."""


def may_write(environment: Mapping[str, str] | None = None) -> bool:
    """Tell whether new expectations may be written: not under continuous integration (``CI``)."""
    value = (os.environ if environment is None else environment).get("CI", "")
    return value.strip().lower() in ("", "0", "false", "no")


def pending_files(case: Case) -> list[Path]:
    """Return the ``.new`` files of a case, in a fixed order."""
    return [case.folder / (name + SUFFIX) for name in pending_names(case.folder)]


def pending_names(folder: Path) -> list[str]:
    """Return the names of the files that have a new one beside them, in a fixed order."""
    return [name for name in FILES if (folder / (name + SUFFIX)).is_file()]


def json_text(value: Any) -> str:
    """Return JSON as the files of cases hold it."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def write_file(case: Case, name: str, content: str | bytes) -> Path:
    """Write a file of a case under a temporary name, then rename it. Raises ``CaseError``."""
    return write_atomically(case.folder / name, content)


def write_atomically(path: Path, content: str | bytes) -> Path:
    """Write a file under a temporary name beside it, then rename it. Raises ``CaseError``."""
    data = content.encode("utf-8", errors="replace") if isinstance(content, str) else content
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(data)
        os.replace(temporary, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise CaseError(f"{path}: {error}") from error
    return path


def remove_file(path: Path) -> None:
    """Remove a file, if it is there. Raises ``CaseError``."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise CaseError(f"{path}: {error}") from error
