"""Phrases of boilerplate, and lines that say who wrote a text and when."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from cleaner.lexicon import BEGINNING, fold, lexicon
from cleaner.types import Block, LabelName

SHORT_FOR_PHRASES = 320
"""Characters; a longer text that holds a boilerplate phrase only mentions the matter."""

BYLINE = re.compile(
    r"""(?ix) ^(?:by|von|par|por|door|av|di|da|автор:?|από|โดย)\s+\S+(?:\s+\S+){0,7}$
    | ^文\s*[/／:：]\s*\S{2,12}$
    | ^(?:published|updated|posted|last\ updated|aktualisiert|stand|publié|mis\ à\ jour|publicado
        |actualizado|опубликовано|обновлено)\b.{0,60}$
    | ^.{0,24}\b(?:19|20)\d\d\b.{0,16}\d\d:\d\d.{0,40}$
    | ^\W*\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\W*(?:\d{1,2}:\d\d)?.{0,12}$
    """
)

MAY_BE_BYLINE = re.compile(
    r"(?i)\D*\d|by|von|par|por|door|av|di|da|автор|από|โดย|文"
    r"|publi|updated|posted|last|aktual|stand|mis|actual|опубл|обновл"
)
"""What every byline has: a digit, or the first letters of a word before a name or a date."""

_WORDS = re.compile(r"\w+")
_LINES = re.compile("\n")
_SPACES = re.compile(r"[^\S ]\s*| \s+")


class Hint(NamedTuple):
    """A word or phrase that speaks for a label."""

    label: LabelName
    words: str


def find_phrases(blocks: Sequence[Block]) -> dict[int, Hint]:
    """Return the first boilerplate phrase in each short block.

    All short texts are searched as one string, and only for phrases of which a word is there: some
    fifty searches for a page, not hundreds for each block.
    """
    short = [block for block in blocks if 0 < len(block.text) <= SHORT_FOR_PHRASES]
    joined = "\0".join(["", *(block.text.replace("\0", " ") for block in short)])
    text = _SPACES.sub(" ", fold(joined)).replace("\0", "\n")
    starts = [match.start() for match in _LINES.finditer(text)]
    there = set(text).union(_WORDS.findall(text))
    for length in range(1, BEGINNING + 1):
        there.update([text[start : start + 1 + length] for start in starts])
    found: dict[int, Hint] = {}
    for phrase, probe, label in lexicon().phrases:
        if probe not in there:
            continue
        at = text.find(phrase)
        while at >= 0:
            index = short[bisect_right(starts, at) - 1].index
            found.setdefault(index, Hint(label, phrase.strip()))
            at = text.find(phrase, at + len(phrase))
    return found
