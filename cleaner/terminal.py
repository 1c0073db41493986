"""What the command line shows a person: metadata, every block with its reason, what was dropped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from cleaner.document import Document
from cleaner.types import LabelledBlock, LabelName, Metadata

EXCERPT = 72
"""Characters of a block's text in a list of blocks."""

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
        if field.name == "sources" or not value:
            continue
        text = "; ".join(value) if isinstance(value, tuple) else str(value)
        yield f"{field.name.replace('_', ' ')}: {text}"


def print_metadata(console: Console, document: Document) -> None:
    """Print the metadata, the confidence and the warnings."""
    for line in metadata_lines(document.metadata):
        name, _, value = line.partition(": ")
        console.print(f"[bold]{name}[/bold]: {escape(value)}", highlight=False, soft_wrap=True)
    console.print(f"[bold]confidence[/bold]: {document.confidence:.2f}", highlight=False)
    if document.warnings:
        names = ", ".join(document.warnings)
        console.print(f"[bold]warnings[/bold]: [red]{names}[/red]", highlight=False)


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
        line.append(f"  {block.label.reason}", style="bright_black")
        console.print(line, soft_wrap=True, highlight=False)


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
    console.print(f"{verdict} as [{style}]{label.name.value}[/{style}]", highlight=False)
    console.print(f"  text         {escape(_excerpt(block.text, 200))}", highlight=False)
    console.print(f"  probability  {label.probability:.3f} of being main content", highlight=False)
    console.print(f"  reason       {escape(label.reason)}", highlight=False)
    console.print(f"  place        {escape(block.path)}", highlight=False)
    hidden = f", hidden ({block.block.hidden})" if block.block.hidden else ""
    console.print(f"  block        {block.block.index}, {block.block.kind.value}{hidden}")


def _excerpt(text: str, width: int = EXCERPT) -> str:
    squashed = " ".join(text.split())
    return squashed if len(squashed) <= width else squashed[: width - 1] + "…"
