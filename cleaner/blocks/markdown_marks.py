"""Marks that Markdown leaves as text: which are broken markup and go, which are meant and stay.

A capture breaks markup in known ways: blanks inside of the marks, punctuation
where Markdown wants a letter, a link or an emphasis over several blocks. Such
marks are paired here as the page had them. What finds no partner goes if it
can only be markup, and stays if a reader may have seen it (``5 * 3``, ``Price*``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cleaner.blocks.markdown_inline import InlineText
from cleaner.blocks.markdown_repair import is_address
from cleaner.blocks.text_lines import ends_sentence, is_wide
from cleaner.blocks.text_spans import Range
from cleaner.types import Span, SpanKind

LINK_REACH = 12
"""Blocks over which a link may run: a card with picture, title and text."""
EMPHASIS_REACH = 3
"""Blocks over which an emphasis may run."""

_MARK = re.compile(
    r"(?P<run>\*+|_+|~~+|`+)"
    r"|(?P<open>!?\[)"
    r"|(?P<close>\](?:\((?P<target>(?:[^()\s]|\([^()\s]*\))*)(?:\s+\"[^\"]*\")?\))?)"
)
_MARK_CHARS = re.compile(r"[*_~`\[\]]")
_CENSORED = re.compile(r"(?<!\w)\w{1,3}$")
"""The start of a word whose letters were replaced by asterisks."""

_KINDS = {
    "*": SpanKind.EMPHASIS,
    "_": SpanKind.EMPHASIS,
    "**": SpanKind.STRONG,
    "__": SpanKind.STRONG,
    "***": SpanKind.STRONG,
}


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of one mark character that the parser found no partner for."""

    text: int
    start: int
    end: int
    marks: str
    before: str
    after: str

    @property
    def is_free_before(self) -> bool:
        return not self.before or self.before.isspace()

    @property
    def is_free_after(self) -> bool:
        return not self.after or self.after.isspace()

    @property
    def stands_alone(self) -> bool:
        return self.is_free_before and self.is_free_after

    @property
    def is_in_word(self) -> bool:
        return (
            self.before.isalnum()
            and self.after.isalnum()
            and not (is_wide(self.before) or is_wide(self.after))
        )

    @property
    def opens(self) -> bool:
        return not self.is_free_after and not self.before.isalnum()

    @property
    def closes(self) -> bool:
        return not self.is_free_before and not self.after.isalnum()


@dataclass(slots=True)
class Settled:
    """What becomes of a text: the ranges of marks to drop, and its spans."""

    spans: list[Span]
    drops: list[Range] = field(default_factory=list)


class _Surroundings:
    """What of a text decides on its marks, found once a text."""

    def __init__(self, text: InlineText) -> None:
        self.first = len(text.raw) - len(text.raw.lstrip())
        self.last = len(text.raw.rstrip())
        self.last_quotes = text.raw.rfind("''")
        marked = [s for s in text.spans if s.kind in (SpanKind.EMPHASIS, SpanKind.STRONG)]
        self.span_starts = {span.start for span in marked}
        self.span_ends = {span.end for span in marked}

    def begins_with(self, run: _Run) -> bool:
        return run.start <= self.first

    def ends_with(self, run: _Run) -> bool:
        return run.end >= self.last


def settle_marks(texts: Sequence[InlineText]) -> list[Settled]:
    """Pair and drop the marks left in the texts of a page, given in reading order."""
    settled = [Settled(list(text.spans)) for text in texts]
    found = [_find(text, number) for number, text in enumerate(texts)]
    _settle_links(texts, settled, [brackets for brackets, _ in found])
    around = {
        number: _Surroundings(texts[number]) for number, (_, runs) in enumerate(found) if runs
    }
    left: list[_Run] = []
    for number in around:
        runs = found[number][1]
        left.extend(_pair_within(texts[number].raw, settled[number], runs, around[number]))
    left = _pair_across(texts, settled, left)
    has_notes = any(run.marks == "*" and run.closes and not run.opens for run in left)
    for run in left:
        if _is_stray(run, texts[run.text].raw, around[run.text], has_notes):
            settled[run.text].drops.append((run.start, run.end))
    return settled


def _find(text: InlineText, number: int) -> tuple[list[re.Match[str]], list[_Run]]:
    """Return the brackets and the runs of marks that are not meant literally."""
    brackets: list[re.Match[str]] = []
    runs: list[_Run] = []
    raw = text.raw
    if not _MARK_CHARS.search(raw):
        return brackets, runs
    literal: Iterator[Range] = iter(text.literal)
    start, end = next(literal, (len(raw), len(raw)))
    for match in _MARK.finditer(raw):
        while end <= match.start() and start < len(raw):
            start, end = next(literal, (len(raw), len(raw)))
        if start <= match.start() or (start < match.end() and match["target"] is None):
            continue
        if match["run"]:
            first, last = match.span()
            before, after = raw[max(0, first - 1) : first], raw[last : last + 1]
            runs.append(_Run(number, first, last, match[0], before, after))
        else:
            brackets.append(match)
    return brackets, runs


def _settle_links(
    texts: Sequence[InlineText], settled: list[Settled], found: list[list[re.Match[str]]]
) -> None:
    """Pair brackets that a link over several blocks left, and drop ends without a beginning."""
    opened: list[tuple[int, re.Match[str]]] = []
    for number, brackets in enumerate(found):
        for match in brackets:
            if match["open"]:
                opened.append((number, match))
            elif match["target"] is None:
                if opened and opened[-1][0] == number:
                    opened.pop()
            elif is_address(match["target"]):
                settled[number].drops.append(match.span())
                if opened and number - opened[-1][0] <= LINK_REACH:
                    first, opening = opened.pop()
                    settled[first].drops.append(opening.span())
                    span = Span(0, 0, SpanKind.LINK, match["target"])
                    _spread(texts, settled, span, (first, opening.end()), (number, match.start()))
    for number, match in opened:
        if texts[number].raw.strip() == match[0]:
            settled[number].drops.append(match.span())


def _spread(
    texts: Sequence[InlineText],
    settled: list[Settled],
    span: Span,
    begin: tuple[int, int],
    finish: tuple[int, int],
) -> None:
    """Add a span that runs from a place in one text to a place in the same or a later one."""
    for number in range(begin[0], finish[0] + 1):
        start = begin[1] if number == begin[0] else 0
        end = finish[1] if number == finish[0] else len(texts[number].raw)
        if start < end:
            settled[number].spans.append(Span(start, end, span.kind, span.target))


def _pair_within(raw: str, settled: Settled, runs: list[_Run], around: _Surroundings) -> list[_Run]:
    """Pair runs of one text where it is plain that they belong together; return the others."""
    waiting: dict[str, _Run] = {}
    paired: set[int] = set()
    for run in runs:
        if run.is_in_word or run.marks[0] == "`":
            continue
        opening = waiting.get(run.marks)
        if opening is not None and _is_pair(opening, run, raw, around):
            del waiting[run.marks]
            paired.update((opening.start, run.start))
            settled.drops.extend([(opening.start, opening.end), (run.start, run.end)])
            kind = _KINDS.get(run.marks)
            if kind is not None:
                settled.spans.append(Span(opening.end, run.start, kind))
        else:
            waiting[run.marks] = run
    return [run for run in runs if run.start not in paired]


def _is_pair(opening: _Run, closing: _Run, raw: str, around: _Surroundings) -> bool:
    if not raw[opening.end : closing.start].strip():
        return len(opening.marks) > 1 or opening.marks == "_"
    if len(opening.marks) > 3:
        return False
    if opening.marks == "*":
        return opening.opens and not closing.is_free_before
    if opening.marks == "_":
        return opening.opens and closing.closes
    if opening.stands_alone and closing.stands_alone:
        return around.begins_with(opening) or around.ends_with(closing)
    return not opening.is_free_after or not closing.is_free_before


def _pair_across(
    texts: Sequence[InlineText], settled: list[Settled], runs: list[_Run]
) -> list[_Run]:
    """Pair the runs of an emphasis that was opened in one block and closed in a later one."""
    waiting: dict[str, _Run] = {}
    paired: set[tuple[int, int]] = set()
    for run in runs:
        kind = _KINDS.get(run.marks)
        if kind is None or run.is_in_word:
            continue
        opening = waiting.pop(run.marks, None)
        if run.opens and not run.closes:
            waiting[run.marks] = run
        elif opening and _is_broken_over(opening, run, texts):
            for mark in (opening, run):
                paired.add((mark.text, mark.start))
                settled[mark.text].drops.append((mark.start, mark.end))
            begin, finish = (opening.text, opening.end), (run.text, run.start)
            _spread(texts, settled, Span(0, 0, kind), begin, finish)
    return [run for run in runs if (run.text, run.start) not in paired]


def _is_broken_over(opening: _Run, closing: _Run, texts: Sequence[InlineText]) -> bool:
    """Say whether an emphasis may run from one text to a later one.

    A mark in the midst of a sentence is one for a note, as in ``Price*``, unless
    the block before ends amid a sentence.
    """
    if not closing.closes or not 0 < closing.text - opening.text <= EMPHASIS_REACH:
        return False
    at_end = not closing.before.isalnum() or not texts[closing.text].raw[closing.end :].strip()
    return at_end or not ends_sentence(texts[closing.text - 1].raw)


def _is_stray(run: _Run, raw: str, around: _Surroundings, has_notes: bool) -> bool:
    """Say whether a run without a partner is broken markup; what a reader may have seen stays."""
    marks = run.marks
    at_edge = around.begins_with(run) or around.ends_with(run)
    if run.is_in_word:
        return False
    if marks[0] == "`":
        is_quote = len(marks) == 2 and around.last_quotes >= run.end
        return not is_quote and len(marks) <= 3 and (at_edge or not run.stands_alone)
    if run.end in around.span_starts or run.start in around.span_ends:
        return True
    if marks == "*":
        is_note = has_notes and around.begins_with(run)
        return run.opens and not run.closes and not is_note
    if marks == "_":
        return False
    if run.stands_alone:
        return (marks[0] == "_" and len(marks) % 2 == 0) or (at_edge and len(marks) <= 3)
    if marks[0] == "_":
        return run.opens or len(marks) == 2
    if marks[0] == "*" and _CENSORED.search(raw, max(0, run.start - 4), run.start):
        return run.opens
    return len(marks) <= 3
