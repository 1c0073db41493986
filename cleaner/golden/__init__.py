"""Golden cases: a captured page, and what a careful reader says should come out of it."""

from __future__ import annotations

from cleaner.golden.cases import Case, block_rows, find_cases, read_case

__all__ = ["Case", "block_rows", "find_cases", "read_case"]
