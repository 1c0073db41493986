"""Where our time goes: ``clean()`` itself, with a clock at the seams between its stages.

Each function of ``SEAMS`` is replaced by one that calls it and notes the time; what it calls that
is a seam, too, is not counted twice. So the stages and the rest add up to the whole of ``clean()``,
its text, metadata and comments. The parser calls back for each tag, which no clock can stand
between: it is timed by itself, with no one to hear it, and that time is taken off the stage that
hears it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.bench.pages import BenchError, BenchPage
from cleaner.errors import CleanerError
from cleaner.evaluate.progress import Begin, unheard

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Times = NDArray[np.float64]


class Seam(NamedTuple):
    """A function of the pipeline, where the stage before it looks it up."""

    stage: str
    module: str
    name: str
    """A function, or ``Class.method``."""


SEAMS = (
    Seam("decode", "cleaner.pipeline", "read_capture"),
    Seam("blocks", "cleaner.pipeline", "read_blocks"),
    Seam("blocks", "cleaner.metadata.embedded", "with_embedded_body"),
    Seam("features", "cleaner.model", "read_matrix"),
    Seam("features", "cleaner.model", "second_columns"),
    Seam("model", "cleaner.model", "Forest.log_odds"),
    Seam("labels", "cleaner.labels", "label_page"),
    Seam("metadata", "cleaner.metadata", "read_metadata"),
    Seam("comments, doubt", "cleaner.comments", "gather_comments"),
    Seam("comments, doubt", "cleaner.pipeline", "find_warnings"),
    Seam("comments, doubt", "cleaner.pipeline", "estimate_confidence"),
    Seam("render", "cleaner.render", "render_text"),
)

REST = "rest"
"""What no seam covers: values made between stages, and their end."""

STAGES = (
    "decode", "parse", "blocks", "features", "model", "labels", "metadata", "comments, doubt",
    "render", REST,
)  # fmt: skip


CLOCKS: Mapping[str, Callable[[], int]] = {
    "wall": time.perf_counter_ns,
    "cpu": time.process_time_ns,
}
"""Name of a clock to what reads it, in nanoseconds."""


@dataclass(slots=True)
class StageClock:
    """Adds up what the stages spend, each without the stages within it."""

    now: Callable[[], int] = time.perf_counter_ns
    spent: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STAGES, 0))
    """Nanoseconds."""
    _within: list[int] = field(default_factory=lambda: [0])

    def around(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that does the same and has its time noted."""

        @wraps(function)
        def noted(*args: Any, **named: Any) -> Any:
            self._within.append(0)
            start = self.now()
            try:
                return function(*args, **named)
            finally:
                took = self.now() - start
                self.spent[stage] += took - self._within.pop()
                self._within[-1] += took

        return noted

    @contextmanager
    def at_seams(self) -> Iterator[None]:
        """Put the clock at all seams, and take it away again."""
        before: list[tuple[Any, str, Any]] = []
        try:
            for seam in SEAMS:
                *path, name = seam.name.split(".")
                holder: Any = import_module(seam.module)
                for part in path:
                    holder = getattr(holder, part)
                function = getattr(holder, name)
                before.append((holder, name, function))
                setattr(holder, name, self.around(seam.stage, function))
            yield
        finally:
            for holder, name, function in reversed(before):
                setattr(holder, name, function)


class _Unheard:
    """What stands in for the reader of blocks: it asks the parser for nothing."""

    elements = ("anything",)

    def close(self) -> None:
        """Hear of the end of the page, which a listener has to."""


def page_stages(page: BenchPage, clock: str = "wall") -> dict[str, float]:
    """Return the milliseconds that each stage spends on a page; they add up to the whole.

    Raises what ``clean`` raises.
    """
    from cleaner.pipeline import clean

    stages = StageClock(CLOCKS[clock])
    with stages.at_seams():
        stages.around(REST, lambda: clean(page.body, url=page.url).complete().text)()
    spent = {stage: nanoseconds / 1e6 for stage, nanoseconds in stages.spent.items()}
    spent["parse"] = min(_parse_alone(page, stages.now), spent["blocks"])
    spent["blocks"] -= spent["parse"]
    return spent


def _parse_alone(page: BenchPage, now: Callable[[], int]) -> float:
    """Return the milliseconds of the parser when no one hears it; 0 where it is not used."""
    from cleaner.blocks.html import read_source
    from cleaner.blocks.html_guard import cut_attributes
    from cleaner.capture import read_capture
    from cleaner.types import MediaType

    capture = read_capture(page.body, url=page.url)
    if capture.media_type in (MediaType.MARKDOWN, MediaType.TEXT):
        return 0.0
    source = cut_attributes(capture.text)
    listener: Any = _Unheard()
    start = now()
    read_source(source, listener)
    return (now() - start) / 1e6


def time_stages(
    pages: Sequence[BenchPage], rounds: int, clock: str, begin: Begin = unheard
) -> tuple[Times, float]:
    """Return milliseconds (stages, pages), the median of the rounds, and the pages' bytes in all.

    Pages that cannot be cleaned are left out. Raises ``BenchError`` if there is no other.
    """
    import numpy as np

    advance = begin("stages", rounds * len(pages))
    found: dict[int, list[list[float]]] = {}
    for _ in range(rounds):
        for place, page in enumerate(pages):
            advance(1)
            try:
                spent = page_stages(page, clock)
            except CleanerError:
                continue
            found.setdefault(place, []).append([spent[stage] for stage in STAGES])
    if not found:
        raise BenchError("no page that can be cleaned")
    times = np.stack([np.median(np.asarray(found[place]), axis=0) for place in found], axis=1)
    return times, float(sum(len(pages[place].body) for place in found))
