"""Captures become pages: a flat list of blocks in reading order."""

from __future__ import annotations

from cleaner.types import Capture, MediaType, Page


def read_blocks(capture: Capture) -> Page:
    """Return the blocks of a capture, whatever it is written in.

    Raises ``ParseError`` if the parser gives nothing back for a page with text.
    """
    if capture.media_type is MediaType.MARKDOWN:
        from cleaner.blocks.markdown import read_markdown

        return read_markdown(capture)
    if capture.media_type is MediaType.TEXT:
        from cleaner.blocks.plain import read_plain

        return read_plain(capture)
    from cleaner.blocks.html import read_html

    return read_html(capture)
