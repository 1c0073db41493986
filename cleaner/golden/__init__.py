"""Golden cases: a captured page, and what a careful reader says should come out of it."""

from __future__ import annotations

from cleaner.golden.cases import Case, CaseError, block_rows, find_cases, read_case

__all__ = ["Case", "CaseError", "block_rows", "find_cases", "read_case"]
