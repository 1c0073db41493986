"""The guard before the HTML parser: pages are hostile input.

libxml2 takes quadratic time over the attributes of one tag: 5,000 take 20 ms, 100,000 half a
minute. A tag with thousands is cut in the source, in linear time.
"""

from __future__ import annotations

import re

MAX_ATTRIBUTES = 1_000
"""A tag's attributes beyond these are cut."""

LONG_TAG = 16_000
"""Characters; a shorter tag cannot hold enough attributes to be slow."""

_RAW = r"<(?i:script|style)(?:[^<]++|<(?!/(?i:script|style)))*+|<!--(?:[^-]++|-(?!->))*+"
"""A script, style or comment up to its end: what looks like a tag in there is none."""

_PIECE = r"""(?:[^=>\s]++|=\s*+(?:"[^"]*+"|'[^']*+')?+|\s++)"""
"""A name, a value, or white space within a tag; quotes count after ``=`` alone."""

_CALM = re.compile(
    rf"(?:[^<]++|{_RAW}|<(?![a-zA-Z])|<[a-zA-Z]{_PIECE}{{0,4000}}+(?:>|\Z))*+",
)
"""Matches the whole of a source but for one with a tag of thousands of attributes: one pass in C,
without a call for each tag."""

_TAG = re.compile(rf"{_RAW}|<[a-zA-Z]{_PIECE}*+>?")
_ATTRIBUTE = re.compile(r"""[^\s"'>=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]*))?""")


def cut_attributes(source: str) -> str:
    """Return the source with no tag of more than ``MAX_ATTRIBUTES`` attributes that is long."""
    calm = _CALM.match(source)
    if calm is not None and calm.end() == len(source):
        return source
    return _TAG.sub(_cut_tag, source)


def _cut_tag(tag: re.Match[str]) -> str:
    text = tag.group()
    if len(text) < LONG_TAG or text[1:7].lower().startswith(("script", "style", "!--")):
        return text
    end = 0
    for count, attribute in enumerate(_ATTRIBUTE.finditer(text, 1)):
        if count > MAX_ATTRIBUTES:
            return text[:end] + ">"
        end = attribute.end()
    return text
