"""Golden cases: a captured page, and what a careful reader says should come out of it.

Nothing is imported before it is asked for: the pytest plugin lives here, and costs nothing where
it is not used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleaner.late import late_name

if TYPE_CHECKING:
    from cleaner.golden.cases import Case, CaseError, block_rows, find_cases, read_case
    from cleaner.golden.check import CaseResult, PartResult, check_case
    from cleaner.golden.store import accept, pending, pending_files, reject, set_label, write_new

__all__ = [
    "Case",
    "CaseError",
    "CaseResult",
    "PartResult",
    "accept",
    "block_rows",
    "check_case",
    "find_cases",
    "pending",
    "pending_files",
    "read_case",
    "reject",
    "set_label",
    "write_new",
]

_MODULES = ("cases", "check", "store")


def __getattr__(name: str) -> Any:
    return late_name(__name__, _MODULES, __all__, name)
