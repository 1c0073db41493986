"""Differences that a person can read: block by block, with what was decided before and now."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any

from cleaner.document import Document
from cleaner.golden.decisions import Decision, decisions_of

MOST_LINES = 60
"""Changed lines or blocks that one difference shows; the rest is counted."""

LINE_WIDTH = 160
"""Characters of a line or a block's text that a difference shows."""

ALIKE = 0.6
"""Two lines with this share of words in common are one line that changed."""

MOST_TOKENS = 2000
"""Words of a line that are compared one by one."""

_TARGET = re.compile(r"\]\([^)\s]*\)")
_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+\s*|\W\s*")
"""A word with the blanks after it, or a letter of a script that sets no blanks."""
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
"""A page must not steer the terminal that shows a difference."""


MOST_ITEMS = 10_000
MOST_PAIRS = 500_000
"""Items of two lists, and pairs of equal ones, up to which they are compared item by item."""

Opcode = tuple[str, int, int, int, int]
"""As ``SequenceMatcher.get_opcodes`` gives them."""


def opcodes(old: Sequence[str], new: Sequence[str]) -> list[Opcode]:
    """Return the steps from one list to the other; what is equal at both ends costs little.

    What lies between is one step where it is very long, or made of the same few items over and
    over: comparing takes quadratic time, and such pages are made to be slow.
    """
    short = min(len(old), len(new))
    head = next((i for i in range(short) if old[i] != new[i]), short)
    tail = next((i for i in range(short - head) if old[-1 - i] != new[-1 - i]), short - head)
    old_end, new_end = len(old) - tail, len(new) - tail
    middle = _middle_steps(old[head:old_end], new[head:new_end])
    steps: list[Opcode] = [("equal", 0, head, 0, head)] if head else []
    steps += [(op, i1 + head, i2 + head, j1 + head, j2 + head) for op, i1, i2, j1, j2 in middle]
    return [*steps, ("equal", old_end, len(old), new_end, len(new))] if tail else steps


def _middle_steps(old: Sequence[str], new: Sequence[str]) -> list[Opcode]:
    counts = Counter(old)
    pairs = sum(counts[item] for item in new)
    if len(old) + len(new) > MOST_ITEMS or pairs > MOST_PAIRS:
        return [("replace", 0, len(old), 0, len(new))]
    return list(SequenceMatcher(None, old, new).get_opcodes())


def matching(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the places of what two lists have in common, in order."""
    for operation, i1, i2, j1, j2 in opcodes(old, new):
        if operation == "equal":
            yield from zip(range(i1, i2), range(j1, j2), strict=True)


class Why:
    """What was decided for the block that a line of text comes from, before and now."""

    def __init__(self, document: Document | None, before: Sequence[Decision] = ()) -> None:
        self._document = document
        self._before = before

    @cached_property
    def now(self) -> tuple[Decision, ...]:
        """What is decided for each block of the page."""
        return decisions_of(self._document) if self._document else ()

    @cached_property
    def _blocks(self) -> tuple[str, ...]:
        return tuple(_words(block.text) for block in self._document.page.blocks)  # type: ignore[union-attr]

    @cached_property
    def _earlier(self) -> dict[int, Decision]:
        """The decision before for each block now, matched by their texts in order."""
        old, new = [d.text for d in self._before], [d.text for d in self.now]
        return {j: self._before[i] for i, j in matching(old, new)}

    def of_line(self, line: str, kept: bool) -> str:
        """Say what was decided for the block that holds a line of Markdown; empty if none does.

        Where several do, one that is content is preferred if ``kept``, else one that is not.
        """
        if self._document is None:
            return ""
        sought = _words(_TARGET.sub("]", line))
        if not sought:
            return ""
        places = [i for i, words in enumerate(self._blocks) if words == sought]
        places = places or [
            i for i, words in enumerate(self._blocks) if f" {sought} " in f" {words} "
        ]
        if not places:
            return "" if kept else self._of_gone(sought)
        places.sort(key=lambda i: (self.now[i].label == "content") is not kept)
        return self.of_block(places[0])

    def _of_gone(self, sought: str) -> str:
        """Say what was decided before for a line that no block holds now."""
        said = "no block of the page holds these words"
        for decision in self._before:
            words = _words(decision.text)
            if words and (sought == words or sought.startswith(words)):
                return f"{said} now; before {decision}"
        return said

    def of_block(self, index: int) -> str:
        """Say what is decided for a block, and what was decided for it before."""
        if self._document is None:
            return ""
        said = f"block {index}: now {self.now[index]}"
        earlier = self._earlier.get(index)
        return f"{said}; before {earlier}" if earlier else said


def text_difference(expected: str, actual: str, why: Why) -> str:
    """Return what differs between two Markdown texts, line by line, with what decided.

    ``-`` is expected and not there, ``+`` is there and not expected, ``~`` a line whose words
    changed: ``[-old-]{+new+}``.
    """
    old, new = _lines(expected), _lines(actual)
    report: list[str] = []
    count = 0
    for operation, i1, i2, j1, j2 in opcodes(old, new):
        if operation == "equal":
            continue
        if count < MOST_LINES:
            report.append(f"@@ {_after(old, i1)}")
        for said, line, kept in _changes(old[i1:i2], new[j1:j2]):
            count += 1
            if count <= MOST_LINES:
                report += [said, *_indented(why.of_line(line, kept))]
    if not report:
        return "the lines are the same; what differs are blank lines or white space"
    return "\n".join([*report, *_rest(count - MOST_LINES)])


def label_difference(
    expected: Sequence[tuple[str, str]], actual: Sequence[tuple[str, str]], why: Why
) -> str:
    """Return the blocks whose label is not the expected one, and those that came or went."""
    report: list[str] = []
    count = 0
    for mark, text, said, index in _label_changes(expected, actual):
        count += 1
        if count <= MOST_LINES:
            report.append(f"{mark} {clip(text)}")
            now = (why.of_block(index) or f"now {actual[index][0]}") if index >= 0 else ""
            report += _indented("; ".join(filter(None, (said, now))))
    return "\n".join([*report, *_rest(count - MOST_LINES)])


def _label_changes(
    expected: Sequence[tuple[str, str]], actual: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, str, str, int]]:
    """Yield mark, text, what was expected, and the block's index now, or -1 if it is gone."""
    steps = opcodes([text for _, text in expected], [text for _, text in actual])
    for operation, i1, i2, j1, j2 in steps:
        if operation == "equal":
            for i, j in zip(range(i1, i2), range(j1, j2), strict=True):
                label, text = expected[i]
                if label != actual[j][0]:
                    yield "~", text, f"expected {label}", j
            continue
        for label, text in expected[i1:i2]:
            yield "-", text, f"expected {label}; there is no such block now", -1
        for j in range(j1, j2):
            yield "+", actual[j][1], "a new block", j


def value_difference(expected: Any, actual: Any) -> str:
    """Return what differs between two values of JSON; of two lists, an item a line."""
    if not isinstance(expected, list) or not isinstance(actual, list):
        return f"- {clip(value_text(expected))}\n+ {clip(value_text(actual))}"
    gone = [f"- {clip(_item(item))}" for item in expected if item not in actual]
    come = [f"+ {clip(_item(item))}" for item in actual if item not in expected]
    return "\n".join([*gone, *come]) or "the same items, in another order or number"


def value_text(value: Any) -> str:
    """Return a value as JSON in one line."""
    return json.dumps(value, ensure_ascii=False)


def _item(value: Any) -> str:
    return value if isinstance(value, str) else value_text(value)


def clip(text: str) -> str:
    """Return a text as one line that is safe on a terminal, cut at ``LINE_WIDTH``."""
    line = _CONTROLS.sub("\ufffd", text.replace("\n", " "))
    return line if len(line) <= LINE_WIDTH else line[: LINE_WIDTH - 1] + "…"


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str, bool]]:
    """Yield what is said of each changed line, the line, and whether it is there now."""
    if len(old) == len(new) <= MOST_LINES:
        pairs = [_word_difference(a, b) for a, b in zip(old, new, strict=True)]
        if all(pairs):
            for line, words in zip(new, pairs, strict=True):
                yield f"~ {words}", line, True
            return
    yield from ((f"- {clip(line)}", line, False) for line in old)
    yield from ((f"+ {clip(line)}", line, True) for line in new)


def _word_difference(old: str, new: str) -> str:
    """Return two lines as one with their differences marked; empty if they are not alike."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if max(len(before), len(after)) > MOST_TOKENS:
        return ""
    matcher = SequenceMatcher(None, before, after)
    if matcher.quick_ratio() < ALIKE or matcher.ratio() < ALIKE:
        return ""
    pieces: list[str] = []
    for operation, i1, i2, j1, j2 in matcher.get_opcodes():
        gone, come = "".join(before[i1:i2]), "".join(after[j1:j2])
        if operation == "equal":
            pieces.append(_middle(gone))
        else:
            pieces.append((f"[-{gone}-]" if gone else "") + (f"{{+{come}+}}" if come else ""))
    return _CONTROLS.sub("\ufffd", "".join(pieces))


def _middle(text: str) -> str:
    """Return a stretch that did not change, with its middle left out where it is long."""
    return text if len(text) <= 90 else f"{text[:40]} … {text[-40:]}"


def _after(lines: Sequence[str], index: int) -> str:
    return f"after “{clip(lines[index - 1])[:60]}”" if index else "at the beginning"


def _indented(said: str) -> list[str]:
    return [f"    {said}"] if said else []


def _rest(count: int) -> list[str]:
    return [f"… and {count} more"] if count > 0 else []


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
