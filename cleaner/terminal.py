"""What the command line shows a person: metadata, every block with its reason, what was dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from cleaner.document import Document
from cleaner.types import LabelledBlock, LabelName, Metadata

EXCERPT = 72
"""Characters of a block's text in a list of blocks."""

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
"""A page must not steer the terminal."""

STYLES = {
    LabelName.CONTENT: "green",
    LabelName.TITLE: "bold green",
    LabelName.BYLINE: "cyan",
    LabelName.CAPTION: "cyan",
    LabelName.COMMENT: "blue",
    LabelName.NAVIGATION: "yellow",
    LabelName.PROMO: "magenta",
    LabelName.NOTICE: "red",
    LabelName.SHARE: "magenta",
    LabelName.LEGAL: "yellow",
    LabelName.OTHER: "bright_black",
}


def metadata_lines(metadata: Metadata) -> Iterator[str]:
    """Yield ``name: value`` for each field that is there."""
    for field in fields(metadata):
        value = getattr(metadata, field.name)
        if field.name == "sources" or value is None or value in ("", ()):
            continue
        yield f"{field.name.replace('_', ' ')}: {_shown(value)}"


def _shown(value: tuple[str, ...] | str | float | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.2f}"
    return "; ".join(value) if isinstance(value, tuple) else str(value)


def print_metadata(console: Console, document: Document) -> None:
    """Print the metadata, the confidence and the warnings."""
    for line in metadata_lines(document.metadata):
        name, _, value = line.partition(": ")
        console.print(f"[bold]{name}[/bold]: {escape(_one_line(value))}")
    console.print(f"[bold]confidence[/bold]: {document.confidence:.2f}")
    if document.warnings:
        names = ", ".join(document.warnings)
        console.print(f"[bold]warnings[/bold]: [red]{names}[/red]")


def print_blocks(console: Console, blocks: Sequence[LabelledBlock]) -> None:
    """Print a line a block: kept or dropped, label, probability, text, reason."""
    for block in blocks:
        style = STYLES[block.label.name]
        line = Text()
        line.append(
            "kept    " if block.kept else "dropped ", style="green" if block.kept else "red"
        )
        line.append(f"{block.label.name.value:<11}", style=style)
        line.append(f"{block.label.probability:5.2f}  ")
        line.append(_excerpt(block.text), style=style if block.kept else "")
        line.append(f"  {_one_line(block.label.reason)}", style="bright_black")
        console.print(line)


def print_dropped(console: Console, document: Document) -> None:
    """Print what was dropped, one line a block, and a count of each kind."""
    dropped = [block for block in document.blocks if not block.kept]
    counts: dict[LabelName, int] = {}
    for block in dropped:
        counts[block.label.name] = counts.get(block.label.name, 0) + 1
    kinds = ", ".join(f"{count} {name.value}" for name, count in sorted(counts.items()))
    kept = len(document.blocks) - len(dropped)
    console.print(f"[bold]{kept} blocks kept, {len(dropped)} dropped[/bold]: {kinds}")
    print_blocks(console, dropped)


def print_why(console: Console, block: LabelledBlock) -> None:
    """Print all that is known of one block's label."""
    label = block.label
    verdict = "[green]kept[/green]" if block.kept else "[red]dropped[/red]"
    style = STYLES[label.name]
    console.print(f"{verdict} as [{style}]{label.name.value}[/{style}]")
    console.print(f"  text         {escape(_excerpt(block.text, 200))}")
    console.print(f"  probability  {label.probability:.3f} of being main content")
    console.print(f"  reason       {escape(_one_line(label.reason))}")
    console.print(f"  place        {escape(_one_line(block.path))}")
    hidden = f", hidden ({block.block.hidden})" if block.block.hidden else ""
    console.print(f"  block        {block.block.index}, {block.block.kind.value}{hidden}")


def _excerpt(text: str, width: int = EXCERPT) -> str:
    line = _one_line(text)
    return line if len(line) <= width else line[: width - 1] + "…"


def _one_line(text: str) -> str:
    """Return a page's text as one line, without control characters."""
    return _CONTROLS.sub("\ufffd", " ".join(text.split()))
