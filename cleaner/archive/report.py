"""``OUT/report.html``: what a run did, on one page that asks nothing of the network."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlsplit

from cleaner.archive.ledger import Ledger
from cleaner.archive.output import write_text
from cleaner.archive.plots import Pairs, bars, columns, curve
from cleaner.archive.progress import clock
from cleaner.archive.report_sites import sites_shown
from cleaner.archive.stats import SLOT, Stats

_HOSTS = 20
_NAMES = 12


def write_report(output: Path) -> Path:
    """Write the report of what is committed in an output folder; return its path.

    Raises ``OSError``.
    """
    state = output / "state"
    asked = json.loads((state / "run.json").read_bytes())
    plan = json.loads((state / "plan.json").read_bytes())
    rows = [json.loads(path.read_bytes()) for path in sorted((state / "shards").glob("*.json"))]
    ledger = Ledger.total(Ledger.from_dict(row["ledger"]) for row in rows)
    stats = Stats.merged(row["stats"] for row in rows)
    template = Template(files("cleaner").joinpath("data/archive_report.html").read_text("utf-8"))
    page = template.substitute(
        title=escape(f"Pages of {', '.join(asked['inputs'])}"[:200]),
        subtitle=escape(
            f"cleaner {asked['cleaner_version']}, {len(rows)} of {plan['shards']} shards committed"
        ),
        numbers=_numbers(ledger, stats, rows),
        plots="\n".join(_plots(ledger, stats)),
        samples=_samples(stats),
        sites=sites_shown(output / "sites.parquet", stats),
        asked=_asked(asked),
    )
    path = output / "report.html"
    write_text(path, page, state / "tmp")
    return path


def _numbers(ledger: Ledger, stats: Stats, rows: Sequence[dict[str, Any]]) -> str:
    seconds = _busy(rows)
    pages = sum(stats.counts["seconds"].values())
    figures = {
        "records read": f"{ledger.read:,}",
        "with main text": f"{ledger.ok + ledger.partial:,}",
        "without": f"{ledger.empty:,}",
        "skipped": f"{ledger.skipped.total():,}",
        "quarantined": f"{ledger.quarantined.total():,}",
        "pages a second": f"{pages / seconds:,.1f}" if seconds else "–",
        "ms a page and core": f"{stats.ms / ledger.rows:,.1f}" if ledger.rows else "–",
        "time": clock(seconds),
    }
    return "".join(f"<div><b>{value}</b>{escape(name)}</div>" for name, value in figures.items())


def _busy(rows: Iterable[dict[str, Any]]) -> float:
    """Return the seconds in which at least one shard was being done."""
    total, reached = 0.0, 0.0
    for begin, end in sorted((row["began"], row["began"] + row["seconds"]) for row in rows):
        total += max(0.0, end - max(begin, reached))
        reached = max(reached, end)
    return total


def _plots(ledger: Ledger, stats: Stats) -> list[str]:
    counts = stats.counts
    confidence = sorted(counts["confidence"].items())
    return [
        curve("Pages a second", _throughput(counts["seconds"]), "s"),
        bars("Pages by status", _largest(counts["statuses"])),
        bars("Reasons for quarantine", _largest(ledger.quarantined), bad=True),
        bars("Reasons for skipping", _largest(ledger.skipped)),
        columns("Length of the text", _classes(counts["text"]), "characters"),
        columns("Size of the pages", _classes(counts["bytes"]), "bytes"),
        columns("Time to clean", _classes(counts["ms"]), "ms"),
        columns("Confidence", [(name, value) for name, value in confidence], "0 to 1"),
        bars("Kinds of page and doubts", _largest(counts["warnings"])),
        bars("Languages", _largest(counts["languages"])),
        bars("Media types", _largest(counts["media_types"])),
        bars("Character sets", _largest(counts["charsets"])),
        bars("Largest hosts", _largest(counts["hosts"], _HOSTS)),
    ]


def _throughput(seconds: Counter[str]) -> list[tuple[float, float]]:
    """Return the pages a second over the time at work; pauses between runs are left out."""
    slots = sorted((int(slot), count) for slot, count in seconds.items())
    return [(number * SLOT, count / SLOT) for number, (_, count) in enumerate(slots)]


def _largest(counts: Counter[str], number: int = _NAMES) -> Pairs:
    """Return the most frequent names."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(name or "none", float(count)) for name, count in ordered[:number]]


def _classes(counts: Counter[str]) -> Pairs:
    """Return the classes of a histogram by powers of two, with the empty ones in between."""
    numbers = sorted(map(int, counts))
    if not numbers:
        return []
    lower = numbers[0]
    found = [(_round(lower), float(counts[str(lower)]))]
    while lower < numbers[-1]:
        lower = lower * 2 or 1
        found.append((_round(lower), float(counts[str(lower)])))
    return found


def _round(number: int) -> str:
    for power, letter in ((30, "G"), (20, "M"), (10, "k")):
        if number >= 1 << power:
            return f"{number >> power}{letter}"
    return str(number)


def _samples(stats: Stats) -> str:
    parts: list[str] = []
    for kind, samples in sorted(stats.samples.items()):
        parts.append(f"<h3>{escape(kind)}</h3>")
        parts.extend(map(_sample, samples))
    return "\n".join(parts) or '<p class="soft">none</p>'


def _sample(sample: dict[str, Any]) -> str:
    url = sample["url"] or ""
    name = escape(sample["title"] or url or sample["place"])
    link = f'<p><a href="{escape(url)}" rel="noreferrer">{escape(url)}</a></p>' if _web(url) else ""
    where = sample["place"]
    if sample["offset"] is not None:
        where += f", byte {sample['offset']:,}"
    doubts = ", ".join(sample["warnings"])
    confidence = sample["confidence"]
    notes = [where, f"id {sample['id']}", doubts]
    if confidence is not None:
        notes.append(f"confidence {confidence:.2f}")
    said = escape("; ".join(note for note in notes if note))
    return (
        f"<details><summary>{name}</summary>{link}"
        f'<p class="soft">{said}</p><pre>{escape(sample["text"])}</pre></details>'
    )


def _web(url: str) -> bool:
    """Return whether an address is safe to link: a page may name a script as its own."""
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False


def _asked(asked: dict[str, Any]) -> str:
    rows: list[str] = []
    for name, value in asked.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        rows.append(f"<tr><td>{escape(name)}</td><td>{escape(text)}</td></tr>")
    return "".join(rows)
