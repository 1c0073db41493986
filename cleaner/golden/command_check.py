"""``cleaner golden test``, ``report``, ``diff`` and ``compare``: look, and change nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import click

from cleaner.errors import CleanerError
from cleaner.golden.cases import Case
from cleaner.golden.check import CHANGED, CaseResult, PartResult, check_case
from cleaner.golden.choose import find_left_over, shown_name
from cleaner.golden.command_base import (
    CASES,
    FORMAT,
    PARTS,
    chosen_cases,
    complain,
    echo_difference,
    echo_rows,
    finish,
    told,
)
from cleaner.golden.extract import Extractor, ExtractorError, load_extractor
from cleaner.golden.files import may_write
from cleaner.golden.store import write_new


def _extractor(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> Extractor | None:
    try:
        return load_extractor(value) if value else None
    except ExtractorError as error:
        raise click.BadParameter(str(error)) from None


_EXTRACTOR = click.option(
    "--extractor",
    metavar="MODULE:FUNCTION",
    callback=_extractor,
    help="Check this extractor: called with the page's bytes and url=..., it returns the text, "
    "or a mapping with text and metadata.",
)


@click.command("test", epilog="Example: cleaner golden test 'blog-*' --part text --update")
@CASES
@PARTS
@_EXTRACTOR
@click.option("--update", is_flag=True, help="Write .new files for what changed; not under CI.")
@click.option("-q", "--quiet", is_flag=True, help="Name what changed, without the differences.")
def test_command(
    names: tuple[str, ...],
    parts: tuple[str, ...],
    extractor: Extractor | None,
    update: bool,
    quiet: bool,
) -> None:
    """Clean the pages and say what is not as expected, and why.

    It is told block by block.
    """
    if update and not may_write():
        click.echo("cleaner: CI is set: no .new files", err=True)
        update = False
    counts = {True: 0, False: 0}
    for result in _results(names, extractor):
        failed = [p for p in result.parts if not p.passed and (not parts or p.name in parts)]
        counts[not failed and result.error is None] += 1
        _echo_failed(result, failed, quiet)
        if update:
            with told():
                write_new(result)
    for path in find_left_over(names):
        complain(f"{path}: an expectation without a case.json")
    click.echo(f"{sum(counts.values())} cases: {counts[True]} the same, {counts[False]} not")
    finish(counts[False] > 0)


def _echo_failed(result: CaseResult, failed: Collection[PartResult], quiet: bool) -> None:
    name = shown_name(result.case.folder)
    if result.error is not None:
        click.echo(f"error\t{name}\t{result.error}")
    for part in failed:
        click.echo(f"{part.status}\t{name}\t{part.name}")
        if not quiet:
            echo_difference(part.difference)


def _results(names: tuple[str, ...], extractor: Extractor | None) -> Iterator[CaseResult]:
    for case in chosen_cases(names):
        try:
            yield check_case(case, extractor)
        except CleanerError as error:
            complain(error)


@click.command("report", epilog="Example: cleaner golden report --format json > report.json")
@CASES
@_EXTRACTOR
@FORMAT
@click.option(
    "--html",
    "page",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write one HTML file, too, that shows what differs in each case.",
)
def report_command(
    names: tuple[str, ...], extractor: Extractor | None, form: str, page: Path | None
) -> None:
    """Show how every case stands, in a line."""
    from cleaner.golden.folder_report import FolderReport
    from cleaner.golden.report import PASSED, row_of, summary

    rows = []
    folder = FolderReport()
    for result in _results(names, extractor):
        rows.append(row_of(shown_name(result.case.folder), result))
        if page is not None:
            folder.add(result)
    if page is not None:
        with told():
            folder.write(page)
    lines = [
        (
            row.status,
            row.name,
            "" if row.f1 is None else f"{row.f1:.3f}",
            str(row.same),
            str(row.failing or ""),
            row.error or ", ".join(row.changed),
        )
        for row in rows
    ]
    heads = ("status", "case", "F1", "same", "known", "changed")
    echo_rows(form, heads, lines, lambda: [row.values() for row in rows])
    click.echo(summary(rows), err=form != "table")
    finish(any(row.status != PASSED for row in rows))


@click.command("diff", epilog="Example: cleaner golden diff news-front --part text")
@CASES
@PARTS
def diff_command(names: tuple[str, ...], parts: tuple[str, ...]) -> None:
    """Show what accepting the .new files would change. Exit code 1 if there are any."""
    from cleaner.golden.pending import pending_parts

    changed = False
    for case in chosen_cases(names):
        try:
            found = [p for p in pending_parts(case) if not parts or p.name in parts]
        except CleanerError as error:
            complain(error)
            continue
        for part in found:
            click.echo(f"{CHANGED}\t{shown_name(case.folder)}\t{part.name}")
            echo_difference(part.difference)
        changed = changed or bool(found)
    finish(changed)


@click.command(
    "compare",
    epilog="Examples: cleaner golden compare --against trafilatura,readability-lxml. Before an "
    "upgrade: cleaner golden compare --save old.jsonl; after it: cleaner golden compare "
    "--against old.jsonl",
)
@CASES
@click.option(
    "--against",
    metavar="NAME,...",
    help="Other systems (trafilatura, readability-lxml, ...), an extractor module:function, a "
    "file written by --save, or a folder with <case>.txt or <case>.md.",
)
@click.option(
    "--save",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what is given now, to compare with later.",
)
@FORMAT
def compare_command(
    names: tuple[str, ...], against: str | None, save: Path | None, form: str
) -> None:
    """Rank cases by how much other systems or versions differ.

    differ is the share of words (1 - F1) between the two texts; F1 is against expected.md.
    Exit code 1 if any differs.
    """
    from cleaner.golden.compare import compare_cases, read_others, save_output

    if not against and not save:
        raise click.UsageError("name what to compare with: --against, or --save for later")
    try:
        others = read_others(against or "")
    except CleanerError as error:
        raise click.UsageError(str(error)) from None
    cases = [case for case in chosen_cases(names) if _cleans(case)]
    if save:
        with told():
            save_output(cases, save)
    if not others:
        finish(False)
        return
    compared = compare_cases(cases, others)
    heads = ["case", "F1"]
    for name in others:
        heads += [f"{name} differ", f"{name} F1"]
    rows = []
    for one in compared:
        row = [shown_name(one.case.folder), _figure(one.scores["cleaner"])]
        for name in others:
            row += [_figure(one.differences[name]), _figure(one.scores[name])]
        rows.append(row)
    echo_rows(
        form,
        heads,
        rows,
        lambda: [
            {"case": o.case.name, "differ": dict(o.differences), "f1": dict(o.scores)}
            for o in compared
        ],
    )
    finish(any(one.largest > 0 for one in compared))


def _cleans(case: Case) -> bool:
    try:
        case.clean()
    except CleanerError as error:
        complain(error)
        return False
    return True


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
