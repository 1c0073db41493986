"""Lines of a text capture: how they are split, how wide they are, whether they are wrapped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from cleaner.blocks.signs import AFTER_SENTENCE, BULLETS, DASHES, SENTENCE_END

_NARROWEST_WRAP = 40
_WIDEST_WRAP = 100
"""Programs wrap text between these widths, in columns; wider lines are whole paragraphs."""
_FEWEST_PAIRS = 4
"""Below that number of line pairs nothing can be said of wrapping."""
_WIDEST_SHARE = 0.95
"""Share of the lines that are within the width; a long address makes a line wider."""
_LAID_OUT = re.compile(rf"\s*(?:[{re.escape(BULLETS + DASHES)}#>|]|\d{{1,3}}[.)]\s)")
"""Lines of lists, tables, headings and quotes, which programs do not wrap as text."""
_RAGGED = 0.1
"""Share of the width that a full line may leave free."""
_FULL_SHARE = 0.6
"""Share of the lines that must be full, and of those that must end amid a sentence."""

_SUSPENDED = frozenset("und oder bzw sowie bis and or to et ou y e o en of och eller og".split())
"""Words after a hyphen that ends its word, as in ``two- and threefold``."""

_WIDE = re.compile(
    r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f"
    r"\uff01-\uff60\uffe0-\uffe6\U0001f300-\U0001faff\U00020000-\U0003fffd]"
)
"""Characters of two columns: Chinese, Japanese, Korean, and emoji."""

_FIRST_WORD = re.compile(r"\S+")


def split_lines(text: str) -> list[str]:
    """Return the lines of a capture; only CR, LF and CR LF end one, as editors count them."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return unified.split("\n")


def is_wide(char: str) -> bool:
    """Say whether a character belongs to a script written without blanks in double width.

    Hangul is written with blanks and so is not meant.
    """
    return bool(_WIDE.match(char)) and not "\uac00" <= char <= "\ud7a3"


def columns(text: str) -> int:
    """Return the width of a text in columns of a fixed-width font."""
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))


def ends_sentence(text: str) -> bool:
    """Say whether a text ends with a mark that ends a sentence, quotation marks aside."""
    return text.rstrip().rstrip(AFTER_SENTENCE).rstrip()[-1:] in tuple(SENTENCE_END)


def wrap_width(lines: Sequence[str]) -> int | None:
    """Return the width in columns at which a program wrapped the lines, ``None`` if none did.

    In wrapped text most lines that another follows are full: the first word of
    the next line would not have fitted. Most of them end amid a sentence, too.
    """
    pairs = [
        (before.rstrip(), after.strip())
        for before, after in pairwise(lines)
        if after.strip()
        and (" " in before.strip() or _WIDE.search(before))
        and not _LAID_OUT.match(before)
        and not _LAID_OUT.match(after)
    ]
    if len(pairs) < _FEWEST_PAIRS:
        return None
    widths = sorted(columns(before) for before, _ in pairs)
    width = widths[int(len(widths) * _WIDEST_SHARE)]
    if not _NARROWEST_WRAP <= width <= _WIDEST_WRAP:
        return None
    full = sum(is_wrapped(before, after, width) for before, after in pairs)
    amid = sum(not ends_sentence(before) for before, _ in pairs)
    enough = _FULL_SHARE * len(pairs)
    return width if full >= enough and amid >= enough else None


def is_wrapped(before: str, after: str, width: int) -> bool:
    """Say whether the break between two lines is one of wrapping at ``width`` columns.

    Not every program fills its lines to the last column, nor does a writer by hand.
    """
    word = _FIRST_WORD.match(after)
    if word is None:
        return False
    first = word[0][0] if is_wide(word[0][0]) else word[0]
    return columns(before) + 1 + columns(first) > width * (1 - _RAGGED)


def glue(before: str, after: str) -> str:
    """Return what stands between two wrapped lines once they are one: a blank, or nothing.

    Nothing between characters of scripts that are written without blanks, and
    nothing after a hyphen inside of a word.
    """
    if not before or not after:
        return ""
    if is_wide(before[-1]) and is_wide(after[0]):
        return ""
    if before[-1] == "-" and len(before) > 1 and before[-2].isalnum() and after[0].isalnum():
        word = after.split(None, 1)[0].strip(".,;:!?").lower()
        return " " if word in _SUSPENDED else ""
    return " "
