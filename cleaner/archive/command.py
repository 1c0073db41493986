"""``cleaner archive``: clean whole archives, and tell how far that is."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from cleaner.archive.inputs.options import COLUMN_ROLES, InputOptions
from cleaner.archive.schema import OPTIONAL
from cleaner.archive.sinks import FORMATS
from cleaner.archive.worker import Limits
from cleaner.errors import ArchiveError, CleanerError, InputError, OutputError
from cleaner.types import FOCUSES, Options

if TYPE_CHECKING:
    from cleaner.archive.job import Job
    from cleaner.archive.runs import Summary, Watcher

LOCAL, ENGINE_NAMES = "local", ("spark", "ray")
QUARANTINED, STOPPED = 1, 3
"""Exit codes, beside 0 for a complete run and 2 for bad usage."""

_MB = 1 << 20
_NEW = Limits()
_READING = InputOptions()


class ArchiveCommand(click.Command):
    """``archive INPUT...``, with commands about an output under their names."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> click.Context:
        """Return the context of the command that the first argument names, or of this one."""
        others = {"status": status_command, "report": report_command}
        if args and args[0] in others:
            name = f"{info_name} {args[0]}"
            return others[args[0]].make_context(name, args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


class _Part(click.ParamType[tuple[int, int]]):
    """``I/N``: part I (counted from 0) of N."""

    name = "I/N"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[int, int]:
        """Return the two numbers."""
        if isinstance(value, tuple):
            return value
        index, _, parts = str(value).partition("/")
        if not (index.isdigit() and parts.isdigit() and int(index) < int(parts)):
            self.fail(f"{value!r} is not I/N with I from 0 to N-1", param, ctx)
        return int(index), int(parts)


_OUTPUT = click.Path(file_okay=False, path_type=Path)
_OUT = click.argument("output", metavar="OUT", type=click.Path(exists=True, path_type=Path))


@click.command(
    "archive",
    cls=ArchiveCommand,
    epilog="`cleaner archive status OUT` tells how far a run is, `cleaner archive report OUT` "
    "writes its report anew. Stop a run any way you like; the same command goes on from there. "
    "Exit codes: 0 complete, 1 complete with pages in quarantine, 2 bad usage, "
    "3 stopped before the end.",
)
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option("--output", "-o", type=_OUTPUT, required=True, help="Folder for all that is made.")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="parquet",
    show_default=True,
    help="Of the rows; markdown and text write a file a page.",
)
@click.option(
    "--with",
    "asked",
    type=click.Choice(OPTIONAL),
    multiple=True,
    help="Columns to add: may be given several times.",
)
@click.option(
    "--focus",
    type=click.Choice(FOCUSES),
    default="balanced",
    show_default=True,
    help="Keep what is likely main text, only what surely is, or all that may be.",
)
@click.option(
    "--metadata",
    type=click.Choice(("full", "structured")),
    default="full",
    show_default=True,
    help="Read metadata from all that a reader sees, or from markup alone.",
)
@click.option("--model", default="base", show_default=True, help="The labeler's weights.")
@click.option(
    "--sites",
    metavar="FILE|auto",
    help="Templates of sites that `cleaner sites learn` made, or auto: learn them from the "
    "inputs first.",
)
@click.option("--workers", type=click.IntRange(1), help="Processes that clean [default: cores].")
@click.option("--shard", "part", type=_Part(), help="Do part I of N alone, I from 0 to N-1.")
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=_NEW.seconds,
    show_default=True,
    metavar="SECONDS",
    help="For a page; then it goes to the quarantine.",
)
@click.option(
    "--memory",
    type=click.IntRange(64),
    default=_NEW.memory // _MB,
    show_default=True,
    metavar="MB",
    help="That a page may take.",
)
@click.option("--raw", is_flag=True, help="Keep the bytes of pages in the quarantine.")
@click.option(
    "--quarantine-format",
    type=click.Choice(("jsonl", "parquet")),
    default="jsonl",
    show_default=True,
    help="Of what could not be cleaned.",
)
@click.option("--include", multiple=True, metavar="GLOB", help="Paths to read in folders, zips.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Paths to leave out.")
@click.option("--base", metavar="URL", help="Address of folders, zips and tars of pages.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="ROLE=NAME",
    help=f"Column of JSONL or Parquet; roles: {', '.join(COLUMN_ROLES)}.",
)
@click.option(
    "--shard-size",
    type=click.FloatRange(0),
    default=_READING.shard_bytes / _MB,
    show_default=True,
    metavar="MB",
    help="Input that is committed as one; 0 never cuts a file.",
)
@click.option("--error-pages", is_flag=True, help="Clean responses with an error status, too.")
@click.option(
    "--engine",
    type=click.Choice((LOCAL, *ENGINE_NAMES)),
    default=LOCAL,
    show_default=True,
    help="What schedules shards; the output is the same.",
)
@click.option(
    "--master",
    metavar="URL",
    help="Address of Spark's or Ray's cluster [default: as its configuration says].",
)
@click.option("--fresh", is_flag=True, help="Remove what an earlier run left in OUT first.")
@click.option("--quiet", is_flag=True, help="Show no progress and no summary.")
def archive_command(inputs: tuple[str, ...], part: tuple[int, int] | None, **given: Any) -> None:
    """Clean every page of archives into OUT: one row a page, nothing lost.

    An INPUT is a WARC, ARC or WACZ file, a folder, zip or tar of pages, a JSONL or Parquet file
    with a page a row, @FILE for a list of paths in a file, or - for one on standard input.

    Rows go to OUT/data, what could not be cleaned to OUT/quarantine with its reason, and
    OUT/report.html shows the whole.
    """
    from cleaner.archive.report import write_report

    _fill_standard_files()
    if given["engine"] == LOCAL:
        if given["master"]:
            raise click.UsageError("--master is for --engine spark or ray")
    elif part or given["workers"]:
        option = "--shard" if part else "--workers"
        raise click.UsageError(f"{given['engine']} shares out the work by itself; leave {option}")
    if given["fresh"] and part:
        raise click.UsageError("--fresh removes all parts; run it without --shard first")
    with _stopping():
        job = _job(inputs, given)
        summary = _run(job, part or (0, 1), given)
        if summary.last or not part:  # the parts of a large run would all read all marks
            write_report(job.output)
    if not given["quiet"]:
        _print(job, summary)
    if summary.complete and not summary.ledger.pages:
        _say("no page was found in the input")
    if not summary.complete:
        raise SystemExit(STOPPED)
    if summary.ledger.quarantined:
        raise SystemExit(QUARANTINED)


@click.command("status")
@_OUT
def status_command(output: Path) -> None:
    """Tell how far the run into OUT is."""
    from cleaner.archive.tables import status_text

    text = status_text(output)
    if not text:
        raise click.UsageError(f"{output} is no output of `cleaner archive`")
    click.echo(text, nl=False)


@click.command("report")
@_OUT
def report_command(output: Path) -> None:
    """Write OUT/report.html anew from what is committed."""
    from cleaner.archive.report import write_report

    if not (output / "state" / "run.json").exists():
        raise click.UsageError(f"{output} is no output of `cleaner archive`")
    click.echo(write_report(output))


def _job(inputs: tuple[str, ...], given: dict[str, Any]) -> Job:
    from cleaner.archive.job import Job

    return Job(
        inputs=inputs,
        output=given["output"],
        format=given["form"],
        asked=tuple(name for name in OPTIONAL if name in given["asked"]),
        quarantine_format=given["quarantine_format"],
        raw=given["raw"],
        options=Options(given["metadata"], given["focus"], given["model"]),
        reading=replace(
            _READING,
            include=given["include"],
            exclude=given["exclude"],
            base=given["base"],
            columns=dict(map(_column, given["columns"])),
            shard_bytes=int(given["shard_size"] * _MB),
            error_pages=given["error_pages"],
        ),
        sites=given["sites"] or "",
        limits=replace(_NEW, seconds=given["timeout"], memory=given["memory"] * _MB),
    )


def _column(text: str) -> tuple[str, str]:
    role, equals, name = text.partition("=")
    if not equals or not name:
        raise click.BadParameter(f"{text!r} is not ROLE=NAME", param_hint="--column")
    return role, name


def _run(job: Job, part: tuple[int, int], given: dict[str, Any]) -> Summary:
    from cleaner.archive.engines import run_on_engine
    from cleaner.archive.runner import run_archive

    fresh, engine = given["fresh"], given["engine"]
    with _watching(given["quiet"]) as watcher:
        if engine != LOCAL:
            return run_on_engine(engine, job, given["master"], fresh=fresh, watcher=watcher)
        return run_archive(job, workers=given["workers"], part=part, fresh=fresh, watcher=watcher)


@contextlib.contextmanager
def _watching(quiet: bool) -> Iterator[Watcher | None]:
    from cleaner.archive.progress import Bar, Lines, make_bars

    if quiet or not _is_open(sys.stderr):
        yield None
    elif sys.stderr.isatty():
        with make_bars() as bars:
            yield Bar(bars)
    else:
        yield Lines()


@contextlib.contextmanager
def _stopping() -> Iterator[None]:
    """Turn what ends a run early into words and an exit code."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    except (InputError, OutputError) as error:
        raise click.UsageError(str(error)) from None
    except ArchiveError as error:
        _say(f"stopped: {error}; run the same command again to go on")
        raise SystemExit(STOPPED) from None
    except CleanerError as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        _say(f"stopped: {error}; run the same command again to go on")
        raise SystemExit(STOPPED) from None
    except click.ClickException:
        raise
    except Exception as error:  # a fault of ours must not look like a complete run with quarantine
        traceback.print_exc()
        _say(f"stopped by {type(error).__name__}; run the same command again to go on")
        raise SystemExit(STOPPED) from None
    except KeyboardInterrupt:
        _say("stopped; run the same command again to go on")
        raise SystemExit(STOPPED) from None


def _say(text: str) -> None:
    _write(f"cleaner: {text}\n", sys.stderr)


def _print(job: Job, summary: Summary) -> None:
    """Print the accounts; an output that takes no more of them is no failure of the run."""
    from cleaner.archive.tables import summary_text

    _write(summary_text(job.output, summary), sys.stdout)


def _write(text: str, stream: TextIO) -> None:
    if not _is_open(stream):
        return
    try:
        click.echo(text, file=stream, nl=False)
        stream.flush()
    except OSError:  # a pipe without a reader, a full disk
        _silence(stream)


def _fill_standard_files() -> None:
    """Open to nowhere what a caller has closed: another file would get its place, here or below."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)


def _is_open(stream: TextIO | None) -> bool:
    """Return whether there is a stream: a caller can have closed it."""
    return stream is not None


def _silence(stream: TextIO) -> None:
    """Let what is left of a stream go nowhere: at its end Python would fail on it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
