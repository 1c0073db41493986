"""One file that shows how a whole folder of cases compares with its expectations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from string import Template

from cleaner.golden.assets import asset
from cleaner.golden.check import CaseResult
from cleaner.golden.difference_view import (
    STATUSES,
    case_statuses,
    parts_html,
    status_chip,
    status_counts,
)
from cleaner.golden.view import page_policy


def render_folder_report(results: Iterable[CaseResult]) -> str:
    """Return a self-contained HTML file that lists cases, those that did not pass first.

    Nothing in the file asks the network for anything.
    """
    ordered = sorted(results, key=lambda result: result.passed)  # else in the order given
    passed = sum(result.passed for result in ordered)
    script = asset("folder.js")
    return Template(asset("folder.html")).substitute(
        policy=page_policy(script),
        style=asset("base.css") + asset("cases.css"),
        passed=passed,
        total=len(ordered),
        counts=_counts(ordered),
        rows="".join(map(_row, ordered)) or '<p class="nothing">There are no cases.</p>',
        script=script,
    )


def write_folder_report(results: Iterable[CaseResult], path: Path) -> None:
    """Write what ``render_folder_report`` returns to a file. Raises ``OSError``."""
    path.write_text(render_folder_report(results), encoding="utf-8")


def _counts(results: Sequence[CaseResult]) -> str:
    counts = status_counts(results)
    return " ".join(status_chip(status, counts[status]) for status in STATUSES if counts[status])


def _row(result: CaseResult) -> str:
    counts = case_statuses(result)
    chips = " ".join(status_chip(status, counts[status]) for status in STATUSES if counts[status])
    name, shows = escape(result.case.name), escape(result.case.shows)
    head = (
        f'<span class="name">{name}</span> <span class="chips">{chips}</span>'
        f'<span class="shows">{shows}</span>'
    )
    state = "passed" if result.passed else "failed"
    parts = parts_html(result)
    if not parts:
        return f'<div class="case {state}"><div class="head">{head}</div></div>'
    opened = "" if result.passed else " open"
    return (
        f'<details class="case {state}"{opened}><summary class="head">{head}</summary>'
        f"{parts}</details>"
    )
