"""HTML becomes a page of blocks: one parse, whose events are read as they come."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import urljoin

from lxml import etree

from cleaner.blocks.html_guard import cut_attributes
from cleaner.blocks.html_reader import HtmlReader
from cleaner.errors import ParseError
from cleaner.types import Capture, Page


def read_html(capture: Capture) -> Page:
    """Return the blocks of an HTML capture, or of the tree that the caller parsed.

    Every piece of visible text is in exactly one block; hidden text is in blocks flagged so.
    The caller's tree is not changed. Raises ``ParseError`` if the parser gives up.
    """
    reader = HtmlReader()
    warnings = read_capture_events(capture, reader)
    page = Page(
        capture=capture,
        blocks=tuple(reader.block_list.blocks),
        elements=tuple(reader.elements),
        facts=tuple(reader.facts.facts),
        json_ld=tuple(reader.json_ld),
        base_url=_base_url(capture.url, reader.base),
        warnings=capture.warnings + warnings,
    )
    # The parser and its target hold each other: what the reader lets go of is free at once, and
    # need not wait for the garbage collector.
    vars(reader).clear()
    return page


class Listener(Protocol):
    """What hears of a page: the reader of blocks, or one who notes what is told."""

    @property
    def elements(self) -> Sequence[object]:
        """What was heard; empty if there was nothing but white space or comments."""

    @property
    def data(self) -> Callable[[str], None]:
        """Hears of a text, or a part of one."""

    def start(self, tag: str, attrib: Mapping[str, str]) -> None:
        """Hear of the start of an element."""

    def end(self, tag: str) -> None:
        """Hear of the end of the innermost element."""

    def close(self) -> None:
        """Hear of the end of the page."""


def read_capture_events(capture: Capture, reader: Listener) -> tuple[str, ...]:
    """Tell a reader of each start, text and end in a capture; return what is to be warned of.

    Raises ``ParseError`` if the parser gives up.
    """
    if capture.tree is not None:
        root = capture.tree.getroot() if hasattr(capture.tree, "getroot") else capture.tree
        read_tree(root, reader)
        return ()
    source = cut_attributes(capture.text)
    read_source(source, reader)
    return ("attributes-cut",) if source != capture.text else ()


def read_source(source: str, reader: Listener) -> None:
    """Parse a source; the reader hears of each start, text and end. No tree is built.

    Without a tree the parser has no limit of depth, which else is 2,048 levels.
    """
    target: Any = reader  # the stubs ask for bytes too, which no parser of text gives
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, target=target)
    try:
        etree.fromstring(source.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        if reader.elements:
            raise ParseError(f"the HTML parser gave up: {error}") from error
        # Nothing but white space or comments: a page without blocks.


def read_tree(root: Any, reader: Listener) -> None:
    """Tell a reader of each start, text and end in a tree."""
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event == "start":
            tag = element.tag
            reader.start(tag.rpartition("}")[2] if tag[0] == "{" else tag, dict(element.items()))
            if element.text:
                reader.data(element.text)
            continue
        if event == "end":
            reader.end(element.tag)
        if element.tail and element is not root:
            reader.data(element.tail)
    reader.close()


def _base_url(url: str | None, base: str) -> str | None:
    if not base:
        return url
    try:
        resolved = urljoin(url or "", base)
    except ValueError:  # a base address that is none: the page's own holds
        return url
    return resolved if resolved.startswith(("http:", "https:")) else url
