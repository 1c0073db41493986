"""What a text missed of its truth and what it let in, as short excerpts for a person.

Words that stand in a shared run of ``SHINGLE`` words are covered, each occurrence once,
wherever the run stands; what is left over in the truth was missed, what is left over in
the text was let in. The cost is linear, and a text that is given twice shows as let in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

SHINGLE = 3
"""Words in a run: two alone are often shared by chance."""

EXCERPTS = 3
"""Excerpts kept of each kind, the longest first."""

EXCERPT_LENGTH = 160
"""Characters of an excerpt; of a longer one its two ends are shown."""

_WORD = re.compile(r"\w+")


def text_faults(text: str, truth: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return excerpts of what ``text`` missed of ``truth``, and of what it let in."""
    return _excerpts(truth, text), _excerpts(text, truth)


def one_line(text: str) -> str:
    """Return a text in one line that is safe to print: no control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def excerpt(text: str) -> str:
    """Return a text in one short line that is safe to print."""
    line = one_line(text)
    if len(line) <= EXCERPT_LENGTH:
        return line
    half = (EXCERPT_LENGTH - 3) // 2
    return f"{line[:half].rstrip()} … {line[-half:].lstrip()}"


def _excerpts(text: str, other: str) -> tuple[str, ...]:
    """Return the longest runs of words in ``text`` that ``other`` does not cover."""
    places = [match.span() for match in _WORD.finditer(text)]
    tokens = [text[start:end].lower() for start, end in places]
    others = _WORD.findall(other.lower())
    covered = _covered(tokens, others)
    runs: list[tuple[int, int]] = []  # word positions, end exclusive
    start = 0
    for position, is_covered in enumerate([*covered, True]):
        if is_covered:
            if position > start:
                runs.append((start, position))
            start = position + 1
    runs.sort(key=lambda run: (run[0] - run[1], run[0]))
    return tuple(
        f"[{end - start} words] {excerpt(text[places[start][0] : places[end - 1][1]])}"
        for start, end in runs[:EXCERPTS]
    )


def _covered(tokens: Sequence[str], others: Sequence[str]) -> list[bool]:
    """Say of each token whether it stands in a run that the other text has left to match."""
    covered = [False] * len(tokens)
    size = min(SHINGLE, len(tokens), len(others))
    if not size:
        return covered
    left = Counter(tuple(others[i : i + size]) for i in range(len(others) - size + 1))
    for i in range(len(tokens) - size + 1):
        run = tuple(tokens[i : i + size])
        if left[run]:
            left[run] -= 1
            covered[i : i + size] = [True] * size
    return covered
