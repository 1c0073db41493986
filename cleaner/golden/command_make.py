"""``cleaner golden add``, ``import``, ``export`` and ``blocks``: cases from pages, and back."""

from __future__ import annotations

import json
from pathlib import Path

import click

from cleaner.errors import CleanerError, OptionError
from cleaner.golden.add import SourceError, add_case
from cleaner.golden.cases import CaseError, block_rows, read_case
from cleaner.golden.choose import case_folders
from cleaner.golden.command_base import complain, finish, told
from cleaner.golden.files import write_atomically
from cleaner.golden.layouts import LAYOUTS

_TO = click.option(
    "--to",
    "folder",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of cases; the project's if not given (see cleaner golden --help).",
)


@click.command(
    "add",
    epilog="Examples: cleaner golden add page.html --url https://example.com/story; "
    "cleaner golden add saved/*.html --to golden/news; "
    "curl -s URL | cleaner golden add - --url URL --name front-page; "
    "cleaner golden add crawl.warc.gz#48211",
)
@click.argument("sources", metavar="FILE|-|WARC#OFFSET...", nargs=-1, required=True)
@_TO
@click.option("--url", help="Address of the page: resolves its links, helps its metadata.")
@click.option("--name", help="Name of the case; made of the title or the address if not given.")
@click.option("--media-type", default="auto", show_default=True, metavar="TYPE")
@click.option("--shows", default="", metavar="TEXT", help="What the case is there for.")
@click.option("--pending", is_flag=True, help="Leave .new files, to be looked at and accepted.")
def add_command(
    sources: tuple[str, ...],
    folder: Path | None,
    url: str | None,
    name: str | None,
    media_type: str,
    shows: str,
    pending: bool,
) -> None:
    """Make a case of each page, as it is cleaned now.

    Prints the folder of each. Look at expected.md in it: it is yours to correct.
    """
    if len(sources) > 1 and (url or name):
        raise click.UsageError("--url and --name are of one page")
    with told():
        folder = folder or case_folders()[0]
    for source in sources:
        try:
            case = add_case(
                source,
                folder,
                name,
                url,
                media_type=media_type,
                shows=shows,
                is_pending=pending,
            )
        except OptionError as error:
            raise click.UsageError(str(error)) from None
        except CleanerError as error:
            named = isinstance(error, (SourceError, CaseError))
            complain(error if named else f"{source}: {error}")
        else:
            click.echo(case.folder.as_posix())
    finish(False)


@click.command(
    "import",
    epilog="Example: cleaner golden import readability/test/test-pages --to golden/readability",
)
@click.argument(
    "source", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@_TO
@click.option(
    "--layout",
    type=click.Choice(LAYOUTS),
    help="What DIR holds; found out if not given.",
)
def import_command(source: Path, folder: Path | None, layout: str | None) -> None:
    """Make a case of each page of another project's tests.

    Its text must keep the word F1 that is reached now against the other's text; metadata that
    differs is named in expected_failures. Prints case, word F1 and what differs.
    """
    from cleaner.golden.transfer import import_cases

    count = 0
    with told():
        for one in import_cases(source, folder or case_folders()[0], layout):
            if one.case is None:
                complain(f"{one.name}: {one.error}")
                continue
            count += 1
            score = "" if one.score is None else f"{one.score:.3f}"
            click.echo(f"{one.case.name}\t{score}\t{', '.join(one.failing)}")
    click.echo(f"{count} cases", err=True)
    finish(not count)


@click.command("export", epilog="Example: cleaner golden export golden --output snippets.json")
@click.argument(
    "folder",
    metavar="[DIR]",
    required=False,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option("--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
def export_command(folder: Path | None, output: Path | None) -> None:
    """Write what must be in each page's text, and what not, as JSON."""
    from cleaner.golden.transfer import export_snippets

    with told():
        found = export_snippets(folder or case_folders()[0])
        if not found:
            raise click.UsageError("there are no cases")
        text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
        if output:
            write_atomically(output, text)
        else:
            click.echo(text, nl=False)


@click.command("blocks", epilog="Example: cleaner golden blocks golden/front-page > labels.tsv")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def blocks_command(folder: Path) -> None:
    """Print the blocks of a case, to label them by hand.

    Each label of the case in FOLDER is a question mark.
    """
    with told():
        rows = block_rows(read_case(folder).clean())
    for _, text in rows:
        click.echo(f"?\t{text}")
