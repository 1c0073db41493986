"""``cleaner golden pending``, ``accept``, ``reject`` and ``label``: settle what changed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

import click

from cleaner.golden.cases import Case, CaseError
from cleaner.golden.check import CHANGED, check_case
from cleaner.golden.choose import shown_name
from cleaner.golden.command_base import CASES, PARTS, chosen_cases, complain, finish, told
from cleaner.golden.files import pending_files
from cleaner.golden.parts import LABELS, TEXT
from cleaner.golden.store import accept, expect_failures, reject, set_label


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
    """Take the .new files over as expectations.

    Those of all cases if none is named.
    """
    _settle(names, parts, accept, "accepted")


@click.command("reject", epilog="Example: cleaner golden reject 'blog-*'")
@CASES
@PARTS
def reject_command(names: tuple[str, ...], parts: tuple[str, ...]) -> None:
    """Throw the .new files away.

    Those of all cases if none is named.
    """
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


@click.command(
    "label",
    epilog="Example: cleaner golden label news-front 66 promo. Where .new files wait, those are "
    "corrected, and accept takes them over.",
)
@click.argument("name", metavar="CASE")
@click.argument("block", type=int)
@click.argument("label")
@click.option(
    "--known",
    is_flag=True,
    help="Name text and labels in expected_failures, if they no longer pass: known, not done yet.",
)
def label_command(name: str, block: int, label: str, known: bool) -> None:
    """Correct the label of a block, and the text that follows from it.

    BLOCK is its number, as differences give it. LABEL is content, title, byline, caption,
    comment, navigation, promo, notice, share, legal or other; or keep, or drop.
    """
    cases = list(chosen_cases([name]))
    if len(cases) > 1:
        raise click.UsageError(f"{name}: {len(cases)} cases; name one")
    for case in cases:
        with told():
            written = set_label(case, block, label)
            if known:
                changed = [p.name for p in check_case(case).parts if p.status == CHANGED]
                failing = [part for part in changed if part in (TEXT, LABELS)]
                written += [expect_failures(case, failing)] if failing else []
        click.echo(f"{shown_name(case.folder)}\t{' '.join(path.name for path in written)}")
    finish(False)
