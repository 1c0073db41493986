"""One file that shows how a whole folder of cases compares with its expectations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
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
)
from cleaner.golden.view import page_policy


class FolderReport:
    """Gathers the results of cases, and shows them in one HTML file.

    What is held of each is its row alone: pages may be large.
    """

    def __init__(self) -> None:
        self._rows: dict[bool, list[str]] = {False: [], True: []}
        """The rows of the cases that did not pass, and of those that did."""
        self._counts: Counter[str] = Counter()

    def add(self, result: CaseResult) -> None:
        """Add the result of a case."""
        self._rows[result.passed].append(_row(result))
        self._counts += case_statuses(result)

    def render(self) -> str:
        """Return the file: cases that did not pass come first, else in the order of adding."""
        rows = [*self._rows[False], *self._rows[True]]
        script = asset("folder.js")
        return Template(asset("folder.html")).substitute(
            policy=page_policy(script),
            style=asset("base.css") + asset("cases.css"),
            passed=len(self._rows[True]),
            total=len(rows),
            counts=_chips(self._counts),
            rows="".join(rows) or '<p class="nothing">There are no cases.</p>',
            script=script,
        )

    def write(self, path: Path) -> None:
        """Write the file. Raises ``OSError``."""
        path.write_text(self.render(), encoding="utf-8")


def write_folder_report(results: Iterable[CaseResult], path: Path) -> None:
    """Write one self-contained HTML file that shows how cases compare with their expectations.

    Nothing in the file asks the network for anything. Raises ``OSError``.
    """
    report = FolderReport()
    for result in results:
        report.add(result)
    report.write(path)


def _chips(counts: Counter[str]) -> str:
    return " ".join(
        status_chip(status, str(counts[status])) for status in STATUSES if counts[status]
    )


def _row(result: CaseResult) -> str:
    chips = _chips(case_statuses(result))
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
