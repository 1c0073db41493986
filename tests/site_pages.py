"""Pages of invented sites, for the tests of templates."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from cleaner.blocks import read_blocks
from cleaner.capture import read_capture
from cleaner.sites import SiteSketch, SiteTemplate, learn_template, site_of
from cleaner.types import Page

FIXTURES = Path(__file__).parent.parent / "fixtures" / "sites"
SITES = tuple(sorted(path.name for path in FIXTURES.iterdir()))

HOST = "lighthouse.example"
NOTE = (
    "Readers pay for this paper with what they can spare, and nobody who writes for it has ever "
    "owned a boat that it reported on."
)
TOPICS = "tides ropes gulls lamps nets storms maps kelp oars buoys coves crabs reefs eels".split()


def story(number: int, *, note: str = NOTE, heading: str = "What the keeper says") -> str:
    """Return the source of a page whose paragraphs are its own, but for a heading and a note."""
    one, two, three = (TOPICS[(number + step) % len(TOPICS)] for step in (0, 3, 7))
    own = f"number {number} of the long book of {one} and {two}"
    return f"""<html><head><title>On {one} and {two}</title></head><body>
<ul class="menu"><li><a href="/">Front page</a><li><a href="/{one}">All about {one}</a></ul>
<main><h1>On {one} and {two}</h1>
<p>The keeper wrote {own}, and he kept it dry under his bed for the whole of the winter.</p>
<p>There is a chapter on {three} in {own}, and another on how to carry it up wet stairs.</p>
<h2>{heading}</h2>
<p>He says that {three} were never so many as in the year of {own}, when the lamp failed.</p>
<p>{note}</p></main></body></html>"""


def read_page(source: str, url: str | None) -> Page:
    return read_blocks(read_capture(source, url=url))


def address(number: int, host: str = HOST) -> str:
    return f"https://{host}/story/{number}"


def stories(count: int, *, note: str = NOTE) -> list[Page]:
    return [read_page(story(number, note=note), address(number)) for number in range(count)]


def sketch_of(pages: Iterable[Page], site: str = HOST) -> SiteSketch:
    sketch = SiteSketch(site)
    for page in pages:
        sketch = sketch.add(page)
    return sketch


def template_of(pages: Iterable[Page], site: str = HOST) -> SiteTemplate:
    template = learn_template(sketch_of(pages, site))
    assert template is not None
    return template


def block_of(page: Page, text: str) -> int:
    """Return the index of the block that begins with a text."""
    return next(block.index for block in page.blocks if block.text.startswith(text))


@cache
def site_base(name: str) -> str:
    facts = json.loads((FIXTURES / name / "site.json").read_text(encoding="utf-8"))
    return str(facts["base"])


@cache
def site_files(name: str) -> Sequence[tuple[str, bytes, str]]:
    """Return address, source and expected text of a fixture's pages."""
    folder = FIXTURES / name
    return tuple(
        (
            f"{site_base(name)}/{path.name}",
            path.read_bytes(),
            (folder / "expected" / f"{path.stem}.txt").read_text(encoding="utf-8"),
        )
        for path in sorted((folder / "pages").iterdir())
    )


@cache
def site_template(name: str) -> SiteTemplate:
    pages = (read_blocks(read_capture(body, url=url)) for url, body, _ in site_files(name))
    return template_of(pages, site_of(site_base(name)))
