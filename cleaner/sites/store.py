"""Templates and sketches as Parquet: a row a site or a page, sorted; the bytes are always the same.

pyarrow (extra ``archive``) is imported when a file is opened; templates themselves need none.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge as merge_sorted
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.errors import SiteError
from cleaner.fingerprints import site_of
from cleaner.sites.parquet import import_pyarrow, open_parquet, parquet_writer
from cleaner.sites.sketch import PageSketch, SiteSketch
from cleaner.template import SiteTemplate, TemplateBlock

if TYPE_CHECKING:
    import pyarrow as pa

SITES, SKETCHES, VERSION = b"cleaner.sites", b"cleaner.sketches", b"2"
"""What a file holds, as its metadata says, and the version of its columns and places."""

GROUP_SITES, GROUP_BLOCKS = 500, 20_000
"""Sites and blocks of a row group: what is read to look one site up."""

GROUP_PAGES = 32
"""Pages of a row group of sketches, about."""

BATCH = 16
"""Pages of a sketch file that are in memory at a time."""

CACHED = 50_000
"""Blocks of templates that a ``SiteBook`` keeps at hand, some 15 MB; a site without counts as 1."""


def write_sites(path: Path, templates: Iterable[SiteTemplate]) -> int:
    """Write templates, which come sorted by their sites, and return how many.

    Raises ``SiteError`` if they are out of order or the file cannot be written.
    """
    written, last = 0, ""
    with parquet_writer(path, _site_schema()) as write:
        group: list[SiteTemplate] = []
        blocks = 0
        for template in templates:
            if template.site <= last:
                raise SiteError(f"site {template.site!r} comes after {last!r}")
            last = template.site
            group.append(template)
            blocks += len(template.blocks)
            written += 1
            if len(group) == GROUP_SITES or blocks >= GROUP_BLOCKS:
                write([_site_row(each) for each in group])
                group, blocks = [], 0
        if group or not written:
            write([_site_row(each) for each in group])
    return written


def write_sketches(path: Path, sketches: Iterable[SiteSketch]) -> None:
    """Write sketches, which come sorted by their sites. Raises ``SiteError``."""
    with parquet_writer(path, _sketch_schema()) as write:
        rows: list[dict[str, Any]] = []
        for sketch in sketches:
            rows += (_page_row(sketch.site, page) for page in sketch.pages)
            if len(rows) >= GROUP_PAGES:
                write(rows)
                rows = []
        write(rows)


def read_sketches(paths: Sequence[Path]) -> Iterator[SiteSketch]:
    """Yield the sketches of many files, merged and in the order of their sites.

    One site and a few pages of each file are in memory at a time. Raises ``SiteError``.
    """
    rows = merge_sorted(*map(_page_rows, paths), key=itemgetter(0))
    for site, pages in groupby(rows, key=itemgetter(0)):
        sketch = SiteSketch(site)
        for _, page in pages:
            if sketch.wants(page.key):
                sketch = sketch.with_pages([page])
        yield sketch


class SiteBook:
    """A file of templates, of which single sites are looked up."""

    def __init__(self, path: Path) -> None:
        """Open a file. Raises ``SiteError`` if it holds no templates."""
        self.path = path
        self._file = open_parquet(path, SITES, VERSION)
        found = self._file.metadata
        column = self._file.schema_arrow.get_field_index("site")
        bounds = [found.row_group(n).column(column).statistics for n in range(found.num_row_groups)]
        self._lasts: list[str] = [
            each.max for each in bounds if each is not None and each.has_min_max
        ]
        self._known: dict[str, SiteTemplate | None] = {}
        self._held = 0

    def find(self, site: str) -> SiteTemplate | None:
        """Return the template of a site, as ``site_of`` names it; ``None`` if there is none."""
        if site not in self._known:
            found = self._known[site] = self._read(site)
            self._held += _weight(found)
            while self._held > CACHED and len(self._known) > 1:
                self._held -= _weight(self._known.pop(next(iter(self._known))))
        return self._known[site]

    def find_for(self, url: str | None) -> SiteTemplate | None:
        """Return the template of an address's site; ``None`` if there is none."""
        site = site_of(url)
        return self.find(site) if site else None

    def names(self) -> Iterator[tuple[str, int, int]]:
        """Yield each site with its number of pages and of blocks, in the order of their names."""
        for group in range(self._file.num_row_groups):
            columns = ["site", "pages", "blocks.list.element.print"]
            table = self._file.read_row_group(group, columns, use_threads=False)
            blocks = (count for chunk in table["blocks"].chunks for count in chunk.value_lengths())
            for site, pages, count in zip(table["site"], table["pages"], blocks, strict=True):
                yield site.as_py(), pages.as_py(), count.as_py()

    def _read(self, site: str) -> SiteTemplate | None:
        group = bisect_left(self._lasts, site)
        if group == len(self._lasts):
            return None
        names = self._file.read_row_group(group, ["site"], use_threads=False)["site"].to_pylist()
        row = bisect_left(names, site)
        if row == len(names) or names[row] != site:
            return None
        table = self._file.read_row_group(group, use_threads=False)
        return _template(table.slice(row, 1).to_pylist()[0])


def _weight(template: SiteTemplate | None) -> int:
    return 1 + len(template.blocks) if template else 1


def _template(row: dict[str, Any]) -> SiteTemplate:
    blocks = {
        block["print"]: TemplateBlock(
            block["seen"],
            block["of"],
            block["place"],
            block["there"],
            block["text"],
            block["path"],
        )
        for block in row["blocks"]
    }
    return SiteTemplate(row["site"], row["pages"], blocks, frozenset(row["members"]))


def _site_row(template: SiteTemplate) -> dict[str, Any]:
    return {
        "site": template.site,
        "template_id": template.id,
        "pages": template.pages,
        "members": sorted(template.members),
        "blocks": [
            {"print": text, **block._asdict()} for text, block in sorted(template.blocks.items())
        ],
    }


def _page_row(site: str, page: PageSketch) -> dict[str, Any]:
    return {"site": site} | {name: getattr(page, name) for name in _PAGE_FIELDS}


_PAGE_FIELDS = ("key", "digest", "canonical", "limit", "prints", "places", "texts", "paths")


def _page_rows(path: Path) -> Iterator[tuple[str, PageSketch]]:
    for batch in open_parquet(path, SKETCHES, VERSION).iter_batches(batch_size=BATCH):
        for row in batch.to_pylist():
            site = row.pop("site")
            values: dict[str, Any] = {
                name: tuple(value) if isinstance(value, list) else value
                for name, value in row.items()
            }
            yield site, PageSketch(**values)


def _site_schema() -> pa.Schema:
    import_pyarrow()
    import pyarrow as pa

    block = [
        ("print", pa.uint64()),
        ("seen", pa.int32()),
        ("of", pa.int32()),
        ("place", pa.uint32()),
        ("there", pa.int32()),
        ("text", pa.string()),
        ("path", pa.string()),
    ]
    fields = [
        ("site", pa.string()),
        ("template_id", pa.string()),
        ("pages", pa.int32()),
        ("members", pa.list_(pa.uint64())),
        ("blocks", pa.list_(pa.struct(block))),
    ]
    return pa.schema(fields, metadata={SITES: VERSION})


def _sketch_schema() -> pa.Schema:
    import_pyarrow()
    import pyarrow as pa

    lists = {"prints": pa.uint64(), "places": pa.uint32(), "texts": pa.string()}
    lists["paths"] = pa.string()
    fields = [("site", pa.string())]
    fields += [(n, pa.list_(lists[n]) if n in lists else pa.uint64()) for n in _PAGE_FIELDS]
    return pa.schema(fields, metadata={SKETCHES: VERSION})
