"""Figures -> tables on the terminal, and the worst pages with their faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cleaner.evaluate.faults import excerpt, one_line
from cleaner.evaluate.meta import Outcome
from cleaner.evaluate.peers import OURS
from cleaner.evaluate.results import PageResult, SetResult
from cleaner.evaluate.sets import ScoreKind
from cleaner.evaluate.summary import Group, SetSummary

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

SLOWEST = 10
"""Pages of our system that are listed with their time."""

_MEASURES: Mapping[ScoreKind, str] = {
    ScoreKind.WORDS: "word F1, mean over pages",
    ScoreKind.SNIPPETS: "snippet F1 over all pages",
    ScoreKind.METADATA: "metadata",
}

_FAULTY = (Outcome.WRONG, Outcome.MISSING, Outcome.SPURIOUS)


def print_report(
    console: Console,
    results: Sequence[SetResult],
    summaries: Sequence[SetSummary],
    *,
    worst: int,
) -> None:
    """Print the tables of every set, its ``worst`` pages, and the slowest pages of all."""
    for result, summary in zip(results, summaries, strict=True):
        _print_set(console, summary)
        _print_worst(console, result, worst)
        _print_metadata_faults(console, result, worst)
        _print_failures(console, result)
    _print_slowest(console, results)


def _print_set(console: Console, summary: SetSummary) -> None:
    """Print the tables of one set."""
    whole = summary.whole
    print_heading(console, f"{summary.name}: {whole.pages} pages, {_MEASURES[summary.kind]}")
    if summary.capture_failures:
        print_line(
            console, f"left out, no capture could be made: {_tally(summary.capture_failures)}"
        )
    if whole.systems:
        table = markdown_table(
            "system", "F1", "95 %", "precision", "recall", "mean ms", "median ms"
        )
        table.add_column("failures")
        for row in whole.systems:
            f = row.figures
            table.add_row(
                row.system,
                _share(f.f1),
                f"{_share(f.low)}-{_share(f.high)}",
                _share(f.precision),
                _share(f.recall),
                f"{row.timing.mean:.1f}",
                f"{row.timing.median:.1f}",
                _tally(row.failures),
            )
        console.print(table)
    if summary.page_types:
        _print_page_types(console, (*summary.page_types, whole))
    _print_metadata(console, summary)


def _print_page_types(console: Console, groups: Sequence[Group]) -> None:
    """Print F1 and its interval for every page type and system."""
    systems = [row.system for row in groups[-1].systems]
    table = markdown_table("page type", "pages", *systems)
    for group in groups:
        cells = [
            f"{_share(row.figures.f1)} ({_share(row.figures.low)}-{_share(row.figures.high)})"
            for row in group.systems
        ]
        table.add_row(group.name, str(group.pages), *cells)
    if systems:
        console.print(table)


def _print_metadata(console: Console, summary: SetSummary) -> None:
    """Print what the values of each field are worth, system by system."""
    if not summary.metadata:
        return
    table = markdown_table(
        "field", "system", "right share", *Outcome, "named where none", "mean ms", "median ms"
    )
    table.add_column("failures")
    for row in summary.metadata:
        table.add_row(
            row.field,
            row.system,
            _share_or_dash(row.share),
            *(str(row.counts[outcome]) for outcome in Outcome),
            _share_or_dash(row.invented),
            f"{row.timing.mean:.1f}",
            f"{row.timing.median:.1f}",
            _tally(row.failures),
        )
    console.print(table)


def _print_worst(console: Console, result: SetResult, worst: int) -> None:
    """Print the pages with the lowest F1 of our text, and their faults."""
    pages = [page for page in result.pages if page.texts and page.texts[0].score.f1 < 1]
    pages.sort(key=lambda page: (page.texts[0].score.f1, page.record.id))
    if pages[:worst]:
        print_heading(console, f"{result.labelled.name}: worst pages of {OURS}")
    for page in pages[:worst]:
        score = page.texts[0].score
        print_line(
            console,
            f"{_page_name(page)}  F1 {_share(score.f1)}, precision {_share(score.precision)}, "
            f"recall {_share(score.recall)}",
        )
        for name, excerpts in (("missed", page.missed), ("let in", page.extra)):
            for text in excerpts:
                print_line(console, f"    {name}: {text}")


def _print_metadata_faults(console: Console, result: SetResult, worst: int) -> None:
    """Print pages on which our metadata is not right, field by field, wrong values first."""
    for field in result.labelled.fields:
        pages = [
            page
            for page in result.pages
            if page.metadata and page.metadata[0].outcomes.get(field) in _FAULTY
        ]
        pages.sort(key=lambda page: _FAULTY.index(page.metadata[0].outcomes[field]))
        if pages[:worst]:
            print_heading(console, f"{result.labelled.name}: {field} not right in {OURS}")
        for page in pages[:worst]:
            ours = page.metadata[0]
            truth = (page.record.metadata or {}).get(field, ())
            print_line(console, f"{_page_name(page)}  {ours.outcomes[field]}")
            print_line(console, f"    truth: {_values(truth)}")
            print_line(console, f"    given: {_values(ours.found.get(field, ()))}")


def _print_failures(console: Console, result: SetResult) -> None:
    """Print every page on which our system raised."""
    failed = [page for page in result.pages if page.ours and page.ours.error]
    if failed:
        print_heading(console, f"{result.labelled.name}: pages on which {OURS} raised")
    for page in failed:
        print_line(console, f"{_page_name(page)}  {page.ours.error if page.ours else ''}")


def _print_slowest(console: Console, results: Sequence[SetResult]) -> None:
    """Print the pages that took our system longest, over all sets."""
    timed = [
        (page.ours.seconds, result.labelled.name, page)
        for result in results
        for page in result.pages
        if page.ours
    ]
    timed.sort(key=lambda item: -item[0])
    if timed:
        print_heading(console, f"slowest pages of {OURS}")
    for seconds, name, page in timed[:SLOWEST]:
        print_line(console, f"{1000 * seconds:8.0f} ms  {name}  {_page_name(page)}")


def markdown_table(first: str, *columns: str) -> Table:
    """Return an empty table: its first column is left-aligned, the others right."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.MARKDOWN)
    table.add_column(first, no_wrap=True)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def print_heading(console: Console, text: str) -> None:
    """Print a heading as it is given, after an empty line."""
    console.print()
    console.print(text, style="bold", markup=False, highlight=False, soft_wrap=True)


def print_line(console: Console, text: str) -> None:
    """Print a line as it is given."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def _page_name(page: PageResult) -> str:
    """Return what a person needs to find a page; safe to print."""
    record = page.record
    return "  ".join(one_line(part) for part in (record.id, record.page_type, record.url) if part)


def _values(values: Sequence[str]) -> str:
    return "; ".join(excerpt(value) for value in values) or "none"


def _share(value: float) -> str:
    return f"{value:.3f}"


def _share_or_dash(value: float | None) -> str:
    return "-" if value is None else _share(value)


def _tally(counts: Mapping[str, int]) -> str:
    """Return a total and what it is made of: ``3 (ValueError 2, KeyError 1)``."""
    if not counts:
        return "0"
    parts = ", ".join(f"{name} {count}" for name, count in counts.items())
    return f"{sum(counts.values())} ({parts})"
