"""Article text that a page carries for machines alone: a candidate where scripts draw the body."""

from __future__ import annotations

import re
from dataclasses import replace

from cleaner.metadata.jsonld import article_body, read_json_ld
from cleaner.types import Block, Kind, Page

PROBE = 80
"""Characters of a paragraph that are looked for in the visible text."""

_PARAGRAPHS = re.compile(r"\s*\n\s*\n\s*|\s*\r?\n\s*")
_TAG = re.compile(r"<[^<>]{1,200}>")


def with_embedded_body(page: Page) -> Page:
    """Return the page with the paragraphs of its JSON-LD ``articleBody`` at its end.

    They are added only where the blocks do not hold the text already, and carry
    ``origin="json-ld"``.
    """
    if not any("articleBody" in source for source in page.json_ld):
        return page
    body = article_body(read_json_ld(page.json_ld))
    if not body:
        return page
    paragraphs = [" ".join(_TAG.sub(" ", text).split()) for text in _PARAGRAPHS.split(body)]
    paragraphs = [text for text in paragraphs if text]
    if not paragraphs or _is_there(page, max(paragraphs, key=len)):
        return page
    first = len(page.blocks)
    added = tuple(
        Block(index=first + i, kind=Kind.PARAGRAPH, text=text, origin="json-ld")
        for i, text in enumerate(paragraphs)
    )
    return replace(page, blocks=page.blocks + added)


def _is_there(page: Page, paragraph: str) -> bool:
    """Return whether a block holds the paragraph's beginning, white space aside."""
    probe = "".join(paragraph.split())[:PROBE]
    return any(probe in "".join(block.text.split()) for block in page.blocks)
