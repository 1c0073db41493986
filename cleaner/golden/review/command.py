"""``cleaner golden review``: it parses, then calls."""

from __future__ import annotations

from pathlib import Path

import click

from cleaner.golden.choose import case_folders
from cleaner.golden.command_base import CASES, chosen_folders, told


@click.command(
    "review", epilog="Examples: cleaner golden review; cleaner golden review fixtures --no-open"
)
@CASES
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=0, help="Port to listen at; any if not given."
)
@click.option("--open/--no-open", "opens", default=True, help="Open the browser, or do not.")
def review_command(names: tuple[str, ...], port: int, opens: bool) -> None:
    """See what changed in the browser; accept, reject and correct it.

    The page is served to this computer alone, until you press Ctrl+C.
    """
    try:
        from cleaner.golden.review.serve import serve_review
    except ImportError as error:
        missing = f"{error.name} is missing: pip install 'cleaner[review]'"
        raise click.ClickException(missing) from None
    from cleaner.golden.review.session import ReviewSession

    with told():
        home = _home(names)
        is_empty = not names or (len(names) == 1 and home == Path(names[0]).resolve())
        folders = [] if is_empty and not _has_cases(home) else chosen_folders(names)
        session = ReviewSession([folder.resolve() for folder in folders], home)
        serve_review(session, port=port, opens=opens, tell=_tell)


def _home(names: tuple[str, ...]) -> Path:
    """Return the folder that new cases are put in."""
    if len(names) == 1 and Path(names[0]).is_dir():
        folder = Path(names[0])
        return (folder.parent if (folder / "case.json").is_file() else folder).resolve()
    return case_folders()[0].resolve()


def _has_cases(folder: Path) -> bool:
    return next(folder.rglob("case.json"), None) is not None


def _tell(address: str) -> None:
    click.echo(f"The review is at {address}\nCtrl+C ends it.")
