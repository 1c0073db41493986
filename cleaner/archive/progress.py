"""How a run goes on: a bar on a terminal, plain lines elsewhere. Both go to standard error."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cleaner.archive.ledger import Ledger
from cleaner.archive.records import Shard, Source
from cleaner.archive.runs import Watcher

if TYPE_CHECKING:
    from rich.progress import Progress

LINE_EVERY = 10.0
"""Seconds between plain lines."""


class Progressing(Watcher):
    """Knows how far a run is, by bytes of the input, and how fast."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        """Of this pass's records, by what became of them."""
        self.passing = ""
        """Which pass this is, if there are several."""
        self._earlier = Ledger()
        self._heard = False
        self._weights: dict[int, float] = {}
        self._total = 1.0
        self._done = 0.0
        self._part = 0.0
        self._began = time.monotonic()

    def enter(self, name: str) -> None:
        """Hear which of several passes begins."""
        self.passing = name

    def begin(self, plan: Sequence[Shard], todo: Sequence[Shard], before: Ledger) -> None:
        """Hear what is planned."""
        self._began = time.monotonic()
        self.counts.clear()
        self._part = 0.0
        self._weights = weights(plan)
        waiting = {shard.index for shard in todo}
        self._total = sum(self._weights.values()) or 1.0
        self._done = sum(w for index, w in self._weights.items() if index not in waiting)
        self._earlier = before

    def record(self, shard: Shard, source: Source, became: str) -> None:
        """Hear of a record that is done."""
        self.counts[became] += 1
        self._heard = True
        self._part = place(shard, source) * self._weights[shard.index]
        self.show()

    def shard(self, shard: Shard, ledger: Ledger) -> None:
        """Hear of a shard that is committed; if elsewhere, none of its records was heard."""
        if not self._heard:
            self.counts["kept"] += ledger.rows
            self.counts["quarantined"] += ledger.quarantined.total()
        self._heard = False
        self._done += self._weights[shard.index]
        self._part = 0.0
        self.show()

    def show(self) -> None:
        """Show how far it is."""

    @property
    def share(self) -> float:
        """How much of the input is done, 0 to 1."""
        return min(1.0, (self._done + self._part) / self._total)

    @property
    def speed(self) -> float:
        """Pages a second; while sites are learned, records."""
        counts = self.counts
        done = counts.total() if self._learns else counts["kept"] + counts["quarantined"]
        return done / max(time.monotonic() - self._began, 1e-9)

    @property
    def _learns(self) -> bool:
        return bool(self.counts["sketched"] or self.counts["passed"])

    def counted(self) -> str:
        """Return the counts in words."""
        if self._learns:
            read, sketched = self.counts.total(), self.counts["sketched"]
            return f"{read:,} records read, {sketched:,} compared, {self.speed:.1f} a second"
        kept = self.counts["kept"] + self._earlier.rows
        lost = self.counts["quarantined"] + self._earlier.quarantined.total()
        return f"{kept:,} pages kept, {lost:,} quarantined, {self.speed:.1f} a second"


class Lines(Progressing):
    """Writes a line now and then."""

    def __init__(self) -> None:
        super().__init__()
        self._said = time.monotonic()
        self._from = 0.0

    def begin(self, plan: Sequence[Shard], todo: Sequence[Shard], before: Ledger) -> None:
        """Say what is planned."""
        import click

        super().begin(plan, todo, before)
        self._from = self.share
        done = f", {len(plan) - len(todo)} of them done before" if len(plan) > len(todo) else ""
        which = f"{self.passing}: " if self.passing else ""
        click.echo(f"{which}{len(plan)} shard{'s' * (len(plan) != 1)}{done}", err=True)

    def failed(self, shard: Shard, why: str) -> None:
        """Say which shard could not be done."""
        import click

        click.echo(f"shard {shard.index} ({shard.files[0]}): {why}", err=True)

    def show(self) -> None:
        """Write a line, if it is time."""
        import click

        now = time.monotonic()
        if now - self._said >= LINE_EVERY:
            self._said = now
            click.echo(f"{self.share:4.0%}  {self.counted()}{self._left(now)}", err=True)

    def _left(self, now: float) -> str:
        gone = self.share - self._from
        if gone <= 0:
            return ""
        return f", {clock((now - self._began) * (1 - self.share) / gone)} left"


class Bar(Progressing):
    """Shows a bar with its counts."""

    def __init__(self, bars: Progress) -> None:
        super().__init__()
        self._bars = bars
        self._task = bars.add_task("", total=1.0, counts="")

    def begin(self, plan: Sequence[Shard], todo: Sequence[Shard], before: Ledger) -> None:
        """Begin the bar where the last run stopped."""
        super().begin(plan, todo, before)
        name = self.passing or "cleaning"
        self._bars.reset(self._task, total=1.0, counts="", description=name)
        self._bars.update(self._task, completed=self.share)

    def failed(self, shard: Shard, why: str) -> None:
        """Say which shard could not be done, above the bar."""
        self._bars.console.print(f"shard {shard.index} ({shard.files[0]}): {why}", markup=False)

    def show(self) -> None:
        """Move the bar."""
        self._bars.update(self._task, completed=self.share, counts=self.counted())


def make_bars() -> Progress:
    """Return a bar for standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
    from rich.progress import TimeRemainingColumn as Left

    name, counts = TextColumn("{task.description}"), TextColumn("{task.fields[counts]}")
    columns = (name, BarColumn(), TaskProgressColumn(), counts, Left())
    return Progress(*columns, console=Console(stderr=True), speed_estimate_period=120)


def weights(plan: Sequence[Shard]) -> dict[int, float]:
    """Return what each shard is of the whole, in bytes of its files."""
    ends: dict[tuple[str, ...], int] = {}
    for shard in plan:
        ends[shard.files] = max(ends.get(shard.files, 0), shard.end or 0)
    found: dict[int, float] = {}
    for shard in plan:
        size = float(sum(map(_size, shard.files))) or 1.0
        whole = ends[shard.files]
        found[shard.index] = size * (shard.end - shard.start) / whole if shard.end else size
    return found


def place(shard: Shard, source: Source) -> float:
    """Return how far into its shard a record stands, 0 to 1; 0 where nothing tells."""
    if len(shard.files) > 1:
        return shard.files.index(source.file) / len(shard.files) if source.file else 0.0
    at = source.row if shard.kind == "parquet" else source.offset
    end = shard.end or _size(shard.files[0])
    if at is None or end <= shard.start:
        return 0.0
    return min(1.0, max(0.0, (at - shard.start) / (end - shard.start)))


def clock(seconds: float) -> str:
    """Return a time as ``1:02:03`` or ``2:03``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _size(name: str) -> int:
    try:
        return os.stat(name).st_size
    except OSError:
        return 0
