"""The head of a text capture: front matter, and the lines a reader service writes on top."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.types import Fact

_SOURCE = "front-matter"
_LONGEST_HEAD = 200
"""Lines of front matter at most; a rule further down is a rule of the text."""

_KEY = re.compile(r"^([A-Za-z][\w .:/-]{0,60}?)\s*:(?:\s+(.*))?$")
_ENTRY = re.compile(r"^\s*-\s+(.*)$")
_READER_KEY = re.compile(r"^(Title|URL Source|Published Time|Number of Pages|Warning)\s*:\s*(.*)$")
_READER_END = re.compile(r"^Markdown Content\s*:\s*$")
_READER_LINES = 40


def read_head(lines: Sequence[str]) -> tuple[tuple[Fact, ...], int]:
    """Return the facts in the head of a capture and the number of lines that it takes.

    Names are in lower case, as written otherwise (``url source``). A list gives
    a fact for each entry. A capture without a head gives ``((), 0)``.
    """
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return (), 0
    opening = lines[first].strip().lstrip("\ufeff")
    if opening == "---":
        return _front_matter(lines, first)
    if _READER_KEY.match(opening):
        return _reader_head(lines, first)
    return (), 0


def _fact(name: str, value: str) -> Fact:
    return Fact(_SOURCE, name.strip().lower(), _unquote(value.strip()))


def _unquote(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        inner = value[1:-1]
        return inner.replace('\\"', '"') if value[0] == '"' else inner.replace("''", "'")
    return value


def _reader_head(lines: Sequence[str], first: int) -> tuple[tuple[Fact, ...], int]:
    """Read ``Title: …``, ``URL Source: …`` down to ``Markdown Content:``."""
    facts: list[Fact] = []
    end = first
    for number in range(first, min(len(lines), first + _READER_LINES)):
        line = lines[number].strip().lstrip("\ufeff")
        if _READER_END.match(line):
            end = number + 1
            break
        field = _READER_KEY.match(line)
        if field:
            facts.append(_fact(field[1], field[2]))
            end = number + 1
        elif line:
            break
    # One such line alone is text that happens to start with "Title:".
    known = {fact.name for fact in facts}
    if len(known) < 2 or "url source" not in known:
        return (), 0
    return tuple(fact for fact in facts if fact.value), end


def _front_matter(lines: Sequence[str], first: int) -> tuple[tuple[Fact, ...], int]:
    """Read ``key: value`` lines between two rules; anything else there means it is no head."""
    facts: list[Fact] = []
    key = ""
    folded: list[str] = []

    def close() -> None:
        if folded:
            facts.append(_fact(key, " ".join(folded)))
            folded.clear()

    for number in range(first + 1, min(len(lines), first + _LONGEST_HEAD)):
        line = lines[number].rstrip()
        if line.strip() in ("---", "..."):
            close()
            return (tuple(f for f in facts if f.value), number + 1) if facts else ((), 0)
        field = _KEY.match(line)
        entry = _ENTRY.match(line)
        if field:
            close()
            key, value = field[1], (field[2] or "").strip()
            if value not in ("", "|", ">", "|-", ">-"):
                facts.extend(_fact(key, part) for part in _values(value))
        elif entry and key:
            close()
            facts.append(_fact(key, entry[1]))
        elif line.startswith((" ", "\t")) and key:
            folded.append(line.strip())
        elif line and not line.startswith("#"):
            return (), 0
    return (), 0


def _values(value: str) -> list[str]:
    """Return the entries of ``[a, b]``, or the value itself."""
    if value.startswith("[") and value.endswith("]"):
        return [part for part in (p.strip() for p in value[1:-1].split(",")) if part]
    return [value]
