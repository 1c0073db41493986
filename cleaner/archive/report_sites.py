"""The report's section on templates of sites: which there are, and what they know to repeat."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import nlargest
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.archive.stats import TEMPLATED, Stats
from cleaner.errors import SiteError

if TYPE_CHECKING:
    from cleaner.template import SiteTemplate

SHOWN_SITES = 12
"""Sites shown, those with the most pages."""

SHOWN_BLOCKS = 8
"""Blocks shown of a site, those on the most pages."""


def sites_shown(path: Path, stats: Stats) -> str:
    """Return the section as HTML; empty if the run took no templates."""
    if not path.exists():
        return ""
    head = "<h2>Templates of sites</h2>"
    try:
        return head + "\n".join(_parts(path, stats))
    except SiteError as error:
        return f'{head}<p class="soft">{escape(str(error))}</p>'


def _parts(path: Path, stats: Stats) -> Iterator[str]:
    from cleaner.sites.store import SiteBook

    book = SiteBook(path)
    sites = pages = blocks = 0
    largest: list[tuple[int, int, str]] = []
    for site, seen, repeated in book.names():
        sites, pages, blocks = sites + 1, pages + seen, blocks + repeated
        largest = nlargest(SHOWN_SITES, [*largest, (seen, repeated, site)])
    name = "site" if sites == 1 else "sites"
    yield (
        f'<p class="soft">{sites:,} {name} with a template, learned from {pages:,} pages; '
        f"{blocks:,} blocks are known to repeat. "
        f"{stats.counts['templates'][TEMPLATED]:,} pages were cleaned with one.</p>"
    )
    for _, _, site in largest:
        template = book.find(site)
        if template:
            yield _template(template)


def _template(template: SiteTemplate) -> str:
    blocks = sorted(template.blocks.values(), key=lambda b: (-b.seen / max(b.of, 1), b.text))
    rows = "".join(
        f"<tr><td>{block.seen} of {block.of}</td><td>{escape(block.text)}</td></tr>"
        for block in [block for block in blocks if block.text][:SHOWN_BLOCKS]
    )
    return (
        f"<details><summary>{escape(template.site)}: {template.pages} pages seen, "
        f"{len(template.blocks):,} blocks repeat</summary>"
        f'<p class="soft">on so many pages</p><table>{rows}</table></details>'
    )
