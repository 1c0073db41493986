"""The command ``cleaner evaluate``."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.evaluate.captures import CAPTURE_NAMES, HTML
from cleaner.evaluate.peers import METADATA_PEERS, PEER_NAMES, TEXT_PEERS
from cleaner.types import FOCUSES

if TYPE_CHECKING:
    from cleaner.evaluate.results import SetResult
    from cleaner.evaluate.run import Plan
    from cleaner.evaluate.summary import SetSummary

TABLE_WIDTH = 240
"""Room for the widest table, in characters: a narrow terminal wraps it, none is cut."""


def peer_names(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> tuple[str, ...]:
    """Return the names in a comma-separated list of peers, each once."""
    names = tuple(
        dict.fromkeys(n for n in (part.strip() for part in (value or "").split(",")) if n)
    )
    for name in names:
        if name not in PEER_NAMES:
            raise click.BadParameter(f"{name!r} is not one of {', '.join(PEER_NAMES)}.")
    return names


@click.command(name="evaluate")
@click.argument(
    "zips",
    metavar="ZIP...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--against",
    metavar="NAME,...",
    callback=peer_names,
    help=f"Run other systems beside ours: {', '.join(PEER_NAMES)}. all-text is the whole page, "
    "as a baseline; htmldate gives dates alone.",
)
@click.option(
    "--capture",
    type=click.Choice(CAPTURE_NAMES),
    default=HTML,
    show_default=True,
    help="Clean the text capture that this converter makes of each page.",
)
@click.option("--meta", is_flag=True, help="Score title, authors and date too.")
@click.option(
    "--folds",
    "folds_path",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Clean each page with the model that has not seen its domain: `cleaner train --folds`.",
)
@click.option(
    "--focus",
    type=click.Choice(FOCUSES),
    default="balanced",
    show_default=True,
    help="What our system cares for.",
)
@click.option(
    "--sites",
    is_flag=True,
    help="Score the pages of sites with three pages or more, with the template learned from the "
    "site's other pages, and without.",
)
@click.option(
    "--limit", type=click.IntRange(min=1), help="Take N pages of each set, spread evenly over it."
)
@click.option(
    "--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Processes to use."
)
@click.option(
    "--worst",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="Pages of each set to show with their faults.",
)
@click.option(
    "--json",
    "json_path",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write all figures and per-page scores to this file.",
)
def evaluate_command(
    zips: tuple[Path, ...],
    against: tuple[str, ...],
    capture: str,
    meta: bool,
    folds_path: Path | None,
    focus: str,
    sites: bool,
    limit: int | None,
    jobs: int,
    worst: int,
    json_path: Path | None,
) -> None:
    """Score the cleaner, and other systems beside it, on labelled pages.

    A ZIP holds html/<id>.html and truth.jsonl, an object a line with id, url and the truth:
    text is scored by words; present and absent snippets where there is no text; title,
    author or authors, and date with --meta, or where there is nothing else.

    Exit code: 0 all well, 1 the cleaner raised on some page, 2 bad usage.
    """
    from cleaner.errors import ModelError, WorkerError
    from cleaner.evaluate.export import to_json
    from cleaner.evaluate.folds import read_folds
    from cleaner.evaluate.peers import MissingLibraryError
    from cleaner.evaluate.progress import progress
    from cleaner.evaluate.run import evaluate_sets
    from cleaner.evaluate.sets import LabelledSetError, read_set
    from cleaner.evaluate.summary import summarize

    if json_path and not json_path.absolute().parent.is_dir():
        raise click.BadParameter(f"no directory {json_path.parent}", param_hint="--json")
    try:
        folds = read_folds(folds_path) if folds_path else None
        plan = replace(_plan(against, capture, meta), folds=folds, focus=focus, sites=sites)
        labelled = [read_set(path, limit=limit) for path in zips]
        with progress() as begin:
            advance = begin("pages", sum(len(each.records) for each in labelled))
            results = evaluate_sets(labelled, plan, jobs=jobs, advance=advance)
    except (LabelledSetError, MissingLibraryError, ModelError) as error:
        raise click.UsageError(str(error)) from error
    except WorkerError as error:
        raise click.ClickException(str(error)) from error
    if not results:
        raise click.UsageError("no site has three pages that differ")
    summaries = [summarize(result) for result in results]
    _print(results, summaries, worst)
    if json_path:
        document = to_json(capture, results, summaries)
        json_path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    if any(page.ours and page.ours.error for result in results for page in result.pages):
        raise click.exceptions.Exit(1)


def _plan(against: tuple[str, ...], capture: str, meta: bool) -> Plan:
    """Return what to run; says on stderr what a text capture leaves out."""
    from cleaner.evaluate.run import Plan

    if capture != HTML:
        if against or meta:
            click.echo("Other systems read HTML alone: ours runs alone on text captures.", err=True)
        return Plan(capture=capture, metadata=meta)
    return Plan(
        text_peers=tuple(name for name in against if name in TEXT_PEERS),
        metadata_peers=tuple(name for name in METADATA_PEERS if meta or name in against),
        metadata=meta,
    )


def _print(results: Sequence[SetResult], summaries: Sequence[SetSummary], worst: int) -> None:
    """Print the report to stdout: in colour to a terminal, as plain text to a pipe."""
    from rich.console import Console

    from cleaner.evaluate.report import print_report

    if isinstance(sys.stdout, io.TextIOWrapper):
        # A page's words must not end the report where the output lacks their script.
        sys.stdout.reconfigure(errors="replace")
    print_report(Console(width=TABLE_WIDTH), results, summaries, worst=worst)
