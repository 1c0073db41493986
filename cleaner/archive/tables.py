"""The accounts of a run as a table for people."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.archive.job import AUTO
from cleaner.archive.ledger import Ledger
from cleaner.archive.output import is_held
from cleaner.archive.runs import Summary

if TYPE_CHECKING:
    from rich.console import Console

_WIDTH = 100

_MEANING = {
    "read": "in the input; all those below together",
    "ok": "with main text",
    "partial": "with main text of a page that was cut or damaged",
    "empty": "without main text",
    "skipped": "no pages",
    "quarantined": "could not be read or cleaned",
}


def summary_text(output: Path, summary: Summary) -> str:
    """Return how a run ended, in lines."""
    console, lines = _console()
    _print_ledger(console, summary.ledger)
    for shard, why in summary.failed:
        console.print(f"not done: shard {shard.index}, {shard.files[0]}: {why}", markup=False)
    if summary.waiting:
        console.print(
            f"{summary.waiting} shards are for other parts to read before the sites are learned; "
            "then run the same command to go on"
        )
    elif not summary.complete:
        left = summary.shards - summary.done
        console.print(f"{left} of {summary.shards} shards left; run the same command to go on")
    places = f"rows: {output / 'data'}"
    if (output / "report.html").exists():
        places += f"   report: {output / 'report.html'}"
    if (output / "sites.parquet").exists():
        places += f"   templates: {output / 'sites.parquet'}"
    console.print(places, markup=False, soft_wrap=True)
    return lines.getvalue()


def status_text(output: Path) -> str:
    """Return how far the run into a folder is, in lines; empty if the folder is no output."""
    try:
        asked = json.loads((output / "state" / "run.json").read_bytes())
        plan = json.loads((output / "state" / "plan.json").read_bytes())
    except (OSError, ValueError):
        return ""
    rows = [json.loads(p.read_bytes()) for p in sorted((output / "state/shards").glob("*.json"))]
    console, lines = _console()
    said = f"{output}: {asked['format']} from {', '.join(asked['inputs'])}"
    console.print(said, markup=False, soft_wrap=True)
    state = "under way" if is_held(output) else "stopped"
    if len(rows) == plan["shards"]:
        state = "complete"
    if asked.get("templates") == AUTO and not (output / "state" / "sites.json").exists():
        read = len(list((output / "state" / "sketches").glob("*.parquet")))
        console.print(f"{read} of {plan['shards']} shards read to learn the sites: {state}")
        return lines.getvalue()
    console.print(f"{len(rows)} of {plan['shards']} shards committed: {state}")
    _print_ledger(console, Ledger.total(Ledger.from_dict(row["ledger"]) for row in rows))
    return lines.getvalue()


def _console() -> tuple[Console, io.StringIO]:
    from rich.console import Console

    lines = io.StringIO()
    return Console(file=lines, width=_WIDTH, highlight=False), lines


def _print_ledger(console: Console, ledger: Ledger) -> None:
    """Print the accounts, reason by reason."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("records")
    table.add_column("count", justify="right")
    table.add_column("why")
    for name in ("read", "ok", "partial", "empty"):
        table.add_row(name, f"{getattr(ledger, name):,}", _MEANING[name])
    for name, reasons in (("skipped", ledger.skipped), ("quarantined", ledger.quarantined)):
        table.add_row(name, f"{reasons.total():,}", _MEANING[name])
        for reason, count in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])):
            table.add_row(f"  {reason}", f"{count:,}", "")
    console.print(table)
