"""The accounts of a run as a table for people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.archive.ledger import Ledger
from cleaner.archive.runner import Summary

if TYPE_CHECKING:
    from rich.table import Table

_WIDTH = 100


def print_summary(output: Path, summary: Summary) -> None:
    """Print how a run ended to standard output."""
    from rich.console import Console

    console = Console(width=_WIDTH, highlight=False)
    console.print(ledger_table(summary.ledger))
    for shard, why in summary.failed:
        console.print(f"not done: shard {shard.index}, {shard.files[0]}: {why}", markup=False)
    if not summary.complete:
        left = summary.shards - summary.done
        console.print(f"{left} of {summary.shards} shards left; run the same command to go on")
    console.print(f"rows: {output / 'data'}   report: {output / 'report.html'}", markup=False)


def print_status(output: Path) -> bool:
    """Print how far the run into a folder is; return whether the folder is a run's output."""
    from rich.console import Console

    try:
        asked = json.loads((output / "state" / "run.json").read_bytes())
        plan = json.loads((output / "state" / "plan.json").read_bytes())
    except (OSError, ValueError):
        return False
    rows = [json.loads(p.read_bytes()) for p in sorted((output / "state/shards").glob("*.json"))]
    console = Console(width=_WIDTH, highlight=False)
    console.print(f"{output}: {asked['format']} from {', '.join(asked['inputs'])}", markup=False)
    state = "complete" if len(rows) == plan["shards"] else "under way, or stopped"
    console.print(f"{len(rows)} of {plan['shards']} shards committed: {state}")
    console.print(ledger_table(Ledger.total(Ledger.from_dict(row["ledger"]) for row in rows)))
    return True


def ledger_table(ledger: Ledger) -> Table:
    """Return the accounts, reason by reason."""
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
    return table


_MEANING = {
    "read": "in the input; all those below together",
    "ok": "with main text",
    "partial": "with main text of a page that was cut or damaged",
    "empty": "without main text",
    "skipped": "no pages",
    "quarantined": "could not be read or cleaned",
}
