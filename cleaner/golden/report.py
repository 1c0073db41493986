"""A folder of cases as a table: how each stands, in a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cleaner.golden.check import SAME, CaseResult, markdown_text
from cleaner.golden.parts import SCORE, TEXT

PASSED = "same"
FAILED = "changed"
BROKEN = "error"


@dataclass(frozen=True, slots=True)
class Row:
    """How a case stands."""

    name: str
    status: str
    """``same``, ``changed`` or ``error``."""
    f1: float | None
    """Word F1 (0..1) of the text against ``expected.md``; ``None`` where there is none."""
    same: int
    """Parts that are as expected."""
    failing: int
    """Parts that fail as ``case.json`` says."""
    changed: tuple[str, ...]
    """Parts that are not as they should be, each with its status where it is another one."""
    error: str = ""

    def values(self) -> dict[str, Any]:
        """Return the row as JSON-ready values."""
        return {
            "case": self.name,
            "status": self.status,
            "f1": None if self.f1 is None else round(self.f1, 4),
            "same": self.same,
            "expected_failures": self.failing,
            "changed": list(self.changed),
            "error": self.error,
        }


def row_of(name: str, result: CaseResult) -> Row:
    """Return the line of one case."""
    if result.error is not None:
        return broken_row(name, result.error)
    statuses = [part.status for part in result.parts]
    changed = tuple(
        part.name if part.status == FAILED else f"{part.name} ({part.status})"
        for part in result.parts
        if not part.passed
    )
    return Row(
        name,
        FAILED if changed else PASSED,
        _f1(result),
        statuses.count(SAME),
        sum(part.passed for part in result.parts) - statuses.count(SAME),
        changed,
    )


def broken_row(name: str, error: str) -> Row:
    """Return the line of a case that cannot be checked."""
    return Row(name, BROKEN, None, 0, 0, (), error)


def _f1(result: CaseResult) -> float | None:
    from cleaner.evaluate.score import word_score

    for part in result.parts:
        if part.name in (TEXT, SCORE) and part.expected:
            return word_score(markdown_text(part.actual), markdown_text(part.expected)).f1
    return None


def summary(rows: Sequence[Row]) -> str:
    """Return how many cases stand how, in a line."""
    counts: Mapping[str, int] = {
        status: sum(row.status == status for row in rows) for status in (PASSED, FAILED, BROKEN)
    }
    said = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
    scores = [row.f1 for row in rows if row.f1 is not None]
    mean = f"; mean word F1 {sum(scores) / len(scores):.3f}" if scores else ""
    failing = sum(row.failing for row in rows)
    known = f"; {failing} parts fail as expected" if failing else ""
    return f"{len(rows)} cases: {said}{mean}{known}"
