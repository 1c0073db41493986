"""A case against what comes out of its page now: one result for each part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cleaner.document import Document
from cleaner.errors import CleanerError
from cleaner.golden.cases import Case, block_rows
from cleaner.golden.decisions import read_decisions
from cleaner.golden.difference import (
    Why,
    clip,
    label_difference,
    text_difference,
    value_difference,
    value_text,
)
from cleaner.golden.extract import Extracted, Extractor, extract
from cleaner.golden.parts import (
    ABSENT,
    LABELS,
    PRESENT,
    SCORE,
    TEXT,
    Part,
    Standing,
    field_of,
    parts_of,
)

SAME = "same"
CHANGED = "changed"
MISSING = "missing"
ORPHAN = "orphan"
EXPECTED_FAILURE = "expected-failure"
UNEXPECTED_PASS = "unexpected-pass"

PASSING = (SAME, EXPECTED_FAILURE)
"""The statuses with which a part is as it should be."""


@dataclass(frozen=True, slots=True)
class PartResult:
    """How a part compares with its expectation."""

    name: str
    """``text``, ``score``, ``labels``, ``metadata.<field>``, ``warnings``, ``comments``,
    ``present`` or ``absent``."""
    status: str
    """``same``, ``changed``, ``missing`` (no expectation), ``orphan`` (an expectation of
    nothing), ``expected-failure`` or ``unexpected-pass``."""
    expected: str = ""
    """The expectation as its file holds it: Markdown, rows of ``labels.tsv``, JSON of a value."""
    actual: str = ""
    """What came out, in the same form; empty for an orphan."""
    difference: str = ""
    """What differs and why, in lines; empty where nothing does."""

    @property
    def passed(self) -> bool:
        """Whether the part is as it should be."""
        return self.status in PASSING


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How a case compares with its expectations."""

    case: Case
    document: Document | None
    """What the page gave; ``None`` if it failed, or if an extractor gave something else."""
    parts: tuple[PartResult, ...] = ()
    """Empty where there is an error. Parts that a user's extractor does not give are left out."""
    error: str | None = None
    """What went wrong with the cleaning or the extractor."""

    @property
    def passed(self) -> bool:
        """Whether nothing went wrong and every part is as it should be."""
        return self.error is None and all(part.passed for part in self.parts)


def check_case(case: Case, extractor: Extractor | None = None) -> CaseResult:
    """Clean a case's page, or give it to ``extractor``, and compare every part.

    What goes wrong with the page or the extractor is told in ``error``. Raises ``CaseError`` if
    the case's own files are broken.
    """
    values = case.values_or_none()
    parts = parts_of(case, values)
    try:
        extracted = extract(case, extractor)
    except CleanerError as error:
        return CaseResult(case, None, error=f"{type(error).__name__}: {error}")
    compare = _Comparison(case, extracted, values)
    results = (compare.part(part) for part in parts)
    return CaseResult(case, extracted.document, tuple(r for r in results if r is not None))


class _Comparison:
    """One page's outcome beside its expectations; what explains a difference is read once."""

    def __init__(self, case: Case, extracted: Extracted, values: Mapping[str, Any]) -> None:
        self.case = case
        self.given = extracted
        self.values = values
        self._why: Why | None = None

    def part(self, part: Part) -> PartResult | None:
        """Compare one part; ``None`` if the extractor does not give it."""
        if part.standing is Standing.ORPHAN:
            return PartResult(part.name, ORPHAN, difference=part.note)
        compare = _COMPARE.get(part.name, _Comparison._value)
        compared = compare(self, part)
        if compared is None:
            return None
        expected, actual, difference = compared
        if part.standing is Standing.MISSING:
            return PartResult(part.name, MISSING, "", actual, part.note)
        if part.name in self.case.expected_failures:
            status = EXPECTED_FAILURE if difference else UNEXPECTED_PASS
            if not difference:
                difference = "it passes: take its name out of expected_failures in case.json"
        else:
            status = CHANGED if difference else SAME
        return PartResult(part.name, status, expected, actual, difference)

    def why(self) -> Why:
        if self._why is None:
            self._why = Why(self.given.document, read_decisions(self.case.folder))
        return self._why

    def _text(self, part: Part) -> _Compared:
        actual = self.given.markdown
        if part.standing is Standing.MISSING:
            return "", actual, ""
        expected = self.case.expected_markdown()
        if expected.rstrip("\n") == actual.rstrip("\n"):
            return expected, actual, ""
        return expected, actual, text_difference(expected, actual, self.why())

    def _score(self, part: Part) -> _Compared:
        from cleaner.evaluate.score import word_score

        if part.standing is Standing.MISSING:
            return "", self.given.markdown, ""
        expected, least = self.case.expected_markdown(), self.case.minimum_f1 or 0.0
        score = word_score(self.given.text, markdown_text(expected)).f1
        if score >= least:
            return expected, self.given.markdown, ""
        said = f"word F1 is {score:.3f}, the case asks for {least:.3f}"
        lines = text_difference(expected, self.given.markdown, self.why())
        return expected, self.given.markdown, f"{said}\n{lines}"

    def _labels(self, part: Part) -> _Compared | None:
        if self.given.document is None:
            return None
        rows = block_rows(self.given.document)
        if part.standing is Standing.MISSING:
            return "", format_rows(rows), ""
        expected = self.case.expected_labels()
        difference = "" if rows == expected else label_difference(expected, rows, self.why())
        return format_rows(expected), format_rows(rows), difference

    def _present(self, part: Part) -> _Compared:
        from cleaner.evaluate.score import snippet_faults

        due = self.case.snippets(self.values)[0]
        missed, _ = snippet_faults(self.given.text, due, ())
        said = [_snippet("- ", snippet, "not in the text", self, False) for snippet in missed]
        found = [snippet for snippet in due if snippet not in missed]
        return _lines_of(due), _lines_of(found), "\n".join(said)

    def _absent(self, part: Part) -> _Compared:
        from cleaner.evaluate.score import snippet_faults

        undue = self.case.snippets(self.values)[1]
        _, extra = snippet_faults(self.given.text, (), undue)
        said = [_snippet("+ ", snippet, "in the text", self, True) for snippet in extra]
        return _lines_of(undue), _lines_of(extra), "\n".join(said)

    def _value(self, part: Part) -> _Compared | None:
        name = field_of(part.name) or part.name
        if name not in self.given.values:
            return None
        actual = self.given.values[name]
        if part.standing is Standing.MISSING:
            return "", value_text(actual), ""
        expected = self.values.get(name)
        if actual == expected:
            return value_text(expected), value_text(actual), ""
        return (
            value_text(expected),
            value_text(actual),
            self._value_difference(name, expected, actual),
        )

    def _value_difference(self, name: str, expected: Any, actual: Any) -> str:
        difference = value_difference(expected, actual)
        document = self.given.document
        source = document.metadata.sources.get(name) if document else None
        return f"{difference}\n    from {source}" if source else difference


_Compared = tuple[str, str, str]
"""The expectation, what came out, and the difference, empty if there is none."""

_COMPARE: Mapping[str, Callable[[_Comparison, Part], _Compared | None]] = {
    TEXT: _Comparison._text,
    SCORE: _Comparison._score,
    LABELS: _Comparison._labels,
    PRESENT: _Comparison._present,
    ABSENT: _Comparison._absent,
}


def format_rows(rows: list[tuple[str, str]]) -> str:
    """Return the lines of ``labels.tsv``."""
    return "".join(f"{label}\t{text}\n" for label, text in rows)


def markdown_text(markdown: str) -> str:
    """Return the words of a Markdown text without marks and addresses, a block a paragraph."""
    from cleaner.blocks import read_blocks
    from cleaner.capture import read_capture

    if not markdown.strip():
        return ""
    page = read_blocks(read_capture(markdown, media_type="markdown"))
    return "\n\n".join(block.text for block in page.blocks)


def _snippet(mark: str, snippet: str, said: str, compare: _Comparison, kept: bool) -> str:
    reason = compare.why().of_line(snippet, kept=kept)
    return f"{mark}{clip(snippet)}\n    {said}" + (f"; {reason}" if reason else "")


def _lines_of(snippets: tuple[str, ...] | list[str]) -> str:
    return "".join(f"{' '.join(snippet.split())}\n" for snippet in snippets)
