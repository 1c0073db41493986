"""``cleaner golden pending``, ``accept`` and ``reject``: what waits as ``.new`` files."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

import click

from cleaner.golden.cases import Case, CaseError
from cleaner.golden.choose import shown_name
from cleaner.golden.command_base import CASES, PARTS, chosen_cases, complain, finish
from cleaner.golden.files import pending_files
from cleaner.golden.store import accept, reject


@click.command("pending", epilog="Example: cleaner golden pending | cut -f1")
@CASES
def pending_command(names: tuple[str, ...]) -> None:
    """List the cases with .new files, and the files. Exit code 1 if there are any."""
    found = False
    for case in chosen_cases(names):
        files = [path.name for path in pending_files(case)]
        if files:
            found = True
            click.echo(f"{shown_name(case.folder)}\t{' '.join(files)}")
    finish(found)


@click.command("accept", epilog="Example: cleaner golden accept news-front --part metadata.date")
@CASES
@PARTS
def accept_command(names: tuple[str, ...], parts: tuple[str, ...]) -> None:
    """Take the .new files over as expectations: those of all cases if none is named."""
    _settle(names, parts, accept, "accepted")


@click.command("reject", epilog="Example: cleaner golden reject 'blog-*'")
@CASES
@PARTS
def reject_command(names: tuple[str, ...], parts: tuple[str, ...]) -> None:
    """Throw the .new files away: those of all cases if none is named."""
    _settle(names, parts, reject, "rejected")


def _settle(
    names: tuple[str, ...],
    parts: tuple[str, ...],
    settle: Callable[[Case, Collection[str] | None], list[Path]],
    said: str,
) -> None:
    count = 0
    for case in chosen_cases(names):
        if not pending_files(case):
            continue
        try:
            files = settle(case, parts or None)
        except CaseError as error:
            complain(error)
            continue
        count += 1
        click.echo(f"{said}\t{shown_name(case.folder)}\t{' '.join(path.name for path in files)}")
    if not count:
        click.echo("nothing is pending", err=True)
    finish(False)
