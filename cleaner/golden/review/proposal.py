"""What a case would expect from now on: the labels and the text that a reviewer looks at.

Where new expectations wait beside the old ones, they are what is proposed; else it is what comes
out of the page now, for the parts that changed. What is shown is what is accepted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from cleaner.document import Document
from cleaner.golden.cases import LABELS_FILE, TEXT_FILE, Case
from cleaner.golden.check import CHANGED, MISSING, SAME, CaseResult, PartResult, check_case
from cleaner.golden.correct import expected_rows
from cleaner.golden.decisions import read_decisions
from cleaner.golden.difference import Why, label_difference, text_difference
from cleaner.golden.files import SUFFIX
from cleaner.golden.parts import LABELS, TEXT
from cleaner.types import LabelledBlock, LabelName

Rows = list[tuple[str, str]]

_NAMES = {name.value: name for name in LabelName}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A case, what its page gives, and what would be expected of it."""

    result: CaseResult
    decided: Document | None = None
    """What the page gives, with what decided; ``None`` if it could not be cleaned."""
    document: Document | None = None
    """The same with the labels proposed."""
    rows: Sequence[tuple[str, str]] = ()
    """The proposed rows of ``labels.tsv``."""
    notes: Mapping[int, str] = field(default_factory=dict)
    """What is to be known beside the label of a block that was another, by the block's index."""
    parts: tuple[PartResult, ...] = ()
    """The parts with the proposal in the place of what came out."""
    why: Why = field(default_factory=lambda: Why(None))
    """What was decided for the blocks that the text comes from, before and now."""

    @property
    def blocks(self) -> tuple[LabelledBlock, ...]:
        """Every block of the page with its proposed label."""
        return self.document.blocks if self.document else ()


def propose(case: Case) -> Proposal:
    """Clean a case's page and return what would be expected of it from now on.

    Raises ``CaseError`` if the case's own files are broken.
    """
    result = check_case(case)
    if result.document is None:
        return Proposal(result, parts=result.parts)
    labels = tuple(block.label for block in result.document.blocks)
    return _proposal(result, replace(result.document, labels=labels))


def renew(proposal: Proposal) -> Proposal:
    """Return a proposal as it is now that the files that wait have changed.

    The page is not cleaned again: the case's other files must be as they were.
    """
    return _proposal(proposal.result, proposal.decided) if proposal.decided else proposal


def _proposal(result: CaseResult, decided: Document) -> Proposal:
    case = result.case
    held = expected_rows(case, decided)
    rows = _proposed_rows(case, decided, result.parts, held)
    pairs = list(zip(rows, decided.labels, strict=True))
    labels = tuple(label._replace(name=_NAMES.get(row[0], label.name)) for row, label in pairs)
    notes = {
        index: note
        for index, label in enumerate(labels)
        if (note := _note(label.name, held[index][0], decided.labels[index].name))
    }
    why = Why(decided, read_decisions(case.folder))
    parts = _with_waiting(case, result.parts, held, rows, why)
    return Proposal(result, decided, replace(decided, labels=labels), rows, notes, parts, why)


def _proposed_rows(case: Case, document: Document, parts: Sequence[PartResult], held: Rows) -> Rows:
    """Return the rows that wait; else those that came out, if they changed; else the old ones."""
    if (case.folder / (LABELS_FILE + SUFFIX)).is_file():
        return expected_rows(case, document, new=True)
    status = next((part.status for part in parts if part.name == LABELS), "")
    if status not in (CHANGED, MISSING):
        return held
    return [
        (label.name.value, text) for label, (_, text) in zip(document.labels, held, strict=True)
    ]


def _note(proposed: str, held: str, decided: str) -> str:
    """Say what a block's label was before, and what the cleaner calls it, if that is another."""
    said = [f"was {held}"] if held != proposed else []
    said += [f"the cleaner says {decided}"] if decided not in (proposed, held) else []
    return "; ".join(said)


def _with_waiting(
    case: Case, parts: Sequence[PartResult], held: Rows, rows: Rows, why: Why
) -> tuple[PartResult, ...]:
    """Return the parts with the text and the labels that wait in the place of what came out."""
    shown: dict[str, PartResult] = {part.name: part for part in parts}
    text = case.folder / (TEXT_FILE + SUFFIX)
    if text.is_file():
        old = case.expected_markdown() if case.has(TEXT_FILE) else ""
        new = text.read_text(encoding="utf-8")
        said = text_difference(old, new, why) if old.rstrip("\n") != new.rstrip("\n") else ""
        shown[TEXT] = PartResult(TEXT, CHANGED if said else SAME, old, new, said)
    if (case.folder / (LABELS_FILE + SUFFIX)).is_file():
        said = label_difference(held, rows, why)
        shown[LABELS] = PartResult(LABELS, CHANGED if said else SAME, difference=said)
    return tuple(shown.values())
