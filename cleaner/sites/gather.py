"""Sketches of a whole archive in bounded memory: what is too much to hold goes to files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cleaner.blocks import read_blocks
from cleaner.errors import CaptureError, ParseError
from cleaner.fingerprints import page_key, site_of
from cleaner.metadata.embedded import with_embedded_body
from cleaner.sites.sketch import PAGES, SiteSketch
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

    def add(self, capture: Capture, site: str | None = None) -> bool:
        """Take a page into its site's sketch, or that of ``site``; return whether it was wanted.

        Most pages of a large site are not wanted, and not parsed. A page that cannot be parsed
        has no blocks to add.
        """
        name = site_of(capture.url) or (site or "")
        key = page_key(capture)
        if not name or key >= self.bars.get(name, key + 1):
            return False
        sketch = self.sites.get(name) or SiteSketch(name)
        if not sketch.wants(key):
            return False
        try:
            page = with_embedded_body(read_blocks(capture))
        except (CaptureError, ParseError):
            return False
        grown = sketch.add(page)
        self.sites[name] = grown
        self.size += _size(grown) - _size(sketch)
        if len(grown.pages) == PAGES:
            self.bars[name] = grown.pages[-1].key + 1
        if self.size > self.held:
            self._spill()
        return True

    def sketches(self) -> Iterator[SiteSketch]:
        """Yield all sketches in the order of their sites."""
        if not self.files:
            yield from (self.sites[name] for name in sorted(self.sites))
            return
        self._spill()
        yield from read_sketches(self.files)

    def _spill(self) -> None:
        """Write what is held to a file; many files become one."""
        if self.sites:
            self.files.append(self._write(self.sites[name] for name in sorted(self.sites)))
            self.sites, self.size = {}, 0
        if len(self.files) >= FILES:
            merged = self._write(read_sketches(self.files))
            for path in self.files:
                path.unlink()
            self.files = [merged]

    def _write(self, sketches: Iterator[SiteSketch]) -> Path:
        path = self.folder / f"sketches-{self.written:06}.parquet"
        self.written += 1
        write_sketches(path, sketches)
        return path


def _size(sketch: SiteSketch) -> int:
    """Return what a sketch takes in memory, in fingerprints."""
    return sum(len(page.prints) + 8 for page in sketch.pages)
