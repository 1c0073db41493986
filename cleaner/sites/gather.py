"""Sketches of a whole archive in bounded memory: what is too much to hold goes to files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from cleaner.blocks import read_blocks
from cleaner.collector import collector_at_rest
from cleaner.errors import CaptureError, ParseError
from cleaner.fingerprints import page_key, site_of
from cleaner.metadata.embedded import with_embedded_body
from cleaner.sites.sketch import PAGES, PageSketch, SiteSketch, sketch_page
from cleaner.sites.store import read_sketches, write_sketches
from cleaner.types import Capture

HELD = 150_000
"""Fingerprints that are held in memory, about 100 MB with the texts for people."""

FILES = 64
"""Files of sketches that are merged at a time."""


class Gatherer:
    """The sketches of the sites of an archive, while its pages are read.

    Pages may come in any order, in one run or in parts: the sketches are the same.
    """

    def __init__(self, folder: Path, *, held: int = HELD) -> None:
        """Gather with a folder for what does not fit into memory; it must exist."""
        self.folder = folder
        self.held = held
        self.sites: dict[str, SiteSketch] = {}
        self.size = 0
        self.bars: dict[str, int] = {}
        """Sites that have enough pages, and the key from which on they want none."""
        self.files: list[Path] = []
        self.written = 0

    def wants(self, site: str, key: int) -> bool:
        """Return whether a page of that key could change the site's sketch.

        Most pages of a large site are not wanted, and need not be parsed.
        """
        if not site or key >= self.bars.get(site, key + 1):
            return False
        sketch = self.sites.get(site)
        return sketch is None or sketch.wants(key)

    def take(self, site: str, page: PageSketch) -> None:
        """Take the sketch of a page into that of its site."""
        if not self.wants(site, page.key):
            return
        sketch = self.sites.get(site) or SiteSketch(site)
        grown = sketch.with_pages([page])
        self.sites[site] = grown
        self.size += _size(grown) - _size(sketch)
        if len(grown.pages) == PAGES:
            self.bars[site] = grown.pages[-1].key + 1
        if self.size > self.held:
            self._spill()

    def add(self, capture: Capture, site: str | None = None) -> bool:
        """Take a page into its site's sketch, or that of ``site``; return whether it was wanted.

        A page that cannot be parsed has no blocks to add.
        """
        name = site_of(capture.url) or (site or "")
        if not self.wants(name, page_key(capture)):
            return False
        sketch = sketch_capture(capture)
        if sketch is not None:
            self.take(name, sketch)
        return sketch is not None

    def sketches(self) -> Iterator[SiteSketch]:
        """Yield all sketches in the order of their sites."""
        if not self.files:
            yield from (self.sites[name] for name in sorted(self.sites))
            return
        self._spill()
        yield from read_sketches(self.files)

    def merge(self, paths: Iterable[Path]) -> Iterator[SiteSketch]:
        """Yield the sketches of any number of files, merged and in the order of their sites.

        The files stay as they are; those that are made on the way are removed.
        """
        level = list(paths)
        made: set[Path] = set()
        while len(level) > FILES:
            groups = [level[at : at + FILES] for at in range(0, len(level), FILES)]
            level = [self._join(group, made) for group in groups]
        yield from read_sketches(level)
        _unlink(made)

    def _spill(self) -> None:
        """Write what is held to a file; many files become one."""
        if self.sites:
            self.files.append(self._write(self.sites[name] for name in sorted(self.sites)))
            self.sites, self.size = {}, 0
        if len(self.files) >= FILES:
            self.files = [self._join(self.files, set(self.files))]

    def _join(self, paths: Sequence[Path], made: set[Path]) -> Path:
        """Return a file of what several hold; those that were ``made`` here are removed."""
        joined = self._write(read_sketches(paths))
        _unlink(made.intersection(paths))
        made.add(joined)
        return joined

    def _write(self, sketches: Iterator[SiteSketch]) -> Path:
        path = self.folder / f"sketches-{self.written:06}.parquet"
        self.written += 1
        write_sketches(path, sketches)
        return path


def sketch_capture(capture: Capture) -> PageSketch | None:
    """Return the sketch of a page; ``None`` if it cannot be parsed."""
    try:
        with collector_at_rest():
            return sketch_page(with_embedded_body(read_blocks(capture)))
    except (CaptureError, ParseError):
        return None


def _unlink(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _size(sketch: SiteSketch) -> int:
    """Return what a sketch takes in memory, in fingerprints."""
    return sum(len(page.prints) + 8 for page in sketch.pages)
