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

MOST_LOOKS = 50
"""Places that are looked at before a page is read as a whole."""

MOST_BLANKS = 10
"""White space between ``=`` and a value that is looked at; more may be anything."""

_RAW = r"<(?i:script|style)(?:[^<]++|<(?!/(?i:script|style)))*+|<!--(?:[^-]++|-(?!->))*+"
"""A script, style or comment up to its end: what looks like a tag in there is none."""

_PIECE = r"""(?:[^=>\s]++|=\s*+(?:"[^"]*+"|'[^']*+')?+|\s++)"""
"""A name, a value, or white space within a tag; quotes count after ``=`` alone."""

_SHORT = rf"<(?![a-zA-Z])|<[a-zA-Z]{_PIECE}{{0,4000}}+(?:>|\Z)"
"""A tag but one of thousands of attributes, or a ``<`` that begins none."""

_SHORT_TAG = re.compile(_SHORT)
_CALM = re.compile(rf"(?:[^<]++|{_RAW}|{_SHORT})*+")
"""Matches the whole of a source but for one with a tag of thousands of attributes: one pass in C,
without a call for each tag."""

_TAG = re.compile(rf"{_RAW}|<[a-zA-Z]{_PIECE}*+>?")
_ATTRIBUTE = re.compile(r"""[^\s"'>=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]*))?""")


def cut_attributes(source: str) -> str:
    """Return the source with no tag of more than ``MAX_ATTRIBUTES`` attributes that is long."""
    if not _may_hold_long_tag(source):
        return source
    calm = _CALM.match(source)
    if calm is not None and calm.end() == len(source):
        return source
    return _TAG.sub(_cut_tag, source)


def _may_hold_long_tag(source: str) -> bool:
    """Say whether a tag may be long and have thousands of attributes; most pages need few looks.

    From a ``<`` on, it looks for a sure end: whatever tag begins before that one is shorter than
    ``LONG_TAG``. Where there is none, the one tag is read, and it goes on from the next ``<``.
    """
    tags_read = 0
    start = source.find("<")
    while 0 <= start <= len(source) - LONG_TAG:
        end = _sure_end(source, start)
        if end < 0:
            tags_read += 1
            if tags_read > MOST_LOOKS or not _SHORT_TAG.match(source, start):
                return True
            end = start + 1
        start = source.find("<", end)
    return False


def _sure_end(source: str, start: int) -> int:
    """Return where a ``>`` ends any tag around it that begins at ``start`` or later, or -1.

    It is less than ``LONG_TAG`` characters away and in no quoted value.
    """
    end = start + LONG_TAG - 1
    for _ in range(MOST_LOOKS):
        end = source.rfind(">", start, end)
        if end < 0:
            return -1
        value = max(_value_around(source, start, end, quote) for quote in "\"'")
        if value < 0:
            return end
        end = value
    return -1


def _value_around(source: str, start: int, end: int, quote: str) -> int:
    """Return where a quoted value may begin that goes on at ``end``, or -1.

    A value follows a ``=``, and there is no second mark like the first in it.
    """
    position = source.rfind(quote, start, end)
    if position < 0:
        return -1
    before = source[max(position - MOST_BLANKS, start) : position].rstrip()
    return position if before[-1:] in ("=", "") else -1


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
