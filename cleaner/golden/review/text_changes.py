"""What differs between the old text and the new one, in full, as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from html import escape

from cleaner.golden.difference import Why, opcodes

MOST_SHOWN = 300
"""Lines that are shown; the rest is counted."""

LONGEST = 2_000
"""Words of a line that is compared word by word."""

ALIKE = 0.5
"""Two lines with this share of words in common are one line that changed."""

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")


def text_changes(expected: str, actual: str, why: Why) -> str:
    """Return the lines of Markdown that are gone, came or changed, each with what decided.

    Empty if no line but blank ones differs.
    """
    old, new = _lines(expected), _lines(actual)
    rows: list[str] = []
    hidden = 0
    for operation, i1, i2, j1, j2 in opcodes(old, new):
        if operation == "equal":
            continue
        if len(rows) >= MOST_SHOWN:
            hidden += (i2 - i1) + (j2 - j1)
            continue
        after = f"after “{old[i1 - 1][:80]}”" if i1 else "at the beginning"
        rows.append(f'<p class="place" dir="auto">{escape(after)}</p>')
        rows += _changes(old[i1:i2], new[j1:j2], why)
    rows += [f'<p class="note">… and {hidden} lines more</p>'] if hidden else []
    return f'<div class="difference full">{"".join(rows)}</div>' if rows else ""


def _changes(old: Sequence[str], new: Sequence[str], why: Why) -> Iterator[str]:
    if len(old) == len(new):
        pairs = [_merged(before, after) for before, after in zip(old, new, strict=True)]
        if all(pairs):
            for line, merged in zip(new, pairs, strict=True):
                yield _row("both", "changed", "~", merged, why.of_line(line, kept=True))
            return
    for line in old:
        yield _row("gone", "expected", "-", escape(line), why.of_line(line, kept=False))
    for line in new:
        yield _row("come", "now", "+", escape(line), why.of_line(line, kept=True))


def _merged(old: str, new: str) -> str:
    """Return two lines as one with deleted and inserted words; empty if they are not alike."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if max(len(before), len(after)) > LONGEST:
        return ""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < ALIKE:
        return ""
    pieces: list[str] = []
    for operation, i1, i2, j1, j2 in matcher.get_opcodes():
        gone, come = escape("".join(before[i1:i2])), escape("".join(after[j1:j2]))
        if operation == "equal":
            pieces.append(gone)
            continue
        pieces += [f"<del>{gone}</del>"] if gone else []
        pieces += [f"<ins>{come}</ins>"] if come else []
    return "".join(pieces)


def _row(kind: str, said: str, sign: str, shown: str, why: str) -> str:
    reason = f'<p class="why">{escape(why)}</p>' if why else ""
    return (
        f'<p class="{kind}"><span class="sign" aria-hidden="true">{sign}</span>'
        f'<span class="spoken">{said}: </span><span dir="auto">{shown}</span></p>{reason}'
    )


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]
