"""What a shard's pages are like, counted small enough to keep beside its mark, and mergeable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

HOSTS = 200
"""Hosts kept of a shard, the largest."""

SAMPLES = 4
"""Pages of each kind shown, those of the lowest ids: whichever shards there are, the same."""

EXCERPT = 600
SLOT = 10
"""Seconds over which throughput is counted."""

TEMPLATED = "with"
"""Name under which pages are counted that were cleaned with a template of their site."""

_PAGE = ("hosts", "languages", "media_types", "charsets", "statuses", "warnings")
_COUNTED = (*_PAGE, "templates", "text", "bytes", "confidence", "ms", "seconds")


class Stats:
    """Counts over pages, by name of a plot."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = {name: Counter() for name in _COUNTED}
        self.ms = 0.0
        self.samples: dict[str, list[dict[str, Any]]] = {}

    def add_row(self, row: dict[str, Any], ms: float) -> None:
        """Count a row of the output."""
        counts = self.counts
        counts["hosts"][row["host"]] += 1
        counts["languages"][row["language"] or "unknown"] += 1
        counts["media_types"][row["media_type"] or "unknown"] += 1
        counts["charsets"][row["charset"] or "unknown"] += 1
        counts["statuses"][row["status"]] += 1
        counts["warnings"].update(row["warnings"] or ["none"])
        counts["templates"][TEMPLATED if row["template_id"] else ""] += 1
        counts["text"][_power(len(row["text"]))] += 1
        counts["bytes"][_power(row["bytes_in"])] += 1
        counts["confidence"][f"{min(int(row['confidence'] * 10), 9) / 10:.1f}"] += 1
        counts["ms"][_power(int(ms))] += 1
        self.ms += ms
        self._show(row["status"], row, row["text"][:EXCERPT])

    def add_refused(self, row: dict[str, Any]) -> None:
        """Count a row of the quarantine."""
        self._show(row["reason"], row, row["detail"])

    def add_time(self, now: float, pages: int = 1) -> None:
        """Count pages done at a time in seconds of the clock."""
        self.counts["seconds"][str(int(now) // SLOT * SLOT)] += pages

    def _show(self, kind: str, row: dict[str, Any], text: str) -> None:
        shown = self.samples.setdefault(kind, [])
        if len(shown) == SAMPLES and row["id"] > shown[-1]["id"]:
            return
        source = row["source"]
        shown.append(
            {
                "id": row["id"],
                "url": row["url"],
                "title": row.get("title"),
                "place": f"{source['file']} {source['member']}".strip(),
                "offset": source["offset"],
                "text": text,
                "warnings": row.get("warnings", []),
                "confidence": row.get("confidence"),
            }
        )
        shown.sort(key=lambda sample: str(sample["id"]))
        del shown[SAMPLES:]

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as JSON-ready values; of hosts, the largest."""
        counts = {name: dict(sorted(counter.items())) for name, counter in self.counts.items()}
        largest = sorted(self.counts["hosts"].items(), key=lambda pair: (-pair[1], pair[0]))
        counts["hosts"] = dict(largest[:HOSTS])
        return {"counts": counts, "ms": round(self.ms, 1), "samples": self.samples}

    @classmethod
    def merged(cls, parts: Iterable[dict[str, Any]]) -> Stats:
        """Return the sum of what ``to_dict`` gave for shards."""
        whole = cls()
        for part in parts:
            whole.ms += part["ms"]
            for name, counts in part["counts"].items():
                whole.counts[name].update(counts)
            for kind, samples in part["samples"].items():
                shown = [*whole.samples.get(kind, []), *samples]
                whole.samples[kind] = sorted(shown, key=lambda s: str(s["id"]))[:SAMPLES]
        return whole


def _power(number: int) -> str:
    """Return the lower end of a number's class: 0, 1, 2, 4, 8, ..."""
    return str(1 << number.bit_length() - 1) if number > 0 else "0"
