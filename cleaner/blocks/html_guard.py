"""Guards before and around the HTML parser: pages are hostile input.

libxml2 takes quadratic time over the attributes of one tag, and drops a document that nests
deeper than 2,048 levels. Both are mended in the source, in linear time, with a warning.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from cleaner.errors import ParseError

MAX_ATTRIBUTES = 1_000
"""A tag's attributes beyond these are cut: 5,000 take 20 ms, 100,000 take half a minute."""

LONG_TAG = 16_000
"""Characters; a shorter tag cannot hold enough attributes to be slow."""

MAX_DEPTH = 400
"""Elements nested deeper than this are taken out of the source; their text stays. A table within
a table is four levels for the parser and one here, which keeps it below its limit."""

_RAW = r"<(?i:script|style)(?:[^<]++|<(?!/(?i:script|style)))*+|<!--(?:[^-]++|-(?!->))*+"
"""A script, style or comment up to its end tag: what looks like a tag in there is none."""

_PIECE = r"""(?:[^=>\s]++|=\s*+(?:"[^"]*+"|'[^']*+')?+|\s++)"""
"""A name, a value, or white space within a tag; quotes count after ``=`` alone."""

_CALM = re.compile(
    rf"(?:[^<]++|{_RAW}|<(?![a-zA-Z])|<[a-zA-Z]{_PIECE}{{0,4000}}+(?:>|\Z))*+",
)
"""Matches the whole of a source but for one with a tag of thousands of attributes: one pass in C,
without a call for each tag."""

_TAG = re.compile(rf"{_RAW}|<[a-zA-Z]{_PIECE}*+>?")
_ATTRIBUTE = re.compile(r"""[^\s"'>=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]*))?""")
_ANY_TAG = re.compile(rf"""<(/?)([a-zA-Z][^\s/>]*){_PIECE}*+>""")

_NOT_NESTING = frozenset(
    """
    area base br col embed hr img input link meta param source track wbr html head body
    p li dt dd td th tr tbody thead tfoot option optgroup colgroup caption rt rp
    """.split()
)
"""Void elements, and elements that the next of their kind closes."""


def parse_html(source: str) -> tuple[Any, tuple[str, ...]]:
    """Parse HTML once; return the root element (``None`` for no markup at all) and warnings.

    A page nested too deep for the parser is parsed again with its deepest tags taken out.
    Raises ``ParseError`` if that fails too.
    """
    warnings: list[str] = []
    calm = _CALM.match(source)
    if calm is None or calm.end() < len(source):
        cut = _TAG.sub(_cut_attributes, source)
        if cut != source:
            warnings.append("attributes-cut")
            source = cut
    root, too_deep = _parse(source)
    if too_deep:
        warnings.append("nesting-cut")
        root, too_deep = _parse(_flatten(source))
        if too_deep or root is None:
            raise ParseError("the page is nested deeper than the parser can go")
    return root, tuple(warnings)


def _parse(source: str) -> tuple[Any, bool]:
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True
    )
    try:
        root = etree.fromstring(source.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    return root, any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log)


def _cut_attributes(tag: re.Match[str]) -> str:
    text = tag.group()
    if len(text) < LONG_TAG or text[1:7].lower().startswith(("script", "style", "!--")):
        return text
    end = 0
    for count, attribute in enumerate(_ATTRIBUTE.finditer(text, 1)):
        if count > MAX_ATTRIBUTES:
            return text[:end] + ">"
        end = attribute.end()
    return text


def _flatten(source: str) -> str:
    """Take out every tag that opens or closes an element below ``MAX_DEPTH``."""
    depth = 0

    def keep(tag: re.Match[str]) -> str:
        nonlocal depth
        closing, name = tag.group(1), tag.group(2).lower()
        if name in _NOT_NESTING or tag.group().endswith("/>"):
            return tag.group() if depth <= MAX_DEPTH else " "
        if closing:
            depth = max(0, depth - 1)
            return tag.group() if depth < MAX_DEPTH else " "
        depth += 1
        return tag.group() if depth <= MAX_DEPTH else " "

    return _ANY_TAG.sub(keep, source)
