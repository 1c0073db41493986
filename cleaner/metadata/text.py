"""Small, exact operations on the strings that metadata is made of."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_NOT_ALNUM = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\W_]+")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def squash(text: str) -> str:
    """Return ``text`` on one line, with single blanks and without invisible characters.

    Joiners stay: they are part of Persian and Indian words.
    """
    visible = text if text.isascii() else _INVISIBLE.sub("", text)
    return " ".join(visible.split())


def plain(text: str) -> str:
    """Return what a reader would see of a value that may hold entities and tags.

    Values of JSON-LD and meta tags are often encoded twice, or copied with their markup.
    """
    if "&" in text:
        text = html.unescape(text)
    return squash(without_tags(text))


def without_tags(text: str) -> str:
    """Return ``text`` with a blank in place of each HTML tag."""
    return _TAG.sub(" ", text) if "<" in text else text


def words(text: str) -> tuple[str, ...]:
    """Return the words of ``text`` in lower case, without punctuation."""
    return tuple(_WORD.findall(text.casefold()))


def key(text: str) -> str:
    """Return the letters and digits of ``text`` alone, without case and accents.

    Two spellings of one name have the same key: ``The Daily-Star`` and ``thedailystar``.
    """
    folded = text.casefold()
    if folded.isascii():
        return _NOT_ALNUM.sub("", folded)
    return "".join(c for c in unicodedata.normalize("NFKD", folded) if c.isalnum())


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """Return the values that are not empty, each once, whatever its case, in their order."""
    seen: dict[str, str] = {}
    for value in values:
        if value:
            seen.setdefault(value.casefold(), value)
    return tuple(seen.values())
