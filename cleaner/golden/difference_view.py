"""Differences and statuses of a case's parts as HTML."""

from __future__ import annotations

import re
from collections import Counter
from html import escape

from cleaner.golden.check import (
    CHANGED,
    EXPECTED_FAILURE,
    MISSING,
    ORPHAN,
    SAME,
    UNEXPECTED_PASS,
    CaseResult,
)

ERROR = "error"

STATUSES = {
    SAME: ("✓", "same", "good"),
    EXPECTED_FAILURE: ("○", "known failure", "calm"),
    CHANGED: ("≠", "changed", "bad"),
    MISSING: ("?", "missing", "bad"),
    ORPHAN: ("?", "orphan", "bad"),
    UNEXPECTED_PASS: ("!", "passes now", "good"),
    ERROR: ("✕", "error", "bad"),
}
"""A status to its sign, its name for a reader, and how it is meant."""

_STRETCH = re.compile(r"\[-(.*?)-\]|\{\+(.*?)\+\}", re.DOTALL)
_LINES = {
    "- ": ("gone", "expected", "-"),
    "+ ": ("come", "now", "+"),
    "~ ": ("both", "changed", "~"),
    "@@": ("place", "", ""),
}


def status_chip(status: str, of: str = "") -> str:
    """Return a status as a small sign with its name, and what has it or how many do."""
    sign, name, tone = STATUSES[status]
    shown = f" <b>{escape(of)}</b>" if of else ""
    return (
        f'<span class="status {tone}"><span aria-hidden="true">{sign}</span> {name}{shown}</span>'
    )


def case_statuses(result: CaseResult) -> Counter[str]:
    """Return how many parts of a case have each status."""
    if result.error is not None:
        return Counter({ERROR: 1})
    return Counter(part.status for part in result.parts)


def difference_html(difference: str) -> str:
    """Return the lines of a difference as a list: what is gone, what has come, and why."""
    rows = [_line(line) for line in difference.split("\n") if line.strip()]
    return f'<div class="difference">{"".join(rows)}</div>' if rows else ""


def _line(line: str) -> str:
    if line.startswith("    "):
        return f'<p class="why">{escape(line.strip())}</p>'
    kind, said, sign = _LINES.get(line[:2], ("note", "", ""))
    text = line[2:].strip() if kind != "note" else line
    shown = _stretches(text) if kind == "both" else escape(text)
    mark = f'<span class="sign" aria-hidden="true">{sign}</span>' if sign else ""
    spoken = f'<span class="spoken">{said}: </span>' if said else ""
    return f'<p class="{kind}">{mark}{spoken}<span dir="auto">{shown}</span></p>'


def _stretches(text: str) -> str:
    """Return a line with ``[-old-]`` and ``{+new+}`` as deleted and inserted text."""
    pieces: list[str] = []
    end = 0
    for found in _STRETCH.finditer(text):
        gone, come = found.groups()
        pieces.append(escape(text[end : found.start()]))
        pieces.append(f"<del>{escape(gone)}</del>" if gone is not None else "")
        pieces.append(f"<ins>{escape(come)}</ins>" if come is not None else "")
        end = found.end()
    return "".join([*pieces, escape(text[end:])])


def part_html(name: str, status: str, difference: str, *, is_open: bool) -> str:
    """Return one part of a case with its status and its difference, which is HTML."""
    opened = " open" if is_open else ""
    return (
        f'<details class="part"{opened}><summary><code>{escape(name)}</code> '
        f"{status_chip(status)}</summary>{difference}</details>"
    )


def parts_html(result: CaseResult) -> str:
    """Return all parts of a case that are not the same, those that did not pass opened."""
    if result.error is not None:
        return f'<p class="error">{escape(result.error)}</p>'
    told = [part for part in result.parts if part.status != SAME]
    return "".join(
        part_html(part.name, part.status, difference_html(part.difference), is_open=not part.passed)
        for part in told
    )
