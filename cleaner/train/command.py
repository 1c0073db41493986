"""``cleaner train``: labelled pages in, the labeler's weights out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaner.types import Options

if TYPE_CHECKING:
    from cleaner.evaluate.sets import LabelledSet
    from cleaner.train.run import Dataset, Trained

_A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_A_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)

LIBRARIES = ("catboost", "rapidfuzz", "tldextract")
"""What training needs from outside."""


@click.command(name="train")
@click.argument(
    "zips",
    nargs=-1,
    metavar="[ZIP...]",
    type=_A_FILE,
)
@click.option(
    "--output",
    required=True,
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the weights to this folder.",
)
@click.option(
    "--folds",
    "folds_path",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write a model for each fold of domains, which has not seen them: DIR/fold-N.",
)
@click.option(
    "--fixtures",
    multiple=True,
    metavar="DIR",
    type=_A_FOLDER,
    help="Adapt a model to the golden cases in this folder instead; may be given again.",
)
@click.option(
    "--base",
    default=Options().model,
    show_default=True,
    metavar="MODEL",
    help="With --fixtures: the model to adapt, by its name or its folder.",
)
@click.option(
    "--json",
    "json_path",
    metavar="FILE",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="With --fixtures: also write the scores before and after to this file.",
)
@click.option(
    "--jobs", type=click.IntRange(min=1), default=2, show_default=True, help="Processes to use."
)
@click.option("--limit", type=click.IntRange(min=1), help="Take N pages of each set alone.")
def train_command(
    zips: tuple[Path, ...],
    output: Path,
    folds_path: Path | None,
    fixtures: tuple[Path, ...],
    base: str,
    json_path: Path | None,
    jobs: int,
    limit: int | None,
) -> None:
    """Train the labeler, or adapt it to your golden cases.

    A ZIP is a set of labelled pages as `cleaner evaluate` reads it; the recipe names the sets
    that it knows. With --folds, `cleaner evaluate --folds DIR` scores each page by the model that
    has not seen its domain. The same pages give the same weights.

    With --fixtures, a model learns from your own corrected pages: each case is scored before and
    after, by a model adapted to the others. Use the result with `cleaner --model DIR`;
    `cleaner golden review` does the same in the browser.
    """
    _require_libraries()
    if fixtures and (zips or folds_path or limit):
        raise click.UsageError("--fixtures takes neither ZIPs nor --folds nor --limit")
    if json_path and not fixtures:
        raise click.UsageError("--json is for the scores of --fixtures")
    if json_path and not json_path.absolute().parent.is_dir():
        raise click.BadParameter(f"no directory {json_path.parent}", param_hint="--json")
    if fixtures:
        _adapt(fixtures, base, output, json_path)
    elif zips:
        _train(zips, output, folds_path, jobs, limit)
    else:
        raise click.UsageError("name the ZIPs to train on, or a folder of cases with --fixtures")


def _train(
    zips: Sequence[Path], output: Path, folds_path: Path | None, jobs: int, limit: int | None
) -> None:
    from cleaner.errors import CleanerError, WorkerError
    from cleaner.evaluate.progress import progress
    from cleaner.train.run import dataset, first_opinions, read_recipe, second_features, train

    recipe = read_recipe()
    runs: list[tuple[Path, int | None]] = [(output, None)]
    if folds_path:
        runs += [(folds_path / f"fold-{n}", n) for n in range(recipe["folds"]["count"])]
    try:
        sets = _read_sets(zips, limit, recipe["sets"])
        with progress(lines=True) as begin, dataset(sets, recipe, jobs, begin) as data:
            second = second_features(data, first_opinions(data, begin), begin)
            for folder, without in runs:
                _write(folder, train(data, second, without, begin), sets, data, without)
    except WorkerError as error:
        raise click.ClickException(str(error)) from error
    except CleanerError as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.ClickException(str(error)) from error
    for line in data.skipped:
        click.echo(f"skipped {line}", err=True)
    for folder, _ in runs:
        click.echo(f"{folder}: written")


def _adapt(fixtures: Sequence[Path], base: str, output: Path, json_path: Path | None) -> None:
    import json

    from cleaner.errors import CleanerError
    from cleaner.evaluate.progress import progress
    from cleaner.golden import find_cases, read_case
    from cleaner.train.adapt import adapt, figures, held_out, read_rows, write_adapted
    from cleaner.train.run import read_recipe

    recipe = read_recipe()
    folders = dict.fromkeys(case.resolve() for folder in fixtures for case in find_cases(folder))
    try:
        with progress(lines=True) as begin:
            rows = read_rows([read_case(folder) for folder in folders], base, recipe, begin)
            found = held_out(rows, base, recipe, begin)
        write_adapted(output, base, adapt(rows, base, recipe), [row.case.name for row in rows])
        told = figures(found, base, output)
        if json_path:
            json_path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")
    except (CleanerError, OSError) as error:
        raise click.UsageError(str(error)) from error
    _print_figures(told)
    click.echo(f"{output}: written")


def _print_figures(told: Mapping[str, Any]) -> None:
    click.echo("word F1 of each case, by the model as it is and by one adapted to the others")
    for case in told["cases"]:
        before, after = case["before"], case["after"]
        mark = "" if before == after else ("better" if after > before else "worse")
        click.echo(f"  {before:.3f}  {after:.3f}  {case['name']}  {mark}".rstrip())
    before, after = told["mean"]["before"], told["mean"]["after"]
    click.echo(f"  {before:.3f}  {after:.3f}  mean of {len(told['cases'])} cases held out")
    if after < before:
        click.echo("cases held out got worse: more cases may help", err=True)


def _require_libraries() -> None:
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    if missing:
        raise click.UsageError(
            f"the library {missing[0]!r} is not installed: install the extra 'train' "
            "(pip install 'cleaner[train]')"
        )


def _read_sets(
    zips: Sequence[Path], limit: int | None, known: Collection[str]
) -> list[LabelledSet]:
    """Read the sets, each of which the recipe must know, and may be given once."""
    from cleaner.evaluate.sets import read_set

    names = [path.stem for path in zips]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise click.UsageError(
            f"the recipe has no set {', '.join(unknown)}; it has {', '.join(known)}"
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise click.UsageError(f"given twice: {', '.join(twice)}")
    return [read_set(path, limit=limit) for path in zips]


def _write(
    folder: Path, trained: Trained, sets: Sequence[LabelledSet], data: Dataset, without: int | None
) -> None:
    """Write a model, with what its card needs to know."""
    from cleaner.train.export import write_model

    config: dict[str, Any] = {
        "features": list(data.names),
        "folds": data.recipe["folds"]["count"],
        "without_fold": without,
        "pages": {labelled.name: len(labelled.records) for labelled in sets},
    }
    forests = {"first": trained.first, "second": trained.second}
    write_model(folder, forests, trained.odds, config)


@click.command(name="card")
@click.argument("zips", nargs=-1, required=True, metavar="ZIP...", type=_A_FILE)
@click.option("--model", required=True, metavar="DIR", type=_A_FOLDER, help="The model's folder.")
@click.option("--folds", "folds_path", required=True, metavar="DIR", type=_A_FOLDER)
@click.option(
    "--figures",
    multiple=True,
    required=True,
    metavar="FILE",
    type=_A_FILE,
    help="What `cleaner evaluate --folds DIR --json FILE` wrote; again for each text capture.",
)
@click.option("--plot", metavar="SVG", type=click.Path(dir_okay=False, path_type=Path))
def card_command(
    zips: tuple[Path, ...],
    model: Path,
    folds_path: Path,
    figures: tuple[Path, ...],
    plot: Path | None,
) -> None:
    """Write the CARD.md of a model from measured figures.

    With --plot, draw its reliability, too.
    """
    import json

    from cleaner.errors import CleanerError
    from cleaner.evaluate.folds import read_folds
    from cleaner.evaluate.progress import progress
    from cleaner.evaluate.sets import read_set
    from cleaner.train.calibration import reliability_svg
    from cleaner.train.card import Measured, write_card
    from cleaner.train.measure import measure

    try:
        sets = [read_set(path) for path in zips]
        with progress(lines=True) as begin:
            found = measure(sets, read_folds(folds_path), begin)
        evaluations = [json.loads(path.read_text(encoding="utf-8")) for path in figures]
        measured = Measured(
            evaluations,
            found.block_error,
            found.word_error,
            found.page_order,
            found.milliseconds,
        )
        write_card(model, measured)
        if plot:
            bins = {"blocks": found.by_blocks, "words": found.by_words}
            plot.write_text(reliability_svg("Reliability on unseen domains", bins), "utf-8")
    except (CleanerError, ValueError) as error:
        raise click.UsageError(str(error)) from error
    click.echo(
        f"calibration error {found.block_error:.3f} by blocks, {found.word_error:.3f} by words; "
        f"order of pages {found.page_order:.2f}; {found.milliseconds:.2f} ms a page"
    )
