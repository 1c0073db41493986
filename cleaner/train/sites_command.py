"""``cleaner fit-sites``: labelled pages in, the weights of what templates say out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from cleaner.train.sites import Gain

HEAD = """\
# What a site's template is worth: log-odds for each unit of the columns that cleaner/evidence.py
# describes. Written by `cleaner fit-sites`.

[weights]
"""


@click.command(name="fit-sites")
@click.argument(
    "zips",
    metavar="ZIP...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--folds",
    "folds_path",
    required=True,
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Models that have not seen a page's domain: `cleaner train --folds`.",
)
@click.option(
    "--output",
    required=True,
    metavar="TOML",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the weights to this file.",
)
def fit_sites_command(zips: tuple[Path, ...], folds_path: Path, output: Path) -> None:
    """Fit the weights of what site templates say, and tell what they change.

    Pages of sites with three labelled pages or more count. The table is cross-validated: each
    page is judged by a model and by weights that have seen no page of its domain.
    """
    from cleaner.errors import CleanerError
    from cleaner.evaluate.folds import read_folds
    from cleaner.evaluate.progress import progress
    from cleaner.evaluate.sets import read_set
    from cleaner.train.run import read_recipe
    from cleaner.train.sites import cross_validate, fit_weights, read_site_samples

    recipe = read_recipe()
    penalty = float(recipe["sites"]["penalty"])
    try:
        sets = [read_set(path) for path in zips]
        folds = read_folds(folds_path)
        with progress(lines=True) as begin:
            names, samples = read_site_samples(sets, folds, recipe["rows"]["power"], begin)
        weights = fit_weights(samples, penalty)
        gains = cross_validate(samples, penalty, folds.count)
    except CleanerError as error:
        raise click.UsageError(str(error)) from error
    pairs = zip(names, weights.tolist(), strict=True)
    lines = "".join(f"{name} = {value:.2f}\n" for name, value in pairs)
    output.write_text(HEAD + lines, encoding="utf-8")
    _print(gains)
    click.echo(f"{output}: written")


def _print(gains: Mapping[str, Gain]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.MARKDOWN)
    table.add_column("set")
    for name in ("pages", "F1 without", "F1 with", "log loss without", "log loss with"):
        table.add_column(name, justify="right")
    for name, gain in gains.items():
        shares = (gain.without, gain.given, gain.loss_without, gain.loss_given)
        table.add_row(name, str(gain.pages), *(f"{value:.4f}" for value in shares))
    Console(width=120).print(table)
