"""The command line: it parses, then calls."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner import __version__
from cleaner.errors import CleanerError, ModelError, OptionError, SiteError
from cleaner.pipeline import clean
from cleaner.types import FOCUSES, Options

if TYPE_CHECKING:
    from rich.console import Console

    from cleaner.document import Document
    from cleaner.template import SiteTemplate

FORMATS: dict[str, tuple[str, Callable[[Document], str]]] = {
    "text": (".txt", lambda doc: doc.text + "\n" if doc.text else ""),
    "markdown": (".md", lambda doc: doc.markdown),
    "html": (".html", lambda doc: doc.html),
    "json": (".json", lambda doc: _json(doc)),
    "tei": (".xml", lambda doc: doc.tei),
}
"""A format's name to its file suffix and the way to print a document in it."""

FAILED = 1
"""Exit code when some input could not be cleaned, or what was looked for is not there."""


def _json(document: Document) -> str:
    from cleaner.render import document_json

    return document_json(document)


LATE = {
    "archive": "cleaner.archive.command:archive_command",
    "bench": "cleaner.bench.command:bench_command",
    "card": "cleaner.train.command:card_command",
    "evaluate": "cleaner.evaluate.command:evaluate_command",
    "fit-sites": "cleaner.train.sites_command:fit_sites_command",
    "golden": "cleaner.golden.command:golden_group",
    "sites": "cleaner.sites.command:sites_group",
    "train": "cleaner.train.command:train_command",
}
"""Commands that are imported when they are asked for: cleaning a page need not wait for them."""


class DefaultGroup(click.Group):
    """A group whose first command runs when no command is named: ``cleaner page.html``."""

    default = "clean"

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted({*super().list_commands(ctx), *LATE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name."""
        if cmd_name not in LATE:
            return super().get_command(ctx, cmd_name)
        module, _, name = LATE[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default command in front of arguments that name none."""
        known = {*self.list_commands(ctx), "--help", "-h", "--version"}
        if (args and args[0] not in known) or (not args and not sys.stdin.isatty()):
            args.insert(0, self.default)
        return super().parse_args(ctx, args)


@click.group(
    cls=DefaultGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="`cleaner FILE` is short for `cleaner clean FILE`; `cleaner clean --help` lists its "
    "options. Many pages: `cleaner archive`; what repeats on the pages of a site: `cleaner sites "
    "learn`. Pages to keep an eye on: `cleaner golden`; a model that learns from them: "
    "`cleaner train --fixtures`. Exit codes: 0 all well, 1 some input failed, 2 bad usage.",
)
@click.version_option(__version__, prog_name="cleaner")
def main() -> None:
    """Clean article text and metadata from noisy captured web pages."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A letter that the terminal's character set lacks is no reason to stop.
        sys.stdout.reconfigure(errors="replace")


_FILES = click.argument("files", metavar="FILE...", nargs=-1)
_FILE = click.argument("file", metavar="FILE")
_URL = click.option("--url", help="Address of the page: resolves its links, helps its metadata.")
_MEDIA_TYPE = click.option(
    "--media-type",
    default="auto",
    show_default=True,
    metavar="TYPE",
    help="html, xhtml, mhtml, markdown or text; auto finds out.",
)
_MODEL = click.option(
    "--model",
    default=Options().model,
    show_default=True,
    metavar="MODEL",
    help="The labeler's weights: a name, or a folder that `cleaner train` wrote.",
)
_SITES = click.option(
    "--sites",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Templates of `cleaner sites learn`: use that of the site of --url.",
)


@main.command("clean")
@_FILES
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    help="What to print.",
)
@_URL
@_MEDIA_TYPE
@click.option(
    "--focus",
    type=click.Choice(FOCUSES),
    default="balanced",
    show_default=True,
    help="Keep what is likely main text, only what surely is, or all that may be.",
)
@_MODEL
@_SITES
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write a file for each input into this folder.",
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write one HTML file that shows the page, its blocks in colours, and its text.",
)
@click.option("--metadata", "with_metadata", is_flag=True, help="Print the metadata first.")
@click.option("--dropped", is_flag=True, help="Print what was dropped, and why, last.")
@click.option("--explain", is_flag=True, help="Print every block, kept or dropped, and why.")
def clean_command(
    files: tuple[str, ...],
    form: str,
    url: str | None,
    media_type: str,
    focus: str,
    model: str,
    sites: Path | None,
    output: Path | None,
    report: Path | None,
    with_metadata: bool,
    dropped: bool,
    explain: bool,
) -> None:
    """Clean pages and print their main text.

    FILE may be - for standard input.
    """
    if output is not None and (with_metadata or dropped or explain):
        raise click.UsageError("--output writes one format; leave --metadata, --dropped, --explain")
    names = files or ("-",)
    options = Options(focus=focus, model=model, site=_template(sites, url))
    if report is not None:
        if len(names) > 1 or output is not None or with_metadata or dropped or explain:
            raise click.UsageError("--report shows one page, with all there is to know of it")
        _report(names[0], url, media_type, options, report)
        return
    failed = False
    paths = iter(output_paths(names, output, FORMATS[form][0]) if output else ())
    for name in _progress(names, shown=output is not None):
        document = _clean_or_report(name, url, media_type, options)
        path = next(paths, None)
        if document is None:
            failed = True
        elif path is not None:
            failed = not _write_or_report(path, FORMATS[form][1](document)) or failed
        elif explain:
            _explain(document)
        else:
            _show(document, form, with_metadata, dropped)
    if failed:
        raise SystemExit(FAILED)


def output_paths(names: Sequence[str], folder: Path, suffix: str) -> list[Path]:
    """Return a file in ``folder`` for each input, in their order; the folder is made.

    The files are named after the inputs; a name that was given out, or that an input has, gets
    a number. Raises ``click.UsageError`` if the folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.UsageError(f"--output {folder}: {error.strerror}") from None
    inputs = {Path(name).resolve() for name in names if name != "-"}
    taken: set[str] = set()  # file systems may not know capitals
    numbers: dict[str, int] = {}
    paths: list[Path] = []
    for name in names:
        stem = "page" if name == "-" else Path(name).stem
        number = numbers.get(stem, 0)
        while True:
            number += 1
            made = stem if number == 1 else f"{stem}-{number}"
            path = folder / (made + suffix)
            if made.casefold() not in taken and path.resolve() not in inputs:
                break
        numbers[stem] = number
        taken.add(made.casefold())
        paths.append(path)
    return paths


def _write_or_report(path: Path, text: str) -> bool:
    """Write a file and return whether it went well; if not, say why on standard error."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        click.echo(f"cleaner: {path}: {error.strerror}", err=True)
        return False
    return True


def _progress(names: Sequence[str], shown: bool) -> Iterator[str]:
    """Yield the inputs, with a progress bar on a terminal where there are several."""
    if not shown or len(names) < 2 or not sys.stderr.isatty():
        yield from names
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(names, description="cleaning", console=Console(stderr=True))


def _template(sites: Path | None, url: str | None) -> SiteTemplate | None:
    """Return the template of an address's site, if a file of templates has one."""
    if sites is None:
        return None
    if url is None:
        raise click.UsageError("--sites needs the address of the page: --url")
    from cleaner.sites.store import SiteBook

    try:
        return SiteBook(sites).find_for(url)
    except SiteError as error:
        raise click.UsageError(str(error)) from None


def _clean_or_report(
    name: str, url: str | None, media_type: str, options: Options
) -> Document | None:
    """Clean one input; say on standard error what is wrong with one that cannot be."""
    try:
        return clean(_read(name), url=url, media_type=media_type, options=options)
    except (OptionError, ModelError) as error:
        raise click.UsageError(str(error)) from None
    except (CleanerError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        click.echo(f"cleaner: {_shown(name)}: {reason}", err=True)
        return None


def _shown(name: str) -> str:
    return "standard input" if name == "-" else name


def _read(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


def _show(document: Document, form: str, with_metadata: bool, dropped: bool) -> None:
    if with_metadata:
        from cleaner.terminal import print_metadata

        print_metadata(_console(), document)
        click.echo()
    click.echo(FORMATS[form][1](document), nl=False)
    if dropped:
        from cleaner.terminal import print_dropped

        click.echo()
        print_dropped(_console(), document)


def _report(name: str, url: str | None, media_type: str, options: Options, path: Path) -> None:
    """Write the HTML file that shows one page."""
    from cleaner.golden.view import write_report

    document = _clean_or_report(name, url, media_type, options)
    if document is None:
        raise SystemExit(FAILED)
    try:
        write_report(document, path, _shown(name))
    except OSError as error:
        click.echo(f"cleaner: {path}: {error.strerror}", err=True)
        raise SystemExit(FAILED) from None


def _explain(document: Document) -> None:
    from cleaner.terminal import print_blocks, print_metadata

    console = _console()
    print_metadata(console, document)
    click.echo()
    print_blocks(console, document.blocks)


def _console() -> Console:
    """Return what prints in colours on a terminal, and plain text elsewhere, as it is given."""
    from rich.console import Console

    return Console(highlight=False, emoji=False, soft_wrap=True)


@main.command("why")
@_FILE
@click.argument("words")
@_URL
@_MEDIA_TYPE
@_MODEL
@_SITES
def why_command(
    file: str, words: str, url: str | None, media_type: str, model: str, sites: Path | None
) -> None:
    """Tell why words were kept or dropped.

    All blocks of FILE that hold WORDS are told.
    """
    from cleaner.terminal import print_why

    options = Options(model=model, site=_template(sites, url))
    document = _clean_or_report(file, url, media_type, options)
    if document is None:
        raise SystemExit(FAILED)
    sought = " ".join(words.split()).casefold()
    found = [b for b in document.blocks if sought in " ".join(b.text.split()).casefold()]
    if not found:
        click.echo(f"cleaner: {_shown(file)}: no block holds “{words}”", err=True)
        raise SystemExit(FAILED)
    console = _console()
    for block in found:
        print_why(console, block)
