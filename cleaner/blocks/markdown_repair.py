"""Repairs of a block's Markdown before it is parsed: what converters are known to break."""

from __future__ import annotations

import re

from cleaner.blocks.signs import INVISIBLE
from cleaner.blocks.text_lines import is_wide

_TARGET = re.compile(
    r"\]\((?P<address>[^()\"<>]*(?:\([^()\"<>]*\)[^()\"<>]*)*?)"
    r"(?P<title>\s\".{0,400}?\")?\s*\)",
    re.DOTALL,
)
"""The target of a link. Titles are dropped: converters do not escape quotation marks in them."""
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*:|/|#|\.{1,2}/|www\.)", re.IGNORECASE)
_BREAK_IN_ADDRESS = re.compile(r"\s*\n\s*")
_TASK_BOX = re.compile(r"^\[[ xX]\]\s+(?=\S)")
_ASTERISKS = re.compile(r"\\?\*+")
_CENSORED = re.compile(r"(?<!\w)\w{1,2}$")
"""The start of a word whose letters were replaced by asterisks."""
_SPACE = re.compile(r"\s")


def repaired(content: str) -> str:
    """Return a block's content without the faults of converters.

    Addresses broken over lines or with blanks in them, doubled break marks,
    boxes of task lists, asterisks in words that are no marks.
    """
    content = content.strip().strip(INVISIBLE).strip()
    if content.startswith("["):
        content = _TASK_BOX.sub("", content)
    if "\\" in content:
        lines = content.rstrip().rstrip("\\").split("\n")
        content = "\n".join(_single_break_mark(line) for line in lines)
    if "*" in content and "`" not in content:
        content = _literal_in_words(_without_empty_marks(content))
    return _TARGET.sub(_mended_target, content) if "](" in content else content


def is_address(target: str) -> bool:
    """Say whether a target looks like an address, or like a placeholder for one."""
    return not target or _ADDRESS.match(target) is not None


def _single_break_mark(line: str) -> str:
    return line.rstrip("\\") + "\\" if line.endswith("\\\\") else line


def _mended_target(match: re.Match[str]) -> str:
    address = match["address"].strip()
    if _SPACE.search(address):
        if not is_address(address):
            return match[0]
        address = _BREAK_IN_ADDRESS.sub("", address)
    return f"](<{address}>)" if _SPACE.search(address) else f"]({address})"


def _without_empty_marks(content: str) -> str:
    """Take out four asterisks: an empty ``strong``, or one that ends where the next begins."""
    if "****" not in content:
        return content
    pieces: list[str] = []
    position = 0
    is_open = False
    for run in _ASTERISKS.finditer(content):
        if run[0] == "**":
            is_open = not is_open
        elif run[0] == "****" and (is_open or not _is_censored(content, run)):
            pieces += content[position : run.start()], "" if is_open else " "
            position = run.end()
    return "".join([*pieces, content[position:]])


def _is_censored(content: str, run: re.Match[str]) -> bool:
    """Say whether asterisks stand for the letters of a word."""
    return _CENSORED.search(content, max(0, run.start() - 3), run.start()) is not None


def _literal_in_words(content: str) -> str:
    """Escape asterisks inside of two words that would be read as a pair: ``2*3 and 4*5``."""
    runs = [run for run in _ASTERISKS.finditer(content) if run[0][0] == "*"]
    pieces: list[str] = []
    position = 0
    opened = ""
    partner: re.Match[str] | None = None
    for number, run in enumerate(runs):
        following = runs[number + 1] if number + 1 < len(runs) else None
        if run is partner:
            literal, partner = True, None
        else:
            literal = run[0] != opened and _is_in_word(content, run)
            if literal and following is not None:
                literal = _is_in_word(content, following) and following[0] == run[0]
                literal = literal and bool(_SPACE.search(content, run.end(), following.start()))
                partner = following if literal else None
        if literal:
            pieces += content[position : run.start()], run[0].replace("*", "\\*")
            position = run.end()
        elif not _stands_alone(content, run):
            opened = "" if run[0] == opened else run[0]
    return "".join([*pieces, content[position:]])


def _neighbours(content: str, run: re.Match[str]) -> tuple[str, str]:
    first, last = run.span()
    return content[first - 1 : first] if first else "", content[last : last + 1]


def _is_in_word(content: str, run: re.Match[str]) -> bool:
    before, after = _neighbours(content, run)
    if not before.isalnum() or not after.isalnum():
        return False
    return not is_wide(before) and not is_wide(after)


def _stands_alone(content: str, run: re.Match[str]) -> bool:
    return not any(side and not side.isspace() for side in _neighbours(content, run))
