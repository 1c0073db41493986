"""HTML becomes a page of blocks: one parse, one walk."""

from __future__ import annotations

from urllib.parse import urljoin

from cleaner.blocks.html_guard import parse_html
from cleaner.blocks.html_walk import Walk
from cleaner.types import Capture, Page


def read_html(capture: Capture) -> Page:
    """Return the blocks of an HTML capture, or of the tree that the caller parsed.

    Every piece of visible text is in exactly one block; hidden text is in blocks flagged so.
    The caller's tree is not changed. Raises ``ParseError`` for a page that nests too deep.
    """
    warnings: tuple[str, ...] = ()
    if capture.tree is not None:
        root = capture.tree.getroot() if hasattr(capture.tree, "getroot") else capture.tree
    else:
        root, warnings = parse_html(capture.text)
    walk = Walk()
    if root is not None:
        walk.visit(root)
    return Page(
        capture=capture,
        blocks=tuple(walk.blocks),
        elements=tuple(walk.elements),
        facts=tuple(walk.facts),
        json_ld=tuple(walk.json_ld),
        base_url=_base_url(capture.url, walk.base),
        warnings=capture.warnings + warnings,
    )


def _base_url(url: str | None, base: str) -> str | None:
    if not base:
        return url
    try:
        resolved = urljoin(url or "", base)
    except ValueError:  # a base address that is none: the page's own holds
        return url
    return resolved if resolved.startswith(("http:", "https:")) else url
