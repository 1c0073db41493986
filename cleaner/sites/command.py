"""The commands ``cleaner sites learn``, ``show`` and ``list``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.errors import CleanerError, InputError, SiteError

if TYPE_CHECKING:
    from rich.table import Table

    from cleaner.sites import SiteTemplate

FILE = "sites.parquet"
"""Where templates are kept unless another file is named."""

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""A page must not steer the terminal."""

_SITES = click.option(
    "--sites",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=FILE,
    show_default=True,
    help="The file of templates.",
)


@click.group("sites")
def sites_group() -> None:
    """Templates of sites: the blocks that stand on many of a site's pages."""


@sites_group.command("learn")
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=FILE,
    show_default=True,
    help="The file of templates to write.",
)
@click.option(
    "--base", metavar="URL", help="Address of folders, zips and tars: pages are named below it."
)
@click.option("--site", metavar="HOST", help="Site of the pages that have no address.")
@click.option("--workers", type=click.IntRange(1), help="Processes that read pages.")
def learn_command(
    inputs: tuple[str, ...], output: Path, base: str | None, site: str | None, workers: int | None
) -> None:
    """Learn a template for each site that has three pages or more in INPUT.

    An INPUT is whatever `cleaner archive` takes: WARC, ARC and WACZ files, folders, zips and tars
    of pages, JSONL and Parquet; or a zip of labelled pages. The same pages give the same file, in
    whatever order they come.
    """
    from cleaner.archive.inputs.options import InputOptions
    from cleaner.sites.inputs import learn_sites

    name = _site(site) if site else ""
    try:
        counts = learn_sites(inputs, output, InputOptions(base=base), name, workers, _tell)
    except InputError as error:
        raise click.UsageError(str(error)) from error
    except CleanerError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{output}: {counts.sites} sites from {counts.read} pages")
    if counts.unnamed:
        click.echo(
            f"{counts.unnamed} pages have no address: name their site with --site, or --base",
            err=True,
        )
    if counts.broken:
        click.echo(f"{counts.broken} pages cannot be read", err=True)


def _tell(name: str, problem: str) -> None:
    click.echo(f"cleaner: {_line(name)}: {_line(problem)}", err=True)


@sites_group.command("show")
@click.argument("host")
@_SITES
@click.option("--most", type=click.IntRange(min=1), help="Show that many blocks alone.")
def show_command(host: str, path: Path, most: int | None) -> None:
    """Print the template of HOST, or of the site of an address: its blocks, with their counts."""
    from cleaner.sites.store import SiteBook

    try:
        template = SiteBook(path).find(_site(host))
    except SiteError as error:
        raise click.ClickException(str(error)) from error
    if template is None:
        raise click.ClickException(f"{path}: no template of {_site(host)}")
    click.echo(f"{template.site}: {template.pages} pages, template {template.id}\n")
    table = _table(("seen on", "right"), ("text", "left"), ("place", "left"))
    for row in _rows(template, most):
        table.add_row(*row)
    _print(table)
    if most and len(template.blocks) > most:
        click.echo(f"{len(template.blocks) - most} more")


@sites_group.command("list")
@_SITES
def list_command(path: Path) -> None:
    """Print the sites that there are templates of."""
    from cleaner.sites.store import SiteBook

    try:
        rows = list(SiteBook(path).names())
    except SiteError as error:
        raise click.ClickException(str(error)) from error
    table = _table(("site", "left"), ("pages", "right"), ("blocks", "right"))
    for site, pages, blocks in rows:
        table.add_row(site, str(pages), str(blocks))
    _print(table)


def _site(name: str) -> str:
    from cleaner.fingerprints import site_of

    site = site_of(name if "//" in name else f"//{name}")
    if not site:
        raise click.UsageError(f"{name!r} is no host")
    return site


def _rows(template: SiteTemplate, most: int | None) -> Iterator[tuple[str, str, str]]:
    """Yield count, text and place of the blocks, those on most pages first."""
    blocks = template.blocks.values()
    order = sorted(blocks, key=lambda b: (-b.seen / max(b.of, 1), -b.seen, b.path, b.text))
    for block in order[:most]:
        count = f"{block.seen} of {block.of}"
        yield count, _line(block.text) or "(text not kept)", _line(block.path)


def _line(text: str) -> str:
    return _CONTROLS.sub("\ufffd", text)


def _table(*columns: tuple[str, str]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name, side in columns:
        table.add_column(name, justify="right" if side == "right" else "left", overflow="fold")
    return table


def _print(table: Table) -> None:
    """Print a table: as wide as a terminal, or as it needs in a file."""
    import sys

    from rich.console import Console

    width = None if sys.stdout.isatty() else 200
    Console(width=width, highlight=False, markup=False, emoji=False).print(table)
