"""What the commands of golden cases share: their arguments, and how they print and fail."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from cleaner.errors import CleanerError
from cleaner.golden.cases import Case, CaseError, read_case
from cleaner.golden.choose import choose_cases

CHANGED = 1
"""Exit code when something changed, waits or failed."""

CASES = click.argument("names", metavar="[CASE]...", nargs=-1)
PARTS = click.option(
    "--part",
    "parts",
    multiple=True,
    metavar="PART",
    help="This part alone: text, labels, metadata.title, ...; may be repeated.",
)
FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["auto", "table", "tsv", "json"]),
    default="auto",
    show_default=True,
    help="auto prints a table on a terminal, and tab-separated lines to a pipe.",
)

_STYLES = {"+": "green", "-": "red", "~": "yellow", "@": "cyan"}


def chosen_cases(names: Sequence[str]) -> Iterator[Case]:
    """Yield the cases that a command is about; one that is broken is told and passed over.

    Raises ``click.UsageError`` if there is none.
    """
    for folder in chosen_folders(names):
        try:
            yield read_case(folder)
        except CaseError as error:
            complain(error)


def chosen_folders(names: Sequence[str]) -> list[Any]:
    """Return the folders of the cases that a command is about.

    Raises ``click.UsageError`` if there is none.
    """
    try:
        return list(choose_cases(names))
    except CaseError as error:
        raise click.UsageError(str(error)) from None


def complain(error: object) -> None:
    """Say on standard error what is wrong, and let the command end with ``CHANGED``."""
    click.echo(f"cleaner: {error}", err=True)
    click.get_current_context().meta[_COMPLAINED] = True


_COMPLAINED = "cleaner.golden.complained"


def finish(changed: bool) -> None:
    """End a command with its exit code."""
    if changed or click.get_current_context().meta.get(_COMPLAINED):
        raise SystemExit(CHANGED)


@contextmanager
def told() -> Iterator[None]:
    """Tell an error of the package on standard error, and end with ``CHANGED``."""
    try:
        yield
    except (CleanerError, OSError) as error:
        click.echo(f"cleaner: {error}", err=True)
        raise SystemExit(CHANGED) from None


def echo_difference(difference: str) -> None:
    """Print a difference indented, in colours on a terminal."""
    for line in difference.split("\n"):
        click.secho(f"    {line}", fg=_STYLES.get(line[:1], "bright_black"))


def echo_rows(
    form: str, heads: Sequence[str], rows: Sequence[Sequence[str]], values: Callable[[], Any]
) -> None:
    """Print rows as a table, as tab-separated lines, or ``values`` as JSON."""
    if form == "json":
        import json

        click.echo(json.dumps(values(), ensure_ascii=False, indent=1))
    elif form == "tsv" or (form == "auto" and not sys.stdout.isatty()):
        for row in (heads, *rows):
            click.echo("\t".join(row))
    else:
        from rich.console import Console
        from rich.table import Table

        table = Table(*heads, box=None, pad_edge=False)
        for row in rows:
            table.add_row(*map(_plain, row))
        Console(highlight=False, emoji=False).print(table)


def _plain(text: str) -> Any:
    from rich.text import Text

    return Text(text)
