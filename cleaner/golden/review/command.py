"""``cleaner golden review``: it parses, then calls."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("review")
@click.argument(
    "folder",
    metavar="[DIR]",
    default="fixtures",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option("--port", default=0, show_default="any that is free", help="Port to listen at.")
@click.option("--open/--no-open", "opens", default=True, help="Open the browser.")
def review_command(folder: Path, port: int, opens: bool) -> None:
    """Review the cases in and below DIR in the browser: see what changed, accept, reject, correct.

    The page is served to this computer alone, until you press Ctrl+C.
    """
    try:
        from cleaner.golden.review.serve import serve_review
    except ImportError as error:
        missing = f"{error.name} is missing: pip install 'cleaner[review]'"
        raise click.ClickException(missing) from None
    try:
        serve_review(folder.resolve(), port=port, opens=opens, tell=_tell)
    except OSError as error:
        raise click.ClickException(f"port {port}: {error.strerror or error}") from None


def _tell(address: str) -> None:
    click.echo(f"The review is at {address}\nCtrl+C ends it.")
