"""A page's style sheets, without anything that would ask the network for something."""

from __future__ import annotations

import re

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_LETTER = "[46][1-9a-fA-F]|[57][0-9aA]"
_ESCAPED_LETTER = re.compile(
    rf"\\(?:(?:0000(?:{_LETTER})|0{{0,3}}(?:{_LETTER})(?![0-9a-fA-F]))[ \t\n\r\f]?|[g-zG-Z-])"
)
"""A letter of ASCII written as an escape: ``\\75rl(`` is ``url(`` for a browser."""

_IMPORT = re.compile(r"@import\b[^;{}]*+;?", re.IGNORECASE)
_ADDRESS = re.compile(
    r"""(?:url|src)\(\s*+(?:"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|[^)"']*+)[^)]*+\)?""",
    re.IGNORECASE | re.DOTALL,
)
_EMBEDDED = re.compile(r"""url\(\s*["']?data:(?:image|font)/""", re.IGNORECASE)
_IMAGE_FUNCTION = re.compile(r"(?:-[a-z]+-)?image-set\(|\bimage\(|\bcross-fade\(", re.IGNORECASE)
_STICKING = re.compile(r"position\s*:\s*(?:fixed|sticky|-webkit-sticky)", re.IGNORECASE)


def safe_styles(styles: str) -> str:
    """Return style rules or declarations that ask the network for nothing and end no element.

    What sticks to the window stands in its place instead: else a consent box would hide the page.
    """
    if not styles:
        return ""
    styles = _COMMENT.sub(" ", styles)
    styles = _ESCAPED_LETTER.sub(_letter, styles)
    styles = _IMPORT.sub(" ", styles)
    styles = _ADDRESS.sub(_embedded_only, styles)
    styles = _IMAGE_FUNCTION.sub("none(", styles)
    styles = _STICKING.sub("position:static", styles)
    return styles.replace("</", "<\\/").replace("<!--", " ").replace("\x00", " ")


def _letter(escape: re.Match[str]) -> str:
    text = escape.group()[1:].strip()
    return chr(int(text, 16)) if text[0].isdigit() else text


def _embedded_only(address: re.Match[str]) -> str:
    text = address.group()
    return text if _EMBEDDED.match(text) and "\n" not in text else "none"
