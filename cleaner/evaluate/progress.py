"""How far a long command is: bars on a terminal, lines elsewhere.

Both go to stderr, and the bars are gone when the command ends: what it prints is its result alone.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TypeAlias

Advance: TypeAlias = Callable[[int], None]
"""Hears of things done since it last heard."""

Begin: TypeAlias = Callable[[str, int], Advance]
"""Hears of a stage that begins, by its name and how many things it has to do."""


def unheard(stage: str, total: int) -> Advance:
    """Show nothing: a ``Begin`` for callers that do not ask."""
    return lambda done: None


@contextlib.contextmanager
def progress(*, lines: bool = False) -> Iterator[Begin]:
    """Show a bar for each stage that begins, where stderr is a terminal.

    With ``lines``, a line says elsewhere that a stage begins, and another each tenth of it.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    name = TextColumn("{task.description}", markup=False)
    columns = (name, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    shown = console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=not shown) as bars:

        def begin(stage: str, total: int) -> Advance:
            if lines and not shown:
                return _tell_tenths(stage, total)
            task = bars.add_task(stage, total=total)
            return lambda done: bars.advance(task, done)

        yield begin


def _tell_tenths(stage: str, total: int) -> Advance:
    """Say that a stage begins, and what of it is done whenever that is a tenth more."""
    import click

    click.echo(f"{stage}: {total}", err=True)
    done = tenths = 0

    def advance(more: int) -> None:
        nonlocal done, tenths
        done += more
        if total and done * 10 // total > tenths:
            tenths = done * 10 // total
            click.echo(f"{stage}: {done} of {total}", err=True)

    return advance
